//! What people and scripts get to read: lines and error messages, pinned.

use wayside_proto::convert::{
    MESSAGE_BYTES_MAX, TRACKS_MAX, decode_observations, encode_delimited, encode_observation,
    encode_outcome,
};
use wayside_proto::json::{parse_lines, violation_line, void_line};
use wayside_proto::{
    CameraHealth, CameraId, ClockSource, Content, Covariance2, EventTime, FrameCounts, Gap,
    GapCause, MotorVehicleClass, Observation, Outcome, OutcomeId, Quantity, ReportSource,
    RoadUserClass, RunId, Signal, SignalColour, SignalReport, SiteId, StandDown, TrackId,
    TrackState, Unit, Verdict, VoidCause, wire,
};

fn track(id: u64) -> TrackState {
    TrackState {
        id: TrackId(id),
        class: RoadUserClass::Car,
        class_confidence: 1.0,
        confidence: 0.9,
        box_px: None,
        front_m: [220.0, 210.5],
        front_cov_m2: Covariance2::isotropic(0.4),
        heading_rad: 1.57,
        heading_sigma_rad: 0.02,
        velocity_ms: [0.0, 13.9],
        velocity_cov_m2s2: Covariance2::isotropic(0.3),
        length_m: 4.4,
        width_m: 1.8,
        measured: true,
    }
}

fn observation(tracks: Vec<TrackState>) -> Observation {
    Observation {
        site: SiteId::from("junction"),
        camera: CameraId::from("south"),
        run: RunId::from("2026-06-01T07:00:00.000000Z"),
        sequence: 12,
        time: EventTime(1_780_297_200_000_000),
        clock_source: ClockSource::Recording,
        clock_uncertainty_us: 40_000,
        content: Content::Tracks { tracks, skipped_still: false },
    }
}

fn outcome(verdict: Verdict) -> Outcome {
    let event_time = EventTime(1_780_297_407_174_000);
    Outcome {
        id: OutcomeId("0123456789abcdef0123456789abcdef".to_owned()),
        rule: "red_light",
        rule_version: 1,
        site: SiteId::from("junction"),
        camera: CameraId::from("south"),
        run: RunId::from("r1"),
        track: TrackId(41),
        class: MotorVehicleClass::Car,
        event_time,
        place: "Ein".to_owned(),
        approach: Some("Ein".to_owned()),
        lane: None,
        quantities: vec![
            Quantity {
                name: "time_into_red",
                value: 11.174_000_4,
                low: Some(11.100_000_49),
                high: Some(11.25),
                unit: Unit::Second,
            },
            Quantity {
                name: "speed_at_line",
                value: 15.68,
                low: None,
                high: None,
                unit: Unit::MetrePerSecond,
            },
        ],
        signal: Some(Signal {
            group: "E".to_owned(),
            state: SignalColour::Red,
            since: Some(event_time.plus_s(-11.174)),
        }),
        verdict,
    }
}

#[test]
fn a_violation_is_one_line() {
    insta::assert_snapshot!(violation_line(&outcome(Verdict::Violation)));
}

#[test]
fn a_void_says_why() {
    let detail = "low \"0.1\" s, high 0.5 s, limit 0.3 s".to_owned();
    let void = Verdict::Void { cause: VoidCause::IntervalStraddlesLimit, detail };
    let outcome = Outcome { signal: None, approach: None, quantities: vec![], ..outcome(void) };
    insta::assert_snapshot!(void_line(&outcome));
}

fn refused(change: impl FnOnce(&mut Observation)) -> String {
    let mut observation = observation(vec![track(3), track(7)]);
    change(&mut observation);
    let mut bytes = vec![1];
    let error = encode_observation(&observation, &mut bytes).expect_err("refused");
    assert_eq!(bytes, [1], "nothing is written of a message that is refused");
    error.to_string()
}

fn tracks(observation: &mut Observation) -> &mut Vec<TrackState> {
    match &mut observation.content {
        Content::Tracks { tracks, .. } => tracks,
        Content::Gap(_) => unreachable!("made with tracks"),
    }
}

