//! Records in, answers out: no bus, no clock.

#[path = "common/records.rs"]
mod records;

use std::sync::Arc;

use records::*;
use wayside_proto::{
    CitationStatus, Content, EventTime, GapCause, Outcome, SignalColour, VoidCause,
};

use wayside_console::shapes::{
    CameraState, CitationState, EventKind, FeedCondition, FeedJson, SiteCondition,
};

use wayside_console::state::{Change, EventFilter, Heard, State, When};

/// Bounds, as the documentation says them.
const EVENTS_MAX: usize = 500;
const NOTICES_MAX: usize = 100;
const EARLY_MAX: usize = 500;
const TRACKS_MAX: usize = 200;
const NOON: &str = "2026-06-01T12:00:00Z";

fn state() -> State {
    let mut state = State::default();
    state.put_site(site(), Arc::default());
    state
}

fn live(now: EventTime) -> When {
    When { now, live: true }
}

/// Takes a record as it happens. What is told of it.
fn take(state: &mut State, heard: Heard, now: EventTime) -> Vec<Change> {
    let mut changes = Vec::new();
    state.take(heard, live(now), &mut changes);
    changes
}

fn outcome(state: &mut State, outcome: &Outcome) -> Vec<Change> {
    take(state, Heard::Outcome(Box::new(outcome.clone())), outcome.event_time.plus_s(1.0))
}

fn feed() -> FeedJson {
    FeedJson { state: FeedCondition::Reading, why: None, unreadable: 0, dropped: 0 }
}

fn camera(state: &State, now: EventTime) -> wayside_console::shapes::CameraSummary {
    state.overview(now, String::new(), feed()).sites[0].cameras[0].clone()
}

#[test]
fn a_camera_is_live_still_stalled_stood_down_and_lost_and_says_why() {
    let (mut state, noon) = (state(), time(NOON));
    assert_eq!(camera(&state, noon).state, CameraState::Unknown);
    let seen = observation("junction", 0, noon, vec![car(1, 224.8, 190.0)]);
    take(&mut state, Heard::Observation(seen), noon.plus_s(0.24));
    let shown = camera(&state, noon.plus_s(0.24));
    assert_eq!((shown.state, shown.latency_ms), (CameraState::Live, Some(240.0)));
    assert_eq!(shown.last_frame.as_deref(), Some("2026-06-01T12:00:00.000000Z"));
    // Nothing moves for a while.
    let mut now = noon;
    for second in 1..6 {
        now = noon.plus_s(f64::from(second));
        let mut seen = observation("junction", second as u64, now, vec![car(1, 224.8, 190.0)]);
        seen.content = Content::Tracks { tracks: Vec::new(), skipped_still: true };
        take(&mut state, Heard::Observation(seen), now);
    }
    assert_eq!(camera(&state, now).state, CameraState::Still);
    // The worker speaks, and no frame comes.
    let mut told = health("junction", now.plus_s(11.0), 100, 0);
    take(&mut state, Heard::Health(Box::new(told.clone())), now.plus_s(11.0));
    let shown = camera(&state, now);
    assert_eq!(shown.state, CameraState::Stalled);
    assert_eq!(shown.clock_offset_ms, Some(-1.3));
    // It stands down.
    told.time = now.plus_s(12.0);
    told.stood_down = vec![moved(now.plus_s(11.5))];
    let changes = take(&mut state, Heard::Health(Box::new(told.clone())), told.time);
    assert!(changes.iter().any(|change| matches!(change, Change::StandDown(it) if it.stood_down)));
    let shown = camera(&state, now);
    assert_eq!(shown.state, CameraState::StoodDown);
    assert_eq!(shown.why.as_deref(), Some("the picture has moved by 11 pixels"));
    assert_eq!(shown.since.as_deref(), Some("2026-06-01T12:00:16.500000Z"));
    let overview = state.overview(told.time, String::new(), feed());
    assert_eq!(overview.stood_down[0].condition, "moved");
    assert_eq!(overview.sites[0].state, SiteCondition::Down);
    // The stream goes.
    told.time = now.plus_s(13.0);
    told.stood_down.clear();
    told.away = Some(GapCause::Lost);
    told.detail = "the camera refuses the password".to_owned();
    take(&mut state, Heard::Health(Box::new(told.clone())), told.time);
    let shown = camera(&state, now);
    assert_eq!(
        (shown.state, shown.why.as_deref()),
        (CameraState::Lost, Some("the camera refuses the password"))
    );
    // The worker dies: nothing comes any more.
    told.time = now.plus_s(14.0);
    told.away = None;
    take(&mut state, Heard::Health(Box::new(told.clone())), told.time);
    let mut changes = Vec::new();
    state.tick(told.time.plus_s(29.0), &mut changes);
    assert_eq!(changes, []);
    state.tick(told.time.plus_s(31.0), &mut changes);
    assert_eq!(changes.len(), 1);
    let shown = camera(&state, now);
    assert_eq!(shown.state, CameraState::Lost);
    assert_eq!(
        shown.why.as_deref(),
        Some("nothing was heard of it since 2026-06-01T12:00:19.000000Z: is its worker running?")
    );
    assert_eq!(
        (shown.latency_ms, shown.frame_rate),
        (None, None),
        "numbers of a lost camera are old"
    );
}

