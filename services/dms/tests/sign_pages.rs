//! The public pages over HTTP: what they say, and what they do not let anybody do.

mod common;

use common::{HOLD_S, SIGNS, World, shows, until};
use wayside_dms::Standing;
use wayside_listen::{Listening, Options};

struct Served {
    world: World,
    service: wayside_dms::Service,
    listening: Listening,
}

fn served() -> Served {
    let world = World::new(SIGNS);
    let service = world.start("a");
    let address = "127.0.0.1:0".parse().expect("an address");
    let listening =
        Listening::start(address, None, service.router(), Options::default()).expect("served");
    until(&service, "page", "heard", |state| state.state == Standing::Blank);
    Served { world, service, listening }
}

impl Served {
    /// Status, headers in lower case, body.
    fn ask(&self, method: &str, path: &str) -> (u16, String, String) {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let url = format!("{}{path}", self.listening.url());
        let answer = match method {
            "GET" => agent.get(&url).call(),
            "DELETE" => agent.delete(&url).call(),
            _ => agent.post(&url).send("x"),
        };
        let mut answer = answer.expect("an answer");
        let headers: Vec<String> = answer
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
            .collect();
        let body = answer.body_mut().read_to_string().expect("text");
        (answer.status().as_u16(), headers.join("\n"), body)
    }

    fn state(&self, sign: &str) -> serde_json::Value {
        let (status, _, body) = self.ask("GET", &format!("/signs/{sign}/state"));
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }
}

#[test]
fn a_page_is_told_what_to_show_and_for_how_long() {
    let served = served();
    let blank = served.state("page");
    assert_eq!((&blank["state"], &blank["valid_ms"]), (&"blank".into(), &0.into()));
    served.world.happens("red_light", "Nin", served.world.wall.now());
    shows(&served.service, "page", "RED LIGHT");
    let told = served.state("page");
    assert_eq!(told["lines"][0], "RED LIGHT");
    assert_eq!(told["pictogram"], "red_light");
    let valid_ms = told["valid_ms"].as_u64().expect("a number");
    assert!(valid_ms > 0 && valid_ms as f64 <= HOLD_S * 1e3, "{valid_ms}");
    let mut keys: Vec<&String> = told.as_object().expect("an object").keys().collect();
    keys.sort();
    let known = ["lines", "message", "now_ms", "pages", "pictogram", "state", "valid_ms", "why"];
    assert_eq!(keys, known, "a page has no use for anything else");
    let matrix = served.state("matrix");
    assert_eq!(matrix["pages"].as_array().map(Vec::len), Some(0));
}

#[test]
fn pages_are_strict_and_names_are_text() {
    let served = served();
    for path in ["/", "/signs/page", "/signs/matrix", "/sign-assets/sign.js", "/nowhere"] {
        let (status, headers, body) = served.ask("GET", path);
        assert_eq!(status, if path == "/nowhere" { 404 } else { 200 }, "{path}");
        assert!(headers.contains("default-src 'none'; script-src 'self'"), "{path}\n{headers}");
        assert!(!headers.contains("unsafe-inline") && !headers.contains("set-cookie"), "{headers}");
        assert!(headers.contains("x-content-type-options: nosniff"), "{headers}");
        assert!(headers.contains("cache-control: no-store"), "{headers}");
        assert!(!body.contains("<b>"), "a name of a sign became markup: {body}");
        assert!(!body.contains("style=\"") && !body.contains("onload="), "{body}");
    }
    let (_, _, body) = served.ask("GET", "/signs/page");
    assert!(body.contains("Main &lt;b&gt;street&lt;/b&gt;"), "{body}");
    for file in ["pedestrian_crossing", "red_light", "wrong_way", "queue", "clock"] {
        let (status, headers, body) = served.ask("GET", &format!("/sign-assets/{file}.svg"));
        assert_eq!(status, 200);
        assert!(headers.contains("image/svg+xml") && body.starts_with("<svg"), "{headers}");
        assert!(!body.contains("<script") && !body.contains("<image") && !body.contains("href"));
    }
}

#[test]
fn nothing_else_can_be_had() {
    let served = served();
    for path in [
        "/signs/other",
        "/signs/other/state",
        "/signs/..%2f..%2fetc%2fpasswd/state",
        "/sign-assets/..%2fCargo.toml",
        "/sign-assets/%2e%2e/sign.js",
        "/sign-assets/cat.svg",
        "/api/v1/signs",
    ] {
        let (status, headers, body) = served.ask("GET", path);
        assert_eq!(status, 404, "{path}");
        assert!(
            headers.contains("application/problem+json") || body.is_empty(),
            "{headers}\n{body}"
        );
    }
    for method in ["POST", "DELETE"] {
        let (status, _, body) = served.ask(method, "/signs/page/state");
        assert_eq!(status, 405, "{method}: {body}");
    }
}

#[test]
fn whoever_asks_too_often_waits() {
    let served = served();
    // A slow machine would ask less often than is allowed.
    served.world.wall.stop();
    let mut turned_away = None;
    for _ in 0..2_000 {
        let (status, headers, body) = served.ask("GET", "/signs/page/state");
        if status == 429 {
            turned_away = Some((headers, body));
            break;
        }
        assert_eq!(status, 200);
    }
    let (headers, body) = turned_away.expect("a bound");
    assert!(headers.contains("retry-after: "), "{headers}");
    assert!(body.contains("urn:wayside:problem:too-many-requests"), "{body}");
}
