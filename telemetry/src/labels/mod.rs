//! Labels: typed, from closed lists or from ids of the site file, and held against the metric's own.

mod names;
mod values;

use std::borrow::Cow;

use wayside_proto::{CameraId, EvidenceFailure, GapCause, SectionId, SiteId, Verdict, VoidCause};

use crate::metric::Metric;

pub use names::Label;
pub use values::{
    CaseAct, CaseState, Condition, DisconnectCause, EndLabel, Invariant, LookRefusal, Provider,
    Readiness, ReloadResult, Stage, Topic, UnmatchableCause, VerdictLabel, values,
};

/// Longest name of a site, camera or rule in a label, characters.
const NAME_CHARS_MAX: usize = 64;

/// The labels of one series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    pairs: Vec<(Label, Cow<'static, str>)>,
}

impl Labels {
    /// No labels: the whole worker.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// One junction.
    #[must_use]
    pub fn site(site: &SiteId) -> Self {
        Self::none().with(Label::Site, name(site.as_str()))
    }

    /// One camera of one junction.
    #[must_use]
    pub fn camera(site: &SiteId, camera: &CameraId) -> Self {
        Self::site(site).with(Label::Camera, name(camera.as_str()))
    }

    /// The same at one stage.
    #[must_use]
    pub fn stage(self, stage: Stage) -> Self {
        self.with(Label::Stage, stage.as_str().into())
    }

    /// The same for one cause of a gap.
    #[must_use]
    pub fn gap_cause(self, cause: GapCause) -> Self {
        self.with(Label::GapCause, cause.as_str().into())
    }

    /// The same for one cause of a stream's end.
    #[must_use]
    pub fn disconnect_cause(self, cause: DisconnectCause) -> Self {
        self.with(Label::DisconnectCause, cause.as_str().into())
    }

    /// The same for one cause of a void.
    #[must_use]
    pub fn void_cause(self, cause: VoidCause) -> Self {
        self.with(Label::VoidCause, cause.as_str().into())
    }

    /// The same for one cause why there is no evidence package.
    #[must_use]
    pub fn evidence_failure(self, cause: EvidenceFailure) -> Self {
        self.with(Label::EvidenceFailure, cause.as_str().into())
    }

    /// The same at one end of a section.
    #[must_use]
    pub fn section(self, section: &SectionId, end: EndLabel) -> Self {
        let named = self.with(Label::Section, name(section.as_str()));
        named.with(Label::End, end.as_str().into())
    }

    /// The same for one cause why a passage cannot be matched.
    #[must_use]
    pub fn unmatchable(self, cause: UnmatchableCause) -> Self {
        self.with(Label::UnmatchableCause, cause.as_str().into())
    }

    /// The same for one cause why a vehicle was not looked at.
    #[must_use]
    pub fn look_refusal(self, cause: LookRefusal) -> Self {
        self.with(Label::LookRefusal, cause.as_str().into())
    }

    /// The same for one condition of the camera watch.
    #[must_use]
    pub fn condition(self, condition: Condition) -> Self {
        self.with(Label::Condition, condition.as_str().into())
    }

    /// The same for one rule. The name is the catalogue's own, so that there are only so many.
    #[must_use]
    pub fn rule(self, rule: &'static str) -> Self {
        self.with(Label::Rule, rule.into())
    }

    /// The same for a verdict; its cause and detail are left out.
    #[must_use]
    pub fn verdict(self, verdict: &Verdict) -> Self {
        let label = match verdict {
            Verdict::Violation => VerdictLabel::Violation,
            Verdict::Void { .. } => VerdictLabel::Void,
        };
        self.with(Label::Verdict, label.as_str().into())
    }

    /// The same for one topic.
    #[must_use]
    pub fn topic(self, topic: Topic) -> Self {
        self.with(Label::Topic, topic.as_str().into())
    }

    /// The same for cases that are there.
    #[must_use]
    pub fn case_state(self, state: CaseState) -> Self {
        self.with(Label::CaseState, state.as_str().into())
    }

    /// The same for one act on cases.
    #[must_use]
    pub fn case_act(self, act: CaseAct) -> Self {
        self.with(Label::CaseAct, act.as_str().into())
    }

    /// The same for one execution provider.
    #[must_use]
    pub fn provider(self, provider: Provider) -> Self {
        self.with(Label::Provider, provider.as_str().into())
    }