#[test]
fn frames_that_were_dropped_are_a_share_of_the_last_minute() {
    let (mut state, noon) = (state(), time(NOON));
    for (second, received, dropped) in [(0, 1_000, 500), (30, 1_300, 500), (60, 1_600, 530)] {
        let at = noon.plus_s(f64::from(second));
        take(&mut state, Heard::Health(Box::new(health("junction", at, received, dropped))), at);
    }
    assert_eq!(camera(&state, noon.plus_s(60.0)).dropped_share, Some(0.05));
}

#[test]
fn the_newest_tracks_stand_and_too_many_are_counted() {
    let (mut state, noon) = (state(), time(NOON));
    let many: Vec<_> = (0..TRACKS_MAX as u64 + 7).map(|id| car(id, 224.8, 190.0)).collect();
    take(&mut state, Heard::Observation(observation("junction", 1, noon, many)), noon);
    let late = observation("junction", 0, noon.plus_s(-0.1), Vec::new());
    take(&mut state, Heard::Observation(late), noon);
    let (site, camera, _) = ids("junction");
    let tracks = state.tracks(&site, &camera).expect("tracks");
    assert_eq!((tracks.tracks.len(), tracks.more), (TRACKS_MAX, 7));
    assert_eq!(tracks.tracks[0].box_px, Some([600.0, 400.0, 660.3, 444.0]));
    assert!((tracks.tracks[0].heading_rad - std::f64::consts::FRAC_PI_2).abs() < 1.0e-4);
    assert_eq!(tracks.time, noon.to_string());
    assert_eq!(state.newest(None), Some(noon));
}

#[test]
fn a_site_that_is_not_known_and_a_camera_that_is_not_are_counted() {
    let (mut state, noon) = (state(), time(NOON));
    take(&mut state, Heard::Observation(observation("elsewhere", 0, noon, Vec::new())), noon);
    let mut seen = observation("junction", 0, noon, Vec::new());
    seen.camera = wayside_proto::CameraId::from("nobody");
    take(&mut state, Heard::Observation(seen), noon);
    assert_eq!(state.dropped(), 2);
}

