//! Whether everything is in order when it is over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use wayside_bus::{Bus, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{Citation, CitationStatus, Evidence, EvidenceResult};

use super::reviewer::PLATE;
use super::ticketing::Ticketing;
use super::verify;
use crate::buses::records;
use crate::common;

/// What is left.
pub struct Paper<'a> {
    pub bus: &'a dyn Bus,
    pub violations: &'a [String],
    pub decided: &'a BTreeMap<String, u32>,
    pub ticketing: &'a Ticketing,
}

impl Paper<'_> {
    #[track_caller]
    pub fn is_in_order(&self, dir: &Path, keys: &Path) {
        let all: BTreeSet<&str> = self.violations.iter().map(String::as_str).collect();
        let packages = self.evidence(&all);
        for (site, mut chain) in packages {
            chain.sort_unstable();
            let numbers: Vec<u64> = chain.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, (0..chain.len() as u64).collect::<Vec<_>>(), "chain of {site}");
            let files: Vec<_> =
                chain.iter().map(|(_, uri)| dir.join("packages").join(uri)).collect();
            common::run(verify(keys, &files)).succeeded();
        }
        self.citations(&all);
        for (violation, times) in self.decided {
            assert_eq!(*times, 1, "{violation} was decided {times} times");
        }
        for (violation, revisions) in self.ticketing.cited() {
            assert_eq!(revisions, [1], "citation of {violation}");
        }
        self.no_plate(dir);
    }

    /// Each violation has one package; places in the chain and names of files, by site.
    fn evidence(&self, all: &BTreeSet<&str>) -> BTreeMap<String, Vec<(u64, String)>> {
        let (mut seen, mut packages) = (BTreeSet::new(), BTreeMap::<_, Vec<_>>::new());
        for stored in records(self.bus, Topic::Evidence) {
            let evidence = Evidence::from_bytes(&stored.value).unwrap();
            assert!(all.contains(evidence.violation.0.as_str()), "{evidence:?}");
            assert!(seen.insert(evidence.violation.0.clone()), "twice: {evidence:?}");
            let EvidenceResult::Sealed(package) = evidence.result else {
                panic!("not sealed: {evidence:?}");
            };
            let of_site = packages.entry(evidence.site.0).or_default();
            of_site.push((package.chain_number, package.uri));
        }
        assert_eq!(seen.len(), all.len());
        packages
    }

    /// Each violation has one citation, of a person's decision.
    fn citations(&self, all: &BTreeSet<&str>) {
        let mut seen = BTreeSet::new();
        for stored in records(self.bus, Topic::Citations) {
            let citation = Citation::from_bytes(&stored.value).unwrap();
            assert_eq!((citation.revision, citation.status), (1, CitationStatus::Issued));
            assert_eq!(citation.decision.reviewer, "reviewer-1");
            assert!(all.contains(citation.violation.0.as_str()), "{citation:?}");
            assert!(seen.insert(citation.violation.0.clone()), "twice: {citation:?}");
        }
        assert_eq!(seen.len(), all.len());
    }

    /// No topic, no log and no file has the plate.
    fn no_plate(&self, dir: &Path) {
        let clear = |bytes: &[u8]| !bytes.windows(PLATE.len()).any(|part| part == PLATE.as_bytes());
        for topic in Topic::ALL {
            for stored in records(self.bus, topic) {
                assert!(clear(&stored.value), "a record of {topic} has the plate");
            }
        }
        let mut folders = vec![dir.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    assert!(clear(&std::fs::read(&path).unwrap()), "{} has it", path.display());
                }
            }
        }
    }
}
