//! The console of a city: in a process of its own over a real Apache Kafka, it shows pictures of a camera that an
//! ingest worker watches, and what a sign shows that another process drives.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

#[path = "../common/mod.rs"]
mod common;

#[allow(dead_code)] // Each test file uses its part, of this and of the next five.
#[path = "../live/cameras.rs"]
mod cameras;
#[allow(dead_code)]
#[path = "../live/films.rs"]
mod films;
#[allow(dead_code)]
#[path = "../live/junction.rs"]
mod junction;
#[allow(dead_code)]
#[path = "../fleet/place.rs"]
mod place;
#[allow(dead_code)]
#[path = "../live/waits.rs"]
mod waits;
#[allow(dead_code)]
#[path = "../live/worker.rs"]
mod worker;

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use wayside_broker::Broker;

use place::Place;
use waits::{comes, wall};
use worker::Worker;

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(900);
const PASSWORD: &str = "a long one for the city";

/// Somebody who is signed in.
struct Person {
    agent: ureq::Agent,
    url: String,
    cookie: String,
}

impl Person {
    /// The first account, by the one-time link.
    fn first(url: &str, token: &str) -> Self {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let body =
            json!({"token": token, "account": "owner", "name": "Owner", "password": PASSWORD});
        let answer = agent
            .post(format!("{url}/api/v1/setup"))
            .header("content-type", "application/json")
            .send(body.to_string())
            .unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { agent, url: url.to_owned(), cookie }
    }

    fn get(&self, path: &str) -> (u16, Vec<u8>) {
        let url = format!("{}{path}", self.url);
        let mut answer = self.agent.get(&url).header("cookie", &self.cookie).call().unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_vec().unwrap())
    }
}

/// `wayside WHAT SITE` over the bus, with what it says kept in a folder of its own.
fn start(place: &Place, dir: &Path, what: &str, arguments: &[&str]) -> Worker {
    let mut command = place.command(what);
    command.arg(dir.join("site.toml")).args(arguments).args(["--http", "127.0.0.1:0"]);
    command.env("WAYSIDE_LOG", "info,ort=error").env_remove("WAYSIDE_MODELS");
    let said = dir.join(what);
    std::fs::create_dir_all(&said).unwrap();
    command.current_dir(&said);
    Worker::spawn(command, &said)
}

#[test]
fn pictures_and_signs_of_other_processes_are_shown() {
    let broker = Broker::shared().unwrap_or_else(|error| panic!("{error}"));
    let dir = tempfile::tempdir().unwrap();
    // The broker may outlive a test.
    let prefix = format!("city-console-{}.", std::process::id());
    let place = Place::on(broker, &prefix, 2);
    let camera = cameras::serve(&junction::half("city.mp4", 0.0, 20.0));
    let rtsp = format!("url = \"{}\"\n", camera.url());
    let begin = wall().plus_s(-60.0).to_string();
    junction::write_half_red(dir.path(), &begin, &[("north", rtsp)]);
    let at = |name: &str| dir.path().join(name).display().to_string();
    for (name, text) in [("clips.token", "a-token-for-the-city"), ("tokens", "")] {
        std::fs::write(at(name), text).unwrap();
    }
    let vault = common::wayside(["review", "vault-key"]).succeeded().stdout;
    std::fs::write(at("vault.keys"), vault).unwrap();
    std::fs::create_dir(at("store")).unwrap();
    common::wayside(["keys", "new", "--out", &at("keys")]).succeeded();
    let ingest = ["--clips", "127.0.0.1:0", "--clips-token-file", &at("clips.token")];
    let _ingest = start(&place, dir.path(), "ingest", &[&ingest[..], &["--threads", "1"]].concat());
    let _signs = start(&place, dir.path(), "signs", &["--signs-listen", "127.0.0.1:0"]);
    let console = [
        ["--listen", "127.0.0.1:0"],
        ["--home", &at("home")],
        ["--store", &at("store")],
        ["--desk", &at("desk.sqlite")],
        ["--tokens", &at("tokens")],
        ["--vault-key", &at("vault.keys")],
        ["--verify-key", &at("keys")],
        ["--clips-token-file", &at("clips.token")],
        ["--signs-url", "https://signs.city.example/"],
    ];
    let arguments = [&console.concat()[..], &["--no-plate-reader"]].concat();
    let console = start(&place, dir.path(), "console", &arguments);
    let url = console.said("the console is on ", "");
    let person = Person::first(&url, &console.said("#/setup?token=", ""));

    let mut last = (0, Vec::new());
    let came = comes(PATIENCE, || {
        last = person.get("/api/v1/sites/junction/cameras/north/picture");
        last.0 == 200
    });
    assert!(came, "{}: {}", last.0, String::from_utf8_lossy(&last.1));
    let picture = image::load_from_memory(&last.1).unwrap();
    assert_eq!((picture.width(), picture.height()), (640, 360));

    let mut shown = Value::Null;
    let came = comes(PATIENCE, || {
        let (status, body) = person.get("/api/v1/signs");
        shown = serde_json::from_slice(&body).unwrap_or_default();
        // Whether it shows anything or not: somebody is there who could say something.
        status == 200 && (shown[0]["state"] == "blank" || shown[0]["state"] == "showing")
    });
    assert!(came, "{shown:#}\n{}", console.stderr());
    assert_eq!(shown[0]["page_url"], "https://signs.city.example/signs/south_matrix");
    assert_eq!(console.stop().code, Some(0));
}
