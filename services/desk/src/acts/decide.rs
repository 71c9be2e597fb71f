//! Decisions.

use wayside_cases::{
    Actor, AnyCase, Ballot, CaseId, ClaimToken, Decision, Next, Reason, Refused, Stage, Vote,
};
use wayside_plates::{Plate, Purpose, Sealed, leak};
use wayside_proto::EventTime;

use crate::desk::Act;
use crate::error::{DeskError, Result};
use crate::rows::{self, CaseRow};
use crate::sql::values;
use crate::{Decided, Desk, Step};

/// Shorter plates are in many texts by chance.
const PLATE_CHARS_MIN: usize = 4;

impl Desk {
    /// Takes the decision of the reviewer who holds the case. An approval needs the plate (by
    /// `plate_required`), which is sealed in the same transaction. The same decision under the same claim
    /// a second time changes nothing and gives the same answer.
    ///
    /// # Errors
    /// Where the case is unknown or decided, the claim is another's or has run out, or the reviewer has
    /// decided in it before; where the plate is missing or stands in the note.
    #[expect(clippy::too_many_arguments, reason = "who, what, when: each is another type")]
    pub fn decide(
        &self,
        actor: &Actor,
        case: &CaseId,
        token: &ClaimToken,
        decision: Decision,
        plate: Option<&Plate>,
        note: &str,
        now: EventTime,
    ) -> Result<Decided> {
        if let Some(plate) = plate {
            refuse_plate_in("note", note, plate)?;
        }
        self.act(actor, now, |act| {
            let row = CaseRow::locked(&mut act.tx, case)?;
            let votes = rows::votes(&mut act.tx, case)?;
            if let Some((number, vote)) = repeated(&votes, actor, token, decision) {
                return act.repeated(&row, &votes, number, vote);
            }
            if row.state == "known" {
                return Err(act.known_decided(case)?);
            }
            let claimed = row.case(&mut act.tx)?.claimed("decide")?;
            let stage = claimed.stage();
            let seal = act.plate_of(&row, stage, decision, plate)?;
            let ballot = Ballot { decision, note: note.to_owned(), plate_differs: seal.differs };
            let next = claimed.decide(&act.actor, token, ballot, act.at, act.desk.policy())?;
            if row.is_known() {
                return act.decided_known(&row, decision);
            }
            if let Some(sealed) = &seal.sealed {
                act.keep_plate(case, sealed)?;
            }
            let decided = act.store_decision(&row, next, decision)?;
            act.log("decide", Some(case), said(decision, stage, &decided.step));
            Ok(decided)
        })
    }
}

/// What becomes of the plate that a reviewer read.
struct SealedPlate {
    sealed: Option<Sealed>,
    differs: bool,
}

/// The line in the audit log.
fn said(decision: Decision, stage: Stage, step: &Step) -> String {
    let result = match step {
        Step::SecondReview => "second review follows",
        Step::SeniorReview => "a senior decides",
        Step::Approved { .. } => "approved",
        Step::Rejected => "rejected",
        Step::Upheld => "upheld",
        Step::Voided => "voided",
        Step::Known(_) => "known case",
    };
    let reason = decision.reason().map(|reason| format!(" {reason}")).unwrap_or_default();
    format!("{}{reason} in the {} review: {result}", decision.as_str(), stage.as_str())
}

pub(crate) fn refuse_plate_in(what: &'static str, text: &str, plate: &Plate) -> Result<()> {
    let long = plate.expose(Purpose::CompareReadings).len() >= PLATE_CHARS_MIN;
    if long && leak::find_plate(text.as_bytes(), plate).is_some() {
        return Err(DeskError::PlateInText { what });
    }
    Ok(())
}

/// The vote that the caller has cast already under this claim.
fn repeated<'a>(
    votes: &'a [Vote],
    actor: &Actor,
    token: &ClaimToken,
    decision: Decision,
) -> Option<(usize, &'a Vote)> {
    votes.iter().enumerate().find(|(_, vote)| {
        vote.token == *token && vote.by.account == actor.account && vote.ballot.decision == decision
    })
}

