//! The watch itself: looks about once a second, judges, and remembers.

use wayside_picture::{Picture, Scaler};
use wayside_proto::EventTime;

use crate::alignment::Alignment;
use crate::condition::{Change, Condition};
use crate::config::WatchConfig;
use crate::darkness::Brightness;
use crate::frozen::Pulse;
use crate::gradient::Gradients;
use crate::latch::{Latch, Verdict};
use crate::median::{PICTURES, Window};
use crate::reference::{Reference, ReferenceKind};
use crate::small::Small;
use crate::template::{BLOCK, Template, quarter};
use crate::words;

/// After so many missed looks the view is collected anew.
const GAP_LOOKS: f64 = 10.0;

/// A picture this share of `look_s` after the last look is taken: the next one may come much later.
const EARLY: f64 = 0.9;

/// How long after learning a reference vehicles in it may still leave, seconds.
const SETTLE_S: f64 = 180.0;

/// The least blocks for a judgement.
const BLOCKS_MIN: usize = 5;

/// Watches one camera.
#[derive(Debug)]
pub struct Watch {
    config: WatchConfig,
    size: (u32, u32),
    kind: ReferenceKind,
    reference: Option<Reference>,
    template: Option<Template>,
    learning: Window,
    learning_last: Option<EventTime>,
    learnt_at: Option<EventTime>,
    window: Window,
    pulse: Pulse,
    scaler: Shrinker,
    last_time: Option<EventTime>,
    last_look: Option<EventTime>,
    latches: [Latch; Condition::ALL.len()],
    unlike: Latch,
}

/// A scaler that can be shown as text.
struct Shrinker(Scaler);

impl std::fmt::Debug for Shrinker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scaler")
    }
}

/// A verdict, and what to tell when it makes a condition begin or end.
struct Finding {
    verdict: Verdict,
    enter_s: f64,
    detail: String,
}

impl Finding {
    const OPEN: Self = Self { verdict: Verdict::Open, enter_s: 0.0, detail: String::new() };
}

impl Watch {
    /// A watch for pictures of `width` x `height` pixels. Without a reference, or with one that does not fit
    /// (see [`Reference::fits`]), it learns its own from the first `learn_s` of pictures that are not dark.
    #[must_use]
    pub fn new(
        config: WatchConfig,
        width: u32,
        height: u32,
        reference: Option<&Reference>,
    ) -> Self {
        let reference = reference.filter(|reference| reference.fits(width, height)).cloned();
        let kind = match reference {
            Some(_) => ReferenceKind::Calibration,
            None => ReferenceKind::Learning,
        };
        Self {
            config,
            size: (width, height),
            kind,
            template: reference.as_ref().map(|reference| Template::new(&reference.small)),
            reference,
            learning: Window::default(),
            learning_last: None,
            learnt_at: None,
            window: Window::default(),
            pulse: Pulse::default(),
            scaler: Shrinker(Scaler::new()),
            last_time: None,
            last_look: None,
            latches: [Latch::NEW; Condition::ALL.len()],
            unlike: Latch::NEW,
        }
    }

    /// Where the reference comes from.
    #[must_use]
    pub fn reference_kind(&self) -> ReferenceKind {
        self.kind
    }

    /// The reference, once there is one: given, or learnt and worth keeping.
    #[must_use]
    pub fn reference(&self) -> Option<&Reference> {
        self.reference.as_ref()
    }

