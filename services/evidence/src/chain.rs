//! The chain of a site's packages in the store: names of objects, marks, the end.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wayside_proto::{EventTime, Hash32, OutcomeId, SiteId};

use crate::steps::{Found, Link, Mark};
use crate::store::{Put, Store, StoreError, StoreFault};

/// Bytes of a mark.
const MARK_BYTES_MAX: u64 = 4 << 10;
/// Ending of a package's name.
pub(crate) const ENDING: &str = ".wayside";

/// Path of a violation's package. Only the first attempt has the plain name.
#[must_use]
pub fn package_uri(site: &SiteId, violation: &OutcomeId, attempt: u32) -> String {
    match attempt {
        0 => format!("{site}/{violation}{ENDING}"),
        again => format!("{site}/{violation}.{again}{ENDING}"),
    }
}

/// The violation whose package this path names; none where it names none.
#[must_use]
pub fn violation_of(uri: &str) -> Option<OutcomeId> {
    let (_, name) = uri.rsplit_once('/')?;
    let id = name.strip_suffix(ENDING)?.split('.').next()?;
    (id.len() == 32).then(|| OutcomeId(id.to_owned()))
}

fn mark_uri(site: &SiteId, number: u64) -> String {
    format!("{site}/chain/{number:012}.json")
}

/// The mark of a number: it stays when the package is deleted, so that the chain can be followed and
/// no number is given twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkFile {
    violation: String,
    sha256: String,
    manifest_sha256: String,
    size_bytes: u64,
    key_id: String,
    sealed_at_us: i64,
}

/// The chains of the sites that this process has: where each ends, as far as it knows.
#[derive(Debug, Default)]
pub struct Ends {
    /// The place after the last that is known; the end is there or beyond.
    known: BTreeMap<SiteId, u64>,
}

impl Ends {
    /// A package with this number is published, so the chain ends beyond it.
    pub fn published(&mut self, site: &SiteId, number: u64) {
        let end = self.known.entry(site.clone()).or_default();
        *end = (*end).max(number.saturating_add(1));
    }

    /// The end of a site's chain. Numbers are marked one after the other, so it is found by ever longer
    /// steps and then by halves.
    ///
    /// # Errors
    /// Where the store fails, or lacks the mark of a number that was published.
    pub fn find(&mut self, store: &Store, site: &SiteId) -> Result<Link, StoreError> {
        let least = self.known.get(site).copied().unwrap_or(0);
        let is_marked = |number: u64| Ok(store.head(&mark_uri(site, number))?.is_some());
        if least > 0 && !is_marked(least - 1)? {
            return Err(StoreError {
                doing: "continued",
                uri: mark_uri(site, least - 1),
                place: store.place().to_owned(),
                fault: StoreFault::Absent,
                cause: "a package with this number was published, so the chain has lost it".into(),
            });
        }
        let (mut low, mut step) = (least, 1_u64);
        while is_marked(low.saturating_add(step - 1))? {
            low = low.saturating_add(step);
            step = step.saturating_mul(2);
        }
        let mut high = low.saturating_add(step - 1);
        // Everything before `low` is marked, `high` is not.
        while low < high {
            let middle = low + (high - low) / 2;
            if is_marked(middle)? {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        self.known.insert(site.clone(), low);
        let previous = match low.checked_sub(1) {
            None => Hash32::default(),
            Some(last) => {
                read_mark(store, site, last)?.map_or(Hash32::default(), |it| it.manifest_sha256)
            }
        };
        Ok(Link { number: low, previous })
    }
}

/// The mark of a number; none where nobody has it.
///
/// # Errors
/// Where the store fails, or what is there is no mark.
pub fn read_mark(store: &Store, site: &SiteId, number: u64) -> Result<Option<Mark>, StoreError> {
    let uri = mark_uri(site, number);
    let Some(bytes) = store.get(&uri, MARK_BYTES_MAX)? else { return Ok(None) };
    let damaged = |cause: String| StoreError {
        doing: "understood",
        uri: uri.clone(),
        place: store.place().to_owned(),
        fault: StoreFault::Refused,
        cause,
    };
    let file: MarkFile =
        serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
    let read = |text: &str| hash(text).ok_or_else(|| damaged(format!("{text:?} is no hash")));
    let (sha256, manifest_sha256) = (read(&file.sha256)?, read(&file.manifest_sha256)?);
    Ok(Some(Mark { violation: OutcomeId(file.violation), sha256, manifest_sha256 }))
}

/// Marks a number as that of a package.
///
/// # Errors
/// Where the store fails.
pub fn put_mark(
    store: &Store,
    site: &SiteId,
    violation: &OutcomeId,
    found: &Found,
) -> Result<Put, StoreError> {
    let package = &found.package;
    let EventTime(sealed_at_us) = package.sealed_at;
    let file = MarkFile {
        violation: violation.0.clone(),
        sha256: package.sha256.to_string(),
        manifest_sha256: found.manifest_sha256.to_string(),
        size_bytes: package.size_bytes,
        key_id: package.key_id.clone(),
        sealed_at_us,
    };
    let uri = mark_uri(site, package.chain_number);
    // Plain fields always become JSON.
    let bytes = serde_json::to_vec(&file).unwrap_or_default();
    store.put_new(&uri, bytes)
}

/// A hash of 64 digits in lower-case hex.
pub(crate) fn hash(text: &str) -> Option<Hash32> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(Hash32(bytes))
}
