//! Reads a controller's log as CSV: `time_s,group,state`.

use wayside_site::Site;

use super::rows::{RawRow, Rows};
use super::{SignalFileError, SignalRecord};

const COLUMNS: [&str; 3] = ["time_s", "group", "state"];

/// Records of a CSV log. The header is `time_s,group,state` in any order; further columns are not
/// allowed. `time_s` counts from `site.start`; a row at 0 gives the state in force. `file` is the
/// name for messages.
///
/// # Errors
/// What is wrong with it, in the order of the file, at most 20 things.
pub fn read_csv(
    file: &str,
    text: &str,
    site: &Site,
) -> Result<Vec<SignalRecord>, Vec<SignalFileError>> {
    let mut rows = Rows::new(file, site);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let places = match reader.headers() {
        Ok(header) => header_places(header),
        Err(error) => Err((error.to_string(), None)),
    };
    let places = match places {
        Ok(places) => places,
        Err((problem, hint)) => {
            rows.wrong(1, "header", problem, hint);
            return rows.finish();
        }
    };
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                rows.wrong(line, "row", error.to_string(), None);
                break;
            }
        }
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != COLUMNS.len() {
            let problem = format!("there are {} columns instead of 3", record.len());
            if !rows.wrong(line, "row", problem, None) {
                break;
            }
            continue;
        }
        let [time, group, state] = places.map(|place| record.get(place).unwrap_or_default());
        let time_s = time.parse::<f64>().ok();
        if !rows.take(&RawRow { line, time_s, time_text: time, group, state }) {
            break;
        }
    }
    rows.finish()
}

fn header_places(header: &csv::StringRecord) -> Result<[usize; 3], (String, Option<String>)> {
    let mut places = [0; 3];
    for (place, name) in places.iter_mut().zip(COLUMNS) {
        let Some(at) = header.iter().position(|column| column == name) else {
            let found: Vec<_> = header.iter().collect();
            let problem = format!("the header has no `{name}`; it is `{}`", found.join(","));
            return Err((problem, Some("begin the file with `time_s,group,state`".to_owned())));
        };
        *place = at;
    }
    if header.len() != COLUMNS.len() {
        let problem = format!("the header has {} columns instead of 3", header.len());
        return Err((problem, Some("keep `time_s,group,state` only".to_owned())));
    }
    Ok(places)
}
