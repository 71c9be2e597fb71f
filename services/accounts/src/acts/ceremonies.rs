//! What is begun and not yet ended: passkeys that are waited for, sign-ins at providers. In memory, each with
//! an end, bounded in number; what was begun before a restart must be begun again.

use std::collections::BTreeMap;
use std::net::IpAddr;

use wayside_http::Origin;
use wayside_proto::EventTime;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyAuthentication, PasskeyRegistration,
};

use crate::error::{Error, Result};
use crate::secret::Digest32;

/// Begun at once.
const CEREMONIES_MAX: usize = 2_000;
/// Begun at once from one address; then the oldest of that address goes.
const OF_ADDRESS_MAX: usize = 20;

/// What was begun.
#[derive(Debug)]
pub(crate) enum Ceremony {
    /// A passkey that a session adds.
    Registration { label: String, state: Box<PasskeyRegistration> },
    /// A sign-in by a passkey of a known account, without the name of the account.
    Named { state: Box<PasskeyAuthentication> },
    /// A sign-in by a passkey that says itself whose it is.
    Discoverable { state: Box<DiscoverableAuthentication> },
    /// A sign-in that cannot succeed: there is no such account, or it has no passkeys.
    Hopeless,
    /// A sign-in at a provider of OpenID Connect.
    Oidc(Box<crate::oidc::Begun>),
}

#[derive(Debug)]
struct Begun {
    ceremony: Ceremony,
    address: IpAddr,
    began: EventTime,
    ends: EventTime,
}

/// All of them, by the digest of the secret that takes them up again.
#[derive(Debug, Default)]
pub(crate) struct Ceremonies {
    begun: BTreeMap<Digest32, Begun>,
}

impl Ceremonies {
    /// Begins one.
    ///
    /// # Errors
    /// `Busy` where there are too many from everywhere: nobody's is thrown out for a stranger's.
    pub(crate) fn begin(
        &mut self,
        key: Digest32,
        ceremony: Ceremony,
        address: IpAddr,
        now: EventTime,
        lasts_s: f64,
    ) -> Result<()> {
        self.begun.retain(|_, begun| now < begun.ends);
        let address = Origin::group(address);
        let own = || self.begun.iter().filter(|(_, begun)| begun.address == address);
        if own().count() >= OF_ADDRESS_MAX {
            let oldest = own().min_by_key(|(_, begun)| begun.began).map(|(key, _)| *key);
            oldest.map(|key| self.begun.remove(&key));
        }
        if self.begun.len() >= CEREMONIES_MAX {
            return Err(Error::Busy);
        }
        let ends = now.plus_s(lasts_s);
        self.begun.insert(key, Begun { ceremony, address, began: now, ends });
        Ok(())
    }

    /// Takes one up: it can be taken once. None where there is none, or it has ended.
    pub(crate) fn take(&mut self, key: &Digest32, now: EventTime) -> Option<Ceremony> {
        let begun = self.begun.remove(key)?;
        (now < begun.ends).then_some(begun.ceremony)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> Digest32 {
        let mut key = [0; 32];
        key.iter_mut().zip(number.to_be_bytes()).for_each(|(key, byte)| *key = byte);
        key
    }

    #[test]
    fn each_is_taken_once_and_in_time() {
        let mut all = Ceremonies::default();
        let here = IpAddr::from([192, 0, 2, 1]);
        let at = |s: f64| EventTime(0).plus_s(s);
        all.begin(key(1), Ceremony::Hopeless, here, at(0.0), 300.0).expect("begun");
        assert!(all.take(&key(2), at(1.0)).is_none());
        assert!(all.take(&key(1), at(1.0)).is_some());
        assert!(all.take(&key(1), at(1.0)).is_none());
        all.begin(key(1), Ceremony::Hopeless, here, at(0.0), 300.0).expect("begun");
        assert!(all.take(&key(1), at(300.0)).is_none());
    }

    #[test]
    fn an_address_pushes_out_its_own_alone() {
        let mut all = Ceremonies::default();
        let (here, there) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        all.begin(key(0), Ceremony::Hopeless, there, EventTime(0), 300.0).expect("begun");
        for number in 1..=100 {
            let at = EventTime(number as i64);
            all.begin(key(number), Ceremony::Hopeless, here, at, 300.0).expect("begun");
        }
        assert_eq!(all.begun.len(), 1 + OF_ADDRESS_MAX);
        assert!(all.take(&key(0), EventTime(200)).is_some());
        assert!(all.take(&key(80), EventTime(200)).is_none());
        assert!(all.take(&key(81), EventTime(200)).is_some());
    }

    #[test]
    fn memory_has_a_bound() {
        let mut all = Ceremonies::default();
        for number in 0..CEREMONIES_MAX {
            let [_, _, a, b] = (number as u32 / 10).to_be_bytes();
            let from = IpAddr::from([198, 51, a, b]);
            let begun = all.begin(key(number), Ceremony::Hopeless, from, EventTime(0), 300.0);
            begun.expect("begun");
        }
        let from = IpAddr::from([192, 0, 2, 1]);
        let more = all.begin(key(9_999), Ceremony::Hopeless, from, EventTime(0), 300.0);
        assert!(matches!(more, Err(Error::Busy)));
        // They end, and then there is room.
        let later = EventTime(0).plus_s(300.0);
        assert!(all.begin(key(9_999), Ceremony::Hopeless, from, later, 300.0).is_ok());
    }
}
