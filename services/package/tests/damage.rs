//! Whatever is done to the bytes of a package is found, and the place is named.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{Chance, package, red_light, ring, seal};
use wayside_package::{Holds, Package, Part, Place, verify};

/// The places that the report names, after what must hold of every damaged file was asserted.
fn named(bytes: &[u8]) -> Vec<Place> {
    let report = verify(bytes, &ring(7));
    assert_eq!(report.holds(), Holds::No);
    let opened = Package::open(bytes).expect_err("it is damaged");
    let places = report.places();
    assert!(!places.is_empty());
    for problem in &opened.problems {
        assert!(places.contains(&problem.place), "{opened} against {places:?}");
    }
    places
}

fn said(bytes: &[u8]) -> String {
    named(bytes);
    let report = verify(bytes, &ring(7));
    let bad = report.findings.iter().filter(|finding| finding.holds == Holds::No);
    bad.map(|finding| finding.sentence.clone()).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_untouched_package_holds() {
    let bytes = package();
    let report = verify(&bytes, &ring(7));
    assert_eq!((report.holds(), report.places()), (Holds::Yes, Vec::new()));
    let opened = Package::open(&bytes).unwrap();
    let mut at = 0;
    for (place, range) in opened.places() {
        assert_eq!(range.start, at, "{place}");
        at = range.end;
    }
    assert_eq!(at, bytes.len());
    assert_eq!(bytes, package(), "the same draft gives the same bytes");
    let text: Vec<String> = report.findings.into_iter().map(|finding| finding.sentence).collect();
    insta::assert_snapshot!("untouched", text.join("\n"));
}

/// The form of a package does not change unnoticed, and what was sealed elsewhere verifies here. The file
/// serves the search in `fuzz/` too. `WAYSIDE_SAMPLE=write` writes it anew.
#[test]
#[allow(clippy::disallowed_methods, reason = "the crate is pure; this test reads its sample")]
fn a_package_that_was_sealed_elsewhere_still_verifies() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sample.zip");
    if std::env::var("WAYSIDE_SAMPLE").is_ok_and(|wish| wish == "write") {
        std::fs::write(&file, package()).unwrap();
    }
    let bytes = std::fs::read(&file).unwrap();
    assert_eq!(verify(&bytes, &ring(7)).holds(), Holds::Yes);
    assert_eq!(wayside_package::replay(&Package::open(&bytes).unwrap()).holds, Holds::Yes);
    assert!(bytes == package(), "the same draft gives other bytes than it once did");
}

#[test]
fn each_of_2000_flipped_bits_is_found_where_it_is() {
    let bytes = package();
    let places = Package::open(&bytes).unwrap().places();
    let mut chance = Chance(6);
    let mut hit = std::collections::BTreeSet::new();
    // Half of them anywhere, half spread over the places, so that small ones are hit as well.
    for round in 0..2_000 {
        let (place, at) = if round % 2 == 0 {
            let at = chance.below(bytes.len());
            (places.iter().find(|(_, range)| range.contains(&at)).unwrap().0, at)
        } else {
            let (place, range) = &places[chance.below(places.len())];
            (*place, range.start + chance.below(range.len()))
        };
        let bit = chance.below(8);
        let mut changed = bytes.clone();
        changed[at] ^= 1 << bit;
        assert_eq!(named(&changed), [place], "bit {bit} of byte {at}");
        hit.insert(place);
    }
    assert_eq!(hit.len(), places.len(), "every place was hit");
}

#[test]
fn every_bit_of_headers_directory_and_seal_is_found_where_it_is() {
    let bytes = package();
    for (place, range) in Package::open(&bytes).unwrap().places() {
        let small = matches!(place, Place::Header(_) | Place::Directory)
            || place == Place::Part(Part::Seal);
        for bit in range.start * 8..if small { range.end * 8 } else { 0 } {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let opened = Package::open(&changed).expect_err("it is damaged");
            let places: Vec<Place> = opened.problems.iter().map(|problem| problem.place).collect();
            assert_eq!(places, [place], "bit {} of byte {}", bit % 8, bit / 8);
        }
    }
}

