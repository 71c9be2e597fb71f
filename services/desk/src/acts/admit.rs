//! Cases come in.

use wayside_cases::{Actor, AnyCase, Case, CaseId, Role, Stage, Subject};
use wayside_proto::convert::Message;
use wayside_proto::{EventTime, Evidence, EvidenceResult, Outcome};

use crate::error::{DeskError, Result};
use crate::rows::{self, turn};
use crate::sql::values;
use crate::{Admitted, Desk};

impl Desk {
    /// Takes a violation with its sealed package into the queue. A second time changes nothing, whatever
    /// became of the case since.
    ///
    /// # Errors
    /// Where the outcome is a void, the evidence failed or is of another violation, or the actor is no
    /// program.
    pub fn admit(
        &self,
        actor: &Actor,
        outcome: &Outcome,
        evidence: &Evidence,
        now: EventTime,
    ) -> Result<Admitted> {
        actor.must(Role::operates, "admit cases")?;
        let subject = Subject::new(outcome, evidence)?;
        let (outcome, evidence) = (outcome.to_bytes()?, evidence.to_bytes()?);
        let case = AnyCase::Queued(Case::admit(subject, self.policy())).stored();
        self.act(actor, now, |act| {
            let (outcome, evidence) = (outcome.clone(), evidence.clone());
            if !rows::insert(&mut act.tx, &case, "", outcome, evidence, act.at)? {
                return Ok(Admitted::Before(case.id.clone()));
            }
            act.log("admit", Some(&case.id), "");
            Ok(Admitted::New(case.id.clone()))
        })
    }

    /// Records that there is no package, and will be none: nobody decides this violation.
    ///
    /// # Errors
    /// Where the evidence is sealed, or the actor is no program.
    pub fn evidence_failed(
        &self,
        actor: &Actor,
        evidence: &Evidence,
        now: EventTime,
    ) -> Result<Admitted> {
        actor.must(Role::operates, "record failed evidence")?;
        let EvidenceResult::Failed { cause, detail } = &evidence.result else {
            let what = "the evidence is sealed; admit it".to_owned();
            return Err(DeskError::Setting(what));
        };
        // Checks names and lengths, which come from the bus.
        evidence.to_bytes()?;
        let case = CaseId::of(&evidence.violation);
        let why = format!("{}: {detail}", cause.as_str());
        self.act(actor, now, |act| {
            let inserted = act.tx.execute(
                "INSERT INTO cases (id, violation, owner, site, camera, rule, event_us, admitted_us,
                    sampled, state, stage, turn, queued_us, votes, claims, why)
                 VALUES ($1, $2, '', $3, $4, '', $5, $6, 0, 'evidence_failed', $7, $8, $6, 0, 0, $9)
                 ON CONFLICT (id) DO NOTHING",
                values![
                    case.as_str(),
                    &evidence.violation.0,
                    evidence.site.as_str(),
                    evidence.camera.as_str(),
                    evidence.event_time,
                    act.at,
                    Stage::First.as_str(),
                    turn(Stage::First),
                    &why,
                ],
            )?;
            if inserted == 0 {
                return Ok(Admitted::Before(case.clone()));
            }
            act.log("evidence_failed", Some(&case), cause.as_str());
            Ok(Admitted::New(case.clone()))
        })
    }
}
