//! Records of the simulated junction, as data.
#![allow(dead_code)] // Each test file uses its part.

use std::sync::Arc;

use wayside_proto::{
    BoxPx, CameraHealth, CameraId, Citation, CitationId, CitationStatus, ClockSource, Content,
    Covariance2, Deletion, EventTime, Evidence, EvidenceFailure, EvidenceResult, FrameCounts, Gap,
    GapCause, Hash32, HumanDecision, MotorVehicleClass, Observation, Outcome, OutcomeId, Quantity,
    Receipt, ReportSource, RoadUserClass, RuleStandDown, RunId, SealedPackage, SectionId, Signal,
    SignalColour, SignalReport, SiteId, Spread, StandDown, TrackId, TrackState, TravelTime, Unit,
    Verdict, VoidCause,
};
use wayside_site::Site;

pub const JUNCTION: &str = include_str!("../../../../site/tests/data/junction.toml");

/// The junction, with a place on the map.
pub fn site() -> Arc<Site> {
    site_named("junction")
}

/// The same under another id.
pub fn site_named(id: &str) -> Arc<Site> {
    let position = "position = { latitude_deg = 48.2082, longitude_deg = 16.3738 }";
    let text = JUNCTION.replacen("id = \"junction\"", &format!("id = \"{id}\""), 1).replacen(
        "driving_side",
        &format!("{position}\ndriving_side"),
        1,
    );
    Arc::new(Site::parse("junction.toml", &text).expect("a sound file"))
}

pub fn time(text: &str) -> EventTime {
    EventTime::parse(text).expect("an instant")
}

pub fn ids(site: &str) -> (SiteId, CameraId, RunId) {
    (SiteId::from(site), CameraId::from("south"), RunId::from("r1"))
}

/// A vehicle that drives north, by the middle of its front edge.
pub fn car(id: u64, x: f64, y: f64) -> TrackState {
    TrackState {
        id: TrackId(id),
        class: RoadUserClass::Car,
        class_confidence: 0.9,
        confidence: 0.8,
        box_px: Some(BoxPx { x0: 600.0, y0: 400.0, x1: 660.25, y1: 444.0 }),
        front_m: [x, y],
        front_cov_m2: Covariance2::isotropic(0.2),
        heading_rad: std::f64::consts::FRAC_PI_2,
        heading_sigma_rad: 0.05,
        velocity_ms: [0.0, 10.0],
        velocity_cov_m2s2: Covariance2::isotropic(0.3),
        length_m: 4.5,
        width_m: 1.8,
        measured: true,
    }
}

pub fn observation(
    site: &str,
    sequence: u64,
    at: EventTime,
    tracks: Vec<TrackState>,
) -> Observation {
    let (site, camera, run) = ids(site);
    Observation {
        site,
        camera,
        run,
        sequence,
        time: at,
        clock_source: ClockSource::Rtcp,
        clock_uncertainty_us: 5_000,
        content: Content::Tracks { tracks, skipped_still: false },
    }
}

pub fn gap(site: &str, sequence: u64, from: EventTime, to: EventTime) -> Observation {
    let gap = Gap { from, to, cause: GapCause::Lost, frames: 10 };
    Observation { content: Content::Gap(gap), ..observation(site, sequence, to, Vec::new()) }
}

pub fn health(site: &str, at: EventTime, received: u64, overload: u64) -> CameraHealth {
    let (site, camera, run) = ids(site);
    let frames =
        FrameCounts { received, looked: received - overload, overload, ..FrameCounts::default() };
    CameraHealth {
        site,
        camera,
        run,
        time: at,
        away: None,
        detail: String::new(),
        stood_down: Vec::new(),
        frame_rate: 12.5,
        frames,
        clock_source: ClockSource::Rtcp,
        clock_offset_us: Some(-1_250),
        clock_uncertainty_us: 5_000,
        inference_ms: 8.0,
        provider: "cpu".to_owned(),
        provider_fallback: String::new(),
        clips_url: None,
    }
}

pub fn moved(since: EventTime) -> StandDown {
    let detail = "the picture has moved by 11 pixels".to_owned();
    StandDown { condition: "moved".to_owned(), since, detail }
}

pub fn signal(site: &str, group: &str, state: SignalColour, at: EventTime) -> SignalReport {
    let (group, source) = (group.to_owned(), ReportSource::Log);
    SignalReport { site: SiteId::from(site), group, state, time: at, source }
}

