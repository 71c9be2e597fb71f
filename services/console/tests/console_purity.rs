//! The state is folded without clocks, disks, networks, threads, chance and hash-ordered collections.

use std::path::Path;

const FORBIDDEN: [&str; 14] = [
    "std::time",
    "Instant",
    "SystemTime",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "HashMap",
    "HashSet",
    "Mutex",
    "RwLock",
    "tokio",
    "getrandom",
    "wayside_bus",
];

fn look(folder: &Path, found: &mut Vec<String>, files: &mut usize) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            look(&path, found, files);
            continue;
        }
        *files += 1;
        let text = std::fs::read_to_string(&path).expect("a file");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for word in FORBIDDEN.iter().filter(|word| code.contains(**word)) {
                found.push(format!("{}:{}: {word}", path.display(), number + 1));
            }
        }
    }
}

#[test]
fn the_state_is_pure() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut files) = (Vec::new(), 0);
    look(&src.join("state"), &mut found, &mut files);
    assert!(files > 10, "{files} files");
    assert!(found.is_empty(), "{}", found.join("\n"));
    // It sees what is there elsewhere.
    look(&src.join("feed"), &mut found, &mut files);
    assert!(found.iter().any(|line| line.contains("Instant")), "{found:?}");
}
