//! The live part over a real listener, on an embedded log.

#[path = "common/people.rs"]
mod people;
#[path = "common/place.rs"]
mod place;
#[path = "common/records.rs"]
mod records;

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use place::*;
use records::*;
use serde_json::Value;
use wayside_bus::Topic;
use wayside_console::shapes::{SignCondition, SignJson};
use wayside_console::{NoPicture, Picture, Pictures, ReviewQueue, SignStates, SiteEntry};
use wayside_http::Clock;
use wayside_proto::convert::Message as _;
use wayside_proto::{CameraId, CitationStatus, EventTime, SignalColour, SiteId, VoidCause};

/// The console's clock is this machine's.
fn now() -> EventTime {
    Clock::system().now()
}

#[test]
fn what_was_on_the_bus_before_is_shown() {
    let (place, now) = (Place::new(), now());
    let began = now.plus_s(-100.0);
    let run = violation("junction", 1, began);
    place.outcome(&run);
    place.outcome(&void("junction", 2, began.plus_s(1.0), VoidCause::Gap));
    place.outcome(&violation("elsewhere", 3, began));
    place.outcome(&violation("junction", 4, now.plus_s(-2.0 * 86_400.0)));
    place.evidence(&sealed(&run));
    for number in 0..50 {
        let at = now.plus_s(-90.0 + f64::from(number) * 0.1);
        place.observe(&observation("junction", number as u64, at, vec![car(1, 224.8, 235.0)]));
    }
    place.health(&health("junction", now.plus_s(-1.0), 50, 0));
    place.signal(&signal("junction", "S", SignalColour::Red, now.plus_s(-30.0)));
    let travel = travel_time("A1", now.plus_s(-60.0), 90.0);
    place.append(Topic::TravelTimes, "A1", None, travel.time.0, travel.to_bytes().expect("bytes"));
    let down = rule_down("junction", true, now.plus_s(-9.0 * 86_400.0));
    place.append(
        Topic::StandDowns,
        "junction/south",
        None,
        down.since.0,
        down.to_bytes().expect("bytes"),
    );
    let issued = citation(&run, 1, CitationStatus::Issued);
    place.append(Topic::Citations, "junction/x", None, now.0, issued.to_bytes().expect("bytes"));
    place.append(Topic::Violations, "junction", None, now.0, b"no message".to_vec());
    let console = place.start();

    let overview = console.get("operator", "/api/v1/overview");
    assert_eq!(overview.status, 200);
    assert_eq!(overview.header("cache-control"), Some("no-store"));
    let overview = overview.json();
    let site = &overview["sites"][0];
    assert_eq!(
        (site["id"].as_str(), site["latitude_deg"].as_f64()),
        (Some("junction"), Some(48.2082))
    );
    assert_eq!((&site["violations_24h"], &site["voids_24h"]), (&Value::from(1), &Value::from(1)));
    assert_eq!(site["waiting_review"], Value::Null);
    assert_eq!(overview["events"][1]["id"], run.id.0.as_str());
    assert_eq!(overview["events"][1]["citation"], "issued");
    assert_eq!(overview["travel_times"][0]["median_s"], 90.0);
    assert_eq!(overview["rules_stood_down"][0]["errors"], 9, "however long ago it was said");
    assert_eq!(overview["feed"]["state"], "reading");
    assert_eq!(overview["feed"]["unreadable"], 1);
    assert!(!overview.to_string().contains("reviewer-7"), "who decided stays in review");

    let state = console.get("operator", "/api/v1/sites/junction/state").json();
    assert_eq!(state["tracks"][0]["tracks"][0]["speed_ms"], 10.0);
    let group = |group: &Value| group["group"] == "S";
    let signal = state["signals"].as_array().and_then(|groups| groups.iter().find(|it| group(it)));
    assert_eq!(signal.expect("the group")["history"][0]["state"], "red");
    let lane = |lane: &Value| lane["lane"] == "Nout_1";
    let flow = state["flow"].as_array().and_then(|lanes| lanes.iter().find(|it| lane(it)));
    assert!(!flow.expect("the lane")["minutes"].as_array().expect("minutes").is_empty());
    assert_eq!(console.get("operator", "/api/v1/sites/nowhere/state").status, 404);
}

