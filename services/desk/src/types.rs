//! What the desk gives back.

use wayside_cases::agreement::Agreement;
use wayside_cases::retention::RetentionClass;
use wayside_cases::wilson::Share;
use wayside_cases::{Account, Actor, CaseId, Claim, ClaimToken, Decision, Progress, Stage, Vote};
use wayside_proto::{
    CameraId, CitationId, CitationStatus, EventTime, Outcome, OutcomeId, RuleStandDown,
    SealedPackage, SiteId,
};

/// What became of an admission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// It is in the queue now.
    New(CaseId),
    /// It was admitted before; nothing changed.
    Before(CaseId),
}

impl Admitted {
    /// The case.
    #[must_use]
    pub fn case(&self) -> &CaseId {
        match self {
            Self::New(case) | Self::Before(case) => case,
        }
    }
}

/// Which cases a reviewer wants. The default is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimFilter {
    /// Of one junction.
    pub site: Option<SiteId>,
    /// Of one rule.
    pub rule: Option<String>,
    /// Waiting for one review.
    pub stage: Option<Stage>,
}

/// A case that is the caller's for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedCase {
    /// The case.
    pub case: CaseId,
    /// To be shown with the decision.
    pub token: ClaimToken,
    /// Until when, without a heartbeat.
    pub until: EventTime,
    /// Which review. A second one shows as [`Stage::First`]: who gives it does not learn of the first.
    pub stage: Stage,
    /// The violation.
    pub outcome: Outcome,
    /// Its package.
    pub package: SealedPackage,
}

/// A case as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseView {
    /// The case.
    pub case: CaseId,
    /// Its state: `queued`, `claimed`, `sent_back`, `approved`, `issued`, `rejected`, `voided`, `known`
    /// (a known case that was decided), `evidence_failed`, `erased`, `damaged`
    /// (it cannot be read, and is out of the queue).
    pub state: String,
    /// Which review it waits for, or waited for last.
    pub stage: Stage,
    /// Why it was sent back, its evidence failed, or it was erased; may be empty.
    pub why: String,
    /// The violation; none once erased.
    pub outcome: Option<Outcome>,
    /// Its package; none once erased.
    pub package: Option<SealedPackage>,
    /// Decisions, oldest first. Reviewers see their own alone while the first two are not both in.
    pub votes: Vec<Vote>,
    /// Who has it, where it is claimed.
    pub claim: Option<Claim>,
    /// Until when an approval can be undone.
    pub undo_until: Option<EventTime>,
    /// The citation, where one was issued.
    pub citation: Option<CitationId>,
    /// When it was issued.
    pub issued_at: Option<EventTime>,
    /// How far the citation is.
    pub progress: Option<Progress>,
    /// Whether a plate is kept.
    pub has_plate: bool,
    /// When it was admitted.
    pub admitted_at: EventTime,
}

/// The package of a case that somebody looks at.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceView {
    /// The violation.
    pub violation: OutcomeId,
    /// Its package.
    pub package: SealedPackage,
    /// Who has the case, where it is claimed.
    pub claim: Option<Claim>,
}

/// What a decision led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Another reviewer decides as well.
    SecondReview,
    /// Two disagree: a senior decides.
    SeniorReview,
    /// Approved; the citation is issued when it cannot be undone any more.
    Approved {
        /// Until when it can.
        undo_until: EventTime,
    },
    /// Rejected, final.
    Rejected,
    /// The contested citation stands.
    Upheld,
    /// The contested citation is voided, final.
    Voided,
    /// It was a known case.
    Known(KnownResult),
}

/// How a known case was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownResult {
    /// The right decision.
    pub right: Decision,
    /// Whether it was taken.
    pub correct: bool,
}

/// A decision that is on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The case.
    pub case: CaseId,
    /// What it led to.
    pub step: Step,
    /// When it was taken.
    pub at: EventTime,
    /// Whether the same decision was on record already: the caller repeated itself.
    pub repeated: bool,
    /// The rule that stands down from now on, because of it.
    pub stand_down: Option<RuleStandDown>,
}

/// How much there is to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// Waiting for a first review.
    pub first: u64,
    /// Waiting for a second one.
    pub second: u64,
    /// Waiting for a senior.
    pub senior: u64,
    /// Contested.
    pub contest: u64,
    /// With a reviewer now.
    pub claimed: u64,
    /// Claims that have run out and can be claimed again.
    pub expired: u64,
    /// Sent back, outside the queue.
    pub sent_back: u64,
    /// Approved, not issued yet.
    pub approved: u64,
    /// Since when the case waits that has waited longest.
    pub oldest: Option<EventTime>,
}

/// What a citation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitationView {
    /// The citation.
    pub citation: CitationId,
    /// Its case.
    pub case: CaseId,
    /// Its latest revision.
    pub revision: u32,
    /// Issued or voided.
    pub status: CitationStatus,
    /// How far it is; none while it is contested, once voided, and once erased.
    pub progress: Option<Progress>,
    /// Whether it is contested and waits for a reviewer.
    pub contested: bool,
    /// When it was issued.
    pub issued_at: EventTime,
}

/// That a report of a ticketing system was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusTaken {
    /// Whether it had been taken before.
    pub repeated: bool,
    /// What the citation is now.
    pub citation: CitationView,
}

/// Where a record of the outbox goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutboxTopic {
    /// `wayside.citations.v1`: [`Citation`], key `site/violation`.
    Citations,
    /// Stand-downs of rules: [`RuleStandDown`], key `site/camera`.
    StandDowns,
}

impl OutboxTopic {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Citations => "citations",
            Self::StandDowns => "stand_downs",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Citations, Self::StandDowns].into_iter().find(|topic| topic.as_str() == name)
    }
}

/// Names a record of the outbox. The same name is always the same bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutboxId {
    /// Where it goes.
    pub topic: OutboxTopic,
    /// The citation, or `site/camera/rule`.
    pub id: String,
    /// Its revision, from 1.
    pub revision: u32,
}

/// A record for the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbox {
    /// Its name.
    pub id: OutboxId,
    /// Its key on the bus.
    pub key: String,
    /// The message's bytes.
    pub payload: Vec<u8>,
    /// When the act happened.
    pub created_at: EventTime,
}

/// How far reviewers agree, and how they do on known cases.
#[derive(Clone, Debug, PartialEq)]
pub struct AgreementReport {
    /// First and second reviews.
    pub agreement: Agreement,
    /// Known cases, by account.
    pub known: Vec<KnownScore>,
}

/// One account's known cases.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownScore {
    /// The account, in its role.
    pub reviewer: Actor,
    /// Right decisions, with their interval.
    pub correct: Share,
}

/// A case whose content has to go.
#[derive(Clone, Debug, PartialEq)]
pub struct ToDelete {
    /// The case.
    pub case: CaseId,
    /// The violation.
    pub violation: OutcomeId,
    /// The junction.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// When the violation happened.
    pub event_time: EventTime,
    /// Why.
    pub class: RetentionClass,
    /// The package to delete first; none where a known case still needs it.
    pub package: Option<SealedPackage>,
}

/// What was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The case.
    pub case: CaseId,
    /// Why.
    pub class: RetentionClass,
    /// Whether a plate was among it.
    pub had_plate: bool,
    /// Whether it had been erased before.
    pub repeated: bool,
}

/// For an audit of who decided what, after the fact.
pub(crate) fn account(text: &str) -> crate::error::Result<Account> {
    Account::new(text).map_err(|error| crate::DeskError::Stored {
        what: "an account",
        problem: error.to_string(),
    })
}
