//! Letters for a script: one object for each command.

use serde_json::{Value, json};
use wayside_proto::json::dead_letter_line;

use super::requeue::{Became, Done};
use super::{Entry, decode};

/// The groups, and the last `limit` letters without the bytes of their records.
#[must_use]
pub fn list(
    entries: &[Entry],
    groups: &[(u64, String, String)],
    left_out: u64,
    limit: usize,
) -> Value {
    let shown = entries.get(entries.len().saturating_sub(limit)..).unwrap_or_default();
    let letters: Vec<Value> = shown
        .iter()
        .map(|entry| {
            let mut letter = object(entry, entry.requeued);
            if let Some(letter) = letter.as_object_mut() {
                letter.remove("value");
            }
            letter
        })
        .collect();
    let groups: Vec<Value> = groups
        .iter()
        .map(|(count, topic, error)| json!({ "letters": count, "topic": topic, "error": error }))
        .collect();
    json!({
        "count": entries.len(),
        "groups": groups,
        "letters": letters,
        "left_out": left_out + (entries.len() - shown.len()) as u64,
    })
}

/// One letter, with the bytes of its record in hex, and what this version makes of them.
#[must_use]
pub fn show(entry: &Entry, requeued: bool) -> Value {
    let mut object = object(entry, requeued);
    let read = entry.letter.as_ref().map_err(Clone::clone).and_then(decode::of_letter);
    if let Some(object) = object.as_object_mut() {
        let (message, problem) = match read {
            Ok((_, line)) => (serde_json::from_str(&line).unwrap_or(Value::Null), Value::Null),
            Err(why) => (Value::Null, Value::from(why)),
        };
        object.insert("message".to_owned(), message);
        object.insert("problem".to_owned(), problem);
    }
    object
}

/// What was put back and what was not.
#[must_use]
pub fn requeue(done: &[Done]) -> Value {
    let each: Vec<Value> = done
        .iter()
        .map(|done| {
            let (became, words) = match &done.became {
                Became::Requeued(words) => ("requeued", words.as_str()),
                Became::Before => ("requeued_before", ""),
                Became::Left(why) => ("left", why.as_str()),
            };
            json!({
                "letter": done.place.to_string(), "topic": done.topic,
                "became": became, "detail": words,
            })
        })
        .collect();
    json!({ "letters": each })
}

fn object(entry: &Entry, requeued: bool) -> Value {
    let mut object = match &entry.letter {
        Ok(letter) => serde_json::from_str(&dead_letter_line(letter)).unwrap_or(Value::Null),
        Err(why) => json!({
            "topic": entry.topic, "time": entry.time.to_string(),
            "error": format!("the letter itself cannot be read: {why}"),
        }),
    };
    if let Some(object) = object.as_object_mut() {
        object.insert("letter".to_owned(), entry.place.to_string().into());
        object.insert("requeued".to_owned(), requeued.into());
    }
    object
}
