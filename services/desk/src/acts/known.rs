//! Known cases: violations whose right decision is known, among those that are not.

use wayside_cases::{Account, Actor, AnyCase, Case, CaseId, Decision, Reason, Role, Subject};
use wayside_proto::convert::Message;
use wayside_proto::{EventTime, Evidence, Outcome, OutcomeId};

use super::decide::already;
use crate::desk::Act;
use crate::error::{DeskError, Result};
use crate::rows::{self, CaseRow};
use crate::sql::{Row, values};
use crate::types::account;
use crate::{ClaimFilter, Decided, Desk, KnownResult, Step};

impl Desk {
    /// Makes a violation with its package a known case. Each reviewer gets it at most once, as a case of
    /// its own; the one who adds it, and those who decided it as a real case, do not get it.
    ///
    /// # Errors
    /// Where it is one already, or the role may not.
    pub fn add_known(
        &self,
        actor: &Actor,
        outcome: &Outcome,
        evidence: &Evidence,
        right: Decision,
        now: EventTime,
    ) -> Result<()> {
        actor.must(|role| role == Role::Senior, "add known cases")?;
        Subject::new(outcome, evidence)?;
        let (about, package) = (outcome.to_bytes()?, evidence.to_bytes()?);
        self.act(actor, now, |act| {
            let added = act.tx.execute(
                "INSERT INTO known_cases
                 (violation, case_id, reason, added_by, added_us, active, outcome, evidence)
                 VALUES ($1, $2, $3, $4, $5, 1, $6, $7) ON CONFLICT (violation) DO NOTHING",
                values![
                    &outcome.id.0,
                    CaseId::of(&outcome.id).as_str(),
                    right.reason().map(Reason::as_str),
                    act.actor.account.as_str(),
                    act.at,
                    about.clone(),
                    package.clone(),
                ],
            )?;
            if added == 0 {
                return Err(DeskError::KnownAlready { violation: outcome.id.clone() });
            }
            act.log("add_known", None, outcome.id.to_string());
            Ok(())
        })
    }

    /// Ends a known case: nobody gets it any more. Says whether it was one.
    ///
    /// # Errors
    /// Where the role may not.
    pub fn end_known(&self, actor: &Actor, violation: &OutcomeId, now: EventTime) -> Result<bool> {
        actor.must(|role| role == Role::Senior, "end known cases")?;
        self.act(actor, now, |act| {
            let sql = "UPDATE known_cases SET active = 0 WHERE violation = $1 AND active = 1";
            let ended = act.tx.execute(sql, values![&violation.0])? > 0;
            if ended {
                act.log("end_known", None, violation.to_string());
            }
            Ok(ended)
        })
    }
}

impl Act<'_> {
    /// Makes a case of a known violation that this reviewer has not had.
    pub(super) fn take_known(&mut self, filter: &ClaimFilter) -> Result<Option<CaseRow>> {
        let account = self.actor.account.to_string();
        let rows = self.tx.query(
            "SELECT outcome, evidence FROM known_cases k
             WHERE active = 1 AND added_by <> $1
               AND NOT EXISTS (SELECT 1 FROM known_given g
                               WHERE g.violation = k.violation AND g.account = $1)
               AND NOT EXISTS (SELECT 1 FROM votes v
                               WHERE v.case_id = k.case_id AND v.account = $1)
             ORDER BY added_us, violation",
            values![&account],
        )?;
        for row in rows {
            let (about, package) = (row.bytes(0)?, row.bytes(1)?);
            let outcome = Outcome::from_bytes(&about)?;
            let of_site = filter.site.as_ref().is_none_or(|site| *site == outcome.site);
            let of_rule = filter.rule.as_ref().is_none_or(|rule| *rule == outcome.rule);
            if !of_site || !of_rule {
                continue;
            }
            let given = self.tx.execute(
                "INSERT INTO known_given (violation, account) VALUES ($1, $2)
                 ON CONFLICT (violation, account) DO NOTHING",
                values![&outcome.id.0, &account],
            )?;
            if given == 0 {
                // The same account claims twice at this moment.
                continue;
            }
            let subject = Subject::new(&outcome, &Evidence::from_bytes(&package)?)?;
            let case = AnyCase::Queued(Case::known(subject, &self.actor)).stored();
            rows::insert(&mut self.tx, &case, &account, about, package, self.at)?;
            return CaseRow::locked(&mut self.tx, &case.id).map(Some);
        }
        Ok(None)
    }

    /// Ends the case of a known violation: the result is kept, and nothing is issued.
    pub(super) fn decided_known(&mut self, row: &CaseRow, decision: Decision) -> Result<Decided> {
        let found = self.tx.first(
            "SELECT k.reason FROM known_cases k JOIN cases c ON c.violation = k.violation
             WHERE c.id = $1",
            values![row.id.as_str()],
        )?;
        let found = found.ok_or_else(|| DeskError::UnknownCase { case: row.id.clone() })?;
        let right = rows::decision(found.maybe(0, Row::text)?)?;
        let correct = right.approves() == decision.approves();
        self.tx.execute(
            "INSERT INTO known_results (case_id, account, role, correct, at_us)
             VALUES ($1, $2, $3, $4, $5)",
            values![
                row.id.as_str(),
                self.actor.account.as_str(),
                self.actor.role.as_str(),
                correct,
                self.at,
            ],
        )?;
        self.tx.execute(
            "UPDATE cases SET state = 'known', claim_account = NULL, outcome = NULL,
                evidence = NULL WHERE id = $1",
            values![row.id.as_str()],
        )?;
        // Like any other decision in the log: that it was a known case stands beside it.
        let why = if correct { "right" } else { "wrong" };
        self.log("decide", Some(&row.id), format!("{}: known case, {why}", decision.as_str()));
        Ok(Decided {
            case: row.id.clone(),
            step: Step::Known(KnownResult { right, correct }),
            at: self.at,
            repeated: false,
            stand_down: None,
        })
    }

    /// Who decided a known case, as a refusal.
    pub(super) fn known_decided(&mut self, case: &CaseId) -> Result<DeskError> {
        let row = self.tx.first(
            "SELECT account, role, at_us FROM known_results WHERE case_id = $1",
            values![case.as_str()],
        )?;
        let row = row.ok_or_else(|| DeskError::UnknownCase { case: case.clone() })?;
        let name: Account = account(&row.text(0)?)?;
        let by = Actor::new(name, rows::role(&row.text(1)?)?);
        Ok(already(by, EventTime(row.int(2)?)))
    }
}
