//! How each quantity arises, in words and numbers.

mod page;
mod rules;
mod words;

pub(crate) use page::page;

use wayside_proto::json::QuantityLine;
use wayside_proto::{Observation, Outcome};
use wayside_site::Site;

use crate::manifest::QuantityRecord;

/// The quantities of an outcome, each with its formula and derivation. `observations` are those of the
/// package.
pub(crate) fn quantities(
    outcome: &Outcome,
    site: &Site,
    observations: &[Observation],
) -> Vec<QuantityRecord> {
    let facts = rules::Facts::new(outcome, site, observations);
    outcome
        .quantities
        .iter()
        .map(|quantity| {
            let line = QuantityLine::from(quantity);
            let explained = rules::explain(&facts, &line);
            QuantityRecord {
                name: line.name,
                value: line.value,
                low: line.low,
                high: line.high,
                unit: line.unit,
                formula: explained.formula.to_owned(),
                derivation: explained.words,
            }
        })
        .collect()
}
