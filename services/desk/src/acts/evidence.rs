//! Looking at a part of a case's package.

use wayside_cases::{Actor, CaseId, Role};
use wayside_proto::{EventTime, EvidenceResult};

use crate::error::{DeskError, Result};
use crate::rows::CaseRow;
use crate::{Desk, EvidenceView};

impl Desk {
    /// The package of a case, for whoever may look at this `part` of it. That they did is in the audit log
    /// before this returns.
    ///
    /// # Errors
    /// Where there is no such case, its content is gone, or the role may not.
    pub fn view_evidence(
        &self,
        actor: &Actor,
        case: &CaseId,
        part: &str,
        now: EventTime,
    ) -> Result<EvidenceView> {
        actor.must(Role::views, "look at evidence")?;
        self.act(actor, now, |act| {
            let unknown = || DeskError::UnknownCase { case: case.clone() };
            let row = CaseRow::get(&mut act.tx, case)?.ok_or_else(unknown)?;
            // A known case is its reviewer's alone, like the claim that it was made for.
            if row.is_known() && actor.role.decides() && row.owner != actor.account.as_str() {
                return Err(unknown());
            }
            let gone = || DeskError::Erased { case: case.clone(), class: row.why.clone() };
            let (outcome, evidence) = row.subject()?.ok_or_else(gone)?;
            let EvidenceResult::Sealed(package) = evidence.result else { return Err(gone()) };
            act.log("view", Some(case), part);
            Ok(EvidenceView { violation: outcome.id, package, claim: row.claim })
        })
    }
}
