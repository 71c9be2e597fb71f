//! Small files, crates that introduce themselves, no path of anybody's machine.

use wayside_tidy::source::{files, list, root};

const LINES_MAX: usize = 400;

/// Longer files, each with what it may grow to and why it is one piece.
const LONGER: &[(&str, usize, &str)] =
    &[("services/report/examples/sample_report/sample.rs", 520, "the data of one sample report")];

/// Written by a program out of the descriptions of the APIs.
const GENERATED: &str = "services/console/web/src/api/generated/";

#[test]
fn files_stay_small() {
    let mut problems = Vec::new();
    for file in files(&[".rs", ".py", ".sh", ".ts", ".tsx", ".html", ".css"]) {
        if file.path.starts_with(GENERATED) {
            continue;
        }
        let lines = file.text.lines().count();
        let granted = LONGER.iter().find(|(path, _, _)| *path == file.path);
        let limit = granted.map_or(LINES_MAX, |(_, limit, _)| *limit);
        if lines > limit {
            problems.push(format!("{}: {lines} lines, at most {limit}", file.path));
        }
        if granted.is_some() && lines <= LINES_MAX {
            problems.push(format!("{}: short again, take it off the list", file.path));
        }
    }
    for (path, _, _) in LONGER {
        if !root().join(path).exists() {
            problems.push(format!("{path}: gone, take it off the list"));
        }
    }
    assert!(problems.is_empty(), "{}", list(&problems));
}

/// A newcomer learns from the first lines of a crate what it is, and what is not in it.
#[test]
fn each_crate_says_what_it_is_and_what_is_absent() {
    let mut problems = Vec::new();
    let mut crates = 0;
    for manifest in files(&["Cargo.toml"]) {
        if manifest.path == "Cargo.toml" {
            continue;
        }
        crates += 1;
        let folder = manifest.path.trim_end_matches("Cargo.toml");
        let entry = ["src/lib.rs", "src/main.rs"].map(|file| root().join(folder).join(file));
        let Some(text) = entry.iter().find_map(|path| std::fs::read_to_string(path).ok()) else {
            problems.push(format!("{folder}: neither src/lib.rs nor src/main.rs"));
            continue;
        };
        let intro: Vec<&str> = text.lines().take_while(|line| line.starts_with("//!")).collect();
        if !intro.join(" ").replace("//!", "").contains("Deliberately absent") {
            problems
                .push(format!("{folder}: no `//!` lines at the top with \"Deliberately absent\""));
        }
        if !manifest.text.contains("[lints]\nworkspace = true") {
            problems.push(format!("{folder}: the manifest does not take the workspace's lints"));
        }
    }
    assert!(crates >= 11, "only {crates} crates found");
    assert!(problems.is_empty(), "{}", list(&problems));
}

/// Halves, so that this list does not find itself.
const MACHINE_PATHS: &[(&str, &str)] =
    &[("/ho", "me/"), ("/Us", "ers/"), ("/ro", "ot/"), ("C:\\\\", "Users"), ("/mn", "t/")];

#[test]
fn no_path_of_one_machine() {
    let endings = [
        ".rs", ".toml", ".md", ".py", ".sh", ".json", ".jsonl", ".proto", ".html", ".snap",
        "Makefile", ".txt",
    ];
    let here = root().parent().map(|above| format!("{}/", above.display())).filter(|p| p.len() > 2);
    let mut problems = Vec::new();
    for file in files(&endings) {
        for (number, line) in file.text.lines().enumerate() {
            let listed = MACHINE_PATHS.iter().map(|(a, b)| format!("{a}{b}"));
            for path in listed.chain(here.clone()).filter(|path| line.contains(path.as_str())) {
                problems.push(format!("{}:{}: {path}", file.path, number + 1));
            }
        }
    }
    assert!(problems.is_empty(), "{}", list(&problems));
}

/// One place for versions: a member names a dependency, the workspace says which.
#[test]
fn versions_stand_in_the_workspace() {
    let mut problems = Vec::new();
    for manifest in files(&["Cargo.toml"]) {
        let table: toml::Table = manifest.text.parse().expect("a manifest is TOML");
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, need) in
                table.get(section).and_then(toml::Value::as_table).into_iter().flatten()
            {
                if need.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    problems.push(format!("{}: {section}.{name}", manifest.path));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", list(&problems));
}
