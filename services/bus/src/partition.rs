//! Which partition of a topic a record goes to.

use std::fmt;

use crate::limits::PARTITIONS_MAX;

/// A part of a topic in which records keep their order, from 0. The embedded log has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition(pub u32);

impl Partition {
    /// The partition of a key, of so many; 1 to [`PARTITIONS_MAX`].
    ///
    /// It follows from what stands before the first `/` of the key, so that a site's cameras, its
    /// signals and its outcomes have the same number in all topics with equally many partitions:
    /// whoever consumes one of them knows where the others are. CRC-32 is the same in every version and
    /// on every machine.
    #[must_use]
    pub fn of(key: &str, partitions: u32) -> Self {
        let place = key.split('/').next().unwrap_or_default();
        Self(crc32fast::hash(place.as_bytes()) % partitions.clamp(1, PARTITIONS_MAX))
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_a_site_lies_together() {
        for site in ["a", "city-0007", ""] {
            let of_site = Partition::of(site, 12);
            assert_eq!(Partition::of(&format!("{site}/north"), 12), of_site);
            assert_eq!(Partition::of(&format!("{site}/south/x"), 12), of_site);
            assert!(of_site.0 < 12);
            assert_eq!(Partition::of(site, 1), Partition(0));
            assert_eq!(Partition::of(site, 0), Partition(0));
        }
        // Stored records rely on these.
        assert_eq!([Partition::of("a", 12), Partition::of("city-0007", 12)].map(|p| p.0), [3, 2]);
    }
}
