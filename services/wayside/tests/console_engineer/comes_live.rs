//! A site that an engineer makes while the program runs is watched at once, and its violations wait for review.

use std::time::Duration;

use serde_json::{Value, json};

use crate::program::Program;
use crate::visitor::Visitor;
use crate::waits::wall;
use crate::{cameras, comes, junction, turn};

/// How long a busy machine may take from the site file to a case.
const PATIENCE: Duration = Duration::from_secs(1_200);

#[test]
fn a_new_site_is_watched_without_a_restart() {
    let _turn = turn();
    let clip = junction::slow("comes_live.mp4", 4.0, 24.0);
    let camera = cameras::serve_with(&clip, cameras::free_port(), "s3cret");
    // The first site's camera is away: it says what footage the program is for, and takes no time.
    let first = tempfile::tempdir().unwrap();
    let start = wall().plus_s(-60.0).to_string();
    let away = "url = \"rtsp://127.0.0.1:1/away\"\n".to_owned();
    junction::write_half_red(first.path(), &start, &[("north", away)]);
    let program = Program::start(&[&first.path().join("site.toml")]);
    let mut engineer = Visitor::first(&program);

    // The log of its signals, a password for its address, and then the file that names them.
    let log = std::fs::read(first.path().join("signals.csv")).unwrap();
    let (status, brought) =
        engineer.bytes("POST", "/api/v1/sites/second/signals?name=red.csv", "text/csv", log);
    assert_eq!(status, 201, "{brought:#}");
    let url = camera.url();
    let path = "/api/v1/sites/second/cameras/corner/password";
    let (status, kept) = engineer.send("POST", path, &json!({"url": url, "password": "s3cret"}));
    assert_eq!(status, 201, "{kept:#}");
    let secret = program.sites().join(kept["password_file"].as_str().unwrap());
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "s3cret");
    let mode = std::os::unix::fs::PermissionsExt::mode(&secret.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);

    let second = tempfile::tempdir().unwrap();
    let named = |url: &str| {
        let file = kept["password_file"].as_str().unwrap();
        format!("url = \"{url}\"\nuser = \"viewer\"\npassword_file = \"{file}\"\n")
    };
    let text = |rtsp: String| {
        junction::write_half_red(second.path(), &start, &[("corner", rtsp)]);
        let text = std::fs::read_to_string(second.path().join("site.toml")).unwrap();
        let log = format!("log = \"{}\"", brought["log"].as_str().unwrap());
        text.replace("id = \"junction\"", "id = \"second\"").replace("log = \"signals.csv\"", &log)
    };
    // The password goes to the address that it was given for, and nowhere else.
    let elsewhere = json!({"toml": text(named("rtsp://203.0.113.9/camera"))});
    let (status, refused) = engineer.send("POST", "/api/v1/sites", &elsewhere);
    assert_eq!(status, 403, "{refused:#}");
    let (status, made) =
        engineer.send("POST", "/api/v1/sites", &json!({"toml": text(named(&url))}));
    assert_eq!((status, &made["ok"]), (201, &json!(true)), "{made:#}");

    let mut state = Value::Null;
    let watched = comes(PATIENCE, || {
        let overview = engineer.there("/api/v1/overview");
        let sites = overview["sites"].as_array().unwrap();
        state = sites.iter().find(|site| site["id"] == "second").cloned().unwrap_or_default();
        ["live", "still"].iter().any(|&live| state["cameras"][0]["state"] == live)
    });
    assert!(watched, "{state:#}\n{}", program.worker.stderr());
    // Its picture can be calibrated on.
    let frame = json!({"site": "second", "camera": "corner"});
    let mut taken = (0, Value::Null);
    let there = comes(PATIENCE, || {
        taken = engineer.send("POST", "/api/v1/calibrate/frame", &frame);
        taken.0 == 201
    });
    assert!(there, "{taken:?}");
    assert_eq!((&taken.1["width_px"], &taken.1["height_px"]), (&json!(640), &json!(360)));

    let mut queue = Value::Null;
    let waiting = comes(PATIENCE, || {
        queue = engineer.there("/api/v1/overview");
        let sites = queue["sites"].as_array().unwrap();
        let second = sites.iter().find(|site| site["id"] == "second");
        second.is_some_and(|site| site["waiting_review"].as_u64() > Some(0))
    });
    assert!(waiting, "{:#}\n{}", queue["sites"], program.worker.stderr());
    engineer.role = Some("reviewer");
    let (status, claim) = engineer.send("POST", "/api/review/v1/claims", &json!({}));
    assert_eq!((status, &claim["violation"]["site"]), (200, &json!("second")), "{claim:#}");
    let ended = program.worker.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(!ended.stderr.contains("s3cret"), "{}", ended.stderr);
}
