//! `wayside keys` and `wayside verify`, over packages of what a replay saw.
//!
//! The observations are those of the small site and its tracks, as the real program leaves them; the
//! pictures are made up, so that the look at the clip has nothing to decode and must say so.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use common::{Ran, plain, root, run, sites};
use wayside_package::{ChainLink, Draft, Package, Part, Place, ProgramRecord, SigningKey};
use wayside_proto::convert::decode_observations;
use wayside_proto::{
    EventTime, Moment, Outcome, RedactedClip, RedactedStill, RedactionRecord, Verdict,
};
use wayside_rules::Engine;
use wayside_rules::signals::{SignalHistory, read_csv};
use wayside_site::Site;

/// A folder with keys and packages of the violations of the small site, in a chain.
struct Case {
    dir: tempfile::TempDir,
    packages: Vec<PathBuf>,
}

impl Case {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let site = sites::write(dir.path(), sites::SITE, sites::SIGNALS);
        let out = dir.path().join("out");
        let mut command = common::command(["replay", "--quiet"]);
        let tracks = root().join("services/wayside/tests/data/small/tracks.csv");
        command.arg(&site).arg("--tracks").arg(tracks).arg("--out").arg(&out);
        run(command).succeeded();
        let mut packages = Vec::new();
        let mut link = ChainLink::first();
        for (number, draft) in drafts(&out.join("observations.binpb")).into_iter().enumerate() {
            let sealed = draft.seal(&key(7), &link, sealed_at()).unwrap();
            assert!(sealed.follows, "{:?}", draft.outcome);
            link = sealed.link;
            let path = dir.path().join(format!("{number}.zip"));
            fs::write(&path, sealed.bytes).unwrap();
            packages.push(path);
        }
        assert!(packages.len() >= 2, "the small site has violations");
        fs::write(dir.path().join("city.pub.pem"), key(7).verifying().to_pem().unwrap()).unwrap();
        Self { dir, packages }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn verify<S: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        let mut command = common::command(["verify"]);
        command.args(arguments);
        run(command)
    }

    /// What it said, without what differs from machine to machine.
    fn said(&self, ran: &Ran) -> String {
        let code = ran.code.unwrap();
        plain(&format!("exit code {code}\n{}{}", ran.stdout, ran.stderr), self.dir.path())
    }
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn sealed_at() -> EventTime {
    EventTime::parse("2026-06-01T08:00:00Z").unwrap()
}

/// A draft of each violation that the rules find in these observations.
fn drafts(observations: &Path) -> Vec<Draft> {
    let site = Site::parse("site.toml", sites::SITE).unwrap();
    let signals = read_csv("signals.csv", sites::SIGNALS, &site).unwrap();
    let observations = decode_observations(&fs::read(observations).unwrap()).unwrap();
    let history = SignalHistory::with_records(&site.file().signals, signals.iter().cloned());
    let mut engine = Engine::new(&site);
    let mut outcomes: Vec<Outcome> =
        observations.iter().flat_map(|o| engine.observe(o, &history)).collect();
    outcomes.extend(engine.finish(&history).0);
    outcomes.retain(|outcome| outcome.verdict == Verdict::Violation);
    let draft = |outcome: Outcome| Draft {
        clip: pictures(&outcome),
        outcome,
        site_toml: sites::SITE.to_owned(),
        observations: observations.clone(),
        signals: signals.clone(),
        models: Vec::new(),
        program: ProgramRecord {
            name: "wayside".to_owned(),
            version: "test".to_owned(),
            sha256: None,
        },
    };
    outcomes.into_iter().map(draft).collect()
}

fn pictures(outcome: &Outcome) -> RedactedClip {
    let at = |seconds: f64| outcome.event_time.plus_s(seconds);
    let still = |(moment, seconds): (Moment, f64)| RedactedStill {
        moment,
        time: at(seconds),
        jpeg: format!("\u{0}{}", moment.as_str()).into_bytes(),
    };
    RedactedClip {
        violation: outcome.id.clone(),
        width_px: 320,
        height_px: 180,
        mp4: vec![5; 500],
        frames: vec![at(-1.0), at(0.0), at(1.0)],
        stills: Moment::ALL.into_iter().zip([-1.0, 0.0, 1.0]).map(still).collect(),
        redaction: RedactionRecord {
            method: "made up for a test".to_owned(),
            models: Vec::new(),
            frames: 3,
            hidden_road_users: 0,
            hidden_faces: 0,
            hidden_movers: 0,
            hidden_share: 0.0,
            block_px: (8, 8),
        },
    }
}

