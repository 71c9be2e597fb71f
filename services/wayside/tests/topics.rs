//! `wayside topics` against a real Apache Kafka.

use std::process::{Command, Stdio};

use wayside_broker::{Broker, skip};

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the program as a script would: nobody answers.
fn wayside(brokers: &str, prefix: &str, arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_wayside"))
        .args(["topics"])
        .args(arguments)
        .args(["--kafka", brokers, "--kafka-prefix", prefix])
        .env_remove("WAYSIDE_KAFKA_CONFIG")
        .env_remove("WAYSIDE_KAFKA_PASSWORD")
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    let text = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes).replace(brokers, "HOST:PORT").replace(prefix, "")
    };
    Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

#[test]
fn what_differs_is_shown_and_applied_when_asked() {
    if skip() {
        return;
    }
    let broker = Broker::shared().unwrap_or_else(|error| panic!("{error}"));
    let run = |arguments: &[&str]| wayside(broker.bootstrap(), "topics-test.", arguments);

    let dry = run(&["apply", "--partitions", "3", "--dry-run"]);
    assert_eq!(dry.code, Some(5), "{}", dry.err);
    insta::assert_snapshot!("all_are_missing", dry.out);
    let unasked = run(&["apply", "--partitions", "3"]);
    assert_eq!((unasked.code, unasked.out), (Some(5), dry.out), "nobody said yes");
    assert!(unasked.err.contains("nothing was changed; --yes does it"), "{}", unasked.err);
    assert_eq!(run(&["show", "--partitions", "3"]).code, Some(5), "they are missing still");

    let made = run(&["apply", "--partitions", "3", "--yes"]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    assert!(made.out.ends_with("done\n"), "{}", made.out);
    let again = run(&["apply"]);
    assert_eq!(again.code, Some(0), "there is nothing to ask: {}", again.err);
    insta::assert_snapshot!("all_is_as_planned", again.out);

    let more = run(&["show", "--partitions", "5"]);
    assert_eq!(more.code, Some(5));
    insta::assert_snapshot!("more_partitions", more.out);
    let fewer = run(&["apply", "--partitions", "2", "--yes"]);
    assert_eq!(fewer.code, Some(4), "Kafka takes none away");
    insta::assert_snapshot!("fewer_partitions", fewer.out);

    let json = run(&["show", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(told["topics"].as_array().map(Vec::len), Some(12));
    assert_eq!(told["topics"][0]["settings"]["retention.ms"], "86400000");
    assert_eq!((told["applied"].as_bool(), json.code), (Some(false), Some(0)));
}

#[test]
fn without_brokers_it_says_so() {
    let nobody = wayside("127.0.0.1:9", "x.", &["show"]);
    assert_eq!(nobody.code, Some(1));
    assert!(nobody.err.contains("HOST:PORT cannot be reached"), "{}", nobody.err);
    let none = Command::new(env!("CARGO_BIN_EXE_wayside"))
        .args(["topics", "show"])
        .env_remove("WAYSIDE_KAFKA")
        .output()
        .expect("it runs");
    assert_eq!(none.status.code(), Some(2));
}
