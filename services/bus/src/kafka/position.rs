//! A position as a committed offset: the offset is `next`, the rewind stands in the metadata.

use crate::record::{Offset, Position};

/// `v1 rewind=N commit=TEXT`. The last word tells one commit from another, for when it is in doubt whether
/// it was done.
pub(super) fn metadata(position: Position, commit: &str) -> String {
    format!("v1 rewind={} commit={commit}", position.rewind)
}

/// The position of a committed offset. What was not written by Wayside, or by a newer version that means
/// something else, has its rewind at `next`.
pub(super) fn parse(next: Offset, metadata: &str) -> Position {
    let mut words = metadata.split(' ');
    let rewind = (words.next() == Some("v1"))
        .then(|| words.find_map(|word| word.strip_prefix("rewind=")))
        .flatten()
        .and_then(|number| number.parse().ok())
        .filter(|rewind| *rewind <= next.0);
    Position { next, rewind: rewind.map_or(next, Offset) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rewind_comes_back_and_foreign_words_do_not_matter() {
        let position = Position { next: Offset(70), rewind: Offset(12) };
        assert_eq!(parse(Offset(70), &metadata(position, "a-1")), position);
        assert_eq!(parse(Offset(70), "v1 colour=red rewind=12 x"), position);
        let plain = Position { next: Offset(70), rewind: Offset(70) };
        for foreign in ["", "v2 rewind=12", "rewind=12", "v1 rewind=-1", "v1 rewind=71", "\0v1"] {
            assert_eq!(parse(Offset(70), foreign), plain, "{foreign:?}");
        }
    }
}
