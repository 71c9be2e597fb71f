//! What the current view says of place and detail.

use crate::alignment::Alignment;
use crate::config::WatchConfig;
use crate::gradient::Gradients;
use crate::latch::Verdict;
use crate::reference::ReferenceKind;
use crate::small::small_size;
use crate::template::{BLOCK, Template};
use crate::words;

/// The least blocks for a judgement.
const BLOCKS_MIN: usize = 5;

/// A verdict, and what to tell when it makes a condition begin or end.
pub(crate) struct Finding {
    pub(crate) verdict: Verdict,
    /// How long it must be bad to count, seconds.
    pub(crate) enter_s: f64,
    pub(crate) detail: String,
}

impl Finding {
    pub(crate) const OPEN: Self =
        Self { verdict: Verdict::Open, enter_s: 0.0, detail: String::new() };
}

/// Whether the view lies where the reference lies, for pictures of `size`.
pub(crate) fn place(
    c: &WatchConfig,
    size: (u32, u32),
    kind: ReferenceKind,
    alignment: &Alignment,
    detail: &Detail,
) -> Finding {
    let small_width = f64::from(small_size(size.0, size.1).0);
    let scale = f64::from(size.0) / small_width.max(1.0);
    let enter = (c.moved_width_share_enter * small_width).max(0.8) as f32;
    let leave = (c.moved_width_share_leave * small_width).max(0.4) as f32;
    let enter_s = c.moved_enter_s;
    let (found, sought) = (alignment.found.len(), alignment.sought);
    let since = words::since(kind);
    if sought >= BLOCKS_MIN && found >= BLOCKS_MIN && 4 * found >= sought {
        let displaced = alignment.share(|length| length >= enter);
        let (dx, dy) = alignment.shift().unwrap_or_default();
        let length = (dx * dx + dy * dy).sqrt();
        let agree =
            alignment.found.iter().filter(|(x, y)| (x - dx).abs() <= 1.0 && (y - dy).abs() <= 1.0);
        let agree = agree.count() as f64 / found as f64;
        let to_px = |small: f32| f64::from(small) * scale;
        if displaced >= 0.5 {
            let seen = if agree >= 0.5 && length >= enter {
                format!(
                    "the picture has moved by {} {since}",
                    words::displacement(to_px(dx), to_px(dy))
                )
            } else {
                format!(
                    "the picture is turned or zoomed {since}: {:.0}% of the places have moved",
                    100.0 * displaced
                )
            };
            let detail = format!("{seen}; check the mounting, or calibrate again");
            return Finding { verdict: Verdict::Bad, enter_s, detail };
        }
        if alignment.share(|length| length <= leave) >= 0.5 {
            let detail = "the picture lies where it should again".to_owned();
            return Finding { verdict: Verdict::Good, enter_s, detail };
        }
        return Finding::OPEN;
    }
    // Nothing is recognised. By day and with as much detail as ever, that is another view.
    let another =
        sought >= 2 * BLOCKS_MIN && 4 * found < sought && detail.gain > 0.6 && detail.left > 0.5;
    if another {
        let detail = format!(
            "the picture shows another view {since}; check the mounting, or calibrate again"
        );
        return Finding { verdict: Verdict::Bad, enter_s: c.unlike_enter_s, detail };
    }
    Finding::OPEN
}

/// Whether the view has the detail of the reference.
pub(crate) fn clearness(c: &WatchConfig, detail: &Detail) -> Finding {
    let enter_s = c.blurred_enter_s;
    let Some(lost) = detail.lost else { return Finding::OPEN };
    let percent = 100.0 * lost;
    if lost >= c.blurred_blocks_share_enter {
        let detail = format!(
            "{percent:.0}% of the picture has lost its detail; clean the lens and check the focus (fog passes)"
        );
        Finding { verdict: Verdict::Bad, enter_s, detail }
    } else if lost <= c.blurred_blocks_share_leave {
        Finding { verdict: Verdict::Good, enter_s, detail: "the picture is clear again".to_owned() }
    } else {
        Finding::OPEN
    }
}

/// How much of the reference's detail is left.
pub(crate) struct Detail {
    /// Share of the textured blocks that have lost theirs; none where that cannot be told.
    lost: Option<f64>,
    /// Share of the gradient energy of all textured blocks that is left.
    left: f64,
    /// Brightness against the reference's, at most 1: less light, less contrast, and nothing is lost.
    gain: f64,
}

impl Detail {
    pub(crate) fn of(
        template: &Template,
        fine: &Gradients,
        alignment: &Alignment,
        view_mean: f64,
        config: &WatchConfig,
    ) -> Self {
        let gain = (view_mean / template.mean_luma.max(1.0)).min(1.0);
        let found = alignment.found.len();
        let shift =
            alignment.shift().filter(|_| found >= BLOCKS_MIN && 4 * found >= alignment.sought);
        let (dx, dy) = shift.unwrap_or_default();
        let (mut lost, mut seen, mut before, mut now) = (0, 0, 0.0, 0.0);
        for block in &template.blocks {
            let x = block.at.0.checked_add_signed(dx.round() as isize);
            let y = block.at.1.checked_add_signed(dy.round() as isize);
            let (Some(x), Some(y)) = (x, y) else { continue };
            if x + BLOCK > fine.width || y + BLOCK > fine.height {
                continue;
            }
            let past = block.energy as f64 * gain * gain;
            let left = fine.energy((x, y), (BLOCK, BLOCK)) as f64;
            before += past;
            now += left;
            seen += 1;
            lost += usize::from(left < config.blurred_energy_share_min * past);
        }
        let left = if before > 0.0 { now / before } else { 1.0 };
        // Where nothing is recognised though detail is there, it is another view, not a blurred one.
        let judged = seen >= BLOCKS_MIN && (shift.is_some() || left < 0.5);
        Self { lost: judged.then(|| lost as f64 / seen as f64), left, gain }
    }
}

/// Lets vehicles that stood in the first seconds leave the learnt reference.
pub(crate) fn settle(template: &mut Template, fine: &Gradients) {
    for block in &mut template.blocks {
        block.energy = block.energy.min(fine.energy(block.at, (BLOCK, BLOCK)));
    }
}
