//! Looking: the queue, a case, a citation, agreement, the audit log.

use std::collections::BTreeMap;

use wayside_cases::agreement::{Agreement, Pairs};
use wayside_cases::wilson::Share;
use wayside_cases::{Actor, CaseId, Claim, Role, Stage, Vote};
use wayside_proto::{CitationId, CitationStatus, EventTime, EvidenceResult};

use super::outbox::revision;
use crate::audit::{self, AuditEntry, AuditSummary};
use crate::desk::Act;
use crate::error::{DeskError, Result};
use crate::rows::{self, CaseRow};
use crate::sql::{Row, Tx, values};
use crate::types::account;
use crate::{AgreementReport, CaseView, CitationView, Desk, KnownScore, QueueCounts};

/// Entries of the audit log in one answer, at most.
const ENTRIES_MAX: u64 = 1_000;

impl Desk {
    /// How much there is to do. Known cases do not count.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn queue(&self, now: EventTime) -> Result<QueueCounts> {
        self.read(|tx| {
            let rows = tx.query(
                "SELECT state, stage, COUNT(*), MIN(queued_us) FROM cases
                 WHERE owner = '' AND state IN ('queued', 'claimed', 'sent_back', 'approved')
                 GROUP BY state, stage",
                &[],
            )?;
            let mut counts = QueueCounts::default();
            for row in rows {
                let (state, stage, count) =
                    (row.text(0)?, rows::stage(&row.text(1)?)?, row.count(2)?);
                match (state.as_str(), stage) {
                    ("queued", Stage::First) => counts.first += count,
                    ("queued", Stage::Second) => counts.second += count,
                    ("queued", Stage::Senior) => counts.senior += count,
                    ("queued", Stage::Contest) => counts.contest += count,
                    ("claimed", _) => counts.claimed += count,
                    ("sent_back", _) => counts.sent_back += count,
                    _ => counts.approved += count,
                }
                if state == "queued" {
                    let since = EventTime(row.int(3)?);
                    counts.oldest = Some(counts.oldest.map_or(since, |oldest| oldest.min(since)));
                }
            }
            let expired = tx.first(
                "SELECT COUNT(*) FROM cases
                 WHERE owner = '' AND state = 'claimed' AND claim_until_us <= $1",
                values![now],
            )?;
            counts.expired = expired.map_or(Ok(0), |row| row.count(0))?;
            Ok(counts)
        })
    }

    /// Cases that wait for a reviewer, by site. Known cases do not count.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn waiting_by_site(&self) -> Result<BTreeMap<String, u64>> {
        self.read(|tx| {
            let rows = tx.query(
                "SELECT site, COUNT(*) FROM cases WHERE owner = '' AND state = 'queued' GROUP BY site",
                &[],
            )?;
            rows.into_iter().map(|row| Ok((row.text(0)?, row.count(1)?))).collect()
        })
    }

    /// A case as it is, for whoever may look. That they looked is in the audit log.
    ///
    /// # Errors
    /// Where there is no such case, or the role may not.
    pub fn view(&self, actor: &Actor, case: &CaseId, now: EventTime) -> Result<CaseView> {
        actor.must(Role::views, "look at cases")?;
        self.act(actor, now, |act| {
            let unknown = || DeskError::UnknownCase { case: case.clone() };
            let row = CaseRow::get(&mut act.tx, case)?.ok_or_else(unknown)?;
            // A known case is its reviewer's alone, like the claim that it was made for.
            if row.is_known() && actor.role.decides() && row.owner != actor.account.as_str() {
                return Err(unknown());
            }
            let view = act.view_of(row)?;
            act.log("view", Some(case), "");
            Ok(view)
        })
    }

    /// A citation as it is.
    ///
    /// # Errors
    /// Where there is none.
    pub fn citation(&self, citation: &CitationId) -> Result<CitationView> {
        self.read(|tx| citation_view(tx, citation))
    }

    /// How far reviewers agree, and how they do on known cases.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn agreement(&self) -> Result<AgreementReport> {
        self.read(|tx| {
            let mut pairs = Pairs::default();
            for row in
                tx.query("SELECT first, second, COUNT(*) FROM pairs GROUP BY first, second", &[])?
            {
                let cell = match (row.int(0)? != 0, row.int(1)? != 0) {
                    (true, true) => &mut pairs.both_approve,
                    (true, false) => &mut pairs.first_only,
                    (false, true) => &mut pairs.second_only,
                    (false, false) => &mut pairs.both_reject,
                };
                *cell += row.count(2)?;
            }
            let scores = tx.query(
                "SELECT account, role, CAST(SUM(correct) AS BIGINT), COUNT(*) FROM known_results
                 GROUP BY account, role ORDER BY account, role",
                &[],
            )?;
            let known = scores
                .iter()
                .map(|row| {
                    Ok(KnownScore {
                        reviewer: Actor::new(account(&row.text(0)?)?, rows::role(&row.text(1)?)?),
                        correct: Share::of(row.count(2)?, row.count(3)?),
                    })
                })
                .collect::<Result<Vec<_>>>()?;
            Ok(AgreementReport { agreement: Agreement::of(pairs), known })
        })
    }

    /// Entries of the audit log from a number on, at most 1,000, of one case or of all.
    ///
    /// # Errors
    /// Where the role may not.
    pub fn audit_entries(
        &self,
        actor: &Actor,
        case: Option<&CaseId>,
        from: u64,
        limit: u64,
    ) -> Result<Vec<AuditEntry>> {
        actor.must(Role::audits, "read the audit log")?;
        let case = case.map(ToString::to_string).unwrap_or_default();
        self.read(|tx| audit::entries(tx, &case, from, limit.min(ENTRIES_MAX)))
    }

    /// Reads the whole audit log and holds each entry to the one before.
    ///
    /// # Errors
    /// [`DeskError::Audit`] names the first entry that is wrong.
    pub fn verify_audit(&self) -> Result<AuditSummary> {
        self.read(audit::verify)
    }
}

