//! Wayside recognises nobody (PV-3). Words of systems that do have no place in names, fields or files.

use wayside_tidy::source::{files, list};

/// Each word in two halves, so that this list does not find itself. Compared without `_`, `-` and case.
const WORDS: &[(&str, &str)] = &[
    ("arc", "face"),
    ("insight", "face"),
    ("face", "net"),
    ("face", "embed"),
    ("face", "recogni"),
    ("face", "gallery"),
    ("face", "match"),
    ("face", "vector"),
    ("recogni", "seface"),
    ("person", "embed"),
    ("person", "reid"),
    ("person", "gallery"),
    ("person", "vector"),
    ("body", "embed"),
    ("gait", "embed"),
    ("gait", "recogni"),
    ("watch", "list"),
    ("identify", "person"),
    ("find", "person"),
    ("enrol", "face"),
    ("enroll", "face"),
    ("enrol", "person"),
    ("enroll", "person"),
];

/// Code and data, not the pages: they must be able to say what Wayside does not do.
const ENDINGS: &[&str] = &[
    ".rs", ".proto", ".toml", ".py", ".sh", ".sql", ".html", ".css", ".js", ".ts", ".tsx", ".json",
];

fn squeezed(text: &str) -> String {
    let joined: String =
        text.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect();
    joined.replace("surface", "")
}

fn hits(text: &str) -> Vec<(usize, String)> {
    let mut hits = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = squeezed(line);
        for (start, end) in WORDS {
            let word = format!("{start}{end}");
            if line.contains(&word) {
                hits.push((index + 1, word));
            }
        }
    }
    hits
}

#[test]
fn no_word_of_recognising_people() {
    let mut problems = Vec::new();
    for file in files(ENDINGS) {
        for (line, word) in hits(&file.text) {
            problems.push(format!("{}:{line}: {word}", file.path));
        }
        for (_, word) in hits(&file.path) {
            problems.push(format!("{}: {word} in the name", file.path));
        }
    }
    assert!(problems.is_empty(), "{}", list(&problems));
}

#[test]
fn a_word_is_seen_however_it_is_written() {
    for half in ["let face_", "struct Face", "face-", "my_face_"] {
        for other in ["embedding", "Embedder", "EMBED"] {
            assert_eq!(hits(&format!("{half}{other}")).len(), 1, "{half}{other}");
        }
    }
    for harmless in ["surface_vector", "blur_faces", "embed a font", "facet", "match face.blurred"]
    {
        assert!(hits(harmless).is_empty(), "{harmless}");
    }
}

/// The messages have no field in which a person's identity could go, and a violation's subject has no
/// variant for a person.
#[test]
fn messages_have_no_place_for_a_person() {
    let names = [
        "name_of_driver",
        "driver",
        "owner",
        "holder",
        "passport",
        "birth",
        "gender",
        "face",
        "plate",
    ];
    let mut problems = Vec::new();
    for file in files(&[".proto"]) {
        for (index, line) in file.text.lines().enumerate() {
            let field = line.split("//").next().unwrap_or_default();
            let words = field.split(|c: char| !c.is_ascii_alphanumeric());
            for word in words.filter(|word| names.contains(&word.to_lowercase().as_str())) {
                problems.push(format!("{}:{}: {word}", file.path, index + 1));
            }
        }
    }
    assert!(problems.is_empty(), "{}", list(&problems));
}
