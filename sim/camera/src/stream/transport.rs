//! How packets reach a client: inside the RTSP connection, or as UDP datagrams.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

/// A transport that a client offers in SETUP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// Channels of the RTSP connection for RTP and RTCP.
    Interleaved(u8, u8),
    /// The client's ports for RTP and RTCP.
    Udp(u16, u16),
}

/// The offers of a `Transport` header that can be met, in the client's order.
pub(crate) fn offers(header: &str) -> Vec<Offer> {
    header.split(',').take(16).filter_map(|offer| one(offer.trim())).collect()
}

fn one(offer: &str) -> Option<Offer> {
    let mut parts = offer.split(';').map(str::trim);
    let protocol = parts.next()?.to_ascii_uppercase();
    let (mut interleaved, mut ports, mut multicast) = (None, None, false);
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match name.to_ascii_lowercase().as_str() {
            "multicast" => multicast = true,
            "interleaved" => interleaved = Some(pair(value)?),
            "client_port" => ports = Some(pair(value)?),
            _ => {}
        }
    }
    match protocol.as_str() {
        "RTP/AVP/TCP" => {
            let (rtp, rtcp): (u16, u16) = interleaved.unwrap_or((0, 1));
            Some(Offer::Interleaved(rtp.try_into().ok()?, rtcp.try_into().ok()?))
        }
        "RTP/AVP" | "RTP/AVP/UDP" if !multicast => {
            ports.filter(|ports| ports.0 > 0).map(|(rtp, rtcp)| Offer::Udp(rtp, rtcp))
        }
        _ => None,
    }
}

/// `4-5`, or `4`, which means the same.
fn pair(value: &str) -> Option<(u16, u16)> {
    let (first, second) = value.split_once('-').unwrap_or((value, ""));
    let first: u16 = first.trim().parse().ok()?;
    let second = match second.trim() {
        "" => first.checked_add(1)?,
        second => second.parse().ok()?,
    };
    Some((first, second))
}

/// A transport that was agreed on.
#[derive(Debug)]
pub(crate) enum Transport {
    /// Channels of the RTSP connection.
    Interleaved {
        /// For RTP.
        rtp: u8,
        /// For RTCP.
        rtcp: u8,
    },
    /// Two sockets, each connected to a port of the client.
    Udp {
        /// For RTP.
        rtp: UdpSocket,
        /// For RTCP; never blocks.
        rtcp: UdpSocket,
    },
}

/// Even ports that are tried before giving up.
const ATTEMPTS: usize = 64;

impl Transport {
    /// Two sockets with an even port and the next, connected to the client's.
    ///
    /// # Errors
    /// Where the system has no such pair.
    pub(crate) fn udp(local: IpAddr, peer: IpAddr, ports: (u16, u16)) -> io::Result<Self> {
        let mut refused = Vec::new();
        for _ in 0..ATTEMPTS {
            let rtp = UdpSocket::bind((local, 0))?;
            let port = rtp.local_addr()?.port();
            // An odd port is kept until the end, or the system would offer it again.
            if port % 2 == 0
                && let Ok(rtcp) = UdpSocket::bind((local, port + 1))
            {
                rtp.connect(SocketAddr::new(peer, ports.0))?;
                rtcp.connect(SocketAddr::new(peer, ports.1))?;
                rtcp.set_nonblocking(true)?;
                return Ok(Self::Udp { rtp, rtcp });
            }
            refused.push(rtp);
        }
        Err(io::Error::new(io::ErrorKind::AddrInUse, "no two UDP ports in a row are free"))
    }

    /// The server's UDP ports.
    pub(crate) fn server_ports(&self) -> Option<(u16, u16)> {
        match self {
            Self::Interleaved { .. } => None,
            Self::Udp { rtp, rtcp } => {
                Some((rtp.local_addr().ok()?.port(), rtcp.local_addr().ok()?.port()))
            }
        }
    }

    /// Whether the client has sent anything over RTCP since the last time.
    pub(crate) fn heard(&self) -> bool {
        let Self::Udp { rtcp, .. } = self else { return false };
        let (mut heard, mut buffer) = (false, [0_u8; 2_048]);
        for _ in 0..64 {
            match rtcp.recv(&mut buffer) {
                Ok(_) => heard = true,
                Err(_) => break,
            }
        }
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_are_read_in_order_and_what_cannot_be_met_is_left_out() {
        let header = "RTP/SAVP;unicast;client_port=4-5, RTP/AVP;multicast, \
                      RTP/AVP;unicast;client_port=5000-5001, RTP/AVP/TCP;unicast;interleaved=2-3";
        assert_eq!(offers(header), [Offer::Udp(5000, 5001), Offer::Interleaved(2, 3)]);
        assert_eq!(offers("RTP/AVP/TCP"), [Offer::Interleaved(0, 1)]);
        assert_eq!(offers("RTP/AVP/UDP;client_port=6000"), [Offer::Udp(6000, 6001)]);
        for nonsense in ["", "RTP/AVP", "RTP/AVP;client_port=x", "RTP/AVP;client_port=0-1"] {
            assert_eq!(offers(nonsense), [], "{nonsense}");
        }
        assert_eq!(offers("RTP/AVP/TCP;interleaved=300-301"), []);
        assert_eq!(offers("RTP/AVP;client_port=65535"), []);
    }

    #[test]
    fn udp_ports_are_an_even_one_and_the_next() {
        let local = IpAddr::from([127, 0, 0, 1]);
        for _ in 0..20 {
            let transport = Transport::udp(local, local, (9, 10)).unwrap();
            let (rtp, rtcp) = transport.server_ports().unwrap();
            assert_eq!((rtp % 2, rtcp), (0, rtp + 1));
        }
    }
}
