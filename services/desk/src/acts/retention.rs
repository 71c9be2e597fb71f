//! Retention: which cases have to go, and their erasure.

use wayside_cases::retention::{RetentionClass, RetentionPolicy};
use wayside_cases::{Actor, CaseId, Role};
use wayside_proto::convert::Message;
use wayside_proto::{CameraId, EventTime, Evidence, EvidenceResult, OutcomeId, SiteId};

use crate::desk::Act;
use crate::error::{DeskError, Result};
use crate::rows::{self, CaseRow};
use crate::sql::{Row, Tx, values};
use crate::{Desk, Erased, ToDelete};

/// What has to go: rejected and void at once, closed and undecided after their time; and nothing whose
/// citation is still on its way out. `$3` is one case or empty.
const DUE: &str = "SELECT id, violation, site, camera, event_us, state, evidence FROM cases c
     WHERE owner = '' AND ($3 = '' OR id = $3)
       AND (state IN ('rejected', 'voided')
            OR (state = 'issued' AND closed_us <= $1)
            OR (state IN ('queued', 'sent_back', 'claimed', 'evidence_failed')
                AND issued_us IS NULL AND admitted_us <= $2))
       AND NOT EXISTS (SELECT 1 FROM citations t JOIN outbox o ON o.id = t.id
                       WHERE t.case_id = c.id AND o.topic = 'citations' AND o.done = 0)
     ORDER BY admitted_us, id LIMIT $4";

impl Desk {
    /// Cases whose content has to go now, at most `limit`. Delete the package of each, then call
    /// [`Desk::erase`]: in this order nothing is forgotten before it is gone.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn cases_to_delete(
        &self,
        now: EventTime,
        policy: &RetentionPolicy,
        limit: usize,
    ) -> Result<Vec<ToDelete>> {
        self.read(|tx| due(tx, now, policy, "", limit as u64))
    }

    /// Whether anything here still needs the package of this violation: a case that is not erased, or a
    /// known case that is given out.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn keeps(&self, violation: &OutcomeId) -> Result<bool> {
        self.read(|tx| {
            let found = tx.first(
                "SELECT 1 FROM cases WHERE violation = $1 AND state <> 'erased'
                 UNION ALL SELECT 1 FROM known_cases WHERE violation = $1 AND active = 1",
                values![&violation.0],
            )?;
            Ok(found.is_some())
        })
    }

    /// Erases a case that has to go: its data key (and so its plate, in every backup as well), violation,
    /// package reference, decisions, notes and messages. Kept are its ids, so that it does not come back,
    /// what the ledger counts, and the audit log, which has no plate. A second time changes nothing.
    ///
    /// # Errors
    /// Where its retention has not ended, or the actor is no program.
    pub fn erase(
        &self,
        actor: &Actor,
        case: &CaseId,
        now: EventTime,
        policy: &RetentionPolicy,
    ) -> Result<Erased> {
        actor.must(Role::operates, "erase cases")?;
        let erased = self.act(actor, now, |act| {
            let row = CaseRow::locked(&mut act.tx, case)?;
            if row.state == "erased" {
                let class = RetentionClass::parse(&row.why).unwrap_or(RetentionClass::Closed);
                let (case, had_plate, repeated) = (case.clone(), false, true);
                return Ok(Erased { case, class, had_plate, repeated });
            }
            let at = act.at;
            let due = due(&mut act.tx, at, policy, case.as_str(), 1)?;
            let Some(ToDelete { class, .. }) = due.into_iter().next() else {
                return Err(DeskError::Retained { case: case.clone(), state: row.state });
            };
            let had_plate = act.forget_plate(case)?;
            act.erase_rows(case, class)?;
            act.log("erase", Some(case), class.as_str());
            Ok(Erased { case: case.clone(), class, had_plate, repeated: false })
        })?;
        if !erased.repeated {
            self.scrub();
        }
        Ok(erased)
    }
}

impl Act<'_> {
    fn erase_rows(&mut self, case: &CaseId, class: RetentionClass) -> Result<()> {
        for sql in [
            "DELETE FROM votes WHERE case_id = $1",
            "DELETE FROM outbox WHERE topic = 'citations'
             AND id IN (SELECT id FROM citations WHERE case_id = $1)",
            "DELETE FROM status_reports
             WHERE citation IN (SELECT id FROM citations WHERE case_id = $1)",
        ] {
            self.tx.execute(sql, values![case.as_str()])?;
        }
        self.tx.execute(
            "UPDATE cases SET state = 'erased', why = $2, votes = 0, outcome = NULL, evidence = NULL,
                claim_account = NULL, claim_role = NULL, claim_token = NULL, progress = NULL
             WHERE id = $1",
            values![case.as_str(), class.as_str()],
        )?;
        Ok(())
    }
}

fn due(
    tx: &mut Tx<'_>,
    now: EventTime,
    policy: &RetentionPolicy,
    case: &str,
    limit: u64,
) -> Result<Vec<ToDelete>> {
    let (closed, undecided) = (policy.closed_before(now), policy.undecided_before(now));
    let rows = tx.query(DUE, values![closed, undecided, case, limit])?;
    rows.iter().map(|row| to_delete(tx, row)).collect()
}

fn to_delete(tx: &mut Tx<'_>, row: &Row) -> Result<ToDelete> {
    let violation = row.text(1)?;
    let evidence = row.maybe(6, Row::bytes)?;
    let needed = tx.first(
        "SELECT 1 FROM known_cases WHERE violation = $1 AND active = 1",
        values![&violation],
    )?;
    let package = match evidence.filter(|_| needed.is_none()) {
        None => None,
        Some(bytes) => match Evidence::from_bytes(&bytes)?.result {
            EvidenceResult::Sealed(package) => Some(package),
            EvidenceResult::Failed { .. } => None,
        },
    };
    Ok(ToDelete {
        case: rows::case_id(&row.text(0)?)?,
        violation: OutcomeId(violation),
        site: SiteId(row.text(2)?),
        camera: CameraId(row.text(3)?),
        event_time: EventTime(row.int(4)?),
        class: match row.text(5)?.as_str() {
            "rejected" => RetentionClass::Rejected,
            "voided" => RetentionClass::Void,
            "issued" => RetentionClass::Closed,
            _ => RetentionClass::Undecided,
        },
        package,
    })
}
