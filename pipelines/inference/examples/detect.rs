//! Detects road users in raw video, to measure a model and the regions of a site.
//!
//! ```text
//! ffmpeg -v error -i CLIP -f rawvideo -pix_fmt yuv420p - |
//!   cargo run --release --example detect -- SITE CAMERA MODEL_FILE [options] > boxes.csv
//! ```
//!
//! Options: `model=NAME` (yolox-nano), `manifest=FILE` (with more models), `whole` (no regions), `count=N`, `gain=G`.
//! Prints `frame,class,score,x0,y0,x1,y1`, and on standard error the regions and the time.

use std::io::{Read, Write};
use std::path::Path;
use std::time::Instant;

use wayside_inference::manifest::Manifest;
use wayside_inference::regions::{RegionOptions, regions_with};
use wayside_inference::{Detector, RunOptions, Runtime};
use wayside_picture::{Matrix, Picture};
use wayside_site::Site;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [site_file, camera, model_file, rest @ ..] = &arguments[..] else {
        return Err("SITE CAMERA MODEL_FILE [model=NAME] [whole] [count=N] [gain=G]".into());
    };
    let text = std::fs::read_to_string(site_file)?;
    let site = Site::parse(site_file, &text).map_err(|errors| format!("{errors:#?}"))?;
    let camera_model = site.camera_model(camera).ok_or("no such camera")?;
    let (width, height) = camera_model.size_px();
    let runtime = Runtime::load(None)?;
    eprintln!("ONNX Runtime {} at {}", runtime.version(), runtime.path().display());
    let mut manifest = Manifest::embedded()?;
    if let Some(file) = rest.iter().find_map(|word| word.strip_prefix("manifest=")) {
        manifest = manifest.with(Manifest::load(Path::new(file))?);
    }
    let named = rest.iter().find_map(|word| word.strip_prefix("model="));
    let model = manifest.model(named.unwrap_or("yolox-nano"))?;
    let mut detector =
        Detector::open(&runtime, model, Path::new(model_file), RunOptions::default())?;
    let started = Instant::now();
    let mut options = RegionOptions::new(detector.input_px());
    for word in rest {
        match word.split_once('=') {
            Some(("count", value)) => options.count_max = value.parse()?,
            Some(("gain", value)) => options.gain_min = value.parse()?,
            _ => {}
        }
    }
    let mut looked = regions_with(&site, camera, options);
    eprintln!("regions in {} ms: {looked:?}", started.elapsed().as_millis());
    if rest.iter().any(|word| word == "whole") {
        looked.clear();
    }
    let (mut input, mut out) = (std::io::stdin().lock(), std::io::stdout().lock());
    let (luma, chroma) = ((width * height) as usize, (width * height / 4) as usize);
    let mut frame = vec![0; luma + 2 * chroma];
    let (mut count, mut spent) = (0_u32, 0.0);
    while input.read_exact(&mut frame).is_ok() {
        let (y, rest) = frame.split_at(luma);
        let (u, v) = rest.split_at(chroma);
        let picture =
            Picture::new(width, height, y.to_vec(), u.to_vec(), v.to_vec(), Matrix::Bt709)?;
        let started = Instant::now();
        let found = detector.detect(&picture, &looked)?;
        spent += started.elapsed().as_secs_f64();
        for d in found {
            let b = d.box_px;
            let class = d.class.as_str();
            writeln!(out, "{count},{class},{},{},{},{},{}", d.score, b.x0, b.y0, b.x1, b.y1)?;
        }
        count += 1;
    }
    let runs = f64::from(count) * looked.len().max(1) as f64;
    eprintln!("{count} frames, {:.2} ms a region, {spent:.1} s in all", 1000.0 * spent / runs);
    Ok(())
}
