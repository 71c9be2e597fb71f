//! A small generator of pseudo-random numbers.
//!
//! SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014):
//! integer arithmetic alone, so that it gives the same numbers everywhere. Not for secrets.

/// A stream of numbers that follows from its seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng {
    state: u64,
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Rng {
    /// The stream of `seed` for what `labels` name: streams of different labels are independent.
    #[must_use]
    pub fn new(seed: u64, labels: &[u64]) -> Self {
        let mut state = mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15));
        for label in labels {
            state = mix(state ^ mix(label.wrapping_add(0xd1b5_4a32_d192_ed03)));
        }
        Self { state }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// Uniform in [0, 1).
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in [`low`, `high`).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// Uniform in 0 to `count` - 1; 0 where `count` is 0.
    pub fn below(&mut self, count: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(count)) >> 64) as u64
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// Exponentially distributed with this mean: the time to the next arrival of a Poisson process.
    pub fn wait(&mut self, mean: f64) -> f64 {
        -mean * libm::log(1.0 - self.share())
    }

    /// Nearly normal, mean 0 and standard deviation 1: the sum of four uniform 16-bit numbers
    /// (Irwin-Hall), so at most 3.5 in size. Measurement noise has no wilder tails here.
    pub fn normal(&mut self) -> f64 {
        let bits = self.bits();
        let sum =
            (bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48);
        // Variance of one: (65536² - 1) / 12; of four: a standard deviation of 37837.2.
        (sum as f64 - 131_070.0) / 37_837.227
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_pinned() {
        let mut rng = Rng::new(42, &[1, 2]);
        let first: Vec<u64> = (0..3).map(|_| rng.bits()).collect();
        // Computed apart from this code.
        assert_eq!(
            first,
            [15_644_090_691_088_771_269, 16_569_080_262_904_611_902, 6_783_203_405_100_970_590]
        );
    }

    #[test]
    fn distributions_have_their_moments() {
        let mut rng = Rng::new(7, &[]);
        let count = 200_000;
        let (mut sum, mut squares, mut wait, mut below) = (0.0, 0.0, 0.0, [0_u32; 5]);
        for _ in 0..count {
            let x = rng.normal();
            sum += x;
            squares += x * x;
            wait += rng.wait(4.0);
            below[rng.below(5) as usize] += 1;
        }
        let n = f64::from(count);
        assert!((sum / n).abs() < 0.01, "{}", sum / n);
        assert!((squares / n - 1.0).abs() < 0.01, "{}", squares / n);
        assert!((wait / n - 4.0).abs() < 0.05, "{}", wait / n);
        assert!(below.iter().all(|count| (39_000..41_000).contains(count)), "{below:?}");
    }

    #[test]
    fn labels_part_streams() {
        let first = |labels: &[u64]| Rng::new(1, labels).bits();
        let streams = [first(&[]), first(&[0]), first(&[1]), first(&[0, 1]), first(&[1, 0])];
        for (index, stream) in streams.iter().enumerate() {
            assert!(!streams[..index].contains(stream));
        }
    }
}
