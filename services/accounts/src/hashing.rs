//! Passwords as Argon2id hashes (RFC 9106), each with a salt and its parameters in its text.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::error::{Error, Result};
use crate::secret::{Password, random};

/// What a hash costs whoever computes it. The default is the least that OWASP recommends for Argon2id
/// (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory, KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for HashCost {
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

impl HashCost {
    fn hasher(self) -> Result<Argon2<'static>> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None);
        let params = params.map_err(|error| Error::Hash(error.to_string()))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// The hash of a password with a new salt: a PHC string.
pub(crate) fn hash(password: &Password, cost: HashCost) -> Result<String> {
    let salt = random::<16>()?;
    let hash: PasswordHash = cost
        .hasher()?
        .hash_password_with_salt(password.reveal().as_bytes(), &salt)
        .map_err(|error| Error::Hash(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether a password has this hash. Its own parameters are used. A text that is no hash fits none.
pub(crate) fn verify(password: &Password, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.reveal().as_bytes(), &hash).is_ok()
}

/// Whether a hash costs something else than hashes do now.
pub(crate) fn is_outdated(hash: &str, cost: HashCost) -> bool {
    let wanted =
        format!("$argon2id$v=19$m={},t={},p={}$", cost.memory_kib, cost.passes, cost.lanes);
    !hash.starts_with(&wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: HashCost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };

    #[test]
    fn a_hash_fits_its_password_alone() {
        let password = Password::new("correct horse battery");
        let stored = hash(&password, CHEAP).expect("a hash");
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert_ne!(stored, hash(&password, CHEAP).expect("a hash"));
        assert!(verify(&password, &stored));
        assert!(!verify(&Password::new("correct horse batterz"), &stored));
        assert!(!verify(&password, "") && !verify(&password, "$argon2id$v=19$m=64"));
        assert!(is_outdated(&stored, HashCost::default()) && !is_outdated(&stored, CHEAP));
    }

    #[test]
    fn the_usual_cost_is_what_the_page_says() {
        let stored = hash(&Password::new("correct horse battery"), HashCost::default());
        assert!(stored.expect("a hash").starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }
}
