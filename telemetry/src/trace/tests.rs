//! Against a real collector on a port of this machine: it reads the request and decodes the protobuf.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

use super::*;
use crate::span;

const ANSWER_OK: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n";

/// Takes one connection after the other until told to stop; gives path and body of each request.
struct Collector {
    endpoint: String,
    requests: Receiver<(String, ExportTraceServiceRequest)>,
    thread: Option<JoinHandle<()>>,
    addr: std::net::SocketAddr,
}

impl Collector {
    fn start(answer: &'static str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let addr = listener.local_addr().expect("an address");
        let (sender, requests) = channel();
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if !serve(stream.expect("a connection"), answer, &sender) {
                    return;
                }
            }
        });
        Self { endpoint: format!("http://{addr}/v1/traces"), requests, thread: Some(thread), addr }
    }

    /// Every span that came so far, after the collector stopped.
    fn spans(mut self) -> Vec<Span> {
        TcpStream::connect(self.addr)
            .and_then(|mut it| it.write_all(b"STOP\r\n"))
            .expect("it runs");
        self.thread.take().map(JoinHandle::join).expect("once").expect("no panic");
        let spans = |(path, request): (String, ExportTraceServiceRequest)| {
            assert_eq!(path, "/v1/traces");
            let of = request.resource_spans.into_iter().flat_map(|it| it.scope_spans);
            of.flat_map(|it| it.spans).collect::<Vec<_>>()
        };
        self.requests.try_iter().flat_map(spans).collect()
    }
}

/// Serves a connection; false when it says to stop.
fn serve(
    stream: TcpStream,
    answer: &str,
    requests: &Sender<(String, ExportTraceServiceRequest)>,
) -> bool {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut writer = stream;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return true;
        }
        let path = match line.split(' ').collect::<Vec<_>>()[..] {
            ["POST", path, _] => path.to_owned(),
            _ => return false,
        };
        let mut length = 0;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).expect("a header");
            if header == "\r\n" {
                break;
            }
            let header = header.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("a body");
        let decoded = ExportTraceServiceRequest::decode(&body[..]).expect("OTLP");
        requests.send((path, decoded)).expect("the test listens");
        writer.write_all(answer.as_bytes()).expect("it reads");
    }
}

/// Log lines that the test can read.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no panic")).into_owned()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn options(endpoint: &str, ratio: f64) -> TracingOptions {
    let export = Export { endpoint: endpoint.to_owned(), ratio, certificate: None };
    TracingOptions { export: Some(export), ..TracingOptions::default() }
}

/// Runs with the subscriber and drops the guard; gives the log and how long the drop took.
fn run(options: &TracingOptions, work: impl FnOnce()) -> (String, Duration) {
    let lines = Lines::default();
    let (subscriber, guard) = subscriber(options, lines.clone()).expect("sound options");
    tracing::subscriber::with_default(subscriber, work);
    let start = Instant::now();
    drop(guard);
    (lines.text(), start.elapsed())
}

fn frames(count: u64) {
    for frame in 0..count {
        let _frame = span!(IngestFrame, camera = "west", frame).entered();
        let _inference = span!(IngestInference).entered();
        tracing::info!(target: "wayside_ingest", boxes = 3, "looked");
        tracing::info_span!(target: "somebody_else", "noise").in_scope(|| ());
    }
}

#[test]
fn spans_reach_the_collector_with_name_parent_and_fields() {
    let collector = Collector::start(ANSWER_OK);
    let (log, _) = run(&options(&collector.endpoint, 1.0), || frames(2));
    assert_eq!(log, "");
    let spans = collector.spans();
    let of = |name: SpanName| spans.iter().filter(move |span| span.name == name.as_str());
    assert_eq!(spans.len(), 4, "{spans:?}");
    for (frame, inference) in of(SpanName::IngestFrame).zip(of(SpanName::IngestInference)) {
        assert_eq!(inference.parent_span_id, frame.span_id);
        assert_eq!(inference.trace_id, frame.trace_id);
        assert!(frame.parent_span_id.is_empty());
        assert!(frame.end_time_unix_nano >= inference.end_time_unix_nano);
        let camera = frame.attributes.iter().find(|it| it.key == "camera").expect("the field");
        assert!(format!("{camera:?}").contains("west"), "{camera:?}");
        assert_eq!(inference.events.len(), 1);
        assert_eq!(inference.events[0].name, "looked");
    }
}

