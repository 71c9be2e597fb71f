//! Where in a package something is wrong.

use std::fmt;

use crate::part::Part;

/// A place in the file. Together they cover every byte of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The file as a whole.
    Whole,
    /// The header before a part.
    Header(Part),
    /// The bytes of a part.
    Part(Part),
    /// The directory at the end.
    Directory,
    /// What follows the directory, where nothing may follow.
    End,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("the file"),
            Self::Header(part) => write!(f, "the header before {part}"),
            Self::Part(part) => write!(f, "{part}"),
            Self::Directory => f.write_str("the directory at the end"),
            Self::End => f.write_str("the end of the file"),
        }
    }
}

/// Something that is wrong in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What, as the end of a sentence about the place.
    pub what: String,
}

impl Problem {
    pub(crate) fn new(place: Place, what: impl Into<String>) -> Self {
        Self { place, what: what.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}
