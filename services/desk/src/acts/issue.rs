//! Issue: a citation and its record for the bus, in one transaction with the state.

use wayside_cases::{Actor, AnyCase, CaseId, Role};
use wayside_proto::convert::Message;
use wayside_proto::{Citation, EventTime};

use crate::desk::Act;
use crate::error::{DeskError, Result};
use crate::rows::{self, CaseRow, case_columns};
use crate::sql::values;
use crate::{Desk, OutboxTopic};

/// After the one that was looked at last.
const DUE: &str = concat!(
    "SELECT ",
    case_columns!(),
    " FROM cases WHERE state = 'approved' AND undo_until_us <= $1
       AND (undo_until_us > $2 OR (undo_until_us = $2 AND id > $3))
     ORDER BY undo_until_us, id LIMIT $4 /*skip*/"
);

/// Citations issued in one transaction.
const BATCH: usize = 50;

/// What one transaction issued, and how far it got.
struct Batch {
    issued: Vec<Citation>,
    /// Cases that it looked at, issued or not.
    seen: usize,
    last: (EventTime, String),
    damaged: Option<DeskError>,
}

impl Desk {
    /// Issues the citations whose undo window is over, at most `limit`: the state, the citation and
    /// its record for the bus in one transaction. Several processes may call it at once.
    ///
    /// # Errors
    /// Where the actor is no program. What was issued before an error stays. A case that cannot be read
    /// holds up no other: it is told once nothing else is due.
    pub fn issue_due(&self, actor: &Actor, now: EventTime, limit: usize) -> Result<Vec<Citation>> {
        actor.must(Role::operates, "issue citations")?;
        let mut issued = Vec::new();
        let mut last = (EventTime(i64::MIN), String::new());
        let mut damaged = None;
        loop {
            let wanted = BATCH.min(limit.saturating_sub(issued.len()));
            if wanted == 0 {
                break;
            }
            let batch = self.act(actor, now, |act| act.issue_batch(&last, wanted))?;
            issued.extend(batch.issued);
            damaged = damaged.or(batch.damaged);
            if batch.seen < wanted {
                break;
            }
            last = batch.last;
        }
        match damaged {
            Some(error) if issued.is_empty() => Err(error),
            _ => Ok(issued),
        }
    }
}

impl Act<'_> {
    fn issue_batch(&mut self, after: &(EventTime, String), wanted: usize) -> Result<Batch> {
        let values = values![self.at, after.0, &after.1, wanted as u64];
        let rows = self.tx.query(DUE, values)?;
        let mut batch =
            Batch { issued: Vec::new(), seen: rows.len(), last: after.clone(), damaged: None };
        for row in rows {
            batch.last = (EventTime(row.int(13)?), row.text(0)?);
            let read = CaseRow::read(&row).and_then(|row| {
                let case = row.case(&mut self.tx)?;
                Ok((row, case))
            });
            let (row, case) = match read {
                Ok((row, AnyCase::Approved(case))) => (row, case),
                Ok((row, _)) => {
                    let problem = format!("case {} is not approved", row.id);
                    return Err(DeskError::Stored { what: "a case", problem });
                }
                Err(error @ DeskError::Database { .. }) => return Err(error),
                Err(DeskError::Interrupted) => return Err(DeskError::Interrupted),
                Err(error) => {
                    batch.damaged = batch.damaged.or(Some(error));
                    continue;
                }
            };
            let (case, citation) = case.issue(self.at)?;
            let (claims, since) = (row.claims, row.queued_at);
            rows::store(&mut self.tx, &AnyCase::Issued(case), claims, since, self.at)?;
            self.send_citation(&row.id, &citation)?;
            self.log("issue", Some(&row.id), citation.id.to_string());
            batch.issued.push(citation);
        }
        Ok(batch)
    }

    /// Writes the citation, and its record for the bus.
    pub(super) fn send_citation(&mut self, case: &CaseId, citation: &Citation) -> Result<()> {
        let payload = citation.to_bytes()?;
        let status = citation.status.as_str();
        self.tx.execute(
            "INSERT INTO citations (id, case_id, revision, status, issued_us, changed_us)
             VALUES ($1, $2, $3, $4, $5, $5)
             ON CONFLICT (id) DO UPDATE SET revision = excluded.revision,
                status = excluded.status, changed_us = excluded.changed_us",
            values![&citation.id.0, case.as_str(), i64::from(citation.revision), status, self.at],
        )?;
        let key = format!("{}/{}", citation.site, citation.violation);
        let topic = OutboxTopic::Citations;
        self.send(topic, &citation.id.0, citation.revision, &key, payload)
    }

    /// Writes a record for the bus.
    pub(super) fn send(
        &mut self,
        topic: OutboxTopic,
        id: &str,
        revision: u32,
        key: &str,
        payload: Vec<u8>,
    ) -> Result<()> {
        self.tx.execute(
            "INSERT INTO outbox
             (topic, id, revision, key, payload, created_us, leased_until_us, done)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
            values![topic.as_str(), id, i64::from(revision), key, payload, self.at, i64::MIN],
        )?;
        Ok(())
    }
}
