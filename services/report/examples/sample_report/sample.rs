//! Sample data: the example junction with its signals, tracks and a few events.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use wayside_picture::{Matrix, Picture, PixelRect};
use wayside_proto::{
    CameraId, EventTime, Gap, GapCause, MotorVehicleClass, Outcome, OutcomeId, Quantity,
    RoadUserClass, RunId, Signal, SignalColour, TrackId, TrackState, Unit, Verdict, VoidCause,
};
use wayside_report::{
    ClassCount, Counts, Digest, LaneFlow, ModelNote, OutcomeCard, PedestrianCount, Phase,
    ReportData, SignalTimeline, Span, Still, Tile, TilesView, TrackPath, encode_still,
};
use wayside_site::Site;
use wayside_site::geometry::Vec2;

use crate::tracks::{made_up_tracks, read_tracks};

/// Frames a second of the example's clip.
pub const FPS: f64 = 12.5;
/// Length of the example's clip, seconds.
const LENGTH_S: f64 = 84.32;

pub type Failure = Box<dyn Error>;

/// The example junction and what moved there.
pub struct Sample {
    /// The site.
    pub site: Site,
    states: BTreeMap<u64, Vec<(f64, TrackState)>>,
    phases: BTreeMap<String, Vec<(f64, SignalColour)>>,
    frames: Option<PathBuf>,
}

