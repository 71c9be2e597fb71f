//! The routes, one file for each kind of thing.

pub(super) mod audit;
pub(super) mod cases;
pub(super) mod citations;
pub(super) mod evidence;
pub(super) mod health;
pub(super) mod plates;
pub(super) mod quality;

use axum::http::StatusCode;
use wayside_cases::{CaseId, ClaimToken, Decision, Reason};
use wayside_http::Problem;
use wayside_proto::CitationId;

/// Lines of one answer, where the caller does not say, and at most.
const LIMIT_DEFAULT: u64 = 100;
const LIMIT_MAX: u64 = 1_000;

fn case_id(text: &str) -> Result<CaseId, Problem> {
    CaseId::parse(text).ok_or_else(|| Problem::not_found("case"))
}

fn citation_id(text: &str) -> Result<CitationId, Problem> {
    // It has the form of a case's id.
    case_id(text).map(|_| CitationId(text.to_owned())).map_err(|_| Problem::not_found("citation"))
}

fn claim_token(text: &str) -> Result<ClaimToken, Problem> {
    ClaimToken::parse(text).ok_or_else(|| {
        Problem::unprocessable("`token` is no token of a claim")
            .hint("it is in the answer to POST /v1/claims")
    })
}

fn limit(asked: Option<u64>) -> Result<u64, Problem> {
    match asked.unwrap_or(LIMIT_DEFAULT) {
        limit if (1..=LIMIT_MAX).contains(&limit) => Ok(limit),
        _ => Err(Problem::unprocessable(format!("`limit` is not 1 to {LIMIT_MAX}"))),
    }
}

/// `approve`, or `reject` with a reason.
fn decision(word: &str, reason: Option<&str>) -> Result<Decision, Problem> {
    let wrong = |detail: &str| {
        Problem::unprocessable(detail).hint("/v1/reasons lists the reasons of a rejection")
    };
    match (word, reason) {
        ("approve", None) => Ok(Decision::Approve),
        ("approve", Some(_)) => Err(wrong("an approval has no reason")),
        ("reject", Some(reason)) => {
            let reason = Reason::parse(reason).filter(|reason| reason.is_for_reviewers());
            let reason = reason.ok_or_else(|| wrong("`reason` is none of the list"))?;
            Ok(Decision::Reject { reason })
        }
        ("reject", None) => Err(wrong("a rejection needs a `reason`")),
        _ => Err(wrong("`decision` is neither `approve` nor `reject`")),
    }
}

/// A purpose or the like, as it goes into the audit log.
fn sentence(what: &str, text: &str, least: usize, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    if (least..=most).contains(&text.len()) && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "not-acceptable",
        format!("`{what}` has not {least} to {most} bytes of plain text"),
    ))
}
