//! Real connections to real ports of this machine.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wayside_proto::{CameraId, SiteId};

use super::connections::{CONNECTIONS_MAX, HEAD_BYTES_MAX};
use super::*;
use crate::labels::Readiness;

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// What a busy machine may need beyond what is promised.
const SLACK: Duration = Duration::from_secs(60);

/// Sends bytes and reads all that comes back.
fn exchange(addr: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(addr).expect("the pages listen");
    stream.set_read_timeout(Some(SLACK)).expect("a timeout");
    // A server that refuses may close before all was sent.
    let _ = stream.write_all(request.as_bytes());
    let mut reply = Vec::new();
    let _ = stream.read_to_end(&mut reply);
    String::from_utf8_lossy(&reply).into_owned()
}

fn get(addr: SocketAddr, path: &str) -> (u16, String) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: w\r\nConnection: close\r\n\r\n");
    let reply = exchange(addr, &request);
    let (head, body) = reply.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    (status, body.to_owned())
}

fn get_json(addr: SocketAddr, path: &str) -> (u16, Value) {
    let (status, body) = get(addr, path);
    (status, serde_json::from_str(&body).expect("JSON"))
}

#[test]
fn pages_say_what_the_board_says() {
    let needs = [Readiness::Sites, Readiness::Model, Readiness::Bus];
    let board = Board::with_limits(&needs, Duration::from_secs(4), Duration::from_secs(600));
    let serving = serve(ANY, board.clone()).expect("a free port");
    let addr = serving.addr();

    let (status, index) = get(addr, "/");
    assert!(status == 200 && index.contains("metrics") && index.contains("readyz"), "{index}");
    assert_eq!(get(addr, "/elsewhere").0, 404);

    assert_eq!(get_json(addr, "/healthz").1["status"], "starting");
    let (status, body) = get_json(addr, "/readyz");
    assert_eq!((status, &body["missing"]), (503, &json!(["sites", "model", "bus"])));

    board.beat();
    board.ready(Readiness::Sites, true, "1 site");
    board.ready(Readiness::Model, false, "no file model.onnx");
    board.ready(Readiness::Bus, true, "");
    let (site, camera) = (SiteId::from("ring-3"), CameraId::from("west"));
    board.camera(&site, &camera, json!({ "connected": true, "url": "rtsp://op:s3cret@c/x" }));
    let (status, body) = get_json(addr, "/readyz");
    assert_eq!((status, &body["missing"]), (503, &json!(["model"])));
    assert_eq!(body["items"]["model"]["detail"], "no file model.onnx");
    let (status, body) = get_json(addr, "/healthz");
    assert_eq!((status, &body["status"]), (200, &json!("alive")));
    assert_eq!(body["cameras"]["ring-3"]["west"]["url"], "rtsp://***@c/x");
    let (status, page) = get(addr, "/metrics");
    assert_eq!(status, 200);
    assert!(page.contains("wayside_ready{item=\"model\"} 0\n"), "{page}");
    assert!(page.contains("wayside_main_loop_beat_age_seconds "), "{page}");

    board.ready(Readiness::Model, true, "open");
    assert_eq!(get_json(addr, "/readyz").0, 200);
    board.forget_camera(&site, &camera);
    std::thread::sleep(Duration::from_millis(4_200));
    let (status, body) = get_json(addr, "/healthz");
    assert_eq!((status, &body["status"], &body["cameras"]), (503, &json!("hung"), &json!({})));
    board.beat();
    assert_eq!(get_json(addr, "/healthz").0, 200);
}

#[test]
fn other_methods_and_large_heads_are_refused() {
    let serving = serve(ANY, Board::new(&[])).expect("a free port");
    let addr = serving.addr();
    let post =
        "POST /metrics HTTP/1.1\r\nHost: w\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc";
    assert!(exchange(addr, post).starts_with("HTTP/1.1 405"));
    let large = format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "x".repeat(2 * HEAD_BYTES_MAX));
    assert!(exchange(addr, &large).starts_with("HTTP/1.1 431"), "{}", exchange(addr, &large));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(100));
    assert!(exchange(addr, &many).starts_with("HTTP/1.1 431"));
    assert!(exchange(addr, "\u{1}\u{2} nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
    // An endless body is not read.
    let body =
        format!("GET / HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n{}", "x".repeat(10_000));
    assert!(exchange(addr, &body).starts_with("HTTP/1.1 200"));
    assert_eq!(get(addr, "/readyz").0, 200);
}

#[test]
fn strangers_who_say_nothing_do_not_keep_others_out() {
    let serving = serve(ANY, Board::new(&[])).expect("a free port");
    let mute: Vec<TcpStream> = (0..CONNECTIONS_MAX)
        .map(|_| TcpStream::connect(serving.addr()).expect("a connection"))
        .collect();
    let start = Instant::now();
    assert_eq!(get(serving.addr(), "/healthz").0, 200);
    assert!(start.elapsed() < connections::HEAD_TIMEOUT + SLACK, "{:?}", start.elapsed());
    drop(mute);
}

#[test]
fn a_port_in_use_is_told_with_a_hint() {
    let first = serve(ANY, Board::new(&[])).expect("a free port");
    let error = serve(first.addr(), Board::new(&[])).expect_err("it is taken");
    let text = error.to_string().replace(&first.addr().port().to_string(), "PORT");
    insta::assert_snapshot!(text, @r"
    metrics: 127.0.0.1:PORT is in use by another program
      hint: is another worker running? `--http 127.0.0.1:0` takes any free port
    ");
}

#[test]
fn an_address_of_another_machine_is_told_with_a_hint() {
    // TEST-NET-3, which is nobody's.
    let addr = SocketAddr::from(([203, 0, 113, 1], 0));
    let error = serve(addr, Board::new(&[])).expect_err("it is not ours");
    insta::assert_snapshot!(error.to_string(), @r"
    metrics: cannot listen on 203.0.113.1:0: Cannot assign requested address (os error 99)
      hint: the address must be one of this machine, as 127.0.0.1 is; a port below 1024 needs a privilege
    ");
}

#[test]
fn the_port_is_free_again_after_the_end() {
    let serving = serve(ANY, Board::new(&[])).expect("a free port");
    let addr = serving.addr();
    // Connections that stay open must not hold it up.
    let _open = TcpStream::connect(addr).expect("a connection");
    assert_eq!(get(addr, "/healthz").0, 200);
    let start = Instant::now();
    drop(serving);
    assert!(start.elapsed() < SLACK, "{:?}", start.elapsed());
    assert!(TcpStream::connect(addr).is_err(), "it still listens");
    let threads = std::fs::read_dir("/proc/self/task").expect("threads").flatten();
    let names = threads.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok());
    assert!(names.filter(|name| name.trim() == "telemetry-http").count() <= CONCURRENT_TESTS);
    serve(addr, Board::new(&[])).expect("free again");
}

/// Tests of this file that may be serving at the same time as the one that counts threads.
const CONCURRENT_TESTS: usize = 8;
