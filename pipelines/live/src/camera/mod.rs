//! One camera: what comes in, and what is to be done about it.

mod away;
mod health;
mod link;
mod picture;

use wayside_picture::Detection;
use wayside_proto::{
    BoxPx, Content, EventTime, FrameCounts, Gap, GapCause, Observation, RoadUserClass,
};
use wayside_tracking::Tracker;
use wayside_watch::{Change, Condition, Gate, Watch};

use crate::action::{Action, Observed};
use crate::clock::{CaptureClock, Stamp, Verdict};
use crate::config::CameraConfig;
use crate::decoding::{Decoding, Entry};
use crate::now::Now;
use crate::queue::{Queue, Slot, Ticket};
use crate::rate::Rate;
use crate::reconnect::Reconnect;
use away::Away;
use health::Told;
pub use link::Ended;
use link::Link;

/// Slots that may wait for the detector; beyond it frames are dropped.
const SLOTS_MAX: usize = 512;

/// A compressed frame that has arrived.
#[derive(Clone, Copy, Debug)]
pub struct Arrived {
    /// Its RTP timestamp, unwrapped, 90,000 a second.
    pub rtp: i64,
    /// When its last packet came.
    pub at: Now,
    /// Why it was not handed to the decoder; none where it was.
    pub dropped: Option<GapCause>,
}

/// The core of one camera.
#[derive(Debug)]
pub struct Camera {
    config: CameraConfig,
    tracker: Tracker,
    watch: Watch,
    gate: Option<Gate>,
    clock: CaptureClock,
    reconnect: Reconnect,
    link: Link,
    decoding: Decoding,
    queue: Queue,
    /// Whether a picture is out of `decoding` and not yet in `queue`.
    in_hand: bool,
    rate: Rate,
    away: Option<Away>,
    /// Time of the last observation, or of the last slot in the queue.
    last: Option<EventTime>,
    last_stamp: Option<Stamp>,
    detections: Vec<Detection>,
    sequence: u64,
    next_ticket: u64,
    frames: FrameCounts,
    told: Told,
    /// Whether observations say who is in the picture.
    tells_road_users: bool,
    actions: Vec<Action>,
}

impl Camera {
    /// A camera that has not been reached yet. `seen_until` is the time of the last observation of an
    /// earlier run, from where on nobody looked.
    #[must_use]
    pub fn new(
        config: CameraConfig,
        tracker: Tracker,
        watch: Watch,
        gate: Option<Gate>,
        seen_until: Option<EventTime>,
        now: Now,
    ) -> Self {
        let clock = CaptureClock::new(config.clock);
        let reconnect = Reconnect::new(now.mono_us, config.spread_us);
        let mut camera = Self {
            config,
            tracker,
            watch,
            gate,
            clock,
            reconnect,
            link: Link::Closed,
            decoding: Decoding::default(),
            queue: Queue::default(),
            in_hand: false,
            rate: Rate::default(),
            away: None,
            last: seen_until,
            last_stamp: None,
            detections: Vec::new(),
            sequence: 0,
            next_ticket: 0,
            frames: FrameCounts::default(),
            told: Told::default(),
            tells_road_users: false,
            actions: Vec::new(),
        };
        camera.leave(GapCause::Lost, "not reached yet".to_owned(), now);
        camera
    }

    /// A compressed frame has arrived. Returns its capture instant, for the evidence ring.
    pub fn arrived(&mut self, frame: Arrived) -> EventTime {
        let Arrived { rtp, at, dropped } = frame;
        self.frames.received += 1;
        self.link.unit(at.mono_us, dropped);
        self.clock.arrived(rtp, at.wall);
        let stamp = self.stamp(rtp, at);
        let entry = Entry { stamp, arrived_us: at.mono_us, dropped };
        if let Some(given_up) = self.decoding.push(rtp, entry) {
            self.give_up(given_up, at.mono_us);
        }
        self.settle(at);
        stamp.time
    }

    /// A sender report has arrived.
    pub fn report(&mut self, ntp: EventTime, rtp: i64, at: Now) {
        let time = self.clock.estimate(at.wall);
        let change = match self.clock.report(ntp, rtp, at.wall) {
            Verdict::Bad(text) => self.watch.set(Condition::Clock, text, time),
            Verdict::Good => self.watch.clear(Condition::Clock, time),
            Verdict::Settling => None,
        };
        self.changed(change, at);
    }

    /// What the detector found in a frame, or why it failed.
    pub fn detected(&mut self, ticket: Ticket, found: Result<Vec<Detection>, String>, now: Now) {
        match found {
            Ok(detections) => {
                self.queue.detected(ticket, detections);
            }
            Err(cause) => {
                self.queue.dropped(ticket, GapCause::StoodDown, now.mono_us);
                self.forget_reference();
                self.told.detail = format!("the detector failed: {cause}");
            }
        }
        self.drain(now, false);
    }

    /// A frame gave way to a newer one before the detector got to it.
    pub fn displaced(&mut self, ticket: Ticket, now: Now) {
        // The newer one is what the gate compares with, and will be looked at: to open the gate here
        // would feed the overload with what it came from.
        self.queue.dropped(ticket, GapCause::Overload, now.mono_us);
        self.drain(now, false);
    }

    /// Time has passed. To be called a few times a second.
    pub fn tick(&mut self, now: Now) {
        self.look_at_link(now);
        self.settle(now);
        self.stay_away(now);
        self.drain(now, false);
        self.report_health(now, false);
    }

