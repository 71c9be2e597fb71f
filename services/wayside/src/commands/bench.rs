//! `wayside bench`: one stage alone, for `make bench`.

use std::path::Path;
use std::time::Instant;

use wayside_capture::{Reader, ReaderOptions};
use wayside_inference::regions::{RegionOptions, regions, regions_with};

use crate::cli::BenchCommand;
use crate::failure::Failure;
use crate::models;
use crate::replay::inputs;

/// Runs the stage and prints one JSON object.
pub fn run(command: &BenchCommand) -> Result<(), Failure> {
    match command {
        BenchCommand::Decode { video } => decode(video),
        BenchCommand::Inference { site, video, camera, frames, models } => {
            let (site, _) = inputs::site(site)?;
            let camera = inputs::camera(&site, camera.as_deref())?;
            let footage = site.file().footage_of(&camera.id);
            let models = models::open(models, footage, &mut |text| eprintln!("{text}"))?;
            let mut detector = models.detector()?;
            let tiles = regions_with(&site, &camera.id, RegionOptions::of(&detector));
            let mut reader = open(video)?;
            let mut pictures = Vec::new();
            while let Some(frame) = reader.next().map_err(Failure::input)? {
                pictures.push(frame.picture);
                if pictures.len() == *frames {
                    break;
                }
            }
            drop(reader);
            let began = Instant::now();
            let mut found = 0;
            for picture in &pictures {
                found += detector.detect(picture, &tiles).map_err(Failure::failed)?.len();
            }
            report(
                "inference",
                pictures.len(),
                began,
                &[("regions", tiles.len()), ("found", found)],
            );
            Ok(())
        }
        BenchCommand::Regions { site, camera } => {
            let (site, _) = inputs::site(site)?;
            let camera = inputs::camera(&site, camera.as_deref())?;
            let tiles: Vec<[u32; 4]> = regions(&site, &camera.id, 416)
                .iter()
                .map(|tile| [tile.x, tile.y, tile.width, tile.height])
                .collect();
            println!("{}", serde_json::json!({ "regions": tiles }));
            Ok(())
        }
    }
}

fn open(video: &Path) -> Result<Reader, Failure> {
    let source = inputs::source(video, None)?;
    Reader::open(&source, ReaderOptions::default()).map_err(Failure::input)
}

fn decode(video: &Path) -> Result<(), Failure> {
    let mut reader = open(video)?;
    let began = Instant::now();
    let mut frames = 0;
    loop {
        match reader.next() {
            Ok(Some(_)) => frames += 1,
            Ok(None) => break,
            Err(error) if error.is_recoverable() => {}
            Err(error) => return Err(Failure::input(error)),
        }
    }
    report("decode", frames, began, &[]);
    Ok(())
}

fn report(stage: &str, frames: usize, began: Instant, more: &[(&str, usize)]) {
    let seconds = began.elapsed().as_secs_f64();
    let mut object = serde_json::json!({
        "stage": stage,
        "frames": frames,
        "seconds": seconds,
        "frames_per_s": frames as f64 / seconds.max(1e-9),
    });
    for (name, value) in more {
        object[*name] = serde_json::json!(value);
    }
    println!("{object}");
}
