//! Waiting: admission, claims, cases that were sent back.

use wayside_proto::EventTime;

use super::{Case, Claim, Claimed, Issue, Queued, SentBack};
use crate::vote::{may_vote, plain_text};
use crate::{Actor, CaseId, ClaimToken, Policy, Refused, Role, Stage, Subject, sample};

impl Case<Queued> {
    /// A new case of this violation. Whether it gets a second review follows from its id.
    #[must_use]
    pub fn admit(subject: Subject, policy: &Policy) -> Self {
        let id = CaseId::of(&subject.outcome().id);
        let sampled = sample::gets_second_review(&id, policy.second_share);
        Self::new(id, subject, sampled)
    }

    /// A known case as one reviewer gets it. One vote decides it, and it is never issued: see
    /// [`sample::Known`].
    #[must_use]
    pub fn known(subject: Subject, actor: &Actor) -> Self {
        let id = CaseId::known(&subject.outcome().id, &actor.account);
        Self::new(id, subject, false)
    }

    fn new(id: CaseId, subject: Subject, sampled: bool) -> Self {
        let state = Queued { stage: Stage::First, issue: None };
        Self { id, subject, sampled, votes: Vec::new(), state }
    }

    /// Which review it waits for.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.state.stage
    }

    /// The citation, where it is contested.
    #[must_use]
    pub fn issue_of_contest(&self) -> Option<&Issue> {
        self.state.issue.as_ref()
    }

    /// Takes the case for one reviewer; `number` counts the claims of this case, from 1.
    ///
    /// # Errors
    /// Where the actor has decided in it before, or may not at this stage.
    pub fn claim(
        self,
        actor: &Actor,
        number: u64,
        now: EventTime,
        policy: &Policy,
    ) -> Result<Case<Claimed>, Refused> {
        may_vote(&self.votes, self.state.stage, actor)?;
        let claim = Claim {
            by: actor.clone(),
            token: ClaimToken::of(&self.id, &actor.account, number),
            since: now,
            until: now.plus_s(f64::from(policy.claim_s)),
        };
        let Queued { stage, issue } = self.state.clone();
        Ok(self.with(Claimed { stage, issue, claim }))
    }

    /// Takes back the last vote, while the case waits for the next review.
    ///
    /// # Errors
    /// Where there is none, it is somebody else's, or the window is over.
    pub fn undo(mut self, actor: &Actor, now: EventTime, policy: &Policy) -> Result<Self, Refused> {
        if !matches!(self.state.stage, Stage::Second | Stage::Senior) {
            return Err(Refused::WrongState { act: "undo a decision", state: "waiting for one" });
        }
        let Some(last) = self.votes.last() else {
            return Err(Refused::WrongState { act: "undo a decision", state: "waiting for one" });
        };
        may_undo(last, actor, now, last.at.plus_s(f64::from(policy.undo_s)))?;
        self.state.stage = last.stage;
        self.votes.pop();
        Ok(self)
    }
}

/// Its own reviewer or a senior, before the end of the window.
pub(super) fn may_undo(
    vote: &crate::Vote,
    actor: &Actor,
    now: EventTime,
    until: EventTime,
) -> Result<(), Refused> {
    actor.must(Role::decides, "undo a decision")?;
    if vote.by.account != actor.account && actor.role != Role::Senior {
        return Err(Refused::UndoOfAnother { by: vote.by.account.clone() });
    }
    if now >= until {
        return Err(Refused::UndoTooLate { until });
    }
    Ok(())
}

impl Case<SentBack> {
    /// Why it was sent back.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.state.why
    }

    /// Puts it into the queue again, at the review it had waited for.
    ///
    /// # Errors
    /// Where the role may not, or no reason is given.
    pub fn requeue(self, actor: &Actor, why: &str) -> Result<Case<Queued>, Refused> {
        actor.must(Role::reinstates, "put a case back into the queue")?;
        plain_text("reason", why, 1, super::claimed::WHY_BYTES_MAX)?;
        let SentBack { stage, issue, .. } = self.state.clone();
        Ok(self.with(Queued { stage, issue }))
    }
}
