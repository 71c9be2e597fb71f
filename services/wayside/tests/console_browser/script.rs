//! Scripts of journeys, run by Node.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::common::{self, root};
use crate::program::Program;

/// Runs `services/console/web/e2e/NAME` against the program, shows what it says, and hands back the facts that it
/// left.
#[track_caller]
pub fn run(name: &str, program: &Program) -> Value {
    let web = root().join("services/console/web");
    assert!(
        web.join("node_modules/playwright-core").is_dir(),
        "no packages of the web app: run scripts/setup.sh web"
    );
    let browser = std::env::var_os("WAYSIDE_CHROMIUM").unwrap_or("/usr/bin/chromium".into());
    assert!(
        Path::new(&browser).is_file(),
        "no Chromium at {}: run scripts/setup.sh browser, or name one in WAYSIDE_CHROMIUM",
        Path::new(&browser).display()
    );
    // It stays after a failure, with pictures of it.
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("console_browser").join(name);
    let _ = std::fs::remove_dir_all(&out);
    let mut command = Command::new(node());
    command.arg(web.join("e2e").join(name)).current_dir(&web);
    command.env("WAYSIDE_URL", &program.url).env("WAYSIDE_LINK", &program.link);
    command.env("WAYSIDE_SIGNS", &program.signs).env("WAYSIDE_E2E_OUT", &out);
    let ran = common::run(command);
    println!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.code, Some(0), "{name} failed; the program said:\n{}", program.stderr());
    common::object(&out.join("facts.json"))
}

/// Node of the system, else the one that `scripts/setup.sh web` unpacks.
fn node() -> PathBuf {
    let runs = |node: &Path| Command::new(node).arg("--version").output().is_ok();
    let unpacked = std::fs::read_dir(root().join(".wayside/node")).into_iter().flatten();
    let unpacked = unpacked.flatten().map(|folder| folder.path().join("bin/node"));
    let mut there = unpacked.chain([PathBuf::from("node")]).filter(|node| runs(node));
    there.next().expect("no Node: run scripts/setup.sh web")
}