#[test]
fn packages_of_a_replay_hold_and_follow() {
    let case = Case::new();
    let key = case.path("city.pub.pem");
    let one = case.verify([case.packages[0].as_path(), Path::new("--key"), key.as_path()]);
    assert_eq!(one.code, Some(0));
    insta::assert_snapshot!("one_package", case.said(&one));
    let mut command = common::command(["verify", "--key"]);
    command.arg(&key).args(case.packages.iter().rev());
    let all = run(command);
    assert_eq!(all.code, Some(0), "{}", all.stdout);
    let end = all.stdout.split("The chain between them").nth(1).unwrap();
    insta::assert_snapshot!("chain", plain(end, case.dir.path()).lines().next_back().unwrap());
    // Nobody vouches for the key.
    let alone = case.verify([&case.packages[0]]);
    assert_eq!(alone.code, Some(4));
    let unshown: Vec<&str> = alone.stdout.lines().filter(|l| l.starts_with("  ?")).collect();
    insta::assert_snapshot!("nobody_vouches", unshown.join("\n"));
    let object = case.verify([case.packages[0].as_path(), Path::new("--json")]).json();
    assert_eq!(
        (object["holds"].as_str(), object["packages"][0]["says"]["site"].as_str()),
        (Some("not_shown"), Some("small"))
    );
}

#[test]
fn the_violation_follows_from_its_package() {
    let case = Case::new();
    let key = case.path("city.pub.pem");
    for package in &case.packages {
        let mut command = common::command(["verify", "--json", "--replay", "--key"]);
        command.arg(&key).arg(package);
        let ran = run(command);
        assert_eq!(ran.code, Some(0), "{}", ran.stdout);
        let object = ran.json();
        let findings = object["packages"][0]["findings"].as_array().unwrap();
        let replay = findings.iter().find(|finding| finding["check"] == "replay").unwrap();
        assert_eq!(replay["holds"], "yes", "{replay}");
        // The pictures are made up: the look at them shows nothing, and is no fault of the package.
        assert_eq!(object["packages"][0]["looked"]["holds"], "not_shown");
    }
}

#[test]
fn flipped_bits_are_named() {
    let case = Case::new();
    let bytes = fs::read(&case.packages[0]).unwrap();
    let places = Package::open(&bytes).unwrap().places();
    let (damaged, key) = (case.path("damaged.zip"), case.path("city.pub.pem"));
    let mut said = String::new();
    for wanted in [
        Place::Part(Part::Manifest),
        Place::Part(Part::Seal),
        Place::Header(Part::Before),
        Place::Part(Part::Before),
        Place::Part(Part::Clip),
        Place::Directory,
    ] {
        let range = places.iter().find(|(place, _)| *place == wanted).unwrap().1.clone();
        let mut changed = bytes.clone();
        changed[(range.start + range.end) / 2] ^= 4;
        fs::write(&damaged, changed).unwrap();
        let ran = case.verify([damaged.as_path(), Path::new("--key"), key.as_path()]);
        assert_eq!(ran.code, Some(5), "{}", ran.stdout);
        let bad = ran.stdout.lines().filter(|line| line.starts_with("  ✗"));
        let bad: Vec<&str> = bad.collect();
        assert!(bad[0].contains(&wanted.to_string()), "{wanted}: {bad:?}");
        said += &format!("{wanted}\n{}\n", bad.join("\n"));
    }
    insta::assert_snapshot!("flipped", without_checksums(&said));
}

