//! Measures redaction on rendered clips that tell who each pixel belongs to.
//!
//! ```text
//! python models/train redaction-truth OUT
//! cargo run -p wayside-clips --example redaction_truth -- OUT [--pictures DIR] [--score-low 0.12] [--again]
//!     [--no-outline] [--outline FILE] [--windows]
//! ```
//!
//! Each folder of OUT is a clip. Detectors look at each picture once; what they saw is kept beside the clip as
//! `sightings.csv` and read again unless `--again` is given. Prints for each clip and light the share of visible
//! pixels of people, faces and other vehicles that lie in a hidden region, over road users that show more
//! than 16 pixels of height; the share of the offending vehicle that stays clear; and the share of the picture that is
//! hidden. Each miss is a row of `misses.csv` beside the clip: frame, object, class, its height, its pixels, how
//! many of them are not hidden. `--pictures` writes every 25th redacted picture as PNG.

mod look;
mod score;
mod truth;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use wayside_capture::{Reader, ReaderOptions, Source};
use wayside_picture::{Matrix, Picture};
use wayside_proto::EventTime;
use wayside_redaction::evidence::{FrameSightings, Look, Observer, Occupants, Settings};

use self::look::Looker;
use self::score::{Score, Table};
use self::truth::Truth;

/// Every so many redacted pictures one is written.
const PICTURE_EVERY: usize = 25;

pub(crate) struct Options {
    pub score_low: f32,
    pub again: bool,
    pub occupants: Occupants,
    /// Whether the offending vehicle's outline is looked for.
    pub outline: bool,
    /// A model's file in place of the one built in.
    pub outline_file: Option<PathBuf>,
    pictures: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut folder = None;
    let mut options = Options {
        score_low: 0.12,
        again: false,
        occupants: Occupants::Detected,
        outline: true,
        outline_file: None,
        pictures: None,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(word) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--pictures" => options.pictures = Some(PathBuf::from(value()?)),
            "--score-low" => options.score_low = value()?.parse()?,
            "--again" => options.again = true,
            "--no-outline" => options.outline = false,
            "--outline" => options.outline_file = Some(PathBuf::from(value()?)),
            "--windows" => options.occupants = Occupants::Unknown,
            _ => folder = Some(PathBuf::from(word)),
        }
    }
    let folder = folder.ok_or(
        "usage: redaction_truth FOLDER [--pictures DIR] [--score-low S] [--again] [--no-outline] [--outline FILE] [--windows]",
    )?;
    let mut clips: Vec<PathBuf> = std::fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("sightings.csv").exists() || path.join("truth.bin").exists())
        .collect();
    clips.sort();
    let mut table = Table::default();
    let mut looker = Looker::new(options.score_low)?;
    for clip in clips {
        let name = clip.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match measure(&clip, &name, &options, &mut looker) {
            Ok(score) => {
                println!("{}", score.line(&name));
                table.add(&name, score);
            }
            Err(error) => println!("{name}: {error}"),
        }
    }
    print!("{table}");
    Ok(())
}

fn frames(
    clip: &Path,
) -> Result<impl Iterator<Item = Result<Picture, Box<dyn Error>>>, Box<dyn Error>> {
    let source = Source::parse(&clip.join("clip.mp4"), 25.0);
    let mut reader = Reader::open(&source, ReaderOptions::default())?;
    Ok(std::iter::from_fn(move || match reader.next() {
        Ok(Some(frame)) => Some(Ok(frame.picture)),
        Ok(None) => None,
        Err(error) => Some(Err(error.into())),
    }))
}

fn measure(
    clip: &Path,
    name: &str,
    options: &Options,
    looker: &mut Looker,
) -> Result<Score, Box<dyn Error>> {
    let mut truth = Truth::open(clip)?;
    let sightings = looker.sightings(clip, options, || frames(clip))?;
    let (class, subject) = truth.subject()?;
    let settings = Settings { occupants: options.occupants, ..Settings::default() };
    let (width, height) = truth.size();
    let mut observer = Observer::new(width, height, class, &subject, settings);
    let mut spent = 0.0;
    for (index, picture) in frames(clip)?.enumerate() {
        let picture = picture?;
        let time = time_of(index);
        let road_users = Look::Saw(sightings.get(index).cloned().unwrap_or_default());
        let own = subject.iter().find(|at| at.time == time);
        let outline = match own {
            Some(own) => looker.outline(options, &picture, &own.box_px)?,
            None => None,
        };
        // No face shows behind the opaque windows of these bodies.
        let seen = FrameSightings { time, road_users, faces: Look::Saw(Vec::new()), outline };
        let started = Instant::now();
        observer.observe(&picture, seen)?;
        spent += started.elapsed().as_secs_f64();
    }
    let started = Instant::now();
    let mut plan = observer.finish()?;
    spent += started.elapsed().as_secs_f64();
    let mut score = Score::default();
    let mut misses = String::from("frame,object,class,height_px,pixels,missed,part\n");
    for (index, picture) in frames(clip)?.enumerate() {
        let mut picture = picture?;
        let started = Instant::now();
        let hidden = plan.apply(index, &mut picture)?;
        spent += started.elapsed().as_secs_f64();
        let owners = truth.next()?;
        score.frame(index, &truth, &owners, &hidden, &mut misses);
        if let Some(out) = options.pictures.as_ref().filter(|_| index % PICTURE_EVERY == 12) {
            std::fs::create_dir_all(out)?;
            save(&picture, &out.join(format!("{name}-{index:03}.png")))?;
        }
    }
    score.spent_s = spent;
    std::fs::write(clip.join("misses.csv"), misses)?;
    Ok(score)
}

/// Clips are 12.5 frames a second unless their folder says otherwise; the policy only needs the order.
fn time_of(index: usize) -> EventTime {
    EventTime(index as i64 * 80_000)
}

fn save(picture: &Picture, path: &Path) -> Result<(), Box<dyn Error>> {
    debug_assert_eq!(picture.matrix, Matrix::Bt709);
    let rgb = picture.to_rgb();
    image::RgbImage::from_raw(picture.width, picture.height, rgb).ok_or("a size")?.save(path)?;
    Ok(())
}
