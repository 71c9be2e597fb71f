//! `init_tracing` in a process of its own, as the program has it: environment in, stderr out. (Only spans
//! of crates whose names start with `wayside` are exported: hence the name of this file.)

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Command, Output};
use std::time::Instant;

use wayside_telemetry::{Metric, TracingOptions, init_tracing, install, render, span, tracing};

const CHILD: &str = "WAYSIDE_TELEMETRY_CHILD";
const FRAMES: u64 = 3_000;
/// Less than it would be if only a part of the frames waited for the collector; more than any machine takes for them.
const HELD_UP_MS: u64 = 60_000;

/// What the child does; in the parent's run it does nothing.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    install().expect("the first recorder");
    let options = TracingOptions::from_env().expect("sound variables");
    let guard = init_tracing(&options).expect("the first subscriber");
    let again = init_tracing(&options).expect_err("the second subscriber");
    tracing::warn!(%again, "one line");
    let start = Instant::now();
    for frame in 0..FRAMES {
        let _frame = span!(IngestFrame, frame).entered();
    }
    let worked_ms = start.elapsed().as_millis();
    let start = Instant::now();
    drop(guard);
    println!("worked_ms={worked_ms} ended_ms={}", start.elapsed().as_millis());
    let page = render();
    for metric in [Metric::TraceExportFailures, Metric::TraceSpansDropped] {
        println!("{}", page.lines().find(|line| line.starts_with(metric.name())).expect("shown"));
    }
}

fn run(variables: &[(&str, &str)]) -> (String, String) {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OTEL_")) {
        command.env_remove(name);
    }
    command.env_remove("WAYSIDE_LOG").env_remove("WAYSIDE_LOG_FORMAT");
    command.args(["--exact", "child", "--nocapture"]).env(CHILD, "1");
    command.envs(variables.iter().copied());
    let Output { status, stdout, stderr } = command.output().expect("the child runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let (stdout, stderr) = (text(stdout), text(stderr));
    assert!(status.success(), "{stdout}{stderr}");
    (stdout, stderr)
}

/// The number after the name in what the child printed.
fn number(stdout: &str, name: &str) -> u64 {
    let rest = stdout.split(name).nth(1).expect("printed");
    let digits: String = rest.chars().skip(1).take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a number")
}

const TOLD: &str = "traces do not reach the collector";

#[test]
fn a_collector_that_is_away_is_told_once_and_holds_nobody_up() {
    // A port that was free a moment ago, and where nobody listens.
    let addr = {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.local_addr().expect("an address")
    };
    let endpoint = format!("http://op:s3cret@127.0.0.1:{}", addr.port());
    let (stdout, stderr) = run(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]);
    assert_eq!(stderr.matches(TOLD).count(), 1, "{stderr}");
    assert!(stderr.contains("refused") && !stderr.contains("s3cret"), "{stderr}");
    assert!(number(&stdout, "worked_ms") < HELD_UP_MS, "{stdout}");
    assert!(number(&stdout, "ended_ms") < HELD_UP_MS, "{stdout}");
    assert!(number(&stdout, Metric::TraceExportFailures.name()) >= 1, "{stdout}");
    assert_eq!(number(&stdout, Metric::TraceSpansDropped.name()), FRAMES, "{stdout}");
}

#[test]
fn a_collector_that_refuses_is_told_with_its_answer() {
    let addr = answer_always(
        "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    let endpoint = format!("http://{addr}");
    let (stdout, stderr) = run(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]);
    assert_eq!(stderr.matches(TOLD).count(), 1, "{stderr}");
    assert!(stderr.contains("401"), "{stderr}");
    assert_eq!(number(&stdout, Metric::TraceSpansDropped.name()), FRAMES, "{stdout}");
}

#[test]
fn without_a_collector_there_is_only_the_log() {
    let (stdout, stderr) =
        run(&[("WAYSIDE_LOG_FORMAT", "json"), ("WAYSIDE_LOG", "wayside_tracing=warn")]);
    let line: serde_json::Value = serde_json::from_str(stderr.trim()).expect("one line of JSON");
    assert_eq!(line["fields"]["message"], "one line");
    let again = line["fields"]["again"].as_str().expect("the error");
    assert!(again.starts_with("tracing: a subscriber was installed"), "{again}");
    assert_eq!(number(&stdout, Metric::TraceSpansDropped.name()), 0, "{stdout}");
    let (_, silent) = run(&[("WAYSIDE_LOG", "off")]);
    assert_eq!(silent, "");
}

/// Whether a request is there with its body.
fn is_whole(asked: &[u8]) -> bool {
    let Some(end) = asked.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&asked[..end]).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.expect("a request says its length").trim().parse::<usize>();
    asked.len() >= end + 4 + length.expect("a number")
}

/// Answers every request with the same text, for as long as the test runs.
fn answer_always(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let addr = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // The whole request: who is answered before the end may not hear it.
            let (mut asked, mut buffer) = (Vec::new(), [0; 64 * 1024]);
            while !is_whole(&asked) {
                let Ok(bytes @ 1..) = stream.read(&mut buffer) else { break };
                asked.extend_from_slice(&buffer[..bytes]);
            }
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    addr
}
