//! Whether packages of a site follow each other.

use std::collections::BTreeMap;

use wayside_proto::Hash32;

use super::{Check, Finding, Holds, Report};
use crate::manifest::ChainLink;

/// One package in its chain.
struct Link<'a> {
    name: &'a str,
    chain: &'a ChainLink,
    manifest: Hash32,
}

/// Checks that the packages of each site follow each other. Each comes with a name for messages, in any
/// order; those whose manifest cannot be read are left out. One finding for each step from a package to
/// the next; none where a site has one package alone.
#[must_use]
pub fn verify_chain(packages: &[(&str, &Report)]) -> Vec<Finding> {
    let mut sites: BTreeMap<&str, Vec<Link<'_>>> = BTreeMap::new();
    for (name, report) in packages {
        if let (Some(manifest), Some(hash)) = (&report.manifest, report.manifest_sha256) {
            let link = Link { name, chain: &manifest.chain, manifest: hash };
            sites.entry(&manifest.site).or_default().push(link);
        }
    }
    let mut findings = Vec::new();
    for (site, mut links) in sites {
        links.sort_by_key(|link| (link.chain.number, link.name));
        for pair in links.windows(2) {
            let [before, after] = pair else { continue };
            let (holds, sentence) = step(site, before, after);
            findings.push(Finding { check: Check::Chain, holds, place: None, sentence });
        }
    }
    findings
}

fn step(site: &str, before: &Link<'_>, after: &Link<'_>) -> (Holds, String) {
    let (a, b) = (before.chain.number, after.chain.number);
    let names =
        format!("{} (number {a}) and {} (number {b}) of site {site}", before.name, after.name);
    if before.manifest == after.manifest {
        return (Holds::Yes, format!("{names} are the same package."));
    }
    if a == b {
        return (
            Holds::No,
            format!("The chain is broken: {names} have the same number and are not the same."),
        );
    }
    if b > a + 1 {
        let missing = b - a - 1;
        let are =
            if missing == 1 { "one package".to_owned() } else { format!("{missing} packages") };
        return (
            Holds::NotShown,
            format!(
                "{are} between {names} {} not here, so the chain between them is not shown.",
                if missing == 1 { "is" } else { "are" }
            ),
        );
    }
    if after.chain.previous == before.manifest {
        return (Holds::Yes, format!("{names} follow each other."));
    }
    (
        Holds::No,
        format!(
            "The chain is broken: {names}: the second was made after a manifest with SHA-256 {}, and the first has {}.",
            after.chain.previous, before.manifest
        ),
    )
}
