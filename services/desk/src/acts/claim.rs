//! Claims: a case is one reviewer's for a while.

use wayside_cases::{Actor, AnyCase, Case, CaseId, ClaimToken, Claimed, Role, Stage, sample};
use wayside_proto::EventTime;

use crate::desk::Act;
use crate::error::Result;
use crate::rows::{self, CaseRow, case_columns};
use crate::sql::values;
use crate::{ClaimFilter, ClaimedCase, Desk, DeskError};

/// A claim that has run out, the oldest first.
const EXPIRED: &str = concat!(
    "SELECT ",
    case_columns!(),
    " FROM cases c
     WHERE state = 'claimed' AND claim_until_us <= $1 AND (owner = '' OR owner = $2)
       AND ($3 = '' OR stage = $3) AND ($4 = 1 OR stage <> 'senior')
       AND ($5 = '' OR site = $5) AND ($6 = '' OR rule = $6)
       AND NOT EXISTS (SELECT 1 FROM votes v WHERE v.case_id = c.id AND v.account = $2)
     ORDER BY claim_until_us LIMIT 1 /*skip*/"
);

/// A case that waits: whose turn it is, then the one that has waited longest.
const WAITING: &str = concat!(
    "SELECT ",
    case_columns!(),
    " FROM cases c
     WHERE state = 'queued' AND (owner = '' OR owner = $1)
       AND ($2 = '' OR stage = $2) AND ($3 = 1 OR stage <> 'senior')
       AND ($4 = '' OR site = $4) AND ($5 = '' OR rule = $5)
       AND NOT EXISTS (SELECT 1 FROM votes v WHERE v.case_id = c.id AND v.account = $1)
     ORDER BY turn, queued_us, id LIMIT 1 /*skip*/"
);

impl Desk {
    /// Takes the next case for a reviewer, or none where nothing waits that they may decide. Nobody else
    /// gets it until the claim runs out, is released, or the case is decided.
    ///
    /// # Errors
    /// Where the role decides nothing.
    pub fn claim(
        &self,
        actor: &Actor,
        filter: &ClaimFilter,
        now: EventTime,
    ) -> Result<Option<ClaimedCase>> {
        actor.must(Role::decides, "claim cases")?;
        self.act(actor, now, |act| {
            let share = act.policy().known_share;
            let may = share > 0.0 && filter.stage.is_none_or(|stage| stage == Stage::First);
            let seeded = may && sample::gets_known_case(&actor.account, claims_of(act)?, share);
            let known = if seeded { act.take_known(filter)? } else { None };
            let Some(claimed) = act.take_next(known, filter)? else { return Ok(None) };
            if may {
                act.tx.execute(
                    "INSERT INTO accounts (account, claims) VALUES ($1, 1)
                     ON CONFLICT (account) DO UPDATE SET claims = accounts.claims + 1",
                    values![actor.account.as_str()],
                )?;
            }
            Ok(Some(claimed))
        })
    }

    /// A sign of life: the claim holds for another `claim_s`. Gives its new end.
    ///
    /// # Errors
    /// Where the claim is another's or has run out, or the case was decided.
    pub fn heartbeat(
        &self,
        actor: &Actor,
        case: &CaseId,
        token: &ClaimToken,
        now: EventTime,
    ) -> Result<EventTime> {
        self.act(actor, now, |act| {
            let (row, claimed) = act.claimed(case, "keep the claim")?;
            let claimed = claimed.heartbeat(&act.actor, token, act.at, act.policy())?;
            let until = claimed.claim().until;
            // No line in the log: a claim is in it, and that it lasted follows from what comes next.
            let (claims, queued) = (row.claims, row.queued_at);
            rows::store(&mut act.tx, &AnyCase::Claimed(claimed), claims, queued, act.at)?;
            Ok(until)
        })
    }

    /// Gives a case back to the queue undecided.
    ///
    /// # Errors
    /// Where the claim is another's or has run out, or the case was decided.
    pub fn release(
        &self,
        actor: &Actor,
        case: &CaseId,
        token: &ClaimToken,
        now: EventTime,
    ) -> Result<()> {
        self.act(actor, now, |act| {
            let (row, claimed) = act.claimed(case, "release the claim")?;
            let queued = claimed.release(&act.actor, token, act.at)?;
            let (claims, since) = (row.claims, row.queued_at);
            rows::store(&mut act.tx, &AnyCase::Queued(queued), claims, since, act.at)?;
            act.log("release", Some(case), "");
            Ok(())
        })
    }
}

