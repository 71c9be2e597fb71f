//! `wayside.v1.Receipt`.
//!
//! The conversion checks form alone: whether the hashes hold is what
//! [`verify_chain`](crate::verify_chain) is for, and a receipt that was changed must stay readable to say so.

use super::ConvertError;
use super::check::{self, Checked, wrong};
use crate::{Deletion, EventTime, Receipt, wire};

impl TryFrom<&Receipt> for wire::Receipt {
    type Error = ConvertError;

    fn try_from(receipt: &Receipt) -> Checked<Self> {
        let deletion = &receipt.deletion;
        let (first, last) = deletion.span.unzip();
        let message = Self {
            what: receipt.what.clone(),
            number: receipt.number,
            deleted: deletion.deleted,
            first_us: first.map(|time| time.0),
            last_us: last.map(|time| time.0),
            limit_us: deletion.limit.0,
            when_us: deletion.when.0,
            policy: deletion.policy.clone(),
            previous: receipt.previous.0.to_vec(),
            hash: receipt.hash.0.to_vec(),
        };
        Receipt::try_from(message.clone())?;
        Ok(message)
    }
}

impl TryFrom<wire::Receipt> for Receipt {
    type Error = ConvertError;

    fn try_from(message: wire::Receipt) -> Checked<Self> {
        check::name("what", &message.what)?;
        check::name("policy", &message.policy)?;
        let limit = check::time("limit_us", message.limit_us)?;
        let when = check::time("when_us", message.when_us)?;
        let span = span(&message)?;
        Ok(Self {
            number: message.number,
            previous: check::hash("previous", &message.previous)?,
            hash: check::hash("hash", &message.hash)?,
            deletion: Deletion {
                deleted: message.deleted,
                span,
                limit,
                when,
                policy: message.policy,
            },
            what: message.what,
        })
    }
}

fn span(message: &wire::Receipt) -> Checked<Option<(EventTime, EventTime)>> {
    let (first, last) = match (message.first_us, message.last_us) {
        (None, None) => return Ok(None),
        (Some(first), Some(last)) => (first, last),
        (Some(_), None) => return Err(wrong("last_us", "absent", "there, as first_us is")),
        (None, Some(_)) => return Err(wrong("first_us", "absent", "there, as last_us is")),
    };
    let (first, last) = (check::time("first_us", first)?, check::time("last_us", last)?);
    if last < first {
        return Err(wrong("last_us", last.0, "at or after first_us"));
    }
    if message.deleted == 0 {
        return Err(wrong("deleted", 0, "1 or more, as it must be where first_us is there"));
    }
    Ok(Some((first, last)))
}
