//! A case between its row and its type.

use wayside_cases::{
    Actor, AnyCase, Ballot, CaseId, Claim, ClaimToken, Decision, Progress, Reason, Role, Stage,
    Stored, StoredState, Subject, Vote,
};
use wayside_proto::convert::Message;
use wayside_proto::{EventTime, Evidence, Outcome};

use crate::error::{DeskError, Result};
use crate::sql::{Row, Tx, Value, values};
use crate::types::account;

/// Columns of a case, in the order in which [`CaseRow::read`] takes them.
macro_rules! case_columns {
    () => {
        "id, violation, owner, state, stage, sampled, votes, claims, claim_account, claim_role, \
         claim_token, claim_since_us, claim_until_us, undo_until_us, issued_us, progress, why, \
         outcome, evidence, admitted_us, queued_us"
    };
}
pub(crate) use case_columns;

/// A row of `cases`.
pub(crate) struct CaseRow {
    pub(crate) id: CaseId,
    /// Empty, or whose known case it is.
    pub(crate) owner: String,
    pub(crate) state: String,
    pub(crate) stage: Stage,
    pub(crate) sampled: bool,
    pub(crate) votes: u64,
    pub(crate) claims: u64,
    pub(crate) claim: Option<Claim>,
    pub(crate) undo_until: Option<EventTime>,
    pub(crate) issued_at: Option<EventTime>,
    pub(crate) progress: Option<Progress>,
    pub(crate) why: String,
    pub(crate) outcome: Option<Vec<u8>>,
    pub(crate) evidence: Option<Vec<u8>>,
    pub(crate) admitted_at: EventTime,
    pub(crate) queued_at: EventTime,
}

fn unreadable(what: &'static str, text: &str) -> DeskError {
    DeskError::Stored { what, problem: format!("{text:?} is unknown") }
}

pub(crate) fn role(text: &str) -> Result<Role> {
    Role::parse(text).ok_or_else(|| unreadable("a role", text))
}

pub(crate) fn stage(text: &str) -> Result<Stage> {
    Stage::parse(text).ok_or_else(|| unreadable("a stage", text))
}

pub(crate) fn reason(text: &str) -> Result<Reason> {
    Reason::parse(text).ok_or_else(|| unreadable("a reason", text))
}

pub(crate) fn case_id(text: &str) -> Result<CaseId> {
    CaseId::parse(text).ok_or_else(|| unreadable("an id of a case", text))
}

fn token(text: &str) -> Result<ClaimToken> {
    ClaimToken::parse(text).ok_or_else(|| unreadable("a claim", text))
}

fn progress(text: &str) -> Result<Progress> {
    Progress::parse(text).ok_or_else(|| unreadable("the progress of a citation", text))
}

/// Whose turn it is: the lowest first.
pub(crate) fn turn(stage: Stage) -> i64 {
    match stage {
        Stage::Contest => 0,
        Stage::Senior => 1,
        Stage::Second => 2,
        Stage::First => 3,
    }
}

pub(crate) fn decision(reason_text: Option<String>) -> Result<Decision> {
    match reason_text {
        None => Ok(Decision::Approve),
        Some(text) => Ok(Decision::Reject { reason: reason(&text)? }),
    }
}

fn time(row: &Row, column: usize) -> Result<EventTime> {
    row.int(column).map(EventTime)
}

