//! Many readings, few suggestions.

use crate::{Pii, Plate, Purpose};

/// A package has at most this many suggestions.
pub const SUGGESTIONS_MAX: usize = 3;

/// Plates shorter than this are not suggested: noise reads as two or three letters too often.
const LENGTH_MIN: usize = 4;
/// Longer readings have something beside the plate in them.
const LENGTH_MAX: usize = 10;
/// A reading whose letters are less sure on average has no vote.
const MEAN_MIN: f32 = 0.6;
/// A suggestion that is less sure is not made.
const CONFIDENCE_MIN: f32 = 0.25;
/// Texts that are remembered.
const TEXTS_MAX: usize = 256;

/// What a plate may say.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The reading.
    pub plate: Plate,
    /// The recogniser's mean probability in its best reading of this text, times this text's share of
    /// the votes: 0 to 1. **Not calibrated**: it orders suggestions, it is no chance of being right.
    pub confidence: f32,
    /// In how many stills it was read.
    pub stills: u32,
}

/// Votes for texts, over windows and stills.
#[derive(Default)]
pub(super) struct Ballot {
    votes: Vec<Vote>,
    still: u32,
}

struct Vote {
    text: Pii<Vec<u8>>,
    weight: f32,
    mean_best: f32,
    stills: u32,
    still_last: u32,
}

impl Ballot {
    /// Casts a vote for a reading; its weight, where it is plausible.
    ///
    /// A sure reading counts much more than an unsure one, and a long one more than a piece of it.
    pub(super) fn cast(&mut self, text: &Pii<Vec<u8>>, probabilities: &[f32]) -> Option<f32> {
        let bytes = text.expose(Purpose::CompareReadings);
        let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
        if !(LENGTH_MIN..=LENGTH_MAX).contains(&bytes.len()) || digits == 0 {
            return None;
        }
        let mean = probabilities.iter().sum::<f32>() / bytes.len() as f32;
        let least = probabilities.iter().copied().fold(1.0, f32::min);
        if mean < MEAN_MIN {
            return None;
        }
        let weight = mean * mean * mean * mean * (0.3 + 0.7 * least) * bytes.len() as f32;
        let room = self.votes.len() < TEXTS_MAX;
        let known =
            self.votes.iter_mut().find(|vote| vote.text.expose(Purpose::CompareReadings) == bytes);
        match known {
            Some(vote) => {
                vote.weight += weight;
                vote.mean_best = vote.mean_best.max(mean);
                if vote.still_last != self.still {
                    vote.still_last = self.still;
                    vote.stills += 1;
                }
            }
            None if room => self.votes.push(Vote {
                text: text.clone(),
                weight,
                mean_best: mean,
                stills: 1,
                still_last: self.still,
            }),
            None => {}
        }
        Some(weight)
    }

    /// What comes now is another still.
    pub(super) fn end_still(&mut self) {
        self.still += 1;
    }

    /// The suggestions, the likeliest first.
    pub(super) fn count(mut self) -> Vec<Suggestion> {
        let all: f32 = self.votes.iter().map(|vote| vote.weight).sum();
        self.votes.sort_by(|a, b| {
            let text = |vote: &Vote| vote.text.expose(Purpose::CompareReadings).clone();
            b.weight.total_cmp(&a.weight).then_with(|| text(a).cmp(&text(b)))
        });
        let suggestions = self.votes.iter().filter_map(|vote| {
            let text = std::str::from_utf8(vote.text.expose(Purpose::ShowToReviewer)).ok()?;
            let confidence = vote.mean_best * vote.weight / all;
            Some(Suggestion { plate: Plate::parse(text).ok()?, confidence, stills: vote.stills })
        });
        suggestions
            .take(SUGGESTIONS_MAX)
            .filter(|suggestion| suggestion.confidence >= CONFIDENCE_MIN)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast(ballot: &mut Ballot, text: &str, probability: f32) -> Option<f32> {
        ballot.cast(&Pii::new(text.as_bytes().to_vec()), &vec![probability; text.len()])
    }

    fn texts(ballot: Ballot) -> Vec<(String, u32)> {
        let text = |s: &Suggestion| s.plate.expose(Purpose::LeakTest).to_owned();
        ballot.count().iter().map(|s| (text(s), s.stills)).collect()
    }

    #[test]
    fn what_several_stills_say_wins() {
        let mut ballot = Ballot::default();
        cast(&mut ballot, "W12345X", 0.9);
        cast(&mut ballot, "VV12345X", 0.9);
        ballot.end_still();
        cast(&mut ballot, "W12345X", 0.9);
        assert_eq!(texts(ballot), [("W12345X".to_owned(), 2), ("VV12345X".to_owned(), 1)]);
    }

    #[test]
    fn noise_has_no_vote() {
        let mut ballot = Ballot::default();
        for (text, probability) in
            [("A1", 0.99), ("GRILLE", 0.99), ("AB1234", 0.3), ("AB123456789", 0.99)]
        {
            assert_eq!(cast(&mut ballot, text, probability), None, "{text}");
        }
        assert!(ballot.count().is_empty());
    }

    #[test]
    fn many_that_disagree_suggest_nothing() {
        let mut ballot = Ballot::default();
        for n in 0..40 {
            cast(&mut ballot, &format!("AB{n:04}"), 0.8);
        }
        assert!(ballot.count().is_empty());
    }
}
