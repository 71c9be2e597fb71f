//! How far two reviewers of the same case agree.

use crate::wilson::{Share, Z_95};

/// Pairs of first and second decisions, by what they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Both approved.
    pub both_approve: u64,
    /// The first approved, the second rejected.
    pub first_only: u64,
    /// The first rejected, the second approved.
    pub second_only: u64,
    /// Both rejected.
    pub both_reject: u64,
}

/// Agreement of reviewers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// The pairs.
    pub pairs: Pairs,
    /// Share of pairs that agree, with its Wilson interval.
    pub raw: Share,
    /// Agreement beyond chance; none where chance alone would agree always, or there is no pair.
    pub kappa: Option<Kappa>,
}

/// Cohen's kappa, -1 to 1, with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kappa {
    /// Best estimate.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Agreement {
    /// What these pairs show. Kappa after J. Cohen (1960); its standard error after Fleiss, Cohen and
    /// Everitt (Psychological Bulletin 72, 1969), which holds for large numbers: below some 30 pairs
    /// take the interval as a hint.
    #[must_use]
    pub fn of(pairs: Pairs) -> Self {
        let total = pairs.both_approve + pairs.first_only + pairs.second_only + pairs.both_reject;
        let raw = Share::of(pairs.both_approve + pairs.both_reject, total);
        Self { pairs, raw, kappa: kappa(&pairs, total as f64) }
    }
}

fn kappa(pairs: &Pairs, n: f64) -> Option<Kappa> {
    if n == 0.0 {
        return None;
    }
    let cell = [
        [pairs.both_approve as f64 / n, pairs.first_only as f64 / n],
        [pairs.second_only as f64 / n, pairs.both_reject as f64 / n],
    ];
    let first = [cell[0][0] + cell[0][1], cell[1][0] + cell[1][1]];
    let second = [cell[0][0] + cell[1][0], cell[0][1] + cell[1][1]];
    let seen = cell[0][0] + cell[1][1];
    let chance = first[0] * second[0] + first[1] * second[1];
    let beyond = 1.0 - chance;
    if beyond < 1e-12 {
        return None;
    }
    let value = (seen - chance) / beyond;
    let left = 1.0 - value;
    let mut agreeing = 0.0;
    let mut differing = 0.0;
    for i in 0..2 {
        let weight = 1.0 - (first[i] + second[i]) * left;
        agreeing += cell[i][i] * weight * weight;
        let j = 1 - i;
        let sum = second[i] + first[j];
        differing += cell[i][j] * sum * sum;
    }
    let rest = value - chance * left;
    let variance = (agreeing + left * left * differing - rest * rest) / (n * beyond * beyond);
    let half = Z_95 * variance.max(0.0).sqrt();
    Some(Kappa { value, low: (value - half).max(-1.0), high: (value + half).min(1.0) })
}
