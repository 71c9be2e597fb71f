//! By what somebody signed in, as it stands with their session.

use serde::Serialize;
use utoipa::ToSchema;

/// By what a session began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SignInWay {
    /// A password.
    Password,
    /// A passkey.
    Passkey,
    /// A provider of OpenID Connect.
    Oidc,
    /// A one-time link: the first account, or a password that was just set.
    Link,
}

impl SignInWay {
    /// Reads `password`, `passkey`, `link`, or `oidc:` with the id of the provider.
    #[must_use]
    pub fn parse(how: &str) -> Option<(Self, Option<&str>)> {
        match how {
            "password" => Some((Self::Password, None)),
            "passkey" => Some((Self::Passkey, None)),
            "link" => Some((Self::Link, None)),
            _ => how.strip_prefix("oidc:").map(|provider| (Self::Oidc, Some(provider))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_read() {
        assert_eq!(SignInWay::parse("passkey"), Some((SignInWay::Passkey, None)));
        assert_eq!(SignInWay::parse("oidc:city"), Some((SignInWay::Oidc, Some("city"))));
        assert_eq!(SignInWay::parse("oidc"), None);
        assert_eq!(serde_json::to_value(SignInWay::Oidc).expect("JSON"), "oidc");
    }
}
