//! Cases and what became of them.

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use wayside_cases::{Decision, Vote};
use wayside_desk::{CaseView, CitationView, ClaimedCase, Decided, QueueCounts, StatusTaken, Step};

use super::outcome::{PackageJson, ViolationJson};

/// How much there is to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct QueueJson {
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
    pub oldest: Option<String>,
}

/// A case that is the caller's for a while.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ClaimJson {
    /// The case.
    pub case: String,
    /// To be shown with every act on it.
    pub token: String,
    /// Until when, without a heartbeat.
    pub until: String,
    /// Which review: `first`, `senior` or `contest`.
    pub stage: String,
    /// The violation.
    pub violation: ViolationJson,
    /// Its package.
    pub package: PackageJson,
}

/// Until when a claim holds now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldJson {
    /// Until when, without another heartbeat.
    pub until: String,
}

/// A case as it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseJson {
    /// The case.
    pub case: String,
    /// `queued`, `claimed`, `sent_back`, `approved`, `issued`, `rejected`, `voided`, `known`,
    /// `evidence_failed` or `erased`.
    pub state: String,
    /// Which review it waits for, or waited for last.
    pub stage: String,
    /// Why it was sent back, its evidence failed, or it was erased; may be empty.
    pub why: String,
    /// The violation; none once erased.
    pub violation: Option<ViolationJson>,
    /// Its package; none once erased.
    pub package: Option<PackageJson>,
    /// What the package shows, and whether it holds; none once erased.
    pub evidence: Option<EvidenceJson>,
    /// Decisions, oldest first. Reviewers see their own alone while the first two are not both in.
    pub votes: Vec<VoteJson>,
    /// The account that has it now.
    pub claimed_by: Option<String>,
    /// Until when.
    pub claimed_until: Option<String>,
    /// Until when an approval can be undone.
    pub undo_until: Option<String>,
    /// The citation, where one was issued.
    pub citation: Option<String>,
    /// When it was issued.
    pub issued_at: Option<String>,
    /// How far the citation is: `issued`, `served`, `upheld`, `paid` or `cancelled`.
    pub progress: Option<String>,
    /// Whether a plate is kept.
    pub has_plate: bool,
    /// When it was admitted.
    pub admitted_at: String,
}

/// What a package shows, and whether it holds.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EvidenceJson {
    /// Whether it was fetched and everything holds. No part is given out otherwise.
    pub verified: bool,
    /// What was found, in sentences; or why nothing could be.
    pub findings: Vec<String>,
    /// Names of parts that can be fetched.
    pub parts: Vec<String>,
    /// How each quantity arises, in words and numbers (Markdown).
    pub derivations: Option<String>,
    /// What the signal groups showed around the event.
    #[schema(value_type = Option<Object>)]
    pub signals: Option<Box<RawValue>>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VoteJson {
    /// The account.
    pub account: String,
    /// In which role.
    pub role: String,
    /// In which review.
    pub stage: String,
    /// `approve` or `reject`.
    pub decision: String,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// For the file.
    pub note: String,
    /// When.
    pub at: String,
}

/// What a decision led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DecidedJson {
    /// The case.
    pub case: String,
    /// `second_review`, `senior_review`, `approved`, `rejected`, `upheld`, `voided` or `known`.
    pub step: String,
    /// Until when it can be undone, where it was approved.
    pub undo_until: Option<String>,
    /// When it was taken.
    pub at: String,
    /// Whether the same decision was on record already.
    pub repeated: bool,
    /// Of a known case: whether it was decided rightly.
    pub known_correct: Option<bool>,
    /// Of a known case: the right decision.
    pub known_right: Option<String>,
    /// What is said of the rule that stands down because of it.
    pub stand_down: Option<String>,
}

/// A citation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CitationJson {
    /// Its id.
    pub citation: String,
    /// Its case.
    pub case: String,
    /// Its latest revision.
    pub revision: u32,
    /// `issued` or `voided`.
    pub status: String,
    /// How far it is; none while it is contested, once voided and once erased.
    pub progress: Option<String>,
    /// Whether it is contested and waits for a reviewer.
    pub contested: bool,
    /// When it was issued.
    pub issued_at: String,
}

/// That a report was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatusJson {
    /// Whether it had been taken before.
    pub repeated: bool,
    /// What the citation is now.
    pub citation: CitationJson,
}

/// A plate. It is said to nobody else, and written down nowhere.
#[derive(Clone, Serialize, ToSchema)]
pub struct PlateJson {
    /// The plate, without separators.
    pub plate: String,
}

