//! What the environment says about logs and traces.

use crate::error::TelemetryError;

/// What is logged where `WAYSIDE_LOG` says nothing.
pub const LOG_DEFAULT: &str = "warn,ort=error";

/// Longest value of a variable that is repeated in an error, characters.
const SHOWN_CHARS_MAX: usize = 60;

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Where traces go, and how many.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// Full address of the collector's traces, `http://` or `https://`.
    pub endpoint: String,
    /// Share of traces that is exported, 0 to 1.
    pub ratio: f64,
    /// File of certificates (PEM) to trust in place of the usual ones, for `https://`.
    pub certificate: Option<String>,
}

/// How logs and traces are set up.
#[derive(Clone, Debug, PartialEq)]
pub struct TracingOptions {
    /// What is logged to stderr, as `tracing-subscriber` reads it.
    pub log: String,
    /// How a line looks.
    pub format: LogFormat,
    /// Where traces go; none where nobody asked for them.
    pub export: Option<Export>,
}

impl Default for TracingOptions {
    fn default() -> Self {
        Self { log: LOG_DEFAULT.to_owned(), format: LogFormat::Text, export: None }
    }
}

impl TracingOptions {
    /// As the environment says: `WAYSIDE_LOG`, `WAYSIDE_LOG_FORMAT`, and OpenTelemetry's own variables.
    ///
    /// # Errors
    ///
    /// Where a variable says something that cannot be.
    pub fn from_env() -> Result<Self, TelemetryError> {
        Self::read(&|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()))
    }

    /// As these variables say; an empty one is as good as absent.
    pub(crate) fn read(var: &dyn Fn(&str) -> Option<String>) -> Result<Self, TelemetryError> {
        let log = var("WAYSIDE_LOG").unwrap_or_else(|| LOG_DEFAULT.to_owned());
        let format = match var("WAYSIDE_LOG_FORMAT").as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(other) => {
                return Err(wrong(
                    "WAYSIDE_LOG_FORMAT",
                    other,
                    "no such format",
                    "`text` or `json`",
                ));
            }
        };
        Ok(Self { log, format, export: export(var)? })
    }
}

fn export(var: &dyn Fn(&str) -> Option<String>) -> Result<Option<Export>, TelemetryError> {
    let off = var("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        || var("OTEL_TRACES_EXPORTER").is_some_and(|value| value == "none");
    let own = var("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    let (variable, endpoint) = match (own, var("OTEL_EXPORTER_OTLP_ENDPOINT")) {
        _ if off => return Ok(None),
        (Some(own), _) => ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", own),
        (None, Some(all)) => {
            ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("{}/v1/traces", all.trim_end_matches('/')))
        }
        (None, None) => return Ok(None),
    };
    if !endpoint.starts_with("http://") && !endpoint.starts_with("https://") {
        let hint = "an address such as http://127.0.0.1:4318";
        return Err(wrong(variable, &endpoint, "neither http:// nor https://", hint));
    }
    for variable in ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"] {
        if let Some(protocol) = var(variable).filter(|protocol| protocol != "http/protobuf") {
            let hint = "only `http/protobuf` is spoken; collectors take it on port 4318";
            return Err(wrong(variable, &protocol, "not spoken here", hint));
        }
    }
    let ratio = match var("OTEL_TRACES_SAMPLER").as_deref() {
        Some("always_on" | "parentbased_always_on") => 1.0,
        Some("always_off" | "parentbased_always_off") => 0.0,
        None | Some("traceidratio" | "parentbased_traceidratio") => ratio(var)?,
        Some(other) => {
            let hint = "`always_on`, `always_off` or `traceidratio`";
            return Err(wrong("OTEL_TRACES_SAMPLER", other, "no such sampler here", hint));
        }
    };
    let certificate = var("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE")
        .or_else(|| var("OTEL_EXPORTER_OTLP_CERTIFICATE"));
    Ok(Some(Export { endpoint, ratio, certificate }))
}

fn ratio(var: &dyn Fn(&str) -> Option<String>) -> Result<f64, TelemetryError> {
    const VARIABLE: &str = "OTEL_TRACES_SAMPLER_ARG";
    let Some(text) = var(VARIABLE) else { return Ok(1.0) };
    let ratio = text.trim().parse().ok().filter(|ratio| (0.0..=1.0).contains(ratio));
    ratio.ok_or_else(|| wrong(VARIABLE, &text, "not a share", "a number from 0 to 1, as 0.01"))
}

/// An error about a variable. An address may hold a password: it is hidden.
pub(super) fn wrong(
    variable: &'static str,
    value: &str,
    cause: impl Into<String>,
    hint: &'static str,
) -> TelemetryError {
    let value = crate::board::hide_secrets(value).chars().take(SHOWN_CHARS_MAX).collect();
    TelemetryError::Setting { variable, value, cause: cause.into(), hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<TracingOptions, TelemetryError> {
        let find = |name: &str| pairs.iter().find(|(it, _)| *it == name);
        TracingOptions::read(&|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    fn exported(pairs: &[(&str, &str)]) -> Option<(String, f64)> {
        let options = read(pairs).expect("sound");
        options.export.map(|export| (export.endpoint, export.ratio))
    }

    #[test]
    fn without_variables_only_warnings_are_logged() {
        assert_eq!(read(&[]).expect("sound"), TracingOptions::default());
        let json = read(&[("WAYSIDE_LOG_FORMAT", "json"), ("WAYSIDE_LOG", "info")]).expect("sound");
        assert_eq!((json.format, json.log.as_str()), (LogFormat::Json, "info"));
    }

    #[test]
    fn the_own_address_wins_and_is_taken_as_it_is() {
        let all = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318/");
        let own = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://t/x");
        assert_eq!(exported(&[all]), Some(("http://c:4318/v1/traces".to_owned(), 1.0)));
        assert_eq!(exported(&[all, own]), Some(("https://t/x".to_owned(), 1.0)));
        assert_eq!(exported(&[all, ("OTEL_SDK_DISABLED", "TRUE")]), None);
        assert_eq!(exported(&[all, ("OTEL_TRACES_EXPORTER", "none")]), None);
    }

    #[test]
    fn a_share_of_traces_can_be_asked_for() {
        let all = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c");
        let arg = ("OTEL_TRACES_SAMPLER_ARG", "0.25");
        let ratio = |more: &[(&'static str, &'static str)]| {
            exported(&[&[all], more].concat()).map(|(_, ratio)| ratio)
        };
        assert_eq!(ratio(&[arg]), Some(0.25));
        assert_eq!(ratio(&[arg, ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")]), Some(0.25));
        assert_eq!(ratio(&[arg, ("OTEL_TRACES_SAMPLER", "always_off")]), Some(0.0));
        assert_eq!(ratio(&[arg, ("OTEL_TRACES_SAMPLER", "always_on")]), Some(1.0));
    }

    #[test]
    fn what_cannot_be_is_told_with_a_hint() {
        let all = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c");
        let errors: Vec<String> = [
            &[("WAYSIDE_LOG_FORMAT", "xml")][..],
            &[("OTEL_EXPORTER_OTLP_ENDPOINT", "grpc://me:s3cret@c:4317")],
            &[all, ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")],
            &[all, ("OTEL_TRACES_SAMPLER", "xray")],
            &[all, ("OTEL_TRACES_SAMPLER_ARG", "25%")],
            &[all, ("OTEL_TRACES_SAMPLER_ARG", "NaN")],
        ]
        .into_iter()
        .map(|pairs| read(pairs).expect_err("refused").to_string())
        .collect();
        insta::assert_snapshot!(errors.join("\n"));
    }
}
