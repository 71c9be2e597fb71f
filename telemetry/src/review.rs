//! Metrics of review.

use metrics::{Counter, Gauge};

use crate::labels::{CaseAct, CaseState, Labels};
use crate::metric::Metric;
use crate::recorder::{counter, gauge};

/// Review's metrics, with handles that are looked up once.
#[derive(Clone)]
pub struct ReviewMetrics {
    cases: Vec<Gauge>,
    oldest: Gauge,
    waiting: Gauge,
    held: Gauge,
    acts: Vec<Counter>,
    counters: [Counter; 7],
}

impl ReviewMetrics {
    /// Registers the series; all stand at 0 from now on.
    #[must_use]
    pub fn new() -> Self {
        let none = Labels::none;
        let counters = [
            Metric::ReviewAdmitted,
            Metric::ReviewDeadLetters,
            Metric::CitationsIssued,
            Metric::CitationMessages,
            Metric::WebhookDelivered,
            Metric::WebhookFailures,
            Metric::WebhookGivenUp,
        ];
        let state = |state: &CaseState| gauge(Metric::ReviewCases, &none().case_state(*state));
        let act = |act: &CaseAct| counter(Metric::ReviewActs, &none().case_act(*act));
        Self {
            cases: CaseState::ALL.iter().map(state).collect(),
            oldest: gauge(Metric::ReviewOldest, &none()),
            waiting: gauge(Metric::ReviewWaiting, &none()),
            held: gauge(Metric::WebhookHeld, &none()),
            acts: CaseAct::ALL.iter().map(act).collect(),
            counters: counters.map(|metric| counter(metric, &none())),
        }
    }

    /// Cases by where they are, in the order of [`CaseState::ALL`], and for how long the oldest of them waits,
    /// seconds.
    pub fn cases(&self, counts: [u64; CaseState::ALL.len()], oldest_s: f64) {
        self.cases.iter().zip(counts).for_each(|(gauge, count)| gauge.set(count as f64));
        self.oldest.set(oldest_s);
    }

    /// How it stands now: evidence that waits for its violation, messages that wait for a webhook.
    pub fn state(&self, waiting: u64, held: u64) {
        self.waiting.set(waiting as f64);
        self.held.set(held as f64);
    }

    /// What people did since the start, in the order of [`CaseAct::ALL`].
    pub fn acts(&self, counts: [u64; CaseAct::ALL.len()]) {
        self.acts.iter().zip(counts).for_each(|(counter, count)| counter.absolute(count));
    }

    /// Since the start: cases admitted, dead letters, citations issued, messages about them, and of webhooks messages
    /// delivered, attempts failed, messages given up.
    pub fn so_far(&self, counts: [u64; 7]) {
        self.counters.iter().zip(counts).for_each(|(counter, count)| counter.absolute(count));
    }
}

impl Default for ReviewMetrics {
    fn default() -> Self {
        Self::new()
    }
}
