//! Between the worker and the collector: a bounded queue that never waits, and an exporter that
//! counts and tells once what does not get through.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{
    RetryPolicy, SpanExporter as OtlpExporter, WithExportConfig, WithHttpConfig,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, Span, SpanData,
    SpanExporter, SpanProcessor,
};

use super::client::{Client, Fault};
use super::options::{Export, wrong};
use crate::error::TelemetryError;

/// Most spans that wait for the collector; more are dropped and counted.
pub(super) const QUEUE_MAX: usize = 4_096;

/// Spans in one request.
const BATCH_MAX: usize = 512;

/// Spans wait at most this long.
const DELAY: Duration = Duration::from_secs(1);

/// Where traces of this worker go to.
pub(super) fn provider(export: &Export) -> Result<SdkTracerProvider, TelemetryError> {
    let fault = Fault::default();
    let exporter = OtlpExporter::builder()
        .with_http()
        .with_http_client(Client::new(export, fault.clone())?)
        // One attempt: the next batch is the retry, and the end of the worker must not wait.
        .with_retry_policy(RetryPolicy::disabled())
        .with_endpoint(&export.endpoint)
        .build()
        .map_err(|error| {
            let hint = "an address such as http://127.0.0.1:4318";
            wrong("OTEL_EXPORTER_OTLP_ENDPOINT", &export.endpoint, error.to_string(), hint)
        })?;
    let waiting = Arc::new(AtomicUsize::new(0));
    let exporter = Told {
        exporter,
        endpoint: crate::board::hide_secrets(&export.endpoint),
        waiting: Arc::clone(&waiting),
        told: AtomicBool::new(false),
        fault,
    };
    // Of its own it has room for as many as wait by our count, and a batch under way.
    let config = BatchConfigBuilder::default()
        .with_max_queue_size(QUEUE_MAX + BATCH_MAX)
        .with_max_export_batch_size(BATCH_MAX)
        .with_scheduled_delay(DELAY)
        .build();
    let batches = BatchSpanProcessor::builder(exporter).with_batch_config(config).build();
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(export.ratio)));
    Ok(SdkTracerProvider::builder()
        .with_sampler(sampler)
        .with_resource(resource())
        .with_span_processor(Bounded { batches, waiting })
        .build())
}

/// The environment's attributes (`OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SERVICE_NAME`) win.
fn resource() -> Resource {
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let found = Resource::builder().with_attribute(version).build();
    let named = found
        .get(&opentelemetry::Key::from_static_str("service.name"))
        .is_some_and(|name| !name.as_str().starts_with("unknown_service"));
    if named {
        return found;
    }
    let attributes = found.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
    let attributes: Vec<KeyValue> = attributes.collect();
    Resource::builder_empty().with_attributes(attributes).with_service_name("wayside").build()
}

/// Hands spans on while there is room, and counts those for which there is none.
#[derive(Debug)]
struct Bounded {
    batches: BatchSpanProcessor,
    /// Spans that were handed on and not yet taken by the exporter.
    waiting: Arc<AtomicUsize>,
}

impl SpanProcessor for Bounded {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.batches.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if !span.span_context.is_sampled() {
            return;
        }
        if self.waiting.fetch_add(1, Relaxed) >= QUEUE_MAX {
            self.waiting.fetch_sub(1, Relaxed);
            crate::worker::trace_spans_dropped(1);
            return;
        }
        self.batches.on_end(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.batches.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.batches.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.batches.set_resource(resource);
    }
}

/// Counts what fails and says so once.
#[derive(Debug)]
struct Told {
    exporter: OtlpExporter,
    endpoint: String,
    waiting: Arc<AtomicUsize>,
    told: AtomicBool,
    fault: Fault,
}

impl SpanExporter for Told {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        self.waiting.fetch_sub(spans, Relaxed);
        let result = self.exporter.export(batch).await;
        if let Err(error) = &result {
            crate::worker::trace_export_failed(spans as u64);
            let cause = self.fault.take().unwrap_or_else(|| error.to_string());
            if !self.told.swap(true, Relaxed) {
                tracing::warn!(
                    endpoint = self.endpoint,
                    cause = crate::board::hide_secrets(&cause),
                    "traces do not reach the collector; the worker goes on without, this is told once \
                     and counted in wayside_trace_export_failures_total; hint: is a collector with \
                     OTLP over HTTP there?"
                );
            }
        }
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
