//! The bytes of a connection, with or without TLS.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A peer that takes no bytes for so long is gone.
const WRITE_WAIT: Duration = Duration::from_secs(5);
/// TLS records may come in pieces; the rest is not waited for longer.
const READ_WAIT: Duration = Duration::from_millis(50);
/// A TLS record and more.
const CHUNK_BYTES: usize = 20_000;

pub(super) enum Wire {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

/// What came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Nothing yet.
    Nothing,
    /// Bytes.
    Bytes,
    /// The peer has closed.
    Closed,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, tls: Option<Arc<ServerConfig>>) -> io::Result<Self> {
        stream.set_nonblocking(false)?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(WRITE_WAIT))?;
        stream.set_read_timeout(Some(READ_WAIT))?;
        let Some(config) = tls else { return Ok(Self::Plain(stream)) };
        let connection = ServerConnection::new(config).map_err(io::Error::other)?;
        Ok(Self::Tls(Box::new(StreamOwned::new(connection, stream))))
    }

    pub(super) fn is_tls(&self) -> bool {
        matches!(self, Self::Tls(_))
    }

    /// Waits until there is something to read, no longer than `wait`; then reads it into `inbox`.
    pub(super) fn read(&mut self, wait: Duration, inbox: &mut Vec<u8>) -> io::Result<Heard> {
        if !readable(self.tcp().as_fd(), wait)? {
            return Ok(Heard::Nothing);
        }
        let mut chunk = [0_u8; CHUNK_BYTES];
        let mut heard = Heard::Nothing;
        loop {
            match self.stream().read(&mut chunk) {
                Ok(0) => return Ok(Heard::Closed),
                Ok(length) => {
                    inbox.extend_from_slice(chunk.get(..length).unwrap_or_default());
                    heard = Heard::Bytes;
                }
                Err(error) if again(&error) => return Ok(heard),
                // Peers that end TLS without a farewell have closed too.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Ok(Heard::Closed);
                }
                Err(error) => return Err(error),
            }
            // Only TLS has read more than it has given.
            let Self::Tls(stream) = self else { return Ok(heard) };
            let state = stream.conn.process_new_packets().map_err(io::Error::other)?;
            if state.plaintext_bytes_to_read() == 0 {
                return Ok(heard);
            }
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream().write_all(bytes)?;
        self.stream().flush()
    }

    fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => &stream.sock,
        }
    }

    fn stream(&mut self) -> &mut dyn Stream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.as_mut(),
        }
    }
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

fn again(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}

/// Whether there is something to read, waiting no longer than `wait`.
pub(super) fn readable(fd: BorrowedFd<'_>, wait: Duration) -> io::Result<bool> {
    any_readable(&mut [PollFd::from_borrowed_fd(fd, PollFlags::IN)], wait)
}

/// Whether any of these has something to read, waiting no longer than `wait`.
pub(super) fn any_readable(fds: &mut [PollFd<'_>], wait: Duration) -> io::Result<bool> {
    let timeout = Timespec::try_from(wait).map_err(io::Error::other)?;
    match poll(fds, Some(&timeout)) {
        Ok(count) => Ok(count > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