#[test]
fn signals_of_five_minutes_and_what_held_at_their_begin() {
    let (mut state, noon) = (state(), time(NOON));
    let colours = [SignalColour::Green, SignalColour::Yellow, SignalColour::Red];
    for step in 0..40_u32 {
        let at = noon.plus_s(f64::from(step) * 20.0);
        let colour = colours[step as usize % 3];
        let changes = take(&mut state, Heard::Signal(signal("junction", "S", colour, at)), at);
        assert_eq!(changes.len(), 1);
        // Said again, it is no change; a lamp that sees the controller's word late is none either.
        let again = signal("junction", "S", colour, at.plus_s(1.0));
        assert_eq!(take(&mut state, Heard::Signal(again.clone()), at), []);
        let mut lamp = again;
        lamp.source = wayside_proto::ReportSource::Lamp(wayside_proto::CameraId::from("south"));
        lamp.state = colours[(step as usize + 1) % 3];
        assert_eq!(take(&mut state, Heard::Signal(lamp), at), []);
    }
    let now = noon.plus_s(790.0);
    let shown = state.site_state(&ids("junction").0, now, String::new()).expect("a site");
    let group = shown.signals.iter().find(|group| group.group == "S").expect("the group");
    assert_eq!(group.history.len(), 16);
    assert_eq!(group.history[0].time, noon.plus_s(480.0).to_string(), "it held at the begin");
    assert_eq!(group.dropped, 0);
    let other = shown.signals.iter().find(|group| group.group == "N").expect("the group");
    assert!(other.history.is_empty());
}

#[test]
fn logged_signals_come_to_pass_with_time() {
    let noon = time(NOON);
    let logged = vec![
        signal("junction", "N", SignalColour::Red, noon),
        signal("junction", "N", SignalColour::Green, noon.plus_s(10.0)),
    ];
    let mut state = State::default();
    state.put_site(site(), Arc::new(logged));
    let mut changes = Vec::new();
    state.tick(noon.plus_s(5.0), &mut changes);
    assert_eq!(changes.len(), 1);
    state.tick(noon.plus_s(10.0), &mut changes);
    assert_eq!(changes.len(), 2);
}

#[test]
fn events_are_taken_once_and_tell_what_became_of_them() {
    let (mut state, noon) = (state(), time(NOON));
    let run = violation("junction", 1, noon);
    assert_eq!(outcome(&mut state, &run).len(), 1);
    assert_eq!(outcome(&mut state, &run), [], "a second time is no time");
    take(&mut state, Heard::Evidence(sealed(&run)), noon);
    take(&mut state, Heard::Citation(Box::new(citation(&run, 2, CitationStatus::Voided))), noon);
    let late = take(
        &mut state,
        Heard::Citation(Box::new(citation(&run, 1, CitationStatus::Issued))),
        noon,
    );
    assert!(!format!("{late:?}").contains("reviewer-7"), "who decided stays in review");
    let detail = state.event(&run.id.0).expect("the event");
    assert_eq!(detail.event.citation, Some(CitationState::Voided));
    assert_eq!(detail.sealed_at, Some(noon.plus_s(9.0).to_string()));
    assert_eq!(detail.signal.as_ref().map(|signal| signal.state.as_str()), Some("red"));
    insta::assert_snapshot!(serde_json::to_string_pretty(&detail).expect("JSON"));
    let overview = state.overview(noon.plus_s(60.0), String::new(), feed());
    assert_eq!((overview.sites[0].violations_24h, overview.sites[0].voids_24h), (1, 0));
}

#[test]
fn what_comes_before_its_violation_waits_for_it_in_bounds() {
    let (mut state, noon) = (state(), time(NOON));
    let run = violation("junction", 1, noon);
    take(&mut state, Heard::Evidence(failed(&run)), noon);
    outcome(&mut state, &run);
    let detail = state.event(&run.id.0).expect("the event");
    assert_eq!(detail.failure.map(|failure| failure.cause), Some("ring_moved_on".to_owned()));
    for number in 0..EARLY_MAX as u64 + 5 {
        take(&mut state, Heard::Evidence(sealed(&violation("junction", 100 + number, noon))), noon);
    }
    assert_eq!(state.dropped(), 5);
}

