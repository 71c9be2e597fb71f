//! Asks a broker for its metadata, without a client library: it answers, and counts itself as a live broker.

use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

const METADATA: i16 = 3;
const METADATA_VERSION: i16 = 4;
const CORRELATION: i32 = 0x5741_5953;
const ANSWER_BYTES_MAX: usize = 1 << 16;
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the broker on this port of 127.0.0.1 answers and is ready for clients.
pub fn answers(port: u16) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(&request())?;
    let mut size = [0; 4];
    stream.read_exact(&mut size)?;
    let size = usize::try_from(i32::from_be_bytes(size)).unwrap_or(usize::MAX);
    if size > ANSWER_BYTES_MAX {
        return Err(Error::new(ErrorKind::InvalidData, "what answers is no Kafka broker"));
    }
    let mut body = vec![0; size];
    stream.read_exact(&mut body)?;
    judge(&body)
}

/// Metadata request of version 4 about no topic, with its length before it.
fn request() -> Vec<u8> {
    let client = b"wayside-broker";
    let mut body = Vec::new();
    body.extend(METADATA.to_be_bytes());
    body.extend(METADATA_VERSION.to_be_bytes());
    body.extend(CORRELATION.to_be_bytes());
    body.extend((client.len() as i16).to_be_bytes());
    body.extend(client);
    // No topics, and none to be created.
    body.extend(0_i32.to_be_bytes());
    body.push(0);
    let mut framed = (body.len() as i32).to_be_bytes().to_vec();
    framed.extend(body);
    framed
}

/// The answer begins with correlation, throttle time in ms, and the number of live brokers.
fn judge(body: &[u8]) -> Result<()> {
    let number = |at: usize| {
        let bytes = body.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(i32::from_be_bytes).ok_or_else(|| Error::from(ErrorKind::UnexpectedEof))
    };
    if number(0)? != CORRELATION {
        return Err(Error::new(ErrorKind::InvalidData, "what answers is no Kafka broker"));
    }
    if number(8)? < 1 {
        return Err(Error::new(ErrorKind::NotConnected, "it answers, but is not yet ready"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{CORRELATION, judge};

    #[test]
    fn only_a_live_broker_counts() {
        let answer = |correlation: i32, brokers: i32| {
            [correlation, 0, brokers].map(i32::to_be_bytes).concat()
        };
        assert!(judge(&answer(CORRELATION, 1)).is_ok());
        assert!(judge(&answer(CORRELATION, 0)).is_err());
        assert!(judge(&answer(1, 1)).is_err());
        assert!(judge(&answer(CORRELATION, 1)[..11]).is_err());
        assert!(judge(b"").is_err());
    }
}
