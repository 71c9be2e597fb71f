//! An address that is taken before anything is served on it.

use std::net::{SocketAddr, TcpListener};

use crate::ListenError;

/// An address that is ours: nobody else can take its port meanwhile, and who connects waits until it is served.
#[derive(Debug)]
pub struct Bound {
    pub(crate) listener: TcpListener,
    addr: SocketAddr,
}

impl Bound {
    /// Takes `addr`; port 0 takes a free one.
    ///
    /// # Errors
    /// Where the address cannot be listened on.
    pub fn to(addr: SocketAddr) -> Result<Self, ListenError> {
        let refused = |cause| ListenError::Address { addr, cause };
        let listener = TcpListener::bind(addr).map_err(refused)?;
        listener.set_nonblocking(true).map_err(refused)?;
        let addr = listener.local_addr().map_err(refused)?;
        Ok(Self { listener, addr })
    }

    /// The address, with the port that was found where 0 was asked for.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}