impl Sample {
    /// Reads the example's site and signals, tracks and the place of frames.
    pub fn load(tracks: Option<&Path>, frames: Option<PathBuf>) -> Result<Self, Failure> {
        let junction = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/junction");
        let text = std::fs::read_to_string(junction.join("site.toml"))?;
        let site = Site::parse("site.toml", &text).map_err(|errors| format!("{errors:?}"))?;
        let mut phases: BTreeMap<String, Vec<(f64, SignalColour)>> = BTreeMap::new();
        for line in std::fs::read_to_string(junction.join("signals.csv"))?.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            if let [time, group, state] = fields[..] {
                let state = SignalColour::parse(state).ok_or("a state")?;
                phases.entry(group.to_owned()).or_default().push((time.parse()?, state));
            }
        }
        let states = match tracks {
            Some(path) => read_tracks(&std::fs::read_to_string(path)?)?,
            None => made_up_tracks(),
        };
        Ok(Self { site, states, phases, frames })
    }

    /// Frame of the clip, or a grey one.
    pub fn frame(&self, index: u32) -> Result<Picture, Failure> {
        let path = self.frames.as_ref().map(|dir| dir.join(format!("{index}.png")));
        if let Some(path) = path.filter(|path| path.exists()) {
            let image = image::open(path)?.into_rgb8();
            let (w, h) = image.dimensions();
            return Ok(Picture::from_rgb(w, h, image.as_raw(), Matrix::Bt709)?);
        }
        let grey = vec![96; 1280 * 720 * 3];
        Ok(Picture::from_rgb(1280, 720, &grey, Matrix::Bt709)?)
    }

    /// Road users at a second of the clip.
    pub fn states_at(&self, second: f64) -> Vec<TrackState> {
        self.states
            .values()
            .filter_map(|states| {
                let near = states
                    .iter()
                    .min_by(|a, b| (a.0 - second).abs().total_cmp(&(b.0 - second).abs()))?;
                ((near.0 - second).abs() < 0.05).then_some(near.1)
            })
            .collect()
    }

    /// Signal states at a second of the clip.
    pub fn signals_at(&self, second: f64) -> Vec<(String, Option<SignalColour>)> {
        let groups = self.site.file().signal_groups.iter();
        groups.map(|group| (group.id.clone(), self.signal_at(&group.id, second).0)).collect()
    }

    fn signal_at(&self, group: &str, second: f64) -> (Option<SignalColour>, f64) {
        let known = self
            .phases
            .get(group)
            .and_then(|phases| phases.iter().rev().find(|(time, _)| *time <= second));
        known.map_or((None, 0.0), |(since, state)| (Some(*state), *since))
    }

    /// Texts of events within a frame of this second.
    pub fn banners_at(&self, second: f64) -> Vec<(String, TrackId)> {
        self.events()
            .into_iter()
            .filter(|event| (0.0..1.0 / FPS).contains(&(second - event.second)))
            .map(|event| (event.banner(), TrackId(event.track)))
            .collect()
    }

    /// Events of the example, with the tracks that are nearest to where they happened.
    fn events(&self) -> Vec<Event> {
        let q = |name, value, low, high, unit| Quantity { name, value, low, high, unit };
        let red = |second, group, value: f64, speed: f64, at, lane, approach| Event {
            rule: "red_light",
            second,
            track: self.nearest(second, at),
            place: approach,
            approach,
            lane,
            group: Some(group),
            quantities: vec![
                q("time_into_red", value, Some(value - 0.09), Some(value + 0.09), Unit::Second),
                q(
                    "speed_at_line",
                    speed,
                    Some(speed * 0.93),
                    Some(speed * 1.07),
                    Unit::MetrePerSecond,
                ),
            ],
        };
        vec![
            red(10.876, "N", 1.876, 6.09, [215.2, 230.4], "Nin_1", "Nin"),
            Event {
                rule: "wrong_way",
                second: 13.04,
                track: self.nearest(13.04, [262.0, 216.0]),
                place: "Eout_1",
                approach: "Eout",
                lane: "Eout_1",
                group: None,
                quantities: vec![
                    q("distance", 24.6, Some(23.1), Some(26.2), Unit::Metre),
                    q("duration", 2.0, Some(1.84), Some(2.16), Unit::Second),
                    q("speed", 11.9, None, None, Unit::MetrePerSecond),
                ],
            },
            red(52.291, "E", 10.291, 16.87, [230.4, 221.6], "Ein_2", "Ein"),
            red(76.907, "S", 1.907, 14.79, [221.6, 209.6], "Sin_2", "Sin"),
        ]
    }

    fn nearest(&self, second: f64, at: [f64; 2]) -> u64 {
        let distance = |t: &TrackState| {
            let [x, y] = t.front_m;
            (x - at[0]) * (x - at[0]) + (y - at[1]) * (y - at[1])
        };
        let tracks = self.states_at(second);
        let motor = tracks.iter().filter(|t| t.class.motor_vehicle().is_some());
        motor.min_by(|a, b| distance(a).total_cmp(&distance(b))).map_or(1, |t| t.id.0)
    }

    fn outcome(&self, event: &Event, verdict: Verdict) -> Outcome {
        let (site, camera) = (self.site.id(), CameraId::from("north"));
        let run = RunId::from("2026-06-01");
        let time = self.site.start().plus_s(event.second);
        let track = TrackId(event.track);
        let id = OutcomeId::derive(&site, &camera, &run, track, event.rule, event.place, time);
        let signal = event.group.and_then(|group| {
            let (state, since) = self.signal_at(group, event.second);
            let since = Some(self.site.start().plus_s(since));
            Some(Signal { group: group.to_owned(), state: state?, since })
        });
        Outcome {
            id,
            rule: event.rule,
            rule_version: 1,
            site,
            camera,
            run,
            track,
            class: MotorVehicleClass::Car,
            event_time: time,
            place: event.place.to_owned(),
            approach: Some(event.approach.to_owned()),
            lane: Some(event.lane.to_owned()),
            quantities: event.quantities.clone(),
            signal,
            verdict,
        }
    }

    fn stills(&self, event: &Event) -> Result<Vec<Still>, Failure> {
        let captions = ["Before the line", "At the line", "In the conflict area"];
        let mut out = Vec::new();
        for (caption, shift) in captions.into_iter().zip([-0.9, 0.0, 1.2]) {
            let index = ((event.second + shift) * FPS).round().max(0.0) as u32;
            let second = f64::from(index) / FPS;
            let picture = self.frame(index)?;
            let crop = self.crop(event.track, second, &picture);
            let signal = match event.group {
                Some(group) => format!(
                    ", {group} {}",
                    self.signal_at(group, second).0.map_or("unknown", SignalColour::as_str)
                ),
                None => String::new(),
            };
            let caption = format!("{caption}, {:+.2} s{signal}", second - event.second);
            out.push(Still { caption, jpeg: encode_still(&picture, crop, 640) });
        }
        Ok(out)
    }

    /// A part of the picture of 16 to 9 around a vehicle.
    fn crop(&self, track: u64, second: f64, picture: &Picture) -> PixelRect {
        let state = self.states_at(second).into_iter().find(|t| t.id.0 == track);
        let spot = state.and_then(|t| {
            let camera = self.site.camera_model("north")?;
            camera.project(Vec2::new(t.front_m[0], t.front_m[1]), 0.7)
        });
        let [x, y] = spot.unwrap_or([640.0, 360.0]);
        let (w, h) = (480, 270);
        let place = |at: f64, size: u32, whole: u32| {
            (at.max(0.0) as u32).saturating_sub(size / 2).min(whole.saturating_sub(size))
        };
        let (x, y) = (place(x, w, picture.width), place(y, h, picture.height));
        PixelRect { x, y, width: w, height: h }
    }

    /// A report with everything in it.
    pub fn report(&self) -> Result<ReportData, Failure> {
        let mut data = self.empty_report();
        let start = self.site.start();
        for event in self.events() {
            let outcome = self.outcome(&event, Verdict::Violation);
            data.outcomes.push(OutcomeCard { outcome, stills: self.stills(&event)? });
        }
        data.voids = self.voids();
        data.gaps = vec![Gap {
            from: start.plus_s(61.2),
            to: start.plus_s(62.0),
            cause: GapCause::Undecodable,
            frames: 0,
        }];
        data.tracks = self.paths();
        for class in RoadUserClass::ALL {
            let count = data.tracks.iter().filter(|t| t.class == class).count() as u64;
            data.counts.tracks.push(ClassCount { class, count });
        }
        data.counts.lawful_crossings = 31;
        let lanes = self.site.file().lanes.iter().enumerate();
        data.lane_flows = lanes
            .map(|(i, lane)| LaneFlow {
                lane: lane.id.clone(),
                vehicles: (i as u64 * 7 + 3) % 11,
                per_hour: Some(((i as u64 * 7 + 3) % 11) as f64 * 3600.0 / LENGTH_S),
                occupancy: Some((i as f64 * 0.13 + 0.05) % 0.6),
            })
            .collect();
        data.pedestrian_on_red = ["N", "E", "S", "W"]
            .into_iter()
            .zip([2, 0, 1, 0])
            .map(|(crossing, count)| PedestrianCount { crossing: crossing.to_owned(), count })
            .collect();
        data.warnings = vec![
            "0.8 s of the recording could not be decoded; events there are not decided.".to_owned(),
        ];
        let whole = PixelRect { x: 0, y: 0, width: 1280, height: 720 };
        data.tiles = Some(TilesView {
            width: 1280,
            height: 720,
            tiles: [(0, 250, 416), (380, 250, 416), (760, 250, 416), (300, 300, 420), (0, 0, 700)]
                .into_iter()
                .map(|(x, y, side)| Tile {
                    rect: PixelRect { x, y, width: side, height: side },
                    scale: 416.0 / f64::from(side),
                    car_px: (side != 420).then_some([28.0, 0.12 * f64::from(side)]),
                    road: Some(f64::from(side) / 2000.0),
                    people: Some(f64::from(side) / 1500.0),
                })
                .collect(),
            road: Some(0.95),
            road_large: Some(0.31),
            people: Some(1.0),
            people_large: Some(0.84),
            still: Some(encode_still(&self.frame(136)?, whole, 960)),
        });
        data.models = vec![ModelNote {
            name: "YOLOX-nano".to_owned(),
            purpose: "finds road users".to_owned(),
            made_for: "real roads".to_owned(),
            licence: "Apache-2.0".to_owned(),
            sha256: "695e750a5d57".repeat(5) + "abcd",
        }];
        Ok(data)
    }

    fn voids(&self) -> Vec<Outcome> {
        let void = |second, rule, track, lane, cause, detail: &str, quantities| {
            let group = Some("E");
            let (approach, place) = ("Ein", "Ein");
            let event = Event { rule, second, track, place, approach, lane, group, quantities };
            self.outcome(&event, Verdict::Void { cause, detail: detail.to_owned() })
        };
        let narrow = Quantity {
            name: "time_into_red",
            value: 0.34,
            low: Some(0.22),
            high: Some(0.46),
            unit: Unit::Second,
        };
        vec![
            void(
                42.34,
                "red_light",
                31,
                "Ein_1",
                VoidCause::IntervalStraddlesLimit,
                "The limit of 0.30 s lies between 0.22 and 0.46 s.",
                vec![narrow],
            ),
            void(
                61.9,
                "red_light",
                44,
                "Ein_2",
                VoidCause::Gap,
                "10 frames from 61.2 s to 62.0 s could not be decoded.",
                Vec::new(),
            ),
            void(
                84.1,
                "stop_line",
                52,
                "Ein_2",
                VoidCause::RecordingEnded,
                "It had stood for 0.4 s of 1.0 s.",
                Vec::new(),
            ),
        ]
    }

    fn paths(&self) -> Vec<TrackPath> {
        let start = self.site.start();
        self.states
            .iter()
            .filter_map(|(id, states)| {
                let class = states.first()?.1.class;
                let points_m = states.iter().map(|(t, s)| (start.plus_s(*t), s.front_m)).collect();
                Some(TrackPath { id: TrackId(*id), class, points_m })
            })
            .collect()
    }

    fn timelines(&self) -> Vec<SignalTimeline> {
        let at = |second: f64| self.site.start().plus_s(second);
        let groups = self.site.file().signal_groups.iter();
        groups
            .filter_map(|group| {
                let changes = self.phases.get(&group.id)?;
                let ends = changes.iter().skip(1).map(|c| c.0).chain([LENGTH_S]);
                let phases = changes
                    .iter()
                    .zip(ends)
                    .map(|((from, state), to)| Phase {
                        from: at(*from),
                        to: at(to),
                        state: Some(*state),
                    })
                    .collect();
                Some(SignalTimeline { group: group.id.clone(), phases })
            })
            .collect()
    }

    /// A report of tracks without video: no pictures, no detector.
    pub fn tracks_only_report(&self) -> Result<ReportData, Failure> {
        let mut data = self.report()?;
        data.video = Some("tracks.csv".to_owned());
        data.tiles = None;
        data.models.clear();
        data.partial = true;
        data.outcomes.truncate(2);
        for card in &mut data.outcomes {
            card.stills.clear();
        }
        Ok(data)
    }

    /// A report in which nothing happened.
    pub fn empty_report(&self) -> ReportData {
        let from: EventTime = self.site.start();
        let digest = |name: &str, start: &str| Digest {
            name: name.to_owned(),
            sha256: start.repeat(64 / start.len()),
        };
        ReportData {
            title: String::new(),
            camera: "north".to_owned(),
            video: Some("clip.mp4".to_owned()),
            span: Span { from, to: from.plus_s(LENGTH_S) },
            frames: 1055,
            speed: Some(4.8),
            counts: Counts { tracks: Vec::new(), lawful_crossings: 14 },
            signals: self.timelines(),
            outcomes: Vec::new(),
            voids: Vec::new(),
            gaps: Vec::new(),
            tracks: Vec::new(),
            lane_flows: Vec::new(),
            pedestrian_on_red: Vec::new(),
            unfit: None,
            warnings: Vec::new(),
            tiles: None,
            digests: vec![
                digest("Video", "0f3a91c7"),
                digest("Site file", "77aa01be"),
                digest("Signals", "c0ffee42"),
                digest("Observations", "12345678"),
                digest("Violations", "9abcdef0"),
            ],
            models: Vec::new(),
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            partial: false,
            notices: vec![
                "The detector was trained on everyday photographs, not on this camera.".to_owned(),
            ],
        }
    }
}

/// One event of the example.
struct Event {
    rule: &'static str,
    second: f64,
    track: u64,
    place: &'static str,
    approach: &'static str,
    lane: &'static str,
    group: Option<&'static str>,
    quantities: Vec<Quantity>,
}

impl Event {
    fn banner(&self) -> String {
        match self.rule {
            "red_light" => {
                format!("red light: car {}, {:.2} s into red", self.track, self.quantities[0].value)
            }
            _ => format!("wrong way: car {}", self.track),
        }
    }
}
