//! Redacts the example's red light and says where the time went.
//!
//! ```text
//! cargo run -p wayside-clips --example junction -- [OUT] [--faces] [--every-us N] [--seconds S]
//! ```
//!
//! OUT gets the redacted clip and stills.

#[path = "../../tests/common/mod.rs"]
mod common;

use std::error::Error;
use std::path::PathBuf;

use wayside_clips::{Looks, redact_measured};

fn main() -> Result<(), Box<dyn Error>> {
    let (mut out, mut faces, mut looks, mut seconds) = (None, false, Looks::default(), 10.0);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or("a value is missing");
        match word.as_str() {
            "--faces" => faces = true,
            "--every-us" => looks.road_users_us = value()?.parse()?,
            "--seconds" => seconds = value()?.parse()?,
            _ => out = Some(PathBuf::from(word)),
        }
    }
    let request = common::request(8.0, 8.0 + seconds);
    let mut eyes = common::eyes(faces).with_looks(looks);
    let (clip, spent) = redact_measured(&common::source(), &request, &mut eyes)?;
    println!(
        "{} frames, {} looks, {:.2} s",
        spent.frames,
        spent.looks,
        spent.total().as_secs_f64()
    );
    let parts = [
        ("decode", spent.decode),
        ("detect", spent.detect),
        ("faces", spent.faces),
        ("outline", spent.outline),
        ("learn", spent.learn),
        ("hide", spent.hide),
        ("encode", spent.encode),
    ];
    for (name, time) in parts {
        println!("  {name:7} {:.2} s", time.as_secs_f64());
    }
    println!("{} bytes of MP4, {:?}", clip.mp4.len(), clip.redaction);
    if let Some(out) = out {
        std::fs::create_dir_all(&out)?;
        std::fs::write(out.join("clip.mp4"), &clip.mp4)?;
        for still in &clip.stills {
            std::fs::write(out.join(format!("{}.jpg", still.moment.as_str())), &still.jpeg)?;
        }
    }
    Ok(())
}
