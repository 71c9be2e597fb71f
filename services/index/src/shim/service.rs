//! Services whose other calls are not there, and the one that only says hello.

use qdrant_client::qdrant::qdrant_server::Qdrant;
use qdrant_client::qdrant::{HealthCheckReply, HealthCheckRequest};
use tonic::{Request, Response, Status};

/// `impl` of a service's trait from the calls that there are and the names of those that there are not.
macro_rules! service {
    (
        impl $service:ident for $for:ty {
            $($there:item)*
        }
        absent { $($call:ident: $question:ident => $answer:ident,)* }
    ) => {
        #[tonic::async_trait]
        impl $service for $for {
            $($there)*
            $(
                async fn $call(
                    &self,
                    _: tonic::Request<qdrant_client::qdrant::$question>,
                ) -> Result<tonic::Response<qdrant_client::qdrant::$answer>, tonic::Status> {
                    let text = concat!("the shim does not know `", stringify!($call), "`");
                    Err(tonic::Status::unimplemented(text))
                }
            )*
        }
    };
}
pub(super) use service;

pub(super) struct HealthService;

#[tonic::async_trait]
impl Qdrant for HealthService {
    async fn health_check(
        &self,
        _: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckReply>, Status> {
        Ok(Response::new(HealthCheckReply {
            title: "a shim over the embedded engine, not a Qdrant server".to_owned(),
            version: "1.17.0".to_owned(),
            commit: None,
        }))
    }
}