#[test]
fn a_package_that_was_cut_off_says_where_it_ends() {
    let bytes = package();
    let places = Package::open(&bytes).unwrap().places();
    let mut chance = Chance(1);
    let edges = places.iter().map(|(_, range)| range.start).filter(|at| *at > 0);
    let anywhere: Vec<usize> = (0..500).map(|_| 4 + chance.below(bytes.len() - 4)).collect();
    for at in edges.chain(anywhere) {
        let holds_end = places.iter().find(|(_, range)| range.contains(&at)).unwrap().0;
        assert_eq!(named(&bytes[..at]), [holds_end], "cut at {at}");
    }
    insta::assert_snapshot!(said(&bytes[..bytes.len() - 900]), @"This is no whole evidence package: clip.mp4: the file ends inside it, after 672 of its 728 bytes.");
    insta::assert_snapshot!(said(&bytes[..bytes.len() - 1]), @"This is no whole evidence package: the directory at the end: the file ends inside it, after 843 of its 844 bytes.");
    insta::assert_snapshot!(said(&bytes[..20]), @"This is no whole evidence package: the header before manifest.json: the file ends inside it, after 20 of its 43 bytes.");
}

#[test]
fn what_stands_after_the_end_is_found() {
    let bytes = package();
    for more in [b"\0".as_slice(), b"PK", &[9; 1000], &bytes] {
        let longer = [bytes.as_slice(), more].concat();
        assert_eq!(named(&longer), [Place::End]);
    }
    insta::assert_snapshot!(said(&[bytes.as_slice(), b"more"].concat()), @"This is no whole evidence package: the end of the file: 4 bytes stand after it; nothing may.");
    insta::assert_snapshot!(said(&[b"more".as_slice(), &bytes].concat()), @"This is no evidence package: it is not a ZIP file, so it is no package.");
}

#[test]
fn parts_of_another_package_are_found() {
    let one = package();
    let mut other = red_light();
    for still in &mut other.clip.stills {
        still.jpeg.extend_from_slice(b" of another vehicle");
    }
    other.clip.mp4[100] = 99;
    other.site_toml.push_str("# another\n");
    let other = seal(&other).bytes;
    for part in [Part::Before, Part::AtLine, Part::After, Part::Clip, Part::Site] {
        let file = mixed(&one, |p| if p == part { Some(&other) } else { None });
        assert_eq!(named(&file), [Place::Part(part)]);
    }
    // The manifest of another package: its seal is not of it.
    let file = mixed(&one, |p| (p == Part::Manifest).then_some(&other));
    assert_eq!(named(&file)[0], Place::Part(Part::Seal));
    // Manifest and seal of another package: what it sealed is not here.
    let file = mixed(&one, |p| (!p.is_listed()).then_some(&other));
    assert_eq!(named(&file).len(), 5);
    // Two stills in each other's place.
    let stills = |p: Part| match p {
        Part::Before => Part::After,
        Part::After => Part::Before,
        p => p,
    };
    let opened = Package::open(&one).unwrap();
    let parts: Vec<(&str, &[u8])> =
        Part::ALL.iter().map(|p| (p.name(), opened.part(stills(*p)))).collect();
    let swapped = ordinary_zip(&parts);
    assert_eq!(named(&swapped), [Place::Part(Part::Before), Place::Part(Part::After)]);
    insta::assert_snapshot!(said(&swapped), @r#"
    stills/before.jpg: it has 26 bytes, and the manifest states 27.
    stills/after.jpg: it has 27 bytes, and the manifest states 26.
    "#);
}

/// `one`, with the parts for which `from` names another package taken from there.
fn mixed<'a>(one: &'a [u8], from: impl Fn(Part) -> Option<&'a Vec<u8>>) -> Vec<u8> {
    let parts: Vec<(&str, &[u8])> = Part::ALL
        .iter()
        .map(|part| {
            let package = Package::open(from(*part).map_or(one, Vec::as_slice)).unwrap();
            (part.name(), package.part(*part))
        })
        .collect();
    ordinary_zip(&parts)
}

/// What an ordinary tool writes that stores: here the same form as a package's.
fn ordinary_zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    forged(parts, |_, _, _| ())
}

/// A ZIP file of these entries; `edit` may change each header (false) and each directory entry (true).
fn forged(parts: &[(&str, &[u8])], edit: impl Fn(usize, bool, &mut Vec<u8>)) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (index, (name, body)) in parts.iter().enumerate() {
        let size = (body.len() as u32).to_le_bytes();
        let mut common = vec![10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        common.extend(crc32fast::hash(body).to_le_bytes());
        common.extend(size);
        common.extend(size);
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        let mut entry = [b"PK\x01\x02\x0a\0".as_slice(), &common, &[0; 10]].concat();
        entry.extend((out.len() as u32).to_le_bytes());
        entry.extend_from_slice(name.as_bytes());
        edit(index, true, &mut entry);
        directory.extend(entry);
        let mut header = [b"PK\x03\x04".as_slice(), &common, name.as_bytes()].concat();
        edit(index, false, &mut header);
        out.extend(header);
        out.extend_from_slice(body);
    }
    let (at, count) = (out.len() as u32, (parts.len() as u16).to_le_bytes());
    let end = [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count].concat();
    let size = (directory.len() as u32).to_le_bytes();
    [out, directory, end, size.to_vec(), at.to_le_bytes().to_vec(), vec![0, 0]].concat()
}

