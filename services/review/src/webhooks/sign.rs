//! Signatures of webhooks by the Standard Webhooks scheme (`v1`, HMAC-SHA256): over
//! `ID.TIMESTAMP.BODY`, one for each secret, so that a receiver can change its secret without a break.

use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How a secret begins.
const PREFIX: &str = "whsec_";
/// Bytes of a secret.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// Secrets of one endpoint.
const SECRETS_MAX: usize = 8;
/// Bytes of a file of secrets.
const FILE_BYTES_MAX: u64 = 4_096;

/// What both sides know. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(...)")
    }
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("the secrets of a webhook, {}, cannot be read: {cause}\n  hint: check the path and who may read it", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A line is no secret. The line itself is not shown.
    #[error(
        "{} line {line}: {what}\n  hint: a secret is `whsec_` and base64 of 24 to 64 bytes, one a \
         line; `wayside review secret` makes one", .path.display()
    )]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Counts from 1.
        line: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// There are none, or too many.
    #[error("{} has {found} secrets, not 1 to 8\n  hint: one a line; all of them sign while one replaces another", .path.display())]
    Count {
        /// The file.
        path: PathBuf,
        /// How many.
        found: usize,
    },
    /// The system has no randomness.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}

impl Secret {
    /// A new one, of 32 random bytes.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn random() -> Result<Self, SecretError> {
        let mut bytes = vec![0; 32];
        getrandom::fill(&mut bytes).map_err(|error| SecretError::Random(error.to_string()))?;
        Ok(Self(bytes))
    }

    /// As a file and a receiver have it.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", BASE64.encode(&self.0))
    }

    /// The secret in a line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(line: &str) -> Result<Self, &'static str> {
        let text = line.strip_prefix(PREFIX).ok_or("it does not begin with `whsec_`")?;
        let bytes = BASE64.decode(text).map_err(|_| "what follows `whsec_` is no base64")?;
        if SECRET_BYTES.contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err("it has not 24 to 64 bytes")
        }
    }

    /// The secrets of a file, one a line. Empty lines and lines with `#` are skipped.
    ///
    /// # Errors
    /// At the first line that is none, or where there are none or more than 8.
    pub fn read(path: &Path) -> Result<Vec<Self>, SecretError> {
        let unreadable = |cause| SecretError::Unreadable { path: path.to_owned(), cause };
        let size = std::fs::metadata(path).map_err(unreadable)?.len();
        if size > FILE_BYTES_MAX {
            let (path, what) = (path.to_owned(), "the file is longer than 4,096 bytes");
            return Err(SecretError::Wrong { path, line: 1, what });
        }
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let mut secrets = Vec::new();
        for (index, line) in text.lines().map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let secret = Self::parse(line).map_err(|what| SecretError::Wrong {
                path: path.to_owned(),
                line: index + 1,
                what,
            })?;
            secrets.push(secret);
        }
        if secrets.is_empty() || secrets.len() > SECRETS_MAX {
            return Err(SecretError::Count { path: path.to_owned(), found: secrets.len() });
        }
        Ok(secrets)
    }

    fn signature(&self, id: &str, timestamp_s: i64, body: &str) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(format!("{id}.{timestamp_s}.").as_bytes());
        mac.update(body.as_bytes());
        format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()))
    }
}

/// The header `webhook-signature`: one signature for each secret, with a space between them.
#[must_use]
pub fn signatures(secrets: &[Secret], id: &str, timestamp_s: i64, body: &str) -> String {
    let all: Vec<String> =
        secrets.iter().map(|secret| secret.signature(id, timestamp_s, body)).collect();
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks libraries' own tests.
    #[test]
    fn the_signature_is_that_of_the_scheme() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        let body = r#"{"test": 2432232314}"#;
        let signed = signatures(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn several_secrets_sign_while_one_replaces_another() {
        let two = [Secret::random().expect("a secret"), Secret::random().expect("a secret")];
        let signed = signatures(&two, "a/1", 7, "{}");
        let parts: Vec<&str> = signed.split(' ').collect();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[1], two[1].signature("a/1", 7, "{}"));
        assert!(!format!("{two:?}").contains(&two[0].reveal()[6..]));
        assert_eq!(Secret::parse(&two[0].reveal()).as_ref(), Ok(&two[0]));
    }

    #[test]
    fn files_that_are_refused_say_where_and_show_nothing() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("secret");
        let said = |text: &str| {
            std::fs::write(&path, text).expect("a file");
            let error = Secret::read(&path).expect_err("refused").to_string();
            error.replace(&dir.path().display().to_string(), "DIR")
        };
        let good = Secret::random().expect("a secret").reveal();
        let all = [
            said(""),
            said("# only this\n"),
            said("hunter2"),
            said(&format!("{good}\n\nwhsec_hunter2!\n")),
            said("whsec_aHVudGVyMg=="),
            said(&format!("{good}\n").repeat(9)),
        ];
        assert!(!all.join("\n").contains("hunter2") && !all.join("\n").contains("aHVud"));
        insta::assert_snapshot!(all.join("\n\n"), @r#"
        DIR/secret has 0 secrets, not 1 to 8
          hint: one a line; all of them sign while one replaces another

        DIR/secret has 0 secrets, not 1 to 8
          hint: one a line; all of them sign while one replaces another

        DIR/secret line 1: it does not begin with `whsec_`
          hint: a secret is `whsec_` and base64 of 24 to 64 bytes, one a line; `wayside review secret` makes one

        DIR/secret line 3: what follows `whsec_` is no base64
          hint: a secret is `whsec_` and base64 of 24 to 64 bytes, one a line; `wayside review secret` makes one

        DIR/secret line 1: it has not 24 to 64 bytes
          hint: a secret is `whsec_` and base64 of 24 to 64 bytes, one a line; `wayside review secret` makes one

        DIR/secret has 9 secrets, not 1 to 8
          hint: one a line; all of them sign while one replaces another
        "#);
        std::fs::write(&path, format!("# new\n{good}\n\n{good}\n")).expect("a file");
        assert_eq!(Secret::read(&path).expect("secrets").len(), 2);
    }
}
