//! What is known of one site.

use std::collections::BTreeMap;
use std::sync::Arc;

use wayside_proto::{
    CameraHealth, CameraId, EventTime, GapCause, RuleStandDown, SignalReport, SiteId, StandDown,
};
use wayside_site::Site;

use super::camera::Camera;
use super::day::DayCount;
use super::events::{Events, Taken};
use super::flow::Flow;
use super::signals::Signals;
use super::voids::Voids;
use crate::shapes::{
    CameraState, CameraStoodDown, CameraSummary, EventJson, EventKind, LiveStandDown,
    RuleStoodDown, SiteCondition,
};
use crate::state::Change;

/// Everything of one site.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) site: Arc<Site>,
    pub(super) id: SiteId,
    pub(super) cameras: BTreeMap<CameraId, Camera>,
    pub(super) signals: Signals,
    /// Reports that do not come over the bus, in order of time, and how many of them are taken.
    logged: (Arc<Vec<SignalReport>>, usize),
    pub(super) events: Events,
    pub(super) violations: DayCount,
    pub(super) voided: DayCount,
    pub(super) voids: Voids,
    pub(super) flow: Flow,
    rules_down: BTreeMap<(CameraId, &'static str), RuleStandDown>,
    /// Records of cameras that the site file does not have.
    pub(super) other_cameras: u64,
}

impl Book {
    pub(super) fn new(site: Arc<Site>, logged: Arc<Vec<SignalReport>>) -> Self {
        let mut book = Self {
            id: site.id(),
            site: Arc::clone(&site),
            cameras: BTreeMap::new(),
            signals: Signals::default(),
            logged: (Arc::default(), 0),
            events: Events::default(),
            violations: DayCount::default(),
            voided: DayCount::default(),
            voids: Voids::default(),
            flow: Flow::default(),
            rules_down: BTreeMap::new(),
            other_cameras: 0,
        };
        book.fit(site, logged);
        book
    }

    /// Whether this file and these reports are those that hold.
    pub(super) fn is(&self, site: &Arc<Site>, logged: &Arc<Vec<SignalReport>>) -> bool {
        *self.site == **site && self.logged.0 == *logged
    }

    /// Another site file holds from now on. What is known of things that it still has stays.
    pub(super) fn fit(&mut self, site: Arc<Site>, logged: Arc<Vec<SignalReport>>) {
        let cameras = &site.file().cameras;
        self.cameras.retain(|id, _| cameras.iter().any(|camera| camera.id == id.0));
        for camera in cameras {
            self.cameras.entry(CameraId(camera.id.clone())).or_default();
        }
        self.rules_down.retain(|(camera, _), _| self.cameras.contains_key(camera));
        self.signals.fit(&site);
        self.flow.fit(&site);
        self.logged = (logged, 0);
        self.site = site;
    }

    /// Takes logged reports up to `now`.
    pub(super) fn tick(&mut self, now: EventTime, changes: &mut Vec<Change>) {
        let (logged, taken) = &mut self.logged;
        while let Some(report) = logged.get(*taken).filter(|report| report.time <= now) {
            *taken += 1;
            changes.extend(self.signals.take(report).map(Change::Signals));
        }
    }

    /// How it is: its worst cameras.
    pub(super) fn condition(&self) -> SiteCondition {
        let states: Vec<CameraState> = self.cameras.values().map(Camera::state).collect();
        let well = |state: &&CameraState| matches!(state, CameraState::Live | CameraState::Still);
        let working = states.iter().filter(well).count();
        if states.iter().all(|state| *state == CameraState::Unknown) {
            SiteCondition::Unknown
        } else if working == states.len() {
            SiteCondition::Ok
        } else if working == 0 {
            SiteCondition::Down
        } else {
            SiteCondition::Degraded
        }
    }

    /// Its cameras, in the order of the site file.
    pub(super) fn summaries(&self) -> Vec<CameraSummary> {
        let cameras = self.site.file().cameras.iter();
        cameras
            .filter_map(|camera| {
                let known = self.cameras.get(&CameraId(camera.id.clone()))?;
                Some(known.summary(&camera.id))
            })
            .collect()
    }

