//! What the built-in detector sees in each picture of a clip, kept beside it.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use wayside_clips::{outline, tiles};
use wayside_inference::manifest::Manifest;
use wayside_inference::store::Store;
use wayside_inference::{Detector, Outliner, RunOptions, Runtime};
use wayside_picture::{Detection, Picture};
use wayside_proto::{BoxPx, RoadUserClass};
use wayside_redaction::evidence::Outline;

use crate::Options;

const MODEL: &str = "wayside-junction";
const OUTLINE: &str = "wayside-outline";

pub(crate) struct Looker {
    score_low: f32,
    detector: Option<Detector>,
    outliner: Option<Outliner>,
}

impl Looker {
    pub(crate) fn new(score_low: f32) -> Result<Self, Box<dyn Error>> {
        Ok(Self { score_low, detector: None, outliner: None })
    }

    fn detector(&mut self) -> Result<&mut Detector, Box<dyn Error>> {
        if self.detector.is_none() {
            let runtime = Runtime::load(None)?;
            let manifest = Manifest::embedded()?;
            let mut model = manifest.model(MODEL)?.clone();
            if let Some(layout) = &mut model.detection {
                layout.score_low = self.score_low;
            }
            let store = Store::new(Vec::new(), std::env::temp_dir());
            let file = store.present(&model).ok_or("the model's file is not there")?;
            self.detector = Some(Detector::open(&runtime, &model, file, RunOptions::default())?);
        }
        self.detector.as_mut().ok_or_else(|| "no detector".into())
    }

    /// The offending vehicle's outline in a picture; from the file that is named, in place of the one built in.
    pub(crate) fn outline(
        &mut self,
        options: &Options,
        picture: &Picture,
        own: &BoxPx,
    ) -> Result<Option<Outline>, Box<dyn Error>> {
        if !options.outline {
            return Ok(None);
        }
        if self.outliner.is_none() {
            let runtime = Runtime::load(None)?;
            let manifest = Manifest::embedded()?;
            let model = manifest.model(OUTLINE)?;
            let store = Store::new(Vec::new(), std::env::temp_dir());
            let file = match &options.outline_file {
                Some(path) => path.clone().into(),
                None => store.present(model).ok_or("the model's file is not there")?,
            };
            self.outliner = Some(Outliner::open(&runtime, model, &file, RunOptions::default())?);
        }
        let outliner = self.outliner.as_mut().ok_or("no model of outlines")?;
        Ok(outliner.look(picture, own)?.and_then(outline))
    }

    /// The sightings of each picture.
    pub(crate) fn sightings<I>(
        &mut self,
        clip: &Path,
        options: &Options,
        frames: impl FnOnce() -> Result<I, Box<dyn Error>>,
    ) -> Result<Vec<Vec<Detection>>, Box<dyn Error>>
    where
        I: Iterator<Item = Result<Picture, Box<dyn Error>>>,
    {
        let file = clip.join("sightings.csv");
        if file.exists() && !options.again {
            return read(&std::fs::read_to_string(&file)?);
        }
        let detector = self.detector()?;
        let (mut out, mut text) = (Vec::new(), String::from("frame,class,score,x0,y0,x1,y1\n"));
        for (index, picture) in frames()?.enumerate() {
            let picture = picture?;
            let regions = tiles(picture.width, picture.height, detector.input_px());
            let found = detector.detect(&picture, &regions)?;
            for d in &found {
                let b = d.box_px;
                let class = d.class.as_str();
                writeln!(text, "{index},{class},{},{},{},{},{}", d.score, b.x0, b.y0, b.x1, b.y1)?;
            }
            out.push(found);
        }
        std::fs::write(file, text)?;
        Ok(out)
    }
}

fn read(text: &str) -> Result<Vec<Vec<Detection>>, Box<dyn Error>> {
    let mut out: Vec<Vec<Detection>> = Vec::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [frame, class, score, x0, y0, x1, y1] = fields[..] else {
            return Err(format!("not a sighting: {line}").into());
        };
        let frame: usize = frame.parse()?;
        out.resize_with(out.len().max(frame + 1), Vec::new);
        out[frame].push(Detection {
            class: RoadUserClass::parse(class).ok_or("no such class")?,
            score: score.parse()?,
            box_px: BoxPx { x0: x0.parse()?, y0: y0.parse()?, x1: x1.parse()?, y1: y1.parse()? },
        });
    }
    Ok(out)
}
