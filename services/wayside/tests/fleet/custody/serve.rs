//! As much of HTTP as the clients of a test speak.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

const BODY_BYTES_MAX: usize = 64 << 20;

/// What somebody asks.
#[derive(Debug, Default)]
pub struct Asked {
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Serves on a free port until the process ends; `answer` gives status and body. The port.
pub fn serve(answer: impl Fn(Asked) -> (u16, Vec<u8>) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || {
                // Clients are killed in the midst of what they say.
                let _ = one(stream, &*answer);
            });
        }
    });
    port
}

fn one(
    mut stream: TcpStream,
    answer: &(impl Fn(Asked) -> (u16, Vec<u8>) + ?Sized),
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut asked, mut line) = (Asked::default(), String::new());
    reader.read_line(&mut line)?;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((key, value)) = line.trim_end().split_once(':') else { break };
        asked.headers.push((key.to_owned(), value.trim().to_owned()));
    }
    let length = asked.header("content-length").and_then(|length| length.parse().ok());
    let length: usize = length.unwrap_or(0);
    assert!(length <= BODY_BYTES_MAX, "{length} bytes");
    asked.body = vec![0; length];
    reader.read_exact(&mut asked.body)?;
    let (status, body) = answer(asked);
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)
}
