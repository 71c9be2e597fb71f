//! What the index says when something is wrong.

mod common;

use std::path::Path;
use std::time::Duration;

use common::{DIMENSION, OPTIONS, S, axis, open, passage, question, said};
use tempfile::TempDir;
use wayside_index::shim::{Shim, ShimOptions};
use wayside_index::{
    EdgeIndex, EdgeOptions, Index, IndexError, LIMIT_MAX, Point, QUERIES_MAX, Query, ServerIndex,
    ServerOptions, UPSERT_POINTS_MAX,
};

fn temp() -> TempDir {
    TempDir::new().expect("a directory")
}

fn list(errors: impl IntoIterator<Item = IndexError>) -> String {
    errors.into_iter().map(|error| format!("{error}\n\n")).collect()
}

#[test]
fn points_that_cannot_be_stored() {
    let dir = temp();
    let index = open(dir.path()).expect("an index");
    let mut gap = axis(0);
    gap[7] = f32::NAN;
    let points = [
        Point { vector: vec![0.5; DIMENSION], ..passage(1, 10) },
        Point { vector: gap, ..passage(1, 10) },
        Point { vector: vec![1.0], ..passage(1, 10) },
        Point { key: "k".repeat(300), ..passage(1, 10) },
        Point { section: String::new(), ..passage(1, 10) },
        Point { time: i64::MAX, ..passage(1, 10) },
        Point { expires: passage(1, 10).time + 3601 * S, ..passage(1, 10) },
        Point { expires: passage(1, 9).time, ..passage(1, 10) },
    ];
    let mut errors: Vec<_> =
        points.map(|point| index.upsert(&[point]).expect_err("refused")).into();
    let many = vec![passage(1, 10); UPSERT_POINTS_MAX + 1];
    errors.push(index.upsert(&many).expect_err("many"));
    insta::assert_snapshot!(list(errors));
}

#[test]
fn questions_that_cannot_be_answered() {
    let dir = temp();
    let index = open(dir.path()).expect("an index");
    let good = question(axis(0), 5);
    let queries = [
        Query { to: good.from + 3601 * S, ..good.clone() },
        Query { to: good.from, ..good.clone() },
        Query { from: i64::MIN, ..good.clone() },
        Query { limit: 0, ..good.clone() },
        Query { limit: LIMIT_MAX + 1, ..good.clone() },
        Query { section: "s".repeat(200), ..good.clone() },
        Query { vector: vec![0.0; DIMENSION], ..good.clone() },
    ];
    let mut errors: Vec<_> = queries.map(|one| index.search(&one).expect_err("refused")).into();
    let many = vec![good; QUERIES_MAX + 1];
    errors.push(index.search_many(&many).expect_err("many"));
    errors.push(index.count_of("").expect_err("no section"));
    errors.push(index.delete_before(None, i64::MAX).expect_err("no time"));
    insta::assert_snapshot!(list(errors));
}

#[test]
fn options_that_cannot_be() {
    let dir = temp();
    let edge = |options| EdgeIndex::open(dir.path(), options).expect_err("refused");
    let server = |options| ServerIndex::open(options).expect_err("refused");
    let base = ServerOptions::new("http://localhost:1", "passages", DIMENSION);
    let missing = Path::new("missing.pem");
    insta::assert_snapshot!(list([
        edge(EdgeOptions { dimension: 0, ..OPTIONS }),
        edge(EdgeOptions { points_max: 0, ..OPTIONS }),
        server(ServerOptions { url: "localhost:6334".to_owned(), ..base.clone() }),
        server(ServerOptions { collection: "a/b".to_owned(), ..base.clone() }),
        server(ServerOptions { attempts_max: 0, ..base.clone() }),
        server(ServerOptions { timeout: Duration::ZERO, ..base.clone() }),
        server(ServerOptions { api_key: Some("secret\n".to_owned()), ..base.clone() }),
        server(ServerOptions {
            url: "https://localhost:1".to_owned(),
            ca_file: Some(missing.to_owned()),
            ..base
        }),
    ]));
}

#[test]
fn one_process_holds_a_directory() {
    let dir = temp();
    let index = open(dir.path()).expect("an index");
    let error = open(dir.path()).expect_err("held");
    let own = std::process::id().to_string();
    insta::assert_snapshot!(said(&error, dir.path()).replace(&own, "PID"));
    drop(index);
    open(dir.path()).expect("free again");
}

