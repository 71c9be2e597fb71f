//! The streams of all sites, generated or recorded.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use wayside_city::{City, CityOptions, Message, SectionStream, SiteStream};
use wayside_proto::convert::FrameProblem;

use super::recorded::{self, Recorded};
use crate::commands::simulate::SimulateArgs;
use crate::failure::Failure;

/// Signal cycles of a template: 320 s.
const TEMPLATE_CYCLES: u32 = 4;
/// Steps of recorded streams, microseconds.
const RECORDED_STEP_US: i64 = 200_000;

/// The streams of all sites.
pub(super) struct Streams {
    streams: Vec<SiteStream>,
    sections: Vec<SectionStream>,
    cameras: u32,
    /// Frames a second; none where the streams are recorded.
    fps: Option<u32>,
    maps: Maps,
}

/// Where site files come from.
enum Maps {
    City(Box<City>),
    Recorded(Box<Recorded>),
}

/// Makes the streams. The traffic of generated ones runs for a while before the first frame, so this
/// takes milliseconds a site.
pub(super) fn open(args: &SimulateArgs, stop: &AtomicBool) -> Result<Streams, Failure> {
    if let (Some(file), Some(site)) = (&args.from_observations, &args.from_site) {
        return from_recording(args, file, site);
    }
    let options = CityOptions {
        seed: args.seed,
        cameras: args.cameras,
        start: args.start,
        fps: args.fps,
        offenders: args.offenders,
        gaps_per_hour: args.gaps_per_hour,
    };
    let city = City::new(options).map_err(Failure::input)?;
    let tapes = match args.templates {
        Some(count) => city.tapes(count, TEMPLATE_CYCLES).map_err(super::broken)?,
        None => Vec::new(),
    };
    let streams = (0..city.sites())
        .take_while(|_| !stop.load(Ordering::Relaxed))
        .map(|site| city.stream(site, &tapes))
        .collect();
    let sections = (0..city.sections()).map(|section| city.section(section)).collect();
    let maps = Maps::City(Box::new(city));
    Ok(Streams { streams, sections, cameras: args.cameras, fps: Some(args.fps), maps })
}

fn from_recording(args: &SimulateArgs, file: &Path, site: &Path) -> Result<Streams, Failure> {
    let recorded = recorded::read(file, site, args.start)?;
    let cameras_each = recorded.cameras();
    let streams = (0..args.cameras.div_ceil(cameras_each))
        .map(|number| {
            let cameras = (args.cameras - number * cameras_each).min(cameras_each);
            recorded.stream(number, cameras, args.seed)
        })
        .collect();
    let maps = Maps::Recorded(Box::new(recorded));
    Ok(Streams { streams, sections: Vec::new(), cameras: args.cameras, fps: None, maps })
}

impl Streams {
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut SiteStream> {
        self.streams.iter_mut()
    }

    /// The passages of every section up to `until_us`.
    pub(super) fn sections_until(
        &mut self,
        until_us: i64,
        out: &mut Vec<Message>,
    ) -> Result<(), FrameProblem> {
        self.sections.iter_mut().try_for_each(|section| section.until(until_us, out))
    }

    pub(super) fn sections(&self) -> usize {
        self.sections.len()
    }

    pub(super) fn sites(&self) -> usize {
        self.streams.len()
    }

    pub(super) fn cameras(&self) -> u32 {
        self.cameras
    }

    /// Length of a step, microseconds.
    pub(super) fn interval_us(&self) -> i64 {
        self.fps.map_or(RECORDED_STEP_US, |fps| 1_000_000 / i64::from(fps))
    }

    /// The end of the step that begins at `at_us`: the next frame's interval where frames are generated.
    pub(super) fn after(&self, at_us: i64, tick_us: i64) -> i64 {
        let Some(fps) = self.fps.map(i64::from) else { return at_us + tick_us };
        // The interval of frame n begins at n / fps, rounded down to a microsecond.
        let frame = (at_us * fps + fps - 1) / 1_000_000;
        (frame + 1) * 1_000_000 / fps
    }

    /// Name and text of each site file.
    pub(super) fn site_files(&self) -> impl Iterator<Item = (String, Result<String, Failure>)> {
        self.streams.iter().zip(0..).map(|(stream, number)| {
            let text = match &self.maps {
                Maps::City(city) => Ok(city.site_file(number)),
                Maps::Recorded(recorded) => recorded.site_file(number),
            };
            (format!("{}.toml", stream.site()), text)
        })
    }
}
