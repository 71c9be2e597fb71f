//! Citations, as a list.

use wayside_proto::CitationId;

use crate::error::Result;
use crate::sql::values;
use crate::{CitationView, Desk};

/// Citations in one answer, at most.
const CITATIONS_MAX: u64 = 1_000;

impl Desk {
    /// Citations in order of their ids, those that follow `after`, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn citations(&self, after: &str, limit: u64) -> Result<Vec<CitationView>> {
        let ids = self.read(|tx| {
            let rows = tx.query(
                "SELECT id FROM citations WHERE id > $1 ORDER BY id LIMIT $2",
                values![after, limit.min(CITATIONS_MAX)],
            )?;
            rows.iter().map(|row| row.text(0).map(CitationId)).collect::<Result<Vec<_>>>()
        })?;
        ids.iter().map(|id| self.citation(id)).collect()
    }
}