pub fn violation(site: &str, number: u64, at: EventTime) -> Outcome {
    let (site, camera, run) = ids(site);
    Outcome {
        id: OutcomeId::derive(&site, &camera, &run, TrackId(number), "red_light", "Sin", at),
        rule: "red_light",
        rule_version: 1,
        site,
        camera,
        run,
        track: TrackId(number),
        class: MotorVehicleClass::Car,
        event_time: at,
        place: "Sin".to_owned(),
        approach: Some("Sin".to_owned()),
        lane: Some("Sin_1".to_owned()),
        quantities: vec![Quantity {
            name: "time_into_red",
            value: 1.25,
            low: Some(1.1),
            high: Some(1.4),
            unit: Unit::Second,
        }],
        signal: Some(Signal {
            group: "S".to_owned(),
            state: SignalColour::Red,
            since: Some(at.plus_s(-1.25)),
        }),
        verdict: Verdict::Violation,
    }
}

pub fn void(site: &str, number: u64, at: EventTime, cause: VoidCause) -> Outcome {
    let detail = "frames are missing in the window".to_owned();
    Outcome { verdict: Verdict::Void { cause, detail }, ..violation(site, number, at) }
}

pub fn package(at: EventTime) -> SealedPackage {
    SealedPackage {
        uri: "junction/2026/x.zip".to_owned(),
        sha256: Hash32([1; 32]),
        size_bytes: 1_000,
        key_id: "k1".to_owned(),
        chain_number: 0,
        sealed_at: at.plus_s(9.0),
    }
}

pub fn sealed(outcome: &Outcome) -> Evidence {
    Evidence {
        violation: outcome.id.clone(),
        site: outcome.site.clone(),
        camera: outcome.camera.clone(),
        event_time: outcome.event_time,
        result: EvidenceResult::Sealed(package(outcome.event_time)),
    }
}

pub fn failed(outcome: &Outcome) -> Evidence {
    let detail = "its pictures have left the worker's memory".to_owned();
    let cause = EvidenceFailure::RingMovedOn;
    Evidence { result: EvidenceResult::Failed { cause, detail }, ..sealed(outcome) }
}

pub fn citation(outcome: &Outcome, revision: u32, status: CitationStatus) -> Citation {
    Citation {
        id: CitationId::of(&outcome.id),
        revision,
        status,
        violation: outcome.id.clone(),
        site: outcome.site.clone(),
        camera: outcome.camera.clone(),
        rule: outcome.rule,
        rule_version: outcome.rule_version,
        class: outcome.class,
        event_time: outcome.event_time,
        quantities: outcome.quantities.clone(),
        decision: HumanDecision {
            reviewer: "reviewer-7".to_owned(),
            second_reviewer: None,
            decided_at: outcome.event_time.plus_s(60.0),
            reason: None,
            note: "seen by two".to_owned(),
        },
        evidence: package(outcome.event_time),
    }
}

pub fn travel_time(section: &str, at: EventTime, median: f64) -> TravelTime {
    let spread =
        |median: f64| Spread { median, lower_quartile: 0.9 * median, upper_quartile: 1.1 * median };
    TravelTime {
        section: SectionId::from(section),
        time: at,
        window_s: 300,
        matched: 12,
        entered: 20,
        left: 18,
        abstained: vec![(wayside_proto::Abstention::NoCandidate, 6)],
        travel_time_s: Some(spread(median)),
        mean_speed_ms: Some(spread(900.0 / median)),
    }
}

pub fn rule_down(site: &str, stood_down: bool, since: EventTime) -> RuleStandDown {
    let (site, camera, _) = ids(site);
    RuleStandDown {
        site,
        camera,
        rule: "red_light",
        stood_down,
        since,
        why: "9 of 40 cases were errors".to_owned(),
        decided: 40,
        errors: 9,
    }
}

/// A chain of receipts.
pub fn receipts(what: &str, count: u64) -> Vec<Receipt> {
    let mut chain: Vec<Receipt> = Vec::new();
    for number in 0..count {
        let at = time("2026-06-01T07:00:00Z").plus_s(number as f64 * 60.0);
        let deletion = Deletion {
            deleted: 3,
            span: Some((at.plus_s(-100.0), at.plus_s(-50.0))),
            limit: at.plus_s(-40.0),
            when: at,
            policy: "expiry".to_owned(),
        };
        chain.push(Receipt::next(chain.last(), what, deletion));
    }
    chain
}
