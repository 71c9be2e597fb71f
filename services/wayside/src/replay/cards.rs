//! The stills of a violation: before, at and after the event, cut around the vehicle.

use std::collections::{BTreeMap, VecDeque};

use image::{Rgb, RgbImage};
use wayside_picture::{Matrix, Picture, PixelRect};
use wayside_proto::{BoxPx, EventTime, Outcome, OutcomeId, Verdict};
use wayside_report::{Still, encode_still};
use wayside_rules::signals::SignalHistory;

use super::paths::Paths;
use super::stills::StillRing;

/// Most violations that get stills; the others are listed without.
const CARDS_MAX: usize = 200;
/// Widest still, pixels.
const WIDTH_PX_MAX: u32 = 640;
/// How many widths of the vehicle a still shows.
const SURROUNDINGS: f32 = 4.5;
/// Least width of the part of the picture that a still shows, pixels.
const CUT_PX_MIN: f32 = 280.0;
/// The frame around the vehicle: amber, which stands out by day and by night.
const FRAME: Rgb<u8> = Rgb([255, 176, 0]);

/// Stills by violation.
pub type Cards = BTreeMap<OutcomeId, Vec<Still>>;

/// Collects stills; those of an event wait until its last moment has passed.
#[derive(Debug, Default)]
pub struct CardMaker {
    waiting: VecDeque<Outcome>,
    cards: Cards,
}

impl CardMaker {
    /// Notes what was just decided.
    pub fn decided(&mut self, outcomes: &[Outcome]) {
        let violations = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Violation);
        let room = CARDS_MAX.saturating_sub(self.cards.len() + self.waiting.len());
        self.waiting.extend(violations.take(room).cloned());
    }

    /// Keeps the stills of every event whose last moment has come by `now`.
    pub fn step(&mut self, now: EventTime, past: &Past<'_>) {
        while let Some(outcome) = self.waiting.front() {
            if moments(outcome)[2].1 > now {
                return;
            }
            self.take_first(past);
        }
    }

    /// Keeps the stills of what still waits at the end.
    pub fn finish(mut self, past: &Past<'_>) -> Cards {
        while !self.waiting.is_empty() {
            self.take_first(past);
        }
        self.cards
    }

    fn take_first(&mut self, past: &Past<'_>) {
        if let Some(outcome) = self.waiting.pop_front() {
            let stills = stills(&outcome, past);
            self.cards.insert(outcome.id, stills);
        }
    }
}

/// What stills are cut from.
pub struct Past<'a> {
    /// Redacted pictures.
    pub ring: &'a StillRing,
    /// Where vehicles were.
    pub paths: &'a Paths,
    /// What signals showed.
    pub signals: &'a SignalHistory,
}

fn stills(outcome: &Outcome, past: &Past<'_>) -> Vec<Still> {
    moments(outcome)
        .into_iter()
        .filter_map(|(what, time)| {
            let frame = past.ring.nearest(time)?;
            let vehicle = past.paths.box_at(outcome.track, frame.time);
            let jpeg = cut(&frame.jpeg, vehicle)?;
            let state = outcome
                .signal
                .as_ref()
                .and_then(|signal| past.signals.state_at(&signal.group, frame.time).known())
                .map(|known| format!(", signal {}", known.state.as_str()))
                .unwrap_or_default();
            let apart = frame.time.since_s(outcome.event_time);
            Some(Still { caption: format!("{what}: {apart:+.1} s{state}"), jpeg })
        })
        .collect()
}

/// Which moments show the event best.
fn moments(outcome: &Outcome) -> [(&'static str, EventTime); 3] {
    let event = outcome.event_time;
    let long = outcome
        .quantities
        .iter()
        .find(|quantity| ["dwell", "duration"].contains(&quantity.name))
        .map(|quantity| quantity.value);
    match long {
        Some(seconds) => [
            ("Beginning", event),
            ("Middle", event.plus_s(seconds / 2.0)),
            ("End", event.plus_s(seconds)),
        ],
        None => {
            [("Before", event.plus_s(-1.0)), ("At the event", event), ("After", event.plus_s(1.4))]
        }
    }
}

/// The part around the vehicle, with a frame around it.
fn cut(jpeg: &[u8], vehicle: Option<BoxPx>) -> Option<Vec<u8>> {
    let mut rgb =
        image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg).ok()?.to_rgb8();
    let (width, height) = rgb.dimensions();
    let whole = PixelRect { x: 0, y: 0, width, height };
    let crop = vehicle.and_then(|vehicle| surroundings(vehicle, width, height)).unwrap_or(whole);
    if let Some(vehicle) = vehicle {
        frame(&mut rgb, vehicle);
    }
    let picture = Picture::from_rgb(width, height, rgb.as_raw(), Matrix::Bt709).ok()?;
    Some(encode_still(&picture, crop, WIDTH_PX_MAX))
}

/// A 16 to 9 part of the picture around the vehicle.
fn surroundings(vehicle: BoxPx, width: u32, height: u32) -> Option<PixelRect> {
    let (w, h) = (width as f32, height as f32);
    let size = (vehicle.x1 - vehicle.x0).max((vehicle.y1 - vehicle.y0) * 1.5);
    let cut_w = (size * SURROUNDINGS).max(CUT_PX_MIN).min(w).min(h * 16.0 / 9.0);
    let cut_h = cut_w * 9.0 / 16.0;
    let x = ((vehicle.x0 + vehicle.x1 - cut_w) / 2.0).clamp(0.0, w - cut_w);
    let y = ((vehicle.y0 + vehicle.y1 - cut_h) / 2.0).clamp(0.0, (h - cut_h).max(0.0));
    PixelRect::covering(&BoxPx { x0: x, y0: y, x1: x + cut_w, y1: y + cut_h }, width, height)
}

fn frame(rgb: &mut RgbImage, vehicle: BoxPx) {
    let (width, height) = rgb.dimensions();
    let margin = 3.0;
    let clamp = |value: f32, limit: u32| value.clamp(0.0, limit.saturating_sub(1) as f32) as u32;
    let (x0, x1) = (clamp(vehicle.x0 - margin, width), clamp(vehicle.x1 + margin, width));
    let (y0, y1) = (clamp(vehicle.y0 - margin, height), clamp(vehicle.y1 + margin, height));
    for inset in 0..2 {
        for x in x0..=x1 {
            put(rgb, x, y0.saturating_add(inset));
            put(rgb, x, y1.saturating_sub(inset));
        }
        for y in y0..=y1 {
            put(rgb, x0.saturating_add(inset), y);
            put(rgb, x1.saturating_sub(inset), y);
        }
    }
}

fn put(rgb: &mut RgbImage, x: u32, y: u32) {
    if let Some(pixel) = rgb.get_pixel_mut_checked(x, y) {
        *pixel = FRAME;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_around_a_vehicle_lies_in_the_picture() {
        for vehicle in [
            BoxPx { x0: 0.0, y0: 0.0, x1: 30.0, y1: 20.0 },
            BoxPx { x0: 1250.0, y0: 700.0, x1: 1290.0, y1: 730.0 },
            BoxPx { x0: 100.0, y0: 100.0, x1: 900.0, y1: 700.0 },
        ] {
            let part = surroundings(vehicle, 1280, 720).expect("a part");
            assert!(part.x + part.width <= 1280 && part.y + part.height <= 720, "{part:?}");
            let shape = f64::from(part.width) / f64::from(part.height);
            assert!((shape - 16.0 / 9.0).abs() < 0.05, "{part:?}");
        }
    }
}
