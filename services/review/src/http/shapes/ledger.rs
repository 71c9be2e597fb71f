//! What reviewers come to: errors of rules, agreement, the audit log.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use wayside_cases::ledger::LedgerLine;
use wayside_cases::wilson::Share;
use wayside_desk::{AgreementReport, AuditEntry, AuditSummary};
use wayside_proto::RuleStandDown;

use crate::webhooks::EndpointState;

/// A share with its 95% interval (Wilson).
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ShareJson {
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// Best estimate, 0 to 1.
    pub share: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// What people decided on a rule of a camera.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LedgerJson {
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// The rule.
    pub rule: String,
    /// Decisions counted from here.
    pub since: String,
    /// Rejections and withdrawals, by reason.
    pub reasons: BTreeMap<String, u64>,
    /// Errors of the rule, of all that were decided.
    pub errors: ShareJson,
    /// Whether it stands down now.
    pub stood_down: bool,
}

/// That a rule of a camera stands down, or is back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StandDownJson {
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// The rule.
    pub rule: String,
    /// It stands down, or it is back.
    pub stood_down: bool,
    /// From when on.
    pub since: String,
    /// One sentence for a person.
    pub why: String,
    /// Cases that were decided.
    pub decided: u32,
    /// Those of them that were errors of the rule.
    pub errors: u32,
}

/// How far two reviewers of the same case agree.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AgreementJson {
    /// Pairs that agree.
    pub agree: ShareJson,
    /// Both approved.
    pub both_approve: u64,
    /// The first approved, the second rejected.
    pub first_only: u64,
    /// The first rejected, the second approved.
    pub second_only: u64,
    /// Both rejected.
    pub both_reject: u64,
    /// Cohen's kappa, -1 to 1; none where chance alone would agree always.
    pub kappa: Option<f64>,
    /// Its 95% interval.
    pub kappa_interval: Option<[f64; 2]>,
}

/// How an account does on known cases.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct QualityJson {
    /// The account.
    pub account: String,
    /// Its role.
    pub role: String,
    /// Right decisions.
    pub correct: ShareJson,
}

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditJson {
    /// Its number, from 0 without gaps.
    pub number: u64,
    /// When.
    pub at: String,
    /// The account.
    pub account: String,
    /// Its role.
    pub role: String,
    /// What.
    pub act: String,
    /// Which case; empty where it is about none.
    pub case: String,
    /// Why, or with which result.
    pub why: String,
    /// Hash of the line before.
    pub previous: String,
    /// Hash over all of the above.
    pub hash: String,
}

/// Whether the audit log holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditCheckJson {
    /// Whether every line follows on the one before.
    pub holds: bool,
    /// Lines.
    pub entries: u64,
    /// Hash of the last one: keep a copy elsewhere.
    pub last_hash: Option<String>,
    /// Where it breaks, and how.
    pub problem: Option<String>,
}

/// How a webhook is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WebhookJson {
    /// Its address, without a query.
    pub url: String,
    /// `well`, `failing` or `gone`.
    pub state: String,
    /// Messages that wait, as far as they were read.
    pub waiting: u64,
    /// Messages that arrived, since the start.
    pub delivered: u64,
    /// Sends that failed, since the start.
    pub failed: u64,
    /// Messages given up, since the start.
    pub given_up: u64,
    /// When it took a message last.
    pub took: Option<String>,
}

impl From<Share> for ShareJson {
    fn from(share: Share) -> Self {
        let Share { count, of, share, low, high } = share;
        Self { count, of, share, low, high }
    }
}

impl From<LedgerLine> for LedgerJson {
    fn from(line: LedgerLine) -> Self {
        let reasons = line.reasons.iter().map(|(reason, n)| (reason.as_str().to_owned(), *n));
        Self {
            site: line.what.site.0.clone(),
            camera: line.what.camera.0.clone(),
            rule: line.what.rule.to_owned(),
            since: line.since.to_string(),
            reasons: reasons.collect(),
            errors: line.errors.into(),
            stood_down: line.stood_down,
        }
    }
}

impl From<RuleStandDown> for StandDownJson {
    fn from(of: RuleStandDown) -> Self {
        Self {
            site: of.site.0,
            camera: of.camera.0,
            rule: of.rule.to_owned(),
            stood_down: of.stood_down,
            since: of.since.to_string(),
            why: of.why,
            decided: of.decided,
            errors: of.errors,
        }
    }
}

impl From<&AgreementReport> for AgreementJson {
    fn from(report: &AgreementReport) -> Self {
        let agreement = &report.agreement;
        Self {
            agree: agreement.raw.into(),
            both_approve: agreement.pairs.both_approve,
            first_only: agreement.pairs.first_only,
            second_only: agreement.pairs.second_only,
            both_reject: agreement.pairs.both_reject,
            kappa: agreement.kappa.map(|kappa| kappa.value),
            kappa_interval: agreement.kappa.map(|kappa| [kappa.low, kappa.high]),
        }
    }
}

/// The known cases of a report.
pub(crate) fn quality(report: AgreementReport) -> Vec<QualityJson> {
    let scores = report.known.into_iter().map(|score| QualityJson {
        account: score.reviewer.account.to_string(),
        role: score.reviewer.role.to_string(),
        correct: score.correct.into(),
    });
    scores.collect()
}

impl From<AuditEntry> for AuditJson {
    fn from(entry: AuditEntry) -> Self {
        Self {
            number: entry.number,
            at: entry.at.to_string(),
            account: entry.account,
            role: entry.role,
            act: entry.act,
            case: entry.case,
            why: entry.why,
            previous: entry.previous.to_string(),
            hash: entry.hash.to_string(),
        }
    }
}

impl From<AuditSummary> for AuditCheckJson {
    fn from(summary: AuditSummary) -> Self {
        Self {
            holds: true,
            entries: summary.entries,
            last_hash: Some(summary.last_hash.to_string()),
            problem: None,
        }
    }
}

impl From<EndpointState> for WebhookJson {
    fn from(EndpointState { url, state }: EndpointState) -> Self {
        let word = match (state.gone, state.open) {
            (true, _) => "gone",
            (false, true) => "failing",
            (false, false) => "well",
        };
        Self {
            url,
            state: word.to_owned(),
            waiting: state.held as u64,
            delivered: state.delivered,
            failed: state.failed,
            given_up: state.given_up,
            took: state.took.map(|took| took.to_string()),
        }
    }
}
