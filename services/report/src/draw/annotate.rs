//! The annotated video: one frame after the other.

use std::collections::{BTreeMap, VecDeque};

use wayside_picture::{Matrix, Picture};
use wayside_proto::{EventTime, RoadUserClass, SignalColour, TrackId, TrackState};
use wayside_site::Site;

use super::blend::{Overlay, blend_tiles};
use super::dynamic::{self, Known};
use super::hud;
use super::labels::Area;
use super::paint::Canvas;
use super::scene::{self, Detail};
use super::view::View;
use crate::page::ReportError;

/// How long a banner stays, seconds.
const BANNER_S: f64 = 3.0;
/// Banners that are shown at once; the oldest gives way.
const BANNERS_MAX: usize = 4;
/// How long the tail behind a vehicle's front is, seconds.
const TAIL_S: f64 = 2.0;
/// Points of a tail; enough for 2 s at 60 frames a second.
const TAIL_POINTS_MAX: usize = 120;

/// What is drawn on one frame.
#[derive(Clone, Copy, Debug)]
pub struct FrameNotes<'a> {
    /// Capture instant of the frame.
    pub time: EventTime,
    /// The road users in the frame.
    pub tracks: &'a [TrackState],
    /// State of each signal group at that instant; none where it is not known.
    pub signals: &'a [(String, Option<SignalColour>)],
    /// Events that were recognised at this frame; each stays for 3 s.
    pub banners: &'a [Banner],
}

/// A short text about an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    /// The text, one line.
    pub text: String,
    /// How much it matters.
    pub severity: Severity,
    /// The vehicle it is about; it is drawn bold as long as the banner stays.
    pub track: Option<TrackId>,
}

/// How much a banner matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// For information.
    Info,
    /// A rule abstained, or something limits what can be seen.
    Warning,
    /// A violation.
    Violation,
}

/// Draws site, tracks, signals and events into redacted frames of one camera, in their order.
///
/// The parts that never change are rasterised once for each picture size and blended straight into
/// the planes; what moves is painted on a canvas of which only touched tiles are blended.
pub struct Annotator {
    site: Site,
    camera: String,
    sized: Option<Sized>,
    tails: BTreeMap<TrackId, Tail>,
    banners: VecDeque<(Banner, EventTime)>,
    last: Option<EventTime>,
}

/// What depends on the size of the pictures.
struct Sized {
    width: u32,
    height: u32,
    matrix: Matrix,
    view: View,
    overlay: Overlay,
    /// Where names stand in the overlay.
    names: Vec<Area>,
    canvas: Canvas,
}

/// Where a vehicle's front was.
pub(crate) struct Tail {
    pub(crate) points: VecDeque<(EventTime, [f64; 2])>,
    seen: EventTime,
}

impl Annotator {
    /// An annotator for the frames of `camera`.
    ///
    /// # Errors
    /// Where the site has no such camera.
    pub fn new(site: &Site, camera: &str) -> Result<Self, ReportError> {
        if site.camera_model(camera).is_none() {
            return Err(ReportError::unknown_camera(site, camera));
        }
        Ok(Self {
            site: site.clone(),
            camera: camera.to_owned(),
            sized: None,
            tails: BTreeMap::new(),
            banners: VecDeque::new(),
            last: None,
        })
    }

    /// Draws the notes into a frame, which must be redacted already (PV-1).
    ///
    /// Frames come in the order of their time; where time jumps back, tails and banners begin
    /// anew. A picture of another size than the calibrated one is scaled to. A picture without
    /// pixels, or with planes that are too short, stays as it is.
    pub fn annotate(&mut self, picture: &mut Picture, notes: &FrameNotes<'_>) {
        self.remember(notes);
        if !self.prepare(picture) {
            return;
        }
        let Some(sized) = &mut self.sized else { return };
        sized.overlay.blend(picture);
        let known = Known {
            site: &self.site,
            camera: &self.camera,
            names: &sized.names,
            tails: &self.tails,
            banners: self.banners.iter().map(|(banner, _)| banner).collect(),
        };
        dynamic::paint(&mut sized.canvas, &sized.view, &known, notes);
        blend_tiles(&sized.canvas, picture);
        sized.canvas.clear();
    }

    /// Updates tails and banners.
    fn remember(&mut self, notes: &FrameNotes<'_>) {
        let now = notes.time;
        if self.last.is_some_and(|last| now < last) {
            self.tails.clear();
            self.banners.clear();
        }
        self.last = Some(now);
        self.banners.retain(|(_, until)| now <= *until);
        for banner in notes.banners {
            // The same event, told again, stays longer and is not shown twice.
            self.banners.retain(|(known, _)| known != banner);
            self.banners.push_back((banner.clone(), now.plus_s(BANNER_S)));
            if self.banners.len() > BANNERS_MAX {
                self.banners.pop_front();
            }
        }
        for track in notes.tracks.iter().filter(|t| t.class != RoadUserClass::Person) {
            if !track.front_m.iter().all(|value| value.is_finite()) {
                continue;
            }
            let tail = self
                .tails
                .entry(track.id)
                .or_insert_with(|| Tail { points: VecDeque::new(), seen: now });
            tail.seen = now;
            tail.points.push_back((now, track.front_m));
            if tail.points.len() > TAIL_POINTS_MAX {
                tail.points.pop_front();
            }
        }
        let oldest = now.plus_s(-TAIL_S);
        self.tails.retain(|_, tail| tail.seen >= oldest);
        for tail in self.tails.values_mut() {
            while tail.points.front().is_some_and(|(time, _)| *time < oldest) {
                tail.points.pop_front();
            }
        }
    }

    /// Rasterises the static parts for this size of picture, unless that was done before.
    fn prepare(&mut self, picture: &Picture) -> bool {
        let (width, height, matrix) = (picture.width, picture.height, picture.matrix);
        let fits = self.sized.as_ref().is_some_and(|sized| {
            (sized.width, sized.height, sized.matrix) == (width, height, matrix)
        });
        if fits {
            return true;
        }
        self.sized = None;
        let Some(view) = View::new(&self.site, &self.camera, width, height) else { return false };
        let (Some(mut still), Some(canvas)) =
            (Canvas::new(width, height), Canvas::new(width, height))
        else {
            return false;
        };
        let bar = hud::bar_area(width, height);
        let text_px = hud::text_px(height, 13.0);
        let names = scene::paint(&mut still, &view, &self.site, Detail::Video, text_px, &[bar]);
        let overlay = Overlay::new(&still, matrix);
        self.sized = Some(Sized { width, height, matrix, view, overlay, names, canvas });
        true
    }
}
