//! Puts the web app into the library, where the feature `web` asks for it: every file of `web/dist`, with the
//! `.br` and `.gz` that its build wrote beside it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Files of the app, and folders in folders.
const FILES_MAX: usize = 2_000;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut table = String::from("&[");
    if std::env::var_os("CARGO_FEATURE_WEB").is_some() {
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/dist");
        println!("cargo::rerun-if-changed={}", dist.display());
        if !dist.join("index.html").is_file() {
            println!(
                "cargo::error=the console's web app is not built: {} is not there. `scripts/setup.sh web` builds \
                 it; `--no-default-features` builds a program without it",
                dist.join("index.html").display()
            );
            return;
        }
        let mut files = Vec::new();
        if let Err(error) = walk(&dist, &mut files) {
            println!("cargo::error=the console's web app cannot be read: {error}");
            return;
        }
        files.sort();
        for file in &files {
            let name =
                file.strip_prefix(&dist).unwrap_or(file).to_string_lossy().replace('\\', "/");
            // Writing to memory does not fail.
            let _ = write!(table, "({name:?}, include_bytes!({:?})),", file.to_string_lossy());
        }
    }
    table.push(']');
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    if let Err(error) = std::fs::write(out.join("web.rs"), table) {
        println!("cargo::error=the list of the console's web app cannot be written: {error}");
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&entry.path(), files)?;
        } else if kind.is_file() && entry.path().extension().is_none_or(|ending| ending != "map") {
            files.push(entry.path());
        }
        if files.len() > FILES_MAX {
            return Err(std::io::Error::other(format!("more than {FILES_MAX} files")));
        }
    }
    Ok(())
}
