//! Reads a recording to its end and says how fast that went: `decode_speed FILE [THREADS]`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use wayside_capture::{CaptureError, Reader, ReaderOptions, Source};
use wayside_picture::{PAD, PixelRect, Scaler};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(path) = arguments.next().map(PathBuf::from) else {
        eprintln!("usage: decode_speed FILE [THREADS]");
        return ExitCode::from(2);
    };
    let threads = arguments.next().and_then(|t| t.to_str()?.parse().ok()).unwrap_or(1);
    match run(&path, threads) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(path: &std::path::Path, decoder_threads: u32) -> Result<(), CaptureError> {
    let options = ReaderOptions { decoder_threads, ..ReaderOptions::default() };
    let mut reader = Reader::open(&Source::parse(path, 25.0), options)?;
    println!("{:?}", reader.info());
    let (started, mut frames, mut last) = (Instant::now(), 0u32, None);
    loop {
        match reader.next() {
            Ok(Some(frame)) => {
                frames += 1;
                last = Some(frame);
            }
            Ok(None) => break,
            Err(error) => eprintln!("{error}"),
        }
    }
    let spent = started.elapsed().as_secs_f64();
    println!("{frames} frames in {spent:.2} s: {:.1} frames/s", f64::from(frames) / spent);
    println!("{} time stamps repaired; {}", reader.pts_repaired(), peak_memory());
    if let Some(frame) = last {
        let side = frame.picture.width.min(frame.picture.height).min(640);
        let rect = PixelRect { x: 0, y: 0, width: side, height: side };
        let (mut scaler, mut input) = (Scaler::new(), vec![0.0; 3 * 416 * 416]);
        let (mut scale_ms, mut convert_ms) = (f64::MAX, f64::MAX);
        for _ in 0..500 {
            let started = Instant::now();
            let Ok(picture) = scaler.scale(&frame.picture, rect, 416, 416) else { break };
            scale_ms = scale_ms.min(started.elapsed().as_secs_f64() * 1000.0);
            let started = Instant::now();
            if picture.to_bgr_planar_f32(&mut input, 416, 416, PAD).is_ok() {
                convert_ms = convert_ms.min(started.elapsed().as_secs_f64() * 1000.0);
            }
        }
        println!(
            "crop {side}x{side} to 416x416, best of 500: scale {scale_ms:.3} ms, convert {convert_ms:.3} ms"
        );
    }
    Ok(())
}

/// The process's largest resident memory, where the system tells.
fn peak_memory() -> String {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|s| s.lines().find(|line| line.starts_with("VmHWM")).map(str::to_owned))
        .unwrap_or_else(|| "memory unknown".to_owned())
}
