//! The index on a real Qdrant server keeps the contract, where `QDRANT_URL` names one (gRPC,
//! `http://HOST:6334`; its key in `QDRANT_API_KEY`). Else these tests say that they skip.

mod common;
mod contract;
mod model;

use std::sync::atomic::{AtomicU32, Ordering};

use qdrant_client::qdrant::DeleteCollection;
use qdrant_client::qdrant::collections_client::CollectionsClient;
use wayside_index::{ServerIndex, ServerOptions};

/// A collection of its own, removed at the end.
struct Real(ServerOptions);

impl contract::World for Real {
    type Index = ServerIndex;

    fn new() -> Result<Self, String> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let url = std::env::var("QDRANT_URL").map_err(|_| "QDRANT_URL is not set".to_owned())?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let collection = format!("wayside-test-{}-{number}", std::process::id());
        let api_key = std::env::var("QDRANT_API_KEY").ok();
        Ok(Self(ServerOptions {
            api_key,
            ..ServerOptions::new(&url, &collection, common::DIMENSION)
        }))
    }

    fn open(&self) -> ServerIndex {
        ServerIndex::open(self.0.clone()).expect("an index")
    }

    fn open_small(&self, points_max: u64) -> ServerIndex {
        ServerIndex::open(ServerOptions { points_max, ..self.0.clone() }).expect("an index")
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let question = DeleteCollection {
            collection_name: self.0.collection.clone(),
            ..DeleteCollection::default()
        };
        let mut request = tonic::Request::new(question);
        if let Some(key) = &self.0.api_key {
            request.metadata_mut().insert("api-key", key.parse().expect("a key"));
        }
        let url = self.0.url.clone();
        let deleted = runtime.block_on(async move {
            let channel = tonic::transport::Endpoint::from_shared(url)?.connect().await?;
            let _ = CollectionsClient::new(channel).delete(request).await;
            Ok::<_, tonic::transport::Error>(())
        });
        if let Err(error) = deleted {
            println!("a collection of this test is left on the server: {error}");
        }
    }
}

contract::contract_suite!(crate::Real);
