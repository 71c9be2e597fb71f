//! The pure crates take time and data and return values: no clock, disk, thread, chance, decoder,
//! network or C mathematics, neither in their own code (clippy) nor by what they depend on.

mod clippy_probe;
mod pure_crates;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use pure_crates::{DIRECT, REACHED};
use wayside_tidy::metadata::Graph;
use wayside_tidy::source::{files, list, root, without_tests};

/// Folder of each pure crate.
const FOLDERS: &[(&str, &str)] = &[
    ("wayside-proto", "proto"),
    ("wayside-site", "site"),
    ("wayside-picture", "pipelines/picture"),
    ("wayside-redaction", "pipelines/redaction"),
    ("wayside-tracking", "pipelines/tracking"),
    ("wayside-watch", "pipelines/watch"),
    ("wayside-live", "pipelines/live"),
    ("wayside-passages", "pipelines/passages"),
    ("wayside-rules", "services/rules"),
    ("wayside-sections", "services/sections"),
    ("wayside-cases", "services/cases"),
    ("wayside-signs", "services/signs"),
    ("wayside-city", "sim/city"),
    ("wayside-package", "services/package"),
];

#[test]
fn pure_crates_depend_on_what_is_listed() {
    let graph = Graph::load();
    let mut problems = Vec::new();
    for (name, _) in FOLDERS {
        let package = graph.member(name).unwrap_or_else(|| panic!("{name} is a member"));
        let listed =
            DIRECT.iter().find(|(owner, _)| owner == name).map_or(&[][..], |(_, needs)| *needs);
        for need in graph.direct(package) {
            if !listed.contains(&need.as_str()) {
                problems.push(format!("{name} needs {need}, which is not on its list"));
            }
        }
        let alone = reached_alone(name);
        for (reached, way) in graph.reach(package) {
            // Another crate of the workspace may ask more of a shared library: that reaches nobody here.
            let reaches = alone.contains(&reached) && !reached.starts_with("wayside-");
            if reaches && !REACHED.contains(&reached.as_str()) {
                problems
                    .push(format!("{reached} is not on the list of what may be reached: {way}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", list(&problems));
}

/// What a crate reaches with the features that it asks for itself.
fn reached_alone(name: &str) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "--locked", "--offline", "--package", name, "--edges", "normal"]);
    command.args(["--prefix", "none", "--format", "{p}"]).current_dir(root());
    let output = command.output().expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree of {name}: {said}");
    let text = String::from_utf8(output.stdout).expect("names");
    let names = text.lines().filter_map(|line| line.split_whitespace().next());
    let names: BTreeSet<String> = names.map(str::to_owned).collect();
    assert!(names.contains(name), "cargo tree of {name} has not even itself:\n{text}");
    names
}

/// The lists must not be loosened until they let through what they are for.
#[test]
fn the_lists_name_nothing_impure() {
    let impure = [
        "tokio",
        "async-std",
        "smol",
        "mio",
        "gstreamer",
        "gstreamer-app",
        "gstreamer-video",
        "glib",
        "ort",
        "ort-sys",
        "rdkafka",
        "rusqlite",
        "ureq",
        "reqwest",
        "rustls",
        "rand",
        "rand_core",
        "getrandom",
        "fastrand",
        "crossbeam-channel",
        "rayon",
        "tempfile",
        "ctrlc",
        "tracing-subscriber",
        "ahash",
        "hashbrown-random",
    ];
    for name in impure {
        assert!(!REACHED.contains(&name), "{name} is on the list of what pure crates may reach");
        assert!(
            !DIRECT.iter().any(|(_, needs)| needs.contains(&name)),
            "{name} is on a crate's list"
        );
    }
}

/// The link is what makes clippy hold the crate to the pure settings (see `clippy_probe`).
#[test]
fn pure_crates_carry_the_pure_clippy_settings() {
    let wanted =
        fs::read_to_string(root().join("tidy/pure.clippy.toml")).expect("the settings are there");
    for (name, folder) in FOLDERS {
        let found = fs::read_to_string(root().join(folder).join("clippy.toml")).unwrap_or_default();
        assert_eq!(found, wanted, "{name}: {folder}/clippy.toml is not tidy/pure.clippy.toml");
    }
}

/// Clippy reads the nearest file alone: what the root says has to be said again.
#[test]
fn the_pure_settings_repeat_the_general_ones() {
    let read = |path: &str| -> toml::Table {
        fs::read_to_string(root().join(path)).expect("settings").parse().expect("settings are TOML")
    };
    let pure = read("tidy/pure.clippy.toml");
    for (key, value) in read("clippy.toml") {
        assert_eq!(pure.get(&key), Some(&value), "{key}");
    }
}

/// Where a matrix of dynamic size is no harm: a singular value decomposition reflects column by column and
/// never multiplies two large matrices.
const DYNAMIC_SIZE: &[&str] = &["site/src/geometry/homography.rs"];

/// Products of large matrices of dynamic size go through kernels that differ between processors (EV-2).
#[test]
fn no_matrix_of_dynamic_size() {
    let mut problems = Vec::new();
    for file in files(&[".rs"]) {
        let pure =
            FOLDERS.iter().any(|(_, folder)| file.path.starts_with(&format!("{folder}/src/")));
        if !pure || DYNAMIC_SIZE.contains(&file.path.as_str()) {
            continue;
        }
        for (index, line) in file.text.lines().enumerate() {
            let words = line.split(|c: char| !c.is_ascii_alphanumeric());
            for word in
                words.filter(|word| ["DMatrix", "DVector", "Dyn", "Matrix3xX"].contains(word))
            {
                problems.push(format!("{}:{}: {word}", file.path, index + 1));
            }
        }
    }
    assert!(problems.is_empty(), "{}", list(&problems));
}

/// Outside its tests, no pure crate talks its way out of the lints.
#[test]
fn pure_crates_allow_themselves_nothing() {
    let mut problems = Vec::new();
    for file in files(&[".rs"]) {
        let pure =
            FOLDERS.iter().any(|(_, folder)| file.path.starts_with(&format!("{folder}/src/")));
        let is_tests = file.path.ends_with("/tests.rs") || file.path.contains("/tests/");
        if !pure || is_tests {
            continue;
        }
        for (index, line) in without_tests(&file.text).lines().enumerate() {
            let loosens = line.contains("clippy::disallowed") || line.contains("unsafe ");
            if loosens && !line.trim_start().starts_with("//") {
                problems.push(format!("{}:{}: {}", file.path, index + 1, line.trim()));
            }
        }
    }
    assert!(problems.is_empty(), "{}", list(&problems));
}
