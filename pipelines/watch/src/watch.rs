//! The watch itself: looks about once a second, judges, and remembers.

use wayside_picture::{Picture, Scaler};
use wayside_proto::EventTime;

use crate::alignment::Alignment;
use crate::condition::{Change, Condition};
use crate::config::WatchConfig;
use crate::darkness::Brightness;
use crate::frozen::Pulse;
use crate::gradient::Gradients;
use crate::judgement::{self, Detail, Finding};
use crate::latch::{Latch, Verdict};
use crate::median::{PICTURES, Window};
use crate::reference::{Reference, ReferenceKind};
use crate::small::Small;
use crate::template::{Template, quarter};

/// After so many missed looks the view is collected anew.
const GAP_LOOKS: f64 = 10.0;

/// A picture this share of `look_s` after the last look is taken: the next one may come much later.
const EARLY: f64 = 0.9;

/// How long after learning a reference vehicles in it may still leave, seconds.
const SETTLE_S: f64 = 180.0;

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
}

/// A scaler that can be shown as text.
struct Shrinker(Scaler);

impl std::fmt::Debug for Shrinker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scaler")
    }
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
        let detail = Detail::of(template, &fine, &alignment, view.mean(), &self.config);
        if let (Some(learnt), Some(template)) = (self.learnt_at, &mut self.template)
            && time.since_s(learnt) < SETTLE_S
        {
            judgement::settle(template, &fine);
        }
        let place = judgement::place(&self.config, self.size, self.kind, &alignment, &detail);
        (place, judgement::clearness(&self.config, &detail))
    }
}
