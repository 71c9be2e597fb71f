//! A receiver of webhooks that behaves badly: over real TCP, written by hand so that it can break off
//! anywhere.

#![allow(dead_code)] // Each test file uses its part.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What it does with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    Takes,
    /// Takes it, and closes without an answer: it will come again.
    TakesAndCloses,
    /// Answers 200, says how long the body is, and closes in the middle of it.
    ClosesMidAnswer,
    /// Closes in the middle of the request.
    ClosesMidRequest,
    Fails(u16),
    /// Reads everything and never answers.
    Hangs,
    /// Sends the message's reader elsewhere.
    Redirects,
}

/// One request as it came.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}

#[derive(Debug, Default)]
struct Seen {
    /// Every request that was taken, repeats included.
    requests: Vec<Request>,
    ids: BTreeSet<String>,
    /// Ids in the order in which each came first.
    in_effect: Vec<String>,
}

/// Listens while it lives.
pub struct Receiver {
    pub url: String,
    port: u16,
    seen: Arc<Mutex<Seen>>,
    calls: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// A listener on a port that nobody else takes while it is closed for a while: Linux takes ports from 32768 on for
/// outgoing connections.
fn steady() -> TcpListener {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let begin = std::process::id() as usize % 8_000;
    let port = || 12_000 + (begin + NEXT.fetch_add(1, Ordering::Relaxed)) % 8_000;
    (0..8_000).find_map(|_| TcpListener::bind(("127.0.0.1", port() as u16)).ok()).expect("a port")
}

impl Receiver {
    /// On a free port; `does` is asked for each request, counted from 0.
    pub fn start(does: impl Fn(usize) -> Does + Send + Sync + 'static) -> Self {
        Self::on(steady(), does)
    }

    /// On this port, as after a restart.
    pub fn again(port: u16, does: impl Fn(usize) -> Does + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind(("127.0.0.1", port)).expect("the port"), does)
    }

    fn on(listener: TcpListener, does: impl Fn(usize) -> Does + Send + Sync + 'static) -> Self {
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (calls, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let does = Arc::new(does);
        listener.set_nonblocking(true).expect("non-blocking");
        let (all, count, ended) = (Arc::clone(&seen), Arc::clone(&calls), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                let Ok((stream, _)) = listener.accept() else {
                    std::thread::sleep(Duration::from_millis(2));
                    continue;
                };
                let (all, count, does, ended) =
                    (Arc::clone(&all), Arc::clone(&count), Arc::clone(&does), Arc::clone(&ended));
                std::thread::spawn(move || {
                    let _ = serve(stream, &all, &count, &*does, &ended);
                });
            }
        });
        let url = format!("http://127.0.0.1:{port}/hook");
        Self { url, port, seen, calls, stop, thread: Some(thread) }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// Ids of what was taken, each at its first time.
    pub fn in_effect(&self) -> Vec<String> {
        self.seen.lock().expect("a lock").in_effect.clone()
    }

    pub fn requests(&self) -> Vec<Request> {
        self.seen.lock().expect("a lock").requests.clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(
    stream: TcpStream,
    seen: &Mutex<Seen>,
    calls: &AtomicUsize,
    does: &dyn Fn(usize) -> Does,
    stop: &AtomicBool,
) -> std::io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(Duration::from_secs(120)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let mut request = Request::default();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            request.headers.push((name.to_owned(), value.to_owned()));
        }
        let does = does(calls.fetch_add(1, Ordering::SeqCst));
        if does == Does::ClosesMidRequest {
            return Ok(());
        }
        let length = request.header("content-length").parse().unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        request.body = String::from_utf8_lossy(&body).into_owned();
        if matches!(does, Does::Takes | Does::TakesAndCloses | Does::ClosesMidAnswer) {
            let mut seen = seen.lock().expect("a lock");
            let id = request.header("webhook-id").to_owned();
            if seen.ids.insert(id.clone()) {
                seen.in_effect.push(id);
            }
            seen.requests.push(request);
        }
        match does {
            Does::Takes => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")?,
            Does::TakesAndCloses | Does::ClosesMidRequest => return Ok(()),
            Does::ClosesMidAnswer => {
                return stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nhalf");
            }
            Does::Fails(status) => {
                stream.write_all(format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\n\r\n").as_bytes())?;
            }
            Does::Redirects => stream.write_all(
                b"HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
            )?,
            Does::Hangs => {
                while !stop.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(20));
                }
                return Ok(());
            }
        }
    }
}
