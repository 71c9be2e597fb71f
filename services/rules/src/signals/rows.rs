//! The checks that CSV and JSON lines share.

use std::collections::BTreeMap;

use wayside_proto::{EventTime, SignalColour};
use wayside_site::Site;

use super::{SignalFileError, SignalRecord, SignalSource};

/// Rows that a signal file may have.
pub const ROWS_MAX: usize = 1_000_000;
/// Errors that are reported before reading stops.
const ERRORS_MAX: usize = 20;
/// Seconds from `site.start` that a row may lie away from it: ten years.
const TIME_S_MAX: f64 = 10.0 * 366.0 * 86_400.0;

/// Collects rows and what is wrong with them.
pub(super) struct Rows<'a> {
    file: &'a str,
    site: &'a Site,
    last: BTreeMap<String, (EventTime, SignalColour, u64)>,
    records: Vec<SignalRecord>,
    errors: Vec<SignalFileError>,
}

/// One row as text, before it is believed.
pub(super) struct RawRow<'a> {
    pub(super) line: u64,
    pub(super) time_s: Option<f64>,
    pub(super) time_text: &'a str,
    pub(super) group: &'a str,
    pub(super) state: &'a str,
}

impl<'a> Rows<'a> {
    pub(super) fn new(file: &'a str, site: &'a Site) -> Self {
        Self { file, site, last: BTreeMap::new(), records: Vec::new(), errors: Vec::new() }
    }

    /// Notes what is wrong. False once enough has been found.
    pub(super) fn wrong(
        &mut self,
        line: u64,
        key: &str,
        problem: String,
        hint: Option<String>,
    ) -> bool {
        let file = self.file.to_owned();
        self.errors.push(SignalFileError { file, line, key: key.to_owned(), problem, hint });
        self.errors.len() < ERRORS_MAX
    }

    /// Takes a row. False where reading should stop.
    pub(super) fn take(&mut self, row: &RawRow<'_>) -> bool {
        if self.records.len() >= ROWS_MAX {
            let problem = format!("there are more than {ROWS_MAX} rows");
            let hint = "give changes only, or cut the log to the time of the recording";
            self.wrong(row.line, "rows", problem, Some(hint.to_owned()));
            return false;
        }
        let Some(time) = self.time(row) else { return self.errors.len() < ERRORS_MAX };
        let Some(state) = self.state(row) else { return self.errors.len() < ERRORS_MAX };
        if !self.known_group(row) {
            return self.errors.len() < ERRORS_MAX;
        }
        if let Some(&(before, other, line)) = self.last.get(row.group) {
            if time < before {
                let problem = format!(
                    "time runs backwards for group `{}`: line {line} is {:.3} s later",
                    row.group,
                    before.since_s(time)
                );
                let hint = "sort the rows of each group by time".to_owned();
                return self.wrong(row.line, "time_s", problem, Some(hint));
            }
            if time == before && state != other {
                let problem = format!(
                    "group `{}` is {} here and {} on line {line} at the same time",
                    row.group,
                    state.as_str(),
                    other.as_str()
                );
                let hint = "states of a group must not overlap: keep one of the two".to_owned();
                return self.wrong(row.line, "state", problem, Some(hint));
            }
        }
        self.last.insert(row.group.to_owned(), (time, state, row.line));
        self.records.push(SignalRecord {
            time,
            group: row.group.to_owned(),
            state,
            source: SignalSource::Log,
        });
        true
    }

    fn time(&mut self, row: &RawRow<'_>) -> Option<EventTime> {
        match row.time_s {
            Some(seconds) if seconds.is_finite() && seconds.abs() <= TIME_S_MAX => {
                return Some(self.site.start().plus_s(seconds));
            }
            Some(seconds) if seconds.is_finite() => {
                let problem = format!("`{}` is more than ten years from the start", row.time_text);
                let hint = "give seconds from `site.start`, not an epoch".to_owned();
                self.wrong(row.line, "time_s", problem, Some(hint));
            }
            _ => {
                let problem = format!("`{}` is not a number of seconds", row.time_text);
                let hint = "give seconds from `site.start` with a decimal point".to_owned();
                self.wrong(row.line, "time_s", problem, Some(hint));
            }
        }
        None
    }

    fn state(&mut self, row: &RawRow<'_>) -> Option<SignalColour> {
        let state = SignalColour::parse(row.state);
        if state.is_none() {
            let near = nearest(row.state, ["red", "yellow", "green"].into_iter());
            let hint = near.map_or_else(
                || {
                    "a state is `red`, `yellow` or `green`; write red-and-yellow as `red`"
                        .to_owned()
                },
                |name| format!("did you mean `{name}`?"),
            );
            self.wrong(row.line, "state", format!("`{}` is no state", row.state), Some(hint));
        }
        state
    }

    fn known_group(&mut self, row: &RawRow<'_>) -> bool {
        let groups = &self.site.file().signal_groups;
        if row.group.is_empty() {
            self.wrong(row.line, "group", "the group is empty".to_owned(), None);
            return false;
        }
        if groups.is_empty() || groups.iter().any(|group| group.id == row.group) {
            return true;
        }
        let hint = match nearest(row.group, groups.iter().map(|group| group.id.as_str())) {
            Some(id) => format!("did you mean `{id}`?"),
            None => "add it to the site file as a `[[signal_group]]`".to_owned(),
        };
        let problem = format!("the site has no signal group `{}`", row.group);
        self.wrong(row.line, "group", problem, Some(hint));
        false
    }

    /// The records, or what is wrong.
    pub(super) fn finish(mut self) -> Result<Vec<SignalRecord>, Vec<SignalFileError>> {
        if self.errors.is_empty() && self.records.is_empty() {
            let hint = "give at least the state in force at 0 for each group".to_owned();
            self.wrong(1, "rows", "there are no rows".to_owned(), Some(hint));
        }
        if self.errors.is_empty() { Ok(self.records) } else { Err(self.errors) }
    }
}

/// The name that was probably meant: the same but for case, an abbreviation, or a slip.
fn nearest<'n>(text: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let text = text.to_ascii_lowercase();
    let distance = |name: &str| {
        let name = name.to_ascii_lowercase();
        if name.starts_with(&text) { 0 } else { strsim::damerau_levenshtein(&name, &text) }
    };
    let slips_max = text.chars().count() / 3;
    names
        .map(|name| (distance(name), name))
        .filter(|(distance, _)| *distance <= slips_max)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
