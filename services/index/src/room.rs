//! How much is in the index, without counting at every upsert.

use std::collections::BTreeMap;

use crate::error::IndexError;
use crate::types::{Point, PointId};

/// An upper bound of the number of points, as far as this process knows.
#[derive(Debug)]
pub(crate) struct Room {
    max: u64,
    /// The last count, and what was upserted since as if all of it were new.
    held: u64,
    since_counted: u64,
}

impl Room {
    /// A room whose points were not counted yet.
    pub(crate) fn new(max: u64) -> Self {
        Self { max, held: u64::MAX / 2, since_counted: u64::MAX / 2 }
    }

    /// Makes sure that `batch` fits. Counts only when the bound is in doubt, or was not renewed for
    /// a while: other processes may write, too.
    pub(crate) fn admit(
        &mut self,
        batch: &BTreeMap<PointId, &Point>,
        count: impl Fn() -> Result<u64, IndexError>,
        count_of_ids: impl Fn() -> Result<u64, IndexError>,
    ) -> Result<(), IndexError> {
        let points = batch.len() as u64;
        if self.held + points > self.max || self.since_counted > self.max / 16 {
            (self.held, self.since_counted) = (count()?, 0);
        }
        if self.held + points > self.max {
            // Those that are replaced need no room.
            let new = points.saturating_sub(count_of_ids()?);
            if self.held + new > self.max {
                return Err(IndexError::Full { held: self.held, new, max: self.max });
            }
        }
        self.held += points;
        self.since_counted += points;
        Ok(())
    }

    /// Notes a count.
    pub(crate) fn counted(&mut self, points: u64) {
        (self.held, self.since_counted) = (points, 0);
    }
}
