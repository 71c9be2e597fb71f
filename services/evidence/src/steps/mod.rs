//! What is to be done next for one violation, from what is known. Pure: nothing here touches a store, a
//! worker or a clock.
//!
//! # Why it is safe to die anywhere
//! A package carries its place in the chain of its site: a number, and the hash of the manifest before.
//! Two kinds of objects are stored, each written once and never changed:
//!
//! - the package, `SITE/VIOLATION.wayside`;
//! - the mark of a number, `SITE/chain/NUMBER`, which says whose package has it, and its hash.
//!
//! **The mark decides.** A number belongs to whoever's mark was stored first, so a chain cannot fork. A
//! number is asked for only when the one before it is marked, and a package is marked only when it is
//! stored, so a chain has no hole. What is stored and not marked when a process dies is found by the
//! next one, verified, and marked; what is marked and not published is published. Only where another
//! process, one that has not heard yet that it lost the site, has taken the number meanwhile is the
//! package sealed again under another number; then it is stored beside the first
//! (`SITE/VIOLATION.1.wayside`), which counts for nothing.

use wayside_proto::{EvidenceFailure, Hash32, OutcomeId, SealedPackage};

/// How often a package is sealed again because its number was taken.
pub const ATTEMPTS_MAX: u32 = 16;

/// A place in the chain of a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// From 0.
    pub number: u64,
    /// SHA-256 of the manifest of the package before; zeros for the first.
    pub previous: Hash32,
}

/// A package in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its place in the chain, as it says itself.
    pub link: Link,
    /// SHA-256 of its manifest, which the next package repeats.
    pub manifest_sha256: Hash32,
    /// What is published of it.
    pub package: SealedPackage,
}

/// What the mark of a number says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Whose package has the number.
    pub violation: OutcomeId,
    /// SHA-256 of the whole file.
    pub sha256: Hash32,
    /// SHA-256 of its manifest.
    pub manifest_sha256: Hash32,
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Look whether the store has a package of this attempt.
    Look {
        /// Which attempt, from 0.
        attempt: u32,
    },
    /// Read the mark of a number.
    ReadMark {
        /// The number.
        number: u64,
    },
    /// Find the end of the site's chain.
    FindEnd,
    /// Fetch redacted pictures.
    Fetch,
    /// Make the package and seal it with this link.
    Seal {
        /// Its place in the chain.
        link: Link,
    },
    /// Store the sealed package where nothing is.
    Put {
        /// Which attempt.
        attempt: u32,
    },
    /// Store the mark of a number where nothing is.
    PutMark {
        /// The number.
        number: u64,
    },
    /// Publish it.
    Publish(SealedPackage),
    /// Publish that there is none.
    Fail {
        /// Why.
        cause: EvidenceFailure,
        /// One sentence for a person.
        detail: String,
    },
}

/// What is known of one violation's package.
#[derive(Clone, Debug, Default)]
pub struct Known {
    attempt: u32,
    /// Of this attempt; none where nobody has looked.
    stored: Option<Option<Found>>,
    /// Of the number of what is stored; none where nobody has looked.
    mark: Option<Option<Mark>>,
    /// Whether that mark was looked at once more.
    again: bool,
    /// The place after the last of the chain; none where nobody has looked, or it has moved.
    end: Option<Link>,
    has_pictures: bool,
    /// The link with which the package in memory is sealed.
    sealed: Option<Link>,
}

impl Known {
    /// What is to be done next for `violation`.
    pub fn next(&mut self, violation: &OutcomeId) -> Step {
        loop {
            if self.attempt >= ATTEMPTS_MAX {
                return Step::Fail {
                    cause: EvidenceFailure::NotStored,
                    detail: format!("its place in the chain was taken {ATTEMPTS_MAX} times"),
                };
            }
            let Some(stored) = &self.stored else { return Step::Look { attempt: self.attempt } };
            let Some(found) = stored else { return self.make() };
            let number = found.link.number;
            match &self.mark {
                None => return Step::ReadMark { number },
                Some(Some(mark)) => {
                    if mark.violation == *violation && mark.sha256 == found.package.sha256 {
                        return Step::Publish(found.package.clone());
                    }
                }
                Some(None) => match self.end {
                    None => return Step::FindEnd,
                    Some(end) if end == found.link => return Step::PutMark { number },
                    // The number was marked between the two looks, perhaps for this very package.
                    Some(end) if end.number > number && !self.again => {
                        (self.mark, self.again) = (None, true);
                        return Step::ReadMark { number };
                    }
                    Some(_) => {}
                },
            }
            // Its number is another's: it counts for nothing.
            self.attempt += 1;
            (self.stored, self.mark, self.end, self.sealed) = (None, None, None, None);
            self.again = false;
        }
    }

    fn make(&self) -> Step {
        if !self.has_pictures {
            return Step::Fetch;
        }
        match (self.end, self.sealed) {
            (None, _) => Step::FindEnd,
            (Some(end), Some(link)) if link == end => Step::Put { attempt: self.attempt },
            (Some(end), _) => Step::Seal { link: end },
        }
    }

    /// The store has this of the attempt, or nothing.
    pub fn looked(&mut self, found: Option<Found>) {
        (self.stored, self.mark, self.again) = (Some(found), None, false);
    }

    /// What the store has of the attempt is no package of this violation.
    pub fn unusable(&mut self) {
        self.attempt += 1;
        (self.stored, self.mark, self.sealed) = (None, None, None);
    }

    /// The mark of the number is this, or there is none.
    pub fn mark(&mut self, mark: Option<Mark>) {
        self.mark = Some(mark);
    }

    /// The chain ends before this place.
    pub fn end(&mut self, end: Link) {
        self.end = Some(end);
    }

    /// Redacted pictures are in memory.
    pub fn fetched(&mut self) {
        self.has_pictures = true;
    }

    /// The package is sealed with this link.
    pub fn sealed(&mut self, link: Link) {
        self.sealed = Some(link);
    }

    /// The package was stored, or one was there already; what is there is looked at.
    pub fn put(&mut self, stored: Option<Found>) {
        (self.stored, self.mark) = (stored.map(Some), None);
    }

    /// The package of the store that is looked at.
    #[must_use]
    pub fn found(&self) -> Option<&Found> {
        self.stored.as_ref()?.as_ref()
    }

    /// Time goes by: what another process may change meanwhile is looked at again.
    pub fn rest(&mut self) {
        (self.mark, self.end) = (None, None);
        if self.stored.as_ref().is_some_and(Option::is_none) {
            self.stored = None;
        }
    }

    /// The mark was stored, or one was there already; what is there is read.
    pub fn put_mark(&mut self, stored: Option<Mark>) {
        self.mark = stored.map(Some);
        self.end = None;
    }
}