impl Act<'_> {
    /// The answer to a decision that is on record.
    fn repeated(
        &mut self,
        row: &CaseRow,
        votes: &[Vote],
        number: usize,
        vote: &Vote,
    ) -> Result<Decided> {
        let next = votes.get(number + 1);
        let step = match (vote.stage, &vote.ballot.decision, next.map(|next| next.stage)) {
            (Stage::Contest, Decision::Approve, _) => Step::Upheld,
            (Stage::Contest, Decision::Reject { .. }, _) => Step::Voided,
            (_, _, Some(Stage::Second)) => Step::SecondReview,
            (_, _, Some(Stage::Senior)) => Step::SeniorReview,
            _ => match (row.state.as_str(), row.stage, row.undo_until) {
                ("queued" | "claimed" | "sent_back", Stage::Second, _) => Step::SecondReview,
                ("queued" | "claimed" | "sent_back", Stage::Senior, _) => Step::SeniorReview,
                ("rejected", ..) => Step::Rejected,
                (_, _, undo_until) => {
                    Step::Approved { undo_until: undo_until.or(row.issued_at).unwrap_or(vote.at) }
                }
            },
        };
        let case = row.id.clone();
        Ok(Decided { case, step, at: vote.at, repeated: true, stand_down: None })
    }

    /// Holds the plate to the decision, and to what the reviewer before has read.
    fn plate_of(
        &mut self,
        row: &CaseRow,
        stage: Stage,
        decision: Decision,
        plate: Option<&Plate>,
    ) -> Result<SealedPlate> {
        let none = SealedPlate { sealed: None, differs: false };
        if !decision.approves() {
            return Ok(none);
        }
        let Some(plate) = plate else {
            // A contested citation has its plate.
            if self.policy().plate_required && stage != Stage::Contest {
                return Err(DeskError::PlateNeeded);
            }
            return Ok(none);
        };
        if row.is_known() {
            return Ok(none);
        }
        let before = self.open_plate(&row.id)?;
        let read = |plate: &Plate| plate.expose(Purpose::CompareReadings).to_owned();
        let differs = before.as_ref().is_some_and(|before| read(before) != read(plate));
        match (stage, before.is_some(), differs) {
            (Stage::Contest, _, true) => return Err(DeskError::PlateDiffers),
            // The senior's reading is the one that counts.
            (Stage::Second, true, _) | (Stage::Contest, true, false) => {
                return Ok(SealedPlate { sealed: None, differs });
            }
            _ => {}
        }
        let sealed = self.seal_plate(&row.id, plate)?;
        Ok(SealedPlate { sealed: Some(sealed), differs: false })
    }

    fn store_decision(&mut self, row: &CaseRow, next: Next, decision: Decision) -> Result<Decided> {
        let step = match &next {
            Next::Queued(case) if case.stage() == Stage::Second => Step::SecondReview,
            Next::Queued(_) => Step::SeniorReview,
            Next::Approved(case) => Step::Approved { undo_until: case.undo_until() },
            Next::Rejected(_) => Step::Rejected,
            Next::Upheld(_) => Step::Upheld,
            Next::Voided(_) => Step::Voided,
        };
        let citation = match &next {
            Next::Voided(case) => Some(case.citation()),
            _ => None,
        };
        let reason = match &next {
            Next::Rejected(case) => Some(case.reason()),
            Next::Voided(case) => Some(case.reason()),
            _ => None,
        };
        let case = AnyCase::from(next);
        let votes = case.votes();
        if let Some(vote) = votes.last() {
            rows::insert_vote(&mut self.tx, &row.id, votes.len() - 1, vote)?;
        }
        self.note_pair(&row.id, votes)?;
        // A further review waits from now on.
        rows::store(&mut self.tx, &case, row.claims, self.at, self.at)?;
        let about = case.stored().subject.outcome().clone();
        let mut stand_down = None;
        match step {
            Step::Approved { .. } => self.note_in_ledger(&row.id, &about, None)?,
            Step::Rejected | Step::Voided => {
                self.note_in_ledger(&row.id, &about, reason)?;
                if reason.is_some_and(Reason::is_error_of_the_rule) {
                    stand_down = self.stand_down_if_wrong(&about)?;
                }
            }
            _ => {}
        }
        if !decision.approves() && matches!(step, Step::Rejected) {
            self.forget_plate(&row.id)?;
        }
        if let Some(citation) = citation {
            self.send_citation(&row.id, &citation)?;
        }
        let (case, at) = (row.id.clone(), self.at);
        Ok(Decided { case, step, at, repeated: false, stand_down })
    }

    /// First and second decision of a case in the sample, for agreement.
    fn note_pair(&mut self, case: &CaseId, votes: &[Vote]) -> Result<()> {
        let [first, second] = votes else { return Ok(()) };
        if second.stage != Stage::Second {
            return Ok(());
        }
        self.tx.execute(
            "INSERT INTO pairs (case_id, first, second, at_us) VALUES ($1, $2, $3, $4)
             ON CONFLICT (case_id) DO UPDATE
             SET first = excluded.first, second = excluded.second, at_us = excluded.at_us",
            values![
                case.as_str(),
                first.ballot.decision.approves(),
                second.ballot.decision.approves(),
                self.at,
            ],
        )?;
        Ok(())
    }
}

/// Refuses a second decision on a known case, with who took the first.
pub(super) fn already(by: Actor, at: EventTime) -> DeskError {
    DeskError::Refused(Refused::AlreadyDecided { by, at })
}
