//! People on crossings: positions for `crossing_yield`, and the count of those who step on on red.
//!
//! A person is an anonymous track inside one camera. What is kept of it is on which crossing it is
//! and since when; nothing of it outlives the track but a time in the count.

use std::collections::{BTreeMap, VecDeque};

use wayside_proto::{EventTime, SignalColour};
use wayside_site::geometry::Vec2;

use super::PedestrianCount;
use crate::map::{Crossing, Map};
use crate::signals::{SignalAt, SignalHistory};
use crate::track::Sample;

/// How far from the kerb a person has stepped on for certain, metres.
const STEPPED_ON_M: f64 = 1.0;
/// How long a person may be off the band and still be on the same walk, seconds.
const OFF_S_MAX: f64 = 2.0;
/// Times listed for one crossing.
const TIMES_MAX: usize = 10_000;
/// Of those who stepped on a crossing on red, as many as wait to be told; the oldest goes first.
const FRESH_MAX: usize = 64;
/// Crossings that one person is on at a time.
const BANDS_MAX: usize = 4;

/// On which crossings a person is.
#[derive(Clone, Debug, Default)]
pub(crate) struct PersonMemory {
    bands: Vec<Band>,
}

#[derive(Clone, Copy, Debug)]
struct Band {
    crossing: usize,
    since: EventTime,
    last: EventTime,
    stepped_on: SteppedOn,
    /// The person was on the band when the track began.
    born: bool,
    counted: bool,
}

/// What the person's signal showed when the person stepped on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SteppedOn {
    /// There is no signal, or it was not red.
    Freely,
    /// Red.
    OnRed,
    /// Not known.
    Unknown,
}

/// A person on a crossing's band, now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PersonOnBand {
    pub(crate) crossing: usize,
    pub(crate) point: Vec2,
    /// From the first kerb, metres.
    pub(crate) along_m: f64,
    /// 1.96 standard deviations of it.
    pub(crate) along_margin_m: f64,
    /// 1.96 standard deviations of the position, in its worst direction along or across.
    pub(crate) margin_m: f64,
    pub(crate) stepped_on: SteppedOn,
}

/// The count, and who is on a band in the observation at hand.
#[derive(Debug, Default)]
pub(crate) struct People {
    pub(crate) on_bands: Vec<PersonOnBand>,
    counts: BTreeMap<usize, PedestrianCount>,
    /// Crossing and time of those who were counted since somebody asked.
    fresh: VecDeque<(usize, EventTime)>,
}

impl People {
    /// Takes a measured state of a person; `first` where the track begins with it.
    pub(crate) fn walk(
        &mut self,
        map: &Map,
        signals: &SignalHistory,
        memory: &mut PersonMemory,
        now: &Sample,
        first: bool,
    ) {
        let point = now.centre();
        memory.bands.retain(|band| now.time.since_s(band.last) <= OFF_S_MAX);
        for (index, crossing) in map.crossings.iter().enumerate() {
            if !crossing.bounds.contains(point) || !crossing.band.contains(point) {
                continue;
            }
            let known = memory.bands.iter().position(|band| band.crossing == index);
            if known.is_none() {
                if memory.bands.len() >= BANDS_MAX {
                    continue;
                }
                let stepped_on = stepped_on(signals, crossing, now.time, first);
                let (since, last) = (now.time, now.time);
                let band =
                    Band { crossing: index, since, last, stepped_on, born: first, counted: false };
                memory.bands.push(band);
            }
            let place = known.unwrap_or(memory.bands.len() - 1);
            let Some(band) = memory.bands.get_mut(place) else { continue };
            band.last = now.time;
            let along_m = (point - crossing.kerb).dot(&crossing.along);
            let along = crossing.along;
            let along_margin_m = 1.96 * now.cov.sigma_along(along.x, along.y);
            let across_margin_m = 1.96 * now.cov.sigma_along(-along.y, along.x);
            self.on_bands.push(PersonOnBand {
                crossing: index,
                point,
                along_m,
                along_margin_m,
                margin_m: along_margin_m.max(across_margin_m),
                stepped_on: band.stepped_on,
            });
            let from_kerb = along_m.min(crossing.length_m - along_m);
            if from_kerb >= STEPPED_ON_M.min(crossing.length_m / 2.0) && !band.counted {
                band.counted = true;
                let (since, born) = (band.since, band.born);
                if !born && on_red_beyond_grace(map, signals, crossing, since) {
                    let count = self.counts.entry(index).or_default();
                    count.count += 1;
                    if self.fresh.len() >= FRESH_MAX {
                        self.fresh.pop_front();
                    }
                    self.fresh.push_back((index, since));
                    if count.times.len() < TIMES_MAX {
                        count.times.push(since.to_string());
                    }
                }
            }
        }
    }

    /// Crossing and time of those who stepped on one on red since the last call.
    pub(crate) fn take_fresh(&mut self, map: &Map) -> Vec<(String, EventTime)> {
        let name = |index: usize| map.crossings.get(index).map(|crossing| crossing.id.clone());
        self.fresh.drain(..).filter_map(|(index, since)| Some((name(index)?, since))).collect()
    }

    pub(crate) fn counts(&self, map: &Map) -> BTreeMap<String, PedestrianCount> {
        if map.rules.pedestrian_on_red.is_none() {
            return BTreeMap::new();
        }
        let crossings = map.crossings.iter().enumerate();
        crossings
            .filter(|(_, crossing)| crossing.group.is_some())
            .map(|(index, crossing)| {
                (crossing.id.clone(), self.counts.get(&index).cloned().unwrap_or_default())
            })
            .collect()
    }
}

fn stepped_on(
    signals: &SignalHistory,
    crossing: &Crossing,
    time: EventTime,
    born: bool,
) -> SteppedOn {
    let Some(group) = &crossing.group else { return SteppedOn::Freely };
    match signals.state_at(group, time) {
        SignalAt::Unknown(_) => SteppedOn::Unknown,
        SignalAt::Known(known) if known.state != SignalColour::Red => SteppedOn::Freely,
        SignalAt::Known(_) if born => SteppedOn::Unknown,
        SignalAt::Known(_) => SteppedOn::OnRed,
    }
}

fn on_red_beyond_grace(
    map: &Map,
    signals: &SignalHistory,
    crossing: &Crossing,
    time: EventTime,
) -> bool {
    let (Some(group), Some(limits)) = (&crossing.group, &map.rules.pedestrian_on_red) else {
        return false;
    };
    let red = signals.state_at(group, time).known().filter(|k| k.state == SignalColour::Red);
    red.is_some_and(|known| time.since_s(known.recorded) > limits.grace_s)
}
