//! How the current view lies on the reference: each recognisable block is looked for, and they vote.

use crate::gradient::Gradients;
use crate::template::{BLOCK, Template};

/// Likeness from which a block is recognised. Blocks of other scenes reach 0.3.
const LIKENESS_MIN: f32 = 0.5;

/// How far around a guess a block is looked for, pixels of the small picture.
const REACH: i32 = 4;

/// How far the whole picture is looked for, pixels of the quarter picture: an eighth of its width.
const REACH_COARSE: i32 = 10;

/// Share of blocks off their place from which a common displacement is looked for.
const ASTRAY_SHARE: f64 = 0.3;

/// What the blocks say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Alignment {
    /// Blocks that were looked for.
    pub(crate) sought: usize,
    /// Displacements of those found, pixels of the small picture, rightwards and downwards.
    pub(crate) found: Vec<(f32, f32)>,
}

impl Alignment {
    /// Looks for the blocks of `template` in the view with the edges `fine`, and `coarse` at a quarter.
    pub(crate) fn of(template: &Template, fine: &Gradients, coarse: &Gradients) -> Self {
        let corners = template.blocks.iter().filter(|block| block.corner);
        let places: Vec<(usize, usize)> = corners.map(|block| block.at).collect();
        let search = Search { template, fine };
        let mut found = Vec::new();
        let mut astray = Vec::new();
        for at in &places {
            match search.around(*at, (0, 0), 1).filter(|best| best.inner) {
                Some(best) => found.push(best.shift),
                None => astray.push(*at),
            }
        }
        let mut sought = places.len();
        let guess = if astray.len() as f64 > ASTRAY_SHARE * places.len() as f64 {
            common_shift(&template.coarse, coarse)
        } else {
            (0, 0)
        };
        for at in astray {
            let near = search.around(at, (0, 0), REACH);
            let far = if guess == (0, 0) { None } else { search.around(at, guess, REACH) };
            // A block that has left the picture tells nothing.
            let gone = guess != (0, 0) && search.place(at, guess).is_none();
            let best = [near, far].into_iter().flatten().max_by(|a, b| a.score.total_cmp(&b.score));
            match best {
                Some(best) => found.push(best.shift),
                None => sought -= usize::from(gone),
            }
        }
        Self { sought, found }
    }

    /// The common displacement: the median of each direction.
    pub(crate) fn shift(&self) -> Option<(f32, f32)> {
        let median = |pick: fn(&(f32, f32)) -> f32| {
            let mut values: Vec<f32> = self.found.iter().map(pick).collect();
            values.sort_by(f32::total_cmp);
            values.get(values.len() / 2).copied()
        };
        Some((median(|s| s.0)?, median(|s| s.1)?))
    }

    /// Share of the found blocks whose displacement satisfies `test`, given its length.
    pub(crate) fn share(&self, test: impl Fn(f32) -> bool) -> f64 {
        let fit = self.found.iter().filter(|(x, y)| test((x * x + y * y).sqrt())).count();
        fit as f64 / self.found.len().max(1) as f64
    }
}

struct Search<'a> {
    template: &'a Template,
    fine: &'a Gradients,
}

struct Best {
    score: f32,
    shift: (f32, f32),
    /// Whether the best place is not at the rim of the search.
    inner: bool,
}

impl Search<'_> {
    fn place(&self, at: (usize, usize), shift: (i32, i32)) -> Option<(usize, usize)> {
        let x = at.0.checked_add_signed(shift.0 as isize)?;
        let y = at.1.checked_add_signed(shift.1 as isize)?;
        (x + BLOCK <= self.fine.width && y + BLOCK <= self.fine.height).then_some((x, y))
    }

    fn score(&self, at: (usize, usize), shift: (i32, i32)) -> Option<f32> {
        let there = self.place(at, shift)?;
        Some(self.template.gradients.likeness(at, self.fine, there, (BLOCK, BLOCK)))
    }

    /// The best place around a guess, refined between pixels; none where the block is not recognised.
    fn around(&self, at: (usize, usize), guess: (i32, i32), reach: i32) -> Option<Best> {
        let mut best: Option<(f32, (i32, i32))> = None;
        for dy in guess.1 - reach..=guess.1 + reach {
            for dx in guess.0 - reach..=guess.0 + reach {
                let Some(score) = self.score(at, (dx, dy)) else { continue };
                if best.is_none_or(|(best, _)| score > best) {
                    best = Some((score, (dx, dy)));
                }
            }
        }
        let (score, (dx, dy)) = best.filter(|(score, _)| *score >= LIKENESS_MIN)?;
        let inner = (dx - guess.0).abs() < reach && (dy - guess.1).abs() < reach;
        let x = peak(self.score(at, (dx - 1, dy)), score, self.score(at, (dx + 1, dy)));
        let y = peak(self.score(at, (dx, dy - 1)), score, self.score(at, (dx, dy + 1)));
        Some(Best { score, shift: (dx as f32 + x, dy as f32 + y), inner })
    }
}

/// Where the parabola through three values, one apart, is highest, within half a step of the middle one.
fn peak(before: Option<f32>, middle: f32, after: Option<f32>) -> f32 {
    let (Some(before), Some(after)) = (before, after) else { return 0.0 };
    let bend = before - 2.0 * middle + after;
    if bend >= 0.0 {
        return 0.0;
    }
    ((before - after) / (2.0 * bend)).clamp(-0.5, 0.5)
}

/// The displacement of the whole picture as its quarter tells it, pixels of the small picture.
fn common_shift(past: &Gradients, now: &Gradients) -> (i32, i32) {
    if (past.width, past.height) != (now.width, now.height) {
        return (0, 0);
    }
    let mut best = (f32::MIN, (0, 0));
    for dy in -REACH_COARSE..=REACH_COARSE {
        for dx in -REACH_COARSE..=REACH_COARSE {
            let (Some((x0, x1, w)), Some((y0, y1, h))) =
                (overlap(past.width, dx), overlap(past.height, dy))
            else {
                continue;
            };
            let score = past.likeness((x0, y0), now, (x1, y1), (w, h));
            if score > best.0 {
                best = (score, (dx, dy));
            }
        }
    }
    (best.1.0 * 4, best.1.1 * 4)
}

/// Starts in the past and the present picture and the common length, at least half of it.
fn overlap(length: usize, shift: i32) -> Option<(usize, usize, usize)> {
    let by = shift.unsigned_abs() as usize;
    let common = length.checked_sub(by).filter(|common| *common * 2 >= length && *common > 0)?;
    Some(if shift < 0 { (by, 0, common) } else { (0, by, common) })
}
