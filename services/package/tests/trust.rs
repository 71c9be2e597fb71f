//! Who sealed a package, and in which chain.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{key, red_light, ring, seal, sealed_at};
use wayside_package::keys::RingKey;
use wayside_package::{
    ChainLink, Check, Finding, Holds, KeyRing, Package, Part, Report, verify, verify_chain,
};
use wayside_proto::EventTime;

fn about(report: &Report, check: Check) -> Vec<(Holds, String)> {
    let of = report.findings.iter().filter(|finding| finding.check == check);
    of.map(|finding| (finding.holds, finding.sentence.clone())).collect()
}

#[test]
fn the_key_is_shown_only_where_somebody_vouches_for_it() {
    let bytes = common::package();
    let alone = verify(&bytes, &KeyRing::new());
    assert_eq!(alone.holds(), Holds::NotShown);
    insta::assert_debug_snapshot!(about(&alone, Check::Key), @r#"
    [
        (
            NotShown,
            "Nobody has vouched for key 324be2dea8bc4446: the package names it itself, and anybody can make a key. Compare the id with the one that the authority publishes, or give its public key.",
        ),
    ]
    "#);
    let other = verify(&bytes, &ring(8));
    assert_eq!(other.holds(), Holds::No);
    insta::assert_debug_snapshot!(about(&other, Check::Key), @r#"
    [
        (
            No,
            "Key 324be2dea8bc4446 is not the one that was given.",
        ),
    ]
    "#);
    let mut both = ring(8);
    both.add(RingKey::new(key(7).verifying(), ""));
    assert_eq!(verify(&bytes, &both).holds(), Holds::Yes);
}

#[test]
fn a_retired_key_verifies_what_was_sealed_before() {
    let bytes = common::package();
    let ring_until = |time: EventTime| {
        let mut ring = KeyRing::new();
        let mut retired = RingKey::new(key(7).verifying(), "old");
        retired.not_after = Some(time);
        ring.add(retired);
        ring
    };
    let before = verify(&bytes, &ring_until(sealed_at()));
    assert_eq!(before.holds(), Holds::Yes);
    insta::assert_debug_snapshot!(about(&before, Check::Key), @r#"
    [
        (
            Yes,
            "Key 324be2dea8bc4446 (old) is one that was given; it was in use until 2026-06-01T12:01:00.000000Z, and the package says that it was sealed at 2026-06-01T12:01:00.000000Z.",
        ),
    ]
    "#);
    let after = verify(&bytes, &ring_until(sealed_at().plus_s(-0.1)));
    assert_eq!(after.holds(), Holds::No);
    insta::assert_debug_snapshot!(about(&after, Check::Key), @r#"
    [
        (
            No,
            "Key 324be2dea8bc4446 (old) was retired at 2026-06-01T12:00:59.900000Z, and the package says that it was sealed at 2026-06-01T12:01:00.000000Z.",
        ),
    ]
    "#);
}

/// The package with other bytes for the manifest and the seal, in the one form.
fn rebuilt(bytes: &[u8], manifest: &[u8], seal: &[u8]) -> Vec<u8> {
    // The draft gives the container; what is replaced has the same length.
    let package = Package::open(bytes).unwrap();
    let mut out = bytes.to_vec();
    for (part, new) in [(Part::Manifest, manifest), (Part::Seal, seal)] {
        assert_eq!(package.part(part).len(), new.len());
        let old = crc32fast::hash(package.part(part)).to_le_bytes();
        let crc = crc32fast::hash(new).to_le_bytes();
        let places = package.places();
        let (_, range) =
            places.iter().find(|(place, _)| *place == wayside_package::Place::Part(part)).unwrap();
        out[range.clone()].copy_from_slice(new);
        // Checksums in header and directory.
        for at in 0..out.len() - 4 {
            if out[at..at + 4] == old && !range.contains(&at) {
                out[at..at + 4].copy_from_slice(&crc);
            }
        }
    }
    out
}

#[test]
fn a_manifest_that_was_signed_again_is_found() {
    let bytes = common::package();
    let package = Package::open(&bytes).unwrap();
    let manifest = std::str::from_utf8(package.part(Part::Manifest)).unwrap();
    // Another speed, and the seal as it was.
    let forged = manifest.replacen("\"value\": 10.0", "\"value\": 30.0", 1);
    assert_ne!(forged, manifest);
    let changed = rebuilt(&bytes, forged.as_bytes(), package.part(Part::Seal));
    let report = verify(&changed, &ring(7));
    assert_eq!(report.holds(), Holds::No);
    insta::assert_debug_snapshot!(about(&report, Check::Signature), @r#"
    [
        (
            No,
            "The signature does not hold: seal.cose: the signature of key 324be2dea8bc4446 is not of this manifest.",
        ),
    ]
    "#);
    // The whole package sealed anew with another key, which it names: sound by itself, but nobody's.
    let other = red_light().seal(&key(8), &ChainLink::first(), sealed_at()).unwrap();
    assert_eq!(verify(&other.bytes, &KeyRing::new()).holds(), Holds::NotShown);
    assert_eq!(verify(&other.bytes, &ring(7)).holds(), Holds::No);
    // The seal of another key, while the manifest names the first.
    let seal_of_other = Package::open(&other.bytes).unwrap().part(Part::Seal).to_vec();
    let changed = rebuilt(&bytes, manifest.as_bytes(), &seal_of_other);
    let report = verify(&changed, &ring(7));
    assert_eq!(report.holds(), Holds::No);
    insta::assert_debug_snapshot!(about(&report, Check::Signature), @r#"
    [
        (
            No,
            "The signature does not hold: seal.cose: it was signed with key 496410a672746eb3, and the manifest names key 324be2dea8bc4446.",
        ),
    ]
    "#);
    // The manifest names the id of one key and the public half of another.
    let id = key(7).verifying().id().to_string();
    let other_id = key(8).verifying().id().to_string();
    let forged = manifest.replacen(&id, &other_id, 1);
    let changed = rebuilt(&bytes, forged.as_bytes(), package.part(Part::Seal));
    insta::assert_debug_snapshot!(about(&verify(&changed, &ring(7)), Check::Signature), @r#"
    [
        (
            No,
            "The signature does not hold: manifest.json: the id 496410a672746eb3 is not that of the public key beside it.",
        ),
    ]
    "#);
}

#[test]
fn a_manifest_of_another_format_is_refused() {
    let bytes = common::package();
    let package = Package::open(&bytes).unwrap();
    let manifest = std::str::from_utf8(package.part(Part::Manifest)).unwrap();
    let mut said = Vec::new();
    for (old, new) in [
        ("\"schema\": 1,", "\"schema\": 2,"),
        ("\"schema\": 1,", "\"scheme\": 1,"),
        ("\"track\":", "\"trick\":"),
        ("\"site.toml\"", "\"site.tom1\""),
        ("{", "["),
    ] {
        let forged = manifest.replacen(old, new, 1);
        let changed = rebuilt(&bytes, forged.as_bytes(), package.part(Part::Seal));
        said.extend(about(&verify(&changed, &ring(7)), Check::Signature));
    }
    insta::assert_debug_snapshot!(said, @r#"
    [
        (
            No,
            "The signature does not hold: manifest.json: it has version 2 of the format, and this program reads version 1.",
        ),
        (
            No,
            "The signature does not hold: manifest.json: it does not say which version of the format it has.",
        ),
        (
            No,
            "The signature does not hold: manifest.json: it cannot be read: unknown field `trick`, expected one of `schema`, `violation`, `site`, `camera`, `run`, `track`, `class`, `rule`, `rule_version`, `rule_sentence`, `event_time`, `place`, `approach`, `lane`, `signal`, `quantities`, `calibration`, `clock`, `models`, `program`, `redaction`, `clip`, `stills`, `replay`, `parts`, `chain`, `sealed_at`, `key` at line 7 column 9.",
        ),
        (
            No,
            "The signature does not hold: manifest.json: it does not list each part once, in the order of the file.",
        ),
        (
            No,
            "The signature does not hold: manifest.json: it is no JSON object: invalid type: string \"schema\", expected u32 at line 2 column 10.",
        ),
    ]
    "#);
}

fn chain(length: usize) -> Vec<Vec<u8>> {
    let mut link = ChainLink::first();
    (0..length)
        .map(|_| {
            let sealed = red_light().seal(&key(7), &link, sealed_at()).unwrap();
            assert_eq!(Package::open(&sealed.bytes).unwrap().next_link(), sealed.link);
            link = sealed.link;
            sealed.bytes
        })
        .collect()
}

fn chained(packages: &[(&str, &[u8])]) -> Vec<Finding> {
    let reports: Vec<(&str, Report)> =
        packages.iter().map(|(name, bytes)| (*name, verify(bytes, &ring(7)))).collect();
    let reports: Vec<(&str, &Report)> = reports.iter().map(|(n, report)| (*n, report)).collect();
    verify_chain(&reports)
}

#[test]
fn packages_of_a_site_follow_each_other() {
    let packages = chain(4);
    let of = |numbers: &[usize]| {
        let names = ["a.zip", "b.zip", "c.zip", "d.zip"];
        let named: Vec<(&str, &[u8])> =
            numbers.iter().map(|&n| (names[n], packages[n].as_slice())).collect();
        chained(&named)
    };
    assert!(of(&[2]).is_empty());
    assert!(of(&[0, 1, 2, 3]).iter().all(|finding| finding.holds == Holds::Yes));
    assert_eq!(of(&[3, 1, 0, 2]), of(&[0, 1, 2, 3]), "in any order");
    let said = |findings: Vec<Finding>| {
        // Digests change with every word of the package.
        let is_digest = |word: &str| word.trim_end_matches(['.', ',']).len() == 64;
        let shown = |sentence: &str| -> String {
            let words =
                sentence.split(' ').map(|word| if is_digest(word) { "DIGEST" } else { word });
            words.collect::<Vec<_>>().join(" ")
        };
        let lines = findings.iter().map(|f| format!("{:?}: {}", f.holds, shown(&f.sentence)));
        lines.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(said(of(&[0, 1])), @"Yes: a.zip (number 0) and b.zip (number 1) of site road follow each other.");
    insta::assert_snapshot!(said(of(&[0, 3])), @"NotShown: 2 packages between a.zip (number 0) and d.zip (number 3) of site road are not here, so the chain between them is not shown.");
    insta::assert_snapshot!(said(of(&[1, 1])), @"Yes: b.zip (number 1) and b.zip (number 1) of site road are the same package.");
    // Another package in place of the second.
    let first = Package::open(&packages[0]).unwrap().next_link();
    let other = red_light().seal(&key(7), &first, sealed_at().plus_s(1.0)).unwrap().bytes;
    let forked = chained(&[("b.zip", &packages[1]), ("other.zip", &other)]);
    insta::assert_snapshot!(said(forked), @"No: The chain is broken: b.zip (number 1) and other.zip (number 1) of site road have the same number and are not the same.");
    let broken =
        chained(&[("a.zip", &packages[0]), ("other.zip", &other), ("c.zip", &packages[2])]);
    insta::assert_snapshot!(said(broken), @r#"
    Yes: a.zip (number 0) and other.zip (number 1) of site road follow each other.
    No: The chain is broken: other.zip (number 1) and c.zip (number 2) of site road: the second was made after a manifest with SHA-256 DIGEST and the first has DIGEST
    "#);
}

#[test]
fn a_place_in_the_chain_that_cannot_be_is_found() {
    let link = ChainLink { number: 3, previous: ChainLink::first().previous };
    let sealed = red_light().seal(&key(7), &link, sealed_at()).unwrap();
    let report = verify(&sealed.bytes, &ring(7));
    assert_eq!(report.holds(), Holds::No);
    insta::assert_debug_snapshot!(about(&report, Check::Chain), @r#"
    [
        (
            No,
            "Its place in the chain is not possible: number 3, after a manifest with SHA-256 0000000000000000000000000000000000000000000000000000000000000000.",
        ),
    ]
    "#);
    assert_eq!(verify(&seal(&red_light()).bytes, &ring(7)).holds(), Holds::Yes);
}
