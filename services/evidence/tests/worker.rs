//! What is made of a worker's answers, over the wire.

mod common;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use common::{clip, scene};
use wayside_evidence::{Footage, FootageError, HttpFootage, Token, Window, case};
use wayside_proto::convert::Message;
use wayside_proto::{ClipRequest, RedactedClip};

/// A server that gives one answer and ends. What it was asked comes out of the channel.
fn answers(status: &str, body: Vec<u8>) -> (String, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (tell, told) = channel();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().expect("a client");
        let mut asked = Vec::new();
        let mut buffer = [0; 65_536];
        loop {
            let text = String::from_utf8_lossy(&asked).into_owned();
            if let Some(end) = text.find("\r\n\r\n") {
                let length = text
                    .lines()
                    .find_map(|line| {
                        line.to_ascii_lowercase()
                            .strip_prefix("content-length: ")
                            .map(str::to_owned)
                    })
                    .and_then(|length| length.trim().parse::<usize>().ok())
                    .unwrap_or(0);
                if asked.len() >= end + 4 + length {
                    let _ = tell.send((text[..end].to_owned(), asked[end + 4..].to_vec()));
                    break;
                }
            }
            let count = socket.read(&mut buffer).expect("a request");
            asked.extend_from_slice(&buffer[..count]);
            assert!(count > 0);
        }
        socket.write_all(head.as_bytes()).expect("a client that listens");
        // It may have heard enough.
        let _ = socket.write_all(&body);
    });
    (url, told)
}

fn request() -> ClipRequest {
    let scene = scene("road", 1);
    case::request(&scene.violations[0], &scene.observations, Window::default()).expect("a request")
}

fn footage() -> HttpFootage {
    HttpFootage::new(Some(Token::new(" the-word \n")), None, None).expect("a client")
}

fn ask(status: &str, body: &[u8]) -> Result<RedactedClip, FootageError> {
    let (url, _told) = answers(status, body.to_vec());
    footage().fetch(&request(), Some(&url))
}

#[test]
fn a_worker_is_asked_with_the_token_and_gives_a_clip() {
    let request = request();
    let given = clip(&request);
    let (url, told) = answers("200 OK", given.to_bytes().expect("bytes"));
    assert_eq!(footage().fetch(&request, Some(&format!("{url}/"))), Ok(given));
    let (head, body) = told.recv().expect("a request");
    assert!(head.starts_with("POST /v1/clips HTTP/1.1\r\n"), "{head}");
    assert!(head.to_ascii_lowercase().contains("authorization: bearer the-word"), "{head}");
    assert_eq!(ClipRequest::from_bytes(&body).expect("a request"), request);
    assert!(!format!("{:?}", footage()).contains("the-word"));
}

#[test]
fn each_answer_means_something() {
    let named = br#"{"cause":"not_redactable","detail":"a frame is missing\nin the middle"}"#;
    let mut other = request();
    other.violation.0 = "0".repeat(32);
    let other = clip(&other).to_bytes().expect("bytes");
    let answers: [(&str, &[u8]); 12] = [
        ("422 Unprocessable Entity", named),
        ("422 Unprocessable Entity", b"no words"),
        ("410 Gone", b""),
        ("404 Not Found", b""),
        ("400 Bad Request", b""),
        ("401 Unauthorized", b""),
        ("429 Too Many Requests", b""),
        ("503 Service Unavailable", br#"{"cause":"worker_gone","detail":"it is being stopped"}"#),
        ("500 Internal Server Error", &[0xff, 0xfe, 0x00]),
        ("302 Found", b""),
        ("200 OK", b"no clip"),
        ("200 OK", &other),
    ];
    let mut said = String::new();
    for (status, body) in answers {
        let error = ask(status, body).expect_err("no clip");
        let again = if error.passes { "again" } else { "given up" };
        let detail = error.detail.split("http://127.0.0.1:").collect::<Vec<_>>().join("WORKER:");
        let detail: String = detail
            .split_whitespace()
            .map(|word| if word.starts_with("WORKER:") { "WORKER" } else { word })
            .collect::<Vec<_>>()
            .join(" ");
        said += &format!("{status}: {}, {again}: {detail}\n", error.cause.as_str());
    }
    insta::assert_snapshot!(said);
}

#[test]
fn nobody_there_passes_and_no_address_does_not() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let began = Instant::now();
    let error = footage().fetch(&request(), Some(&url)).expect_err("nobody there");
    assert!(error.passes && error.cause.as_str() == "worker_gone", "{error:?}");
    assert!(began.elapsed() < Duration::from_secs(120));
    let error = footage().fetch(&request(), None).expect_err("nobody said where");
    assert!(error.passes && error.cause.as_str() == "worker_gone", "{error:?}");
    let error = footage().fetch(&request(), Some("file:///etc/passwd")).expect_err("no address");
    assert!(!error.passes, "{error:?}");
    assert!(HttpFootage::new(None, Some("somewhere"), None).is_err());
}

#[test]
fn an_answer_without_end_is_cut_off() {
    let huge = vec![0; 40 << 20];
    let error = ask("200 OK", &huge).expect_err("too large");
    assert!(matches!(error.cause.as_str(), "worker_gone" | "no_pictures"), "{error:?}");
}
