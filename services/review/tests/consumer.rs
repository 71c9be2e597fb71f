//! The example of a ticketing system, against the real service.

#[path = "common/place.rs"]
mod place;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use place::{PLATE, Place, until};
use serde_json::json;
use wayside_review::webhooks::Endpoint;
use wayside_review::webhooks::sign::Secret;

struct Consumer(Child);

impl Drop for Consumer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn citations_become_tickets_and_status_comes_back() {
    let place = Place::new();
    let path = |name: &str| place.dir.path().join(name);
    let secret = Secret::random().expect("a secret");
    std::fs::write(path("secret"), secret.reveal() + "\n").expect("a file");
    std::fs::write(path("token"), &place.tokens["ticketing"]).expect("a file");
    // A port that is free, and stays so: Linux takes ports from 32768 on for outgoing connections.
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let begin = 12_000 + (std::process::id() % 4_000) as u16;
    let port = (begin..begin + 4_000).find(free).expect("a port");
    let url = format!("http://127.0.0.1:{port}/");
    let endpoint = Endpoint::new(&url, vec![secret], false).expect("an endpoint");
    let running = place.start(vec![endpoint]);
    let script =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/ticketing-consumer/consumer.py");
    let mut child = Command::new("python3")
        .arg(script)
        .env("WAYSIDE_API", &running.url)
        .env("WAYSIDE_TOKEN_FILE", path("token"))
        .env("WEBHOOK_SECRET_FILE", path("secret"))
        .env("DATABASE", path("tickets.sqlite"))
        .env("PORT", port.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("its output");
    let consumer = Consumer(child);
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    assert!(line.starts_with("listening"), "{line}");

    for number in 0..5 {
        place.admit(number);
        let claim = running.post("reviewer", "/v1/claims", &json!({}));
        let body = json!({ "token": claim.text("token"), "decision": "approve", "plate": PLATE });
        let decided =
            running.post("reviewer", &format!("/v1/cases/{}/decision", claim.text("case")), &body);
        assert_eq!(decided.status, 200, "{decided:?}");
    }
    until("every status", || {
        let citations = running.get("auditor", "/v1/citations").json();
        let citations = citations.as_array().expect("a list");
        citations.len() == 5 && citations.iter().all(|citation| citation["progress"] == "served")
    });
    // The service knows a status before the consumer has written that down.
    let tickets = || {
        let counted = Command::new("python3")
            .args([
                "-c",
                "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(
                'SELECT COUNT(*), COUNT(plate), SUM(served) FROM tickets').fetchone())",
            ])
            .arg(path("tickets.sqlite"))
            .output()
            .expect("python3");
        String::from_utf8_lossy(&counted.stdout).trim().to_owned()
    };
    until("every ticket", || tickets() == "(5, 5, 5)");
    drop(consumer);
}
