//! What a worker's log tells, and whether it tells all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use wayside_bus::{Log, LogOptions, Offset, Stored, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{
    CameraHealth, Content, DeadLetter, EventTime, FrameCounts, Gap, GapCause, Observation, Outcome,
};

/// All that a log holds.
#[derive(Debug, Default)]
pub struct Told {
    pub observations: Vec<Observation>,
    pub health: Vec<CameraHealth>,
    /// Outcomes and their bytes, by id.
    pub outcomes: BTreeMap<String, (Outcome, Vec<u8>)>,
    /// Every byte of every record.
    pub bytes: Vec<u8>,
}

/// Every record of a topic.
pub fn records(log: &Log, topic: Topic) -> Vec<Stored> {
    let mut all: Vec<Stored> = Vec::new();
    loop {
        let next = all.last().map_or(Offset(0), |last| last.offset.next());
        let read = log.read(topic, next, 1_000, 1 << 20).unwrap();
        if read.is_empty() {
            return all;
        }
        all.extend(read);
    }
}

impl Told {
    /// Reads the log of a worker that has ended. No record may be one that nobody can read.
    #[track_caller]
    pub fn read(data: &Path) -> Self {
        let log = Log::open(data, LogOptions::default()).unwrap();
        Self::of(&log)
    }

    #[track_caller]
    pub fn of(log: &Log) -> Self {
        let mut told = Self::default();
        for stored in records(log, Topic::Observations) {
            told.observations.push(Observation::from_bytes(&stored.value).unwrap());
            told.bytes.extend(stored.value);
        }
        for stored in records(log, Topic::Health) {
            told.health.push(CameraHealth::from_bytes(&stored.value).unwrap());
            told.bytes.extend(stored.value);
        }
        for stored in records(log, Topic::Violations) {
            let outcome = Outcome::from_bytes(&stored.value).unwrap();
            let id = outcome.id.to_string();
            assert_eq!(stored.id.as_deref(), Some(id.as_str()));
            let before = told.outcomes.insert(id, (outcome, stored.value.clone()));
            assert!(before.is_none(), "stored twice: {before:?}");
            told.bytes.extend(stored.value);
        }
        let letters = records(log, Topic::DeadLetter);
        let letters: Vec<_> = letters.iter().map(|s| DeadLetter::from_bytes(&s.value)).collect();
        assert!(letters.is_empty(), "{letters:?}");
        told
    }

    /// What was observed of a camera, in the order of the log.
    pub fn of_camera(&self, id: &str) -> Vec<&Observation> {
        self.observations.iter().filter(|observation| observation.camera.0 == id).collect()
    }

    /// The runs of a camera, in order.
    pub fn runs(&self, id: &str) -> Vec<String> {
        let mut runs: Vec<String> = Vec::new();
        for observation in self.of_camera(id) {
            if runs.last() != Some(&observation.run.0) {
                runs.push(observation.run.0.clone());
            }
        }
        runs
    }

    /// The gaps of a camera.
    pub fn gaps(&self, id: &str) -> Vec<Gap> {
        let gap = |observation: &&Observation| match observation.content {
            Content::Gap(gap) => Some(gap),
            Content::Tracks { .. } => None,
        };
        self.of_camera(id).iter().filter_map(gap).collect()
    }

    /// Seconds of a camera's time between two instants that lie in gaps of a cause.
    pub fn unseen_s(&self, id: &str, cause: GapCause, from: EventTime, to: EventTime) -> f64 {
        let of_cause = self.gaps(id).into_iter().filter(|gap| gap.cause == cause);
        of_cause.map(|gap| gap.to.min(to).since_s(gap.from.max(from)).max(0.0)).sum()
    }

    /// The first instant after `then` at which a camera was looked at, or was still.
    pub fn seen_after(&self, id: &str, then: EventTime) -> Option<EventTime> {
        let seen = |observation: &&&Observation| {
            observation.time > then && matches!(observation.content, Content::Tracks { .. })
        };
        self.of_camera(id).iter().find(seen).map(|observation| observation.time)
    }

    /// How many frames between two instants were looked at, or were still.
    pub fn seen_between(&self, id: &str, from: EventTime, to: EventTime) -> usize {
        let seen = |observation: &&&Observation| {
            (from..to).contains(&observation.time)
                && matches!(observation.content, Content::Tracks { .. })
        };
        self.of_camera(id).iter().filter(seen).count()
    }

    /// For what a camera's rules were stood down, in the order in which it was told.
    pub fn conditions(&self, id: &str) -> Vec<String> {
        let of_camera = self.health.iter().filter(|health| health.camera.0 == id);
        let reasons = of_camera.flat_map(|health| &health.stood_down);
        let mut conditions: Vec<String> = reasons.map(|reason| reason.condition.clone()).collect();
        conditions.dedup();
        conditions
    }

    /// The last health of a camera.
    pub fn last_health(&self, id: &str) -> &CameraHealth {
        self.health.iter().rfind(|health| health.camera.0 == id).unwrap()
    }

    /// Asserts that nothing is missing of a camera: the observations of each run are numbered
    /// without a hole and no run comes back, time goes forwards, no more than `untold_s_max`
    /// seconds lie between what is told, and the frames of every health close (EV-3).
    #[track_caller]
    pub fn check(&self, id: &str, untold_s_max: f64) {
        let mut sequence: BTreeMap<&str, u64> = BTreeMap::new();
        let mut over: BTreeSet<&str> = BTreeSet::new();
        let (mut covered, mut run): (Option<EventTime>, Option<&str>) = (None, None);
        for observation in self.of_camera(id) {
            let this = observation.run.0.as_str();
            if let Some(before) = run.filter(|before| *before != this) {
                over.insert(before);
            }
            assert!(!over.contains(this), "{id}: run {this} comes back");
            run = Some(this);
            let next = sequence.entry(this).or_default();
            assert_eq!(observation.sequence, *next, "{id}: a hole in run {this}");
            *next += 1;
            let (from, to) = span(observation);
            if let Some(last) = covered {
                assert!(to >= last, "{id}: time runs backwards from {last} to {to}");
                let untold = from.since_s(last);
                assert!(untold <= untold_s_max, "{id}: nothing is said from {last} to {from}");
            }
            covered = Some(to);
        }
        assert!(covered.is_some(), "{id}: no observations");
        for health in self.health.iter().filter(|health| health.camera.0 == id) {
            assert!(health.frames.closes(), "{id}: {:?}", health.frames);
        }
    }

    /// Asserts that the last health of a camera that was let go in order counts what the log of its
    /// run holds.
    #[track_caller]
    pub fn check_sums(&self, id: &str) {
        let health = self.last_health(id);
        let mut found = FrameCounts { received: health.frames.received, ..FrameCounts::default() };
        for observation in self.of_camera(id) {
            if observation.run != health.run {
                continue;
            }
            match &observation.content {
                Content::Tracks { skipped_still: true, .. } => found.still += 1,
                Content::Tracks { .. } => found.looked += 1,
                Content::Gap(gap) => found.add_gap(gap.cause, gap.frames.into()),
            }
        }
        assert_eq!(health.frames, found, "{id}");
    }
}

/// The span that an observation tells of.
pub fn span(observation: &Observation) -> (EventTime, EventTime) {
    match &observation.content {
        Content::Tracks { .. } => (observation.time, observation.time),
        Content::Gap(gap) => (gap.from, gap.to),
    }
}
