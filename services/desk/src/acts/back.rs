//! Steps back: undo, send back, into the queue again.

use wayside_cases::{Actor, AnyCase, CaseId, ClaimToken};
use wayside_proto::EventTime;

use crate::Desk;
use crate::error::{DeskError, Result};
use crate::rows::{self, CaseRow};
use crate::sql::values;

impl Desk {
    /// Takes back the last decision on a case: the case waits for that review again. A rejection is
    /// final, and so is what was issued.
    ///
    /// # Errors
    /// Where it is another's decision, or the window is over.
    pub fn undo(&self, actor: &Actor, case: &CaseId, now: EventTime) -> Result<()> {
        self.act(actor, now, |act| {
            let row = CaseRow::locked(&mut act.tx, case)?;
            let before = row.case(&mut act.tx)?;
            let count = before.votes().len() as u64;
            let queued = match before {
                AnyCase::Approved(case) => case.undo(&act.actor, act.at)?,
                AnyCase::Queued(case) => case.undo(&act.actor, act.at, act.desk.policy())?,
                AnyCase::Issued(case) => {
                    let until = case.issue_of().at();
                    return Err(wayside_cases::Refused::UndoTooLate { until }.into());
                }
                other => return Err(other.refusal("undo a decision").into()),
            };
            act.tx.execute(
                "DELETE FROM votes WHERE case_id = $1 AND number = $2",
                values![case.as_str(), count.saturating_sub(1)],
            )?;
            for sql in
                ["DELETE FROM ledger WHERE case_id = $1", "DELETE FROM pairs WHERE case_id = $1"]
            {
                act.tx.execute(sql, values![case.as_str()])?;
            }
            if queued.votes().is_empty() {
                act.forget_plate(case)?;
            }
            let (claims, since) = (row.claims, row.admitted_at);
            rows::store(&mut act.tx, &AnyCase::Queued(queued), claims, since, act.at)?;
            act.log("undo", Some(case), "");
            Ok(())
        })
    }

    /// Takes a claimed case out of the queue, for a reason that a decision does not mend.
    ///
    /// # Errors
    /// Where the claim is another's or has run out, or no reason is given.
    pub fn send_back(
        &self,
        actor: &Actor,
        case: &CaseId,
        token: &ClaimToken,
        why: &str,
        now: EventTime,
    ) -> Result<()> {
        self.act(actor, now, |act| {
            let (row, claimed) = act.claimed(case, "send a case back")?;
            act.refuse_kept_plate_in("reason", case, why)?;
            let back = claimed.send_back(&act.actor, token, why, act.at)?;
            let (claims, since) = (row.claims, row.queued_at);
            rows::store(&mut act.tx, &AnyCase::SentBack(back), claims, since, act.at)?;
            act.log("send_back", Some(case), why);
            Ok(())
        })
    }

    /// Puts a case that was sent back into the queue again.
    ///
    /// # Errors
    /// Where it was not sent back, the role may not, or no reason is given.
    pub fn requeue(&self, actor: &Actor, case: &CaseId, why: &str, now: EventTime) -> Result<()> {
        self.act(actor, now, |act| {
            let row = CaseRow::locked(&mut act.tx, case)?;
            let AnyCase::SentBack(back) = row.case(&mut act.tx)? else {
                let state = row.case(&mut act.tx)?;
                return Err(DeskError::Refused(state.refusal("put a case back into the queue")));
            };
            act.refuse_kept_plate_in("reason", case, why)?;
            let queued = back.requeue(&act.actor, why)?;
            let (claims, since) = (row.claims, row.queued_at);
            rows::store(&mut act.tx, &AnyCase::Queued(queued), claims, since, act.at)?;
            act.log("requeue", Some(case), why);
            Ok(())
        })
    }
}
