//! What a ticketing system reports.

use wayside_cases::{Actor, AnyCase, CaseId, CitationEvent, Contested, Refused, Role, Stage};
use wayside_proto::{CitationId, EventTime};

use crate::error::{DeskError, Result};
use crate::rows::{self, CaseRow};
use crate::sql::values;
use crate::{Desk, StatusTaken};

/// Bytes of a reference.
const REFERENCE_BYTES_MAX: usize = 128;

impl Desk {
    /// Takes what became of a citation. `reference` names the report: the same one again changes nothing.
    /// A contested citation goes back into the queue, for a reviewer who has not decided in it.
    ///
    /// # Errors
    /// Where the citation is unknown, closed or voided, where the report does not follow on what is known,
    /// or the reference stands for another report.
    pub fn citation_status(
        &self,
        actor: &Actor,
        citation: &CitationId,
        event: CitationEvent,
        reference: &str,
        now: EventTime,
    ) -> Result<StatusTaken> {
        actor.must(Role::reports_status, "report on citations")?;
        let plain = !reference.chars().any(char::is_control);
        if reference.is_empty() || reference.len() > REFERENCE_BYTES_MAX || !plain {
            let (what, min, max) = ("reference", 1, REFERENCE_BYTES_MAX);
            return Err(Refused::BadText { what, min, max }.into());
        }
        self.act(actor, now, |act| {
            let found = act
                .tx
                .first("SELECT case_id FROM citations WHERE id = $1", values![&citation.0])?;
            let unknown = || DeskError::UnknownCitation { citation: citation.clone() };
            let case: CaseId = rows::case_id(&found.ok_or_else(unknown)?.text(0)?)?;
            // The lock on the case orders reports of one citation.
            let row = CaseRow::locked(&mut act.tx, &case)?;
            let before = act.tx.first(
                "SELECT event FROM status_reports WHERE citation = $1 AND reference = $2",
                values![&citation.0, reference],
            )?;
            if let Some(before) = before {
                let before = before.text(0)?;
                if before != event.as_str() {
                    return Err(DeskError::ReferenceReused {
                        citation: citation.clone(),
                        reference: reference.to_owned(),
                        before,
                        now: event.as_str(),
                    });
                }
                let citation = act.citation_view(citation)?;
                return Ok(StatusTaken { repeated: true, citation });
            }
            act.refuse_kept_plate_in("reference", &case, reference)?;
            let changed = report(row.case(&mut act.tx)?, event)?;
            if let Some(case) = changed {
                rows::store(&mut act.tx, &case, row.claims, act.at, act.at)?;
            }
            act.tx.execute(
                "INSERT INTO status_reports (citation, reference, event, at_us)
                 VALUES ($1, $2, $3, $4)",
                values![&citation.0, reference, event.as_str(), act.at],
            )?;
            act.log("status", Some(&case), format!("{}, reference {reference}", event.as_str()));
            let citation = act.citation_view(citation)?;
            Ok(StatusTaken { repeated: false, citation })
        })
    }
}

/// The case after the report; none where nothing changes.
fn report(case: AnyCase, event: CitationEvent) -> Result<Option<AnyCase>> {
    let contested = |stage: Stage| stage == Stage::Contest;
    let under_review = match &case {
        AnyCase::Queued(case) => contested(case.stage()),
        AnyCase::Claimed(case) => contested(case.stage()),
        AnyCase::SentBack(_) => true,
        _ => false,
    };
    match case {
        AnyCase::Issued(case) => Ok(Some(match case.report(event)? {
            Contested::Goes(case) => AnyCase::Issued(case),
            Contested::Reopened(case) => AnyCase::Queued(case),
        })),
        // It is contested already, or it was served before it was: nothing new.
        _ if under_review && matches!(event, CitationEvent::Contested | CitationEvent::Served) => {
            Ok(None)
        }
        _ if under_review => Err(Refused::StatusDoesNotFollow {
            is: "contested and under review",
            wanted: event.as_str(),
        }
        .into()),
        other => {
            Err(Refused::StatusDoesNotFollow { is: other.state(), wanted: event.as_str() }.into())
        }
    }
}
