//! A router is served in the clear and over TLS, a slow head is cut off, and the end comes in time.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use wayside_listen::{ListenError, Listening, Options, TlsFiles};

const ANY: ([u8; 4], u16) = ([127, 0, 0, 1], 0);
/// How long a busy machine may take.
const SOON: Duration = Duration::from_secs(120);

fn router() -> Router {
    let who = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() };
    Router::new().route("/who", get(who))
}

fn options() -> Options {
    Options {
        head_max: Duration::from_secs(3),
        stop_max: Duration::from_millis(500),
        ..Options::default()
    }
}

#[test]
fn a_router_is_served_until_it_is_dropped() {
    let listening = Listening::start(ANY.into(), None, router(), options()).expect("served");
    let url = listening.url();
    let who = ureq::get(format!("{url}/who")).call().expect("an answer");
    assert_eq!(who.into_body().read_to_string().expect("a text"), "127.0.0.1");
    assert_eq!(listening.failure(), None);
    let taken = Listening::start(listening.addr(), None, router(), options());
    assert!(matches!(taken, Err(ListenError::Address { .. })), "{taken:?}");
    // One that never ends its head is let go of, and holds nothing up.
    let mut slow = TcpStream::connect(listening.addr()).expect("a connection");
    slow.write_all(b"GET /who HTTP/1.1\r\nHost: ").expect("sent");
    slow.set_read_timeout(Some(SOON)).expect("a time-out");
    let mut said = Vec::new();
    let _ = slow.read_to_end(&mut said);
    assert!(!String::from_utf8_lossy(&said).contains("200"), "{}", String::from_utf8_lossy(&said));
    let began = Instant::now();
    drop(listening);
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    assert!(ureq::get(format!("{url}/who")).call().is_err());
}

#[test]
fn with_a_certificate_it_is_https_and_nothing_else() {
    let dir = tempfile::tempdir().expect("a directory");
    let (certificate, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    std::fs::write(&certificate, made.cert.pem()).expect("a file");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("a file");
    let files = TlsFiles { certificate: certificate.clone(), key };
    let listening = Listening::start(ANY.into(), Some(&files), router(), options()).expect("tls");
    assert!(listening.url().starts_with("https://"));
    let mut plain = TcpStream::connect(listening.addr()).expect("a connection");
    plain.write_all(b"GET /who HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
    plain.set_read_timeout(Some(SOON)).expect("a time-out");
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said);
    assert!(!said.starts_with(b"HTTP/1.1 200"), "answered in the clear");
    let swapped = TlsFiles { key: certificate.clone(), certificate };
    let none = TlsFiles { certificate: dir.path().join("none"), key: dir.path().join("none") };
    for files in [swapped, none] {
        let refused = Listening::start(ANY.into(), Some(&files), router(), options());
        let Err(ListenError::Tls(why)) = refused else { panic!("{refused:?}") };
        assert!(why.contains("hint: "), "{why}");
    }
}

/// A browser offers HTTP/2 first, and takes it where a server says that it speaks it. This one does not.
#[test]
fn whoever_offers_http_2_as_well_is_answered_in_http_1() {
    let dir = tempfile::tempdir().expect("a directory");
    let (certificate, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    std::fs::write(&certificate, made.cert.pem()).expect("a file");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("a file");
    let files = TlsFiles { certificate, key };
    let listening = Listening::start(ANY.into(), Some(&files), router(), options()).expect("tls");
    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).expect("a root");
    let mut config =
        rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = "localhost".try_into().expect("a name");
    let client = rustls::ClientConnection::new(Arc::new(config), name).expect("a client");
    let stream = TcpStream::connect(listening.addr()).expect("a connection");
    stream.set_read_timeout(Some(SOON)).expect("a time-out");
    let mut stream = rustls::StreamOwned::new(client, stream);
    let ask = b"GET /who HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(ask).expect("sent");
    let mut said = [0; 12];
    stream.read_exact(&mut said).expect("an answer");
    assert_eq!(&said, b"HTTP/1.1 200");
    assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
}
