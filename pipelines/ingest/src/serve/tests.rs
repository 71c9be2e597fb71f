//! Over the wire, with somebody who answers in place of a camera.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;

use wayside_proto::convert::Message;
use wayside_proto::{
    CameraId, EventTime, EvidenceFailure, MotorVehicleClass, OutcomeId, RedactionRecord, RunId,
    SiteId, TrackId,
};

use super::*;

const TOKEN: &str = "0123456789abcdef";
const TIME: EventTime = EventTime(1_780_297_200_000_000);

fn request() -> ClipRequest {
    ClipRequest {
        violation: OutcomeId("0123456789abcdef0123456789abcdef".to_owned()),
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        run: RunId::from("r1"),
        track: TrackId(41),
        class: MotorVehicleClass::Car,
        from: TIME,
        to: TIME.plus_s(10.0),
        subject: Vec::new(),
        moments: Vec::new(),
    }
}

fn clip() -> RedactedClip {
    RedactedClip {
        violation: request().violation,
        width_px: 64,
        height_px: 64,
        mp4: b"\0\0\0\x08ftyp".to_vec(),
        frames: vec![TIME],
        stills: Vec::new(),
        redaction: RedactionRecord {
            method: "test".to_owned(),
            models: Vec::new(),
            frames: 1,
            hidden_road_users: 0,
            hidden_faces: 0,
            hidden_movers: 0,
            hidden_share: 0.0,
            block_px: (0, 0),
        },
    }
}

struct Answers(Mutex<Vec<Result<RedactedClip, Refused>>>);

impl Maker for Answers {
    fn ask(&self, _: &ClipRequest) -> Result<RedactedClip, Refused> {
        self.0.lock().expect("whole").pop().expect("an answer for each question")
    }
}

fn server(answers: Vec<Result<RedactedClip, Refused>>) -> ClipServer {
    let addr = SocketAddr::from(([127, 0, 0, 1], 0));
    let token = Token::parse(TOKEN).expect("long enough");
    ClipServer::start(addr, token, None, Arc::new(Answers(Mutex::new(answers))), None)
        .expect("a port")
}

/// Sends bytes as they are; the status line, the headers and the body of the answer.
fn send(server: &ClipServer, head: &str, body: &[u8]) -> (String, String, Vec<u8>) {
    let mut stream = TcpStream::connect(server.addr()).expect("listening");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
    let head = format!("{head}\r\nhost: x\r\nconnection: close\r\n\r\n");
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    let end = all.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(all.len());
    let text = String::from_utf8_lossy(&all[..end]).into_owned();
    let (status, headers) = text.split_once("\r\n").unwrap_or((&text, ""));
    (status.to_owned(), headers.to_lowercase(), all.get(end + 4..).unwrap_or_default().to_vec())
}

fn ask(server: &ClipServer, body: &[u8]) -> (String, String, Vec<u8>) {
    let length = body.len();
    let head = format!(
        "POST /v1/clips HTTP/1.1\r\nauthorization: Bearer {TOKEN}\r\ncontent-length: {length}"
    );
    send(server, &head, body)
}

#[test]
fn a_clip_comes_to_who_knows_the_token() {
    let server = server(vec![Ok(clip())]);
    let (status, headers, body) = ask(&server, &request().to_bytes().expect("sound"));
    assert_eq!(status, "HTTP/1.1 200 OK");
    assert!(
        headers.contains("application/x-protobuf") && headers.contains("no-store"),
        "{headers}"
    );
    assert_eq!(RedactedClip::from_bytes(&body), Ok(clip()));
    assert_eq!(server.url(), format!("http://{}", server.addr()));
}

