//! Deliveries to webhooks: again and again until they arrive, in order for each citation and endpoint.

use wayside_cases::{Actor, Role};
use wayside_proto::convert::Message;
use wayside_proto::{Citation, CitationId, EventTime};

use super::outbox::revision;
use crate::error::{DeskError, Result};
use crate::sql::values;
use crate::{Delivery, DeliveryId, DeliveryResult, Desk};

/// Bytes kept of what a receiver said.
const DETAIL_BYTES_MAX: usize = 500;

const DUE: &str = "SELECT citation, revision, endpoint, payload, attempts FROM deliveries d
     WHERE state = 'open' AND next_try_us <= $1
       AND NOT EXISTS (SELECT 1 FROM deliveries p WHERE p.citation = d.citation
                       AND p.endpoint = d.endpoint AND p.state = 'open'
                       AND p.revision < d.revision)
     ORDER BY next_try_us, citation, revision, endpoint LIMIT $2 /*skip*/";

impl Desk {
    /// Takes deliveries that are due, for `lease_s`: whoever has tried says how it went with
    /// [`Desk::delivery_result`]; what is not said in time is due again. A later revision of a citation is
    /// due only after the earlier one arrived or was given up.
    ///
    /// # Errors
    /// Where the actor is no program.
    pub fn deliveries_due(
        &self,
        actor: &Actor,
        now: EventTime,
        limit: usize,
    ) -> Result<Vec<Delivery>> {
        actor.must(Role::operates, "deliver")?;
        self.act(actor, now, |act| {
            let rows = act.tx.query(DUE, values![act.at, limit as u64])?;
            let until = act.at.plus_s(f64::from(act.desk.options().lease_s));
            let mut due = Vec::with_capacity(rows.len());
            for row in rows {
                let id = DeliveryId {
                    citation: CitationId(row.text(0)?),
                    revision: revision(row.int(1)?)?,
                    endpoint: row.text(2)?,
                };
                act.tx.execute(
                    "UPDATE deliveries SET next_try_us = $4
                     WHERE citation = $1 AND revision = $2 AND endpoint = $3",
                    values![&id.citation.0, i64::from(id.revision), &id.endpoint, until],
                )?;
                due.push(Delivery {
                    id,
                    citation: Citation::from_bytes(&row.bytes(3)?)?,
                    attempts: revision(row.int(4)?)?,
                });
            }
            Ok(due)
        })
    }

    /// Says how an attempt went. What arrived or was given up stays so.
    ///
    /// # Errors
    /// Where there is no such delivery, or the actor is no program.
    pub fn delivery_result(
        &self,
        actor: &Actor,
        id: &DeliveryId,
        result: &DeliveryResult,
        now: EventTime,
    ) -> Result<()> {
        actor.must(Role::operates, "deliver")?;
        self.act(actor, now, |act| {
            let (state, at, detail) = match result {
                DeliveryResult::Delivered => ("delivered", act.at, ""),
                DeliveryResult::Retry { at, detail } => ("open", (*at).max(act.at), &**detail),
                DeliveryResult::GaveUp { detail } => ("gave_up", act.at, &**detail),
            };
            let detail = plain(detail);
            let key = (&id.citation.0, i64::from(id.revision), &id.endpoint);
            let changed = act.tx.execute(
                "UPDATE deliveries
                 SET state = $4, next_try_us = $5, detail = $6, attempts = attempts + 1
                 WHERE citation = $1 AND revision = $2 AND endpoint = $3 AND state = 'open'",
                values![key.0, key.1, key.2, state, at, &detail],
            )?;
            if changed == 0 {
                let there = act.tx.first(
                    "SELECT attempts FROM deliveries
                     WHERE citation = $1 AND revision = $2 AND endpoint = $3",
                    values![key.0, key.1, key.2],
                )?;
                return there.map(|_| ()).ok_or_else(|| DeskError::UnknownDelivery {
                    citation: id.citation.clone(),
                    revision: id.revision,
                    endpoint: id.endpoint.clone(),
                });
            }
            if state != "open" {
                let name = if state == "delivered" { "deliver" } else { "give_up_delivery" };
                let why = format!("{} revision {} to {}", id.citation, id.revision, id.endpoint);
                act.log(name, None, why);
            }
            Ok(())
        })
    }
}

/// What a receiver says comes from outside.
fn plain(text: &str) -> String {
    let mut kept = String::new();
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        if kept.len() + c.len_utf8() > DETAIL_BYTES_MAX {
            break;
        }
        kept.push(c);
    }
    kept
}
