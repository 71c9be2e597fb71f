//! The engineer's routes over HTTP, with the real engine behind them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::program::Program;
use crate::visitor::Visitor;
use crate::{comes, common, junction, turn};

/// How long a busy machine may take for a short replay.
const PATIENCE: Duration = Duration::from_secs(1_200);
const NOBODYS: &str = "00112233445566778899aabb";
const VIDEO: &str = "application/octet-stream";

#[test]
fn an_engineer_s_routes_do_what_they_say() {
    let _turn = turn();
    let clip = std::fs::read(junction::half("api.mp4", 9.0, 13.0)).unwrap();
    let program = Program::start(&[]);
    let mut engineer = Visitor::first(&program);
    files(&mut engineer, &program);
    let draft = frames(&mut engineer, &clip);
    let recording = recordings(&mut engineer, &clip);
    let job = jobs(&mut engineer, &recording);
    strangers(&mut engineer, &program, [&draft, &recording, &job]);
    garbage(&mut engineer, [&draft, &recording, &job]);

    let (status, _) =
        engineer.send("DELETE", &format!("/api/v1/recordings/{recording}"), &json!(null));
    assert_eq!(status, 204);
    assert_eq!(engineer.get(&format!("/api/v1/recordings/{recording}")).0, 405);
    let path = format!("/api/v1/recordings/{recording}");
    assert_eq!(engineer.send("DELETE", &path, &json!(null)).0, 404);
    let ended = program.worker.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    for what in ["panicked", "a request failed"] {
        assert!(!ended.stderr.contains(what), "{}", ended.stderr);
    }
}

/// A site is made, read, checked, composed, saved; what somebody else changed meanwhile stays.
fn files(engineer: &mut Visitor, program: &Program) {
    assert_eq!(engineer.there("/api/v1/sites"), json!({"sites": [], "can_create": true}));
    let dir = tempfile::tempdir().unwrap();
    junction::write_half(dir.path(), &[("north", "url = \"rtsp://127.0.0.1:1/none\"\n".into())]);
    let text = std::fs::read_to_string(dir.path().join("site.toml")).unwrap();
    let log = std::fs::read(dir.path().join("signals.csv")).unwrap();
    let path = "/api/v1/sites/junction/signals?name=signals.csv";
    let (status, brought) = engineer.bytes("POST", path, "text/csv", log);
    assert_eq!((status, &brought["groups"].as_array().unwrap().len()), (201, &8), "{brought:#}");
    // No camera of this test has a stream; only what is replayed is judged.
    let (head, tail) = text.split_once("[camera.rtsp]").unwrap();
    let (_, tail) = tail.split_once("\n\n").unwrap();
    let text = format!("{head}{tail}").replace("signals.csv", brought["log"].as_str().unwrap());

    let broken = json!({"toml": text.replace("width_px = 640", "width_px = \"wide\"")});
    let (status, refused) = engineer.send("POST", "/api/v1/sites", &broken);
    assert_eq!((status, &refused["ok"]), (200, &json!(false)), "{refused:#}");
    assert!(refused["errors"][0]["line"].is_u64() && refused["errors"][0]["key"].is_string());
    assert_eq!(std::fs::read_dir(program.sites()).unwrap().count(), 1, "the log alone");
    let (status, checked) = engineer.send("POST", "/api/v1/sites/check", &broken);
    assert_eq!((status, &checked["ok"]), (200, &json!(false)));
    assert_eq!(checked["errors"], refused["errors"]);

    let (status, made) = engineer.send("POST", "/api/v1/sites", &json!({"toml": text}));
    assert_eq!((status, &made["site"]), (201, &json!("junction")), "{made:#}");
    let (status, twice) = engineer.send("POST", "/api/v1/sites", &json!({"toml": text}));
    assert_eq!((status, kind(&twice)), (409, "exists"), "{twice:#}");
    let sites = engineer.there("/api/v1/sites");
    assert_eq!(sites["sites"][0]["cameras"][0]["width_px"], 640, "{sites:#}");

    let file = engineer.there("/api/v1/sites/junction/file");
    assert_eq!((&file["toml"], &file["sha256"]), (&json!(text), &made["sha256"]));
    let mut site = file["site"].clone();
    site["rules"]["red_light"]["grace_s"] = json!(0.4);
    let (status, composed) =
        engineer.send("POST", "/api/v1/sites/compose", &json!({"site": site, "onto": text}));
    let new = composed["toml"].as_str().unwrap().to_owned();
    assert_eq!((status, &composed["ok"]), (200, &json!(true)), "{composed:#}");
    assert!(new.contains("# The striped bands") && new.contains("grace_s = 0.4"));
    let path = "/api/v1/sites/junction/file";
    let save = |toml: &str, sha256: &Value| json!({"toml": toml, "sha256": sha256});
    let (status, saved) = engineer.send("PUT", path, &save(&new, &file["sha256"]));
    assert_eq!((status, &saved["ok"]), (200, &json!(true)), "{saved:#}");
    let (status, late) = engineer.send("PUT", path, &save(&text, &file["sha256"]));
    assert_eq!((status, kind(&late)), (409, "changed"), "{late:#}");
    assert!(late["hint"].is_string());
    let (status, other) = engineer.send(
        "PUT",
        path,
        &save(&new.replace("id = \"junction\"", "id = \"other\""), &saved["sha256"]),
    );
    assert_eq!(status, 422, "{other:#}");
    let secret = new.replacen("[[signal_group]]", "[camera.rtsp]\nurl = \"rtsp://h/c\"\nuser = \"u\"\npassword_file = \"/etc/passwd\"\n[[signal_group]]", 1);
    let (status, refused) = engineer.send("PUT", path, &save(&secret, &saved["sha256"]));
    assert_eq!((status, kind(&refused)), (403, "not-from-here"), "{refused:#}");
    assert_eq!(engineer.there(path)["toml"], json!(new));
    assert_eq!(std::fs::read_to_string(program.sites().join("junction.toml")).unwrap(), new);
    assert!(engineer.there("/api/v1/sites/schema")["properties"]["camera"].is_object());
}

