//! What the streaming threads of a session share.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use wayside_proto::EventTime;

use super::event::Arrival;
use super::gate::Gate;
use super::nal::Codec;
use super::outlet::Outlet;
use super::rtcp::Report;
use super::stamps::Stamps;
use crate::reader::Ledger;

/// Units between their first packet and their picture at most.
const UNDERWAY_MAX: usize = 256;

/// Reports kept until the stream that they are about is known.
const EARLY_REPORTS_MAX: usize = 8;

/// A unit from its first packet on.
#[derive(Clone, Copy, Debug)]
struct Underway {
    rtp: i64,
    arrival: Arrival,
    /// Whether it came out of the parser, or was told of.
    accounted: bool,
}

/// Everything the probes write down.
pub(super) struct Shared {
    pub(super) outlet: Outlet,
    stream: Mutex<Stream>,
    ledger: Mutex<Ledger>,
}

/// The video stream so far.
pub(super) struct Stream {
    /// None until the stream is linked.
    pub(super) gate: Option<Gate>,
    pub(super) codec: Option<Codec>,
    pub(super) ssrc: Option<u32>,
    pub(super) stamps: Stamps,
    /// Units of which packets came in.
    underway: VecDeque<Underway>,
    pub(super) early_reports: VecDeque<(Report, Arrival)>,
    units: u64,
    pub(super) frames: u64,
    /// Name of the decoder's factory, and whether it is hardware.
    pub(super) decoder: Option<(String, bool)>,
    /// Which of the streams on offer was chosen.
    pub(super) selected: Option<u32>,
    /// Encodings of the video streams that cannot be read.
    pub(super) unreadable: Vec<String>,
    /// Kinds of the streams that are no video.
    pub(super) others: Vec<String>,
    /// What is wrong with the camera's certificate.
    pub(super) certificate: Option<String>,
}

impl Shared {
    pub(super) fn new(outlet: Outlet) -> Self {
        Self {
            outlet,
            stream: Mutex::new(Stream {
                gate: None,
                codec: None,
                ssrc: None,
                stamps: Stamps::default(),
                underway: VecDeque::new(),
                early_reports: VecDeque::new(),
                units: 0,
                frames: 0,
                decoder: None,
                selected: None,
                unreadable: Vec::new(),
                others: Vec::new(),
                certificate: None,
            }),
            ledger: Mutex::new(Ledger::default()),
        }
    }

    /// Never held while an event is sent.
    pub(super) fn stream(&self) -> MutexGuard<'_, Stream> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl crate::reader::Listener for Shared {
    fn complained(&self, text: &str) {
        self.ledger().complained(text);
    }
}

impl Stream {
    /// The first packet of a unit came in.
    pub(super) fn unit_arrived(&mut self, rtp: i64, arrival: Arrival) {
        if self.underway.len() >= UNDERWAY_MAX {
            self.underway.pop_front();
        }
        self.underway.push_back(Underway { rtp, arrival, accounted: false });
    }

    /// When the unit came in.
    pub(super) fn arrival_of(&self, rtp: i64) -> Option<Arrival> {
        self.underway.iter().rev().find(|unit| unit.rtp == rtp).map(|unit| unit.arrival)
    }

    /// A unit came out of the parser: those that came in before it and never will.
    pub(super) fn account(&mut self, rtp: i64) -> Vec<(i64, Arrival)> {
        let Some(at) = self.underway.iter().rposition(|unit| unit.rtp == rtp) else {
            return Vec::new();
        };
        let mut swallowed = Vec::new();
        // From the end: most are accounted for already.
        for unit in self.underway.iter_mut().take(at + 1).rev() {
            if unit.accounted {
                break;
            }
            unit.accounted = true;
            if unit.rtp != rtp {
                swallowed.push((unit.rtp, unit.arrival));
            }
        }
        swallowed.reverse();
        swallowed
    }

    /// Number of the next unit.
    pub(super) fn next_index(&mut self) -> u64 {
        self.units += 1;
        self.units - 1
    }

    pub(super) fn keep_report(&mut self, report: Report, arrival: Arrival) {
        if self.early_reports.len() >= EARLY_REPORTS_MAX {
            self.early_reports.pop_front();
        }
        self.early_reports.push_back((report, arrival));
    }
}

/// This instant on both clocks.
pub(super) fn now() -> Arrival {
    Arrival { wall: wall(), mono: Instant::now() }
}

/// An instant of the past on both clocks.
pub(super) fn arrival_at(mono: Instant) -> Arrival {
    let ago = i64::try_from(mono.elapsed().as_micros()).unwrap_or(0);
    Arrival { wall: EventTime(wall().0.saturating_sub(ago)), mono }
}

fn wall() -> EventTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    EventTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
