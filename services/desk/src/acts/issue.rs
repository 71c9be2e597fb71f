//! Issue: a citation, its record for the bus and its deliveries, in one transaction with the state.

use wayside_cases::{Actor, AnyCase, CaseId, Role};
use wayside_proto::convert::Message;
use wayside_proto::{Citation, EventTime};

use crate::desk::Act;
use crate::error::{DeskError, Result};
use crate::rows::{self, CaseRow, case_columns};
use crate::sql::values;
use crate::{Desk, OutboxTopic};

const DUE: &str = concat!(
    "SELECT ",
    case_columns!(),
    " FROM cases WHERE state = 'approved' AND undo_until_us <= $1
     ORDER BY undo_until_us, id LIMIT 1 /*skip*/"
);

impl Desk {
    /// Issues the citations whose undo window is over, at most `limit`, each in a transaction of its
    /// own. Several processes may call it at once.
    ///
    /// # Errors
    /// Where the actor is no program. What was issued before the error stays.
    pub fn issue_due(&self, actor: &Actor, now: EventTime, limit: usize) -> Result<Vec<Citation>> {
        actor.must(Role::operates, "issue citations")?;
        let mut issued = Vec::new();
        while issued.len() < limit {
            let next = self.act(actor, now, |act| {
                let Some(row) = act.tx.first(DUE, values![act.at])? else { return Ok(None) };
                let row = CaseRow::read(&row)?;
                let AnyCase::Approved(case) = row.case(&mut act.tx)? else {
                    let problem = format!("case {} is not approved", row.id);
                    return Err(DeskError::Stored { what: "a case", problem });
                };
                let (case, citation) = case.issue(act.at)?;
                let (claims, since) = (row.claims, row.queued_at);
                rows::store(&mut act.tx, &AnyCase::Issued(case), claims, since, act.at)?;
                act.send_citation(&row.id, &citation)?;
                act.log("issue", Some(&row.id), citation.id.to_string());
                Ok(Some(citation))
            })?;
            match next {
                Some(citation) => issued.push(citation),
                None => break,
            }
        }
        Ok(issued)
    }
}

impl Act<'_> {
    /// Writes what is to be sent: the citation, its record, one delivery an endpoint.
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
        self.send(topic, &citation.id.0, citation.revision, &key, payload.clone())?;
        for endpoint in self.desk.options().endpoints.clone() {
            self.tx.execute(
                "INSERT INTO deliveries
                 (citation, revision, endpoint, payload, attempts, next_try_us, state, detail)
                 VALUES ($1, $2, $3, $4, 0, $5, 'open', '')",
                values![
                    &citation.id.0,
                    i64::from(citation.revision),
                    &endpoint,
                    payload.clone(),
                    self.at
                ],
            )?;
        }
        Ok(())
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
