//! The web app out of memory, and that its paths lead nowhere else.

#[path = "common/people.rs"]
mod people;
#[path = "common/place.rs"]
mod place;
#[path = "common/records.rs"]
mod records;

use place::*;
use wayside_console::web::Web;

const APP: &str = "/assets/app-4f2a.js";

#[test]
fn the_page_is_asked_for_again_and_assets_are_kept() {
    let console = Place::new().start();
    for path in ["/", "/index.html"] {
        let page = console.get("", path);
        assert_eq!((page.status, page.header("cache-control")), (200, Some("no-cache")), "{path}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    }
    let tag = console.get("", "/").header("etag").expect("a tag").to_owned();
    assert_eq!(console.ask("GET", "", "/", &[("If-None-Match", &tag)]).status, 304);
    let asset = console.get("", APP);
    assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(asset.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(console.get("", "/icon.svg").header("cache-control"), Some("no-cache"));
    let head = console.ask("HEAD", "", "/", &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(console.ask("POST", "", "/", &[("Content-Length", "0")]).status, 405);
}

#[test]
fn what_is_compressed_goes_out_so_where_it_is_taken() {
    let console = Place::new().start();
    let asked = |encodings: &str| console.ask("GET", "", APP, &[("Accept-Encoding", encodings)]);
    let answer = asked("gzip, deflate, br");
    assert_eq!(
        (answer.header("content-encoding"), answer.body.as_slice()),
        (Some("br"), b"not really brotli".as_slice())
    );
    assert_eq!(answer.header("vary"), Some("accept-encoding"));
    let tag = answer.header("etag").expect("a tag").to_owned();
    assert_eq!(asked("gzip").header("content-encoding"), Some("gzip"));
    let plain = asked("identity");
    assert_eq!(
        (plain.header("content-encoding"), plain.body.as_slice()),
        (None, b"console.log('plain')".as_slice())
    );
    assert_ne!(plain.header("etag"), Some(tag.as_str()), "each form has a tag of its own");
    let again = console.ask("GET", "", APP, &[("Accept-Encoding", "br"), ("If-None-Match", &tag)]);
    assert_eq!(again.status, 304);
    // The compressed files have no address of their own.
    assert_eq!(console.get("", "/assets/app-4f2a.js.br").status, 404);
}

#[test]
fn paths_lead_nowhere_else() {
    let console = Place::new().start();
    for path in [
        "/../Cargo.toml",
        "/assets/../../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%5c..%5cwindows",
        "//etc/passwd",
        "/assets/",
        "/assets",
        "/.env",
        "/index.html/..",
        "/assets/app-4f2a.js%00.html",
        "/api/../index.html",
        "/INDEX.HTML",
    ] {
        let answer = console.get("", path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!String::from_utf8_lossy(&answer.body).contains("[package]"), "{path}");
    }
}

#[test]
fn a_program_without_the_app_says_so() {
    let mut place = Place::new();
    place.parts.web = Web::default();
    let answer = place.start().get("", "/");
    assert_eq!(
        (answer.status, &answer.json()["type"]),
        (404, &"urn:wayside:problem:no-web-app".into())
    );
}
