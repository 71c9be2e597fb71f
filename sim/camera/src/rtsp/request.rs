//! What a client sends: requests, and RTP or RTCP packets between them.

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// `DESCRIBE`, and so on.
    pub(crate) method: String,
    /// What it is about.
    pub(crate) url: String,
    headers: Vec<(String, String)>,
}

impl Request {
    /// Value of the first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Path of the URL, without `/` at its end: `/camera`, or nothing.
    pub(crate) fn path(&self) -> &str {
        let rest = match self.url.split_once("://") {
            Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(""),
            None => &self.url,
        };
        rest.split('?').next().unwrap_or("").trim_end_matches('/')
    }
}

/// One thing that a client has sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// A request; its body is thrown away.
    Request(Request),
    /// A packet inside the connection.
    Packet,
}

/// What cannot be understood; the connection is of no more use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Malformed(pub(crate) &'static str);

/// Longest request line and headers, bytes.
const HEAD_BYTES_MAX: usize = 16_384;
/// Longest body, bytes.
const BODY_BYTES_MAX: usize = 65_536;
const HEADERS_MAX: usize = 100;

/// Takes the first thing out of `inbox`; none where it has not yet come in whole.
///
/// # Errors
/// Where it cannot be understood, or is too long.
pub(crate) fn take(inbox: &mut Vec<u8>) -> Result<Option<Input>, Malformed> {
    // Empty lines between requests are allowed.
    let blank = inbox.iter().take_while(|byte| **byte == b'\r' || **byte == b'\n').count();
    inbox.drain(..blank);
    if inbox.first() == Some(&b'$') {
        return Ok(take_packet(inbox));
    }
    let Some(head) = inbox.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
        return if inbox.len() > HEAD_BYTES_MAX {
            Err(Malformed("a request without an end"))
        } else {
            Ok(None)
        };
    };
    let text = inbox.get(..head).unwrap_or_default();
    let text = std::str::from_utf8(text).map_err(|_| Malformed("a request that is no text"))?;
    let request = parse(text)?;
    let body = match request.header("Content-Length") {
        None => 0,
        Some(length) => {
            length.trim().parse().map_err(|_| Malformed("a Content-Length that is no number"))?
        }
    };
    if body > BODY_BYTES_MAX {
        return Err(Malformed("a request that is too long"));
    }
    let end = head + 4 + body;
    if inbox.len() < end {
        return Ok(None);
    }
    inbox.drain(..end);
    Ok(Some(Input::Request(request)))
}

fn take_packet(inbox: &mut Vec<u8>) -> Option<Input> {
    let length = u16::from_be_bytes([*inbox.get(2)?, *inbox.get(3)?]);
    let end = 4 + usize::from(length);
    (inbox.len() >= end).then(|| {
        inbox.drain(..end);
        Input::Packet
    })
}

fn parse(text: &str) -> Result<Request, Malformed> {
    let mut lines = text.split("\r\n");
    let mut first = lines.next().unwrap_or("").split(' ');
    let (Some(method), Some(url), Some(version)) = (first.next(), first.next(), first.next())
    else {
        return Err(Malformed("no request line"));
    };
    if !version.starts_with("RTSP/") || method.is_empty() {
        return Err(Malformed("no RTSP request"));
    }
    let mut headers = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or(Malformed("a header without a colon"))?;
        if headers.len() >= HEADERS_MAX {
            return Err(Malformed("a request with too many headers"));
        }
        headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(Request { method: method.to_owned(), url: url.to_owned(), headers })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn requests_and_packets_come_out_one_by_one() {
        let mut inbox = b"\r\nOPTIONS rtsp://h:1/camera/ RTSP/1.0\r\nCSeq: 1\r\n\r\n$\x01\x00\x02abSET_PARAMETER \
            /x RTSP/1.0\r\ncontent-length: 3\r\n\r\nxyzPLAY"
            .to_vec();
        let Ok(Some(Input::Request(first))) = take(&mut inbox) else { panic!("no request") };
        assert_eq!((first.method.as_str(), first.path()), ("OPTIONS", "/camera"));
        assert_eq!(first.header("cseq"), Some("1"));
        assert_eq!(take(&mut inbox), Ok(Some(Input::Packet)));
        let Ok(Some(Input::Request(second))) = take(&mut inbox) else { panic!("no request") };
        assert_eq!((second.method.as_str(), second.path()), ("SET_PARAMETER", "/x"));
        assert_eq!(take(&mut inbox), Ok(None));
        assert_eq!(inbox, b"PLAY");
    }

    #[test]
    fn what_is_not_rtsp_is_refused() {
        for bad in ["GET / HTTP/1.1\r\n\r\n", "x\r\n\r\n", "A b RTSP/1.0\r\nno colon\r\n\r\n"] {
            assert!(take(&mut bad.as_bytes().to_vec()).is_err(), "{bad}");
        }
        let long = "A b RTSP/1.0\r\nContent-Length: 99999999\r\n\r\n";
        assert!(take(&mut long.as_bytes().to_vec()).is_err());
        assert!(take(&mut vec![b'a'; HEAD_BYTES_MAX + 1]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken_or_refused(mut inbox in proptest::collection::vec(any::<u8>(), 0..400)) {
            for _ in 0..500 {
                let before = inbox.len();
                match take(&mut inbox) {
                    Ok(Some(_)) => prop_assert!(inbox.len() < before),
                    Ok(None) | Err(_) => break,
                }
            }
        }
    }
}
