//! One sound message of each kind.
#![allow(dead_code)] // Each test file uses its part.

use wayside_proto::{
    Abstention, BoxPx, CameraHealth, CameraId, ClockSource, Content, Covariance2, DeadLetter,
    Deletion, EventTime, FrameCounts, GapCause, MotorVehicleClass, Observation, Outcome, OutcomeId,
    Passage, PassageContent, PassingVehicle, Quantity, Receipt, RoadUserClass, RunId, SectionEnd,
    SectionId, Signal, SignalColour, SiteId, Spread, StandDown, TrackId, TrackState, TravelTime,
    Unit, Verdict,
};

pub const TIME: EventTime = EventTime(1_780_297_407_174_000);

pub fn observation() -> Observation {
    let track = TrackState {
        id: TrackId(41),
        class: RoadUserClass::Car,
        class_confidence: 0.9,
        confidence: 0.87,
        box_px: Some(BoxPx { x0: 10.5, y0: 20.0, x1: 110.1, y1: 80.0 }),
        front_m: [220.0, 210.5],
        front_cov_m2: Covariance2 { xx: 0.16, xy: -0.01, yy: 0.25 },
        heading_rad: 1.57,
        heading_sigma_rad: 0.02,
        velocity_ms: [0.0, 13.9],
        velocity_cov_m2s2: Covariance2::isotropic(0.3),
        length_m: 4.4,
        width_m: 1.8,
        measured: true,
    };
    Observation {
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        run: RunId::from("r1"),
        sequence: 12,
        time: TIME,
        clock_source: ClockSource::Rtcp,
        clock_uncertainty_us: 40_000,
        content: Content::Tracks { tracks: vec![track], skipped_still: false },
    }
}

pub fn outcome(verdict: Verdict) -> Outcome {
    Outcome {
        id: OutcomeId("0123456789abcdef0123456789abcdef".to_owned()),
        rule: "red_light",
        rule_version: 1,
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        run: RunId::from("r1"),
        track: TrackId(41),
        class: MotorVehicleClass::Truck,
        event_time: TIME,
        place: "Ein".to_owned(),
        approach: Some("Ein".to_owned()),
        lane: None,
        quantities: vec![Quantity {
            name: "time_into_red",
            value: 11.174,
            low: Some(11.1),
            high: None,
            unit: Unit::Second,
        }],
        signal: Some(Signal {
            group: "E".to_owned(),
            state: SignalColour::Red,
            since: Some(TIME.plus_s(-11.174)),
        }),
        verdict,
    }
}

pub fn health() -> CameraHealth {
    CameraHealth {
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        run: RunId::from("r1"),
        time: TIME,
        away: Some(GapCause::Stalled),
        detail: "The camera sends nothing.".to_owned(),
        stood_down: vec![StandDown {
            condition: "moved".to_owned(),
            since: TIME.plus_s(-60.0),
            detail: "The picture no longer matches its reference.".to_owned(),
        }],
        frame_rate: 24.9,
        frames: FrameCounts { received: 100, looked: 90, lost: 10, ..FrameCounts::default() },
        clock_source: ClockSource::Rtcp,
        clock_offset_us: Some(-1_200),
        clock_uncertainty_us: 5_000,
        inference_ms: 12.5,
        provider: "cpu".to_owned(),
        provider_fallback: String::new(),
        clips_url: None,
    }
}

pub fn passage() -> Passage {
    Passage {
        section: SectionId::from("A1"),
        end: SectionEnd::Entry,
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        run: RunId::from("r1"),
        sequence: 3,
        time: TIME,
        clock_source: ClockSource::Rtcp,
        clock_uncertainty_us: 40_000,
        expires: TIME.plus_s(600.0),
        content: PassageContent::Vehicle(PassingVehicle {
            track: TrackId(41),
            class: MotorVehicleClass::Car,
            class_confidence: 0.9,
            lane: Some("Ein_1".to_owned()),
            time_uncertainty_us: 20_000,
            speed_ms: 25.5,
            speed_sigma_ms: 0.4,
            embedding: vec![0.6, 0.8],
            looks: 5,
        }),
    }
}

pub fn travel_time() -> TravelTime {
    TravelTime {
        section: SectionId::from("A1 north"),
        time: TIME,
        window_s: 300,
        matched: 12,
        entered: 20,
        left: 15,
        abstained: vec![(Abstention::NoCandidate, 2), (Abstention::Ambiguous, 1)],
        travel_time_s: Some(Spread { median: 81.25, lower_quartile: 78.0, upper_quartile: 90.5 }),
        mean_speed_ms: Some(Spread { median: 24.6, lower_quartile: 22.1, upper_quartile: 25.6 }),
    }
}

pub fn receipt() -> Receipt {
    let deletion = Deletion {
        deleted: 250,
        span: Some((TIME.plus_s(-900.0), TIME.plus_s(-601.0))),
        limit: TIME.plus_s(-600.0),
        when: TIME,
        policy: "expiry".to_owned(),
    };
    Receipt::next(None, "index/A1", deletion)
}

pub fn dead_letter(topic: &str) -> DeadLetter {
    DeadLetter {
        topic: topic.to_owned(),
        partition: 3,
        offset: 17,
        key: "junction/north".to_owned(),
        time: TIME,
        id: None,
        value: vec![0x0a, 0xff],
        value_bytes: 2,
        error: "it is not a valid protobuf message: unexpected end".to_owned(),
        consumer: "enforcement".to_owned(),
        requeued: false,
    }
}

pub fn citation() -> wayside_proto::Citation {
    let of = outcome(Verdict::Violation);
    wayside_proto::Citation {
        id: wayside_proto::CitationId::of(&of.id),
        revision: 2,
        status: wayside_proto::CitationStatus::Voided,
        violation: of.id,
        site: of.site,
        camera: of.camera,
        rule: of.rule,
        rule_version: of.rule_version,
        class: of.class,
        event_time: of.event_time,
        quantities: of.quantities,
        decision: wayside_proto::HumanDecision {
            reviewer: "reviewer-7".to_owned(),
            second_reviewer: None,
            decided_at: TIME.plus_s(3_600.0),
            reason: Some("contest_upheld".to_owned()),
            note: "The signal was dark.".to_owned(),
        },
        evidence: wayside_proto::SealedPackage {
            uri: "junction/2026/06/01/0123.wpk".to_owned(),
            sha256: wayside_proto::Hash32([7; 32]),
            size_bytes: 1_234_567,
            key_id: "ed25519-1".to_owned(),
            chain_number: 41,
            sealed_at: TIME.plus_s(9.0),
        },
    }
}
