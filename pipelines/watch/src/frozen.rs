//! Whether the picture still lives: a sensor never gives the same picture twice.

use wayside_picture::Picture;

use crate::latch::Verdict;

/// Samples that stand for the noise of a picture.
const PROBE: usize = 4096;

/// Pictures after which the usual noise is known.
const LEARN_PICTURES: u32 = 60;

/// The least usual noise, mean difference in grey levels, that can be missed.
const USUAL_LUMA_MIN: f32 = 0.5;

/// Share of the usual noise below which it has vanished.
const VANISHED_SHARE: f32 = 0.1;

/// Tells whether pictures are the same as those before.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    hash: Option<u64>,
    probe: Vec<u8>,
    /// A low quantile of the mean difference between successive pictures.
    usual: f32,
    seen: u32,
}

impl Pulse {
    /// Bad when the picture is the same as the last one, or differs by far less than is usual.
    pub(crate) fn verdict(&mut self, picture: &Picture) -> Verdict {
        let hash = fingerprint(&picture.y);
        let same = self.hash.replace(hash).map(|past| past == hash);
        let step = (picture.y.len() / PROBE).max(1) | 1;
        let probe: Vec<u8> = picture.y.iter().step_by(step).copied().collect();
        let past = std::mem::replace(&mut self.probe, probe);
        if past.len() != self.probe.len() || past.is_empty() {
            return Verdict::Open;
        }
        let sum: u32 = past.iter().zip(&self.probe).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        let difference = sum as f32 / past.len() as f32;
        let known = self.seen >= LEARN_PICTURES && self.usual >= USUAL_LUMA_MIN;
        let vanished = known && difference < VANISHED_SHARE * self.usual;
        if same == Some(true) || vanished {
            return Verdict::Bad;
        }
        self.learn(difference);
        Verdict::Good
    }

    /// Follows the quietest fifth: traffic is no noise.
    fn learn(&mut self, difference: f32) {
        if self.seen == 0 {
            self.usual = difference;
        }
        self.seen = self.seen.saturating_add(1);
        let step = 0.02 + 0.02 * self.usual;
        self.usual += if difference > self.usual { 0.2 * step } else { -0.8 * step };
        self.usual = self.usual.max(0.0);
    }

    /// Forgets the last picture, not what is usual.
    pub(crate) fn restart(&mut self) {
        self.hash = None;
        self.probe.clear();
    }
}

/// A fingerprint of all samples; four lanes, so that it runs as fast as memory.
fn fingerprint(samples: &[u8]) -> u64 {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut lanes = [1u64, 2, 3, 4];
    let mut chunks = samples.chunks_exact(32);
    for chunk in &mut chunks {
        for (lane, word) in lanes.iter_mut().zip(chunk.chunks_exact(8)) {
            let word = word.iter().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
            *lane = (*lane ^ word).wrapping_mul(PRIME);
            *lane ^= *lane >> 29;
        }
    }
    let rest = chunks
        .remainder()
        .iter()
        .fold(5u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME).rotate_left(23));
    lanes.iter().fold(rest, |hash, lane| (hash ^ lane).wrapping_mul(PRIME).rotate_left(23))
}