#[test]
fn containers_of_other_forms_are_refused() {
    let bytes = package();
    let opened = Package::open(&bytes).unwrap();
    let parts: Vec<(&str, &[u8])> = Part::ALL.iter().map(|p| (p.name(), opened.part(*p))).collect();
    assert_eq!(ordinary_zip(&parts), bytes, "the form is that of the standard");
    let with_name = |index: usize, name: &'static str| {
        let mut parts = parts.clone();
        parts[index].0 = name;
        ordinary_zip(&parts)
    };
    let header = |at: usize, value: &'static [u8]| {
        move |index: usize, directory: bool, bytes: &mut Vec<u8>| {
            if index == 9 {
                let at = at + if directory { 2 } else { 0 };
                bytes[at..at + value.len()].copy_from_slice(value);
            }
        }
    };
    let extra = |index: usize, directory: bool, bytes: &mut Vec<u8>| {
        if index == 9 {
            // The ZIP64 extra field: 20 bytes.
            let (at, name_end) = if directory { (30, bytes.len()) } else { (28, bytes.len()) };
            bytes[at] = 20;
            bytes.splice(name_end..name_end, [1, 0, 16, 0].into_iter().chain([0; 16]));
        }
    };
    let mut reordered = parts.clone();
    reordered.swap(9, 10);
    let mut twice = parts.clone();
    twice.push(parts[3]);
    let mut twice_inside = parts.clone();
    twice_inside.insert(10, parts[9]);
    let mut more = parts.clone();
    more.push(("notes.txt", b"hello"));
    let mut missing = parts.clone();
    missing.remove(13);
    let mut first_missing = parts.clone();
    first_missing.remove(4);
    let giant = |index: usize, directory: bool, bytes: &mut Vec<u8>| {
        if index == 0 {
            let at = if directory { 20 } else { 18 };
            for at in [at, at + 4] {
                bytes[at..at + 4].copy_from_slice(&(1_u32 << 30).to_le_bytes());
            }
        }
    };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("a name that leads out", with_name(9, "../../etc/passwd.")),
        ("the same length", with_name(9, "stills/../etc.jpg")),
        ("an absolute name", with_name(9, "/tils/before.jpgg")),
        ("a drive", with_name(9, "c:/lls/before.jpg")),
        ("capitals", with_name(9, "Stills/Before.jpg")),
        ("a name with a null", with_name(9, "stills/bef\0re.jpg")),
        ("an unknown name", with_name(9, "stills/bexxxx.jpg")),
        ("reordered", ordinary_zip(&reordered)),
        ("a part twice at the end", ordinary_zip(&twice)),
        ("a part twice inside", ordinary_zip(&twice_inside)),
        ("an entry more", ordinary_zip(&more)),
        ("the last part missing", ordinary_zip(&missing)),
        ("a part missing", ordinary_zip(&first_missing)),
        ("a manifest of 1 GiB", forged(&parts, giant)),
        ("compressed", forged(&parts, header(8, &[8]))),
        ("encrypted", forged(&parts, header(6, &[1]))),
        ("a data descriptor", forged(&parts, header(6, &[8]))),
        ("zip64 by version", forged(&parts, header(4, &[45]))),
        ("zip64 by sizes", forged(&parts, header(18, &[0xff; 8]))),
        ("zip64 by extra field", forged(&parts, extra)),
        ("another day", forged(&parts, header(12, &[0x22]))),
        ("empty", Vec::new()),
        ("one byte", b"P".to_vec()),
        ("an empty ZIP file", [b"PK\x05\x06".as_slice(), &[0; 18]].concat()),
        ("a picture", [b"\xff\xd8\xff".as_slice(), &[1; 5000]].concat()),
        ("noise that begins like one", [b"PK\x03\x04".as_slice(), &[1; 5000]].concat()),
        ("zeros", vec![0; 5000]),
    ];
    let mut text = String::new();
    for (title, bytes) in &cases {
        text.push_str(&format!("{title}\n  {}\n", said(bytes).replace('\n', "\n  ")));
    }
    insta::assert_snapshot!("other_forms", text);
}

#[test]
fn a_file_beyond_the_bound_is_refused_before_it_is_read() {
    let bytes = vec![0; wayside_package::FILE_BYTES_MAX + 1];
    let error = Package::open(&bytes).expect_err("too large");
    insta::assert_snapshot!(error, @"it is no whole package; the file: it has 268435457 bytes; a package has at most 268435456");
}