/// A picture out of a picture, out of a clip, and out of nothing.
fn frames(engineer: &mut Visitor, clip: &[u8]) -> String {
    let picture = common::root().join("services/console/web/public/icon.svg");
    let picture = std::fs::read(picture).unwrap();
    let png = png();
    let path = "/api/v1/calibrate/upload?simulated=true";
    let mut last = String::new();
    for (body, size) in [(png, (64, 48)), (clip.to_vec(), (640, 360))] {
        let (status, draft) = engineer.bytes("POST", path, VIDEO, body);
        let got = (draft["width_px"].as_u64().unwrap(), draft["height_px"].as_u64().unwrap());
        assert_eq!((status, got), (201, size), "{draft:#}");
        last = draft["draft"].as_str().unwrap().to_owned();
        let (status, _) = engineer.get(draft["picture"].as_str().unwrap());
        assert_eq!(status, 200);
    }
    for body in
        [Vec::new(), b"no picture".to_vec(), b"#EXTM3U\nhttp://127.0.0.1/".to_vec(), picture]
    {
        let (status, refused) = engineer.bytes("POST", path, VIDEO, body);
        assert_eq!((status, kind(&refused)), (422, "no-picture"), "{refused:#}");
    }
    let nowhere = json!({"site": "junction", "camera": "north"});
    let (status, none) = engineer.send("POST", "/api/v1/calibrate/frame", &nowhere);
    assert!((400..500).contains(&status), "{status} {none:#}");
    let corner = |x: f64, y: f64| json!({"image_px": [x, y], "ground_m": [x / 10.0, -y / 10.0]});
    let points =
        [corner(10.0, 10.0), corner(600.0, 20.0), corner(610.0, 300.0), corner(5.0, 310.0)];
    let (status, solved) = engineer.send(
        "POST",
        "/api/v1/calibrate/solve",
        &json!({"width_px": 640, "height_px": 360, "points": points}),
    );
    assert_eq!((status, solved["points"].as_array().unwrap().len()), (200, 4), "{solved:#}");
    last
}

