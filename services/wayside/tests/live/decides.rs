//! One process on one machine: a violation of a live camera, its package out of the camera's ring, the decision of a
//! person, the citation, and retention, all inside `wayside run --review`.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use wayside_bus::{Log, LogOptions, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{Citation, CitationStatus, Evidence, EvidenceResult};

use crate::told::records;
use crate::worker::Worker;
use crate::{cameras, common, junction, turn, wall};

/// The plate that the reviewer reads, and that nothing but the vault may have.
const PLATE: &str = "WAY51DE";
/// How long a busy machine may take from the start of the camera to the first package, and for any step after it.
const PATIENCE: Duration = Duration::from_secs(1_200);
const TOKEN: &str = "a-token-for-live-pictures";

/// A person in front of the API.
struct Reviewer {
    url: String,
    token: String,
}

impl Reviewer {
    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Vec<u8>) {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(300)))
            .build()
            .into();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json");
        let text = body.map(Value::to_string).unwrap_or_default();
        let mut answer = match method {
            "GET" => agent.run(request.body(()).unwrap()).unwrap(),
            _ => agent.run(request.body(text).unwrap()).unwrap(),
        };
        (answer.status().as_u16(), answer.body_mut().read_to_vec().unwrap())
    }

    fn json(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let (status, bytes) = self.ask(method, path, body);
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }
}

/// A package that nobody decided on for forty days.
fn old_package(data: &Path) -> std::path::PathBuf {
    let folder = data.join("evidence/junction");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{:032x}.wayside", 7));
    fs::write(&path, "old").unwrap();
    let then = SystemTime::now() - Duration::from_secs(40 * 86_400);
    File::options().write(true).open(&path).and_then(|file| file.set_modified(then)).unwrap();
    path
}

#[test]
fn a_live_violation_is_decided_and_cited_in_one_process() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let clip = junction::slow("decides.mp4", 0.0, 30.0);
    let camera = cameras::serve(&clip);
    let rtsp = format!("url = \"{}\"\n", camera.url());
    let start = wall().plus_s(-60.0).to_string();
    junction::write_half_red(dir.path(), &start, &[("north", rtsp)]);
    let old = old_package(&data);
    fs::write(dir.path().join("clips-token"), TOKEN).unwrap();
    let clips_token = dir.path().join("clips-token").display().to_string();
    let worker = Worker::start(
        "run",
        dir.path(),
        [
            ["--review", "127.0.0.1:0"],
            ["--undo-s", "0"],
            ["--second-review-share", "0"],
            ["--known-share", "0"],
            ["--retention-every", "1"],
            ["--clips", "127.0.0.1:0"],
            ["--clips-token-file", &clips_token],
        ]
        .concat(),
    );
    let api = worker.said("review on ", ", decisions in");
    let told = worker.stderr();
    assert!(told.contains("nobody has a token of review yet"), "{told}");
    for (name, mode) in [("vault-key", 0o600), ("tokens", 0o600), ("keys", 0o700)] {
        let found = fs::metadata(data.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{name}");
    }
    // Nobody is known from the start.
    let stranger = Reviewer { url: api.clone(), token: "wst_guessed".to_owned() };
    assert_eq!(stranger.ask("POST", "/v1/claims", Some(&json!({}))).0, 401);
    let tokens = data.join("tokens").display().to_string();
    let arguments = ["review", "token", "new", "--account", "reviewer-1", "--role", "reviewer"];
    let mut command = common::command(arguments);
    command.args(["--tokens", &tokens]);
    let token = common::run(command).succeeded().stdout.trim().to_owned();
    let reviewer = Reviewer { url: api, token };

    live_picture(&worker);
    let mut claim = Value::Null;
    worker.until("case", PATIENCE, |_| {
        let (status, body) = reviewer.json("POST", "/v1/claims", Some(&json!({})));
        claim = body;
        std::thread::sleep(Duration::from_millis(400));
        status == 200
    });
    let violation = claim["violation"]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/cases/{}", claim["case"].as_str().unwrap());
    let (status, detail) = reviewer.json("GET", &path, None);
    assert_eq!((status, &detail["evidence"]["verified"]), (200, &json!(true)), "{detail:#}");
    let (status, still) = reviewer.ask("GET", &format!("{path}/evidence/at-line"), None);
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&still));
    assert!(image::load_from_memory(&still).is_ok(), "a still to look at");
    let decision =
        json!({ "token": claim["token"], "decision": "approve", "plate": PLATE, "note": "" });
    let (status, decided) = reviewer.json("POST", &format!("{path}/decision"), Some(&decision));
    assert_eq!((status, &decided["step"]), (200, &json!("approved")), "{decided:#}");
    worker.until("citation", PATIENCE, |_| {
        let (_, detail) = reviewer.json("GET", &path, None);
        detail["state"] == "issued"
    });
    // Retention has run at the start, with the desk of this process.
    worker.until("end of the old package", PATIENCE, |_| !old.exists());
    let ended = worker.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(!ended.stderr.contains(PLATE), "no log has the plate");

    let log = Log::open(&data, LogOptions::default()).unwrap();
    let citations = records(&log, Topic::Citations);
    assert_eq!(citations.len(), 1);
    let citation = Citation::from_bytes(&citations[0].value).unwrap();
    assert_eq!(
        (citation.violation.0.as_str(), citation.status),
        (&*violation, CitationStatus::Issued)
    );
    assert_eq!(citation.decision.reviewer, "reviewer-1");
    assert_eq!(records(&log, Topic::Receipts).len(), 1, "of the old package");
    let packages: Vec<_> = records(&log, Topic::Evidence)
        .iter()
        .filter_map(|stored| match Evidence::from_bytes(&stored.value).unwrap().result {
            EvidenceResult::Sealed(package) => Some(data.join("evidence").join(package.uri)),
            EvidenceResult::Failed { .. } => None,
        })
        .collect();
    drop(log);
    // Packages out of the ring hold, with the public half of the key that was made.
    let mut verify = common::command(["verify", "--key"]);
    verify.arg(data.join("keys")).args(&packages);
    let verified = common::run(verify).succeeded();
    println!("{} packages of a live camera:\n{}", packages.len(), verified.stdout);
}

