//! The registry of promises, ARCHITECTURE.md, README.md and the tests stay in step.

use std::collections::BTreeSet;
use std::fs;

use wayside_tidy::invariants::{REGISTRY, State};
use wayside_tidy::source::{list, root};

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).expect("the page is there")
}

/// Ids on lines such as `Invariant: **EV-1** ...`.
fn stated(page: &str) -> BTreeSet<String> {
    page.lines()
        .filter_map(|line| line.trim_start_matches(['-', '*', ' ']).strip_prefix("Invariant:"))
        .filter_map(|rest| {
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').find(|word| is_id(word))
        })
        .map(str::to_owned)
        .collect()
}

fn is_id(word: &str) -> bool {
    word.split_once('-').is_some_and(|(letters, number)| {
        letters.len() == 2
            && letters.chars().all(|c| c.is_ascii_uppercase())
            && !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
    })
}

#[test]
fn architecture_states_each_promise_and_no_other() {
    let registered: BTreeSet<String> = REGISTRY.iter().map(|one| one.id.to_owned()).collect();
    assert_eq!(stated(&page("ARCHITECTURE.md")), registered);
}

#[test]
fn readme_names_each_promise_with_its_state() {
    let readme = page("README.md");
    let mut problems = Vec::new();
    for one in REGISTRY {
        let word = match one.state {
            State::Holds => "holds",
            State::InPart(_) => "in part",
            State::Later(_) => "later",
        };
        let row = readme.lines().find(|line| line.starts_with(&format!("| {} |", one.id)));
        if !row.is_some_and(|row| row.contains(&format!("| {word}"))) {
            problems.push(format!("{}: README needs a row `| {} | … | {word} …`", one.id, one.id));
        }
    }
    assert!(problems.is_empty(), "{}", list(&problems));
}

#[test]
fn each_promise_that_holds_is_held_by_tests_that_exist() {
    let mut problems = Vec::new();
    for one in REGISTRY {
        match one.state {
            State::Later(what) if !one.tests.is_empty() => {
                problems.push(format!("{} has tests, and yet comes later with {what}", one.id));
            }
            State::Holds | State::InPart(_) if one.tests.is_empty() => {
                problems.push(format!("{} has no test", one.id));
            }
            _ => {}
        }
        for (file, name) in one.tests {
            let text = fs::read_to_string(root().join(file)).unwrap_or_default();
            let there = if file.ends_with(".toml") {
                has_scenario(&text, name)
            } else {
                has_test(&text, name)
            };
            if !there {
                problems.push(format!("{}: no test `{name}` in {file}", one.id));
            }
        }
    }
    assert!(problems.is_empty(), "{}", list(&problems));
}

/// A scenario of this title; `services/rules/tests/scenarios.rs` runs all of them.
fn has_scenario(text: &str, title: &str) -> bool {
    text.lines().any(|line| line == format!("title = \"{title}\""))
}

/// A function of this name below `#[test]`, also inside `proptest!`, and not ignored; or one that
/// `on_both!` lists, which makes a test of each kind of database of it.
fn has_test(text: &str, name: &str) -> bool {
    let list = text.split_once("on_both!(").and_then(|(_, rest)| rest.split_once(");"));
    if list.is_some_and(|(list, _)| list.split(',').any(|listed| listed.trim() == name)) {
        return text.contains(&format!("fn {name}("));
    }
    let Some(at) = text.find(&format!("fn {name}(")) else { return false };
    let above = &text[..at];
    let start = above.rfind("#[test]");
    start.is_some_and(|start| {
        let between = &above[start..];
        !between.contains("fn ") && !between.contains("#[ignore")
    })
}

#[test]
fn a_name_without_a_test_is_seen() {
    assert!(has_test("#[test]\nfn a() {}", "a"));
    assert!(has_test("#[test]\n/// text\n#[allow(x)]\nfn a() {}", "a"));
    assert!(!has_test("#[test]\nfn a() {}\nfn b() {}", "b"));
    assert!(!has_test("#[test]\n#[ignore = \"slow\"]\nfn a() {}", "a"));
    assert!(!has_test("fn a() {}", "a"));
    assert!(has_test("on_both!(\n    a,\n    b,\n);\nfn a() {}\nfn b() {}", "b"));
    assert!(!has_test("on_both!(a, c);\nfn a() {}\nfn b() {}", "b"));
    assert!(!has_test("on_both!(a, c);\nfn a() {}", "c"));
}