#[test]
fn plans_are_asked_for_again_and_not_sent_again() {
    let console = Place::new().start();
    let answer = console.get("operator", "/api/v1/sites/junction");
    let plan = answer.json();
    assert_eq!(
        (plan["lanes"].as_array().map(Vec::len), plan["timezone"].as_str()),
        (Some(16), Some("Europe/Vienna"))
    );
    assert_eq!(plan["stop_lines"][0]["signal_group"], "N");
    let camera = &plan["cameras"][0];
    assert_eq!(
        (camera["id"].as_str(), camera["view_m"].as_array().map(Vec::len)),
        (Some("south"), Some(4))
    );
    assert!(camera["residual_m"].as_f64().is_some_and(|metres| metres < 0.25));
    // The matrix takes a point of the calibration to its pixel.
    let m: Vec<f64> = camera["ground_to_image"]
        .as_array()
        .expect("a matrix")
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    let (x, y) = (226.4, 209.6);
    let row = |r: usize| m[3 * r] * x + m[3 * r + 1] * y + m[3 * r + 2];
    assert!((row(0) / row(2) - 775.1).abs() < 5.0 && (row(1) / row(2) - 452.5).abs() < 5.0);
    for path in camera["lane_paths_px"].as_array().expect("paths") {
        for px in path["path_px"].as_array().expect("points") {
            assert!((0.0..=1280.0).contains(&px[0].as_f64().expect("a number")));
        }
    }
    let tag = answer.header("etag").expect("a tag").to_owned();
    let again =
        console.ask("GET", "operator", "/api/v1/sites/junction", &[("If-None-Match", &tag)]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    let rule = |rule: &Value| rule["rule"] == "red_light";
    assert!(plan["rules"].as_array().expect("rules").iter().any(rule));
}

#[test]
fn events_page_by_page_one_by_one_and_as_a_scene() {
    let (place, now) = (Place::new(), now());
    let began = now.plus_s(-60.0);
    let many: Vec<_> = (0..30)
        .map(|number| violation("junction", number, began.plus_s(number as f64 * 0.5)))
        .collect();
    place.outcomes(&many);
    place.signal(&signal("junction", "S", SignalColour::Red, began.plus_s(-40.0)));
    place.signal(&signal("junction", "S", SignalColour::Green, began.plus_s(3.0)));
    for number in 0..400_u32 {
        let at = began.plus_s(-20.0 + f64::from(number) * 0.1);
        if (200..205).contains(&number) {
            place.observe(&gap("junction", number.into(), at, at.plus_s(0.05)));
            continue;
        }
        let tracks = vec![car(u64::from(number % 7), 224.8, 235.0), car(50, 221.6, 240.0)];
        place.observe(&observation("junction", number.into(), at, tracks));
    }
    let console = place.start();
    let (mut path, mut seen) =
        ("/api/v1/events?limit=12&kind=violation&site=junction".to_owned(), Vec::new());
    loop {
        let page = console.get("operator", &path).json();
        seen.extend(
            page["events"].as_array().expect("events").iter().map(|event| event["id"].clone()),
        );
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/events?limit=12&kind=violation&site=junction&before={next}");
    }
    let expected: Vec<Value> = many.iter().rev().map(|event| event.id.0.clone().into()).collect();
    assert_eq!(seen, expected);
    for wrong in
        ["limit=0", "limit=9999", "kind=crime", "before=yesterday", "colour=red", "limit=x"]
    {
        let answer = console.get("operator", &format!("/api/v1/events?{wrong}"));
        assert!(matches!(answer.status, 400 | 422), "{wrong}: {}", answer.status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    }

    let id = &many[0].id.0;
    let detail = console.get("operator", &format!("/api/v1/events/{id}")).json();
    assert_eq!(
        (&detail["evidence"], &detail["signal"]["state"]),
        (&"pending".into(), &"red".into())
    );
    let answer = console.get("operator", &format!("/api/v1/events/{id}/scene"));
    let scene = answer.json();
    assert_eq!((&scene["complete"], &scene["track"]), (&true.into(), &0.into()));
    let frames = scene["frames"].as_array().expect("frames");
    assert_eq!(frames.len(), 161, "16 s at 10 a second, both ends");
    assert_eq!(frames.iter().filter(|frame| frame["gap"] == "lost").count(), 5);
    assert_eq!(scene["from"], began.plus_s(-8.0).to_string());
    let group =
        scene["signals"].as_array().expect("groups").iter().find(|group| group["group"] == "S");
    let states: Vec<&str> = group.expect("the group")["history"]
        .as_array()
        .expect("a history")
        .iter()
        .filter_map(|change| change["state"].as_str())
        .collect();
    assert_eq!(states, ["red", "green"], "the one that held at the begin is there");
    let tag = answer.header("etag").expect("a tag").to_owned();
    let path = format!("/api/v1/events/{id}/scene");
    assert_eq!(console.ask("GET", "operator", &path, &[("If-None-Match", &tag)]).status, 304);
    for path in ["/api/v1/events/unknown", "/api/v1/events/unknown/scene"] {
        assert_eq!(console.get("operator", path).status, 404);
    }
}

#[derive(Debug)]
struct Camera(Mutex<Result<Picture, NoPicture>>);

impl Pictures for Camera {
    fn newest(&self, _: &SiteId, _: &CameraId) -> Result<Picture, NoPicture> {
        self.0.lock().expect("a lock").clone()
    }
}

#[test]
fn pictures_say_their_time_and_why_there_is_none() {
    let mut place = Place::new();
    let path = "/api/v1/sites/junction/cameras/south/picture";
    let answer = place.start().get("operator", path);
    assert_eq!(
        (answer.status, answer.json()["type"].as_str().map(str::to_owned)),
        (404, Some("urn:wayside:problem:no-picture".to_owned()))
    );
    let picture =
        Picture { jpeg: Bytes::from_static(b"a jpeg"), time: time("2026-06-01T12:00:00Z") };
    let source = Arc::new(Camera(Mutex::new(Ok(picture))));
    place.parts.pictures = Some(Arc::clone(&source) as Arc<dyn Pictures>);
    let console = place.start();
    let answer = console.get("operator", path);
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"a jpeg".as_slice()));
    assert_eq!(answer.header("wayside-frame-time"), Some("2026-06-01T12:00:00.000000Z"));
    assert_eq!(answer.header("content-type"), Some("image/jpeg"));
    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
    let tag = answer.header("etag").expect("a tag").to_owned();
    assert_eq!(console.ask("GET", "operator", path, &[("If-None-Match", &tag)]).status, 304);
    *source.0.lock().expect("a lock") =
        Err(NoPicture::NotNow("the camera stands down: it has moved".to_owned()));
    let answer = console.get("operator", path);
    assert_eq!(
        (answer.status, answer.json()["detail"].as_str().map(str::to_owned)),
        (404, Some("the camera stands down: it has moved".to_owned()))
    );
    assert_eq!(
        console.get("operator", "/api/v1/sites/junction/cameras/nobody/picture").status,
        404
    );
}

