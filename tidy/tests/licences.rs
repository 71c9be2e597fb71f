//! Every crate that can reach a program of ours has a licence on the list in `deny.toml`. cargo-deny
//! checks the same and more; this one needs nothing but cargo.

use std::collections::BTreeMap;
use std::fs;

use wayside_tidy::metadata::Graph;
use wayside_tidy::source::{list, root};
use wayside_tidy::spdx::satisfied;

struct Rules {
    allowed: Vec<String>,
    exceptions: BTreeMap<String, Vec<String>>,
}

fn strings(value: Option<&toml::Value>) -> Vec<String> {
    let items = value.and_then(toml::Value::as_array).into_iter().flatten();
    items.filter_map(toml::Value::as_str).map(str::to_owned).collect()
}

fn rules() -> Rules {
    let text = fs::read_to_string(root().join("deny.toml")).expect("deny.toml is there");
    let table: toml::Table = text.parse().expect("deny.toml is TOML");
    let licences = &table["licenses"];
    let mut exceptions = BTreeMap::new();
    for exception in
        licences.get("exceptions").and_then(toml::Value::as_array).into_iter().flatten()
    {
        let name = exception["crate"].as_str().expect("an exception names its crate").to_owned();
        exceptions.insert(name, strings(exception.get("allow")));
    }
    Rules { allowed: strings(licences.get("allow")), exceptions }
}

impl Rules {
    fn allow(&self, name: &str, expression: &str) -> bool {
        let none = Vec::new();
        let more = self.exceptions.get(name).unwrap_or(&none);
        satisfied(expression, &|licence| {
            self.allowed.iter().chain(more).any(|allowed| allowed == licence)
        })
    }
}

#[test]
fn every_crate_has_an_allowed_licence() {
    let rules = rules();
    let mut problems = Vec::new();
    for package in Graph::load().packages() {
        if !rules.allow(&package.name, &package.licence) {
            problems.push(format!("{} {}: {:?}", package.name, package.version, package.licence));
        }
    }
    assert!(problems.is_empty(), "{}", list(&problems));
}

#[test]
fn the_list_has_no_copyleft_beyond_the_file() {
    let rules = rules();
    for licence in ["GPL-2.0-only", "GPL-3.0-or-later", "LGPL-2.1", "AGPL-3.0-only", "SSPL-1.0", ""]
    {
        assert!(!rules.allow("some-crate", licence), "{licence:?} is allowed");
    }
    assert!(rules.allow("some-crate", "MIT OR GPL-3.0-only"));
}

#[test]
fn our_own_crates_are_apache() {
    for package in Graph::load().packages().filter(|package| package.is_member) {
        assert_eq!(package.licence, "Apache-2.0", "{}", package.name);
    }
}
