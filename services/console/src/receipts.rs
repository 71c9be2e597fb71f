//! Receipts of deletions, out of the bus, and whether their chains hold (PV-2).

use std::collections::BTreeMap;

use wayside_bus::{Bus, BusError, Partition, Start, Topic};
use wayside_proto::convert::Message as _;
use wayside_proto::{Receipt, verify_chain};

use crate::bus_read::each;
use crate::shapes::{ReceiptChain, ReceiptJson, Receipts};

/// Receipts that are read for one request.
const RECEIPTS_MAX: usize = 100_000;
/// Receipts of a chain that are shown.
const SHOWN_MAX: usize = 100;

/// Every chain whose name begins with `what`.
///
/// # Errors
/// Where the bus cannot be read.
pub(crate) fn receipts(bus: &dyn Bus, what: &str) -> Result<Receipts, BusError> {
    let mut chains: BTreeMap<String, Vec<Receipt>> = BTreeMap::new();
    let (mut unreadable, mut cut, mut read) = (0, false, 0);
    for number in 0..bus.partitions(Topic::Receipts)? {
        let left = RECEIPTS_MAX.saturating_sub(read);
        let whole = each(bus, Topic::Receipts, Partition(number), Start::Begin, left, |stored| {
            read += 1;
            match Receipt::from_bytes(&stored.value) {
                Ok(receipt) if receipt.what.starts_with(what) => {
                    chains.entry(receipt.what.clone()).or_default().push(receipt);
                }
                Ok(_) => {}
                Err(_) => unreadable += 1,
            }
            true
        })?;
        cut |= !whole;
    }
    let chains = chains.into_iter().map(|(what, receipts)| chain(what, receipts)).collect();
    Ok(Receipts { chains, unreadable, cut })
}

fn chain(what: String, receipts: Vec<Receipt>) -> ReceiptChain {
    let shown = receipts.iter().rev().take(SHOWN_MAX).map(shown).collect();
    let (total, first) = (receipts.len() as u64, receipts.first().map_or(0, |first| first.number));
    let deleted =
        receipts.iter().map(|receipt| receipt.deletion.deleted).fold(0, u64::saturating_add);
    let (problem, last_hash) = match verify_chain(receipts) {
        Ok(summary) => (None, Some(summary.last_hash.to_string())),
        Err(error) => (Some(error.to_string()), None),
    };
    ReceiptChain {
        what,
        holds: problem.is_none(),
        problem,
        receipts_total: total,
        first,
        deleted,
        last_hash,
        receipts: shown,
    }
}

fn shown(receipt: &Receipt) -> ReceiptJson {
    let (from, to) = receipt.deletion.span.unzip();
    ReceiptJson {
        number: receipt.number,
        deleted: receipt.deletion.deleted,
        from: from.map(|time| time.to_string()),
        to: to.map(|time| time.to_string()),
        limit: receipt.deletion.limit.to_string(),
        when: receipt.deletion.when.to_string(),
        policy: receipt.deletion.policy.clone(),
        hash: receipt.hash.to_string(),
    }
}
