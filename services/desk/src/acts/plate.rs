//! Plates: sealed when they come in, opened for a purpose that is on record.

use wayside_cases::{Actor, CaseId, Role};
use wayside_plates::{MasterKeyId, Plate, Purpose, Sealed};
use wayside_proto::{CitationId, CitationStatus, EventTime};

use super::decide::refuse_plate_in;
use crate::Desk;
use crate::desk::Act;
use crate::error::{DeskError, Result};
use crate::rows;
use crate::sql::values;

impl Desk {
    /// The plate of a citation that holds. Who asks, and what for, is in the audit log before the plate
    /// leaves this function.
    ///
    /// # Errors
    /// Where the role may not, there is no such citation or no plate, or it was voided.
    pub fn plate(
        &self,
        actor: &Actor,
        citation: &CitationId,
        purpose: Purpose,
        now: EventTime,
    ) -> Result<Plate> {
        actor.must(Role::reads_plates, "read plates")?;
        self.act(actor, now, |act| {
            let found = act.tx.first(
                "SELECT case_id, status FROM citations WHERE id = $1",
                values![&citation.0],
            )?;
            let unknown = || DeskError::UnknownCitation { citation: citation.clone() };
            let found = found.ok_or_else(unknown)?;
            let case = rows::case_id(&found.text(0)?)?;
            if found.text(1)? != CitationStatus::Issued.as_str() {
                return Err(DeskError::Voided { citation: citation.clone() });
            }
            let none = || DeskError::NoPlate { citation: citation.clone() };
            let plate = act.open_plate(&case)?.ok_or_else(none)?;
            act.log("plate", Some(&case), purpose.as_str());
            Ok(plate)
        })
    }
}

impl Act<'_> {
    pub(super) fn seal_plate(&mut self, case: &CaseId, plate: &Plate) -> Result<Sealed> {
        // Where the system gives no randomness, the buffer stays zero, and the vault refuses zeros.
        let mut random = |buffer: &mut [u8]| {
            if getrandom::fill(buffer).is_err() {
                buffer.fill(0);
            }
        };
        Ok(self.vault()?.seal(case.as_str(), plate, &mut random)?)
    }

    pub(super) fn keep_plate(&mut self, case: &CaseId, sealed: &Sealed) -> Result<()> {
        self.tx.execute(
            "INSERT INTO plates (case_id, master_key, wrapped_key, nonce, ciphertext)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (case_id) DO UPDATE SET master_key = excluded.master_key,
                wrapped_key = excluded.wrapped_key, nonce = excluded.nonce,
                ciphertext = excluded.ciphertext",
            values![
                case.as_str(),
                sealed.master_key_id.as_str(),
                sealed.wrapped_key.clone(),
                sealed.nonce.clone(),
                sealed.ciphertext.clone(),
            ],
        )?;
        Ok(())
    }

    /// The plate of a case; none where none is kept.
    pub(super) fn open_plate(&mut self, case: &CaseId) -> Result<Option<Plate>> {
        let row = self.tx.first(
            "SELECT master_key, wrapped_key, nonce, ciphertext FROM plates WHERE case_id = $1",
            values![case.as_str()],
        )?;
        let Some(row) = row else { return Ok(None) };
        let name = row.text(0)?;
        let master_key_id = MasterKeyId::parse(&name).map_err(|problem| DeskError::Stored {
            what: "the name of a master key",
            problem: problem.to_string(),
        })?;
        let sealed = Sealed {
            wrapped_key: row.bytes(1)?,
            nonce: row.bytes(2)?,
            ciphertext: row.bytes(3)?,
            master_key_id,
        };
        Ok(Some(self.vault()?.open(case.as_str(), &sealed)?))
    }

    /// Deletes the data key of a case, and what was sealed with it. Says whether there was one.
    pub(super) fn forget_plate(&mut self, case: &CaseId) -> Result<bool> {
        let sql = "DELETE FROM plates WHERE case_id = $1";
        Ok(self.tx.execute(sql, values![case.as_str()])? > 0)
    }

    /// Keeps the plate of a case out of texts that are stored in the clear.
    pub(super) fn refuse_kept_plate_in(
        &mut self,
        what: &'static str,
        case: &CaseId,
        text: &str,
    ) -> Result<()> {
        if self.desk.options().vault.is_none() {
            return Ok(());
        }
        match self.open_plate(case)? {
            Some(plate) => refuse_plate_in(what, text, &plate),
            None => Ok(()),
        }
    }
}