#[test]
fn observations_that_break_the_contract_are_refused() {
    let messages = [
        refused(|o| o.site = SiteId::from("")),
        refused(|o| o.camera = CameraId::from("a/b")),
        refused(|o| o.run = RunId::from("a\nb")),
        refused(|o| o.time = EventTime(i64::MAX)),
        refused(|o| tracks(o)[1].front_m[0] = f64::NAN),
        refused(|o| tracks(o)[0].velocity_ms[1] = f64::INFINITY),
        refused(|o| tracks(o)[0].heading_rad = 6.25),
        refused(|o| tracks(o)[0].front_cov_m2.yy = -0.1),
        refused(|o| tracks(o)[0].class_confidence = 1.5),
        refused(|o| tracks(o)[1].id = TrackId(3)),
        refused(|o| *tracks(o) = (0..=TRACKS_MAX as u64).map(track).collect()),
        refused(|o| {
            let (from, to) = (EventTime(2), EventTime(1));
            o.content = Content::Gap(Gap { from, to, cause: GapCause::Lost, frames: 0 });
        }),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn wire_values_without_a_meaning_are_refused() {
    let message = wire::Observation::try_from(&observation(vec![track(3)])).expect("sound");
    let refused = |change: fn(&mut wire::Observation)| {
        let mut message = message.clone();
        change(&mut message);
        Observation::try_from(message).expect_err("refused").to_string()
    };
    let with_class = |message: &mut wire::Observation, class| {
        if let Some(wire::observation::Content::Tracks(tracks)) = &mut message.content {
            tracks.tracks[0].class = class;
        }
    };
    let mut unknown_class = message.clone();
    with_class(&mut unknown_class, 0);
    let messages = [
        refused(|m| m.clock_source = 0),
        refused(|m| m.clock_source = 99),
        refused(|m| m.content = None),
        Observation::try_from(unknown_class).expect_err("refused").to_string(),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn outcomes_that_break_the_contract_are_refused() {
    let refused = |change: fn(&mut wire::RuleOutcome)| {
        let mut message = wire::RuleOutcome::try_from(&outcome(Verdict::Violation)).expect("sound");
        change(&mut message);
        Outcome::try_from(message).expect_err("refused").to_string()
    };
    let mut unknown = outcome(Verdict::Violation);
    unknown.quantities[0].name = "charm";
    let messages = [
        refused(|m| m.class = wire::RoadUserClass::Person.into()),
        refused(|m| m.class = wire::RoadUserClass::Bicycle.into()),
        refused(|m| m.id = "short".to_owned()),
        refused(|m| m.rule = "red-light".to_owned()),
        refused(|m| m.rule_version = 0),
        refused(|m| m.quantities[0].low = Some(12.0)),
        refused(|m| m.quantities[0].value = f64::NAN),
        refused(|m| m.quantities[0].unit = "km/h".to_owned()),
        refused(|m| m.quantities[1].name = "time_into_red".to_owned()),
        refused(|m| m.void_cause = "bad_weather".to_owned()),
        refused(|m| m.void_detail = "so".to_owned()),
        refused(|m| m.signal = Some(wire::SignalState { group: "E".into(), ..Default::default() })),
        encode_outcome(&unknown, &mut Vec::new()).expect_err("refused").to_string(),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn damaged_sequences_say_where() {
    let mut good = Vec::new();
    encode_observation(&observation(vec![track(3)]), &mut good).expect("sound");
    let read = |tail: &[u8]| {
        let bytes = [good.as_slice(), tail].concat();
        decode_observations(&bytes).expect_err("refused").to_string()
    };
    let nameless = wire::Observation { sequence: 1, ..Default::default() };
    let mut tail = Vec::new();
    encode_delimited(&nameless, &mut tail).expect("small");
    let messages = [
        read(&good[..good.len() - 9]),
        read(&[0x80]),
        read(&[0xff; 12]),
        read(&[0x80, 0x80, 0x80, 0x02, 1, 2, 3]),
        read(&[3, 0xff, 0xff, 0xff]),
        read(&tail),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn a_message_beyond_the_limit_is_not_written() {
    let message = wire::Observation { run: "x".repeat(MESSAGE_BYTES_MAX), ..Default::default() };
    let mut bytes = Vec::new();
    let error = encode_delimited(&message, &mut bytes).expect_err("refused");
    insta::assert_snapshot!(error);
    assert!(bytes.is_empty());
}

#[test]
fn bad_lines_say_what_is_wrong() {
    let good = violation_line(&outcome(Verdict::Violation));
    let read = |line: String| {
        parse_lines(&format!("{good}\n\n{line}\n")).expect_err("refused").to_string()
    };
    let messages = [
        read("not json".to_owned()),
        read(good[..60].to_owned()),
        read("[]".to_owned()),
        read(good.replace("\"rule\":\"red_light\",", "")),
        read(good.replace("\"track\":41", "\"track\":\"41\"")),
        read(good.replace("\"car\"", "\"person\"")),
        read(good.replace("2026-06-01T07:03:27", "2026-06-31T07:03:27")),
        read(good.replace("\"value\":15.68", "\"value\":null")),
        read(good.replace("\"speed_at_line\"", "\"time_into_red\"")),
        read(good.replace("\"red\"", "\"blue\"")),
        read(good.replace("\"run\":\"r1\"", "\"run\":\"r1\",\"cause\":\"fog\"")),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

fn health() -> CameraHealth {
    CameraHealth {
        site: SiteId::from("junction"),
        camera: CameraId::from("south"),
        run: RunId::from("r1"),
        time: EventTime(1_780_297_200_000_000),
        away: Some(GapCause::Stalled),
        detail: "no picture for 2.0 s".to_owned(),
        stood_down: vec![StandDown {
            condition: "moved".to_owned(),
            since: EventTime(1_780_297_100_000_000),
            detail: "the picture has moved by 7 px to the right".to_owned(),
        }],
        frame_rate: 4.9,
        frames: FrameCounts {
            received: 10,
            looked: 6,
            still: 2,
            lost: 1,
            under_way: 1,
            ..FrameCounts::default()
        },
        clock_source: ClockSource::Rtcp,
        clock_offset_us: Some(-1_200),
        clock_uncertainty_us: 2_000,
        inference_ms: 9.5,
        provider: "cpu".to_owned(),
        provider_fallback: String::new(),
        clips_url: Some("https://worker-1:9465".to_owned()),
    }
}

#[test]
fn health_comes_back_as_it_went() {
    for away in [None, Some(GapCause::Lost)] {
        let health = CameraHealth { away, ..health() };
        assert!(health.frames.closes());
        let message = wire::CameraHealth::try_from(&health).expect("sound");
        assert_eq!(CameraHealth::try_from(message), Ok(health));
    }
}

#[test]
fn health_that_breaks_the_contract_is_refused() {
    let refused = |change: fn(&mut wire::CameraHealth)| {
        let mut message = wire::CameraHealth::try_from(&health()).expect("sound");
        change(&mut message);
        CameraHealth::try_from(message).expect_err("refused").to_string()
    };
    let messages = [
        refused(|m| m.away = 0),
        refused(|m| m.connected = true),
        refused(|m| m.frame_rate = f32::NAN),
        refused(|m| m.detail = "x".repeat(5_000)),
        refused(|m| m.stood_down[0].condition = "no good".to_owned()),
        refused(|m| m.stood_down = vec![m.stood_down[0].clone(); 33]),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn signal_reports_come_back_and_are_checked() {
    let report = SignalReport {
        site: SiteId::from("junction"),
        group: "N".to_owned(),
        state: SignalColour::Red,
        time: EventTime(1_780_297_200_000_000),
        source: ReportSource::Lamp(CameraId::from("south")),
    };
    for report in [report.clone(), SignalReport { source: ReportSource::Log, ..report.clone() }] {
        let message = wire::SignalReport::try_from(&report).expect("sound");
        assert_eq!(SignalReport::try_from(message), Ok(report));
    }
    let refused = |change: fn(&mut wire::SignalReport)| {
        let mut message = wire::SignalReport::try_from(&report).expect("sound");
        change(&mut message);
        SignalReport::try_from(message).expect_err("refused").to_string()
    };
    let messages = [
        refused(|m| m.state = "blue".to_owned()),
        refused(|m| m.source = 0),
        refused(|m| m.camera = String::new()),
        refused(|m| m.time_us = i64::MIN),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}
