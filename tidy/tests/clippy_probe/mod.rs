//! Shows on a small workspace of its own that clippy finds a member's settings, that they bind that
//! member and no other, and that each entry of `tidy/pure.clippy.toml` names something that exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wayside_tidy::source::root;

/// One forbidden call of each kind.
const FORBIDDEN: &str = "\
pub fn sine(x: f64) -> f64 { x.sin() }
pub fn power(x: f32) -> f32 { let power = f32::powf; power(x, 2.5) }
pub fn now() { let _ = std::time::SystemTime::now(); }
pub fn disk() { let _ = std::fs::read(\"x\"); }
pub fn setting() { let _ = std::env::var(\"X\"); }
pub fn thread() { let _ = std::thread::spawn(|| ()); }
pub fn order() { let _ = std::collections::HashMap::<u8, u8>::new(); }
pub fn order_too() { let _ = std::collections::HashSet::<u8>::new(); }
pub fn speech() { println!(\"x\"); }
";

const FOUND: &[&str] = &[
    "use of a disallowed method `f64::sin`",
    "use of a disallowed method `f32::powf`",
    "use of a disallowed method `std::time::SystemTime::now`",
    "use of a disallowed method `std::fs::read`",
    "use of a disallowed method `std::env::var`",
    "use of a disallowed method `std::thread::spawn`",
    "use of a disallowed type `std::collections::HashMap`",
    "use of a disallowed type `std::collections::HashSet`",
    "use of a disallowed macro `std::println`",
];

fn workspace(name: &str, pure: &str, shell: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    };
    let settings = fs::read_to_string(root().join("tidy/pure.clippy.toml")).expect("settings");
    write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"pure\", \"shell\"]\n");
    write("clippy.toml", &fs::read_to_string(root().join("clippy.toml")).expect("settings"));
    write("pure/clippy.toml", &settings);
    for (member, text) in [("pure", pure), ("shell", shell)] {
        let manifest =
            format!("[package]\nname = \"{member}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n");
        write(&format!("{member}/Cargo.toml"), &manifest);
        write(&format!("{member}/src/lib.rs"), text);
    }
    folder
}

/// Whether clippy passes with warnings as errors, and what it said.
fn clippy(folder: &Path) -> (bool, String) {
    let answer = Command::new(env!("CARGO"))
        .args([
            "clippy",
            "--offline",
            "--workspace",
            "--keep-going",
            "--message-format=short",
            "--",
            "-D",
            "warnings",
        ])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("CLIPPY_CONF_DIR")
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo clippy runs");
    (answer.status.success(), String::from_utf8_lossy(&answer.stderr).into_owned())
}

#[test]
fn a_forbidden_call_fails_in_a_pure_crate_and_passes_in_a_shell() {
    let folder = workspace("purity-bites", FORBIDDEN, FORBIDDEN);
    let (passes, said) = clippy(&folder);
    assert!(!passes, "clippy let it through:\n{said}");
    let lines: BTreeSet<&str> = said.lines().filter(|line| line.contains("disallowed")).collect();
    for wanted in FOUND {
        assert!(lines.iter().any(|line| line.contains(wanted)), "not found: {wanted}\n{said}");
    }
    for line in &lines {
        assert!(line.starts_with("pure/"), "the shell is bound too: {line}");
    }
}

/// Clippy warns on an entry that names nothing; an entry with a slip of the pen would guard nothing.
#[test]
fn clean_code_passes_and_each_entry_names_something() {
    let folder =
        workspace("purity-clean", "pub fn root(x: f64) -> f64 { x.sqrt().abs().round() }\n", "");
    let (passes, said) = clippy(&folder);
    assert!(passes, "{said}");
    assert!(!said.contains("clippy.toml"), "{said}");
}
