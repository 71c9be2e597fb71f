//! From the queue to the citation, over real HTTP, with a real desk and a real bus.

#[path = "../../package/tests/common/mod.rs"]
mod package_fixture;
#[path = "common/place.rs"]
mod place;
#[path = "common/receiver.rs"]
mod receiver;

use std::io::Write;
use std::sync::{Arc, Mutex};

use place::{PLATE, Place, agent, files, plate, until};
use receiver::{Does, Receiver};
use serde_json::json;
use wayside_bus::Topic;
use wayside_package::Part;
use wayside_plates::leak::{assert_no_plate, find_plate};
use wayside_proto::convert::Message as _;
use wayside_proto::{Citation, CitationStatus, Evidence, EvidenceResult, SealedPackage};
use wayside_review::webhooks::Endpoint;
use wayside_review::webhooks::sign::Secret;

/// Everything that is logged.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_violation_becomes_a_citation_and_its_plate_is_nowhere() {
    let logged = Logged::default();
    let sink = logged.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || sink.clone())
        .init();
    let mut place = Place::new();
    place.ring = package_fixture::ring(7);
    let draft = package_fixture::red_light();
    let sealed = package_fixture::seal(&draft);
    let outcome = draft.outcome;
    place.shelf.0.lock().expect("a lock").insert("road/1.zip".to_owned(), sealed.bytes.clone());
    let evidence = Evidence {
        violation: outcome.id.clone(),
        site: outcome.site.clone(),
        camera: outcome.camera.clone(),
        event_time: outcome.event_time,
        result: EvidenceResult::Sealed(SealedPackage {
            uri: "road/1.zip".to_owned(),
            sha256: sealed.sha256,
            size_bytes: sealed.bytes.len() as u64,
            key_id: package_fixture::key(7).verifying().id().as_str().to_owned(),
            chain_number: 0,
            sealed_at: package_fixture::sealed_at(),
        }),
    };
    let receiver = Receiver::start(|n| if n == 0 { Does::TakesAndCloses } else { Does::Takes });
    let secret = Secret::random().expect("a secret");
    let endpoint = Endpoint::new(&receiver.url, vec![secret], false).expect("an endpoint");
    let running = place.start(vec![endpoint]);

    // The evidence comes before its violation.
    place.publish_evidence(&evidence);
    until("the evidence", || running.service.intake().waiting == 1);
    assert_eq!(running.get("operator", "/v1/queue").json()["first"], 0);
    place.publish_violation(&outcome);
    until("the case", || running.service.intake().admitted == 1);
    assert_eq!(running.get("operator", "/v1/queue").json()["first"], 1);

    let claim = running.post("reviewer", "/v1/claims", &json!({}));
    assert_eq!(claim.status, 200, "{claim:?}");
    let (case, token) = (claim.text("case"), claim.text("token"));
    assert_eq!(claim.json()["violation"]["id"], outcome.id.0.as_str());
    let none = running.post("senior", "/v1/claims", &json!({}));
    assert_eq!(none.status, 204, "nobody else gets it");

    let detail = running.get("reviewer", &format!("/v1/cases/{case}")).json();
    assert_eq!(detail["evidence"]["verified"], true, "{detail:#}");
    assert!(detail["evidence"]["derivations"].as_str().is_some_and(|text| text.contains("time")));
    assert!(detail["evidence"]["signals"].is_object());
    assert_eq!(detail["violation"]["rule"], "red_light");

    evidence_is_given_out(&running, &case, &sealed.bytes);
    let read = running.get("reviewer", &format!("/v1/cases/{case}/plate-suggestion"));
    assert_eq!(read.json()["suggestions"][0]["plate"], PLATE);
    let other = running.get("senior", &format!("/v1/cases/{case}/plate-suggestion"));
    assert_eq!(other.status, 409, "only for whoever holds the case");

    let path = format!("/v1/cases/{case}");
    let held = running.post("reviewer", &format!("{path}/heartbeat"), &json!({ "token": token }));
    assert_eq!(held.status, 200);
    let decide = json!({ "token": token, "decision": "approve", "plate": "w-12345 x",
        "note": "clear" });
    let without = json!({ "token": token, "decision": "approve" });
    assert_eq!(running.post("reviewer", &format!("{path}/decision"), &without).status, 422);
    let told = json!({ "token": token, "decision": "approve", "plate": PLATE,
        "note": format!("plate {PLATE}") });
    assert_eq!(running.post("reviewer", &format!("{path}/decision"), &told).status, 422);
    let decided = running.post("reviewer", &format!("{path}/decision"), &decide);
    assert_eq!((decided.status, decided.text("step").as_str()), (200, "approved"), "{decided:?}");
    let again = running.post("reviewer", &format!("{path}/decision"), &decide);
    assert_eq!(again.json()["repeated"], true, "{again:?}");
    let totals = running.service.totals();
    assert_eq!(
        totals.acts,
        [1, 1, 0, 0, 0],
        "one claim, one approval, and no act for a repetition"
    );
    assert_eq!((totals.intake.admitted, totals.webhooks.given_up), (1, 0));

    until("the citation", || place.records(Topic::Citations).len() == 1);
    let record = &place.records(Topic::Citations)[0];
    let citation = Citation::from_bytes(&record.value).expect("a citation");
    assert_eq!(citation.status, CitationStatus::Issued);
    assert_eq!(citation.decision.reviewer, "reviewer");
    assert_eq!(record.key, format!("{}/{}", outcome.site, outcome.id));
    assert_eq!(record.id.as_deref(), Some(format!("{}/1", citation.id).as_str()));
    until("the webhook", || receiver.requests().len() >= 2);
    until("the count of it", || running.service.totals().webhooks.delivered == 1);
    let totals = running.service.totals();
    assert_eq!((totals.published.issued, totals.published.citations), (1, 1));
    assert!(totals.webhooks.failed >= 1, "the receiver closed on the first attempt: {totals:?}");
    until("a count of the queue", || running.service.totals().queue.is_some());
    assert_eq!(receiver.in_effect(), [format!("{}/1", citation.id)], "twice sent, once in effect");

    ticketing(&place, &running, &citation);
    until("the end of the second delivery", || receiver.in_effect().len() == 2);

    let checked = running.get("auditor", "/v1/audit/check").json();
    assert_eq!(checked["holds"], true, "{checked}");
    let acts = running.get("auditor", "/v1/audit?limit=1000").json();
    let acts: Vec<&str> =
        acts.as_array().expect("a list").iter().filter_map(|e| e["act"].as_str()).collect();
    for act in ["admit", "claim", "view", "decide", "issue", "plate", "status"] {
        assert!(acts.contains(&act), "{act} is in the audit log: {acts:?}");
    }
    drop(running);
    nowhere(&place, &receiver, &logged);
}