fn recordings(engineer: &mut Visitor, clip: &[u8]) -> String {
    let empty = engineer.there("/api/v1/recordings");
    assert!(empty["bytes_max"].as_u64() > Some(1 << 20) && empty["bytes_left"].is_u64());
    assert!(empty["extensions"].as_array().unwrap().contains(&json!("mp4")));
    let path = "/api/v1/recordings?name=../../four%20seconds%0A.mp4";
    let (status, kept) = engineer.bytes("POST", path, VIDEO, clip.to_vec());
    assert_eq!((status, &kept["width_px"]), (201, &json!(640)), "{kept:#}");
    assert_eq!(kept["bytes"], json!(clip.len()));
    let (status, refused) = engineer.bytes("POST", path, VIDEO, b"nothing to see".to_vec());
    assert_eq!((status, kind(&refused)), (422, "not-a-recording"), "{refused:#}");
    let list = engineer.there("/api/v1/recordings");
    assert_eq!(list["recordings"].as_array().unwrap().len(), 1);
    kept["id"].as_str().unwrap().to_owned()
}

/// A replay, a draft held against it, one that is cancelled, and two side by side.
fn jobs(engineer: &mut Visitor, recording: &str) -> String {
    let file = engineer.there("/api/v1/sites/junction/file");
    let text = file["toml"].as_str().unwrap();
    let replay = json!({"kind": "replay", "recording": recording, "site": "junction",
        "start": "2026-06-01T07:00:09Z"});
    let (status, first) = engineer.send("POST", "/api/v1/jobs", &replay);
    assert_eq!((status, &first["kind"]), (202, &json!("replay")), "{first:#}");
    // Another, of a draft that is saved nowhere; it waits, and is cancelled.
    let draft = text.replace("id = \"junction\"", "id = \"unsaved\"");
    let other = json!({"kind": "replay", "recording": recording, "toml": draft});
    let (status, second) = engineer.send("POST", "/api/v1/jobs", &other);
    assert_eq!((status, &second["site"]), (202, &json!("unsaved")), "{second:#}");
    let path = |job: &Value| format!("/api/v1/jobs/{}", job["id"].as_str().unwrap());
    let removing = format!("/api/v1/recordings/{recording}");
    assert_eq!(engineer.send("DELETE", &removing, &json!(null)).0, 409, "a job needs it");
    assert_eq!(engineer.send("DELETE", &path(&second), &json!(null)).0, 204);
    assert_eq!(engineer.there(&path(&second))["state"], "cancelled");
    let done = over(engineer, &path(&first));
    assert_eq!(done["state"], "done", "{done:#}");
    assert_eq!(done["observations"], done["id"]);
    let result = &done["result"];
    assert!(result["frames"].as_u64() > Some(30), "{result:#}");
    let names: Vec<&str> =
        result["files"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(names.contains(&"report.html") && names.contains(&"annotated.mp4"), "{names:?}");
    for name in names {
        let (status, _) = engineer.get(&format!("{}/files/{name}", path(&first)));
        assert_eq!(status, 200, "{name}");
    }
    let seen = result["violations"].as_array().unwrap().iter();
    let event = seen.chain(result["voids"].as_array().unwrap()).next().expect("an event").clone();
    let scene = format!("{}/events/{}/scene", path(&first), event["id"].as_str().unwrap());
    let scene = engineer.there(&scene);
    assert!(scene["frames"].as_array().unwrap().len() > 30, "{scene:#}");
    assert_eq!((&scene["track"], &scene["plan"]["id"]), (&event["track"], &json!("junction")));
    assert!(scene["signals"].as_array().unwrap().iter().any(|one| one["history"][0].is_object()));

    // Without the rule that saw it, it goes.
    let mut site = file["site"].clone();
    site["rules"].as_object_mut().unwrap().remove(event["rule"].as_str().unwrap());
    let (_, composed) =
        engineer.send("POST", "/api/v1/sites/compose", &json!({"site": site, "onto": text}));
    let whatif = json!({"kind": "whatif", "site": "junction", "toml": composed["toml"],
        "observations": first["id"]});
    let (status, third) = engineer.send("POST", "/api/v1/jobs", &whatif);
    assert_eq!(status, 202, "{third:#}");
    let tried = over(engineer, &path(&third));
    assert_eq!(
        (&tried["state"], &tried["observations"]),
        (&json!("done"), &first["id"]),
        "{tried:#}"
    );
    let gone = tried["result"]["disappear"].as_array().unwrap();
    assert!(gone.iter().any(|one| one["id"] == event["id"]), "{tried:#}");
    let scene = format!("{}/events/{}/scene", path(&third), event["id"].as_str().unwrap());
    assert!(!engineer.there(&scene)["frames"].as_array().unwrap().is_empty());
    // Nothing was on the bus.
    let span = json!({"kind": "whatif", "site": "junction", "toml": composed["toml"],
        "from": "2026-06-01T07:00:00Z", "to": "2026-06-01T07:10:00Z"});
    let (_, fourth) = engineer.send("POST", "/api/v1/jobs", &span);
    let failed = over(engineer, &path(&fourth));
    assert_eq!(failed["state"], "failed");
    assert!(failed["problem"]["hint"].is_string(), "{failed:#}");
    let both = format!("/api/v1/jobs/compare?a={0}&b={0}", first["id"].as_str().unwrap());
    let same = engineer.there(&both);
    assert_eq!((&same["appear"], &same["disappear"]), (&json!([]), &json!([])));
    assert!(same["stay"].as_u64() > Some(0));
    let list = engineer.there("/api/v1/jobs");
    assert_eq!(list["jobs"].as_array().unwrap().len(), 4);
    assert!(list["jobs"][0]["result"].is_null());
    first["id"].as_str().unwrap().to_owned()
}

fn over(engineer: &mut Visitor, path: &str) -> Value {
    let mut job = Value::Null;
    let ended = comes(PATIENCE, || {
        job = engineer.there(path);
        ["done", "failed", "cancelled"].iter().any(|&state| job["state"] == state)
    });
    assert!(ended, "{job:#}");
    job
}

/// Every route, for the tests of roles and of garbage.
fn routes([draft, recording, job]: [&str; 3]) -> Vec<(&'static str, String)> {
    let all = [
        ("GET", "/sites".to_owned()),
        ("POST", "/sites".to_owned()),
        ("GET", "/sites/junction/file".to_owned()),
        ("PUT", "/sites/junction/file".to_owned()),
        ("POST", "/sites/check".to_owned()),
        ("POST", "/sites/compose".to_owned()),
        ("POST", "/sites/junction/signals".to_owned()),
        ("POST", "/sites/junction/cameras/north/password".to_owned()),
        ("POST", "/calibrate/frame".to_owned()),
        ("POST", "/calibrate/upload".to_owned()),
        ("POST", "/calibrate/frame-of-recording".to_owned()),
        ("POST", "/calibrate/solve".to_owned()),
        ("GET", format!("/calibrate/drafts/{draft}/picture")),
        ("GET", "/recordings".to_owned()),
        ("POST", "/recordings?name=x".to_owned()),
        ("DELETE", format!("/recordings/{recording}")),
        ("GET", "/jobs".to_owned()),
        ("POST", "/jobs".to_owned()),
        ("GET", format!("/jobs/{job}")),
        ("DELETE", format!("/jobs/{job}")),
        ("GET", format!("/jobs/compare?a={job}&b={job}")),
        ("GET", format!("/jobs/{job}/files/report.html")),
        ("GET", format!("/jobs/{job}/events/x/scene")),
    ];
    all.into_iter().map(|(method, path)| (method, format!("/api/v1{path}"))).collect()
}

/// Nobody but an engineer gets anywhere; nobody at all is asked to sign in.
fn strangers(engineer: &mut Visitor, program: &Program, ids: [&str; 3]) {
    let mut guests: Vec<(u16, Visitor)> = vec![(401, Visitor::nobody(program))];
    for role in ["operator", "reviewer", "senior", "auditor", "administrator"] {
        guests.push((403, engineer.invites(program, role)));
    }
    for (expected, guest) in &mut guests {
        for (method, path) in routes(ids) {
            let (status, answer) = guest.send(method, &path, &json!({}));
            assert_eq!(status, *expected, "{method} {path}: {answer:#}");
        }
    }
    for (method, path) in routes(ids).into_iter().filter(|(method, _)| *method != "GET") {
        let (status, answer) = engineer.without_csrf(method, &path);
        assert_eq!((status, kind(&answer)), (403, "csrf"), "{method} {path}");
    }
}

/// What nobody has, leads elsewhere or is no sense at all, is a problem that says so, and never a fault.
fn garbage(engineer: &mut Visitor, [_, recording, job]: [&str; 3]) {
    let names = [
        "..%2F..%2Fetc%2Fpasswd",
        "%2Fetc%2Fpasswd",
        "..",
        ".",
        "x%00y",
        "junction%2F..",
        "j%C3%BC",
        NOBODYS,
        "%20",
        "junction.toml",
        &"a".repeat(300),
    ]
    .map(str::to_owned);
    for name in &names {
        for path in [
            format!("/sites/{name}/file"),
            format!("/calibrate/drafts/{name}/picture"),
            format!("/jobs/{name}"),
            format!("/jobs/{name}/files/report.html"),
            format!("/jobs/{job}/files/{name}"),
            format!("/jobs/{job}/events/{name}/scene"),
            format!("/jobs/{name}/events/x/scene"),
            format!("/jobs/compare?a={name}&b={name}"),
        ] {
            let (status, answer) = engineer.get(&format!("/api/v1{path}"));
            assert!([400, 404, 405].contains(&status), "{path}: {status} {answer:#}");
        }
        for (method, path) in [
            ("PUT", format!("/sites/{name}/file")),
            ("POST", format!("/sites/{name}/signals")),
            ("POST", format!("/sites/{name}/cameras/{name}/password")),
            ("DELETE", format!("/recordings/{name}")),
            ("DELETE", format!("/jobs/{name}")),
        ] {
            let body = json!({"toml": "", "sha256": "", "url": "rtsp://h/c", "password": ""});
            let (status, answer) = engineer.send(method, &format!("/api/v1{path}"), &body);
            assert!((400..500).contains(&status), "{method} {path}: {status} {answer:#}");
        }
    }
    for name in ["job.json", "observations.binpb", "../job.json", "site.toml"] {
        let path = format!("/api/v1/jobs/{job}/files/{}", name.replace('/', "%2F"));
        assert_eq!(engineer.get(&path).0, 404, "{name}");
    }
    let bodies = [
        json!(null),
        json!([]),
        json!({}),
        json!({"kind": "replay"}),
        json!({"kind": "replay", "recording": recording}),
        json!({"kind": "other"}),
        json!({"kind": "replay", "recording": NOBODYS, "site": "junction"}),
        json!({"kind": "replay", "recording": recording, "site": "nowhere"}),
        json!({"kind": "replay", "recording": recording, "site": "junction", "start": "noon"}),
        json!({"kind": "whatif", "site": "junction", "toml": "", "observations": job}),
        json!({"toml": 7}),
        json!({"site": "nowhere", "camera": "x"}),
        json!({"site": {}}),
        json!({"width_px": 0, "height_px": -1, "points": []}),
        json!({"recording": "../x", "at_s": -1.0}),
        json!({"toml": "a = ", "sha256": "x"}),
    ];
    for (method, path) in routes([NOBODYS; 3]) {
        if method == "GET" || path.ends_with("signals") {
            continue;
        }
        for body in &bodies {
            let (status, answer) = engineer.send(method, &path, body);
            // A text that is no site file is looked at, and found wanting.
            let looked = status == 200 && answer["ok"] == false;
            assert!(
                (400..500).contains(&status) || looked,
                "{method} {path} {body}: {status} {answer:#}"
            );
            assert!(looked || answer["detail"].is_string(), "{method} {path}: {answer:#}");
        }
        let (status, _) = engineer.bytes(method, &path, "application/json", b"{\"a\":".to_vec());
        assert!((400..500).contains(&status), "{method} {path}: {status}");
    }
    let logs: [&[u8]; 4] =
        [b"", b"\xff\xfe", b"time_s,group,state\n", b"time_s,group,state\n1,N,pink\n"];
    for log in logs {
        let path = "/api/v1/sites/junction/signals?name=x.csv";
        let (status, answer) = engineer.bytes("POST", path, "text/csv", log.to_vec());
        assert_eq!((status, kind(&answer)), (422, "not-a-log"), "{answer:#}");
    }
}

fn kind(problem: &Value) -> &str {
    problem["type"].as_str().unwrap_or_default().trim_start_matches("urn:wayside:problem:")
}

/// A picture of 64 x 48.
fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8 * 3, y as u8 * 4, 90]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}
