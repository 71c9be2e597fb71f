//! What can be wrong with a message.

/// A field that breaks the contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {value} is not {expected}")]
pub struct ConvertError {
    /// Dotted path of the field in the message, for example `tracks[3].heading_rad`.
    pub field: String,
    /// The value that was found, shortened where it is long.
    pub value: String,
    /// What the contract asks for.
    pub expected: String,
}

/// A message in a sequence of length-delimited messages that cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("message {number} at byte {offset}: {problem}")]
pub struct FrameError {
    /// Number of the message, from 1.
    pub number: usize,
    /// Where its length stands, bytes from the start.
    pub offset: usize,
    /// What is wrong.
    pub problem: FrameProblem,
}

/// What is wrong with one length-delimited message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameProblem {
    /// The length before the message is not a varint.
    #[error(
        "its length is not a varint; the file is damaged, or not a sequence of \
         length-delimited messages"
    )]
    Length,
    /// The message is larger than any message may be.
    #[error("it has {bytes} bytes, more than the {max} a message may have")]
    TooLong {
        /// Bytes of the message.
        bytes: u64,
        /// Bytes that a message may have.
        max: usize,
    },
    /// The bytes end inside the message.
    #[error("the data end after {found} of its {expected} bytes; it was cut off while written")]
    CutOff {
        /// Bytes that are there.
        found: usize,
        /// Bytes that were announced.
        expected: usize,
    },
    /// The bytes are not this kind of message.
    #[error("it is not a valid protobuf message: {0}")]
    Decode(String),
    /// A field breaks the contract.
    #[error(transparent)]
    Field(#[from] ConvertError),
}
