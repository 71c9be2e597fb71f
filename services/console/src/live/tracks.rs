//! What of which only the newest counts: the tracks of each camera, and the clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use wayside_proto::{CameraId, SiteId};

/// One beat in this many has tracks for clients of all sites: one a second, where beats are 200 ms apart.
pub(crate) const ALL_EVERY: u64 = 5;

/// The newest tracks of one camera, as an event.
#[derive(Debug)]
struct Slot {
    number: u64,
    bytes: Bytes,
}

/// What a beat brings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beat {
    /// Beats are numbered from 1.
    pub(crate) number: u64,
    /// Tracks that are new with this beat, by site.
    sites: BTreeMap<SiteId, Bytes>,
    /// Tracks that are new since the last beat for clients of all sites.
    all: Bytes,
    /// The clock: its number, of all sites and of each.
    pub(crate) clock: (u64, Bytes, Arc<BTreeMap<SiteId, Bytes>>),
}

/// The newest tracks of all cameras.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    slots: BTreeMap<(SiteId, CameraId), Slot>,
    number: u64,
}

impl Tracks {
    /// Number of the last beat.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next beat: tracks that are new with it.
    pub(super) fn beat(&mut self, new: Vec<((SiteId, CameraId), Bytes)>) -> Beat {
        self.number += 1;
        let mut sites: BTreeMap<SiteId, BytesMut> = BTreeMap::new();
        for (key, bytes) in new {
            sites.entry(key.0.clone()).or_default().extend_from_slice(&bytes);
            self.slots.insert(key, Slot { number: self.number, bytes });
        }
        let all = match self.number.is_multiple_of(ALL_EVERY) {
            true => self.since(self.number.saturating_sub(ALL_EVERY), None),
            false => Bytes::new(),
        };
        Beat {
            number: self.number,
            sites: sites.into_iter().map(|(site, bytes)| (site, bytes.freeze())).collect(),
            all,
            ..Beat::default()
        }
    }

    /// Forgets cameras of sites that are not in the list.
    pub(super) fn keep(&mut self, keep: impl Fn(&SiteId) -> bool) {
        self.slots.retain(|(site, _), _| keep(site));
    }

    /// The newest tracks of the cameras that have new ones since a beat.
    pub(super) fn since(&self, seen: u64, site: Option<&SiteId>) -> Bytes {
        let mut bytes = BytesMut::new();
        for ((of, _), slot) in &self.slots {
            if slot.number > seen && site.is_none_or(|site| site == of) {
                bytes.extend_from_slice(&slot.bytes);
            }
        }
        bytes.freeze()
    }
}

impl Beat {
    /// What is new for a client that has seen everything up to beat `seen`; none where it must ask
    /// for more than this beat has.
    pub(super) fn tracks(&self, seen: u64, site: Option<&SiteId>) -> Option<Bytes> {
        match site {
            Some(site) if seen + 1 == self.number => {
                Some(self.sites.get(site).cloned().unwrap_or_default())
            }
            None if seen + ALL_EVERY == self.number && self.number.is_multiple_of(ALL_EVERY) => {
                Some(self.all.clone())
            }
            _ => None,
        }
    }

    /// The clock for this client.
    pub(super) fn clock(&self, site: Option<&SiteId>) -> Bytes {
        let (_, all, sites) = &self.clock;
        site.and_then(|site| sites.get(site)).unwrap_or(all).clone()
    }
}