    /// The same for one result of a reload.
    #[must_use]
    pub fn reload(self, result: ReloadResult) -> Self {
        self.with(Label::ReloadResult, result.as_str().into())
    }

    /// The same for one promise.
    #[must_use]
    pub fn invariant(self, invariant: Invariant) -> Self {
        self.with(Label::Invariant, invariant.as_str().into())
    }

    /// The same for one part that must be ready.
    #[must_use]
    pub fn item(self, item: Readiness) -> Self {
        self.with(Label::Item, item.as_str().into())
    }

    /// The same for one version of the program.
    #[must_use]
    pub fn version(self, version: &'static str) -> Self {
        self.with(Label::Version, version.into())
    }

    fn with(mut self, label: Label, value: Cow<'static, str>) -> Self {
        let at = self.pairs.partition_point(|(other, _)| *other <= label);
        self.pairs.insert(at, (label, value));
        self
    }

    /// Whether these are the labels of the metric: all of them and no other.
    #[must_use]
    pub fn fit(&self, metric: Metric) -> bool {
        self.pairs.iter().map(|(label, _)| label).eq(metric.labels())
    }

    /// The key under which the facade knows the series.
    pub(crate) fn key(&self, metric: Metric) -> metrics::Key {
        let label = |(label, value): &(Label, Cow<'static, str>)| {
            metrics::Label::new(label.as_str(), value.clone())
        };
        metrics::Key::from_parts(metric.name(), self.pairs.iter().map(label).collect::<Vec<_>>())
    }
}

/// An id as a label's value: ids of a site file pass as they are, others lose what does not belong.
pub(crate) fn name(id: &str) -> Cow<'static, str> {
    let fits = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' };
    id.chars().take(NAME_CHARS_MAX).map(fits).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_fit_their_metric_and_no_other() {
        let (site, camera) = (SiteId::from("s"), CameraId::from("c"));
        let of = || Labels::camera(&site, &camera);
        assert!(of().fit(Metric::FramesReceived));
        assert!(
            Labels::none().stage(Stage::Wait).with(Label::Camera, "c".into()).pairs[0].1 == "c"
        );
        for (labels, metric) in [
            (Labels::none(), Metric::FramesReceived),
            (Labels::site(&site), Metric::FramesReceived),
            (of(), Metric::FramesDropped),
            (of().gap_cause(GapCause::Lost), Metric::FramesReceived),
            // The same name on the page, another list of values.
            (of().disconnect_cause(DisconnectCause::Silent), Metric::FramesDropped),
            (of().gap_cause(GapCause::Lost).gap_cause(GapCause::Lost), Metric::FramesDropped),
        ] {
            assert!(!labels.fit(metric), "{metric:?} {labels:?}");
        }
    }

    /// The `Labels` that callers would write, in whatever order, for every metric.
    #[test]
    fn every_metric_has_labels_that_can_be_made() {
        for metric in Metric::ALL {
            let mut labels = Labels::none();
            for label in metric.labels().iter().rev() {
                labels = labels.with(*label, "x".into());
            }
            assert!(labels.fit(*metric), "{metric:?}");
        }
    }

    #[test]
    fn closed_lists_have_no_doubles_and_parse_what_they_show() {
        for label in Metric::ALL.iter().flat_map(|metric| metric.labels()) {
            let mut texts = values(*label).unwrap_or_default();
            let count = texts.len();
            texts.sort_unstable();
            texts.dedup();
            assert_eq!(texts.len(), count, "{label:?}");
        }
        for topic in Topic::ALL {
            assert_eq!(Topic::parse(topic.as_str()), Some(*topic));
        }
        assert_eq!(Condition::parse("MOVED"), None);
    }

    /// The promises are those of the registry that names their tests.
    #[test]
    fn promises_are_those_of_the_registry() {
        let registry = include_str!("../../../tidy/src/invariants.rs");
        let ids = registry.lines().filter_map(|line| line.trim().strip_prefix("id: \""));
        let ids: Vec<&str> = ids.filter_map(|rest| rest.strip_suffix("\",")).collect();
        let ours: Vec<&str> = Invariant::ALL.iter().map(|it| it.as_str()).collect();
        assert_eq!(ids, ours);
    }

    #[test]
    fn ids_pass_and_other_text_cannot_break_the_page() {
        assert_eq!(name("north-2_b"), "north-2_b");
        assert_eq!(name("a\"} 1\nb"), "a___1_b");
        assert_eq!(name(&"x".repeat(1_000)).len(), NAME_CHARS_MAX);
    }
}
