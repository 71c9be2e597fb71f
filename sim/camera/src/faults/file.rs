//! The fault file.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Fault, FaultKind};

/// A fault and when it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduledFault {
    /// Time since the server's start.
    pub at: Duration,
    /// The fault.
    pub fault: Fault,
}

/// One thing that is wrong in a fault file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultFileError {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Key, for example `fault[0].for_s`; positions count from 0.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for FaultFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, key, problem, hint } = self;
        write!(f, "{file}:{line}: ")?;
        if !key.is_empty() {
            write!(f, "{key}: ")?;
        }
        write!(f, "{problem}\n  hint: {hint}")
    }
}

/// Everything that is wrong in a fault file, in the order of the file; at least one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultFileErrors(pub Vec<FaultFileError>);

impl fmt::Display for FaultFileErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, error) in self.0.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for FaultFileErrors {}

/// More faults than these are refused.
const FAULTS_MAX: usize = 1_000;
/// A week: faults begin and end within it.
const TIME_S_MAX: f64 = 604_800.0;
/// A century: clocks do not jump further.
const JUMP_S_MAX: f64 = 3.2e9;
const SIDE_PX: std::ops::RangeInclusive<i64> = 16..=4_096;
/// Seed where none is given.
const SEED: u64 = 1;

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

/// The faults of a file named `name` with this text, in the order of their beginning. Paths in it
/// are relative to the file's folder.
///
/// # Errors
/// Everything that is wrong, each with line and key.
pub fn parse_faults(name: &Path, text: &str) -> Result<Vec<ScheduledFault>, FaultFileErrors> {
    let mut reading = Reading { name, text, errors: Vec::new() };
    let mut faults = reading.file();
    if reading.errors.is_empty() {
        faults.sort_by_key(|fault| fault.at);
        return Ok(faults);
    }
    reading.errors.sort_by_key(|(offset, _)| *offset);
    Err(FaultFileErrors(reading.errors.into_iter().map(|(_, error)| error).collect()))
}

struct Reading<'a> {
    name: &'a Path,
    text: &'a str,
    errors: Vec<(usize, FaultFileError)>,
}

type Table<'a> = DeTable<'a>;

impl<'a> Reading<'a> {
    fn error(&mut self, at: &Range<usize>, key: &str, problem: String, hint: &str) {
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

    fn file(&mut self) -> Vec<ScheduledFault> {
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

    fn keys(&mut self, name: &str, table: &Table<'a>, kind: &str, own: &[&str]) {
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

    /// None where it is absent and needed not be, or wrong.
    fn number(
        &mut self,
        item: &Item<'_, 'a>,
        key: &str,
        needed: bool,
        range: std::ops::RangeInclusive<f64>,
        what: &str,
    ) -> Option<f64> {
        let bounds = format!("give {what}, {} to {}", range.start(), range.end());
        let value = self.value(item, key, needed, &bounds)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => whole(number).map(|number| number as f64),
            DeValue::Float(number) => number.as_str().replace('_', "").parse::<f64>().ok(),
            _ => None,
        };
        if let Some(number) = number.filter(|number| range.contains(number)) {
            return Some(number);
        }
        let problem = match number {
            Some(number) => format!("{number} is out of range"),
            None => "is not a number".to_owned(),
        };
        self.error(&value.span(), &item.key(key), problem, &bounds);
        None
    }

    fn integer(
        &mut self,
        item: &Item<'_, 'a>,
        key: &str,
        hint: &str,
        sound: impl Fn(i64) -> bool,
    ) -> Option<i64> {
        let value = self.value(item, key, true, hint)?;
        let number = value.get_ref().as_integer().and_then(whole);
        if let Some(number) = number.filter(|number| sound(*number)) {
            return Some(number);
        }
        let problem = match number {
            Some(number) => format!("{number} is out of range"),
            None => "is not a whole number".to_owned(),
        };
        self.error(&value.span(), &item.key(key), problem, hint);
        None
    }

    fn seed(&mut self, item: &Item<'_, 'a>) -> Option<u64> {
        if !item.table.contains_key("seed") {
            return Some(SEED);
        }
        let seed = self.integer(item, "seed", "give a whole number from 0", |seed| seed >= 0)?;
        u64::try_from(seed).ok()
    }

    fn side(&mut self, item: &Item<'_, 'a>, key: &str) -> Option<u32> {
        let hint = "give an even number of pixels, 16 to 4096";
        let side = self.integer(item, key, hint, |px| SIDE_PX.contains(&px) && px % 2 == 0)?;
        u32::try_from(side).ok()
    }

    fn path(&mut self, item: &Item<'_, 'a>) -> Option<PathBuf> {
        let hint = "give the path of a recording, relative to this file";
        let value = self.value(item, "file", true, hint)?;
        match value.get_ref().as_str().filter(|path| !path.is_empty()) {
            Some(path) => Some(self.name.parent().unwrap_or(Path::new("")).join(path)),
            None => {
                let problem = "is not a path".to_owned();
                self.error(&value.span(), &item.key("file"), problem, hint);
                None
            }
        }
    }

    fn value<'t>(
        &mut self,
        item: &Item<'t, 'a>,
        key: &str,
        needed: bool,
        hint: &str,
    ) -> Option<&'t Spanned<DeValue<'a>>> {
        let value = item.table.get(key);
        if value.is_none() && needed {
            self.error(item.span, &item.key(key), "is missing".to_owned(), hint);
        }
        value
    }
}

/// One table of the file.
struct Item<'t, 'a> {
    name: &'t str,
    table: &'t Table<'a>,
    span: &'t Range<usize>,
}

impl Item<'_, '_> {
    fn key(&self, key: &str) -> String {
        format!("{}.{key}", self.name)
    }
}

const EXAMPLE: &str =
    "write for example: [[fault]] at_s = 10.0, kind = \"stop\", for_s = 5.0 (one key a line)";

fn whole(number: &toml::de::DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
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
