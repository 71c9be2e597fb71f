//! Records on their way to the bus: at least once, in order for each citation.

use wayside_cases::{Actor, Role};
use wayside_proto::EventTime;

use crate::error::{DeskError, Result};
use crate::sql::values;
use crate::{Desk, Outbox, OutboxId, OutboxTopic};

/// Open, in nobody's hands, and nothing earlier of the same citation open.
const OPEN: &str = "SELECT topic, id, revision, key, payload, created_us FROM outbox o
     WHERE done = 0 AND leased_until_us <= $1
       AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.topic = o.topic AND p.id = o.id
                       AND p.done = 0 AND p.revision < o.revision)
     ORDER BY created_us, id, revision LIMIT $2 /*skip*/";

impl Desk {
    /// Takes records that wait, the oldest first, for `lease_s`. Whoever has published them says so with
    /// [`Desk::outbox_done`]; what is not said in time is taken again. The next revision of a citation
    /// comes only after the one before is done.
    ///
    /// # Errors
    /// Where the actor is no program.
    pub fn outbox_take(&self, actor: &Actor, now: EventTime, limit: usize) -> Result<Vec<Outbox>> {
        actor.must(Role::operates, "publish")?;
        self.act(actor, now, |act| {
            let rows = act.tx.query(OPEN, values![act.at, limit as u64])?;
            let until = act.at.plus_s(f64::from(act.desk.options().lease_s));
            let mut taken = Vec::with_capacity(rows.len());
            for row in rows {
                let topic = row.text(0)?;
                let topic = OutboxTopic::parse(&topic).ok_or_else(|| DeskError::Stored {
                    what: "a topic",
                    problem: format!("{topic:?} is unknown"),
                })?;
                let id = OutboxId { topic, id: row.text(1)?, revision: revision(row.int(2)?)? };
                act.tx.execute(
                    "UPDATE outbox SET leased_until_us = $4
                     WHERE topic = $1 AND id = $2 AND revision = $3",
                    values![topic.as_str(), &id.id, i64::from(id.revision), until],
                )?;
                taken.push(Outbox {
                    id,
                    key: row.text(3)?,
                    payload: row.bytes(4)?,
                    created_at: EventTime(row.int(5)?),
                });
            }
            Ok(taken)
        })
    }

    /// Says that records are on the bus. A second time changes nothing.
    ///
    /// # Errors
    /// Where the actor is no program.
    pub fn outbox_done(&self, actor: &Actor, ids: &[OutboxId], now: EventTime) -> Result<()> {
        actor.must(Role::operates, "publish")?;
        self.act(actor, now, |act| {
            for id in ids {
                let changed = act.tx.execute(
                    "UPDATE outbox SET done = 1
                     WHERE topic = $1 AND id = $2 AND revision = $3 AND done = 0",
                    values![id.topic.as_str(), &id.id, i64::from(id.revision)],
                )?;
                if changed == 1 {
                    let why = format!("{} {} revision {}", id.topic.as_str(), id.id, id.revision);
                    act.log("publish", None, why);
                }
            }
            Ok(())
        })
    }
}

pub(super) fn revision(number: i64) -> Result<u32> {
    u32::try_from(number)
        .map_err(|_| DeskError::Stored { what: "a revision", problem: format!("{number} is none") })
}