#[test]
fn events_have_bounds_by_kind_and_pages() {
    let (mut state, noon) = (state(), time(NOON));
    for number in 0..EVENTS_MAX as u64 + 20 {
        let at = noon.plus_s(number as f64);
        outcome(&mut state, &violation("junction", number, at));
        outcome(&mut state, &void("junction", 10_000 + number, at, VoidCause::Gap));
    }
    for number in 0..NOTICES_MAX as u32 + 3 {
        let down = rule_down("junction", number.is_multiple_of(2), noon.plus_s(f64::from(number)));
        take(&mut state, Heard::StandDown(down), noon);
    }
    let mut filter = EventFilter { limit: 64, ..EventFilter::default() };
    let (mut seen, mut pages) = (Vec::new(), 0);
    loop {
        let page = state.events(&filter);
        assert_eq!(page.not_kept, 43);
        seen.extend(page.events);
        pages += 1;
        let Some(next) = page.next else { break };
        let (time, id) = next.split_once('~').expect("a place");
        filter.before = Some((EventTime(time.parse().expect("a time")), id.to_owned()));
    }
    assert_eq!((seen.len(), pages), (2 * EVENTS_MAX + NOTICES_MAX, 18));
    assert!(
        seen.is_sorted_by(|a, b| (&a.time, &a.id) > (&b.time, &b.id)),
        "newest first, each once"
    );
    let filter = EventFilter { kind: Some(EventKind::Void), limit: 3, ..EventFilter::default() };
    assert!(state.events(&filter).events.iter().all(|event| event.cause.as_deref() == Some("gap")));
    let filter =
        EventFilter { rule: Some("stop_line".to_owned()), limit: 3, ..EventFilter::default() };
    assert_eq!(state.events(&filter).events, []);
    let voids = state.voids(noon.plus_s(600.0));
    assert_eq!((voids.len(), voids[0].count, voids[0].cause.as_str()), (1, 520, "gap"));
    assert_eq!(state.voids(noon.plus_s(100_000.0)), [], "a day later none is shown");
}

#[test]
fn rules_stand_down_and_come_back() {
    let (mut state, noon) = (state(), time(NOON));
    assert_eq!(take(&mut state, Heard::StandDown(rule_down("junction", false, noon)), noon), []);
    let changes = take(&mut state, Heard::StandDown(rule_down("junction", true, noon)), noon);
    assert_eq!(changes.len(), 2, "the stand-down and a notice");
    let overview = state.overview(noon, String::new(), feed());
    assert_eq!((overview.rules_stood_down.len(), overview.events.len()), (1, 1));
    assert_eq!(overview.events[0].kind, EventKind::Notice);
    take(&mut state, Heard::StandDown(rule_down("junction", false, noon.plus_s(60.0))), noon);
    let overview = state.overview(noon, String::new(), feed());
    assert_eq!((overview.rules_stood_down.len(), overview.events.len()), (0, 2));
}

#[test]
fn the_newest_travel_times_stand() {
    let (mut state, noon) = (state(), time(NOON));
    assert_eq!(take(&mut state, Heard::TravelTime(travel_time("A1", noon, 90.0)), noon).len(), 1);
    let older = travel_time("A1", noon.plus_s(-300.0), 80.0);
    assert_eq!(take(&mut state, Heard::TravelTime(older), noon), []);
    let shown = state.overview(noon, String::new(), feed()).travel_times;
    assert_eq!(
        (shown.len(), shown[0].median_s, shown[0].mean_speed_ms),
        (1, Some(90.0), Some(10.0))
    );
}

