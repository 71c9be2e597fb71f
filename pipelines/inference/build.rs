//! Builds into the program the models that the manifest marks with `embedded = true`.
//!
//! Reads only as much of the manifest as it needs, line by line; a test holds what it found against
//! the manifest itself, checksums included.

use std::fmt::Write as _;
use std::path::Path;

fn main() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let manifest = models.join("manifest.toml");
    println!("cargo::rerun-if-changed={}", manifest.display());
    let text = std::fs::read_to_string(&manifest)
        .unwrap_or_else(|error| panic!("{} cannot be read: {error}", manifest.display()));
    let mut code = String::from("&[\n");
    for name in embedded(&text) {
        let file = models.join(name);
        assert!(
            file.is_file(),
            "{} is marked `embedded = true` in the manifest of models, and is not there",
            file.display()
        );
        println!("cargo::rerun-if-changed={}", file.display());
        let path = file.display().to_string();
        // Writing to a string cannot fail.
        let _ = writeln!(code, "    ({name:?}, include_bytes!({path:?})),");
    }
    code.push_str("]\n");
    let out = std::env::var_os("OUT_DIR").expect("cargo names a folder");
    std::fs::write(Path::new(&out).join("embedded.rs"), code).expect("the folder can be written");
}

/// Files of the models that are to be built in, in the order of the manifest.
pub(crate) fn embedded(text: &str) -> Vec<&str> {
    let (mut names, mut file, mut wanted, mut inside) = (Vec::new(), None, false, false);
    for line in text.lines().chain(["[[model]]"]) {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line == "[[model]]";
            if inside {
                names.extend(file.take().filter(|_| wanted));
                wanted = false;
            }
        } else if let (true, Some((key, value))) = (inside, line.split_once('=')) {
            match key.trim() {
                "file" => file = Some(value.trim().trim_matches('"')),
                "embedded" => wanted = value.trim() == "true",
                _ => {}
            }
        }
    }
    names
}
