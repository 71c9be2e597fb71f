//! The vector of one look at a vehicle.

use std::fmt;

/// Length of a vector.
pub(super) const DIMENSIONS: usize = 64;

/// Steps of a coordinate in which vectors leave the embedder.
const STEPS: f64 = 1024.0;

/// How a vehicle looks, as 64 numbers of unit length. The nearer two vectors, the likelier it is that
/// they are of the same vehicle.
///
/// Coordinates are rounded to steps of 1/1024 and then brought to unit length, so that the last bits
/// in which processors' kernels differ seldom show.
///
/// It has no way to be printed or written to a file from here: it lives for minutes, in a section.
#[derive(Clone, PartialEq)]
pub struct Embedding([f32; DIMENSIONS]);

impl Embedding {
    /// Length of a vector.
    pub const DIMENSIONS: usize = DIMENSIONS;

    /// The vector in the direction of `values`; none where they have none.
    pub(super) fn of(values: &[f32]) -> Option<Self> {
        let values: &[f32; DIMENSIONS] = values.try_into().ok()?;
        let length = length(values.iter().copied().map(f64::from));
        if !(length.is_finite() && length > 1e-6) {
            return None;
        }
        let rounded = values.map(|value| (f64::from(value) / length * STEPS).round());
        // Whole numbers up to 1,024: their squares add up exactly, in any order. With 64 of unit
        // length at least one is 128 or more, so the length is not 0.
        let length = self::length(rounded.iter().copied());
        Some(Self(rounded.map(|value| (value / length) as f32)))
    }

    /// The coordinates.
    #[must_use]
    pub fn as_array(&self) -> &[f32; DIMENSIONS] {
        &self.0
    }

    /// Cosine of the angle between two vectors, -1 to 1: 1 is the same look.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f32 {
        let products = self.0.iter().zip(&other.0).map(|(a, b)| f64::from(*a) * f64::from(*b));
        (products.sum::<f64>() as f32).clamp(-1.0, 1.0)
    }

    /// The vector of a passage: the mean direction of several looks by one camera. None without
    /// looks, or where they cancel out.
    #[must_use]
    pub fn mean<'a>(looks: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut total = [0.0_f64; DIMENSIONS];
        let mut count = 0_u32;
        for look in looks {
            total.iter_mut().zip(&look.0).for_each(|(sum, value)| *sum += f64::from(*value));
            count += 1;
        }
        let count = f64::from(count.max(1));
        Self::of(&total.map(|sum| (sum / count) as f32))
    }
}

impl fmt::Debug for Embedding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Embedding(..)")
    }
}

fn length(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|value| value * value).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_has_no_direction_is_no_vector() {
        assert_eq!(Embedding::of(&[0.0; DIMENSIONS]), None);
        assert_eq!(Embedding::of(&[f32::NAN; DIMENSIONS]), None);
        assert_eq!(Embedding::of(&[f32::INFINITY; DIMENSIONS]), None);
        assert_eq!(Embedding::of(&[1.0; 63]), None);
        assert_eq!(Embedding::mean([]), None);
    }

    #[test]
    fn a_vector_does_not_show_itself() {
        let vector = Embedding::of(&[1.0; DIMENSIONS]).expect("a vector");
        assert_eq!(format!("{vector:?}"), "Embedding(..)");
    }

    proptest! {
        #[test]
        fn vectors_are_of_unit_length_and_near_what_was_given(
            values in prop::collection::vec(-3.0f32..3.0, DIMENSIONS),
        ) {
            let long = values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
            prop_assume!(long > 0.1);
            let vector = Embedding::of(&values).expect("a vector");
            let unit = vector.as_array().iter().map(|v| f64::from(*v).powi(2)).sum::<f64>();
            prop_assert!((unit - 1.0).abs() < 1e-6);
            for (ours, given) in vector.as_array().iter().zip(&values) {
                prop_assert!((f64::from(*ours) - f64::from(*given) / long).abs() < 2e-3);
            }
            prop_assert!(vector.similarity(&vector) > 0.999_99);
            // Differences of the last bits do not show.
            let nudged: Vec<f32> = values.iter().map(|v| v * (1.0 + f32::EPSILON)).collect();
            let other = Embedding::of(&nudged).expect("a vector");
            prop_assert!(vector.similarity(&other) > 0.999_9);
            let mean = Embedding::mean([&vector, &vector]).expect("a vector");
            prop_assert!(vector.similarity(&mean) > 0.999_9);
        }
    }
}