impl CaseRow {
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let claim = match row.maybe(8, Row::text)? {
            None => None,
            Some(name) => Some(Claim {
                by: Actor::new(account(&name)?, role(&row.text(9)?)?),
                token: token(&row.text(10)?)?,
                since: time(row, 11)?,
                until: time(row, 12)?,
            }),
        };
        Ok(Self {
            id: case_id(&row.text(0)?)?,
            owner: row.text(2)?,
            state: row.text(3)?,
            stage: stage(&row.text(4)?)?,
            sampled: row.int(5)? != 0,
            votes: row.count(6)?,
            claims: row.count(7)?,
            claim,
            undo_until: row.maybe(13, time)?,
            issued_at: row.maybe(14, time)?,
            progress: row.maybe(15, Row::text)?.map(|text| progress(&text)).transpose()?,
            why: row.text(16)?,
            outcome: row.maybe(17, Row::bytes)?,
            evidence: row.maybe(18, Row::bytes)?,
            admitted_at: time(row, 19)?,
            queued_at: time(row, 20)?,
        })
    }

    /// The row, locked until the transaction ends.
    pub(crate) fn locked(tx: &mut Tx<'_>, case: &CaseId) -> Result<Self> {
        const SQL: &str = concat!("SELECT ", case_columns!(), " FROM cases WHERE id = $1 /*lock*/");
        let row = tx.first(SQL, values![case.as_str()])?;
        Self::read(&row.ok_or_else(|| DeskError::UnknownCase { case: case.clone() })?)
    }

    /// The row as it is.
    pub(crate) fn get(tx: &mut Tx<'_>, case: &CaseId) -> Result<Option<Self>> {
        const SQL: &str = concat!("SELECT ", case_columns!(), " FROM cases WHERE id = $1");
        tx.first(SQL, values![case.as_str()])?.map(|row| Self::read(&row)).transpose()
    }

    pub(crate) fn is_known(&self) -> bool {
        !self.owner.is_empty()
    }

    pub(crate) fn subject(&self) -> Result<Option<(Outcome, Evidence)>> {
        let (Some(outcome), Some(evidence)) = (&self.outcome, &self.evidence) else {
            return Ok(None);
        };
        Ok(Some((Outcome::from_bytes(outcome)?, Evidence::from_bytes(evidence)?)))
    }

    /// Puts the case together with its votes.
    pub(crate) fn case(&self, tx: &mut Tx<'_>) -> Result<AnyCase> {
        let Some((outcome, evidence)) = self.subject()? else {
            return Err(DeskError::Erased { case: self.id.clone(), class: self.why.clone() });
        };
        let votes = if self.votes == 0 { Vec::new() } else { votes(tx, &self.id)? };
        if votes.len() as u64 != self.votes {
            let problem = format!("case {} has {} of {} votes", self.id, votes.len(), self.votes);
            return Err(DeskError::Stored { what: "a case", problem });
        }
        Ok(AnyCase::restore(Stored {
            id: self.id.clone(),
            subject: Subject::new(&outcome, &evidence)?,
            sampled: self.sampled,
            votes,
            state: self.stored_state()?,
        })?)
    }

    fn stored_state(&self) -> Result<StoredState> {
        let incomplete = |what: &str| DeskError::Stored {
            what: "a case",
            problem: format!("case {} is {} without {what}", self.id, self.state),
        };
        let (stage, issued_at) = (self.stage, self.issued_at);
        let issued = || issued_at.ok_or_else(|| incomplete("the time of its issue"));
        Ok(match self.state.as_str() {
            "queued" => StoredState::Queued { stage, issued_at },
            "claimed" => {
                let claim = self.claim.clone().ok_or_else(|| incomplete("a claim"))?;
                StoredState::Claimed { stage, issued_at, claim }
            }
            "sent_back" => StoredState::SentBack { stage, issued_at, why: self.why.clone() },
            "approved" => {
                let undo_until = self.undo_until.ok_or_else(|| incomplete("its undo window"))?;
                StoredState::Approved { undo_until }
            }
            "issued" => {
                let progress = self.progress.ok_or_else(|| incomplete("its progress"))?;
                StoredState::Issued { issued_at: issued()?, progress }
            }
            "rejected" => StoredState::Rejected,
            "voided" => StoredState::Voided { issued_at: issued()? },
            "known" | "evidence_failed" | "erased" => {
                let class = if self.why.is_empty() { &self.state } else { &self.why };
                return Err(DeskError::Erased { case: self.id.clone(), class: class.clone() });
            }
            "damaged" => {
                let problem = self.why.clone();
                return Err(DeskError::Stored { what: "a case", problem });
            }
            other => return Err(unreadable("a state", other)),
        })
    }
}

/// The votes of a case, oldest first.
pub(crate) fn votes(tx: &mut Tx<'_>, case: &CaseId) -> Result<Vec<Vote>> {
    let rows = tx.query(
        "SELECT stage, account, role, reason, note, plate_differs, at_us, token FROM votes
         WHERE case_id = $1 ORDER BY number",
        values![case.as_str()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Vote {
                stage: stage(&row.text(0)?)?,
                by: Actor::new(account(&row.text(1)?)?, role(&row.text(2)?)?),
                ballot: Ballot {
                    decision: decision(row.maybe(3, Row::text)?)?,
                    note: row.text(4)?,
                    plate_differs: row.int(5)? != 0,
                },
                at: time(row, 6)?,
                token: token(&row.text(7)?)?,
            })
        })
        .collect()
}

