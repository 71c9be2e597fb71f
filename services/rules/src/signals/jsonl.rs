//! Reads a controller's log as JSON lines.

use serde::Deserialize;
use wayside_site::Site;

use super::rows::{RawRow, Rows};
use super::{SignalFileError, SignalRecord};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    time_s: serde_json::Value,
    group: String,
    state: String,
}

/// Records of a log of JSON lines, each `{"time_s": 0.0, "group": "N", "state": "red"}`. Empty
/// lines are skipped. Otherwise as [`super::read_csv`].
///
/// # Errors
/// What is wrong with it, in the order of the file, at most 20 things.
pub fn read_jsonl(
    file: &str,
    text: &str,
    site: &Site,
) -> Result<Vec<SignalRecord>, Vec<SignalFileError>> {
    let mut rows = Rows::new(file, site);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (number, line_text) in (1u64..).zip(text.lines()) {
        if line_text.trim().is_empty() {
            continue;
        }
        let parsed: Line = match serde_json::from_str(line_text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let hint = r#"write {"time_s": 0.0, "group": "N", "state": "red"}"#.to_owned();
                // The position inside the one line would be read as the file's.
                let problem = error.to_string();
                let problem = problem.split(" at line ").next().unwrap_or_default().to_owned();
                if rows.wrong(number, "line", problem, Some(hint)) {
                    continue;
                }
                break;
            }
        };
        let time_text = parsed.time_s.to_string();
        let row = RawRow {
            line: number,
            time_s: parsed.time_s.as_f64(),
            time_text: &time_text,
            group: &parsed.group,
            state: &parsed.state,
        };
        if !rows.take(&row) {
            break;
        }
    }
    rows.finish()
}
