//! Ends of sections in a replay: who passes them is written down, alike each time.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::fs;
use std::path::Path;

use common::{clips, object, root, run};
use wayside_proto::convert::{Frames, Message};
use wayside_proto::{MotorVehicleClass, Passage, SectionEnd};

/// Seconds of the example that are replayed. A car drives through the junction from north to south: its
/// front is at the stop line (y = 230.4) after 2.2 s, at 14.7 m/s.
const SECONDS: f64 = 6.0;

const SECTION: &str = r#"
[[section]]
id = "through"
length_m = 28.0

[section.entry]
camera = "north"
line_m = [[213.6, 233.0], [220.0, 233.0]]
lanes = ["Nin_1", "Nin_2"]

[section.exit]
camera = "north"
line_m = [[213.6, 205.0], [220.0, 205.0]]
lanes = ["Sout_1", "Sout_2"]
"#;

fn passages(folder: &Path) -> Vec<Passage> {
    let bytes = fs::read(folder.join("passages.binpb")).unwrap();
    Frames::new(&bytes).map(|frame| Passage::from_bytes(frame.unwrap().body).unwrap()).collect()
}

#[test]
fn who_passes_an_end_is_written_down_alike_each_time() {
    let dir = tempfile::tempdir().unwrap();
    let example = root().join("examples/junction");
    fs::copy(example.join("signals.csv"), dir.path().join("signals.csv")).unwrap();
    let text = fs::read_to_string(example.join("site.toml")).unwrap() + SECTION;
    fs::write(dir.path().join("site.toml"), text).unwrap();
    clips::beginning(&example.join("clip.mp4"), &dir.path().join("clip.mp4"), SECONDS);
    let replay = |name: &str, threads: &str| {
        let mut command = common::command(["replay", "--json", "--no-pictures"]);
        let out = dir.path().join(name);
        command.arg(dir.path().join("site.toml")).arg("--out").arg(&out);
        command.args(["--threads", threads]);
        (run(command).succeeded().json(), out)
    };
    let (summary, first) = replay("a", "1");
    let (_, second) = replay("b", "2");
    let bytes = |folder: &Path| fs::read(folder.join("passages.binpb")).unwrap();
    assert_eq!(bytes(&first), bytes(&second));
    let certificate = object(&first.join("certificate.json"));
    assert_eq!(certificate, object(&second.join("certificate.json")));
    assert_eq!(certificate["outputs"]["passages.binpb"].as_str().map(str::len), Some(64));
    assert_eq!(certificate["inputs"]["embedder"].as_str().map(str::len), Some(64));

    let said = passages(&first);
    let vehicles: Vec<_> = said.iter().filter_map(|one| Some((one, one.vehicle()?))).collect();
    assert_eq!(summary["passages"], vehicles.len());
    let ends: Vec<SectionEnd> = vehicles.iter().map(|(passage, _)| passage.end).collect();
    assert_eq!(ends, [SectionEnd::Entry, SectionEnd::Exit]);
    for (passage, vehicle) in &vehicles {
        assert_eq!((vehicle.class, vehicle.embedding.len()), (MotorVehicleClass::Car, 64));
        let length: f64 = vehicle.embedding.iter().map(|v| f64::from(*v) * f64::from(*v)).sum();
        assert!((length - 1.0).abs() < 1e-5, "{length}");
        assert!((vehicle.speed_ms - 14.7).abs() < 1.5, "{}", vehicle.speed_ms);
        assert_eq!(passage.expires, passage.time.plus_s(600.0));
    }
    // 28 m at 14.7 m/s.
    let [(entry, at_entry), (exit, at_exit)] = vehicles[..] else { unreachable!() };
    let took = exit.time.since_s(entry.time);
    assert!((took - 28.0 / 14.7).abs() < 0.25, "{took}");
    let (a, b) = (&at_entry.embedding, &at_exit.embedding);
    let alike: f32 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    assert!(alike > 0.5, "{alike}");
    // Each end counts its messages from 0.
    for end in SectionEnd::ALL {
        let numbers = said.iter().filter(|one| one.end == end).map(|one| one.sequence);
        assert!(numbers.enumerate().all(|(place, number)| place as u64 == number));
    }
}

#[test]
fn a_site_without_sections_has_no_passages() {
    let dir = tempfile::tempdir().unwrap();
    let example = root().join("examples/junction");
    for name in ["site.toml", "signals.csv"] {
        fs::copy(example.join(name), dir.path().join(name)).unwrap();
    }
    clips::beginning(&example.join("clip.mp4"), &dir.path().join("clip.mp4"), 0.5);
    let out = dir.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("passages.binpb"), "of an earlier replay").unwrap();
    let mut command = common::command(["replay", "--json", "--no-pictures"]);
    command.arg(dir.path().join("site.toml")).arg("--out").arg(&out);
    let summary = run(command).succeeded().json();
    assert!(summary.get("passages").is_none(), "{summary}");
    assert!(!out.join("passages.binpb").exists());
    let certificate = object(&out.join("certificate.json"));
    assert!(certificate["inputs"].get("embedder").is_none(), "{certificate}");
}