    /// Conditions that begin or end between two words of a camera's worker.
    pub(super) fn conditions(
        &mut self,
        health: &CameraHealth,
        before: Option<&CameraHealth>,
        changes: &mut Vec<Change>,
    ) {
        let none = Vec::new();
        let before: &Vec<StandDown> = before.map_or(&none, |before| &before.stood_down);
        let has = |list: &[StandDown], reason: &StandDown| {
            list.iter().any(|other| other.condition == reason.condition)
        };
        for reason in health.stood_down.iter().filter(|reason| !has(before, reason)) {
            self.camera_notice(health, reason, true, reason.since, changes);
        }
        for reason in before.iter().filter(|reason| !has(&health.stood_down, reason)) {
            self.camera_notice(health, reason, false, health.time, changes);
        }
    }

    fn camera_notice(
        &mut self,
        health: &CameraHealth,
        reason: &StandDown,
        stood_down: bool,
        since: EventTime,
        changes: &mut Vec<Change>,
    ) {
        let detail = match stood_down {
            true => reason.detail.clone(),
            false => format!("no longer: {}", reason.detail),
        };
        changes.push(Change::StandDown(LiveStandDown {
            site: self.id.0.clone(),
            camera: health.camera.0.clone(),
            rule: None,
            condition: Some(reason.condition.clone()),
            stood_down,
            detail: detail.clone(),
            since: since.to_string(),
        }));
        self.notice(
            "camera",
            &health.camera,
            &reason.condition,
            stood_down,
            since,
            detail,
            changes,
        );
    }

    /// Takes that a rule stands down, or is back.
    pub(super) fn rule(&mut self, told: RuleStandDown, changes: &mut Vec<Change>) {
        if !self.cameras.contains_key(&told.camera) {
            self.other_cameras += 1;
            return;
        }
        let key = (told.camera.clone(), told.rule);
        let known = self.rules_down.get(&key);
        if known.is_some_and(|known| known.since > told.since)
            || (known.is_none() && !told.stood_down)
        {
            return;
        }
        let (site, camera) = (self.id.0.clone(), told.camera.clone());
        changes.push(Change::StandDown(LiveStandDown {
            site,
            camera: camera.0.clone(),
            rule: Some(told.rule.to_owned()),
            condition: None,
            stood_down: told.stood_down,
            detail: told.why.clone(),
            since: told.since.to_string(),
        }));
        let (stood_down, since, why) = (told.stood_down, told.since, told.why.clone());
        self.notice(told.rule, &camera, "rule_stood_down", stood_down, since, why, changes);
        if told.stood_down {
            self.rules_down.insert(key, told);
        } else {
            self.rules_down.remove(&key);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "a notice is nothing but these")]
    fn notice(
        &mut self,
        rule: &str,
        camera: &CameraId,
        cause: &str,
        stood_down: bool,
        since: EventTime,
        detail: String,
        changes: &mut Vec<Change>,
    ) {
        let which = if stood_down { "begins" } else { "ends" };
        let event = EventJson {
            id: format!("notice.{}.{camera}.{rule}.{cause}.{which}.{}", self.id, since.0),
            kind: EventKind::Notice,
            rule: rule.to_owned(),
            site: self.id.0.clone(),
            camera: camera.0.clone(),
            time: since.to_string(),
            vehicle_class: None,
            track: None,
            lane: None,
            place: None,
            approach: None,
            cause: Some(cause.to_owned()),
            detail: Some(detail),
            quantities: Vec::new(),
            evidence: None,
            citation: None,
        };
        if self.events.notice(since, event.clone()) == Taken::New {
            changes.push(Change::Event(Box::new(event)));
        }
    }

    /// Cameras that are not believed now, in order of id.
    pub(super) fn cameras_down(&self) -> impl Iterator<Item = CameraStoodDown> + '_ {
        let healthy = |camera: &Camera| {
            camera
                .health()
                .filter(|health| health.away.is_none_or(|away| away == GapCause::StoodDown))
                .cloned()
        };
        self.cameras.iter().filter_map(move |(id, camera)| Some((id, healthy(camera)?))).flat_map(
            |(id, health)| {
                health.stood_down.into_iter().map(|reason| CameraStoodDown {
                    site: self.id.0.clone(),
                    camera: id.0.clone(),
                    condition: reason.condition,
                    detail: reason.detail,
                    since: reason.since.to_string(),
                })
            },
        )
    }

    /// Rules that stand down now, in order of camera and rule.
    pub(super) fn rules_down(&self) -> impl Iterator<Item = RuleStoodDown> + '_ {
        self.rules_down.values().map(|told| RuleStoodDown {
            site: self.id.0.clone(),
            camera: told.camera.0.clone(),
            rule: told.rule.to_owned(),
            why: told.why.clone(),
            since: told.since.to_string(),
            decided: told.decided,
            errors: told.errors,
        })
    }
}
