//! The class of a track, voted by its detections.

use wayside_proto::RoadUserClass;

/// Sums of scores by class.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ClassVote {
    weights: [f64; RoadUserClass::ALL.len()],
}

impl ClassVote {
    /// Counts a detection with its score.
    pub fn add(&mut self, class: RoadUserClass, score: f32) {
        for (known, weight) in RoadUserClass::ALL.iter().zip(&mut self.weights) {
            if *known == class {
                *weight += f64::from(score.max(0.0));
            }
        }
    }

    /// The class with the most votes and its share of them, 0 to 1. Of two that are level the one
    /// declared first wins; without a vote it is a car with share 0.
    pub fn winner(&self) -> (RoadUserClass, f32) {
        let sum: f64 = self.weights.iter().sum();
        let mut best = (RoadUserClass::Car, 0.0);
        for (class, weight) in RoadUserClass::ALL.into_iter().zip(self.weights) {
            if weight > best.1 {
                best = (class, weight);
            }
        }
        let share = if sum > 0.0 { best.1 / sum } else { 0.0 };
        (best.0, share as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_scores_wins() {
        let mut vote = ClassVote::default();
        assert_eq!(vote.winner(), (RoadUserClass::Car, 0.0));
        vote.add(RoadUserClass::Truck, 0.3);
        vote.add(RoadUserClass::Truck, 0.3);
        vote.add(RoadUserClass::Bus, 0.4);
        let (class, share) = vote.winner();
        assert_eq!(class, RoadUserClass::Truck);
        assert!((share - 0.6).abs() < 1e-6);
    }
}
