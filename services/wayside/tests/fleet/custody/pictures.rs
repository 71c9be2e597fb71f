//! A worker that has pictures of everything: grey ones, in the form of the real ones.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use image::codecs::jpeg::JpegEncoder;
use wayside_capture::Mp4Writer;
use wayside_picture::{Matrix, Picture};
use wayside_proto::convert::Message;
use wayside_proto::{ClipRequest, EventTime, RedactedClip, RedactedStill, RedactionRecord};

use super::serve::serve;

const WIDTH: u32 = 320;
const HEIGHT: u32 = 192;
const FRAMES: i64 = 25;

/// A worker that redacts nothing, since nothing is to be seen.
pub struct Pictures {
    port: u16,
    given: Arc<AtomicUsize>,
}

impl Pictures {
    pub fn start(dir: &Path) -> Self {
        let (mp4, jpeg) = (clip(dir), still());
        let given = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&given);
        let port = serve(move |asked| {
            let Ok(request) = ClipRequest::from_bytes(&asked.body) else {
                return (400, b"no request".to_vec());
            };
            count.fetch_add(1, Ordering::Relaxed);
            (200, answer(&request, &mp4, &jpeg).to_bytes().unwrap())
        });
        Self { port, given }
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How often somebody asked.
    pub fn given(&self) -> usize {
        self.given.load(Ordering::Relaxed)
    }
}

fn answer(request: &ClipRequest, mp4: &[u8], jpeg: &[u8]) -> RedactedClip {
    let span = request.to.0 - request.from.0;
    let frames: Vec<EventTime> =
        (0..FRAMES).map(|n| EventTime(request.from.0 + n * span / (FRAMES - 1))).collect();
    let near = |time: EventTime| {
        frames.iter().copied().min_by_key(|frame| frame.0.abs_diff(time.0)).unwrap()
    };
    let stills = request.moments.iter().map(|(moment, time)| RedactedStill {
        moment: *moment,
        time: near(*time),
        jpeg: jpeg.to_vec(),
    });
    RedactedClip {
        violation: request.violation.clone(),
        width_px: WIDTH,
        height_px: HEIGHT,
        mp4: mp4.to_vec(),
        stills: stills.collect(),
        frames,
        redaction: RedactionRecord {
            method: "nothing is to be seen".to_owned(),
            models: Vec::new(),
            frames: FRAMES as u32,
            hidden_road_users: 0,
            hidden_faces: 0,
            hidden_movers: 0,
            hidden_share: 0.0,
            block_px: (16, 16),
        },
    }
}

fn grey() -> Picture {
    let luma = vec![128; (WIDTH * HEIGHT) as usize];
    let chroma = vec![128; (WIDTH * HEIGHT / 4) as usize];
    Picture::new(WIDTH, HEIGHT, luma, chroma.clone(), chroma, Matrix::Bt709).unwrap()
}

fn clip(dir: &Path) -> Vec<u8> {
    let path = dir.join("grey.mp4");
    let mut writer = Mp4Writer::create(&path, WIDTH, HEIGHT, 5, 2).unwrap();
    for number in 0..FRAMES as u64 {
        writer.write(&grey(), std::time::Duration::from_millis(number * 400)).unwrap();
    }
    writer.finish().unwrap();
    std::fs::read(path).unwrap()
}

fn still() -> Vec<u8> {
    let mut jpeg = Vec::new();
    let picture = image::RgbImage::from_pixel(WIDTH, HEIGHT, image::Rgb([128; 3]));
    JpegEncoder::new(&mut jpeg).encode_image(&picture).unwrap();
    jpeg
}
