//! Logs to stderr and, where somebody asks for it, traces to a collector.

mod client;
mod export;
mod options;
mod span;

#[cfg(test)]
mod tests;

use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Registry};

use crate::error::TelemetryError;

pub use options::{Export, LOG_DEFAULT, LogFormat, TracingOptions};
pub use span::SpanName;

/// How long the end of the program may wait for the last spans.
const FLUSH_MAX: Duration = Duration::from_secs(2);

/// Brings the last spans to the collector when it goes. Hold it until the end of `main`.
#[derive(Debug)]
#[must_use = "traces end when it is dropped"]
pub struct TracingGuard {
    provider: Option<SdkTracerProvider>,
}

impl Drop for TracingGuard {
    fn drop(&mut self) {
        if let Some(provider) = &self.provider {
            // What does not get through was told and counted; there is nobody left to tell.
            let _ = provider.shutdown_with_timeout(FLUSH_MAX);
        }
    }
}

/// Sets up logs and traces for the whole process.
///
/// # Errors
///
/// Where an option cannot be, or a subscriber was installed before. An unreachable collector is none.
pub fn init_tracing(options: &TracingOptions) -> Result<TracingGuard, TelemetryError> {
    let (subscriber, guard) = subscriber(options, std::io::stderr)?;
    subscriber.try_init().map_err(|_| TelemetryError::OtherSubscriber)?;
    Ok(guard)
}

/// The subscriber, with log lines written where the caller wants them.
fn subscriber<W>(
    options: &TracingOptions,
    writer: W,
) -> Result<(impl Subscriber + Send + Sync + use<W>, TracingGuard), TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(&options.log).map_err(|error| {
        let hint =
            "a level (`error`, `warn`, `info`, `debug`) or `CRATE=LEVEL`, separated by commas";
        options::wrong("WAYSIDE_LOG", &options.log, error.to_string(), hint)
    })?;
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match options.format {
        LogFormat::Text => lines.with_filter(filter).boxed(),
        LogFormat::Json => lines.json().with_filter(filter).boxed(),
    };
    let provider = options.export.as_ref().map(export::provider).transpose()?;
    let spans = provider.as_ref().map(|provider| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("wayside"))
            .with_location(false)
            .with_tracked_inactivity(false)
            // Ours alone: spans of the HTTP client would tell of each other for ever.
            .with_filter(Targets::new().with_target("wayside", Level::INFO))
    });
    let subscriber = tracing_subscriber::registry().with(lines).with(spans);
    Ok((subscriber, TracingGuard { provider }))
}
