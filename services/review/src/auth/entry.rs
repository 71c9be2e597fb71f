//! One line of the tokens file: the digest of a token, its role, its account, until when.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use wayside_cases::{Account, Actor, Role};
use wayside_proto::EventTime;

/// How a token begins, so that scanners for secrets know one.
const PREFIX: &str = "wst_";
/// Bytes of chance in a token.
const RANDOM_BYTES: usize = 32;
/// Bytes of a text that is looked at as a token.
const TOKEN_BYTES_MAX: usize = 128;
/// Roles that a token may have: all but that of Wayside's own programs.
pub const ROLES: [Role; 6] =
    [Role::Reviewer, Role::Senior, Role::Engineer, Role::Auditor, Role::Operator, Role::Ticketing];

/// A token as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// SHA-256 of the token.
    digest: [u8; 32],
    /// Who, in which role.
    pub actor: Actor,
    /// Not from then on.
    pub expires: EventTime,
}

/// A token that was just made. It is shown once, by [`NewToken::reveal`].
pub struct NewToken(String);

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// It has not four fields.
    #[error("it has {found} fields, not digest, role, account and expiry")]
    Fields {
        /// How many.
        found: usize,
    },
    /// The digest.
    #[error("its digest is not 64 digits in hex")]
    Digest,
    /// The role.
    #[error(
        "`{role}` is no role of a token: reviewer, senior, engineer, auditor, operator, ticketing"
    )]
    Role {
        /// The role, shortened.
        role: String,
    },
    /// The account.
    #[error("{0}")]
    Account(#[from] wayside_cases::AccountError),
    /// The expiry.
    #[error("its expiry: {0}")]
    Expires(#[from] wayside_proto::EventTimeError),
    /// The system.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}

impl Entry {
    /// A new token for this account, of 256 bits of the system's randomness.
    ///
    /// # Errors
    /// Where the role is not for tokens, or the system has no randomness.
    pub fn create(actor: Actor, expires: EventTime) -> Result<(Self, NewToken), EntryError> {
        if !ROLES.contains(&actor.role) {
            return Err(EntryError::Role { role: actor.role.to_string() });
        }
        let mut bytes = [0; RANDOM_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| EntryError::Random(error.to_string()))?;
        let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes));
        Ok((Self { digest: digest(&token), actor, expires }, NewToken(token)))
    }

    /// The entry in a line.
    ///
    /// # Errors
    /// What is wrong with it. A token that was put there by mistake is not repeated.
    pub fn parse(line: &str) -> Result<Self, EntryError> {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [digest, role, account, expires] = fields.as_slice() else {
            return Err(EntryError::Fields { found: fields.len() });
        };
        let shown = || EntryError::Role { role: role.chars().take(20).collect() };
        let role = Role::parse(role).filter(|role| ROLES.contains(role)).ok_or_else(shown)?;
        Ok(Self {
            digest: unhex(digest).ok_or(EntryError::Digest)?,
            actor: Actor::new(Account::new(account)?, role),
            expires: EventTime::parse(expires)?,
        })
    }

    /// The line of the entry.
    #[must_use]
    pub fn line(&self) -> String {
        let hex: String = self.digest.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{hex} {} {} {}", self.actor.role, self.actor.account, self.expires)
    }

    /// Tells tokens apart in lists and limits.
    #[must_use]
    pub fn key(&self) -> u64 {
        self.digest.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
    }

    /// Whether this is its token. Takes the same time whichever byte differs.
    pub(super) fn is_of(&self, presented: &[u8; 32]) -> bool {
        let differing = self.digest.iter().zip(presented).fold(0_u8, |sum, (a, b)| sum | (a ^ b));
        std::hint::black_box(differing) == 0
    }
}

impl NewToken {
    /// The token in the clear, to be printed once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewToken(...)")
    }
}

/// The digest of a token as a caller presents it; none where it cannot be one.
pub(super) fn presented(token: &str) -> Option<[u8; 32]> {
    (token.len() <= TOKEN_BYTES_MAX && token.starts_with(PREFIX)).then(|| digest(token))
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}
