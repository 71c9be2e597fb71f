//! Walks through the tables of a fault file.

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::value::Item;
use super::{FAULTS_MAX, FaultFileError, ScheduledFault};
use crate::faults::{Fault, FaultKind};

/// A week: faults begin and end within it.
const TIME_S_MAX: f64 = 604_800.0;
/// A century: clocks do not jump further.
const JUMP_S_MAX: f64 = 3.2e9;

/// What each kind takes, besides `at_s`, `kind` and `for_s`.
const KINDS: [(&str, &[&str]); 8] = [
    ("stop", &[]),
    ("hang", &[]),
    ("garbage", &["seed"]),
    ("clock_jump", &["jump_s"]),
    ("frame_loss", &["share", "seed"]),
    ("half_open", &[]),
    ("switch", &["file"]),
    ("resolution", &["width_px", "height_px"]),
];
const COMMON: [&str; 3] = ["at_s", "kind", "for_s"];

const EXAMPLE: &str =
    "write for example: [[fault]] at_s = 10.0, kind = \"stop\", for_s = 5.0 (one key a line)";

/// A file that is being read.
pub(super) struct Reading<'a> {
    pub(super) name: &'a Path,
    text: &'a str,
    pub(super) errors: Vec<(usize, FaultFileError)>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(name: &'a Path, text: &'a str) -> Self {
        Self { name, text, errors: Vec::new() }
    }

    pub(super) fn error(&mut self, at: &Range<usize>, key: &str, problem: String, hint: &str) {
        let before = self.text.as_bytes().iter().take(at.start);
        let error = FaultFileError {
            file: self.name.display().to_string(),
            line: before.filter(|byte| **byte == b'\n').count() + 1,
            key: key.to_owned(),
            problem,
            hint: hint.to_owned(),
        };
        if self.errors.len() < FAULTS_MAX {
            self.errors.push((at.start, error));
        }
    }

    pub(super) fn file(&mut self) -> Vec<ScheduledFault> {
        let root = match DeTable::parse(self.text) {
            Ok(root) => root.into_inner(),
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                let problem = error.message().trim().to_owned();
                self.error(
                    &at,
                    "",
                    problem,
                    "the file is TOML: `[[fault]]`, then lines `key = value`",
                );
                return Vec::new();
            }
        };
        for key in root.keys().filter(|key| key.get_ref() != "fault") {
            let problem = "unknown key".to_owned();
            self.error(&key.span(), key.get_ref(), problem, "the file has `[[fault]]` tables only");
        }
        let Some((key, faults)) = root.get_key_value("fault") else {
            if root.is_empty() {
                self.error(&(0..0), "", "the file has no fault".to_owned(), EXAMPLE);
            }
            return Vec::new();
        };
        let Some(list) = faults.get_ref().as_array() else {
            self.error(&key.span(), "fault", "is not a list of tables".to_owned(), EXAMPLE);
            return Vec::new();
        };
        if list.len() > FAULTS_MAX {
            let problem = format!("{} faults are more than {FAULTS_MAX}", list.len());
            self.error(&key.span(), "fault", problem, "split the file");
            return Vec::new();
        }
        let tables = list.iter().enumerate();
        tables.filter_map(|(number, table)| self.fault(number, table)).collect()
    }

    fn fault(&mut self, number: usize, item: &Spanned<DeValue<'a>>) -> Option<ScheduledFault> {
        let name = format!("fault[{number}]");
        let Some(table) = item.get_ref().as_table() else {
            self.error(&item.span(), &name, "is not a table".to_owned(), EXAMPLE);
            return None;
        };
        let span = item.span();
        let Some(kind) = table.get("kind") else {
            self.error(&span, &format!("{name}.kind"), "is missing".to_owned(), &kinds());
            return None;
        };
        let known = kind.get_ref().as_str().and_then(|kind| KINDS.iter().find(|row| row.0 == kind));
        let Some((kind, own)) = known else {
            let problem = match kind.get_ref().as_str() {
                Some(kind) => format!("there is no fault `{kind}`"),
                None => "is not a text".to_owned(),
            };
            let hint = near(kind.get_ref().as_str().unwrap_or(""), KINDS.iter().map(|row| row.0))
                .map_or_else(kinds, |name| format!("did you mean `{name}`?"));
            self.error(&kind.span(), &format!("{name}.kind"), problem, &hint);
            return None;
        };
        self.keys(&name, table, kind, own);
        let fault = Item { name: &name, table, span: &span };
        let at_s = self.number(&fault, "at_s", true, 0.0..=TIME_S_MAX, "seconds since the start");
        let for_s = self.number(&fault, "for_s", false, 0.001..=TIME_S_MAX, "seconds");
        let kind = self.kind(&fault, kind);
        Some(ScheduledFault {
            at: Duration::from_secs_f64(at_s?),
            fault: Fault { kind: kind?, lasts: for_s.map(Duration::from_secs_f64) },
        })
    }

    fn keys(&mut self, name: &str, table: &DeTable<'a>, kind: &str, own: &[&str]) {
        for key in table.keys() {
            let given: &str = key.get_ref();
            if COMMON.contains(&given) || own.contains(&given) {
                continue;
            }
            let all = || COMMON.iter().chain(own).copied();
            let (problem, hint) = if KINDS.iter().any(|row| row.1.contains(&given)) {
                let names: Vec<&str> = all().collect();
                (format!("does not belong to `{kind}`"), format!("it takes {}", names.join(", ")))
            } else if let Some(meant) = near(given, all()) {
                ("unknown key".to_owned(), format!("did you mean `{meant}`?"))
            } else {
                let names: Vec<&str> = all().collect();
                ("unknown key".to_owned(), format!("`{kind}` takes {}", names.join(", ")))
            };
            self.error(&key.span(), &format!("{name}.{given}"), problem, &hint);
        }
    }

    fn kind(&mut self, item: &Item<'_, 'a>, kind: &str) -> Option<FaultKind> {
        Some(match kind {
            "stop" => FaultKind::Stop,
            "hang" => FaultKind::Hang,
            "half_open" => FaultKind::HalfOpen,
            "garbage" => FaultKind::Garbage { seed: self.seed(item)? },
            "clock_jump" => FaultKind::ClockJump {
                jump_s: self.number(item, "jump_s", true, -JUMP_S_MAX..=JUMP_S_MAX, "seconds")?,
            },
            "frame_loss" => {
                let share = self.number(item, "share", true, 1e-6..=1.0, "a share");
                FaultKind::FrameLoss { seed: self.seed(item)?, share: share? }
            }
            "switch" => FaultKind::Switch { file: self.path(item)? },
            _ => {
                let (width, height) = (self.side(item, "width_px"), self.side(item, "height_px"));
                FaultKind::Resolution { width_px: width?, height_px: height? }
            }
        })
    }
}

fn kinds() -> String {
    let names: Vec<&str> = KINDS.iter().map(|row| row.0).collect();
    format!("there is {}", names.join(", "))
}

/// The one of `known` that was probably meant.
fn near<'k>(given: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let given: String = given.chars().take(64).collect();
    known
        .map(|name| (strsim::damerau_levenshtein(&given, name), name))
        .filter(|(distance, _)| *distance <= given.chars().count() / 3)
        .min()
        .map(|(_, name)| name)
}
