//! What is wrong with a markup, or with a text for a sign.

/// Why a sign cannot show it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MultiError {
    /// A word is wider than a line.
    #[error("`{word}` has more than the {columns} characters of a line")]
    WordTooWide {
        /// The word.
        word: String,
        /// Characters of a line.
        columns: u16,
    },
    /// A line is wider than the sign.
    #[error("`{line}` has more than the {columns} characters of a line")]
    LineTooWide {
        /// The line.
        line: String,
        /// Characters of a line.
        columns: u16,
    },
    /// More lines on a page than the sign has.
    #[error("{lines} lines on a page; the sign has {rows}")]
    TooManyLines {
        /// Lines.
        lines: usize,
        /// Lines that a page has.
        rows: u16,
    },
    /// More pages than allowed.
    #[error("{pages} pages; {pages_max} are allowed")]
    TooManyPages {
        /// Pages.
        pages: usize,
        /// Pages that are allowed.
        pages_max: u8,
    },
    /// A character that the font does not have.
    #[error("the font has no character {0:?}")]
    NoCharacter(char),
    /// A bracket without its counterpart.
    #[error("a bracket without its counterpart at byte {0}")]
    Bracket(usize),
    /// A tag that is not read.
    #[error("the tag [{0}] is not among those that are shown")]
    Tag(String),
    /// A tag whose value means nothing.
    #[error("the value of the tag [{0}] means nothing")]
    Value(String),
    /// A tag in the middle of a line or page that has to stand at its beginning.
    #[error("the tag [{0}] has to stand at the beginning")]
    Late(String),
    /// Longer than any message.
    #[error("{0} bytes; at most 1024 are read")]
    TooLong(usize),
}