fn evidence_is_given_out(running: &place::Running, case: &str, package: &[u8]) {
    let package = wayside_package::Package::open(package).expect("a package");
    let path = |part: &str| format!("/v1/cases/{case}/evidence/{part}");
    let clip = running.get("reviewer", &path("clip"));
    assert_eq!((clip.status, clip.headers["content-type"].as_str()), (200, "video/mp4"));
    assert_eq!(clip.body, package.part(Part::Clip));
    assert_eq!(running.get("auditor", &path("before")).body, package.part(Part::Before));
    let range =
        running.call(&agent(), "reviewer", "GET", &path("clip"), None, &[("range", "bytes=4-11")]);
    assert_eq!((range.status, range.body.as_slice()), (206, &package.part(Part::Clip)[4..12]));
    let size = package.part(Part::Clip).len();
    assert_eq!(range.headers["content-range"], format!("bytes 4-11/{size}"));
    let beyond = running.call(
        &agent(),
        "reviewer",
        "GET",
        &path("clip"),
        None,
        &[("range", "bytes=99999999-")],
    );
    assert_eq!(beyond.status, 416);
    for bad in
        ["seal", "clip.mp4", "..%2f..%2ftokens", "..", "%2e%2e/tokens", "stills%2fbefore.jpg", ""]
    {
        let answer = running.get("reviewer", &path(bad));
        assert!(matches!(answer.status, 400 | 404), "{bad}: {}", answer.status);
    }
}