/// Stores a vote under its number, from 0.
pub(crate) fn insert_vote(
    tx: &mut Tx<'_>,
    case: &CaseId,
    number: usize,
    vote: &Vote,
) -> Result<()> {
    tx.execute(
        "INSERT INTO votes
         (case_id, number, stage, account, role, reason, note, plate_differs, at_us, token)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            case.as_str(),
            number as u64,
            vote.stage.as_str(),
            vote.by.account.as_str(),
            vote.by.role.as_str(),
            vote.ballot.decision.reason().map(Reason::as_str),
            &vote.ballot.note,
            vote.ballot.plate_differs,
            vote.at,
            vote.token.as_str(),
        ],
    )?;
    Ok(())
}

/// The part of a row that follows from a state.
struct Parts<'a> {
    stage: Option<Stage>,
    claim: Option<&'a Claim>,
    undo_until: Option<EventTime>,
    issued_at: Option<EventTime>,
    progress: Option<Progress>,
    why: &'a str,
}

fn parts(state: &StoredState) -> Parts<'_> {
    let mut parts = Parts {
        stage: None,
        claim: None,
        undo_until: None,
        issued_at: None,
        progress: None,
        why: "",
    };
    match state {
        StoredState::Queued { stage, issued_at } => {
            (parts.stage, parts.issued_at) = (Some(*stage), *issued_at);
        }
        StoredState::Claimed { stage, issued_at, claim } => {
            (parts.stage, parts.issued_at) = (Some(*stage), *issued_at);
            parts.claim = Some(claim);
        }
        StoredState::SentBack { stage, issued_at, why } => {
            (parts.stage, parts.issued_at) = (Some(*stage), *issued_at);
            parts.why = why;
        }
        StoredState::Approved { undo_until } => parts.undo_until = Some(*undo_until),
        StoredState::Issued { issued_at, progress } => {
            (parts.issued_at, parts.progress) = (Some(*issued_at), Some(*progress));
        }
        StoredState::Rejected => {}
        StoredState::Voided { issued_at } => parts.issued_at = Some(*issued_at),
    }
    parts
}

/// Writes the state of a case. `queued_at` is since when it waits; its place in the queue.
pub(crate) fn store(
    tx: &mut Tx<'_>,
    case: &AnyCase,
    claims: u64,
    queued_at: EventTime,
    at: EventTime,
) -> Result<()> {
    let stored = case.stored();
    let parts = parts(&stored.state);
    let closed = parts.progress.is_some_and(Progress::is_closed);
    tx.execute(
        "UPDATE cases SET state = $2, stage = COALESCE($3, stage), turn = COALESCE($4, turn),
            votes = $5, claims = $6, queued_us = $7, claim_account = $8, claim_role = $9,
            claim_token = $10, claim_since_us = $11, claim_until_us = $12, undo_until_us = $13,
            issued_us = $14, progress = $15, why = $16, closed_us = $17
         WHERE id = $1",
        values![
            stored.id.as_str(),
            case.state(),
            parts.stage.map(Stage::as_str),
            parts.stage.map(turn),
            stored.votes.len() as u64,
            claims,
            queued_at,
            parts.claim.map(|claim| claim.by.account.as_str()),
            parts.claim.map(|claim| claim.by.role.as_str()),
            parts.claim.map(|claim| claim.token.as_str()),
            parts.claim.map(|claim| claim.since),
            parts.claim.map(|claim| claim.until),
            parts.undo_until,
            parts.issued_at,
            parts.progress.map(Progress::as_str),
            parts.why,
            closed.then_some(at),
        ],
    )?;
    Ok(())
}

/// A new row. The state is written by [`store`] afterwards where it is not `queued`.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    case: &Stored,
    owner: &str,
    outcome: Vec<u8>,
    evidence: Vec<u8>,
    at: EventTime,
) -> Result<bool> {
    let about = case.subject.outcome();
    let inserted = tx.execute(
        "INSERT INTO cases (id, violation, owner, site, camera, rule, event_us, admitted_us, sampled,
            state, stage, turn, queued_us, votes, claims, why, outcome, evidence)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10, $11, $8, 0, 0, '', $12, $13)
         ON CONFLICT (id) DO NOTHING",
        values![
            case.id.as_str(),
            &about.id.0,
            owner,
            about.site.as_str(),
            about.camera.as_str(),
            about.rule,
            about.event_time,
            at,
            case.sampled,
            Stage::First.as_str(),
            turn(Stage::First),
            Value::from(outcome),
            Value::from(evidence),
        ],
    )?;
    Ok(inserted == 1)
}
