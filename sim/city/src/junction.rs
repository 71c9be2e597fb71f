//! One site: its signals and its cameras, in order of event time.

use wayside_proto::{EventTime, ReportSource, RunId, SignalReport, SiteId};

use crate::camera::{Camera, Make};
use crate::cycle::{CYCLE_US, Change, Cycle};
use crate::event::{Event, Truth};
use crate::names::{camera_names, run_name, site_name};
use crate::options::CityOptions;
use crate::rng::Rng;
use crate::traffic::Broken;

/// The stream of one site. Its memory does not grow with time.
#[derive(Clone, Debug)]
pub struct Junction {
    site: SiteId,
    start: EventTime,
    fps: i64,
    frame: i64,
    signals: Cycle,
    cameras: Vec<Camera>,
    broken: Vec<Broken>,
    begun: bool,
}

impl Junction {
    /// Site `number` with its first `cameras` cameras, 1 to 4. A camera's stream depends on the seed, the
    /// site and its arm alone.
    #[must_use]
    pub fn new(options: &CityOptions, number: u32, cameras: u32) -> Self {
        let site = SiteId(site_name(number));
        let run = RunId(run_name(options.seed));
        let mut rng = Rng::new(options.seed, &[u64::from(number)]);
        let offset_us = rng.below(CYCLE_US.unsigned_abs() / 1_000) as i64 * 1_000;
        let signals = Cycle::new(offset_us);
        let fps = i64::from(options.fps.max(1));
        let cameras = camera_names(cameras)
            .iter()
            .enumerate()
            .map(|(arm, id)| {
                let make = Make {
                    site: &site,
                    id,
                    run: &run,
                    arm,
                    start: options.start,
                    interval_us: 1_000_000 / fps,
                    offenders: options.offenders,
                    gaps_per_hour: options.gaps_per_hour,
                };
                let rng = Rng::new(options.seed, &[u64::from(number), 1 + arm as u64]);
                Camera::new(&make, &signals, rng)
            })
            .collect();
        Self {
            site,
            start: options.start,
            fps,
            frame: 0,
            signals,
            cameras,
            broken: Vec::new(),
            begun: false,
        }
    }

    /// The site's id.
    #[must_use]
    pub fn site(&self) -> &SiteId {
        &self.site
    }

    /// Frames that each camera has gone through.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.frame.unsigned_abs()
    }

    /// Where the next frame interval begins, microseconds from the beginning.
    #[must_use]
    pub fn next_us(&self) -> i64 {
        self.frame * 1_000_000 / self.fps
    }

    /// Goes on by one frame of each camera. `out` gets the events, signals and observations in order of
    /// event time.
    pub fn step(&mut self, out: &mut Vec<Event>) {
        if !self.begun {
            self.begun = true;
            out.extend(
                self.signals
                    .initial()
                    .into_iter()
                    .map(|change| Event::Signal(report(&self.site, self.start, change))),
            );
        }
        let from_us = self.next_us();
        self.frame += 1;
        for camera in &mut self.cameras {
            let at_us = from_us + camera.phase_us;
            let seen_us = camera.clock_us(at_us).max(at_us);
            while let Some(change) = self.signals.next_until(seen_us) {
                out.push(Event::Signal(report(&self.site, self.start, change)));
            }
            camera.frame(at_us, &self.signals, &mut self.broken, |observation| {
                out.push(Event::Observation(observation));
            });
            truths(&self.site, self.start, camera, &mut self.broken, out);
        }
    }

    /// Ends the stream: what is being done at the end counts as far as it was seen.
    pub fn finish(&mut self, out: &mut Vec<Event>) {
        for camera in &mut self.cameras {
            camera.finish(&mut self.broken);
            truths(&self.site, self.start, camera, &mut self.broken, out);
        }
    }
}

fn report(site: &SiteId, start: EventTime, change: Change) -> SignalReport {
    SignalReport {
        site: site.clone(),
        group: change.group.to_owned(),
        state: change.state,
        time: EventTime(start.0 + change.at_us),
        source: ReportSource::Log,
    }
}

fn truths(
    site: &SiteId,
    start: EventTime,
    camera: &Camera,
    broken: &mut Vec<Broken>,
    out: &mut Vec<Event>,
) {
    for broken in broken.drain(..) {
        let Some(class) = broken.class.motor_vehicle() else { continue };
        out.push(Event::Truth(Truth {
            site: site.clone(),
            camera: camera.id.clone(),
            rule: broken.rule,
            time: EventTime(start.0 + camera.clock_us(broken.at_us)),
            track: wayside_proto::TrackId(broken.track),
            class,
            value: broken.value,
            certain: broken.certain,
        }));
    }
}
