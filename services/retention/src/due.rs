//! What has to go, and when.

use std::collections::{BTreeMap, BTreeSet};

use wayside_cases::CaseId;
use wayside_cases::retention::{RetentionClass, RetentionPolicy};
use wayside_desk::Desk;
use wayside_evidence::Object;
use wayside_evidence::chain::violation_of;
use wayside_proto::{EventTime, OutcomeId, SiteId};

use crate::error::RetentionError;
use crate::shelf::Shelf;

/// Cases that one look takes.
const CASES_MAX: usize = 100_000;
const DAY_S: f64 = 86_400.0;

/// What is kept, and how long.
#[derive(Clone, Copy)]
pub struct Kept<'a> {
    /// Where packages are.
    pub shelf: &'a dyn Shelf,
    /// Where cases are; none where nobody reviews.
    pub desk: Option<&'a Desk>,
    /// Packages of these junctions alone, where others keep theirs in the same store; none: all.
    pub sites: Option<&'a BTreeSet<SiteId>>,
    /// How long what is kept.
    pub policy: RetentionPolicy,
}

/// Something that has to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The junction.
    pub site: SiteId,
    /// Why.
    pub class: RetentionClass,
    /// The violation.
    pub violation: OutcomeId,
    /// Its case; none for a package that no desk knows.
    pub case: Option<CaseId>,
    /// When the violation happened, where that is known.
    pub event_time: Option<EventTime>,
    /// Its packages in the store: one, or none, or also those whose number was another's.
    pub packages: Vec<String>,
    /// Bytes of these.
    pub bytes: u64,
}

/// Something that will have to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// What.
    pub due: Due,
    /// How many days from now at most; 0 is now.
    pub in_days: u32,
}

/// The packages of the store, by violation.
pub(crate) type Packages = BTreeMap<(SiteId, OutcomeId), Vec<Object>>;

/// The packages among objects.
pub(crate) fn packages(objects: Vec<Object>) -> Packages {
    let mut packages = Packages::new();
    for object in objects {
        let Some((site, name)) = object.uri.split_once('/') else { continue };
        if name.contains('/') {
            continue;
        }
        if let Some(violation) = violation_of(&object.uri) {
            packages.entry((SiteId(site.to_owned()), violation)).or_default().push(object);
        }
    }
    packages
}

impl Kept<'_> {
    /// What has to go at `now`, by site, class and violation.
    ///
    /// # Errors
    /// Where the store or the desk fails.
    pub fn due(&self, now: EventTime) -> Result<Vec<Due>, RetentionError> {
        let packages = packages(self.shelf.list("")?);
        self.due_of(now, &packages)
    }

    /// What has to go within so many days, with the day.
    ///
    /// # Errors
    /// As [`Kept::due`].
    pub fn forecast(&self, now: EventTime, days: u32) -> Result<Vec<Forecast>, RetentionError> {
        let packages = packages(self.shelf.list("")?);
        let mut known: BTreeMap<(SiteId, OutcomeId), ()> = BTreeMap::new();
        let mut all = Vec::new();
        for in_days in 0..=days {
            let then = now.plus_s(f64::from(in_days) * DAY_S);
            for due in self.due_of(then, &packages)? {
                if known.insert((due.site.clone(), due.violation.clone()), ()).is_none() {
                    all.push(Forecast { due, in_days });
                }
            }
        }
        Ok(all)
    }

    pub(crate) fn due_of(
        &self,
        now: EventTime,
        packages: &Packages,
    ) -> Result<Vec<Due>, RetentionError> {
        let mut all = Vec::new();
        if let Some(desk) = self.desk {
            for case in desk.cases_to_delete(now, &self.policy, CASES_MAX)? {
                // Without a package there is none, or a known case still shows it.
                let key = (case.site.clone(), case.violation.clone());
                let objects = case.package.as_ref().and_then(|_| packages.get(&key));
                let objects = objects.map(Vec::as_slice).unwrap_or_default();
                all.push(Due {
                    site: case.site,
                    class: case.class,
                    violation: case.violation,
                    case: Some(case.case),
                    event_time: Some(case.event_time),
                    packages: objects.iter().map(|object| object.uri.clone()).collect(),
                    bytes: objects.iter().map(|object| object.size_bytes).sum(),
                });
            }
        }
        let before = self.policy.undecided_before(now);
        for ((site, violation), objects) in packages {
            if !self.has(site) {
                continue;
            }
            let newest = objects.iter().map(|object| object.stored_at).max();
            if newest.is_none_or(|newest| newest > before) || self.is_kept(violation)? {
                continue;
            }
            all.push(Due {
                site: site.clone(),
                class: RetentionClass::Undecided,
                violation: violation.clone(),
                case: None,
                event_time: None,
                packages: objects.iter().map(|object| object.uri.clone()).collect(),
                bytes: objects.iter().map(|object| object.size_bytes).sum(),
            });
        }
        all.sort_by(|a, b| {
            let key = |due: &Due| (due.site.clone(), due.class, due.violation.clone());
            key(a).cmp(&key(b))
        });
        Ok(all)
    }

    /// Whether this junction's packages are ours.
    pub(crate) fn has(&self, site: &SiteId) -> bool {
        self.sites.is_none_or(|sites| sites.contains(site))
    }

    /// Whether the desk has a case of it that is not erased, or shows it as a known case.
    fn is_kept(&self, violation: &OutcomeId) -> Result<bool, RetentionError> {
        match self.desk {
            None => Ok(false),
            Some(desk) => Ok(desk.keeps(violation)?),
        }
    }
}

/// Up to when the time of a class is over.
pub(crate) fn limit(class: RetentionClass, policy: &RetentionPolicy, now: EventTime) -> EventTime {
    match class {
        RetentionClass::Rejected | RetentionClass::Void => now,
        RetentionClass::Closed => policy.closed_before(now),
        RetentionClass::Undecided => policy.undecided_before(now),
    }
}