impl Act<'_> {
    /// Claims the first case that can be read. One that cannot is taken out of the queue, so that it holds
    /// nobody up, and is in the log.
    fn take_next(
        &mut self,
        known: Option<CaseRow>,
        filter: &ClaimFilter,
    ) -> Result<Option<ClaimedCase>> {
        let mut known = known;
        loop {
            let row = match known.take() {
                Some(row) => Some(row),
                None => match next(self, EXPIRED, true, filter)? {
                    Some(row) => Some(row),
                    None => next(self, WAITING, false, filter)?,
                },
            };
            let Some(row) = row else { return Ok(None) };
            match take(self, &row) {
                Err(
                    error @ (DeskError::Damaged(_)
                    | DeskError::Stored { .. }
                    | DeskError::NotACase(_)
                    | DeskError::Message(_)),
                ) => {
                    let sql = "UPDATE cases SET state = 'damaged', why = $2 WHERE id = $1";
                    self.tx.execute(sql, values![row.id.as_str(), error.to_string()])?;
                    self.log("damaged", Some(&row.id), error.to_string());
                }
                other => return other.map(Some),
            }
        }
    }

    /// The case of this id, locked, for whoever holds it.
    pub(crate) fn claimed(
        &mut self,
        case: &CaseId,
        doing: &'static str,
    ) -> Result<(CaseRow, Case<Claimed>)> {
        let row = CaseRow::locked(&mut self.tx, case)?;
        let claimed = row.case(&mut self.tx)?.claimed(doing)?;
        Ok((row, claimed))
    }
}

fn claims_of(act: &mut Act<'_>) -> Result<u64> {
    let account = act.actor.account.to_string();
    let row = act.tx.first("SELECT claims FROM accounts WHERE account = $1", values![account])?;
    row.map_or(Ok(0), |row| row.count(0))
}

fn next(
    act: &mut Act<'_>,
    sql: &'static str,
    expired: bool,
    filter: &ClaimFilter,
) -> Result<Option<CaseRow>> {
    let account = act.actor.account.to_string();
    let stage = filter.stage.map_or("", Stage::as_str);
    let site = filter.site.as_ref().map_or("", |site| site.as_str());
    let rule = filter.rule.as_deref().unwrap_or_default();
    let senior = act.actor.role == Role::Senior;
    let row = if expired {
        act.tx.first(sql, values![act.at, account, stage, senior, site, rule])?
    } else {
        act.tx.first(sql, values![account, stage, senior, site, rule])?
    };
    row.map(|row| CaseRow::read(&row)).transpose()
}

/// Claims the case of this row, which is locked and may be claimed.
fn take(act: &mut Act<'_>, row: &CaseRow) -> Result<ClaimedCase> {
    let (queued, why) = match row.case(&mut act.tx)? {
        AnyCase::Queued(case) => (case, String::new()),
        AnyCase::Claimed(case) => {
            let claim = case.claim();
            let why = format!("the claim of {} expired at {}", claim.by.account, claim.until);
            match case.lapse(act.at) {
                Ok(case) => (case, why),
                Err(case) => return Err(AnyCase::Claimed(*case).refusal("claim a case").into()),
            }
        }
        other => return Err(DeskError::Refused(other.refusal("claim a case"))),
    };
    let claims = row.claims + 1;
    let case = queued.claim(&act.actor, claims, act.at, act.desk.policy())?;
    let claimed = ClaimedCase {
        case: case.id().clone(),
        token: case.claim().token.clone(),
        until: case.claim().until,
        stage: match case.stage() {
            // Who gives a second review is not told that there was a first.
            Stage::Second => Stage::First,
            stage => stage,
        },
        outcome: case.subject().outcome().clone(),
        package: case.subject().package().clone(),
    };
    rows::store(&mut act.tx, &AnyCase::Claimed(case), claims, row.queued_at, act.at)?;
    act.log("claim", Some(&claimed.case), why);
    Ok(claimed)
}
