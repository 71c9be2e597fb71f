//! Where the ONNX Runtime library may lie.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The environment variable that names the library, or the folder that holds it.
pub const VARIABLE: &str = "WAYSIDE_ONNXRUNTIME";

/// The folder, beside the project or the program, that `make` fills.
const LOCAL: &str = ".wayside/onnxruntime";

/// Names by which the system's loader may know the library.
const SYSTEM_NAMES: [&str; 2] = ["libonnxruntime.so.1", "libonnxruntime.so"];

/// How far upward `.wayside` is looked for.
const LEVELS_MAX: usize = 16;

/// A place to open the library from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Candidate {
    /// A file that exists; who named it, for messages.
    File(PathBuf, &'static str),
    /// A name for the system's loader.
    SystemName(&'static str),
    /// Somebody asked for this place, and there is no library.
    Nothing(PathBuf, &'static str),
}

/// The places in order. What was named outright (argument, variable) is the only candidate: falling
/// back to another library silently would be worse than an error.
pub(super) fn candidates(
    explicit: Option<&Path>,
    variable: Option<OsString>,
    starts: &[PathBuf],
) -> Vec<Candidate> {
    let variable = variable.filter(|value| !value.is_empty()).map(PathBuf::from);
    let named = explicit
        .map(|path| (path.to_path_buf(), "the command line"))
        .or_else(|| variable.map(|path| (path, VARIABLE)));
    if let Some((path, by)) = named {
        return vec![match library_at(&path) {
            Some(file) => Candidate::File(file, by),
            None => Candidate::Nothing(path, by),
        }];
    }
    let local = starts.iter().flat_map(|start| start.ancestors().take(LEVELS_MAX));
    let mut found: Vec<Candidate> = Vec::new();
    for folder in local {
        for version in versions(&folder.join(LOCAL)) {
            if let Some(file) = library_at(&version) {
                let candidate = Candidate::File(file, LOCAL);
                if !found.contains(&candidate) {
                    found.push(candidate);
                }
            }
        }
    }
    found.extend(SYSTEM_NAMES.map(Candidate::SystemName));
    found
}

/// The library itself, or the one in a folder: `libonnxruntime.so` or `libonnxruntime.so.1.2.3`,
/// the last in order of name where there are several.
fn library_at(path: &Path) -> Option<PathBuf> {
    // Only regular files: opening a pipe would wait for ever.
    if path.is_file() {
        return Some(path.to_path_buf());
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(path)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|file| file.is_file() && is_library(file))
        .collect();
    files.sort();
    files.pop()
}

fn is_library(file: &Path) -> bool {
    file.file_name()
        .and_then(|name| name.to_str())
        .and_then(|name| name.strip_prefix("libonnxruntime"))
        .is_some_and(|rest| {
            rest == ".so" || rest == ".dylib" || rest.starts_with(".so.") || is_versioned(rest)
        })
}

/// `.1.2.3.dylib`, as macOS writes it.
fn is_versioned(rest: &str) -> bool {
    rest.strip_suffix(".dylib")
        .is_some_and(|version| version.chars().all(|c| c == '.' || c.is_ascii_digit()))
}

/// Folders of versions, the newest first.
fn versions(folder: &Path) -> Vec<PathBuf> {
    let numbers = |path: &PathBuf| -> Vec<u64> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.split('.').map(|part| part.parse().unwrap_or(0)).collect()
    };
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort_by_key(|path| (numbers(path), path.clone()));
    folders.reverse();
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(path: &Path) {
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, b"x").expect("a file");
    }

    #[test]
    fn what_is_named_outright_is_the_only_candidate() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("libonnxruntime.so.1.31.1");
        touch(&file);
        let by_argument = candidates(Some(folder.path()), Some("/elsewhere".into()), &[]);
        assert_eq!(by_argument, [Candidate::File(file.clone(), "the command line")]);
        let by_variable = candidates(None, Some(file.clone().into()), &[]);
        assert_eq!(by_variable, [Candidate::File(file, VARIABLE)]);
        let absent = candidates(None, Some("/nowhere/lib.so".into()), &[]);
        assert_eq!(absent, [Candidate::Nothing("/nowhere/lib.so".into(), VARIABLE)]);
    }

    #[test]
    fn the_local_folder_is_found_upward_and_the_newest_version_wins() {
        let folder = tempfile::tempdir().expect("a folder");
        for version in ["1.9.0", "1.31.1", "1.31.0"] {
            let name = format!("{LOCAL}/{version}/libonnxruntime.so.{version}");
            touch(&folder.path().join(name));
        }
        touch(&folder.path().join(LOCAL).join("2.0.0/readme.txt"));
        let start = folder.path().join("a/b");
        std::fs::create_dir_all(&start).expect("a folder");
        let found = candidates(None, Some("".into()), &[start.clone(), start]);
        let names: Vec<String> = found
            .iter()
            .map(|candidate| match candidate {
                Candidate::File(path, _) => {
                    path.file_name().expect("a name").to_string_lossy().into_owned()
                }
                Candidate::SystemName(name) => format!("system {name}"),
                Candidate::Nothing(..) => "nothing".to_owned(),
            })
            .collect();
        assert_eq!(
            names,
            [
                "libonnxruntime.so.1.31.1",
                "libonnxruntime.so.1.31.0",
                "libonnxruntime.so.1.9.0",
                "system libonnxruntime.so.1",
                "system libonnxruntime.so",
            ]
        );
    }
}
