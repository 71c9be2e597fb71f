//! Where a request comes from. An address in a header counts only where a proxy that is known put it there:
//! anybody can write a header.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderName};

/// Addresses in a header that are looked at.
const HOPS_MAX: usize = 32;

/// A proxy in front of this service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxy {
    /// The header to which the proxy appends the address it was called from, for example `x-forwarded-for`.
    pub header: HeaderName,
    /// The addresses from which the proxy calls.
    pub addresses: Vec<IpAddr>,
}

/// Finds out from which address a request comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Without one, the address of the connection is it.
    pub proxy: Option<TrustedProxy>,
}

impl Origin {
    /// The address. Where the server was not told that of its connections, it is 0.0.0.0 for all of them, and
    /// they share each limit.
    #[must_use]
    pub fn of(&self, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(peer)| peer.ip());
        let peer = peer.to_canonical();
        let Some(proxy) = self.proxy.as_ref().filter(|proxy| proxy.addresses.contains(&peer))
        else {
            return peer;
        };
        // Each proxy appends: the last address that is no proxy's is the one a proxy saw.
        let values: Vec<&str> =
            headers.get_all(&proxy.header).iter().filter_map(|value| value.to_str().ok()).collect();
        let hops = values.iter().rev().flat_map(|value| value.rsplit(','));
        for hop in hops.take(HOPS_MAX) {
            match hop.trim().parse::<IpAddr>().map(|address| address.to_canonical()) {
                Ok(address) if proxy.addresses.contains(&address) => {}
                Ok(address) => return address,
                Err(_) => return peer,
            }
        }
        peer
    }

    /// Who shares limits: an IPv4 address, or the 64 bits of an IPv6 network, within which anybody has as
    /// many addresses as they like.
    #[must_use]
    pub fn group(address: IpAddr) -> IpAddr {
        match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let network = address.to_bits() & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn ask(proxies: &[&str], peer: &str, forwarded: &[&'static str]) -> String {
        let name = HeaderName::from_static("x-forwarded-for");
        let addresses: Vec<IpAddr> =
            proxies.iter().map(|address| address.parse().expect("an address")).collect();
        let proxy =
            (!addresses.is_empty()).then(|| TrustedProxy { header: name.clone(), addresses });
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().expect("an address"), 1)));
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(name.clone(), HeaderValue::from_static(value));
        }
        Origin { proxy }.of(&extensions, &headers).to_string()
    }

    #[test]
    fn a_header_counts_only_from_a_known_proxy() {
        assert_eq!(ask(&[], "192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(ask(&["127.0.0.1"], "192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(ask(&["127.0.0.1"], "127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(ask(&["127.0.0.1"], "::ffff:127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn what_a_caller_wrote_before_the_proxy_does_not_count() {
        let proxies = &["127.0.0.1", "10.0.0.1"];
        assert_eq!(ask(proxies, "127.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.1"]), "198.51.100.1");
        assert_eq!(ask(proxies, "127.0.0.1", &["1.1.1.1", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(ask(proxies, "127.0.0.1", &["198.51.100.1, <script>"]), "127.0.0.1");
        assert_eq!(ask(proxies, "127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(ask(proxies, "127.0.0.1", &["10.0.0.1"]), "127.0.0.1");
    }

    #[test]
    fn a_network_of_version_6_shares_its_limits() {
        let group = |text: &str| Origin::group(text.parse().expect("an address")).to_string();
        assert_eq!(group("2001:db8:1:2:3:4:5:6"), group("2001:db8:1:2:ffff::1"));
        assert_ne!(group("2001:db8:1:2::1"), group("2001:db8:1:3::1"));
        assert_eq!(group("::ffff:192.0.2.7"), "192.0.2.7");
    }
}