    /// The worker ends, or lets go of the camera. What is under way becomes a gap.
    pub fn stop(&mut self, now: Now) {
        for entry in self.decoding.drain() {
            self.give_up(
                Entry { dropped: entry.dropped.or(Some(GapCause::Lost)), ..entry },
                now.mono_us,
            );
        }
        for ticket in self.queue.tickets() {
            self.queue.dropped(ticket, GapCause::Overload, now.mono_us);
        }
        self.drain(now, true);
        self.leave(GapCause::Lost, "stopped".to_owned(), now);
        self.report_health(now, true);
    }

    /// Whether observations from here on say all that is known to be in the frame.
    pub fn tell_road_users(&mut self, tell: bool) {
        self.tells_road_users = tell;
    }

    /// What is to be done, in order.
    pub fn actions(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }

    /// What became of the frames so far.
    #[must_use]
    pub fn frames(&self) -> FrameCounts {
        let under_way = self.decoding.len() as u64 + u64::from(self.in_hand) + self.queue.frames();
        FrameCounts { under_way, ..self.frames }
    }

    /// Camera's clock minus its reference, microseconds, where it tells its time.
    #[must_use]
    pub fn clock_offset_us(&self) -> Option<i64> {
        self.clock.offset_us()
    }

    /// The capture instant of a frame that would be taken now.
    #[must_use]
    pub fn time(&self, now: Now) -> EventTime {
        self.clock.estimate(now.wall)
    }

    /// Why the camera's rules are stood down.
    pub fn stood_down(&self) -> impl Iterator<Item = Condition> + '_ {
        self.watch.active()
    }

    fn stamp(&mut self, rtp: i64, at: Now) -> Stamp {
        let unknown = Stamp {
            time: at.wall,
            source: wayside_proto::ClockSource::Arrival,
            uncertainty_us: u32::MAX,
        };
        let stamp = self.clock.stamp(rtp).unwrap_or(unknown);
        self.last_stamp = Some(stamp);
        stamp
    }

    /// Frames that will not come out of the decoder become gaps.
    fn settle(&mut self, now: Now) {
        for entry in self.decoding.settled(now.mono_us) {
            self.give_up(entry, now.mono_us);
        }
    }

    fn give_up(&mut self, entry: Entry, now_us: u64) {
        let cause = entry.dropped.unwrap_or(GapCause::Undecodable);
        self.push_gap(entry.stamp.time, entry.stamp.time, cause, 1, now_us);
    }

    /// Adds a gap behind everything else; time never runs backwards.
    fn push_gap(
        &mut self,
        from: EventTime,
        to: EventTime,
        cause: GapCause,
        frames: u32,
        now_us: u64,
    ) {
        // Where nothing came between, the gap reaches back to what was seen last.
        let silent = |last| self.away.is_some() || self.rate.is_gap(last, from);
        let from = self.last.map_or(from, |last| if silent(last) { last } else { from.max(last) });
        let to = to.max(from);
        self.queue.push_gap(Gap { from, to, cause, frames }, now_us);
        self.last = Some(to);
    }

    fn forget_reference(&mut self) {
        if let Some(gate) = &mut self.gate {
            gate.forget();
        }
    }

    fn changed(&mut self, changes: impl IntoIterator<Item = Change>, now: Now) {
        for change in changes {
            self.told.change(change);
            self.report_health(now, true);
        }
    }

    /// Publishes what is settled.
    fn drain(&mut self, now: Now, all: bool) {
        while let Some(slot) = self.queue.pop(now.mono_us, all) {
            let is_gap = matches!(slot, Slot::Gap { .. });
            let (observation, arrived_us) = match slot {
                Slot::Detected { stamp, arrived_us, detections } => {
                    let tracks = self.tracker.step(stamp.time, &detections);
                    self.detections = detections;
                    self.frames.looked += 1;
                    let content = Content::Tracks { tracks, skipped_still: false };
                    (self.observation(stamp, content), Some(arrived_us))
                }
                // Nothing has moved since the last detections, so they hold for this frame too.
                Slot::Still { stamp, arrived_us } => {
                    let tracks = self.tracker.step(stamp.time, &self.detections);
                    self.frames.still += 1;
                    let content = Content::Tracks { tracks, skipped_still: true };
                    (self.observation(stamp, content), Some(arrived_us))
                }
                Slot::Gap { gap, .. } => (self.gap(gap), None),
                Slot::Detecting { .. } => continue,
            };
            let road_users = (self.tells_road_users && !is_gap).then(|| self.road_users());
            self.actions.push(Action::Observe(Observed { observation, arrived_us, road_users }));
        }
    }

    /// Everything that is known to be in the frame that was judged last.
    fn road_users(&self) -> Vec<(RoadUserClass, BoxPx)> {
        let mut all = self.tracker.boxes();
        // What the tracker did not take up may still be a person.
        all.extend(self.detections.iter().map(|found| (found.class, found.box_px)));
        all
    }

    fn gap(&mut self, gap: Gap) -> Observation {
        self.tracker.gap(gap.to);
        self.frames.add_gap(gap.cause, gap.frames.into());
        let stamp = Stamp {
            time: gap.to,
            ..self.last_stamp.unwrap_or(Stamp {
                time: gap.to,
                source: wayside_proto::ClockSource::Arrival,
                uncertainty_us: u32::MAX,
            })
        };
        self.observation(stamp, Content::Gap(gap))
    }

    fn observation(&mut self, stamp: Stamp, content: Content) -> Observation {
        let sequence = self.sequence;
        self.sequence += 1;
        Observation {
            site: self.config.site.clone(),
            camera: self.config.camera.clone(),
            run: self.config.run.clone(),
            sequence,
            time: stamp.time,
            clock_source: stamp.source,
            clock_uncertainty_us: stamp.uncertainty_us,
            content,
        }
    }
}
