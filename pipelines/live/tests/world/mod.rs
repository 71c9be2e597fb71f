//! A small world around one core: a camera that sends, fails and comes back, a decoder, a detector. Time
//! moves in steps of 10 ms; chance comes from a seed.

use std::collections::{BTreeMap, VecDeque};

use wayside_live::clock::{ClockConfig, Reference};
use wayside_live::{Action, Arrived, Camera, CameraConfig, Ended, Now, Ticket};
use wayside_picture::{Matrix, Picture};
use wayside_proto::{CameraHealth, CameraId, EventTime, GapCause, Observation, RunId, SiteId};
use wayside_site::Site;
use wayside_tracking::{Tracker, TrackerConfig};
use wayside_watch::{Gate, GateConfig, Watch, WatchConfig};

pub const T0: i64 = 1_780_297_200_000_000;
pub const STEP_US: u64 = 10_000;
const SIDE_PX: u32 = 64;
/// How long a packet is on its way, microseconds.
const DELAY_US: u64 = 20_000;

/// What the camera does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Behaviour {
    Good,
    /// Nobody is there.
    Away,
    /// Connections are taken and nothing is said.
    Hung,
    /// Data comes that no decoder reads.
    Garbage,
    /// Packets of this share of frames are lost.
    Lossy(f64),
    /// The camera's clock is off by this many microseconds.
    Clock(i64),
    /// The picture does not change.
    Still,
    /// The password is wrong.
    Refuses,
}

/// Splitmix64: chance that is the same for the same seed.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

pub struct World {
    pub camera: Camera,
    pub observations: Vec<Observation>,
    pub health: Vec<CameraHealth>,
    /// Instants at which sessions were opened.
    pub attempts: Vec<u64>,
    chance: Chance,
    now_us: u64,
    fps: u64,
    detect_us: u64,
    session: Option<Session>,
    decoder: VecDeque<(i64, u64)>,
    looking: Option<(Ticket, u64)>,
    waiting: Option<Ticket>,
}

struct Session {
    opened_us: u64,
    rtp_base: i64,
    sent: u64,
    waits_for_key: bool,
    reported_us: u64,
}

impl World {
    pub fn new(seed: u64, fps: u64, detect_us: u64, seen_until: Option<EventTime>) -> Self {
        let text = include_str!("../../../../examples/junction/site.toml");
        let site = Site::parse("site.toml", text).expect("sound");
        let model = site.camera_model("north").expect("calibrated").clone();
        let tracker = Tracker::new(model, &site.file().lanes, TrackerConfig::default());
        let clock =
            ClockConfig { error_ms_max: 500.0, reference: Reference::Worker, declared_us: 0 };
        let config = CameraConfig {
            site: SiteId::from("junction"),
            camera: CameraId::from("north"),
            run: RunId::from("r1"),
            size_px: (SIDE_PX, SIDE_PX),
            silence_us_max: 2_000_000,
            connect_us_max: 5_000_000,
            spread_us: 0,
            clock,
        };
        let watch = Watch::new(WatchConfig::default(), SIDE_PX, SIDE_PX, None);
        let gate = Gate::new(GateConfig::default(), SIDE_PX, SIDE_PX, &[]);
        let now = Now { mono_us: 0, wall: EventTime(T0) };
        Self {
            camera: Camera::new(config, tracker, watch, Some(gate), seen_until, now),
            observations: Vec::new(),
            health: Vec::new(),
            attempts: Vec::new(),
            chance: Chance(seed),
            now_us: 0,
            fps,
            detect_us,
            session: None,
            decoder: VecDeque::new(),
            looking: None,
            waiting: None,
        }
    }

    /// Frames up to so far apart need no gap between them, seconds.
    pub fn untold_s_max(&self) -> f64 {
        // Half of the frames may be lost, and then the usual interval is twice as long.
        (8.0 / self.fps as f64).max(0.55)
    }

    pub fn now(&self) -> Now {
        Now { mono_us: self.now_us, wall: EventTime(T0 + self.now_us as i64) }
    }

    /// Lets time pass, in which the camera behaves like this.
    pub fn pass(&mut self, seconds: f64, behaviour: Behaviour) {
        let until = self.now_us + (seconds * 1e6) as u64;
        while self.now_us < until {
            self.now_us += STEP_US;
            self.send(behaviour);
            self.decode(behaviour);
            self.detect();
            if self.now_us.is_multiple_of(100_000) {
                self.camera.tick(self.now());
            }
            self.act(behaviour);
        }
    }

    pub fn stop(&mut self) {
        self.camera.stop(self.now());
        self.act(Behaviour::Good);
    }

