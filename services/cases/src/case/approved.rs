//! Approved: undone, or issued.

use wayside_proto::{Citation, CitationId, CitationStatus, EventTime, HumanDecision};

use super::{Approved, Case, Issue, Issued, Progress, Queued, Voided};
use crate::{Actor, Approval, Reason, Refused, Stage};

impl Case<Approved> {
    /// What people decided.
    #[must_use]
    pub fn approval(&self) -> &Approval {
        &self.state.approval
    }

    /// Until when it can be undone.
    #[must_use]
    pub fn undo_until(&self) -> EventTime {
        self.state.undo_until
    }

    /// Takes back the last vote; the case waits for that review again.
    ///
    /// # Errors
    /// Where it is somebody else's, or the window is over.
    pub fn undo(mut self, actor: &Actor, now: EventTime) -> Result<Case<Queued>, Refused> {
        let until = self.state.undo_until;
        let mut stage = Stage::First;
        if let Some(last) = self.votes.last() {
            super::queued::may_undo(last, actor, now, until)?;
            stage = last.stage;
        }
        self.votes.pop();
        Ok(self.with(Queued { stage, issue: None }))
    }

    /// Issues the citation, revision 1. Times do not decide whether it may: only how soon.
    ///
    /// # Errors
    /// Where the decision can still be undone.
    pub fn issue(self, now: EventTime) -> Result<(Case<Issued>, Citation), Refused> {
        let until = self.state.undo_until;
        if now < until {
            return Err(Refused::NotDue { until });
        }
        let approval = self.state.approval.clone();
        let citation = message(&self, CitationStatus::Issued, 1, approval.to_message());
        let issue = Issue { approval, at: now };
        Ok((self.with(Issued { issue, progress: Progress::Issued }), citation))
    }
}

impl Case<Voided> {
    /// Why.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.state.reason
    }

    /// The issue that is void now.
    #[must_use]
    pub fn issue_of(&self) -> &Issue {
        &self.state.issue
    }

    /// The message that the citation does not hold any more, revision 2.
    #[must_use]
    pub fn citation(&self) -> Citation {
        message(self, CitationStatus::Voided, 2, self.state.decision.clone())
    }
}

fn message<S>(
    case: &Case<S>,
    status: CitationStatus,
    revision: u32,
    decision: HumanDecision,
) -> Citation {
    let outcome = case.subject.outcome();
    Citation {
        id: CitationId::of(&outcome.id),
        revision,
        status,
        violation: outcome.id.clone(),
        site: outcome.site.clone(),
        camera: outcome.camera.clone(),
        rule: outcome.rule,
        rule_version: outcome.rule_version,
        class: outcome.class,
        event_time: outcome.event_time,
        quantities: outcome.quantities.clone(),
        decision,
        evidence: case.subject.package().clone(),
    }
}
