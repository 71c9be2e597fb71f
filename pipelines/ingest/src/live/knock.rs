//! Whether somebody listens at a camera's port.

use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};

/// How long an answer may take.
const WAIT: Duration = Duration::from_millis(800);
/// The port where a URL names none: RTSP, and RTSP over TLS.
const PORTS: [(&str, u16); 2] = [("rtsp://", 554), ("rtsps://", 322)];

/// Knocks in a thread of its own; the answer comes within a second or so.
pub(super) fn knock(url: &str) -> Option<Receiver<bool>> {
    let (host, port) = address(url)?;
    let (tell, told) = bounded(1);
    let thread = std::thread::Builder::new().name("knock".to_owned());
    thread
        .spawn(move || {
            let addresses = (host.as_str(), port).to_socket_addrs().into_iter().flatten();
            let answered =
                addresses.take(4).any(|at| TcpStream::connect_timeout(&at, WAIT).is_ok());
            let _ = tell.send(answered);
        })
        .ok()?;
    Some(told)
}

/// Host and port of a URL.
fn address(url: &str) -> Option<(String, u16)> {
    let (rest, default) =
        PORTS.iter().find_map(|(scheme, port)| Some((url.strip_prefix(scheme)?, *port)))?;
    let authority = rest.split(['/', '?']).next()?;
    let bracket = authority.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match authority.get(bracket..)?.rsplit_once(':') {
        Some((before, port)) => (authority.get(..bracket + before.len())?, port.parse().ok()?),
        None => (authority, default),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    (!host.is_empty()).then(|| (host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let read = |url| address(url).map(|(host, port)| format!("{host} {port}"));
        assert_eq!(read("rtsp://cam/1").as_deref(), Some("cam 554"));
        assert_eq!(read("rtsps://10.0.0.1?x=1").as_deref(), Some("10.0.0.1 322"));
        assert_eq!(read("rtsp://[::1]:8554/a:b").as_deref(), Some("::1 8554"));
        assert_eq!(read("rtsp://[::1]").as_deref(), Some("::1 554"));
        assert_eq!(read("http://cam"), None);
        assert_eq!(read("rtsp://cam:x"), None);
    }

    #[test]
    fn an_open_port_answers_and_a_closed_one_does_not() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("rtsp://{}/1", listener.local_addr().expect("bound"));
        let answer = |url: &str| knock(url).and_then(|told| told.recv().ok());
        assert_eq!(answer(&url), Some(true));
        drop(listener);
        assert_eq!(answer(&url), Some(false));
    }
}
