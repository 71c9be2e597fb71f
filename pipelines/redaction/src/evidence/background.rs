//! The static background: what each place looks like most of the time, and how sure that is.

use wayside_proto::{BoxPx, EventTime};

use super::boxes::grown;
use super::half::Half;

/// Most pictures that are kept to learn from; 27 MB at 1280x720.
const SAMPLES_MAX: usize = 40;

/// Smallest and largest difference in luma that counts as change.
const STEP: (i32, i32) = (6, 16);

/// Difference in chrominance that counts as change.
pub(super) const CHROMA_STEP: i32 = 5;

/// Share of a place's samples, one quarter, that agree with each other and not with the background: something
/// stood there, or left. Which of the two is the background cannot be told.
const OTHER_STATE: usize = 4;

/// Pictures to learn from: evenly spread over a clip of unknown length, in bounded memory.
#[derive(Debug)]
pub(super) struct Samples {
    every: usize,
    taken: Vec<(EventTime, Half)>,
}

impl Samples {
    pub(super) fn new() -> Self {
        Self { every: 1, taken: Vec::new() }
    }

    pub(super) fn offer(&mut self, index: usize, time: EventTime, half: Half) {
        if !index.is_multiple_of(self.every) {
            return;
        }
        if self.taken.len() == SAMPLES_MAX {
            let mut keep = false;
            self.taken.retain(|_| {
                keep = !keep;
                keep
            });
            self.every *= 2;
            if !index.is_multiple_of(self.every) {
                return;
            }
        }
        self.taken.push((time, half));
    }
}

/// What each place looks like when nothing is there.
#[derive(Debug)]
pub(super) struct Background {
    pub half: Half,
    /// Difference in luma from which a place has changed.
    pub step: Vec<u8>,
    /// Whether the place had another lasting state in the clip.
    pub unsure: Vec<bool>,
}

impl Background {
    /// Learns from the samples; what lies in the offending vehicle's box is left out.
    pub(super) fn learn(samples: &Samples, own: impl Fn(EventTime) -> Option<BoxPx>) -> Self {
        let first = &samples.taken[0].1;
        let (width, height) = (first.width, first.height);
        let count = width * height;
        let mut half = Half {
            width,
            height,
            y: Vec::with_capacity(count),
            u: Vec::with_capacity(count),
            v: Vec::with_capacity(count),
        };
        let (mut step, mut unsure) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let holes: Vec<Option<BoxPx>> = samples
            .taken
            .iter()
            .map(|(time, _)| own(*time).map(|b| grown(&b, 0.05, 4.0)))
            .collect();
        let mut column = Column::default();
        for y in 0..height {
            let rows: Vec<(&Half, Option<(f32, f32)>)> = samples
                .taken
                .iter()
                .zip(&holes)
                .map(|((_, half), hole)| {
                    let row = (y * 2) as f32;
                    let cut = hole.filter(|b| row >= b.y0 && row < b.y1);
                    (half, cut.map(|b| (b.x0 / 2.0, b.x1 / 2.0)))
                })
                .collect();
            for x in 0..width {
                let at = y * width + x;
                column.clear();
                for (half, cut) in &rows {
                    if cut.is_none_or(|(x0, x1)| (x as f32) < x0 || (x as f32) >= x1) {
                        column.push(half, at);
                    }
                }
                if column.len() * 3 < rows.len() {
                    // The vehicle stands here most of the time: what is beneath it is not known.
                    column.clear();
                    rows.iter().for_each(|(half, _)| column.push(half, at));
                    let found = column.judge();
                    push(&mut half, found.yuv);
                    step.push(found.step);
                    unsure.push(true);
                } else {
                    let found = column.judge();
                    push(&mut half, found.yuv);
                    step.push(found.step);
                    unsure.push(found.unsure);
                }
            }
        }
        Self { half, step, unsure }
    }
}

fn push(half: &mut Half, yuv: [u8; 3]) {
    half.y.push(yuv[0]);
    half.u.push(yuv[1]);
    half.v.push(yuv[2]);
}

/// One place over time.
#[derive(Default)]
struct Column {
    y: Vec<u8>,
    u: Vec<u8>,
    v: Vec<u8>,
    sorted: Vec<u8>,
}

struct Judged {
    yuv: [u8; 3],
    step: u8,
    unsure: bool,
}

impl Column {
    fn clear(&mut self) {
        self.y.clear();
        self.u.clear();
        self.v.clear();
    }

    fn len(&self) -> usize {
        self.y.len()
    }

    fn push(&mut self, half: &Half, at: usize) {
        self.y.push(half.y[at]);
        self.u.push(half.u[at]);
        self.v.push(half.v[at]);
    }

    fn judge(&mut self) -> Judged {
        let y = median(&self.y, &mut self.sorted);
        let away: u32 = spread(&self.sorted);
        let u = median(&self.u, &mut self.sorted);
        let v = median(&self.v, &mut self.sorted);
        let step = (3 + 2 * away as i32).clamp(STEP.0, STEP.1);
        // One sample is noisier than the mean that a picture is judged by.
        let alone = 2 * step;
        let differs = |i: usize| {
            gap(self.y[i], y) > alone
                || gap(self.u[i], u) > 2 * CHROMA_STEP
                || gap(self.v[i], v) > 2 * CHROMA_STEP
        };
        let agree = |i: usize, j: usize| {
            gap(self.y[i], self.y[j]) <= alone
                && gap(self.u[i], self.u[j]) <= 2 * CHROMA_STEP
                && gap(self.v[i], self.v[j]) <= 2 * CHROMA_STEP
        };
        let lasting = (1..self.y.len()).filter(|i| differs(*i) && agree(*i, *i - 1)).count();
        Judged { yuv: [y, u, v], step: step as u8, unsure: lasting * OTHER_STATE > self.y.len() }
    }
}

/// The lower median; `sorted` is left in order.
fn median(values: &[u8], sorted: &mut Vec<u8>) -> u8 {
    sorted.clear();
    sorted.extend_from_slice(values);
    sorted.sort_unstable();
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}

/// Half the width of the middle half of sorted values: what noise does, unmoved by what passes by.
fn spread(sorted: &[u8]) -> u32 {
    let at = |share: usize| u32::from(sorted[(sorted.len() - 1) * share / 4]);
    if sorted.is_empty() { 0 } else { (at(3) - at(1)).div_ceil(2) }
}

fn gap(a: u8, b: u8) -> i32 {
    (i32::from(a) - i32::from(b)).abs()
}
