//! Letters for a person.

use std::fmt::Write;

use super::requeue::{Became, Done};
use super::{Entry, decode};
use crate::whatif::differ::instant;

/// Most characters of an error in the table.
const ERROR_CHARS_MAX: usize = 100;
/// Bytes of a line of a hex dump.
const ROW_BYTES: usize = 16;

/// The groups, then the last `limit` letters.
#[must_use]
pub fn list(
    place: &str,
    entries: &[Entry],
    groups: &[(u64, String, String)],
    left_out: u64,
    limit: usize,
) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let requeued = entries.iter().filter(|entry| entry.requeued).count();
    let letters = counted(entries.len(), "dead letter");
    let _ = match requeued {
        0 => writeln!(text, "{letters} in {place}"),
        n => writeln!(text, "{letters} in {place}; the records of {n} were put back"),
    };
    if left_out > 0 {
        let _ = writeln!(text, "{left_out} older ones are not shown: there are too many");
    }
    if !groups.is_empty() {
        text.push('\n');
    }
    for (count, topic, error) in groups {
        let _ = writeln!(text, "{count:>8}  {topic}: {}", short(error));
    }
    let shown = entries.get(entries.len().saturating_sub(limit)..).unwrap_or_default();
    if shown.is_empty() {
        return text;
    }
    let _ = writeln!(
        text,
        "\n{:<8} {:<24} {:<34} {:<20} {:>8}  {:<16} error",
        "letter",
        "time of the record (UTC)",
        "from topic/partition/offset",
        "key",
        "bytes",
        "consumer"
    );
    for entry in shown {
        row(&mut text, entry);
    }
    if shown.len() < entries.len() {
        let _ = writeln!(text, "the last {} of {}; --limit shows more", shown.len(), entries.len());
    }
    text
}

fn row(text: &mut String, entry: &Entry) {
    let (place, time) = (entry.place.to_string(), instant(entry.time));
    let line = match &entry.letter {
        Err(why) => format!(
            "{place:<8} {time:<24} {:<34} the letter itself cannot be read: {}",
            entry.topic,
            short(why)
        ),
        Ok(letter) => format!(
            "{place:<8} {time:<24} {:<34} {:<20} {:>8}  {:<16} {}{}",
            format!("{}/{}/{}", letter.topic, letter.partition, letter.offset),
            plain(&letter.key),
            letter.value_bytes,
            plain(&letter.consumer),
            if entry.requeued { "(put back) " } else { "" },
            short(&letter.error)
        ),
    };
    let _ = writeln!(text, "{line}");
}

/// One letter with at most `bytes_max` bytes of its record.
#[must_use]
pub fn show(entry: &Entry, requeued: bool, bytes_max: usize) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<10} {value}");
    };
    line("letter", &entry.place.to_string());
    let letter = match &entry.letter {
        Ok(letter) => letter,
        Err(why) => {
            line("topic", &plain(&entry.topic));
            line("time", &format!("{} UTC", instant(entry.time)));
            line("problem", &format!("the letter itself cannot be read: {}", plain(why)));
            return text;
        }
    };
    line("topic", &plain(&letter.topic));
    line("partition", &letter.partition.to_string());
    line("offset", &letter.offset.to_string());
    line("key", &plain(&letter.key));
    line("time", &format!("{} UTC", instant(letter.time)));
    line("id", &letter.id.as_deref().map_or("none".to_owned(), plain));
    line("consumer", &plain(&letter.consumer));
    line("error", &plain(&letter.error));
    line("put back", if requeued { "yes" } else { "no" });
    match decode::of_letter(letter) {
        Ok((_, message)) => line("now", &format!("this version can read it: {message}")),
        Err(why) => line("now", &format!("it cannot be put back: {}", plain(&why))),
    }
    let kept = if letter.is_perishable() { 0 } else { letter.value.len() };
    line("bytes", &format!("{}, of which the letter has {kept}", letter.value_bytes));
    let shown = letter.value.get(..kept.min(bytes_max)).unwrap_or_default();
    dump(&mut text, shown);
    if shown.len() < kept {
        let _ = writeln!(text, "  and {} more; --bytes {kept} shows them", kept - shown.len());
    }
    text
}

fn dump(text: &mut String, bytes: &[u8]) {
    for (row, chunk) in bytes.chunks(ROW_BYTES).enumerate() {
        let hex: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
        let letters: String = chunk
            .iter()
            .map(|byte| if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '.' })
            .collect();
        let _ = writeln!(text, "  {:06x}  {:<47}  {letters}", row * ROW_BYTES, hex.join(" "));
    }
}

/// What was put back and what was not.
#[must_use]
pub fn requeue(done: &[Done]) -> String {
    let mut text = String::new();
    let count = |what: fn(&Became) -> bool| done.iter().filter(|done| what(&done.became)).count();
    for done in done {
        let words = match &done.became {
            Became::Requeued(words) => words.clone(),
            Became::Before => "was put back before".to_owned(),
            Became::Left(why) => format!("NOT put back: {}", plain(why)),
        };
        let _ = writeln!(text, "{:<8} {}: {words}", done.place.to_string(), plain(&done.topic));
    }
    let _ = writeln!(
        text,
        "{} put back, {} before, {} left",
        count(|became| matches!(became, Became::Requeued(_))),
        count(|became| matches!(became, Became::Before)),
        count(|became| matches!(became, Became::Left(_)))
    );
    text
}

fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

fn short(text: &str) -> String {
    let text = plain(text);
    if text.chars().count() <= ERROR_CHARS_MAX {
        return text;
    }
    text.chars().take(ERROR_CHARS_MAX).chain("...".chars()).collect()
}

/// Without what could move a terminal's cursor: these texts come from whoever wrote the record.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}
