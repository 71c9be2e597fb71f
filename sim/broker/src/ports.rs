//! Ports that stay the broker's while it is down.

use std::net::{Ipv4Addr, TcpListener};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::BrokerError;

/// Below 32768, where Linux begins to take ports for outgoing connections: one of those could otherwise
/// take the port of a broker that is down, or connect to itself on it.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// A port, reserved against other brokers of this machine until it is dropped or the process ends.
#[derive(Debug)]
pub struct Port {
    pub number: u16,
    _claim: Option<UnixListener>,
}

impl Port {
    /// A port that the caller chose: nothing is reserved.
    pub fn fixed(number: u16) -> Self {
        Self { number, _claim: None }
    }

    /// A free one.
    pub fn free() -> Result<Self, BrokerError> {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        // Processes that start together begin at different places.
        let moment =
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |past| past.subsec_nanos());
        let begin = std::process::id().wrapping_mul(7919).wrapping_add(moment) % u32::from(COUNT);
        for _ in 0..COUNT {
            let step = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
            let offset = u16::try_from((begin + step) % u32::from(COUNT)).unwrap_or(0);
            let number = FIRST + offset;
            let Some(claim) = claim(number) else { continue };
            if TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok() {
                return Ok(Self { number, _claim: Some(claim) });
            }
        }
        Err(BrokerError::NoPort { from: FIRST, to: FIRST + COUNT - 1 })
    }
}

/// A name in Linux's abstract name space: one holder, and no file that stays behind.
fn claim(number: u16) -> Option<UnixListener> {
    let name = SocketAddr::from_abstract_name(format!("wayside-broker-port-{number}")).ok()?;
    UnixListener::bind_addr(&name).ok()
}

#[cfg(test)]
mod tests {
    use super::{Port, claim};

    #[test]
    fn a_port_is_given_once_and_comes_back() {
        let first = Port::free().expect("a port");
        let second = Port::free().expect("a port");
        assert_ne!(first.number, second.number);
        assert!(claim(first.number).is_none(), "reserved although nobody listens");
        let number = first.number;
        drop(first);
        assert!(claim(number).is_some(), "free again");
    }
}
