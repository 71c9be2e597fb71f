//! Reads the values of a fault: there, of the right type, in range.

use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::table::Reading;

const SIDE_PX: RangeInclusive<i64> = 16..=4_096;
/// Seed where none is given.
const SEED: u64 = 1;

/// One table of the file.
pub(super) struct Item<'t, 'a> {
    pub(super) name: &'t str,
    pub(super) table: &'t DeTable<'a>,
    pub(super) span: &'t Range<usize>,
}

impl Item<'_, '_> {
    fn key(&self, key: &str) -> String {
        format!("{}.{key}", self.name)
    }
}

impl<'a> Reading<'a> {
    /// None where it is absent and needed not be, or wrong.
    pub(super) fn number(
        &mut self,
        item: &Item<'_, 'a>,
        key: &str,
        needed: bool,
        range: RangeInclusive<f64>,
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

    pub(super) fn seed(&mut self, item: &Item<'_, 'a>) -> Option<u64> {
        if !item.table.contains_key("seed") {
            return Some(SEED);
        }
        let seed = self.integer(item, "seed", "give a whole number from 0", |seed| seed >= 0)?;
        u64::try_from(seed).ok()
    }

    pub(super) fn side(&mut self, item: &Item<'_, 'a>, key: &str) -> Option<u32> {
        let hint = "give an even number of pixels, 16 to 4096";
        let side = self.integer(item, key, hint, |px| SIDE_PX.contains(&px) && px % 2 == 0)?;
        u32::try_from(side).ok()
    }

    pub(super) fn path(&mut self, item: &Item<'_, 'a>) -> Option<PathBuf> {
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

fn whole(number: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
}
