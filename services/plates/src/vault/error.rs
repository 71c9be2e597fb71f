//! What the vault refuses. No message has a key or a plate in it.

use super::MasterKeyId;

/// Why the vault cannot be opened, or cannot do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The text has no key in it.
    #[error(
        "{from}: no master key in it\n  hint: one key a line, `id base64`, the base64 of 32 random bytes"
    )]
    NoKeys {
        /// File or environment variable.
        from: String,
    },
    /// The text could not be had.
    #[error("{from}: master keys cannot be read: {cause}")]
    Unreadable {
        /// File or environment variable.
        from: String,
        /// What the system said.
        cause: String,
    },
    /// A line is no key.
    #[error("{from}, line {line}: {problem}")]
    BadKey {
        /// File or environment variable.
        from: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        problem: KeyProblem,
    },
    /// The case's data key is wrapped by a master key that is not here.
    #[error(
        "case {case}: its plate was sealed under master key `{id}`, and the keys here are {known}\n  \
         hint: a key stays in the file until everything that it wraps was wrapped anew"
    )]
    UnknownKey {
        /// The case.
        case: String,
        /// The key that is missing.
        id: MasterKeyId,
        /// The ids that are there.
        known: String,
    },
    /// The data key was deleted.
    #[error("case {case}: its plate was erased")]
    Erased {
        /// The case.
        case: String,
    },
    /// Something was changed, belongs to another case, or was sealed under another key of this id.
    #[error(
        "case {case}: the {what} does not open: it was changed, belongs to another case, or its \
         master key was replaced under the same id"
    )]
    Damaged {
        /// The case.
        case: String,
        /// Which part.
        what: &'static str,
    },
    /// A case without an id, or with one that is too long.
    #[error("the id of a case has 1 to {bytes_max} bytes, this one has {bytes}")]
    Case {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        bytes_max: usize,
    },
    /// The source of randomness gave zeros.
    #[error("the source of randomness gave nothing but zeros; nothing was sealed")]
    NoRandomness,
    /// The cipher refused; it does so only for texts of many gigabytes.
    #[error("the cipher refused to encrypt")]
    Cipher,
}

/// What is wrong with a line of a file of master keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// A PEM file.
    #[error(
        "a PEM file: that is a key to sign or to exchange keys with; a master key is a line `id base64`"
    )]
    Pem,
    /// Not an id and a key.
    #[error("a master key is a line of two words, `id base64`")]
    NotTwoWords,
    /// An id that is none.
    #[error("the id of a master key has 1 to 32 of a to z, 0 to 9, `-`, `_` and `.`")]
    Id,
    /// The id is taken.
    #[error("another key above has this id")]
    IdTwice,
    /// The key is there under another id.
    #[error("another key above is the same under another id: that is no rotation")]
    KeyTwice,
    /// Not base64.
    #[error("the key is not base64")]
    NotBase64,
    /// Not 32 bytes.
    #[error("the key has {bytes} bytes, a master key has 32")]
    Length {
        /// How many it has.
        bytes: usize,
    },
    /// One byte repeated.
    #[error("the key is one byte repeated: draw 32 random bytes")]
    NotRandom,
    /// Too many keys.
    #[error("more than {max} keys: wrap anew what the old ones hold, and remove them")]
    TooMany {
        /// How many there may be.
        max: usize,
    },
}
