//! Who acts: an account in a role, never the name of a person.

use std::fmt;

use crate::Refused;

/// Characters of an account's name.
pub const ACCOUNT_CHARS_MAX: usize = 64;

/// The name of an account: 1 to 64 of `a` to `z`, `0` to `9`, `.`, `_` and `-`. It stands for a role
/// ("reviewer-07"); who sits behind it is known to the city's own directory alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account(String);

/// A text that is no account's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is no account: 1 to {ACCOUNT_CHARS_MAX} of a-z, 0-9, `.`, `_` and `-`, for example reviewer-07",
    shown(.text)
)]
pub struct AccountError {
    /// The text as given.
    pub text: String,
}

fn shown(text: &str) -> String {
    text.chars().take(ACCOUNT_CHARS_MAX).flat_map(char::escape_default).collect()
}

impl Account {
    /// Checks the name.
    ///
    /// # Errors
    /// Where it is empty, too long, or has other characters.
    pub fn new(text: &str) -> Result<Self, AccountError> {
        let fits = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-');
        if text.is_empty() || text.len() > ACCOUNT_CHARS_MAX || !text.bytes().all(fits) {
            return Err(AccountError { text: text.to_owned() });
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an account is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Decides cases.
    Reviewer,
    /// Decides cases, and those on which reviewers disagree.
    Senior,
    /// Looks after cameras and rules; reinstates a rule.
    Engineer,
    /// Reads cases, the ledger and the audit log; changes nothing.
    Auditor,
    /// Sees counts and health.
    Operator,
    /// A ticketing system: reads plates of citations, reports what became of them.
    Ticketing,
    /// A program of Wayside itself.
    System,
}

impl Role {
    /// Every role, in the order of declaration.
    pub const ALL: [Self; 7] = [
        Self::Reviewer,
        Self::Senior,
        Self::Engineer,
        Self::Auditor,
        Self::Operator,
        Self::Ticketing,
        Self::System,
    ];

    /// The role's name in settings, messages and the audit log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reviewer => "reviewer",
            Self::Senior => "senior",
            Self::Engineer => "engineer",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
            Self::Ticketing => "ticketing",
            Self::System => "system",
        }
    }

    /// The role with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// May claim, decide, undo and send back. A program may not: that is CT-1.
    #[must_use]
    pub fn decides(self) -> bool {
        matches!(self, Self::Reviewer | Self::Senior)
    }

    /// May look at a case and its package.
    #[must_use]
    pub fn views(self) -> bool {
        matches!(self, Self::Reviewer | Self::Senior | Self::Engineer | Self::Auditor)
    }

    /// May read a plate, for a purpose that is written down.
    #[must_use]
    pub fn reads_plates(self) -> bool {
        matches!(self, Self::Reviewer | Self::Senior | Self::Ticketing)
    }

    /// May put a case that was sent back into the queue, and a rule back to work.
    #[must_use]
    pub fn reinstates(self) -> bool {
        matches!(self, Self::Senior | Self::Engineer)
    }

    /// May report what became of a citation.
    #[must_use]
    pub fn reports_status(self) -> bool {
        matches!(self, Self::Ticketing | Self::Senior)
    }

    /// May read the audit log.
    #[must_use]
    pub fn audits(self) -> bool {
        matches!(self, Self::Auditor | Self::Senior)
    }

    /// Runs what needs no judgement: admission, issue, publishing, retention.
    #[must_use]
    pub fn operates(self) -> bool {
        self == Self::System
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who does something: every act names one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Actor {
    /// The account.
    pub account: Account,
    /// The role in which it acts.
    pub role: Role,
}

impl Actor {
    /// An account in a role.
    #[must_use]
    pub fn new(account: Account, role: Role) -> Self {
        Self { account, role }
    }

    /// Refuses unless the role may.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`].
    pub fn must(&self, may: impl Fn(Role) -> bool, act: &'static str) -> Result<(), Refused> {
        if may(self.role) {
            return Ok(());
        }
        let allowed = Role::ALL.into_iter().filter(|role| may(*role)).map(Role::as_str).collect();
        Err(Refused::NotAllowed { actor: self.clone(), act, allowed })
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.account, self.role)
    }
}
