//! Counts covered pixels, and sums up.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;

use wayside_proto::RoadUserClass;
use wayside_redaction::evidence::Hidden;

use crate::truth::{FACE_BIT, PERSON_BIT, Truth};

/// Road users that show no more than this height are not counted, pixels.
const HEIGHT_PX_MIN: f32 = 16.0;

/// Resamples of the interval over clips.
const RESAMPLES: usize = 2000;

/// Pixels that should be hidden (or clear), and those that are.
#[derive(Clone, Copy, Default)]
pub(crate) struct Part {
    all: u64,
    done: u64,
}

impl Part {
    fn add(&mut self, other: Self) {
        self.all += other.all;
        self.done += other.done;
    }

    fn share(self) -> f64 {
        if self.all == 0 { f64::NAN } else { self.done as f64 / self.all as f64 }
    }
}

/// Kinds of what is counted.
const NAMES: [&str; 5] = ["people", "faces", "vehicles", "hidden in all", "offending clear"];

/// What was counted in a clip.
#[derive(Clone, Default)]
pub(crate) struct Score {
    parts: [Part; 5],
    hidden_share: f64,
    frames: u32,
    outlined: u32,
    misses: u32,
    pub spent_s: f64,
}

impl Score {
    pub(crate) fn frame(
        &mut self,
        index: usize,
        truth: &Truth,
        owners: &[u16],
        hidden: &Hidden,
        misses: &mut String,
    ) {
        let heights = truth.heights(index);
        let width = truth.size().0 as usize;
        // By object: its pixels and those that are not hidden; the same of its face.
        let mut objects = vec![([0_u32; 2], [0_u32; 2]); heights.len()];
        let mut own = Part::default();
        for (at, who) in owners.iter().enumerate() {
            let number = usize::from(who & 0x1fff);
            if number == 0 {
                continue;
            }
            let open = u32::from(!hidden.mask.hides((at % width) as u32, (at / width) as u32));
            if number == truth.offending && who & PERSON_BIT == 0 {
                own.all += 1;
                own.done += u64::from(open);
                continue;
            }
            let (body, face) = &mut objects[number];
            body[0] += 1;
            body[1] += open;
            if who & FACE_BIT != 0 {
                face[0] += 1;
                face[1] += open;
            }
        }
        if heights[truth.offending] > HEIGHT_PX_MIN {
            self.parts[4].add(own);
        }
        for (number, (body, face)) in objects.iter().enumerate().skip(1) {
            if heights[number] <= HEIGHT_PX_MIN {
                continue;
            }
            let class = truth.classes[number - 1];
            let person = class == RoadUserClass::Person || number == truth.offending;
            let part = |[all, open]: [u32; 2]| Part { all: all.into(), done: (all - open).into() };
            self.parts[if person { 0 } else { 2 }].add(part(*body));
            self.parts[1].add(part(*face));
            self.parts[3].add(part(*body));
            for (name, [all, open]) in [("body", body), ("face", face)] {
                if *open > 0 {
                    self.misses += u32::from(name == "body");
                    let class = class.as_str();
                    // A String cannot refuse.
                    let _ = writeln!(
                        misses,
                        "{index},{number},{class},{},{all},{open},{name}",
                        heights[number]
                    );
                }
            }
        }
        self.hidden_share += hidden.share;
        self.frames += 1;
        self.outlined += u32::from(hidden.outlined);
    }

    pub(crate) fn line(&self, name: &str) -> String {
        let mut out = format!("{name}:");
        for (name, part) in NAMES.iter().zip(self.parts) {
            let _ = write!(out, " {name} {:.5}", part.share());
        }
        let share = self.hidden_share / f64::from(self.frames.max(1));
        let _ = write!(
            out,
            " | picture hidden {share:.3}, outline in {} of {} pictures, {} misses, {:.1} s",
            self.outlined, self.frames, self.misses, self.spent_s
        );
        out
    }
}

/// All clips by light.
#[derive(Default)]
pub(crate) struct Table {
    clips: BTreeMap<String, Vec<Score>>,
}

impl Table {
    pub(crate) fn add(&mut self, name: &str, score: Score) {
        let light = name.split('-').next().unwrap_or_default();
        for key in [light, "all"] {
            self.clips.entry(key.to_owned()).or_default().push(score.clone());
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n| light | clips | {} | picture hidden |", NAMES.join(" | "))?;
        writeln!(f, "| --- | --- | --- | --- | --- | --- | --- | --- |")?;
        for (light, scores) in &self.clips {
            write!(f, "| {light} | {} |", scores.len())?;
            for kind in 0..NAMES.len() {
                let parts: Vec<Part> = scores.iter().map(|score| score.parts[kind]).collect();
                let (low, high) = interval(&parts);
                write!(f, " {:.5} ({low:.5} to {high:.5}) |", total(parts.iter()).share())?;
            }
            let hidden: f64 =
                scores.iter().map(|s| s.hidden_share / f64::from(s.frames.max(1))).sum();
            writeln!(f, " {:.3} |", hidden / scores.len() as f64)?;
        }
        Ok(())
    }
}

fn total<'a>(parts: impl Iterator<Item = &'a Part>) -> Part {
    parts.fold(Part::default(), |mut all, part| {
        all.add(*part);
        all
    })
}

/// 95% of the shares over clips drawn with replacement.
fn interval(parts: &[Part]) -> (f64, f64) {
    let mut chance = 12_345_u64;
    let mut shares: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let drawn = (0..parts.len()).map(|_| {
                chance = chance
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                &parts[(chance >> 33) as usize % parts.len()]
            });
            total(drawn.collect::<Vec<_>>().into_iter()).share()
        })
        .filter(|share| share.is_finite())
        .collect();
    shares.sort_by(f64::total_cmp);
    let at = |share: f64| {
        shares.get((share * shares.len() as f64) as usize).copied().unwrap_or(f64::NAN)
    };
    (at(0.025), at(0.975))
}