/// The plate for ticketing alone, and reports that count once; a contest goes back to another reviewer.
fn ticketing(place: &Place, running: &place::Running, citation: &Citation) {
    let path = format!("/v1/citations/{}", citation.id);
    assert_eq!(running.get("ticketing", &path).json()["progress"], "issued");
    assert_eq!(running.get("ticketing", "/v1/citations").json().as_array().map(Vec::len), Some(1));
    let plate_path = format!("{path}/plate?purpose=hand_to_ticketing");
    assert_eq!(running.get("ticketing", &plate_path).json()["plate"], PLATE);
    for account in ["reviewer", "senior", "auditor", "engineer", "operator"] {
        assert_eq!(running.get(account, &plate_path).status, 403, "{account}");
    }
    assert_eq!(running.get("ticketing", &format!("{path}/plate?purpose=curiosity")).status, 422);
    assert_eq!(running.get("ticketing", &format!("{path}/plate")).status, 400);
    let report = |status: &str, reference: &str| {
        let body = json!({ "status": status, "reference": reference });
        running.post("ticketing", &format!("{path}/status"), &body)
    };
    let served = report("served", "r-1");
    assert_eq!((served.status, &served.json()["repeated"]), (200, &json!(false)), "{served:?}");
    assert_eq!(report("served", "r-1").json()["repeated"], true);
    assert_eq!(report("paid", "r-1").status, 409, "a reference stands for one report");
    assert_eq!(report("contested", "r-2").json()["citation"]["contested"], true);
    // Whoever decided does not get it again; another reviewer withdraws it.
    assert_eq!(running.post("reviewer", "/v1/claims", &json!({})).status, 204);
    let claim = running.post("senior", "/v1/claims", &json!({}));
    assert_eq!((claim.status, claim.text("stage").as_str()), (200, "contest"), "{claim:?}");
    let case = claim.text("case");
    let reject = json!({ "token": claim.text("token"), "decision": "reject",
        "reason": "signal_not_red", "note": "dark" });
    let done = running.post("senior", &format!("/v1/cases/{case}/decision"), &reject);
    assert_eq!(done.text("step"), "voided", "{done:?}");
    until("the second message", || place.records(Topic::Citations).len() == 2);
    assert_eq!(running.get("ticketing", &plate_path).status, 410, "no plate of a voided citation");
    assert_eq!(report("paid", "r-3").status, 409);
}

/// PV-1: in no log, no topic, no database, no file, and in no message to a webhook.
fn nowhere(place: &Place, receiver: &Receiver, logged: &Logged) {
    assert!(find_plate(PLATE.as_bytes(), &plate()).is_some(), "the search finds one");
    assert_no_plate("the log", &logged.0.lock().expect("a lock"), &plate());
    assert!(logged.0.lock().expect("a lock").len() > 1_000, "something was logged");
    for token in place.tokens.values() {
        let log = logged.0.lock().expect("a lock");
        assert!(
            !log.windows(token.len()).any(|window| window == token.as_bytes()),
            "a token is logged"
        );
    }
    for request in receiver.requests() {
        assert_no_plate("a webhook", request.body.as_bytes(), &plate());
    }
    let mut all = Vec::new();
    files(place.dir.path(), &mut all);
    assert!(all.len() >= 3, "{all:?}");
    for file in all {
        let bytes = std::fs::read(&file).expect("a file");
        assert_no_plate(&file.display().to_string(), &bytes, &plate());
    }
}