#[test]
fn receipts_are_for_auditors_and_engineers_and_a_broken_chain_is_said() {
    let place = Place::new();
    for receipt in receipts("evidence/junction", 4) {
        place.receipt(&receipt);
    }
    let mut broken = receipts("cases/junction", 3);
    broken[1].deletion.deleted = 1;
    broken.iter().for_each(|receipt| place.receipt(receipt));
    let console = place.start();
    let path = "/api/v1/trust/receipts";
    for account in ["operator", "reviewer", "senior", "administrator"] {
        assert_eq!(console.get(account, path).status, 403, "{account}");
    }
    assert_eq!(console.get("", path).status, 401);
    for account in ["auditor", "engineer", "operator+auditor"] {
        assert_eq!(console.get(account, path).status, 200, "{account}");
    }
    assert_eq!(console.get("operator+auditor", "/api/v1/trust/receipts?role=operator").status, 403);
    let chains = console.get("auditor", path).json();
    let [cases, evidence] = chains["chains"].as_array().expect("chains").as_slice() else {
        panic!("{chains}")
    };
    assert_eq!((&evidence["holds"], &evidence["deleted"]), (&true.into(), &12.into()));
    assert_eq!(evidence["receipts"][0]["number"], 3, "newest first");
    assert_eq!(cases["holds"], false);
    assert!(
        cases["problem"].as_str().is_some_and(|problem| problem.contains("was changed")),
        "{cases}"
    );
    let chosen = console.get("auditor", "/api/v1/trust/receipts?what=evidence/").json();
    assert_eq!(chosen["chains"].as_array().map(Vec::len), Some(1));
}

