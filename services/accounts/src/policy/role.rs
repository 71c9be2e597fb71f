//! What an account may act as.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody acts as. An account has one or more; a request acts in one.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees the live state of junctions, counts and health.
    Operator,
    /// Decides cases.
    Reviewer,
    /// Decides cases, and those on which reviewers disagree.
    Senior,
    /// Looks after cameras, site files and rules.
    Engineer,
    /// Reads the ledger, receipts and who looked at what; changes nothing.
    Auditor,
    /// Looks after accounts.
    Administrator,
}

impl Role {
    /// Every role, in the order of declaration.
    pub const ALL: [Self; 6] = [
        Self::Operator,
        Self::Reviewer,
        Self::Senior,
        Self::Engineer,
        Self::Auditor,
        Self::Administrator,
    ];

    /// The role's name in requests, settings and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Reviewer => "reviewer",
            Self::Senior => "senior",
            Self::Engineer => "engineer",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// The role with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// The same role on the desk of review; none for an administrator, who has no business with cases.
    #[must_use]
    pub fn in_cases(self) -> Option<wayside_cases::Role> {
        match self {
            Self::Operator => Some(wayside_cases::Role::Operator),
            Self::Reviewer => Some(wayside_cases::Role::Reviewer),
            Self::Senior => Some(wayside_cases::Role::Senior),
            Self::Engineer => Some(wayside_cases::Role::Engineer),
            Self::Auditor => Some(wayside_cases::Role::Auditor),
            Self::Administrator => None,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The roles of an account: at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles(BTreeSet<Role>);

/// A text or list that is no set of roles.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RolesError {
    /// There is none.
    #[error(
        "an account needs a role: operator, reviewer, senior, engineer, auditor, administrator"
    )]
    Empty,
    /// One is not known.
    #[error(
        "`{}` is no role: operator, reviewer, senior, engineer, auditor, administrator",
        .name.chars().take(32).flat_map(char::escape_default).collect::<String>()
    )]
    Unknown {
        /// As given.
        name: String,
    },
}

impl Roles {
    /// These roles; one that stands twice counts once.
    ///
    /// # Errors
    /// Where there is none.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Result<Self, RolesError> {
        let roles: BTreeSet<Role> = roles.into_iter().collect();
        if roles.is_empty() { Err(RolesError::Empty) } else { Ok(Self(roles)) }
    }

    /// All six: of the first account.
    #[must_use]
    pub fn all() -> Self {
        Self(Role::ALL.into_iter().collect())
    }

    /// Reads `operator,reviewer`.
    ///
    /// # Errors
    /// Where there is none, or one is not known.
    pub fn parse(text: &str) -> Result<Self, RolesError> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let roles: Result<BTreeSet<Role>, RolesError> = names
            .map(|name| {
                Role::parse(name).ok_or_else(|| RolesError::Unknown { name: name.to_owned() })
            })
            .collect();
        Self::new(roles?)
    }

    /// Whether this role is one of them.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// In the order of declaration.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }

    /// In the order of declaration.
    #[must_use]
    pub fn to_vec(&self) -> Vec<Role> {
        self.iter().collect()
    }
}

impl fmt::Display for Roles {
    /// `operator,reviewer`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Role::as_str).collect();
        f.write_str(&names.join(","))
    }
}

/// Why a request may not act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoleRefused {
    /// The account has not the role that was asked for.
    #[error("the account has not the role {0}")]
    NotHeld(Role),
    /// The role that was asked for may not.
    #[error("the role {0} may not do this")]
    NotAllowed(Role),
    /// No role of the account may.
    #[error("no role of the account may do this")]
    None,
}

/// The role in which a request acts: the one that was asked for, where the account has it and it may; else
/// the first of the account's roles that may.
///
/// # Errors
/// Where there is none. An account never acts in a role that it has not.
pub fn choose(held: &[Role], asked: Option<Role>, allowed: &[Role]) -> Result<Role, RoleRefused> {
    match asked {
        Some(role) if !held.contains(&role) => Err(RoleRefused::NotHeld(role)),
        Some(role) if !allowed.contains(&role) => Err(RoleRefused::NotAllowed(role)),
        Some(role) => Ok(role),
        None => held.iter().copied().find(|role| allowed.contains(role)).ok_or(RoleRefused::None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn some() -> impl Strategy<Value = Vec<Role>> {
        proptest::sample::subsequence(Role::ALL.to_vec(), 0..=6)
    }

    proptest! {
        /// Whatever is asked: the role that comes out is held and allowed.
        #[test]
        fn nobody_acts_in_a_role_they_have_not(
            held in some(),
            allowed in some(),
            asked in proptest::option::of(proptest::sample::select(Role::ALL.to_vec())),
        ) {
            match choose(&held, asked, &allowed) {
                Ok(role) => {
                    prop_assert!(held.contains(&role) && allowed.contains(&role));
                    prop_assert!(asked.is_none_or(|asked| asked == role));
                }
                Err(_) => {
                    let nothing_fits = match asked {
                        Some(asked) => !held.contains(&asked) || !allowed.contains(&asked),
                        None => !held.iter().any(|role| allowed.contains(role)),
                    };
                    prop_assert!(nothing_fits);
                }
            }
        }

        #[test]
        fn roles_read_back(held in some()) {
            match Roles::new(held.clone()) {
                Ok(roles) => prop_assert_eq!(Roles::parse(&roles.to_string()), Ok(roles)),
                Err(error) => prop_assert_eq!((error, held.len()), (RolesError::Empty, 0)),
            }
        }
    }

    #[test]
    fn odd_names_are_no_roles() {
        for text in ["Reviewer", "chief", "reviewer;auditor", "administrator\u{202e}"] {
            assert!(matches!(Roles::parse(text), Err(RolesError::Unknown { .. })), "{text}");
        }
        assert_eq!(Roles::parse(" , "), Err(RolesError::Empty));
    }
}