/// Checksums and ids differ with whatever the site file says.
fn without_checksums(text: &str) -> String {
    let hex = |word: &str| word.len() == 8 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let split = |line: &str| {
        line.split(' ')
            .map(|word| if hex(word.trim_end_matches(',')) { "CHECKSUM" } else { word })
            .collect::<Vec<_>>()
            .join(" ")
    };
    text.lines().map(split).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_no_package_and_what_is_no_key_is_told() {
    let case = Case::new();
    let file = |name: &str, bytes: &[u8]| {
        let path = case.path(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let mut said = String::new();
    let mut tell = |ran: Ran| said += &format!("{}\n", case.said(&ran));
    tell(case.verify([file("picture.zip", b"\xff\xd8\xff no package")]));
    tell(case.verify([file("empty.zip", b"")]));
    let whole = fs::read(&case.packages[0]).unwrap();
    tell(case.verify([file("cut.zip", &whole[..whole.len() / 2])]));
    tell(case.verify([case.path("missing.zip")]));
    let private = file("city.key.pem", key(7).to_pem().unwrap().as_bytes());
    let with_key = |key: &Path| case.verify([case.packages[0].as_path(), Path::new("--key"), key]);
    tell(with_key(&private));
    tell(with_key(&file("text.pem", b"hello")));
    fs::create_dir(case.path("nothing")).unwrap();
    tell(with_key(&case.path("nothing")));
    let other = file("other.pub.pem", key(8).verifying().to_pem().unwrap().as_bytes());
    let ran = with_key(&other);
    assert_eq!(ran.code, Some(5));
    let bad: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("  ✗")).collect();
    said += &bad.join("\n");
    insta::assert_snapshot!("refusals", said);
}

fn keys<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Ran {
    let mut command = common::command(["keys"]);
    command.args(arguments);
    run(command)
}

/// A text in which ids and instants are named alike.
fn without_ids(text: &str, ids: &[&str]) -> String {
    let text = ids.iter().fold(text.to_owned(), |text, id| text.replace(id, "ID"));
    let word = |word: &str| {
        let end = word.trim_end_matches(['.', ';', ',']);
        let instant = end.len() == 27 && end.ends_with('Z');
        if instant { word.replacen(end, "TIME", 1) } else { word.to_owned() }
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn keys_are_made_listed_and_rotated() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("keys");
    let at = folder.to_str().unwrap();
    let mut said = String::new();
    let mut ids: Vec<String> = Vec::new();
    let mut tell = |title: &str, ran: &Ran, ids: &mut Vec<String>| {
        let id = ran.stdout.split("Key ").nth(1).map(|rest| rest[..16].to_owned());
        ids.extend(id);
        let known: Vec<&str> = ids.iter().map(String::as_str).collect();
        let text = format!("{}{}", ran.stdout, ran.stderr);
        let text = without_ids(&plain(&text, dir.path()), &known);
        said += &format!("$ {title} ({})\n{text}\n", ran.code.unwrap());
    };
    tell("new", &keys(["new", "--out", at, "--name", "one"]), &mut ids);
    let mode = fs::metadata(folder.join("one.key.pem")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    tell("new again", &keys(["new", "--out", at, "--name", "two"]), &mut ids);
    tell("rotate onto itself", &keys(["rotate", at, "--name", "one"]), &mut ids);
    let rotated = keys(["rotate", at, "--name", "two"]);
    tell("rotate", &rotated, &mut ids);
    let mut listed = keys(["list", at]).succeeded();
    let mut lines: Vec<&str> = listed.stdout.lines().collect();
    lines.sort_by_key(|line| line.split_once("  ").map(|(_, rest)| rest));
    listed.stdout = lines.join("\n");
    tell("list", &listed, &mut ids);
    tell("a wrong name", &keys(["rotate", at, "--name", "../three"]), &mut ids);
    tell("public of nothing", &keys(["public", &format!("{at}/three.pub.pem")]), &mut ids);
    tell("rotate nothing", &keys(["rotate", dir.path().to_str().unwrap()]), &mut ids);
    insta::assert_snapshot!("keys", said);
    // The public half is the same out of the private one, the public one and the folder.
    let printed = ["two.key.pem", "two.pub.pem", ""]
        .map(|file| keys([Path::new("public"), folder.join(file).as_path()]).succeeded().stdout);
    assert!(
        printed
            .iter()
            .all(|text| *text == printed[0] && text.starts_with("-----BEGIN PUBLIC KEY-----"))
    );
    let object = keys(["list", at, "--json"]).json();
    assert_eq!(object["keys"].as_array().unwrap().len(), 2);
    // What the rotated-out key sealed before still verifies with the folder.
    let private = fs::read_to_string(folder.join("one.key.pem")).unwrap();
    let case = Case::new();
    let drafts = drafts(&case.path("out").join("observations.binpb"));
    let old = SigningKey::from_pem(&private).unwrap();
    let sealed = drafts[0].seal(&old, &ChainLink::first(), sealed_at()).unwrap();
    let package = case.path("old.zip");
    fs::write(&package, sealed.bytes).unwrap();
    assert_eq!(
        case.verify([package.as_path(), Path::new("--key"), folder.as_path()]).code,
        Some(0)
    );
    let far = EventTime::parse("2999-01-01T00:00:00Z").unwrap();
    let late = drafts[0].seal(&old, &ChainLink::first(), far).unwrap();
    fs::write(&package, late.bytes).unwrap();
    assert_eq!(
        case.verify([package.as_path(), Path::new("--key"), folder.as_path()]).code,
        Some(5)
    );
}