#[test]
fn the_resource_says_which_program() {
    let collector = Collector::start(ANSWER_OK);
    run(&options(&collector.endpoint, 1.0), || frames(1));
    let (_, request) = collector.requests.recv_timeout(Duration::from_secs(60)).expect("a request");
    let resource = request.resource_spans[0].resource.clone().expect("a resource");
    let text = format!("{resource:?}");
    assert!(text.contains("service.name") && text.contains("\"wayside\""), "{text}");
    assert!(text.contains("service.version"), "{text}");
    assert!(collector.spans().is_empty(), "all were read before");
}

#[test]
fn a_share_of_traces_is_whole_traces() {
    let collector = Collector::start(ANSWER_OK);
    run(&options(&collector.endpoint, 0.25), || frames(1_000));
    let spans = collector.spans();
    let roots = spans.iter().filter(|span| span.parent_span_id.is_empty()).count();
    assert_eq!(spans.len(), 2 * roots);
    // Six standard deviations of a fair draw.
    assert!((168..=332).contains(&roots), "{roots}");
}

#[test]
fn no_share_is_none() {
    let collector = Collector::start(ANSWER_OK);
    run(&options(&collector.endpoint, 0.0), || frames(10));
    assert!(collector.spans().is_empty());
}

#[test]
fn a_collector_that_is_mute_delays_the_end_by_a_bounded_time() {
    // It takes connections and never answers.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let endpoint = format!("http://{}/v1/traces", listener.local_addr().expect("an address"));
    let (_, ending) = run(&options(&endpoint, 1.0), || frames(5));
    assert!(ending < FLUSH_MAX + Duration::from_secs(20), "{ending:?}");
}

#[test]
fn more_spans_than_may_wait_are_dropped_and_counted() {
    crate::install().expect("installed");
    let dropped = || -> u64 {
        let page = crate::render();
        let name = format!("{} ", crate::Metric::TraceSpansDropped.name());
        page.lines().find_map(|line| line.strip_prefix(&name)?.parse().ok()).expect("it is shown")
    };
    let before = dropped();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let endpoint = format!("http://{}/v1/traces", listener.local_addr().expect("an address"));
    let mut during = 0;
    run(&options(&endpoint, 1.0), || {
        frames(export::QUEUE_MAX as u64);
        during = dropped();
    });
    // Two spans a frame, and at most one batch is under way to the mute collector.
    assert!(during - before >= export::QUEUE_MAX as u64 - 1_024, "{before} {during}");
}

#[test]
fn lines_are_text_or_json() {
    let say = || tracing::warn!(camera = "west", "no \"picture\"");
    let (text, _) = run(&TracingOptions::default(), say);
    assert!(text.contains("WARN") && text.contains("camera=\"west\""), "{text}");
    let json = TracingOptions { format: LogFormat::Json, ..TracingOptions::default() };
    let (line, _) = run(&json, say);
    let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(line["fields"]["message"], "no \"picture\"");
    assert_eq!((&line["level"], &line["fields"]["camera"]), (&"WARN".into(), &"west".into()));
}

#[test]
fn a_filter_that_cannot_be_read_is_told_with_a_hint() {
    let options = TracingOptions { log: "wayside=loud".to_owned(), ..TracingOptions::default() };
    let error = subscriber(&options, std::io::sink).map(|_| ()).expect_err("no such level");
    insta::assert_snapshot!(error);
}

#[test]
fn certificates_are_read_or_refused() {
    let with = |file: &str| Export {
        endpoint: "https://c/v1/traces".to_owned(),
        ratio: 1.0,
        certificate: Some(file.to_owned()),
    };
    let error = export::provider(&with("no/such/file.pem")).expect_err("it is not there");
    insta::assert_snapshot!(error);
    let no_certificate = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let error = export::provider(&with(no_certificate)).expect_err("no PEM");
    assert!(error.to_string().contains("no certificate in it"), "{error}");
}