#[test]
fn every_refusal_has_its_status() {
    let refusals = [
        Refused::Failed(EvidenceFailure::WorkerGone, "another run".to_owned()),
        Refused::Failed(EvidenceFailure::RingMovedOn, "too old".to_owned()),
        Refused::NotYet("too young".to_owned()),
        Refused::Failed(EvidenceFailure::NotRedactable, "the camera moved".to_owned()),
        Refused::Failed(EvidenceFailure::NoPictures, "damaged".to_owned()),
        Refused::Busy,
    ];
    let count = refusals.len();
    let server = server(refusals.into_iter().rev().map(Err).collect());
    let body = request().to_bytes().expect("sound");
    let mut lines = Vec::new();
    for _ in 0..count {
        let (status, headers, body) = ask(&server, &body);
        let again = headers.lines().find(|line| line.starts_with("retry-after")).unwrap_or("");
        lines.push(format!("{status} {again} {}", String::from_utf8_lossy(&body)));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn strangers_and_nonsense_are_refused_before_anybody_is_asked() {
    // Whoever was asked would fail for want of an answer.
    let server = server(Vec::new());
    let body = request().to_bytes().expect("sound");
    let post = "POST /v1/clips HTTP/1.1\r\n";
    let right = format!("authorization: Bearer {TOKEN}");
    let length = format!("content-length: {}", body.len());
    let heads = [
        format!("{post}{length}"),
        format!("{post}authorization: Bearer wrong-wrong-wrong\r\n{length}"),
        format!("{post}{right}\r\n{right}\r\n{length}"),
        format!("{post}{right}\r\ncontent-length: 1048577"),
        format!("{post}{right}\r\ncontent-length: 0"),
        format!("GET /v1/clips HTTP/1.1\r\n{right}"),
        format!("GET / HTTP/1.1\r\n{right}"),
    ];
    let lines: Vec<String> = heads
        .iter()
        .map(|head| {
            let (status, _, said) = send(&server, head, &body);
            format!("{status} {}", String::from_utf8_lossy(&said)).trim_end().to_owned()
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
    // A body without a length is cut off where it grows too large.
    let head = format!("{post}{right}\r\ntransfer-encoding: chunked");
    let chunk = [&b"100001\r\n"[..], &vec![0; 0x10_0001]].concat();
    let (status, ..) = send(&server, &head, &chunk);
    assert_eq!(status, "HTTP/1.1 413 Payload Too Large");
}

#[test]
fn a_port_that_is_taken_and_a_certificate_that_is_none_are_told() {
    let first = server(Vec::new());
    let token = || Token::parse(TOKEN).expect("long enough");
    let none = || Arc::new(Answers(Mutex::new(Vec::new())));
    let error = ClipServer::start(first.addr(), token(), None, none(), None).err().expect("taken");
    assert!(error.to_string().contains("--clips"), "{error}");
    let files = TlsFiles { certificate: "no-such.pem".into(), key: "no-such.key".into() };
    let addr = SocketAddr::from(([127, 0, 0, 1], 0));
    let error =
        ClipServer::start(addr, token(), Some(&files), none(), None).err().expect("no files");
    assert!(error.to_string().contains("no-such.pem cannot be read"), "{error}");
}

#[test]
fn a_live_picture_comes_to_who_knows_the_token_or_says_why_not() {
    let pictures = crate::live::LivePictures::start(crate::live::WorkerClock::start());
    let addr = SocketAddr::from(([127, 0, 0, 1], 0));
    let token = Token::parse(TOKEN).expect("long enough");
    let none = Arc::new(Answers(Mutex::new(Vec::new())));
    let pictures = Some(pictures.expect("a thread"));
    let server = ClipServer::start(addr, token, None, none, pictures).expect("a port");
    let path = "GET /v1/pictures/junction/north HTTP/1.1";
    let (status, headers, said) = send(&server, path, &[]);
    assert_eq!(status, "HTTP/1.1 401 Unauthorized");
    assert!(headers.contains("www-authenticate") && !said.is_empty());
    let head = format!("{path}\r\nauthorization: Bearer {TOKEN}");
    let (status, _, said) = send(&server, &head, &[]);
    assert_eq!(
        format!("{status} {}", String::from_utf8_lossy(&said)),
        r#"HTTP/1.1 404 Not Found {"cause":"no_picture","detail":"no camera junction/north is at work here"}"#
    );
}
