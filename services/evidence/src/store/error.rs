//! What can go wrong with the store.

use std::error::Error as _;

use object_store::Error as ObjectError;

/// Why the store could not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {uri:?} cannot be {doing}: {}{}\n  hint: {}",
        .fault, if .cause.is_empty() { String::new() } else { format!(": {}", .cause) }, .fault.hint())]
pub struct StoreError {
    /// What was tried, in the passive: `stored`, `read`.
    pub doing: &'static str,
    /// The object.
    pub uri: String,
    /// The store.
    pub place: String,
    /// What kind of fault.
    pub fault: StoreFault,
    /// What was said.
    pub cause: String,
}

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreFault {
    /// Nothing is there.
    #[error("it is not there")]
    Absent,
    /// Something is there already.
    #[error("something is there already")]
    Exists,
    /// The store does not let us.
    #[error("the store denies it")]
    Denied,
    /// It will never do.
    #[error("the store refuses it")]
    Refused,
    /// It has more bytes, or there are more objects, than anybody should have.
    #[error("it has {found}, more than {max}")]
    TooLarge {
        /// How many.
        found: u64,
        /// Most.
        max: u64,
    },
    /// It may do later.
    #[error("the store does not answer as it should")]
    Unreachable,
}

impl StoreFault {
    pub(super) fn of(error: &ObjectError) -> Self {
        match error {
            ObjectError::NotFound { .. } => Self::Absent,
            ObjectError::AlreadyExists { .. } | ObjectError::Precondition { .. } => Self::Exists,
            ObjectError::PermissionDenied { .. } | ObjectError::Unauthenticated { .. } => {
                Self::Denied
            }
            ObjectError::InvalidPath { .. }
            | ObjectError::NotSupported { .. }
            | ObjectError::NotImplemented { .. }
            | ObjectError::UnknownConfigurationKey { .. } => Self::Refused,
            _ => Self::Unreachable,
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Absent => "was it deleted, or is this another store?",
            Self::Exists => "objects are never changed; look who else writes here",
            Self::Denied => "check the credentials and what they may do",
            Self::Refused => {
                "check the address of the store, and whether it knows conditional writes"
            }
            Self::TooLarge { .. } => "is it one of Wayside's?",
            Self::Unreachable => "check disk, network and address; it is tried again",
        }
    }
}

/// What was said, down to the first cause.
pub(super) fn cause(error: &ObjectError) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        below = error.source();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(400).collect()
}