#[test]
fn nothing_is_told_without_a_session() {
    let console = Place::new().start();
    for path in [
        "/api/v1/overview",
        "/api/v1/sites/junction",
        "/api/v1/sites/junction/state",
        "/api/v1/sites/junction/cameras/south/picture",
        "/api/v1/events",
        "/api/v1/events/x",
        "/api/v1/events/x/scene",
        "/api/v1/live",
        "/api/v1/trust/voids",
        "/api/v1/trust/receipts",
        "/api/v1/signs",
    ] {
        let answer = console.get("", path);
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(console.ask("DELETE", "", path, &[]).status, 405, "{path}");
    }
    assert_eq!(console.get("operator", "/api/v1/nothing").status, 404);
    assert_eq!(console.get("operator", "/api/nothing").status, 404);
}

#[derive(Debug)]
struct Board(Mutex<Vec<SignJson>>);

impl SignStates for Board {
    fn states(&self, _: EventTime) -> Vec<SignJson> {
        self.0.lock().expect("a lock").clone()
    }
}

#[derive(Debug)]
struct Queue;

impl ReviewQueue for Queue {
    fn waiting(&self) -> Option<std::collections::BTreeMap<String, u64>> {
        Some([("junction".to_owned(), 7)].into())
    }
}

fn sign(state: SignCondition, text: &[&str]) -> SignJson {
    SignJson {
        sign: "north".to_owned(),
        site: "junction".to_owned(),
        name: "Northern approach".to_owned(),
        kind: "matrix".to_owned(),
        state,
        why: None,
        text: text.iter().map(|line| (*line).to_owned()).collect(),
        pictogram: None,
        multi: text.join("[nl]"),
        priority: Some(120),
        since: None,
        expires: None,
        page_url: None,
        pages: Vec::new(),
        fault: None,
    }
}

#[test]
fn signs_and_the_queue_of_review_are_told_where_they_are_known() {
    let mut place = Place::new();
    let board =
        Arc::new(Board(Mutex::new(vec![sign(SignCondition::Showing, &["RED LIGHT", "AHEAD"])])));
    place.parts.signs = Some(Arc::clone(&board) as Arc<dyn SignStates>);
    place.parts.queue = Some(Arc::new(Queue));
    let console = place.start();
    let signs = console.get("operator", "/api/v1/signs").json();
    assert_eq!((&signs[0]["state"], &signs[0]["text"][1]), (&"showing".into(), &"AHEAD".into()));
    let overview = console.get("operator", "/api/v1/overview").json();
    assert_eq!(overview["sites"][0]["waiting_review"], 7);
    let mut live = console.live("operator", "", None);
    *board.0.lock().expect("a lock") = vec![sign(SignCondition::Blank, &[])];
    loop {
        let told = live.next_of("sign");
        if told.data["state"] == "blank" {
            break;
        }
    }
}

#[test]
fn another_site_file_holds_without_a_restart() {
    let place = Place::new();
    let console = place.start();
    let mut live = console.live("operator", "", None);
    place.sites.put(SiteEntry::new(site_named("second")));
    live.next_of("reset");
    wait(|| {
        console.get("operator", "/api/v1/overview").json()["sites"].as_array().map(Vec::len)
            == Some(2)
    });
    assert_eq!(console.get("operator", "/api/v1/sites/second").status, 200);
    place.outcome(&violation("second", 1, now()));
    assert_eq!(live.next_of("event").data["site"], "second");
    assert!(place.sites.remove("second"));
    wait(|| {
        console.get("operator", "/api/v1/overview").json()["sites"].as_array().map(Vec::len)
            == Some(1)
    });
}
