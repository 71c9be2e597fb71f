//! The dependency graph as `cargo metadata` tells it, for Linux on x86-64.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// One package of the graph.
#[derive(Debug, Clone)]
pub struct Package {
    /// Name on the registry.
    pub name: String,
    /// Version.
    pub version: String,
    /// SPDX expression; empty where the manifest has none.
    pub licence: String,
    /// Whether it runs at build time inside the compiler. What it needs does not reach the program.
    pub is_proc_macro: bool,
    /// Whether it is a member of the workspace.
    pub is_member: bool,
    /// Ids of the packages that its library needs (no build and test needs).
    pub normal: Vec<String>,
}

/// Packages by id.
#[derive(Debug)]
pub struct Graph(BTreeMap<String, Package>);

impl Graph {
    /// Asks `cargo metadata`.
    ///
    /// # Panics
    /// When cargo fails or answers in another form; a test cannot go on then.
    #[allow(clippy::unwrap_used, clippy::panic)]
    pub fn load() -> Self {
        let answer = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked"])
            .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
            .current_dir(crate::source::root())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&answer.stderr);
        assert!(answer.status.success(), "cargo metadata failed:\n{errors}");
        Self::parse(&serde_json::from_slice(&answer.stdout).unwrap())
    }

    fn parse(metadata: &Value) -> Self {
        let members: BTreeSet<&str> =
            array(metadata, "workspace_members").filter_map(Value::as_str).collect();
        let mut packages = BTreeMap::new();
        let mut resolved: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for node in array(&metadata["resolve"], "nodes") {
            let needs = array(node, "deps")
                .filter(|dep| array(dep, "dep_kinds").any(|kind| kind["kind"].is_null()))
                .map(|dep| text(&dep["pkg"]))
                .collect();
            resolved.insert(node["id"].as_str().unwrap_or_default(), needs);
        }
        for package in array(metadata, "packages") {
            let id = text(&package["id"]);
            // Packages that are locked for other platforms are listed without a node.
            let Some(normal) = resolved.get(id.as_str()) else { continue };
            let is_proc_macro = array(package, "targets")
                .any(|target| array(target, "kind").any(|kind| kind == "proc-macro"));
            packages.insert(
                id.clone(),
                Package {
                    name: text(&package["name"]),
                    version: text(&package["version"]),
                    licence: text(&package["license"]),
                    is_proc_macro,
                    is_member: members.contains(id.as_str()),
                    normal: normal.clone(),
                },
            );
        }
        Self(packages)
    }

    /// All packages.
    pub fn packages(&self) -> impl Iterator<Item = &Package> {
        self.0.values()
    }

    /// The member of the workspace of this name.
    pub fn member(&self, name: &str) -> Option<&Package> {
        self.0.values().find(|package| package.is_member && package.name == name)
    }

    /// Names of what a package's library needs directly.
    pub fn direct(&self, package: &Package) -> BTreeSet<String> {
        package.normal.iter().filter_map(|id| self.0.get(id)).map(|p| p.name.clone()).collect()
    }

    /// Each package that reaches the compiled library, with the path by which it does. A macro crate
    /// is named, what the macro itself needs is not.
    pub fn reach(&self, package: &Package) -> BTreeMap<String, String> {
        let mut reached = BTreeMap::new();
        let mut open = vec![(package, package.name.clone())];
        while let Some((from, way)) = open.pop() {
            for next in from.normal.iter().filter_map(|id| self.0.get(id)) {
                if reached.contains_key(&next.name) {
                    continue;
                }
                let way = format!("{way} > {}", next.name);
                reached.insert(next.name.clone(), way.clone());
                if !next.is_proc_macro {
                    open.push((next, way));
                }
            }
        }
        reached
    }
}

fn array<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
