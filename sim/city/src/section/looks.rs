//! What vehicles look like: directions in a space of many dimensions.
//!
//! Two looks at one vehicle have a similarity (cosine) of about 0.9, two vehicles one of about 0. Some
//! vehicles belong to groups whose members look alike: there two vehicles have about 0.85, so that a
//! match between them would be a guess.

use crate::rng::Rng;

/// Dimensions: as many as the embedder of the passages has.
const DIMENSIONS: usize = 64;
/// Look-alike groups, and the share of vehicles in one.
const GROUPS: u64 = 4;
const GROUPED: f64 = 0.15;
/// How far members of a group are from its middle.
const APART: f64 = 0.25;
/// How far a look is from the vehicle: the square root of 1/9 gives 0.9.
const BLUR: f64 = 0.333;

/// How one vehicle looks.
#[derive(Clone, Debug)]
pub(crate) struct Looks {
    direction: Vec<f64>,
}

fn direction(rng: &mut Rng) -> Vec<f64> {
    unit((0..DIMENSIONS).map(|_| rng.normal()).collect())
}

fn unit(mut vector: Vec<f64>) -> Vec<f64> {
    let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-12);
    vector.iter_mut().for_each(|x| *x /= length);
    vector
}

fn near(middle: &[f64], apart: f64, rng: &mut Rng) -> Vec<f64> {
    let away = direction(rng);
    unit(middle.iter().zip(away).map(|(x, y)| x + apart * y).collect())
}

impl Looks {
    /// A vehicle of the section with this seed.
    pub(crate) fn new(seed: u64, rng: &mut Rng) -> Self {
        if !rng.chance(GROUPED) {
            return Self { direction: direction(rng) };
        }
        let group = rng.below(GROUPS);
        let middle = direction(&mut Rng::new(seed, &[0x1007, group]));
        Self { direction: near(&middle, APART, rng) }
    }

    /// One look at it.
    pub(crate) fn seen(&self, rng: &mut Rng) -> Vec<f32> {
        near(&self.direction, BLUR, rng).into_iter().map(|x| x as f32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similarity(a: &[f32], b: &[f32]) -> f64 {
        a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum()
    }

    #[test]
    fn looks_are_as_similar_as_said() {
        let mut rng = Rng::new(3, &[]);
        let vehicles: Vec<Looks> = (0..200).map(|_| Looks::new(9, &mut rng)).collect();
        let (mut same, mut alike) = (0.0, 0);
        for (index, vehicle) in vehicles.iter().enumerate() {
            let look = vehicle.seen(&mut rng);
            let length: f64 = look.iter().map(|x| f64::from(*x) * f64::from(*x)).sum();
            assert!((length - 1.0).abs() < 1e-5);
            let other = vehicle.seen(&mut rng);
            assert!(similarity(&look, &other) > 0.8);
            same += similarity(&look, &other);
            let others = vehicles.iter().take(index);
            alike += others.filter(|v| similarity(&v.seen(&mut rng), &look) > 0.7).count();
        }
        assert!((same / 200.0 - 0.9).abs() < 0.01, "{}", same / 200.0);
        // 30 in 4 groups: about 7 each, so about 90 pairs.
        assert!((30..300).contains(&alike), "{alike}");
    }
}