/// The newest picture of the camera, for a console in another process.
fn live_picture(worker: &Worker) {
    let at = worker.said("live pictures on ", " (");
    let url = format!("http://{at}/v1/pictures/junction/north");
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let ask = |token: &str| {
        let asked = agent.get(&url).header("authorization", format!("Bearer {token}")).call();
        let mut answer = asked.unwrap();
        let time = answer.headers().get("wayside-frame-time").cloned();
        (answer.status().as_u16(), time, answer.body_mut().read_to_vec().unwrap())
    };
    assert_eq!(ask("somebody-elses-token").0, 401);
    let mut seen = None;
    worker.until("picture", PATIENCE, |_| {
        let (status, time, body) = ask(TOKEN);
        std::thread::sleep(Duration::from_millis(300));
        seen = (status == 200).then_some((time, body));
        seen.is_some()
    });
    let (time, jpeg) = seen.unwrap();
    assert!(time.is_some_and(|time| time.to_str().unwrap().starts_with("20")));
    let picture = image::load_from_memory(&jpeg).unwrap();
    assert_eq!((picture.width(), picture.height()), (640, 360));
    if let Some(folder) = std::env::var_os("WAYSIDE_LOOK") {
        fs::write(Path::new(&folder).join("live.jpg"), &jpeg).unwrap();
    }
}

/// What has a meaning only for people who decide is refused where nobody does.
#[test]
fn settings_of_review_without_review_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    junction::write_half_red(dir.path(), "2026-06-01T07:00:00Z", &[]);
    let mut command = common::command(["run"]);
    command.arg(dir.path().join("site.toml"));
    command.args(["--no-console", "--webhook", "https://tickets.example"]);
    let ran = common::run(command);
    assert_eq!(ran.code, Some(3));
    insta::assert_snapshot!(ran.stderr, @r"
    error: --webhook is for people who decide, and nobody does here
      hint: say --review as well, or leave out --no-console
    ");
}
