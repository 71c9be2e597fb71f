//! Plates stay where they belong (PV-1): a look at every source file of the workspace.

use std::fs;
use std::path::Path;

/// Folders that hold what builds and runs leave behind.
const NOT_SOURCE: &[&str] =
    &["target", ".git", ".wayside", ".cache", "out", "node_modules", "corpus", "__pycache__"];

/// Crates that see a plate in the clear.
const SEE: &[&str] = &["services/plates/", "services/desk/", "services/review/"];

/// Where a plate may leave for a person or the ticketing system.
const HAND_OUT: &[&str] = &["services/plates/", "services/review/"];

/// The crate that reads lines of text, and the one that may have it do so.
const READ: &[&str] = &["services/plates/", "pipelines/inference/src/"];

struct Source {
    path: String,
    text: String,
}

fn sources(endings: &[&str]) -> Vec<Source> {
    fn walk(root: &Path, folder: &Path, endings: &[&str], found: &mut Vec<Source>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && !NOT_SOURCE.contains(&name.as_str()) {
                walk(root, &path, endings, found);
            } else if kind.is_file()
                && endings.iter().any(|ending| name.ends_with(ending))
                && let Ok(text) = fs::read_to_string(&path)
            {
                let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
                found.push(Source { path, text });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    walk(&root, &root, endings, &mut found);
    assert!(found.len() > 3, "no sources found");
    found
}

/// Lines of code, without comments, in which `wanted` holds: `file:line`.
fn places(files: &[Source], allowed: &[&str], wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let outside = files.iter().filter(|f| !allowed.iter().any(|prefix| f.path.starts_with(prefix)));
    outside
        .flat_map(|file| {
            let lines = file.text.lines().enumerate();
            lines
                .filter(|(_, line)| wanted(line.split("//").next().unwrap_or_default()))
                .map(|(index, _)| format!("{}:{}", file.path, index + 1))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn exposes(line: &str) -> bool {
    // In two halves, so that this file does not find itself.
    line.contains(concat!(".expose", "(")) || line.contains(concat!("wayside_plates::", "Purpose"))
}

fn hands_out(line: &str) -> bool {
    ["ShowToReviewer", "HandToTicketing"]
        .iter()
        .any(|purpose| line.contains(&format!("Purpose::{purpose}")))
}

fn writes_in_the_clear(line: &str) -> bool {
    let macros = ["println!", "print!", "trace!", "debug!", "info!", "warn!", "error!", "write!"];
    exposes(line) && macros.iter().any(|name| line.contains(name))
}

/// A column of a database, a field of a message, that could hold a plate in the clear.
fn holds_a_plate(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let words: Vec<&str> = line
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|w| !w.is_empty())
        .collect();
    words.windows(2).any(|pair| {
        let plate = |word: &str| {
            word == "plate" || word.starts_with("plate_text") || word.starts_with("number_plate")
        };
        let text = |word: &str| matches!(word, "text" | "varchar" | "string" | "char" | "bytes");
        (plate(pair[0]) && text(pair[1])) || (text(pair[0]) && plate(pair[1]))
    })
}

fn assert_none(what: &str, places: &[String]) {
    assert!(places.is_empty(), "{what}:\n  {}", places.join("\n  "));
}

#[test]
fn only_plates_desk_and_review_see_a_plate() {
    let rust = sources(&[".rs"]);
    // Tests elsewhere may look for leaks, and nothing else.
    let mut found = places(&rust, SEE, exposes);
    found.retain(|place| !place.contains("/tests/"));
    assert_none("plates are exposed outside plates, desk and review", &found);
}

#[test]
fn only_review_hands_a_plate_out() {
    let rust = sources(&[".rs"]);
    let mut found = places(&rust, HAND_OUT, hands_out);
    found.retain(|place| !place.contains("/tests/"));
    assert_none("plates are handed out elsewhere", &found);
    assert_none(
        "plates are written in the clear",
        &places(&rust, &["services/plates/tests/"], writes_in_the_clear),
    );
}

#[test]
fn only_the_plate_reader_reads_text_in_pictures() {
    let rust = sources(&[".rs"]);
    let reads = |line: &str| line.contains(concat!("Line", "Reader"));
    assert_none("text is read elsewhere", &places(&rust, READ, reads));
}

#[test]
fn no_message_and_no_table_has_a_plate_in_the_clear() {
    let schemas = sources(&[".proto", ".sql", "_pb.rs"]);
    assert_none("a field or column for a plate", &places(&schemas, &[], holds_a_plate));
    let rust = sources(&[".rs"]);
    let derived: Vec<String> = rust
        .iter()
        .filter(|file| file.path.starts_with("services/plates/src/"))
        .filter(|file| file.text.contains(concat!("Seri", "alize")))
        .map(|file| file.path.clone())
        .collect();
    assert_none("serialisation in the crate of plates", &derived);
}

#[test]
fn these_tests_can_fail() {
    assert!(exposes("let text = plate.expose(Purpose::Seal);"));
    assert!(writes_in_the_clear("info!(\"{}\", plate.expose(purpose));"));
    assert!(hands_out("desk.plate(Purpose::HandToTicketing)"));
    for line in ["plate TEXT NOT NULL,", "string plate = 4;", "number_plate VARCHAR(12)"] {
        assert!(holds_a_plate(line), "{line}");
    }
    for line in ["wrapped_key BYTEA,", "CREATE TABLE plates (case_id TEXT", "template text"] {
        assert!(!holds_a_plate(line), "{line}");
    }
    let file = Source {
        path: "pipelines/x.rs".to_owned(),
        text: "// a.expose(p)\na.expose(p)".to_owned(),
    };
    assert_eq!(places(&[file], SEE, exposes), ["pipelines/x.rs:2"]);
}
