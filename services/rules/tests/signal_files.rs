//! Messages about signal files.

use wayside_rules::signals::{SignalFileError, read_csv, read_jsonl};
use wayside_site::Site;

fn site() -> Site {
    Site::parse("road.toml", include_str!("scenarios/road.toml")).expect("a site")
}

fn show<T>(result: Result<Vec<T>, Vec<SignalFileError>>) -> String {
    match result {
        Ok(records) => format!("{} records", records.len()),
        Err(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

fn csv(text: &str) -> String {
    show(read_csv("signals.csv", text, &site()))
}

#[test]
fn sound_files_are_read() {
    let text = "group,time_s,state\nS,0,green\nS,5.25,red\n# a remark\nP,-3,red\nS,5.25,red\n";
    assert_eq!(csv(text), "4 records");
    let text = "{\"time_s\": 0, \"group\": \"S\", \"state\": \"red\"}\n\n{\"time_s\":1.5,\"group\":\"S\",\"state\":\"green\"}\n";
    assert_eq!(show(read_jsonl("signals.jsonl", text, &site())), "2 records");
    let jumps = "time_s,group,state\n0,S,green\n1,S,red\n2,S,yellow\n3,S,green\n";
    assert_eq!(csv(jumps), "4 records");
}

#[test]
fn messages_name_line_key_and_hint() {
    let cases = [
        ("empty", ""),
        ("header only", "time_s,group,state\n"),
        ("no header", "0,S,green\n1,S,red\n"),
        ("another column", "time_s,group,state,note\n0,S,red,x\n"),
        ("states", "time_s,group,state\n0,S,gren\n1,S,R\n2,S,flashing\n"),
        (
            "numbers",
            "time_s,group,state\nx,S,red\nNaN,S,red\ninf,S,red\n1780000000,S,red\n1;5,S,red\n",
        ),
        ("backwards", "time_s,group,state\n5,S,red\n0,P,red\n4.5,S,green\n"),
        ("overlap", "time_s,group,state\n5,S,red\n5,S,green\n"),
        ("groups", "time_s,group,state\n0,s,red\n0,north,red\n0,,red\n"),
        ("columns", "time_s,group,state\n0,S\n"),
    ];
    let text: Vec<String> =
        cases.iter().map(|(name, text)| format!("-- {name}\n{}", csv(text))).collect();
    insta::assert_snapshot!("csv", text.join("\n"));
}

#[test]
fn messages_of_json_lines() {
    let lines = [
        r#"{"time_s": 0, "group": "S", "state": "red"}"#,
        r#"{"time_s": 1, "group": "S"}"#,
        r#"{"time_s": "1", "group": "S", "state": "red"}"#,
        r#"{"time_s": 1, "group": "S", "state": "rad"}"#,
        r#"{"time_s": 1, "group": "S", "state": "red", "since": 0}"#,
        r#"{"time_s": 1, "group""#,
        r#"{"time_s": 1e400, "group": "S", "state": "red"}"#,
    ];
    let result = read_jsonl("signals.jsonl", &lines.join("\n"), &site());
    insta::assert_snapshot!("jsonl", show(result));
}

#[test]
fn a_million_rows_are_the_limit() {
    let mut text = String::from("time_s,group,state\n");
    for row in 0..=wayside_rules::signals::ROWS_MAX {
        text.push_str(if row % 2 == 0 { "0,S,red\n" } else { "0,P,red\n" });
    }
    insta::assert_snapshot!("rows", csv(&text));
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "(time_s,group,state\n)?([-0-9.eNa, \"{}:SPredgn\n]{0,80}\n){0,5}") {
        let site = site();
        let _ = read_csv("a", &text, &site);
        let _ = read_jsonl("a", &text, &site);
    }
}
