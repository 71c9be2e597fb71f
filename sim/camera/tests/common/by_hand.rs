//! A client that writes requests and reads answers, and does nothing by itself.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::SOON;

/// A connection.
pub struct ByHand {
    stream: TcpStream,
    inbox: Vec<u8>,
    url: String,
    cseq: u32,
    /// RTP and RTCP packets: channel and bytes.
    pub packets: Vec<(u8, Vec<u8>)>,
}

impl ByHand {
    pub fn connect(port: u16) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let stream = TcpStream::connect_timeout(&address, SOON).unwrap();
        let url = format!("rtsp://{address}/camera");
        Self { stream, inbox: Vec::new(), url, cseq: 0, packets: Vec::new() }
    }

    /// Sends a request; `path` is added to the camera's URL.
    pub fn send(&mut self, method: &str, path: &str, headers: &str) {
        self.cseq += 1;
        let (url, cseq) = (&self.url, self.cseq);
        let text = format!("{method} {url}{path} RTSP/1.0\r\nCSeq: {cseq}\r\n{headers}\r\n");
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    /// The next answer, or the error of reading; a timeout where it takes longer than `wait`.
    pub fn answer(&mut self, wait: Duration) -> io::Result<String> {
        loop {
            match self.take() {
                Some(Ok(answer)) => return Ok(answer),
                Some(Err(packet)) => self.packets.push(packet),
                None => self.read(wait)?,
            }
        }
    }

    /// Waits for a packet.
    pub fn packet(&mut self, wait: Duration) -> io::Result<(u8, Vec<u8>)> {
        loop {
            match self.take() {
                Some(Ok(answer)) => panic!("an answer that nobody asked for: {answer}"),
                Some(Err(packet)) => return Ok(packet),
                None => self.read(wait)?,
            }
        }
    }

    /// The answer's first line and headers.
    pub fn ask(&mut self, method: &str, path: &str, headers: &str) -> String {
        self.send(method, path, headers);
        self.answer(SOON).unwrap()
    }

    /// From nothing to a playing stream over this connection.
    pub fn play(&mut self) {
        assert!(self.ask("DESCRIBE", "", "").starts_with("RTSP/1.0 200"));
        let answer = self.ask("SETUP", "/track0", "Transport: RTP/AVP/TCP;interleaved=0-1\r\n");
        assert!(answer.starts_with("RTSP/1.0 200"), "{answer}");
        let session = answer.lines().find_map(|line| line.strip_prefix("Session: ")).unwrap();
        let session = session.split(';').next().unwrap();
        let answer = self.ask("PLAY", "", &format!("Session: {session}\r\n"));
        assert!(answer.starts_with("RTSP/1.0 200"), "{answer}");
    }

    fn read(&mut self, wait: Duration) -> io::Result<()> {
        self.stream.set_read_timeout(Some(wait))?;
        let mut chunk = [0; 65_536];
        match self.stream.read(&mut chunk)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            length => {
                self.inbox.extend_from_slice(&chunk[..length]);
                Ok(())
            }
        }
    }

    /// An answer, or a packet.
    fn take(&mut self) -> Option<Result<String, (u8, Vec<u8>)>> {
        if self.inbox.first() == Some(&b'$') {
            let head = self.inbox.get(..4)?;
            let (channel, length) = (head[1], usize::from(u16::from_be_bytes([head[2], head[3]])));
            let packet = self.inbox.get(4..4 + length)?.to_vec();
            self.inbox.drain(..4 + length);
            return Some(Err((channel, packet)));
        }
        let end = self.inbox.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
        let head = String::from_utf8(self.inbox[..end].to_vec()).unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        let length: usize = length.map_or(0, |length| length.parse().unwrap());
        let body = String::from_utf8(self.inbox.get(end..end + length)?.to_vec()).unwrap();
        self.inbox.drain(..end + length);
        Some(Ok(head + &body))
    }
}

/// Whether reading gave up waiting.
pub fn timed_out<T>(result: &io::Result<T>) -> bool {
    let kinds = [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut];
    result.as_ref().is_err_and(|error| kinds.contains(&error.kind()))
}
