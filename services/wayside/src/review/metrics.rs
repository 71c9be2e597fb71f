//! What review has done, told to the metrics once a second.

use std::time::{Duration, Instant};

use wayside_proto::EventTime;
use wayside_review::{Service, Totals};
use wayside_telemetry::ReviewMetrics;

const TELL_EVERY: Duration = Duration::from_secs(1);

/// Tells the metrics.
pub(crate) struct Teller {
    metrics: ReviewMetrics,
    last: Option<Instant>,
}

impl Teller {
    pub(super) fn new() -> Self {
        Self { metrics: ReviewMetrics::new(), last: None }
    }

    pub(super) fn tell(&mut self, service: &Service, now: EventTime) {
        if self.last.is_some_and(|last| last.elapsed() < TELL_EVERY) {
            return;
        }
        self.last = Some(Instant::now());
        let Totals { intake, queue, acts, published, webhooks } = service.totals();
        if let Some(queue) = queue {
            let counts = [
                queue.first,
                queue.second,
                queue.senior,
                queue.contest,
                queue.claimed,
                queue.sent_back,
                queue.approved,
            ];
            let oldest_s = queue.oldest.map_or(0.0, |oldest| now.since_s(oldest).max(0.0));
            self.metrics.cases(counts, oldest_s);
        }
        self.metrics.state(intake.waiting, webhooks.held);
        self.metrics.acts(acts);
        self.metrics.so_far([
            intake.admitted,
            intake.dead_letters,
            published.issued,
            published.citations,
            webhooks.delivered,
            webhooks.failed,
            webhooks.given_up,
        ]);
    }
}
