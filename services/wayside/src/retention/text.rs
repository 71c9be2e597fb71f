//! What was deleted, and what will be, for people and for scripts.

use std::collections::BTreeMap;

use serde_json::json;
use wayside_proto::SiteId;
use wayside_retention::{Deleted, Forecast};

/// What is true of every installation, whatever is due.
const RING: &str =
    "The last seconds of each camera are in its worker's memory only, and go with the process.\n";

/// What a run deleted, by site and class: a line each.
pub(crate) fn deleted(done: &BTreeMap<(SiteId, String), Deleted>, as_json: bool) -> String {
    if as_json {
        let line = |((site, class), deleted): (&(SiteId, String), &Deleted)| {
            let Deleted { packages, cases } = deleted;
            json!({ "site": site.as_str(), "class": class, "packages": packages, "cases": cases })
                .to_string()
                + "\n"
        };
        return done.iter().map(line).collect();
    }
    if done.is_empty() {
        return "Nothing is due.\n".to_owned();
    }
    let line = |((site, class), deleted): (&(SiteId, String), &Deleted)| {
        let Deleted { packages, cases } = deleted;
        format!(
            "deleted  {site}, {class}: {packages} packages, {cases} cases; receipts are on the bus\n"
        )
    };
    done.iter().map(line).collect()
}

/// What will have to go within so many days.
pub(crate) fn forecast(all: &[Forecast], days: u32, as_json: bool) -> String {
    if as_json {
        return all.iter().map(|forecast| one(forecast) + "\n").collect();
    }
    let mut sums: BTreeMap<(u32, SiteId, &str), (u64, u64, u64)> = BTreeMap::new();
    for Forecast { due, in_days } in all {
        let sum = sums.entry((*in_days, due.site.clone(), due.class.as_str())).or_default();
        sum.0 += due.packages.len() as u64;
        sum.1 += u64::from(due.case.is_some());
        sum.2 += due.bytes;
    }
    let mut text = String::new();
    for ((in_days, site, class), (packages, cases, bytes)) in &sums {
        let when = match in_days {
            0 => "now        ".to_owned(),
            1 => "in 1 day   ".to_owned(),
            many => format!("in {many} days").chars().chain("     ".chars()).take(11).collect(),
        };
        let mib = *bytes as f64 / f64::from(1 << 20);
        text += &format!(
            "{when}  {site}, {class}: {packages} packages ({mib:.1} MiB), {cases} cases\n"
        );
    }
    if sums.is_empty() {
        text += &format!("Nothing is due within {days} days.\n");
    }
    text + RING
}

fn one(Forecast { due, in_days }: &Forecast) -> String {
    json!({
        "in_days": in_days,
        "site": due.site.as_str(),
        "class": due.class.as_str(),
        "violation": due.violation.0,
        "case": due.case.as_ref().map(ToString::to_string),
        "packages": due.packages,
        "bytes": due.bytes,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wayside_cases::CaseId;
    use wayside_cases::retention::RetentionClass;
    use wayside_proto::OutcomeId;
    use wayside_retention::Due;

    fn due(site: &str, class: RetentionClass, in_days: u32) -> Forecast {
        let violation = OutcomeId(format!("{in_days:032x}"));
        let due = Due {
            site: SiteId::from(site),
            class,
            case: Some(CaseId::of(&violation)),
            event_time: None,
            packages: vec![format!("{site}/{violation}.wayside")],
            bytes: 2_500_000,
            violation,
        };
        Forecast { due, in_days }
    }

    #[test]
    fn what_will_go() {
        let all = [
            due("junction", RetentionClass::Rejected, 0),
            due("junction", RetentionClass::Rejected, 0),
            due("station", RetentionClass::Closed, 1),
            due("station", RetentionClass::Undecided, 12),
        ];
        insta::assert_snapshot!(
            forecast(&all, 30, false)
                + "\n"
                + &forecast(&all[2..3], 30, true)
                + "\n"
                + &forecast(&[], 30, false)
        );
    }

    #[test]
    fn what_went() {
        let mut done = BTreeMap::new();
        assert_eq!(deleted(&done, true), "");
        let nothing = deleted(&done, false);
        let place = (SiteId::from("junction"), "rejected".to_owned());
        done.insert(place, Deleted { packages: 3, cases: 2 });
        insta::assert_snapshot!(nothing + &deleted(&done, false) + &deleted(&done, true));
    }
}
