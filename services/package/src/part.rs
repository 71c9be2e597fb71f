//! The parts of a package: what they are called, in which order they stand, how large they may be.

use std::fmt;

/// Bytes that a package may have.
pub const FILE_BYTES_MAX: usize = 256 * MIB;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Parts of a package.
pub(crate) const COUNT: usize = 14;

/// One part. A package has each of them once, in the order of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// What the package says; this is what is signed.
    Manifest,
    /// The signature over the manifest.
    Seal,
    /// The violation as a line of `violations.jsonl`.
    Outcome,
    /// The violation as the message on the bus.
    OutcomePb,
    /// How each quantity arises, for a person.
    Quantities,
    /// The site file under which it was judged.
    Site,
    /// What the signal groups showed.
    Signals,
    /// Where the offending vehicle was.
    Track,
    /// What the rules saw: every anonymous track around the event.
    Observations,
    /// Before the line, or where the event begins.
    Before,
    /// At the line, or at the event time.
    AtLine,
    /// Beyond it, or where the event ends.
    After,
    /// Capture instant of each frame of the clip.
    ClipFrames,
    /// The redacted clip.
    Clip,
}

impl Part {
    /// Every part, in the order of the file.
    pub const ALL: [Self; COUNT] = [
        Self::Manifest,
        Self::Seal,
        Self::Outcome,
        Self::OutcomePb,
        Self::Quantities,
        Self::Site,
        Self::Signals,
        Self::Track,
        Self::Observations,
        Self::Before,
        Self::AtLine,
        Self::After,
        Self::ClipFrames,
        Self::Clip,
    ];

    /// Its name in the file: lower-case letters, digits, `-`, `_`, `.` and at most one `/`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Manifest => "manifest.json",
            Self::Seal => "seal.cose",
            Self::Outcome => "outcome.json",
            Self::OutcomePb => "outcome.pb",
            Self::Quantities => "quantities.md",
            Self::Site => "site.toml",
            Self::Signals => "signals.json",
            Self::Track => "track.json",
            Self::Observations => "observations.pb",
            Self::Before => "stills/before.jpg",
            Self::AtLine => "stills/at_line.jpg",
            Self::After => "stills/after.jpg",
            Self::ClipFrames => "clip-frames.json",
            Self::Clip => "clip.mp4",
        }
    }

    /// The part with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    /// Bytes that it may have.
    #[must_use]
    pub const fn bytes_max(self) -> usize {
        match self {
            Self::Seal => 4 * KIB,
            Self::Outcome | Self::OutcomePb => 64 * KIB,
            Self::Quantities => 256 * KIB,
            Self::Manifest => MIB,
            Self::Site | Self::Signals | Self::ClipFrames => 4 * MIB,
            Self::Track | Self::Before | Self::AtLine | Self::After => 16 * MIB,
            Self::Observations => 64 * MIB,
            Self::Clip => 192 * MIB,
        }
    }

    /// Whether the manifest states its size and hash: all but the manifest itself and its seal.
    #[must_use]
    pub const fn is_listed(self) -> bool {
        !matches!(self, Self::Manifest | Self::Seal)
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a name is not one that a part could have, whatever the part.
pub(crate) fn name_fault(name: &[u8]) -> Option<&'static str> {
    let has = |wanted: &[u8]| name.windows(wanted.len()).any(|window| window == wanted);
    let allowed = |byte: &u8| {
        byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || matches!(byte, b'-' | b'_' | b'.' | b'/')
    };
    if name.is_empty() {
        Some("it is empty")
    } else if name.starts_with(b"/") || name.get(1) == Some(&b':') {
        Some("it is absolute; a part stays inside the package")
    } else if has(b"..") {
        Some("it leads out of the package")
    } else if name.iter().filter(|byte| **byte == b'/').count() > 1 {
        Some("it has more than one `/`")
    } else if !name.iter().all(allowed) {
        Some("a name has lower-case letters, digits, `-`, `_`, `.` and at most one `/`")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_to_their_own_grammar_and_stand_once() {
        for (index, part) in Part::ALL.into_iter().enumerate() {
            assert_eq!(name_fault(part.name().as_bytes()), None, "{part}");
            assert_eq!((part.index(), Part::parse(part.name())), (index, Some(part)));
            assert!(part.bytes_max() < FILE_BYTES_MAX);
        }
        for name in ["", "/etc/x", "c:x", "../x", "a/../b", "a/b/c", "A.jpg", "a b", "x\0", "é"] {
            assert!(name_fault(name.as_bytes()).is_some(), "{name}");
        }
    }
}
