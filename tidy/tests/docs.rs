//! Links between pages lead somewhere.

use std::path::{Component, Path, PathBuf};

use wayside_tidy::markdown::{anchors, links};
use wayside_tidy::source::{files, list, root};

#[test]
fn relative_links_and_anchors_lead_somewhere() {
    let mut problems = Vec::new();
    for page in files(&[".md"]) {
        for (line, target) in links(&page.text) {
            if let Some(problem) = dead(&page.path, &page.text, &target) {
                problems.push(format!("{}:{line}: {target}: {problem}", page.path));
            }
        }
    }
    assert!(problems.is_empty(), "{}", list(&problems));
}

fn dead(page: &str, text: &str, target: &str) -> Option<String> {
    if target.starts_with("https://") || target.starts_with("mailto:") {
        return None;
    }
    if target.starts_with("http://") {
        return Some("https, please".to_owned());
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let beside = Path::new(page).parent().unwrap_or(Path::new(""));
    let aim = if file.is_empty() { Some(PathBuf::from(page)) } else { inside(&beside.join(file)) };
    let Some(aim) = aim.map(|path| root().join(path)) else {
        return Some("leads out of the repository".to_owned());
    };
    if !aim.exists() {
        return Some("no such file".to_owned());
    }
    if anchor.is_empty() {
        return None;
    }
    let other = if file.is_empty() {
        text.to_owned()
    } else {
        std::fs::read_to_string(aim).unwrap_or_default()
    };
    (!anchors(&other).contains(anchor)).then(|| format!("no heading `#{anchor}` there"))
}

/// The path without `.` and `..`; none when it leaves the repository.
fn inside(path: &Path) -> Option<PathBuf> {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if !clean.pop() => return None,
            Component::Normal(name) => clean.push(name),
            _ => {}
        }
    }
    Some(clean)
}

#[test]
fn a_dead_link_is_seen() {
    assert_eq!(dead("README.md", "# A b\n", "#a-b"), None);
    assert_eq!(dead("README.md", "", "Cargo.toml"), None);
    assert_eq!(dead("tidy/x.md", "", "../Cargo.toml"), None);
    assert!(dead("README.md", "# A b\n", "#a-c").is_some());
    assert!(dead("README.md", "", "no/such/file.md").is_some());
    assert!(dead("README.md", "", "../elsewhere.md").is_some());
    assert!(dead("README.md", "", "ARCHITECTURE.md#no-such-heading").is_some());
}

#[test]
fn the_three_pages_are_there() {
    let pages: Vec<String> = files(&[".md"]).into_iter().map(|page| page.path).collect();
    for name in ["README.md", "ARCHITECTURE.md", "GLOSSARY.md"] {
        assert!(pages.iter().any(|page| page == name), "{name} is missing");
    }
}
