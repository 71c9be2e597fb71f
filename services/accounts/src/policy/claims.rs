//! From what a provider says of somebody to roles and an account.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};
use wayside_cases::Account;

use super::role::{Role, Roles};

/// Values of a claim that are looked at.
const VALUES_MAX: usize = 1_000;
/// Characters of an account.
const ACCOUNT_CHARS_MAX: usize = 64;

/// Which value of a claim gives which roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleMap {
    /// Where the claim is: `groups`, or `realm_access.roles` for one inside another.
    pub claim: String,
    /// Value to roles. A value that is not here gives none.
    pub roles: BTreeMap<String, Vec<Role>>,
}

impl RoleMap {
    /// The roles that these claims give; none where no value is in the map: then there is no account.
    #[must_use]
    pub fn roles(&self, claims: &Value) -> Option<Roles> {
        let values = claim_texts(claims, &self.claim);
        let roles = values.iter().filter_map(|value| self.roles.get(value)).flatten().copied();
        Roles::new(roles).ok()
    }
}

/// The texts of a claim: one, or those of a list. A claim named with dots is taken as it is, and else looked
/// for inside.
#[must_use]
pub fn claim_texts(claims: &Value, path: &str) -> Vec<String> {
    let found = claims
        .get(path)
        .or_else(|| path.split('.').try_fold(claims, |inside, name| inside.get(name)));
    match found {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(values)) => {
            let texts = values.iter().take(VALUES_MAX).filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// The name of an account for somebody whom a provider calls `wanted`. What does not fit an account's name
/// becomes `-`; where nothing remains, or the name is `taken`, six digits of the subject's digest make it one.
#[must_use]
pub fn account_from(
    wanted: Option<&str>,
    subject: &str,
    taken: impl Fn(&Account) -> bool,
) -> Option<Account> {
    let local = wanted.unwrap_or_default().split('@').next().unwrap_or_default();
    let fits = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-');
    let name: String = local
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if fits(c) { c } else { '-' })
        .take(ACCOUNT_CHARS_MAX - 7)
        .collect();
    let name = name.trim_matches(['-', '.', '_']);
    let digest = Sha256::digest(subject.as_bytes());
    let mark: String = digest.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    let base = if name.is_empty() { "account" } else { name };
    let plain = (!name.is_empty()).then(|| name.to_owned());
    let marked = format!("{base}-{mark}");
    let candidates = plain.into_iter().chain([marked]);
    candidates.filter_map(|name| Account::new(&name).ok()).find(|account| !taken(account))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(claim: &str) -> RoleMap {
        let roles = [
            ("wayside-review".to_owned(), vec![Role::Reviewer]),
            ("wayside-chief".to_owned(), vec![Role::Senior, Role::Auditor]),
        ];
        RoleMap { claim: claim.to_owned(), roles: roles.into() }
    }

    #[test]
    fn claims_give_roles_or_nothing() {
        let roles = |claims: Value| map("groups").roles(&claims).map(|roles| roles.to_string());
        let both = json!({"groups": ["x", "wayside-review", "wayside-chief"]});
        assert_eq!(roles(both).as_deref(), Some("reviewer,senior,auditor"));
        assert_eq!(roles(json!({"groups": "wayside-review"})).as_deref(), Some("reviewer"));
        for nothing in [
            json!({"groups": ["administrator", "Wayside-Review", 7, null]}),
            json!({"groups": {"wayside-review": true}}),
            json!({"roles": ["wayside-review"]}),
            json!({}),
            json!("wayside-review"),
        ] {
            assert_eq!(roles(nothing), None);
        }
        let inside = json!({"realm_access": {"roles": ["wayside-review"]}});
        assert!(map("realm_access.roles").roles(&inside).is_some());
        let flat = json!({"https://city.example/roles": ["wayside-review"]});
        assert!(map("https://city.example/roles").roles(&flat).is_some());
    }

    #[test]
    fn accounts_are_never_taken_over() {
        let name = |wanted: Option<&str>, taken: &[&str]| {
            let found = account_from(wanted, "subject-1", |a| taken.contains(&a.as_str()));
            found.map(|account| account.to_string())
        };
        assert_eq!(name(Some("Jane.Roe@city.example"), &[]).as_deref(), Some("jane.roe"));
        assert_eq!(name(Some("jane roe"), &[]).as_deref(), Some("jane-roe"));
        let marked = name(Some("jane"), &["jane"]).expect("another name");
        assert!(marked.starts_with("jane-") && marked.len() == 11, "{marked}");
        assert_eq!(name(Some("jane"), &["jane", &marked]), None);
        assert!(name(None, &[]).expect("a name").starts_with("account-"));
        assert!(name(Some("王小明\r\n"), &[]).expect("a name").starts_with("account-"));
        assert_eq!(name(Some(&"x".repeat(500)), &[]).expect("a name").len(), 57);
    }
}
