//! An S3 server of the registry on a local port, with or without TLS.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use wayside_evidence::S3Options;

pub const KEY_ID: &str = "wayside-test";
pub const SECRET: &str = "a-secret-for-tests";

pub struct Served {
    addr: SocketAddr,
    ca_pem: Option<Vec<u8>>,
    // Dropped first, so that nobody writes into the directory any more.
    _runtime: Runtime,
    _dir: tempfile::TempDir,
}

impl Served {
    /// Serves one bucket, `evidence`.
    pub fn start(tls: bool) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(dir.path().join("evidence")).expect("a bucket");
        let files = s3s_fs::FileSystem::new(dir.path()).expect("a file system");
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let service = builder.build();
        let (acceptor, ca_pem) = if tls { certified() } else { (None, None) };
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        listener.set_nonblocking(true).expect("a listener");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.spawn(serve(listener, service, acceptor));
        Self { addr, ca_pem, _runtime: runtime, _dir: dir }
    }

    pub fn options(&self) -> S3Options {
        let scheme = if self.ca_pem.is_some() { "https" } else { "http" };
        let port = self.addr.port();
        let host = if self.ca_pem.is_some() { "localhost" } else { "127.0.0.1" };
        S3Options {
            environment: false,
            endpoint: Some(format!("{scheme}://{host}:{port}")),
            region: Some("eu-central-1".to_owned()),
            key: Some((KEY_ID.to_owned(), SECRET.to_owned())),
            ca_pem: self.ca_pem.clone(),
            allow_http: self.ca_pem.is_none(),
        }
    }
}

async fn serve(listener: TcpListener, service: S3Service, acceptor: Option<TlsAcceptor>) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    while let Ok((socket, _)) = listener.accept().await {
        let (service, acceptor) = (service.clone(), acceptor.clone());
        tokio::spawn(async move {
            let builder = Builder::new(TokioExecutor::new());
            // A client that goes away is its own affair.
            match acceptor {
                None => {
                    let _ = builder.serve_connection(TokioIo::new(socket), service).await;
                }
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(socket).await {
                        let _ = builder.serve_connection(TokioIo::new(stream), service).await;
                    }
                }
            }
        });
    }
}

fn certified() -> (Option<TlsAcceptor>, Option<Vec<u8>>) {
    let made =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let pem = made.cert.pem().into_bytes();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der())
        .expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a server");
    (Some(TlsAcceptor::from(Arc::new(config))), Some(pem))
}
