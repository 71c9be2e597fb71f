//! How far a consumer is on the bus: the first record that it is not done with. Records are done out of
//! order, and a position says only one place.

use std::collections::{BTreeMap, BTreeSet};

use wayside_bus::{Offset, Partition, Position};

/// One partition.
#[derive(Debug, Default)]
struct Mark {
    /// Records read that have not arrived.
    waiting: BTreeSet<Offset>,
    /// The next record to be read.
    next: Offset,
    committed: Offset,
}

impl Mark {
    fn done(&self) -> Offset {
        self.waiting.first().copied().unwrap_or(self.next)
    }
}

/// The partitions of one endpoint.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    partitions: BTreeMap<Partition, Mark>,
}

impl Marks {
    /// A partition came. Where to read on: where this process was, if nobody else has moved the
    /// position; at the position otherwise.
    pub(crate) fn assigned(&mut self, partition: Partition, position: Offset) -> Offset {
        let mark = self.partitions.entry(partition).or_default();
        if mark.committed != position || mark.next < position {
            *mark = Mark { waiting: BTreeSet::new(), next: position, committed: position };
        }
        mark.next
    }

    pub(crate) fn revoked(&mut self, partition: Partition) {
        self.partitions.remove(&partition);
    }

    pub(crate) fn has(&self, partition: Partition) -> bool {
        self.partitions.contains_key(&partition)
    }

    /// A record was read. Whether it has to be delivered.
    pub(crate) fn read(&mut self, partition: Partition, offset: Offset, to_deliver: bool) {
        let mark = self.partitions.entry(partition).or_default();
        mark.next = mark.next.max(offset.next());
        if to_deliver {
            mark.waiting.insert(offset);
        }
    }

    pub(crate) fn arrived(&mut self, partition: Partition, offset: Offset) {
        if let Some(mark) = self.partitions.get_mut(&partition) {
            mark.waiting.remove(&offset);
        }
    }

    /// Positions that have moved since they were stored.
    pub(crate) fn moved(&self) -> Vec<(Partition, Position)> {
        let moved = self.partitions.iter().filter(|(_, mark)| mark.done() > mark.committed);
        moved
            .map(|(partition, mark)| {
                let next = mark.done();
                (*partition, Position { next, rewind: next })
            })
            .collect()
    }

    pub(crate) fn stored(&mut self, positions: &[(Partition, Position)]) {
        for (partition, position) in positions {
            if let Some(mark) = self.partitions.get_mut(partition) {
                mark.committed = position.next;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Partition = Partition(1);

    #[test]
    fn the_position_stands_at_the_first_that_has_not_arrived() {
        let mut marks = Marks::default();
        assert_eq!(marks.assigned(ONE, Offset(10)), Offset(10));
        for offset in 10..14 {
            marks.read(ONE, Offset(offset), true);
        }
        marks.arrived(ONE, Offset(12));
        marks.arrived(ONE, Offset(11));
        assert!(marks.moved().is_empty());
        marks.arrived(ONE, Offset(10));
        let moved = marks.moved();
        assert_eq!(moved, [(ONE, Position { next: Offset(13), rewind: Offset(13) })]);
        marks.stored(&moved);
        assert!(marks.moved().is_empty());
        // The same process again: it goes on where it was. After another: at the position.
        assert_eq!(marks.assigned(ONE, Offset(13)), Offset(14));
        assert_eq!(marks.assigned(ONE, Offset(20)), Offset(20));
    }
}
