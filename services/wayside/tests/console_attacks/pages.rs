//! The browser's half of XSS: Debian's Chromium shows names that are markup as text, and runs nothing of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::common::{self, clips, root};
use crate::house::House;

/// `services/console/web/e2e/markup.mjs` looks at the pages.
#[test]
fn names_that_are_markup_are_text_in_a_browser() {
    let markup = "<img src=x onerror=alert(1)>";
    let named = |text: &str| {
        text.replacen("id = \"road\"", &format!("id = \"road\"\nname = \"{markup}\""), 1)
    };
    let house = House::with(&[], named);
    let owner = house.owner();
    let chief = owner.acting("administrator");
    let made = json!({"account": "x", "name": markup, "roles": ["operator"]});
    assert_eq!(chief.post("/api/v1/accounts", &made).status, 201);
    let clip = house.path().join("road.mp4");
    clips::empty_road(&clip, clips::SIZE, 12);
    let bytes = std::fs::read(&clip).expect("a clip");
    let octets = [("Content-Type", "application/octet-stream")];
    let name = "%3Cimg%20src=x%20onerror=alert(1)%3E";
    let path = format!("/api/v1/recordings?name={name}");
    let kept = owner.acting("engineer").ask("POST", &path, Some(&bytes), &octets);
    assert_eq!(kept.status, 201, "{}", kept.text());

    let web = root().join("services/console/web");
    let packages = web.join("node_modules/playwright-core");
    assert!(packages.is_dir(), "no packages of the web app: run scripts/setup.sh web");
    let browser = std::env::var_os("WAYSIDE_CHROMIUM").unwrap_or("/usr/bin/chromium".into());
    assert!(Path::new(&browser).is_file(), "no Chromium: run scripts/setup.sh browser");
    // Pictures of the pages stay.
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("console_attacks");
    let mut command = Command::new(node());
    command.arg(web.join("e2e/markup.mjs")).current_dir(&web).env("WAYSIDE_E2E_OUT", &out);
    command.env("WAYSIDE_URL", format!("http://{}", house.addr)).env("WAYSIDE_MARKUP", markup);
    command.env("WAYSIDE_COOKIE", owner.cookie.as_deref().expect("a cookie"));
    let ran = common::run(command);
    println!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stderr, house.said());
}

/// Node of the system, else the one that `scripts/setup.sh web` unpacks.
fn node() -> PathBuf {
    let runs = |node: &Path| Command::new(node).arg("--version").output().is_ok();
    let unpacked = std::fs::read_dir(root().join(".wayside/node")).into_iter().flatten();
    let unpacked = unpacked.flatten().map(|folder| folder.path().join("bin/node"));
    let mut there = unpacked.chain([PathBuf::from("node")]).filter(|node| runs(node));
    there.next().expect("no Node: run scripts/setup.sh web")
}
