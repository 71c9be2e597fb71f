//! Draws everything this crate can draw, from sample data of the example junction.
//!
//! `cargo run -p wayside-report --example sample_report -- OUT [TRACKS.csv] [FRAMES]` leaves
//! `report.html`, `empty.html`, `tracks_only.html`, `site.png` and `annotated_*.png` in OUT. TRACKS
//! is a file as `wayside replay --tracks` takes it (plain CSV); FRAMES a folder with frames
//! `INDEX.png` of the example's clip. Without them paths are made up and frames are grey. The clip
//! is a rendering, so nothing has to be redacted.

mod sample;
mod tracks;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use sample::{FPS, Sample};
use wayside_report::{Annotator, Banner, FrameNotes, Severity, draw_site, render};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1).map(PathBuf::from);
    let out = args.next().ok_or("usage: sample_report OUT [TRACKS.csv] [FRAMES]")?;
    std::fs::create_dir_all(&out)?;
    let sample = Sample::load(args.next().as_deref(), args.next())?;
    let site = &sample.site;
    for (name, data) in [
        ("report.html", sample.report()?),
        ("empty.html", sample.empty_report()),
        ("tracks_only.html", sample.tracks_only_report()?),
    ] {
        let page = render(site, &data)?;
        println!("{name}: {} kB", page.len() / 1000);
        std::fs::write(out.join(name), page)?;
    }
    draw_site(site, "north", &sample.frame(0)?).save(out.join("site.png"))?;
    annotate(&sample, &out)
}

/// Annotates frames around the first events and times it.
fn annotate(sample: &Sample, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut annotator = Annotator::new(&sample.site, "north")?;
    let (mut spent, mut frames) = (0.0, 0);
    for index in 60..=165u32 {
        let second = f64::from(index) / FPS;
        let mut picture = sample.frame(index)?;
        let banners = sample.banners_at(second);
        let banners: Vec<Banner> = banners
            .into_iter()
            .map(|(text, track)| Banner { text, severity: Severity::Violation, track: Some(track) })
            .collect();
        let tracks = sample.states_at(second);
        let signals = sample.signals_at(second);
        let notes = FrameNotes {
            time: sample.site.start().plus_s(second),
            tracks: &tracks,
            signals: &signals,
            banners: &banners,
        };
        let begin = Instant::now();
        annotator.annotate(&mut picture, &notes);
        if index > 60 {
            spent += begin.elapsed().as_secs_f64();
            frames += 1;
        }
        if [75, 136, 150, 160].contains(&index) {
            let rgb = picture.to_rgb();
            let image = image::RgbImage::from_raw(picture.width, picture.height, rgb);
            image.ok_or("a picture")?.save(out.join(format!("annotated_{index}.png")))?;
        }
    }
    println!("annotate: {:.2} ms a frame", spent / f64::from(frames) * 1e3);
    Ok(())
}
