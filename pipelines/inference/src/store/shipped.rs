//! Where files lie that ship with the project.

use std::path::{Path, PathBuf};

/// How far upward the project's folder is looked for.
const LEVELS_MAX: usize = 16;

/// The folders `models` that have a manifest, upward from the current folder and from the program,
/// the nearest of each.
#[must_use]
pub fn shipped_dirs() -> Vec<PathBuf> {
    let mut starts: Vec<PathBuf> = std::env::current_dir().into_iter().collect();
    starts.extend(std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.into())));
    upward(&starts)
}

fn upward(starts: &[PathBuf]) -> Vec<PathBuf> {
    let nearest = |start: &PathBuf| {
        let folders = start.ancestors().take(LEVELS_MAX).map(|folder| folder.join("models"));
        folders.into_iter().find(|folder| has_manifest(folder))
    };
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in starts.iter().filter_map(nearest) {
        if !found.contains(&folder) {
            found.push(folder);
        }
    }
    found
}

fn has_manifest(folder: &Path) -> bool {
    folder.join("manifest.toml").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_folder_with_a_manifest_is_found_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        for name in ["models", "a/models", "a/b/models", "a/b/c"] {
            std::fs::create_dir_all(root.join(name)).expect("a folder");
        }
        for name in ["models", "a/models"] {
            std::fs::write(root.join(name).join("manifest.toml"), "schema = 1").expect("a file");
        }
        let found = upward(&[root.join("a/b/c"), root.join("a/b"), root.into()]);
        assert_eq!(found, [root.join("a/models"), root.join("models")]);
    }
}
