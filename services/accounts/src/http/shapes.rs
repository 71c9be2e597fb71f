//! What is sent and answered, as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

use crate::acts::{AccountRow, PasskeyRow, SessionRow, SessionView};
use crate::policy::{BrowserKind, Role, SignInWay, SystemKind};
use crate::secret::Password;

/// Whether the first account is still to be made.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SetupNeeded {
    /// No account yet: the program printed a link.
    pub needed: bool,
}

/// The first account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeSetup {
    /// Of the link.
    pub token: String,
    /// 1 to 64 of `a-z`, `0-9`, `.`, `_`, `-`.
    pub account: String,
    /// 1 to 64 characters.
    pub name: String,
    /// 12 to 128 characters.
    pub password: Password,
}

/// A password for an account that is there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeInvite {
    /// Of the link.
    pub token: String,
    /// 12 to 128 characters.
    pub password: Password,
}

/// A sign-in by password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// The account.
    pub account: String,
    /// Its password.
    pub password: Password,
}

/// A session.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionBody {
    /// The account.
    pub account: String,
    /// The name that is shown.
    pub name: String,
    /// What it may act as; a request says which by the header `Wayside-Role`.
    pub roles: Vec<Role>,
    /// For the header `Wayside-Csrf` of requests that change something.
    pub csrf: String,
    /// When it ends unless it is used: RFC 3339.
    pub expires: String,
    /// The language that was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// How many passkeys the account has.
    pub passkeys: u64,
}

impl From<SessionView> for SessionBody {
    fn from(view: SessionView) -> Self {
        Self {
            account: view.account.to_string(),
            name: view.name,
            roles: view.roles,
            csrf: view.csrf,
            expires: view.expires.to_string(),
            language: view.language,
            passkeys: view.passkeys,
        }
    }
}

/// A session in the list of its account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SessionRow)]
pub struct SessionRowBody {
    /// Its id in paths. It opens nothing.
    pub id: String,
    /// When it began: RFC 3339.
    pub began: String,
    /// When it was last used: RFC 3339.
    pub last_seen: String,
    /// When it ends unless it is used: RFC 3339.
    pub expires: String,
    /// By what it began.
    pub how: SignInWay,
    /// The id of the provider, where that was OpenID Connect.
    pub provider: Option<String>,
    /// The browser, as it called itself; none where it is not a known one.
    pub browser: Option<BrowserKind>,
    /// Its system, likewise.
    pub system: Option<SystemKind>,
    /// The address from which it began.
    pub address: String,
    /// Whether it is the session that asks.
    pub current: bool,
}

impl From<SessionRow> for SessionRowBody {
    fn from(row: SessionRow) -> Self {
        Self {
            id: row.id,
            began: row.began.to_string(),
            last_seen: row.last_seen.to_string(),
            expires: row.expires.to_string(),
            how: row.how,
            provider: row.provider,
            browser: row.device.browser,
            system: row.device.system,
            address: row.address,
            current: row.current,
        }
    }
}

/// Changes to one's own account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSession {
    /// `en`, `de-CH`.
    pub language: Option<String>,
    /// 1 to 64 characters.
    pub name: Option<String>,
}

/// Another password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The one until now.
    pub old: Password,
    /// 12 to 128 characters.
    pub new: Password,
}

/// A passkey that is to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartRegistration {
    /// How its owner calls it: 1 to 64 characters.
    pub label: String,
}

/// What `navigator.credentials.create` is asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CreationChallenge)]
pub struct CreationChallenge {
    /// For `PublicKeyCredential.parseCreationOptionsFromJSON`.
    #[schema(value_type = Object)]
    pub public_key: serde_json::Value,
}

/// What the authenticator made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishRegistration {
    /// `credential.toJSON()`.
    #[schema(value_type = Object)]
    pub credential: RegisterPublicKeyCredential,
}

/// A sign-in by passkey that is to begin.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartSignIn {
    /// Without one the passkey says whose it is.
    pub account: Option<String>,
}

/// What `navigator.credentials.get` is asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RequestChallenge)]
pub struct SignInStarted {
    /// For the end.
    pub id: String,
    /// For `PublicKeyCredential.parseRequestOptionsFromJSON`.
    #[serde(rename = "publicKey")]
    #[schema(value_type = Object)]
    pub public_key: serde_json::Value,
}

/// What the authenticator answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishSignIn {
    /// Of the beginning.
    pub id: String,
    /// `credential.toJSON()`.
    #[schema(value_type = Object)]
    pub credential: PublicKeyCredential,
}

/// A passkey.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Passkey)]
pub struct PasskeyBody {
    /// Its id here.
    pub id: String,
    /// How its owner calls it.
    pub label: String,
    /// When it was added: RFC 3339.
    pub created: String,
    /// When it was last used: RFC 3339.
    pub last_used: Option<String>,
}

impl From<PasskeyRow> for PasskeyBody {
    fn from(row: PasskeyRow) -> Self {
        Self {
            id: row.id,
            label: row.label,
            created: row.created.to_string(),
            last_used: row.last_used.map(|time| time.to_string()),
        }
    }
}

/// A provider of OpenID Connect.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Provider)]
pub struct ProviderBody {
    /// Its id in paths.
    pub id: String,
    /// How people know it.
    pub name: String,
}

/// An account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountBody {
    /// Its name.
    pub account: String,
    /// The name that is shown.
    pub name: String,
    /// What it may act as.
    pub roles: Vec<Role>,
    /// Whether it may not sign in.
    pub disabled: bool,
    /// When it last signed in: RFC 3339.
    pub last_seen: Option<String>,
    /// How many passkeys it has.
    pub passkeys: u64,
    /// Whether it has a password; without one an invitation is open, or it signs in elsewhere.
    pub has_password: bool,
    /// The provider that it comes from, which has its roles.
    pub provider: Option<String>,
}

impl From<AccountRow> for AccountBody {
    fn from(row: AccountRow) -> Self {
        Self {
            account: row.account.to_string(),
            name: row.name,
            roles: row.roles,
            disabled: row.disabled,
            last_seen: row.last_seen.map(|time| time.to_string()),
            passkeys: row.passkeys,
            has_password: row.has_password,
            provider: row.provider,
        }
    }
}

/// Every account, by name.
pub type AccountList = Vec<AccountBody>;

/// An account that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAccount {
    /// 1 to 64 of `a-z`, `0-9`, `.`, `_`, `-`.
    pub account: String,
    /// 1 to 64 characters.
    pub name: String,
    /// At least one.
    pub roles: Vec<Role>,
}

/// Changes to an account. What changes ends its sessions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAccount {
    /// At least one.
    pub roles: Option<Vec<Role>>,
    /// Whether it may not sign in.
    pub disabled: Option<bool>,
}

/// A link to hand over: it works once, for three days.
#[derive(Clone, Serialize, ToSchema)]
pub struct InviteLink {
    /// `/#/invite?token=...`
    pub invite: String,
}

impl std::fmt::Debug for InviteLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InviteLink(...)")
    }
}
