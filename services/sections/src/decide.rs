//! Which candidate looks most like a vehicle, and by how much.

use wayside_proto::{Abstention, EventTime, PassageId};

use crate::end::EndState;
use crate::step::{Hit, LIMIT};

/// The most similar candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Best {
    pub(crate) id: PassageId,
    pub(crate) similarity: f64,
    /// By how much it exceeds the second best; none where there is no second.
    pub(crate) margin: Option<f64>,
}

impl Best {
    /// Whether it is clearly the best.
    pub(crate) fn is_clear(&self, margin_min: f64) -> bool {
        self.margin.is_none_or(|margin| margin > 0.0 && margin >= margin_min)
    }
}

/// Ranks what the index found among the passages of an end in a window, which is not empty.
///
/// # Errors
/// Where the index found fewer than are known to be there, or the vectors cannot be compared.
pub(crate) fn rank(
    end: &EndState,
    (from, to): (EventTime, EventTime),
    vector: &[f32],
    hits: &[Hit],
) -> Result<Best, Abstention> {
    let mut ids: Vec<PassageId> = hits.iter().map(|hit| hit.id).collect();
    ids.sort_unstable();
    ids.dedup();
    // What the index still has from elsewhere, or from before a restart, does not count.
    let found = ids.iter().filter_map(|id| end.get(*id).map(|held| (*id, held)));
    let found: Vec<_> =
        found.filter(|(_, held)| (from..=to).contains(&held.crossing.time)).collect();
    let known = end.within(from, to).take(LIMIT).count();
    if found.is_empty() || found.len() < known {
        return Err(Abstention::Index);
    }
    let mut ranked = Vec::with_capacity(found.len());
    for (id, held) in found {
        ranked.push((similarity(vector, &held.vector).ok_or(Abstention::Index)?, id));
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (similarity, id) = *ranked.first().ok_or(Abstention::Index)?;
    let margin = ranked.get(1).map(|(second, _)| similarity - second);
    Ok(Best { id, similarity, margin })
}

/// Cosine of the angle between two vectors, -1 to 1, summed in double precision in the order of the
/// vectors, so that it is the same on every machine; none where their dimensions differ, or one has no
/// length.
#[must_use]
pub fn similarity(a: &[f32], b: &[f32]) -> Option<f64> {
    if a.len() != b.len() {
        return None;
    }
    let (mut dot, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (f64::from(*x), f64::from(*y));
        dot += x * y;
        aa += x * x;
        bb += y * y;
    }
    let length = (aa * bb).sqrt();
    (length > 0.0 && length.is_finite()).then(|| (dot / length).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarity_is_the_cosine() {
        assert_eq!(similarity(&[1.0, 0.0], &[0.0, 1.0]), Some(0.0));
        assert_eq!(similarity(&[0.6, 0.8], &[0.6, 0.8]), Some(1.0));
        assert_eq!(similarity(&[1.0], &[1.0, 0.0]), None);
        assert_eq!(similarity(&[0.0], &[0.0]), None);
    }

    #[test]
    fn a_tie_is_never_clear() {
        let best = |margin| Best { id: PassageId([0; 16]), similarity: 0.9, margin };
        assert!(best(None).is_clear(0.1) && best(Some(0.1)).is_clear(0.1));
        assert!(!best(Some(0.0)).is_clear(0.0) && !best(Some(0.09)).is_clear(0.1));
    }
}
