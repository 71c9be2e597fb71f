//! What goes wrong on the way: messages that no consumer can read, or that come twice or late.
//!
//! Each fault follows from the seed, the message's key and its time alone, so that it does not depend
//! on how messages are batched. What is broken comes as a further message before the sound one, so
//! that nothing true is missing; a duplicate comes after it, and a message out of order after the next
//! one of its key.

use std::collections::BTreeMap;

use prost::Message as _;
use prost::encoding::string;
use wayside_proto::convert::TRACKS_MAX;
use wayside_proto::{EventTime, wire};

use crate::rng::Rng;

/// A year, microseconds.
const YEAR_US: i64 = 365 * 86_400 * 1_000_000;
/// A field that this version of the contract does not have.
const FUTURE_FIELD: u32 = 17;

/// What can go wrong with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Bytes that mean nothing.
    Random,
    /// The first half of a message.
    Cut,
    /// A message whose content is in a field of a later version.
    Version,
    /// More tracks than a message may have.
    Huge,
    /// A camera whose clock is a year ahead.
    ClockAhead,
    /// The message comes twice.
    Duplicate,
    /// The message comes after the next one of its key.
    Reordered,
}

impl Fault {
    /// Every fault, in the order of declaration.
    pub const ALL: [Self; 7] = [
        Self::Random,
        Self::Cut,
        Self::Version,
        Self::Huge,
        Self::ClockAhead,
        Self::Duplicate,
        Self::Reordered,
    ];

    /// Name in summaries.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Cut => "cut",
            Self::Version => "version",
            Self::Huge => "huge",
            Self::ClockAhead => "clock_ahead",
            Self::Duplicate => "duplicate",
            Self::Reordered => "reordered",
        }
    }
}

/// A message of a key on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyed {
    /// Its key.
    pub key: String,
    /// Its event time.
    pub time: EventTime,
    /// Its bytes.
    pub value: Vec<u8>,
}

/// Spoils observations.
#[derive(Clone, Debug)]
pub struct Poison {
    seed: u64,
    share: f64,
    held: BTreeMap<String, Keyed>,
    counts: BTreeMap<Fault, u64>,
}

impl Poison {
    /// Lets this share of the messages go wrong, 0 to 1.
    #[must_use]
    pub fn new(seed: u64, share: f64) -> Self {
        Self { seed, share, held: BTreeMap::new(), counts: BTreeMap::new() }
    }

    /// How often each fault came.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<Fault, u64> {
        &self.counts
    }

    /// Takes the next message; `out` gets what comes of it.
    pub fn pass(&mut self, message: Keyed, out: &mut Vec<Keyed>) {
        let held = self.held.remove(&message.key);
        match self.draw(&message) {
            None => out.push(message),
            Some((Fault::Duplicate, _)) => out.extend([message.clone(), message]),
            // One that waits goes first: two are never held.
            Some((Fault::Reordered, _)) if held.is_none() => {
                self.held.insert(message.key.clone(), message);
            }
            Some((Fault::Reordered, _)) => out.push(message),
            Some((fault, mut rng)) => {
                let (value, ahead_us) = spoil(fault, &message.value, &mut rng);
                let time = EventTime(message.time.0.saturating_add(ahead_us));
                out.push(Keyed { key: message.key.clone(), time, value });
                out.push(message);
            }
        }
        out.extend(held);
    }

    /// What was still held.
    pub fn finish(&mut self, out: &mut Vec<Keyed>) {
        out.extend(std::mem::take(&mut self.held).into_values());
    }

    fn draw(&mut self, message: &Keyed) -> Option<(Fault, Rng)> {
        let key = message.key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut rng = Rng::new(self.seed, &[key, message.time.0 as u64]);
        if !rng.chance(self.share) {
            return None;
        }
        let fault = *Fault::ALL.get(rng.below(Fault::ALL.len() as u64) as usize)?;
        *self.counts.entry(fault).or_default() += 1;
        Some((fault, rng))
    }
}

/// The broken message, and how far its time is ahead.
fn spoil(fault: Fault, value: &[u8], rng: &mut Rng) -> (Vec<u8>, i64) {
    match fault {
        Fault::Cut => (value.get(..value.len() / 2).unwrap_or_default().to_vec(), 0),
        Fault::Version => (later_version(value), 0),
        Fault::Huge => (huge(value), 0),
        Fault::ClockAhead => (year_ahead(value), YEAR_US),
        Fault::Random | Fault::Duplicate | Fault::Reordered => {
            let bytes = 1 + rng.below(300);
            ((0..bytes).map(|_| rng.bits() as u8).collect(), 0)
        }
    }
}

fn read(value: &[u8]) -> wire::Observation {
    wire::Observation::decode(value).unwrap_or_default()
}

fn later_version(value: &[u8]) -> Vec<u8> {
    let message = wire::Observation { content: None, ..read(value) };
    let mut out = message.encode_to_vec();
    string::encode(FUTURE_FIELD, &"tracks of version 2".to_owned(), &mut out);
    out
}

fn huge(value: &[u8]) -> Vec<u8> {
    let mut message = read(value);
    let first = match &message.content {
        Some(wire::observation::Content::Tracks(tracks)) => tracks.tracks.first().copied(),
        _ => None,
    };
    let first = first.unwrap_or_default();
    let tracks = (1..=TRACKS_MAX as u64 + 1).map(|id| wire::TrackState { id, ..first }).collect();
    message.content =
        Some(wire::observation::Content::Tracks(wire::Tracks { tracks, skipped_still: false }));
    message.encode_to_vec()
}

fn year_ahead(value: &[u8]) -> Vec<u8> {
    let mut message = read(value);
    message.time_us = message.time_us.saturating_add(YEAR_US);
    message.encode_to_vec()
}
