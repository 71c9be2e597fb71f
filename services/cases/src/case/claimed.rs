//! Claimed: one reviewer has the case, for a while.

use wayside_proto::{EventTime, HumanDecision};

use super::{Approved, Case, Issue, Issued, Progress, Queued, Rejected, SentBack, Voided};
use crate::vote::{may_vote, plain_text};
use crate::{Actor, Ballot, ClaimToken, Decision, Policy, Refused, Review, Stage, Vote};

/// Bytes of a reason that a person writes.
pub(crate) const WHY_BYTES_MAX: usize = 500;

/// One reviewer has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    pub(super) stage: Stage,
    pub(super) issue: Option<Issue>,
    pub(super) claim: Claim,
}

/// Who has a case, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub by: Actor,
    /// What they show when they decide.
    pub token: ClaimToken,
    /// Since when.
    pub since: EventTime,
    /// Until when, without a sign of life.
    pub until: EventTime,
}

/// What a decision leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Another review is needed.
    Queued(Case<Queued>),
    /// Approved; issued after the undo window.
    Approved(Case<Approved>),
    /// Rejected, final.
    Rejected(Case<Rejected>),
    /// A contested citation stands.
    Upheld(Case<Issued>),
    /// A contested citation is withdrawn, final.
    Voided(Case<Voided>),
}

impl Case<Claimed> {
    /// The claim.
    #[must_use]
    pub fn claim(&self) -> &Claim {
        &self.state.claim
    }

    /// Which review it is in.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.state.stage
    }

    /// Whether the claim has run out. At `until` it has.
    #[must_use]
    pub fn has_expired(&self, now: EventTime) -> bool {
        now >= self.state.claim.until
    }

    /// The case as anybody may claim it again, once the claim has run out.
    ///
    /// # Errors
    /// Gives the case back while the claim holds.
    pub fn lapse(self, now: EventTime) -> Result<Case<Queued>, Box<Self>> {
        if self.has_expired(now) { Ok(self.unclaimed()) } else { Err(Box::new(self)) }
    }

    fn unclaimed(self) -> Case<Queued> {
        let Claimed { stage, issue, .. } = self.state.clone();
        self.with(Queued { stage, issue })
    }

    fn holds(&self, actor: &Actor, token: &ClaimToken, now: EventTime) -> Result<(), Refused> {
        let claim = &self.state.claim;
        if claim.by.account != actor.account {
            return Err(Refused::ClaimOfAnother {
                account: claim.by.account.clone(),
                until: claim.until,
            });
        }
        // An older token of the same account is a claim that ran out.
        if claim.token != *token || self.has_expired(now) {
            return Err(Refused::ClaimExpired { until: claim.until.min(now) });
        }
        Ok(())
    }

    /// A sign of life: the claim holds for another `claim_s`.
    ///
    /// # Errors
    /// Where the claim is another's, or has run out.
    pub fn heartbeat(
        mut self,
        actor: &Actor,
        token: &ClaimToken,
        now: EventTime,
        policy: &Policy,
    ) -> Result<Self, Refused> {
        self.holds(actor, token, now)?;
        let until = now.plus_s(f64::from(policy.claim_s));
        self.state.claim.until = until.max(self.state.claim.until);
        Ok(self)
    }

    /// Gives the case back to the queue undecided.
    ///
    /// # Errors
    /// Where the claim is another's, or has run out.
    pub fn release(
        self,
        actor: &Actor,
        token: &ClaimToken,
        now: EventTime,
    ) -> Result<Case<Queued>, Refused> {
        self.holds(actor, token, now)?;
        Ok(self.unclaimed())
    }

    /// Takes the case out of the queue: something is wrong that a decision does not mend.
    ///
    /// # Errors
    /// Where the claim is another's, or has run out, or no reason is given.
    pub fn send_back(
        self,
        actor: &Actor,
        token: &ClaimToken,
        why: &str,
        now: EventTime,
    ) -> Result<Case<SentBack>, Refused> {
        self.holds(actor, token, now)?;
        plain_text("reason", why, 1, WHY_BYTES_MAX)?;
        let Claimed { stage, issue, .. } = self.state.clone();
        Ok(self.with(SentBack { stage, issue, why: why.to_owned() }))
    }

    /// Decides: the one step in which a person's judgement enters.
    ///
    /// # Errors
    /// Where the claim is another's, or has run out; where the actor may not decide here; where the note
    /// or the reason cannot be taken.
    pub fn decide(
        mut self,
        actor: &Actor,
        token: &ClaimToken,
        ballot: Ballot,
        now: EventTime,
        policy: &Policy,
    ) -> Result<Next, Refused> {
        self.holds(actor, token, now)?;
        may_vote(&self.votes, self.state.stage, actor)?;
        ballot.check()?;
        let Claimed { stage, issue, .. } = self.state.clone();
        let vote = Vote { by: actor.clone(), stage, at: now, token: token.clone(), ballot };
        self.votes.push(vote.clone());
        if let Some(issue) = issue {
            return Ok(self.after_contest(&vote, issue));
        }
        Ok(match Review::of(&self.votes, self.sampled) {
            Review::Open(stage) => Next::Queued(self.with(Queued { stage, issue: None })),
            Review::Approved(approval) => {
                let undo_until = now.plus_s(f64::from(policy.undo_s));
                Next::Approved(self.with(Approved { approval, undo_until }))
            }
            Review::Rejected(reason) => Next::Rejected(self.with(Rejected { reason })),
        })
    }

    fn after_contest(self, vote: &Vote, issue: Issue) -> Next {
        match vote.ballot.decision {
            Decision::Approve => {
                Next::Upheld(self.with(Issued { issue, progress: Progress::Upheld }))
            }
            Decision::Reject { reason } => {
                let decision = withdrawal(vote, reason);
                Next::Voided(self.with(Voided { issue, reason, decision }))
            }
        }
    }
}

/// What a voided citation says of the decision.
pub(super) fn withdrawal(vote: &Vote, reason: crate::Reason) -> HumanDecision {
    HumanDecision {
        reviewer: vote.by.account.to_string(),
        second_reviewer: None,
        decided_at: vote.at,
        reason: Some(reason.as_str().to_owned()),
        note: vote.ballot.note.clone(),
    }
}
