//! The first pass: learns the background and collects what detectors saw.

use wayside_picture::{Detection, Picture};
use wayside_proto::{BoxPx, EventTime, MotorVehicleClass, SubjectAt};

use super::background::{Background, Samples};
use super::cells::Cells;
use super::error::NotRedactable;
use super::frame::Frame;
use super::half::Half;
use super::look::Look;
use super::outline::{self, Outline};
use super::plan::{Learned, Plan};
use super::settings::Settings;
use super::shape::Shape;
use super::sightings::{FrameSightings, looked_often};
use super::standing::Standing;
use super::steady::steadied;
use super::subject::{Subject, is_own};
use super::tracks;

/// The first pass over the pictures of one clip.
#[derive(Debug)]
pub struct Observer {
    settings: Settings,
    size: (u32, u32),
    subject: Subject,
    samples: Samples,
    times: Vec<EventTime>,
    cells: Vec<Cells>,
    seen: Vec<Look<Detection>>,
    faces: Vec<Look<BoxPx>>,
    outlines: Vec<Option<Outline>>,
}

impl Observer {
    /// For pictures of `width` x `height` pixels in which the vehicle of that class is where `subject`
    /// says.
    #[must_use]
    pub fn new(
        width: u32,
        height: u32,
        class: MotorVehicleClass,
        subject: &[SubjectAt],
        settings: Settings,
    ) -> Self {
        Self {
            settings,
            size: (width, height),
            subject: Subject::new(class, subject),
            samples: Samples::new(),
            times: Vec::new(),
            cells: Vec::new(),
            seen: Vec::new(),
            faces: Vec::new(),
            outlines: Vec::new(),
        }
    }

    /// Takes the next picture and what detectors saw in it.
    ///
    /// # Errors
    /// For a picture of another size, out of order, or beyond the most that a clip may have.
    pub fn observe(
        &mut self,
        picture: &Picture,
        sightings: FrameSightings,
    ) -> Result<(), NotRedactable> {
        let time = sightings.time;
        let found = (picture.width, picture.height);
        if found != self.size {
            return Err(NotRedactable::Size { time, expected: self.size, found });
        }
        if self.times.last().is_some_and(|last| *last >= time) {
            return Err(NotRedactable::Order { index: self.times.len(), time });
        }
        if self.times.len() == self.settings.frames_max {
            return Err(NotRedactable::ManyFrames { limit: self.settings.frames_max });
        }
        let sightings = sightings.checked();
        let half = Half::of(picture);
        self.cells.push(Cells::of(&half));
        self.samples.offer(self.times.len(), time, half);
        self.times.push(time);
        self.seen.push(sightings.road_users);
        self.faces.push(sightings.faces);
        self.outlines.push(sightings.outline);
        Ok(())
    }

    /// Decides what stays clear.
    ///
    /// # Errors
    /// Where the background or the offending vehicle cannot be told.
    pub fn finish(self) -> Result<Plan, NotRedactable> {
        let settings = self.settings;
        let needed = settings.frames_min.max(2);
        if self.times.len() < needed {
            return Err(NotRedactable::FewFrames { found: self.times.len(), needed });
        }
        let looked: Vec<bool> = self.seen.iter().map(Look::happened).collect();
        looked_often(&self.times, &looked, settings.look_gap_us_max)?;
        let own: Vec<Option<BoxPx>> = self.times.iter().map(|t| self.subject.at(*t)).collect();
        if own.iter().all(Option::is_none) {
            return Err(NotRedactable::NoSubject);
        }
        let found_px = self.subject.height_px_max();
        if found_px < settings.subject_height_px_min {
            let needed_px = settings.subject_height_px_min;
            return Err(NotRedactable::SmallSubject { found_px, needed_px });
        }
        let background = Background::learn(&self.samples, |time| self.subject.at(time));
        let still = background.unsure.iter().filter(|unsure| !**unsure).count();
        let share = still as f64 / background.unsure.len().max(1) as f64;
        if share < settings.still_share_min {
            return Err(NotRedactable::NoBackground { share, needed: settings.still_share_min });
        }
        let empty = Cells::of(&background.half);
        let mut standing = Standing::new(&empty);
        let mut moving = Vec::with_capacity(self.seen.len());
        for ((cells, seen), own) in self.cells.iter().zip(self.seen).zip(&own) {
            let mut seen = match seen {
                Look::NotLooked => Vec::new(),
                Look::Saw(seen) => seen,
            };
            seen.retain(|found| own.is_none_or(|own| !is_own(&own, found)));
            moving.push(standing.see(cells, seen));
        }
        let standing = standing.finish(&settings);
        let tracks = tracks::link(&moving, &self.times);
        let shows = outline::believed(&self.times, &own, &self.outlines);
        let outlines = steadied(&self.times, &own, &self.outlines);
        let outlines = outlines.into_iter().zip(shows).collect();
        let frames = Frame::all(&self.times, own, &tracks, self.faces, outlines);
        let mut shape = Shape::default();
        for (cells, frame) in self.cells.iter().zip(&frames) {
            shape.learn(&empty, cells, frame.own(), &frame.boxes());
        }
        let learned = Learned { background, standing, frames, shape };
        let plan = Plan::new(settings, self.size, self.subject.class, learned);
        let covered = plan.subject_covered();
        if covered > plan.settings.subject_covered_max {
            let allowed = plan.settings.subject_covered_max;
            return Err(NotRedactable::Overlapped { covered, allowed });
        }
        Ok(plan)
    }
}
