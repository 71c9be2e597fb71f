//! HTTP byte by byte: what is sent is what is written here.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// The last word of a problem's type; empty where it is none.
    pub fn kind(&self) -> String {
        let json: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        json["type"].as_str().and_then(|kind| kind.rsplit(':').next()).unwrap_or("").to_owned()
    }

    /// Head and body as one text, for what must not be in it.
    pub fn whole(&self) -> String {
        let mut all = String::new();
        for (name, value) in &self.headers {
            all += &format!("{name}: {value}\n");
        }
        all + "\n" + &self.text()
    }
}

/// A connection.
pub fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    stream.set_write_timeout(Some(PATIENCE)).expect("a time-out");
    stream
}

/// Sends bytes and reads until the end. What was answered before a connection broke counts.
pub fn exchange(addr: SocketAddr, sent: &[u8]) -> Vec<u8> {
    let mut stream = connect(addr);
    // A server that refuses early does not read the rest.
    let _ = stream.write_all(sent);
    let mut all = Vec::new();
    let mut piece = [0; 16 * 1024];
    while let Ok(count) = stream.read(&mut piece) {
        if count == 0 {
            break;
        }
        all.extend_from_slice(&piece[..count]);
    }
    all
}

/// The answers in what a connection gave, in order; of each no more than its head and its body.
pub fn answers(mut bytes: &[u8]) -> Vec<Answer> {
    let mut all = Vec::new();
    while let Some((answer, rest)) = answer(bytes) {
        all.push(answer);
        bytes = rest;
    }
    all
}

fn answer(bytes: &[u8]) -> Option<(Answer, &[u8])> {
    let split = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let mut lines = head.split("\r\n");
    let status: u16 = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let rest = &bytes[split + 4..];
    let of = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let (body, rest) = if of("transfer-encoding").is_some_and(|value| value == "chunked") {
        dechunk(rest)
    } else {
        let length = of("content-length").and_then(|value| value.parse::<usize>().ok());
        let length = length.unwrap_or(rest.len()).min(rest.len());
        (rest[..length].to_vec(), &rest[length..])
    };
    Some((Answer { status, headers, body }, rest))
}

fn dechunk(mut bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut all = Vec::new();
    while let Some(line) = bytes.windows(2).position(|two| two == b"\r\n") {
        let size = String::from_utf8_lossy(&bytes[..line]).into_owned();
        let Ok(size) = usize::from_str_radix(size.trim(), 16) else { break };
        let end = (line + 2 + size).min(bytes.len());
        all.extend_from_slice(&bytes[line + 2..end]);
        bytes = bytes.get(end + 2..).unwrap_or_default();
        if size == 0 {
            break;
        }
    }
    (all, bytes)
}