impl Act<'_> {
    pub(super) fn citation_view(&mut self, citation: &CitationId) -> Result<CitationView> {
        citation_view(&mut self.tx, citation)
    }

    fn view_of(&mut self, row: CaseRow) -> Result<CaseView> {
        let subject = row.subject()?;
        let votes = rows::votes(&mut self.tx, &row.id)?;
        let citation = self
            .tx
            .first("SELECT id FROM citations WHERE case_id = $1", values![row.id.as_str()])?;
        let plate =
            self.tx.first("SELECT 1 FROM plates WHERE case_id = $1", values![row.id.as_str()])?;
        let package = subject.as_ref().and_then(|(_, evidence)| match &evidence.result {
            EvidenceResult::Sealed(package) => Some(package.clone()),
            EvidenceResult::Failed { .. } => None,
        });
        let blind = self.is_blind(&row);
        Ok(CaseView {
            stage: if blind { Stage::First } else { row.stage },
            votes: self.shown(votes, blind),
            claim: row.claim.filter(|claim: &Claim| !blind || claim.by == self.actor),
            has_plate: plate.is_some() && !blind,
            package,
            outcome: subject.map(|(outcome, _)| outcome),
            citation: citation.map(|row| row.text(0).map(CitationId)).transpose()?,
            case: row.id,
            state: row.state,
            why: row.why,
            undo_until: row.undo_until,
            issued_at: row.issued_at,
            progress: row.progress,
            admitted_at: row.admitted_at,
        })
    }

    /// Whether this actor may still give a review that must not know of the one before.
    fn is_blind(&self, row: &CaseRow) -> bool {
        let open = matches!(row.state.as_str(), "queued" | "claimed" | "sent_back");
        open && self.actor.role.decides() && matches!(row.stage, Stage::First | Stage::Second)
    }

    fn shown(&self, votes: Vec<Vote>, blind: bool) -> Vec<Vote> {
        let own = |vote: &Vote| vote.by.account == self.actor.account;
        votes.into_iter().filter(|vote| !blind || own(vote)).collect()
    }
}

fn citation_view(tx: &mut Tx<'_>, citation: &CitationId) -> Result<CitationView> {
    let row = tx.first(
        "SELECT t.case_id, t.revision, t.status, t.issued_us, c.progress, c.stage, c.state
         FROM citations t JOIN cases c ON c.id = t.case_id WHERE t.id = $1",
        values![&citation.0],
    )?;
    let unknown = || DeskError::UnknownCitation { citation: citation.clone() };
    let row = row.ok_or_else(unknown)?;
    let unreadable = |what: &'static str, problem: String| DeskError::Stored { what, problem };
    let status = row.text(2)?;
    let progress = row.maybe(4, Row::text)?;
    let open = matches!(row.text(6)?.as_str(), "queued" | "claimed" | "sent_back");
    Ok(CitationView {
        citation: citation.clone(),
        case: rows::case_id(&row.text(0)?)?,
        revision: revision(row.int(1)?)?,
        status: CitationStatus::parse(&status)
            .ok_or_else(|| unreadable("the status of a citation", status))?,
        progress: progress
            .map(|text| {
                wayside_cases::Progress::parse(&text)
                    .ok_or_else(|| unreadable("the progress of a citation", text))
            })
            .transpose()?,
        contested: open && rows::stage(&row.text(5)?)? == Stage::Contest,
        issued_at: EventTime(row.int(3)?),
    })
}
