//! Tells metrics and log what a camera does.

use std::collections::BTreeSet;

use wayside_capture::live::Ended;
use wayside_live::Observed;
use wayside_proto::{CameraHealth, FrameCounts, GapCause};
use wayside_telemetry::{CameraMetrics, DisconnectCause, Invariant, Stage};

use super::exchange::Answer;
use super::session;

/// The metrics of one camera, and what was logged of it.
pub(super) struct Report {
    camera: String,
    metrics: CameraMetrics,
    unaccounted: bool,
    away: Option<Option<GapCause>>,
    conditions: BTreeSet<String>,
}

impl Report {
    pub(super) fn new(site: &wayside_proto::SiteId, camera: &wayside_proto::CameraId) -> Self {
        Self {
            camera: format!("{site}/{camera}"),
            metrics: CameraMetrics::new(site, camera),
            unaccounted: false,
            away: None,
            conditions: BTreeSet::new(),
        }
    }

    pub(super) fn metrics(&self) -> &CameraMetrics {
        &self.metrics
    }

    pub(super) fn observed(&self, observed: &Observed) {
        self.metrics.observed(&observed.observation);
    }

    pub(super) fn answered(&self, answer: &Answer) {
        self.metrics.stage(Stage::Wait, answer.waited);
        self.metrics.stage(Stage::Inference, answer.took);
    }

    /// The promise that every frame is accounted for (EV-3), checked in production.
    pub(super) fn check(&mut self, counts: FrameCounts) {
        if !counts.closes() && !std::mem::replace(&mut self.unaccounted, true) {
            wayside_telemetry::invariant_violated(
                Invariant::Ev3,
                &format!("camera {}: {counts:?}", self.camera),
            );
        }
    }

    pub(super) fn ended(&self, ended: &Ended) {
        self.metrics.disconnected(session::cause(ended));
    }

    pub(super) fn silent(&self) {
        self.metrics.disconnected(DisconnectCause::Silent);
    }

    /// Logs what has changed, once.
    pub(super) fn health(&mut self, health: &CameraHealth) {
        let camera = &self.camera;
        if self.away != Some(health.away) {
            match health.away {
                Some(cause) => {
                    tracing::warn!(
                        "camera {camera}: no pictures ({}): {}",
                        cause.as_str(),
                        health.detail
                    );
                }
                None => tracing::info!("camera {camera}: pictures come"),
            }
            self.away = Some(health.away);
        }
        for reason in &health.stood_down {
            if self.conditions.insert(reason.condition.clone()) {
                tracing::warn!("camera {camera}: rules stand down: {}", reason.detail);
            }
        }
        let holds = |condition: &String| {
            health.stood_down.iter().any(|reason| reason.condition == *condition)
        };
        let over: Vec<String> = self.conditions.iter().filter(|c| !holds(c)).cloned().collect();
        for condition in over {
            tracing::info!("camera {camera}: {condition}: over");
            self.conditions.remove(&condition);
        }
        self.metrics.health(health);
    }
}
