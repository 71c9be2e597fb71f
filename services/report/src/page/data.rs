//! What a report is made of. Plain data; whoever replays fills it in.

use wayside_picture::PixelRect;
use wayside_proto::{EventTime, Gap, Outcome, RoadUserClass, SignalColour, TrackId};

/// Everything that the report shows.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportData {
    /// Title of the page; the site's name where empty.
    pub title: String,
    /// The camera.
    pub camera: String,
    /// Name of the recording or tracks file, without folders; none where there was none.
    pub video: Option<String>,
    /// First and last instant that was looked at.
    pub span: Span,
    /// Frames that were processed.
    pub frames: u64,
    /// Seconds of footage for each second of work; none where that was not measured.
    pub speed: Option<f64>,
    /// What was counted.
    pub counts: Counts,
    /// Phases of each signal group, in the order of the site file.
    pub signals: Vec<SignalTimeline>,
    /// Violations with their stills, in the order of their time. A void among them is listed with
    /// the voids.
    pub outcomes: Vec<OutcomeCard>,
    /// Events at which a rule abstained, in the order of their time.
    pub voids: Vec<Outcome>,
    /// Spans that were not looked at.
    pub gaps: Vec<Gap>,
    /// Paths of all tracks.
    pub tracks: Vec<TrackPath>,
    /// Flow and occupancy of each lane.
    pub lane_flows: Vec<LaneFlow>,
    /// People who stepped on a crossing on red: counts, never violations. Empty where the rule did
    /// not run.
    pub pedestrian_on_red: Vec<PedestrianCount>,
    /// Why the result must not be relied on at all, for example because a model was made for other
    /// footage; none where nothing speaks against it. Stands above everything else.
    pub unfit: Option<String>,
    /// What limits the result, one sentence each.
    pub warnings: Vec<String>,
    /// What the detector looked at; none without a detector.
    pub tiles: Option<TilesView>,
    /// SHA-256 of inputs and outputs.
    pub digests: Vec<Digest>,
    /// Models that were used.
    pub models: Vec<ModelNote>,
    /// Version of the program.
    pub program_version: String,
    /// Whether the replay was interrupted.
    pub partial: bool,
    /// Notices about footage and models, one sentence each.
    pub notices: Vec<String>,
}

/// A span of time, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First instant.
    pub from: EventTime,
    /// Last instant.
    pub to: EventTime,
}

/// What was counted over the whole span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tracks of each class.
    pub tracks: Vec<ClassCount>,
    /// Vehicles that crossed a stop line lawfully.
    pub lawful_crossings: u64,
}

/// Tracks of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassCount {
    /// The class.
    pub class: RoadUserClass,
    /// How many tracks.
    pub count: u64,
}

/// Phases of one signal group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalTimeline {
    /// Id of the signal group.
    pub group: String,
    /// Phases in the order of time; what lies between them is unknown.
    pub phases: Vec<Phase>,
}

/// One phase of a signal group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phase {
    /// First instant.
    pub from: EventTime,
    /// First instant of what follows.
    pub to: EventTime,
    /// The state; none where it is not known.
    pub state: Option<SignalColour>,
}

/// A violation with its pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeCard {
    /// The rule's conclusion.
    pub outcome: Outcome,
    /// Before the line, at the line, in the conflict area; or what there is.
    pub stills: Vec<Still>,
}

/// A redacted still (PV-1).
#[derive(Clone, PartialEq, Eq)]
pub struct Still {
    /// Where, when and at which signal state, in words.
    pub caption: String,
    /// JPEG, as [`crate::encode_still`] makes it.
    pub jpeg: Vec<u8>,
}

impl std::fmt::Debug for Still {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Still({:?}, {} bytes)", self.caption, self.jpeg.len())
    }
}

/// Where a track went.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackPath {
    /// The track.
    pub id: TrackId,
    /// Its class in the end.
    pub class: RoadUserClass,
    /// Instant and front point (x east, y north, metres), in the order of time.
    pub points_m: Vec<(EventTime, [f64; 2])>,
}

/// Traffic on one lane over the whole span.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneFlow {
    /// Id of the lane.
    pub lane: String,
    /// Vehicles that passed.
    pub vehicles: u64,
    /// Vehicles an hour; none where the span is too short to say.
    pub per_hour: Option<f64>,
    /// Share of time in which a vehicle stood or drove over the counting point, 0 to 1.
    pub occupancy: Option<f64>,
}

/// People who stepped on one crossing on red.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PedestrianCount {
    /// Id of the crossing.
    pub crossing: String,
    /// How many.
    pub count: u64,
}

/// The parts of the picture that the detector looked at. Shares are 0 to 1; none where the site
/// file has nothing of the kind in view.
#[derive(Clone, Debug, PartialEq)]
pub struct TilesView {
    /// Size of the picture, pixels.
    pub width: u32,
    /// Size of the picture, pixels.
    pub height: u32,
    /// The parts.
    pub tiles: Vec<Tile>,
    /// Share of the road at which a car is at least 16 pixels high in the model's input.
    pub road: Option<f64>,
    /// Share of the road at which a car is at least 40 pixels high in the model's input.
    pub road_large: Option<f64>,
    /// Share of the places where a person can stand at which a person is at least 16 pixels high
    /// in the model's input.
    pub people: Option<f64>,
    /// As `people`, at least 24 pixels high.
    pub people_large: Option<f64>,
    /// A redacted still (PV-1) of the whole picture as JPEG.
    pub still: Option<Vec<u8>>,
}

/// One part of the picture that the detector looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tile {
    /// The part, pixels of the picture.
    pub rect: PixelRect,
    /// Pixels of the model's input for each pixel of the picture.
    pub scale: f64,
    /// Lowest and highest car in the model's input, pixels, where no other part shows it better;
    /// none where there is no such place.
    pub car_px: Option<[f64; 2]>,
    /// Share of the road, as [`TilesView::road`].
    pub road: Option<f64>,
    /// Share of the places of people, as [`TilesView::people`].
    pub people: Option<f64>,
}

/// SHA-256 of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// What the file is, for example `Video`.
    pub name: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// A model that was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelNote {
    /// Name.
    pub name: String,
    /// What it was used for, for example `finds road users`.
    pub purpose: String,
    /// What footage it was trained for, for example `real roads`.
    pub made_for: String,
    /// Licence.
    pub licence: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}