#[test]
fn flow_and_occupancy_are_by_lane_and_minute() {
    let (mut state, noon) = (state(), time(NOON));
    let id = ids("junction").0;
    let counted = state.site_state(&id, noon, String::new()).expect("a site").flow;
    let lane = counted.iter().find(|lane| lane.lane == "Nout_1").expect("the camera looks north");
    assert_eq!((lane.camera.as_str(), lane.minutes.len()), ("south", 0));
    // Three cars drive north along the lane at 10 m/s, 150 m of it, ten frames a second; a person beside them
    // counts for nothing. Then nothing for the rest of two minutes, with a gap of 20 s.
    let mut sequence = 0;
    for tenth in 0..1_200 {
        let at = noon.plus_s(f64::from(tenth) / 10.0);
        if (800..1_000).contains(&tenth) {
            continue;
        }
        let mut tracks = Vec::new();
        for car_number in 0..3 {
            let driven = f64::from(tenth) - 150.0 * f64::from(car_number);
            if (0.0..150.0).contains(&driven) {
                tracks.push(car(car_number as u64, 224.8, 235.0 + driven));
            }
        }
        let mut person = car(99, 224.8, 240.0 + f64::from(tenth) / 20.0);
        person.class = wayside_proto::RoadUserClass::Person;
        tracks.push(person);
        if tenth == 1_000 {
            let gap = gap("junction", sequence, noon.plus_s(80.0), at.plus_s(-0.1));
            take(&mut state, Heard::Observation(gap), at);
            sequence += 1;
        }
        take(&mut state, Heard::Observation(observation("junction", sequence, at, tracks)), at);
        sequence += 1;
    }
    let now = noon.plus_s(120.0);
    let shown = state.site_state(&id, now, String::new()).expect("a site");
    let lane = shown.flow.iter().find(|lane| lane.lane == "Nout_1").expect("the lane");
    assert_eq!(lane.minutes.len(), 2);
    assert_eq!((lane.minutes[0].vehicles, lane.minutes[1].vehicles), (3, 0));
    // Each car of 4.5 m at 10 m/s covers the point for 0.45 s: 4 or 5 frames of a tenth.
    let occupancy = lane.minutes[0].occupancy.expect("observed");
    assert!((0.02..=0.026).contains(&occupancy), "{occupancy}");
    assert_eq!(lane.minutes[0].observed_s, 59.9, "the first frame speaks for nothing before it");
    assert_eq!(lane.minutes[1].observed_s, 40.0, "a gap is not observed");
    let beside = shown.flow.iter().find(|lane| lane.lane == "Nout_2").expect("the lane");
    assert_eq!((beside.minutes[0].vehicles, beside.minutes[0].occupancy), (0, Some(0.0)));
    // Only an hour is kept.
    let late = noon.plus_s(3_660.0);
    take(&mut state, Heard::Observation(observation("junction", sequence, late, Vec::new())), late);
    let shown = state.site_state(&id, late, String::new()).expect("a site");
    let lane = shown.flow.iter().find(|lane| lane.lane == "Nout_1").expect("the lane");
    assert_eq!(lane.minutes.len(), 1);
}

#[test]
fn another_file_of_a_site_keeps_what_it_still_has() {
    let (mut state, noon) = (state(), time(NOON));
    outcome(&mut state, &violation("junction", 1, noon));
    take(&mut state, Heard::Observation(observation("junction", 1, noon, Vec::new())), noon);
    state.put_site(site(), Arc::default());
    let overview = state.overview(noon, String::new(), feed());
    assert_eq!((overview.events.len(), overview.sites[0].cameras[0].state), (1, CameraState::Live));
    state.keep_sites(|_| false);
    assert!(state.overview(noon, String::new(), feed()).sites.is_empty());
}

#[test]
fn an_overview_as_json() {
    let (mut state, noon) = (state(), time(NOON));
    let seen = observation("junction", 1, noon, vec![car(7, 224.8, 190.0)]);
    take(&mut state, Heard::Observation(seen), noon.plus_s(0.25));
    let mut told = health("junction", noon, 1_000, 0);
    told.stood_down = vec![moved(noon)];
    take(&mut state, Heard::Health(Box::new(told)), noon.plus_s(0.3));
    take(&mut state, Heard::TravelTime(travel_time("A1", noon, 90.0)), noon);
    outcome(&mut state, &void("junction", 3, noon, VoidCause::Gap));
    take(&mut state, Heard::StandDown(rule_down("junction", true, noon)), noon);
    let overview = state.overview(noon.plus_s(1.0), "5f-3".to_owned(), feed());
    insta::assert_snapshot!(serde_json::to_string_pretty(&overview).expect("JSON"));
}