    /// The conditions that hold, in order.
    pub fn active(&self) -> impl Iterator<Item = Condition> + '_ {
        let pairs = Condition::ALL.into_iter().zip(&self.latches);
        pairs.filter(|(_, latch)| latch.active).map(|(condition, _)| condition)
    }

    /// Whether a condition holds.
    #[must_use]
    pub fn is_active(&self, condition: Condition) -> bool {
        self.active().any(|active| active == condition)
    }

    /// Lets a condition begin that others have found, at once. Nothing where it holds already. What the watch
    /// judges itself ends by its own judgement too.
    pub fn set(
        &mut self,
        condition: Condition,
        detail: impl Into<String>,
        time: EventTime,
    ) -> Option<Change> {
        self.force(condition, true, detail.into(), time)
    }

    /// Ends a condition that others have found to be over, at once. Nothing where it does not hold.
    pub fn clear(&mut self, condition: Condition, time: EventTime) -> Option<Change> {
        self.force(condition, false, format!("{condition}: it is over"), time)
    }

    fn force(
        &mut self,
        condition: Condition,
        entered: bool,
        detail: String,
        time: EventTime,
    ) -> Option<Change> {
        let latch = &mut self.latches[condition as usize];
        if latch.active == entered {
            return None;
        }
        latch.set(entered);
        Some(Change { condition, entered, time, detail })
    }

    /// Takes a picture, and tells what begins or ends with it. Returns at once where the last look was less
    /// than `look_s` ago, or the picture is of another size. Pictures come in the order of their time; where
    /// the clock runs backwards or there was a long gap, the view is collected anew.
    pub fn see(&mut self, time: EventTime, picture: &Picture) -> Vec<Change> {
        let since = |then: Option<EventTime>| then.map_or(f64::INFINITY, |then| time.since_s(then));
        let (last, look) = (since(self.last_time), since(self.last_look));
        self.last_time = Some(time);
        if last < 0.0 || (look.is_finite() && look > GAP_LOOKS * self.config.look_s.max(1.0)) {
            self.restart();
        } else if look < EARLY * self.config.look_s {
            return Vec::new();
        }
        if (picture.width, picture.height) != self.size {
            return Vec::new();
        }
        self.last_look = Some(time);
        let Some(small) = Small::of(picture, &mut self.scaler.0) else { return Vec::new() };
        let mut changes = Vec::new();
        let frozen = self.frozen(picture);
        self.judge(Condition::Frozen, frozen, time, &mut changes);
        let brightness = Brightness::of(&small);
        let dark = self.dark(brightness);
        let is_dark = dark.verdict != Verdict::Good;
        self.judge(Condition::Dark, dark, time, &mut changes);
        self.learn(time, &small, is_dark);
        self.window.push(small);
        if is_dark || self.latches[Condition::Dark as usize].active {
            return changes;
        }
        let Some(view) = self.window.median() else { return changes };
        let (moved, blurred) = self.compare(time, &view);
        self.judge(Condition::Moved, moved, time, &mut changes);
        self.judge(Condition::Blurred, blurred, time, &mut changes);
        changes
    }

    fn restart(&mut self) {
        self.window.clear();
        self.pulse.restart();
        self.latches.iter_mut().for_each(Latch::restart);
        self.unlike.restart();
        self.last_look = None;
        if self.kind == ReferenceKind::Learning {
            self.learning.clear();
        }
    }

    fn judge(
        &mut self,
        condition: Condition,
        finding: Finding,
        time: EventTime,
        changes: &mut Vec<Change>,
    ) {
        let c = &self.config;
        let leave_s = match condition {
            Condition::Moved => c.moved_leave_s,
            Condition::Blurred => c.blurred_leave_s,
            Condition::Dark => c.dark_leave_s,
            Condition::Frozen | Condition::Clock | Condition::Size => c.frozen_leave_s,
        };
        let latch = &mut self.latches[condition as usize];
        if let Some(entered) = latch.step(time, finding.verdict, finding.enter_s, leave_s) {
            changes.push(Change { condition, entered, time, detail: finding.detail });
        }
    }

    fn frozen(&mut self, picture: &Picture) -> Finding {
        let verdict = self.pulse.verdict(picture);
        let enter_s = self.config.frozen_s_min;
        let detail = match verdict {
            Verdict::Bad => format!(
                "the picture has not changed for {enter_s} s though frames arrive; restart the camera"
            ),
            _ => "the picture changes again".to_owned(),
        };
        Finding { verdict, enter_s, detail }
    }

    fn dark(&self, brightness: Brightness) -> Finding {
        let verdict = brightness.verdict(&self.config);
        let Brightness { mean, spread } = brightness;
        let detail = match verdict {
            Verdict::Bad => format!(
                "too dark to see road users: mean luma {mean:.0}, spread {spread:.0}; \
                 check the lighting and the exposure"
            ),
            _ => format!("bright enough again: mean luma {mean:.0}, spread {spread:.0}"),
        };
        Finding { verdict, enter_s: self.config.dark_enter_s, detail }
    }

    /// Collects pictures over `learn_s` until there is a reference.
    fn learn(&mut self, time: EventTime, small: &Small, is_dark: bool) {
        if self.kind != ReferenceKind::Learning || is_dark {
            return;
        }
        let spacing = self.config.learn_s / (PICTURES - 1) as f64;
        if self.learning_last.is_some_and(|last| (0.0..spacing).contains(&time.since_s(last))) {
            return;
        }
        self.learning_last = Some(time);
        self.learning.push(small.clone());
        if let Some(median) = self.learning.median() {
            self.template = Some(Template::new(&median));
            self.reference = Some(Reference::new(median, self.size));
            self.kind = ReferenceKind::Learnt;
            self.learnt_at = Some(time);
            self.learning.clear();
        }
    }

    /// What the view of the last seconds says of place and detail.
    fn compare(&mut self, time: EventTime, view: &Small) -> (Finding, Finding) {
        let Some(template) = &self.template else { return (Finding::OPEN, Finding::OPEN) };
        let fine = Gradients::of(view);
        let coarse = Gradients::of(&quarter(view));
        let alignment = Alignment::of(template, &fine, &coarse);
        let gain = (view.mean() / template.mean_luma.max(1.0)).min(1.0);
        let detail = Detail::of(template, &fine, &alignment, gain, &self.config);
        if let (Some(learnt), Some(template)) = (self.learnt_at, &mut self.template)
            && time.since_s(learnt) < SETTLE_S
        {
            settle(template, &fine);
        }
        let moved = self.moved(&alignment, &detail, gain);
        let blurred = self.blurred(&detail);
        (moved, blurred)
    }

    fn moved(&mut self, alignment: &Alignment, detail: &Detail, gain: f64) -> Finding {
        let c = &self.config;
        let small_width = f64::from(crate::small::small_size(self.size.0, self.size.1).0);
        let scale = f64::from(self.size.0) / small_width.max(1.0);
        let enter = (c.moved_width_share_enter * small_width).max(0.8) as f32;
        let leave = (c.moved_width_share_leave * small_width).max(0.4) as f32;
        let enter_s = c.moved_enter_s;
        let (found, sought) = (alignment.found.len(), alignment.sought);
        let since = words::since(self.kind);
        if sought >= BLOCKS_MIN && found >= BLOCKS_MIN && 4 * found >= sought {
            let displaced = alignment.share(|length| length >= enter);
            let (dx, dy) = alignment.shift().unwrap_or_default();
            let length = (dx * dx + dy * dy).sqrt();
            let agree = alignment
                .found
                .iter()
                .filter(|(x, y)| (x - dx).abs() <= 1.0 && (y - dy).abs() <= 1.0);
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
            sought >= 2 * BLOCKS_MIN && 4 * found < sought && gain > 0.6 && detail.left > 0.5;
        if another {
            let detail = format!(
                "the picture shows another view {since}; check the mounting, or calibrate again"
            );
            return Finding { verdict: Verdict::Bad, enter_s: c.unlike_enter_s, detail };
        }
        Finding::OPEN
    }

    fn blurred(&self, detail: &Detail) -> Finding {
        let c = &self.config;
        let enter_s = c.blurred_enter_s;
        let Some(lost) = detail.lost else { return Finding::OPEN };
        let percent = 100.0 * lost;
        if lost >= c.blurred_blocks_share_enter {
            let detail = format!(
                "{percent:.0}% of the picture has lost its detail; clean the lens and check the focus (fog passes)"
            );
            Finding { verdict: Verdict::Bad, enter_s, detail }
        } else if lost <= c.blurred_blocks_share_leave {
            Finding {
                verdict: Verdict::Good,
                enter_s,
                detail: "the picture is clear again".to_owned(),
            }
        } else {
            Finding::OPEN
        }
    }
}

/// How much of the reference's detail is left.
struct Detail {
    /// Share of the textured blocks that have lost theirs; none where that cannot be told.
    lost: Option<f64>,
    /// Share of the gradient energy of all textured blocks that is left.
    left: f64,
}

impl Detail {
    fn of(
        template: &Template,
        fine: &Gradients,
        alignment: &Alignment,
        gain: f64,
        config: &WatchConfig,
    ) -> Self {
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
        Self { lost: judged.then(|| lost as f64 / seen as f64), left }
    }
}

/// Lets vehicles that stood in the first seconds leave the learnt reference.
fn settle(template: &mut Template, fine: &Gradients) {
    for block in &mut template.blocks {
        block.energy = block.energy.min(fine.energy(block.at, (BLOCK, BLOCK)));
    }
}
