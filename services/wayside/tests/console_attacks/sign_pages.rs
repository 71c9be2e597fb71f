//! The public pages of signs, of the real program: nothing of the console is behind them.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::common::{self, root};
use crate::house::Browser;

#[test]
fn public_pages_serve_nothing_of_the_console() {
    let dir = tempfile::tempdir().expect("a folder");
    let said = dir.path().join("said");
    let mut command = common::command(["signs"]);
    command.arg(root().join("examples/junction/site.toml")).arg("--data").arg(dir.path());
    command.args(["--json", "--signs-listen", "127.0.0.1:0", "--http", "127.0.0.1:0"]);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    command.stdout(std::fs::File::create(&said).expect("a file"));
    let mut child = command.spawn().expect("the program starts");
    let began = Instant::now();
    // Each line is a sign with the address of its page.
    let addr = loop {
        let text = std::fs::read_to_string(&said).unwrap_or_default();
        let url = text.split("\"page_url\":\"http://").nth(1);
        if let Some(addr) = url.and_then(|url| url.split_once('/')?.0.parse().ok()) {
            break addr;
        }
        assert!(began.elapsed() < Duration::from_secs(300), "no page was named: {text}");
        std::thread::sleep(Duration::from_millis(50));
    };
    let nobody = Browser { addr, cookie: None, csrf: None, role: None, more: Vec::new() };
    assert_eq!(nobody.get("/signs/square").status, 200);
    for path in [
        "/api/v1/overview",
        "/api/v1/session",
        "/api/v1/setup",
        "/api/v1/signs",
        "/api/v1/live",
        "/api/v1/accounts",
        "/api/v1/sites/junction/cameras/south/picture",
        "/api/review/v1/queue",
        "/api/openapi.json",
        "/v1/queue",
        "/v1/clips",
        "/index.html",
        "/metrics",
        "/signs/..%2f..%2fapi%2fv1%2foverview",
    ] {
        let answer = nobody.get(path);
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        assert!(answer.header("set-cookie").is_none(), "{path}");
    }
    for (method, path) in [("POST", "/api/v1/session"), ("POST", "/signs/square"), ("PUT", "/")] {
        let answer = nobody.send(method, path, &serde_json::json!({}));
        assert!(matches!(answer.status, 404 | 405), "{method} {path}: {}", answer.status);
    }
    child.kill().expect("to end it");
    child.wait().expect("it ended");
}