#[test]
fn a_full_index() {
    let dir = temp();
    let options = EdgeOptions { points_max: 3, ..OPTIONS };
    let index = EdgeIndex::open(dir.path(), options).expect("an index");
    index.upsert(&[passage(1, 10), passage(2, 10)]).expect("stored");
    let points = [passage(2, 10), passage(3, 10), passage(4, 10)];
    insta::assert_snapshot!(index.upsert(&points).expect_err("full").to_string());
}

#[test]
fn places_where_no_index_can_be() {
    let dir = temp();
    std::fs::write(dir.path().join("file"), "text").expect("a file");
    let in_the_way = open(&dir.path().join("file")).expect_err("a file");
    // Nobody may write there, root neither.
    let closed = open("/proc/wayside".as_ref()).expect_err("no place");
    insta::assert_snapshot!(format!("{}\n\n{closed}\n", said(&in_the_way, dir.path())));
}

#[test]
fn directories_that_hold_something_else() {
    let dir = temp();
    let index = open(dir.path()).expect("an index");
    index.upsert(&[passage(1, 10)]).expect("stored");
    drop(index);
    let other = EdgeOptions { dimension: 128, ..OPTIONS };
    let mut errors = vec![EdgeIndex::open(dir.path(), other).expect_err("another dimension")];
    let manifest = dir.path().join("index.json");
    let kept = std::fs::read_to_string(&manifest).expect("a manifest");
    for text in ["{}", "not json", "{\"format\": 9}"] {
        std::fs::write(&manifest, text).expect("written");
        errors.push(open(dir.path()).expect_err("no manifest"));
    }
    std::fs::write(&manifest, kept.replace("\"generation\":1", "\"generation\":77")).expect("it");
    errors.push(open(dir.path()).expect_err("no folder"));
    insta::assert_snapshot!(list(errors).replace(&dir.path().display().to_string(), "DIR"));
}

/// What the engine says about damage is its own business; that it is an error, and which, is ours.
#[test]
fn a_damaged_directory_is_named() {
    let dir = temp();
    let index = open(dir.path()).expect("an index");
    let points: Vec<_> = (0..100).map(|n| passage(n, 10)).collect();
    index.upsert(&points).expect("stored");
    drop(index);
    let segments = dir.path().join("vectors-1/segments");
    let segment =
        std::fs::read_dir(&segments).expect("segments").next().expect("one").expect("one");
    std::fs::write(segment.path().join("segment.json"), "{ damaged").expect("damage");
    let error = open(dir.path()).expect_err("damaged");
    assert!(matches!(error, IndexError::Damaged { .. }), "{error}");
    let text = said(&error, dir.path());
    assert!(text.starts_with("the vector index DIR is damaged: "), "{text}");
    assert!(text.contains("\n  hint: look after the disk; move the directory away"), "{text}");
}

#[test]
fn a_server_that_does_not_answer() {
    // Nobody listens on a port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let options = ServerOptions {
        attempts_max: 2,
        backoff: Duration::from_millis(1),
        ..ServerOptions::new(&format!("http://127.0.0.1:{port}"), "passages", DIMENSION)
    };
    let error = ServerIndex::open(options.clone()).expect_err("nobody").to_string();
    // A listener that never says a word.
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let other = deaf.local_addr().expect("an address").port();
    let patience = Duration::from_millis(100);
    let url = format!("http://127.0.0.1:{other}");
    let silent = ServerIndex::open(ServerOptions { url, timeout: patience, ..options })
        .expect_err("silent")
        .to_string();
    insta::assert_snapshot!(format!(
        "{}\n\n{}\n",
        error.replace(&port.to_string(), "PORT"),
        silent.replace(&other.to_string(), "PORT")
    ));
}

#[test]
fn a_server_with_a_key_and_other_vectors() {
    let dir = temp();
    let api_key = Some("right".to_owned());
    let shim =
        Shim::start(dir.path(), ShimOptions { api_key: api_key.clone(), ..Default::default() })
            .expect("a server");
    let options = ServerOptions { api_key, ..ServerOptions::new(&shim.url(), "passages", 64) };
    ServerIndex::open(options.clone()).expect("an index");
    let wrong = Some("SECRET".to_owned());
    let errors = [
        ServerOptions { api_key: None, ..options.clone() },
        ServerOptions { api_key: wrong, ..options.clone() },
        ServerOptions { dimension: 128, ..options.clone() },
    ]
    .map(|options| ServerIndex::open(options).expect_err("refused"));
    let text = list(errors).replace(&shim.port().to_string(), "PORT");
    assert!(!text.contains("SECRET") && !format!("{options:?}").contains("right"), "{text}");
    insta::assert_snapshot!(text);
}
