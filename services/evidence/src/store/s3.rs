//! An S3-compatible store: address, credentials, time-outs.

use std::path::Path;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, S3ConditionalPut};
use object_store::{BackoffConfig, Certificate, ClientOptions, RetryConfig};

/// How long a connection may take to come about.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// How long one request may take, of tens of megabytes.
const REQUEST_MAX: Duration = Duration::from_secs(60);
/// How long one call is tried again.
const RETRY_MAX: Duration = Duration::from_secs(30);
/// How often at most.
const RETRIES_MAX: usize = 5;
/// A file with a key or a certificate is small.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// How an S3-compatible store is reached. What is not said here, the usual variables of the environment
/// say (`AWS_REGION`, `AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
/// `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ALLOW_HTTP`), where `environment` is set.
#[derive(Clone, Default)]
pub struct S3Options {
    /// Whether variables of the environment count.
    pub environment: bool,
    /// Address of the service, where it is not Amazon's.
    pub endpoint: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Id and secret of the access key.
    pub key: Option<(String, String)>,
    /// Certificate of an authority of one's own, PEM.
    pub ca_pem: Option<Vec<u8>>,
    /// Whether the address may be without TLS.
    pub allow_http: bool,
}

impl std::fmt::Debug for S3Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Options")
            .field("environment", &self.environment)
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("key", &self.key.as_ref().map(|_| "set"))
            .field("allow_http", &self.allow_http)
            .finish_non_exhaustive()
    }
}

impl S3Options {
    /// From the environment. The access key may stand in files, as a mounted secret does:
    /// `WAYSIDE_S3_ACCESS_KEY_ID_FILE` and `WAYSIDE_S3_SECRET_ACCESS_KEY_FILE`; an authority of one's own in
    /// `WAYSIDE_S3_CA_FILE`.
    ///
    /// # Errors
    /// Where a file cannot be read, or one of the two is missing.
    pub fn from_environment() -> Result<Self, String> {
        let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let (id, secret) = ("WAYSIDE_S3_ACCESS_KEY_ID_FILE", "WAYSIDE_S3_SECRET_ACCESS_KEY_FILE");
        let key = match (named(id), named(secret)) {
            (Some(id), Some(secret)) => Some((line(id.as_ref())?, line(secret.as_ref())?)),
            (None, None) => None,
            _ => return Err(format!("{id} and {secret} go together, and one of them is not set")),
        };
        let ca_pem = named("WAYSIDE_S3_CA_FILE").map(|file| read(file.as_ref())).transpose()?;
        Ok(Self { environment: true, key, ca_pem, ..Self::default() })
    }
}

pub(super) fn open(bucket: &str, options: &S3Options) -> Result<AmazonS3, String> {
    let mut client = ClientOptions::new()
        .with_timeout(REQUEST_MAX)
        .with_connect_timeout(CONNECT_MAX)
        .with_allow_http(options.allow_http);
    if let Some(pem) = &options.ca_pem {
        let authorities = Certificate::from_pem_bundle(pem)
            .map_err(|error| format!("the certificate of the authority cannot be read: {error}"))?;
        for authority in authorities {
            client = client.with_root_certificate(authority);
        }
    }
    // The client takes the process's provider of TLS. Another part may have installed the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = AmazonS3Builder::new();
    if options.environment {
        builder = AmazonS3Builder::from_env();
        let allowed = builder
            .get_config_value(&AmazonS3ConfigKey::Client(object_store::ClientConfigKey::AllowHttp));
        if allowed.is_some_and(|value| value == "true" || value == "1") {
            client = client.with_allow_http(true);
        }
    }
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(5),
            base: 2.0,
        },
        max_retries: RETRIES_MAX,
        retry_timeout: RETRY_MAX,
    };
    builder = builder
        .with_bucket_name(bucket)
        .with_client_options(client)
        .with_retry(retry)
        .with_conditional_put(S3ConditionalPut::ETagMatch);
    if let Some(endpoint) = &options.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    if let Some(region) = &options.region {
        builder = builder.with_region(region);
    }
    if let Some((id, secret)) = &options.key {
        builder = builder.with_access_key_id(id).with_secret_access_key(secret);
    }
    builder.build().map_err(|error| error.to_string())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |error: std::io::Error| format!("{} cannot be read: {error}", path.display());
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(format!("{} has {bytes} bytes, more than {FILE_BYTES_MAX}", path.display()));
    }
    std::fs::read(path).map_err(unreadable)
}

fn line(path: &Path) -> Result<String, String> {
    let text = String::from_utf8(read(path)?)
        .map_err(|_| format!("{} is no UTF-8 text", path.display()))?;
    let text = text.trim().to_owned();
    if text.is_empty() { Err(format!("{} is empty", path.display())) } else { Ok(text) }
}
