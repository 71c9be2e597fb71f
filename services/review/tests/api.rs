//! What the API refuses, and how it holds under many hands.

#[path = "common/place.rs"]
mod place;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use place::{PLATE, Place, agent, outcome, policy};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use wayside_bus::{Record, Topic};
use wayside_cases::{Account, Actor, CaseId, Role};
use wayside_desk::OutboxTopic;
use wayside_http::{Clock, Rate};
use wayside_review::http::openapi_json;
use wayside_review::{Intake, Publisher};

const NO_CASE: &str = "00000000000000000000000000000000";

/// Every route, its method, and the accounts that get in (the answer is not 401 or 403 for them).
fn routes() -> Vec<(&'static str, String, Vec<&'static str>)> {
    let (looks, decides) =
        (vec!["reviewer", "senior", "engineer", "auditor"], vec!["reviewer", "senior"]);
    let quality = vec!["senior", "engineer", "auditor"];
    let with_operator = |list: &[&'static str]| [list, &["operator"]].concat();
    let case = |rest: &str| format!("/v1/cases/{NO_CASE}{rest}");
    let citation = |rest: &str| format!("/v1/citations/{NO_CASE}{rest}");
    vec![
        ("GET", "/v1/queue".into(), with_operator(&looks)),
        ("POST", "/v1/claims".into(), decides.clone()),
        ("GET", case(""), looks.clone()),
        ("GET", case("/evidence/clip"), looks.clone()),
        ("GET", case("/plate-suggestion"), decides.clone()),
        ("POST", case("/heartbeat"), decides.clone()),
        ("POST", case("/release"), decides.clone()),
        ("POST", case("/decision"), decides.clone()),
        ("POST", case("/send-back"), decides.clone()),
        ("POST", case("/requeue"), vec!["senior", "engineer"]),
        ("POST", case("/undo"), decides),
        ("GET", "/v1/citations".into(), [looks.as_slice(), &["ticketing"]].concat()),
        ("GET", citation(""), [looks.as_slice(), &["ticketing"]].concat()),
        ("GET", citation("/plate?purpose=hand_to_ticketing"), vec!["ticketing"]),
        ("POST", citation("/status"), vec!["ticketing"]),
        ("GET", "/v1/ledger".into(), with_operator(&quality)),
        ("GET", "/v1/stand-downs".into(), with_operator(&quality)),
        ("POST", "/v1/stand-downs/reinstate".into(), vec!["senior", "engineer"]),
        ("GET", "/v1/agreement".into(), quality.clone()),
        ("GET", "/v1/quality".into(), quality.clone()),
        ("POST", "/v1/known-cases".into(), quality.clone()),
        ("GET", "/v1/audit".into(), vec!["auditor", "senior"]),
        ("GET", "/v1/audit/check".into(), vec!["auditor", "senior"]),
        ("GET", "/v1/webhooks".into(), with_operator(&quality)),
    ]
}

/// A body that every POST can read.
fn body_of(path: &str) -> Value {
    let token = "ab".repeat(16);
    match path.rsplit('/').next().unwrap_or_default() {
        "heartbeat" | "release" => json!({ "token": token }),
        "decision" => json!({ "token": token, "decision": "reject", "reason": "signal_not_red" }),
        "send-back" => json!({ "token": token, "why": "look" }),
        "requeue" => json!({ "why": "mended" }),
        "status" => json!({ "status": "paid", "reference": "1" }),
        "reinstate" => json!({ "site": "s", "camera": "c", "rule": "red_light", "why": "mended" }),
        "known-cases" => json!({ "case": NO_CASE, "right": "approve" }),
        _ => json!({}),
    }
}

#[test]
fn every_route_is_for_its_roles_and_for_nobody_without_a_token() {
    let place = Place::new();
    let running = place.start(Vec::new());
    let agent = agent();
    for (method, path, allowed) in routes() {
        let body = body_of(&path).to_string();
        let body = (method == "POST").then_some(body.as_str());
        let nobody = running.call(&agent, "nobody", method, &path, body, &[]);
        assert_eq!(nobody.status, 401, "{method} {path}");
        assert_eq!(nobody.headers["content-type"], "application/problem+json");
        for account in ["reviewer", "senior", "engineer", "auditor", "operator", "ticketing"] {
            let answer = running.call(&agent, account, method, &path, body, &[]);
            let let_in = !matches!(answer.status, 401 | 403);
            assert_eq!(let_in, allowed.contains(&account), "{account} {method} {path}: {answer:?}");
            assert!(answer.status < 500, "{account} {method} {path}: {answer:?}");
        }
    }
    let health = running.get("nobody", "/v1/health");
    assert_eq!((health.status, health.text("status").as_str()), (200, "well"));
}

#[test]
fn what_is_unknown_or_decided_is_refused_in_words() {
    let place = Place::with(wayside_cases::Policy { undo_s: 600, ..policy() });
    let running = place.start(Vec::new());
    place.admit(1);
    let decide = |case: &str, token: &str| {
        let body = json!({ "token": token, "decision": "reject", "reason": "signal_not_red" });
        running.post("reviewer", &format!("/v1/cases/{case}/decision"), &body)
    };
    let claim = running.post("reviewer", "/v1/claims", &json!({}));
    let (case, token) = (claim.text("case"), claim.text("token"));
    let unknown = decide(NO_CASE, &token);
    let no_id = decide("1", &token);
    let no_token = decide(&case, "x");
    let other = running.post(
        "senior",
        &format!("/v1/cases/{case}/decision"),
        &json!({ "token": token, "decision": "reject", "reason": "signal_not_red" }),
    );
    let reason = running.post(
        "reviewer",
        &format!("/v1/cases/{case}/decision"),
        &json!({ "token": token, "decision": "reject", "reason": "evidence_failed" }),
    );
    assert_eq!(decide(&case, &token).status, 200);
    let late = running.post(
        "reviewer",
        &format!("/v1/cases/{case}/decision"),
        &json!({ "token": token, "decision": "approve", "plate": PLATE }),
    );
    let plate = running.post(
        "reviewer",
        &format!("/v1/cases/{case}/decision"),
        &json!({ "token": token, "decision": "approve", "plate": "SECRET*1" }),
    );
    let nowhere = running.get("reviewer", "/v1/nowhere");
    let method = running.post("reviewer", "/v1/queue", &json!({}));
    let gone = running.get("reviewer", &format!("/v1/cases/{case}/evidence/clip"));
    let all = [unknown, no_id, no_token, other, reason, late, plate, nowhere, method, gone];
    let told = |answer: &place::Answer| {
        let mut problem = answer.json();
        let detail = answer.text("detail");
        let words = detail.split(' ').map(|word| {
            let time = word.starts_with("20") && word.contains('T');
            if time { "TIME" } else { word }
        });
        problem["detail"] = words.collect::<Vec<_>>().join(" ").replace(&case, "CASE").into();
        problem.to_string()
    };
    let text: Vec<String> = all.iter().map(told).collect();
    assert!(!text.join("\n").contains("SECRET"), "no answer repeats a plate");
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn the_description_is_the_one_that_is_committed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let now = openapi_json();
    if std::env::var_os("WAYSIDE_WRITE_OPENAPI").is_some() {
        std::fs::write(path, &now).expect("written");
    }
    let committed = std::fs::read_to_string(path).expect("openapi.json");
    assert!(committed == now, "run with WAYSIDE_WRITE_OPENAPI=1 and look at the difference");
    let description: Value = serde_json::from_str(&now).expect("JSON");
    assert!(description["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    for (method, path, _) in routes() {
        let path = path.split('?').next().unwrap_or_default();
        let path = path.replace("/v1/cases/00000000000000000000000000000000", "/v1/cases/{case}");
        let path = path
            .replace("/v1/citations/00000000000000000000000000000000", "/v1/citations/{citation}");
        let path = path.replace("/evidence/clip", "/evidence/{part}");
        let of = &description["paths"][&path][method.to_lowercase()];
        assert!(of["responses"].is_object(), "{method} {path} is described");
    }
    let operations: usize = description["paths"]
        .as_object()
        .expect("paths")
        .values()
        .map(|path| path.as_object().map_or(0, serde_json::Map::len))
        .sum();
    // Beside these, health and reasons.
    assert_eq!(operations, routes().len() + 2, "the test knows every route");
    let served = Place::new().start(Vec::new()).get("nobody", "/openapi.json");
    assert_eq!(served.body, now.as_bytes());
}

#[test]
fn no_body_brings_it_down() {
    let place = Place::new();
    let running = place.start(Vec::new());
    // A connection each: who is answered before the body was read finds the old one closed.
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(300)))
        .max_idle_connections(0)
        .build()
        .into();
    let posts: Vec<String> = routes()
        .into_iter()
        .filter(|(method, _, _)| *method == "POST")
        .map(|(_, path, _)| path)
        .collect();
    let value = prop_oneof![
        any::<String>(),
        Just("approve".to_owned()),
        Just("ab".repeat(16)),
        "\\PC{0,2000}"
    ];
    let object = prop::collection::btree_map(
        prop_oneof![
            Just("token".to_owned()),
            Just("decision".to_owned()),
            Just("plate".to_owned()),
            Just("why".to_owned()),
            Just("note".to_owned()),
            any::<String>()
        ],
        value,
        0..6,
    );
    let bodies = prop_oneof![
        object.prop_map(|object| json!(object).to_string().into_bytes()),
        prop::collection::vec(any::<u8>(), 0..300),
        Just("[".repeat(30_000).into_bytes()),
        Just(br#"{"token":1e999,"decision":null}"#.to_vec()),
    ];
    let mut runner = TestRunner::new(ProptestConfig::with_cases(300));
    let cases = (prop::sample::select(posts), bodies);
    runner
        .run(&cases, |(path, body)| {
            let body = String::from_utf8_lossy(&body).into_owned();
            for account in ["senior", "ticketing"] {
                let answer = running.call(&agent, account, "POST", &path, Some(&body), &[]);
                prop_assert!(answer.status < 500, "{} {:?}: {:?}", path, body, answer);
                if answer.status >= 400 {
                    prop_assert_eq!(&answer.headers["content-type"], "application/problem+json");
                    prop_assert_eq!(
                        answer.json()["status"].as_u64(),
                        Some(u64::from(answer.status))
                    );
                }
            }
            Ok(())
        })
        .expect("nothing brings it down");
}

#[test]
fn bounds_and_headers() {
    let mut place = Place::new();
    place.limits.failures = Rate { burst: 5.0, per_s: 0.001 };
    place.limits.token = Rate { burst: 20.0, per_s: 0.001 };
    let running = place.start(Vec::new());
    let large = format!("{{\"site\":\"{}\"}}", "x".repeat(100_000));
    let answer = running.call(&agent(), "reviewer", "POST", "/v1/claims", Some(&large), &[]);
    assert_eq!(answer.status, 413);
    let headers = running.get("reviewer", "/v1/queue").headers;
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(headers[name], value);
    }
    assert!(headers["content-security-policy"].contains("default-src 'none'"));
    let origin = [("origin", "https://elsewhere.example")];
    let cors = running.call(&agent(), "reviewer", "GET", "/v1/queue", None, &origin);
    assert!(!cors.headers.contains_key("access-control-allow-origin"));
    // A token that asks too often waits; others do not.
    let many: Vec<u16> = (0..30).map(|_| running.get("auditor", "/v1/audit").status).collect();
    assert_eq!(many.iter().filter(|status| **status == 200).count(), 20);
    assert_eq!(many.last(), Some(&429));
    assert_eq!(running.get("engineer", "/v1/ledger").status, 200);
    // An address whose tokens are wrong waits. Who has a right one does not, whoever shares the address: behind a
    // proxy everybody does.
    let wrong = [("authorization", "Bearer wst_wrong")];
    let tries: Vec<u16> = (0..7)
        .map(|_| running.call(&agent(), "nobody", "GET", "/v1/queue", None, &wrong).status)
        .collect();
    assert_eq!(tries, [401, 401, 401, 401, 401, 429, 429]);
    assert_eq!(running.get("engineer", "/v1/ledger").status, 200);
    let late = running.call(&agent(), "nobody", "GET", "/v1/queue", None, &wrong);
    assert_eq!(late.status, 429);
    assert!(late.headers["retry-after"].parse::<u32>().is_ok_and(|seconds| seconds > 0));
    // Half a request is not waited for for ever, and holds up nobody.
    let mut half = TcpStream::connect(running.addr()).expect("a connection");
    half.write_all(b"GET /v1/health HTTP/1.1\r\nhost: x\r\n").expect("sent");
    assert_eq!(running.get("nobody", "/v1/health").status, 200);
    half.set_read_timeout(Some(Duration::from_secs(120))).expect("a time-out");
    let began = Instant::now();
    let mut rest = Vec::new();
    let _ = half.read_to_end(&mut rest);
    assert!(began.elapsed() < Duration::from_secs(120), "it is closed");
}