    fn send(&mut self, behaviour: Behaviour) {
        let now = self.now();
        let Some(session) = &mut self.session else { return };
        match behaviour {
            Behaviour::Away => {
                self.session = None;
                self.camera.ended(Ended::Gone, "gone".to_owned(), self.chance.next(), now);
                return;
            }
            Behaviour::Refuses => {
                self.session = None;
                self.camera.ended(Ended::Refused, "no".to_owned(), self.chance.next(), now);
                return;
            }
            Behaviour::Hung => return,
            _ => {}
        }
        let jump = if let Behaviour::Clock(by) = behaviour { by } else { 0 };
        let since = self.now_us - session.opened_us;
        if session.reported_us == 0 || self.now_us - session.reported_us >= 1_000_000 {
            session.reported_us = self.now_us;
            let ntp = EventTime(T0 + self.now_us as i64 - DELAY_US as i64 + jump);
            let rtp = session.rtp_base + (since as i64 - DELAY_US as i64) * 9 / 100;
            self.camera.report(ntp, rtp, now);
        }
        // A hung camera that wakes sends what it has missed all at once.
        while session.sent * 1_000_000 / self.fps + DELAY_US <= since {
            let taken_us = session.sent * 1_000_000 / self.fps;
            let key = session.sent.is_multiple_of(self.fps * 2);
            session.sent += 1;
            session.waits_for_key &= !key;
            if let Behaviour::Lossy(share) = behaviour
                && self.chance.share() < share
            {
                session.waits_for_key = true;
                if self.chance.share() < 0.5 {
                    // All its packets are lost: nothing arrives.
                    continue;
                }
            }
            let dropped = session.waits_for_key.then_some(GapCause::Lost);
            let rtp = session.rtp_base + taken_us as i64 * 9 / 100;
            self.camera.arrived(Arrived { rtp, at: now, dropped });
            if dropped.is_none() {
                self.decoder.push_back((rtp, self.now_us + 5_000));
            }
        }
    }

    fn decode(&mut self, behaviour: Behaviour) {
        while let Some((rtp, ready)) = self.decoder.front().copied()
            && ready <= self.now_us
        {
            self.decoder.pop_front();
            if behaviour != Behaviour::Garbage {
                let level =
                    if behaviour == Behaviour::Still { 120 } else { self.chance.next() as u8 };
                let noise = self.chance.next();
                let picture = picture(level, noise);
                self.camera.picture(rtp, picture, self.now());
                self.act(behaviour);
            }
        }
    }

    fn detect(&mut self) {
        if let Some((ticket, ready)) = self.looking
            && ready <= self.now_us
        {
            self.looking = None;
            let found =
                if self.chance.share() < 0.01 { Err("broken".to_owned()) } else { Ok(vec![]) };
            self.camera.detected(ticket, found, self.now());
        }
        if self.looking.is_none()
            && let Some(ticket) = self.waiting.take()
        {
            self.looking = Some((ticket, self.now_us + self.detect_us));
        }
    }

    fn act(&mut self, behaviour: Behaviour) {
        loop {
            let actions = self.camera.actions();
            if actions.is_empty() {
                return;
            }
            for action in actions {
                self.perform(action, behaviour);
            }
        }
    }

    fn perform(&mut self, action: Action, behaviour: Behaviour) {
        match action {
            Action::Connect => {
                assert!(self.session.is_none(), "a session is open already");
                self.attempts.push(self.now_us);
                self.decoder.clear();
                self.session = Some(Session {
                    opened_us: self.now_us,
                    rtp_base: self.chance.next() as u32 as i64,
                    sent: 0,
                    waits_for_key: false,
                    reported_us: 0,
                });
            }
            Action::Disconnect => {
                self.session = None;
                self.decoder.clear();
            }
            Action::Knock => {
                let answered = behaviour != Behaviour::Away;
                self.camera.knocked(answered, self.now());
            }
            Action::Detect { ticket, .. } => {
                if let Some(displaced) = self.waiting.replace(ticket) {
                    self.camera.displaced(displaced, self.now());
                }
            }
            Action::Still { .. } => {}
            Action::Observe(observed) => self.observations.push(observed.observation),
            Action::Health(health) => self.health.push(*health),
        }
    }

    /// Frames in gaps of each cause that were published.
    pub fn gaps(&self) -> BTreeMap<GapCause, (u64, f64)> {
        let mut gaps: BTreeMap<GapCause, (u64, f64)> = BTreeMap::new();
        for observation in &self.observations {
            if let wayside_proto::Content::Gap(gap) = &observation.content {
                let entry = gaps.entry(gap.cause).or_default();
                entry.0 += u64::from(gap.frames);
                entry.1 += gap.to.since_s(gap.from);
            }
        }
        gaps
    }
}

/// A picture of blocks with a bright one among them that stands where `place` says; `noise` makes it
/// differ a little.
fn picture(place: u8, noise: u64) -> Picture {
    let side = SIDE_PX as usize;
    let (left, top) = (usize::from(place) % 6 * 8, usize::from(place) / 6 % 6 * 8);
    let luma = (0..side * side).map(|at| {
        let (x, y) = (at % side, at / side);
        let block = (x / 8 + y / 8) % 2;
        let grain = (noise.rotate_left((at % 61) as u32) & 1) as u8;
        let bright = (left..left + 16).contains(&x) && (top..top + 16).contains(&y);
        if bright { 220 + grain } else { 60 + (block as u8) * 60 + grain }
    });
    let chroma = || vec![128; side * side / 4];
    Picture::new(SIDE_PX, SIDE_PX, luma.collect(), chroma(), chroma(), Matrix::Bt709)
        .expect("a picture")
}