/// What a plate may say: a person confirms or corrects it.
#[derive(Clone, Serialize, ToSchema)]
pub struct SuggestionsJson {
    /// The likeliest first; often none.
    pub suggestions: Vec<SuggestionJson>,
}

/// A reading of a plate.
#[derive(Clone, Serialize, ToSchema)]
pub struct SuggestionJson {
    /// The plate, without separators.
    pub plate: String,
    /// How sure the reader is, 0 to 1: an order, not a chance of being right.
    pub confidence: f32,
}

impl From<QueueCounts> for QueueJson {
    fn from(counts: QueueCounts) -> Self {
        let QueueCounts {
            first,
            second,
            senior,
            contest,
            claimed,
            expired,
            sent_back,
            approved,
            oldest,
        } = counts;
        let oldest = oldest.map(|oldest| oldest.to_string());
        Self { first, second, senior, contest, claimed, expired, sent_back, approved, oldest }
    }
}

impl From<ClaimedCase> for ClaimJson {
    fn from(claimed: ClaimedCase) -> Self {
        Self {
            case: claimed.case.to_string(),
            token: claimed.token.to_string(),
            until: claimed.until.to_string(),
            stage: claimed.stage.as_str().to_owned(),
            violation: ViolationJson::from(&claimed.outcome),
            package: PackageJson::from(&claimed.package),
        }
    }
}

impl CaseJson {
    /// A case beside what its package shows.
    pub(crate) fn new(view: CaseView, evidence: Option<EvidenceJson>) -> Self {
        Self {
            case: view.case.to_string(),
            stage: view.stage.as_str().to_owned(),
            violation: view.outcome.as_ref().map(ViolationJson::from),
            package: view.package.as_ref().map(PackageJson::from),
            evidence,
            votes: view.votes.iter().map(VoteJson::from).collect(),
            claimed_by: view.claim.as_ref().map(|claim| claim.by.account.to_string()),
            claimed_until: view.claim.map(|claim| claim.until.to_string()),
            undo_until: view.undo_until.map(|until| until.to_string()),
            citation: view.citation.map(|citation| citation.to_string()),
            issued_at: view.issued_at.map(|at| at.to_string()),
            progress: view.progress.map(|progress| progress.as_str().to_owned()),
            has_plate: view.has_plate,
            admitted_at: view.admitted_at.to_string(),
            state: view.state,
            why: view.why,
        }
    }
}

impl From<&Vote> for VoteJson {
    fn from(vote: &Vote) -> Self {
        Self {
            account: vote.by.account.to_string(),
            role: vote.by.role.to_string(),
            stage: vote.stage.as_str().to_owned(),
            decision: vote.ballot.decision.as_str().to_owned(),
            reason: vote.ballot.decision.reason().map(|reason| reason.as_str().to_owned()),
            note: vote.ballot.note.clone(),
            at: vote.at.to_string(),
        }
    }
}

impl From<Decided> for DecidedJson {
    fn from(decided: Decided) -> Self {
        let (mut undo_until, mut known) = (None, None);
        let step = match decided.step {
            Step::SecondReview => "second_review",
            Step::SeniorReview => "senior_review",
            Step::Approved { undo_until: until } => {
                undo_until = Some(until.to_string());
                "approved"
            }
            Step::Rejected => "rejected",
            Step::Upheld => "upheld",
            Step::Voided => "voided",
            Step::Known(result) => {
                known = Some(result);
                "known"
            }
        };
        Self {
            case: decided.case.to_string(),
            step: step.to_owned(),
            undo_until,
            at: decided.at.to_string(),
            repeated: decided.repeated,
            known_correct: known.map(|known| known.correct),
            known_right: known.map(|known| Decision::as_str(known.right).to_owned()),
            stand_down: decided.stand_down.map(|stand_down| stand_down.why),
        }
    }
}

impl From<CitationView> for CitationJson {
    fn from(view: CitationView) -> Self {
        Self {
            citation: view.citation.to_string(),
            case: view.case.to_string(),
            revision: view.revision,
            status: view.status.as_str().to_owned(),
            progress: view.progress.map(|progress| progress.as_str().to_owned()),
            contested: view.contested,
            issued_at: view.issued_at.to_string(),
        }
    }
}

impl From<StatusTaken> for StatusJson {
    fn from(taken: StatusTaken) -> Self {
        Self { repeated: taken.repeated, citation: taken.citation.into() }
    }
}
