//! The files of the work tree.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what builds and runs leave behind.
const NOT_SOURCE: &[&str] =
    &["target", ".git", ".wayside", ".cache", "out", "node_modules", "corpus", "__pycache__"];

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// One file: its path from the root, with forward slashes, and its text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path from the root of the workspace.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// Every file whose name ends in one of `endings`, ordered by path. Links to folders are not followed.
pub fn files(endings: &[&str]) -> Vec<SourceFile> {
    let root = root();
    let mut found = Vec::new();
    walk(&root, &root, endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(root: &Path, folder: &Path, endings: &[&str], found: &mut Vec<SourceFile>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            if !NOT_SOURCE.contains(&name.as_str()) {
                walk(root, &entry.path(), endings, found);
            }
        } else if kind.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
            // A file may vanish between listing and reading while someone works in the tree.
            let Ok(text) = fs::read_to_string(entry.path()) else { continue };
            let path = entry.path();
            let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            found.push(SourceFile { path, text });
        }
    }
}

/// The part of a Rust file before its test module, which starts at `#[cfg(test)]`.
pub fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]").map_or(text, |at| &text[..at])
}

/// Comma-and-newline list for an assertion's message.
pub fn list(problems: &[String]) -> String {
    format!("{} found:\n  {}", problems.len(), problems.join("\n  "))
}