#[test]
fn over_tls() {
    let mut place = Place::new();
    let certified =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let (certificate, key) = (place.dir.path().join("cert.pem"), place.dir.path().join("key.pem"));
    std::fs::write(&certificate, certified.cert.pem()).expect("a file");
    std::fs::write(&key, certified.signing_key.serialize_pem()).expect("a file");
    place.tls = Some(wayside_review::TlsFiles { certificate: certificate.clone(), key });
    let mut running = place.start(Vec::new());
    running.url = format!("https://localhost:{}", running.addr().port());
    let root = ureq::tls::Certificate::from_pem(certified.cert.pem().as_bytes()).expect("PEM");
    let roots = ureq::tls::RootCerts::from([root.to_owned()]);
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .tls_config(ureq::tls::TlsConfig::builder().root_certs(roots).build())
        .build()
        .into();
    let answer = running.call(&agent, "reviewer", "GET", "/v1/queue", None, &[]);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.headers.contains_key("strict-transport-security"));
    // In the clear nothing is told on that port.
    let mut plain = TcpStream::connect(running.addr()).expect("a connection");
    plain.write_all(b"GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n").expect("sent");
    plain.set_read_timeout(Some(Duration::from_secs(120))).expect("a time-out");
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/1.1 200"));
}

/// Killed after the desk and before the bus, and the other way round: nothing is lost or doubled.
#[test]
fn a_crash_between_any_two_steps_loses_and_doubles_nothing() {
    let place = Place::new();
    let system = Actor::new(Account::new("test").expect("an account"), Role::System);
    let now = || Clock::system().now();
    place.publish_violation(&outcome(1));
    place.publish_evidence(&place::evidence(1));
    // Admitted, and killed before the position is stored.
    place.desk.admit(&system, &outcome(1), &place::evidence(1), now()).expect("admitted");
    for life in 0..2 {
        let mut intake =
            Intake::join(place.bus.clone(), place.desk.clone(), system.clone()).expect("joined");
        for _ in 0..5 {
            intake.run_once(now(), Duration::from_millis(150)).expect("read");
        }
        let totals = intake.totals();
        assert_eq!((totals.admitted, totals.known), (0, u64::from(life == 0)), "life {life}");
    }
    let reviewer = Actor::new(Account::new("reviewer").expect("an account"), Role::Reviewer);
    let claimed = place.desk.claim(&reviewer, &Default::default(), now()).expect("asked");
    let claimed = claimed.expect("a case");
    assert_eq!(claimed.case, CaseId::of(&outcome(1).id));
    let approve = wayside_cases::Decision::Approve;
    place
        .desk
        .decide(&reviewer, &claimed.case, &claimed.token, approve, Some(&place::plate()), "", now())
        .expect("decided");
    // Issued, taken, on the bus, and killed before the desk hears of it.
    assert_eq!(place.desk.issue_due(&system, now(), 10).expect("issued").len(), 1);
    let taken = place.desk.outbox_take(&system, now(), 10).expect("taken");
    assert_eq!((taken.len(), taken[0].id.topic), (1, OutboxTopic::Citations));
    let record = Record {
        key: taken[0].key.clone(),
        time: taken[0].created_at.0,
        id: Some(format!("{}/{}", taken[0].id.id, taken[0].id.revision)),
        value: taken[0].payload.clone(),
    };
    place.bus.append(Topic::Citations, vec![record]).expect("appended");
    let publisher = Publisher::new(place.bus.clone(), place.desk.clone(), system);
    assert_eq!(publisher.run_once(now()).expect("published").citations, 0, "leased");
    let later = now().plus_s(120.0);
    assert_eq!(publisher.run_once(later).expect("published").citations, 1, "taken again");
    assert_eq!(publisher.run_once(later.plus_s(120.0)).expect("published").citations, 0);
    assert_eq!(place.records(Topic::Citations).len(), 1, "the bus has it once");
}
