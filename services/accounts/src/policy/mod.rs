//! What is allowed, for how long, and how long to wait: values in, values out, no clock and no disk.

mod claims;
mod device;
mod lifetime;
mod lockout;
mod names;
mod password;
mod role;
mod sign_in_way;

pub use claims::{RoleMap, account_from, claim_texts};
pub use device::{BrowserKind, Device, SystemKind};
pub use lifetime::{
    CEREMONY_S, INVITE_S, OIDC_S, SESSION_IDLE_S, SESSION_MAX_S, SETUP_S, SessionLife,
};
pub use lockout::{Backoff, FAILURES_MAX, Tries};
pub use names::{LANGUAGE_BYTES_MAX, NAME_CHARS_MAX, NameRefused, check_language, check_name};
pub use password::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, PasswordRefused, check_password};
pub use role::{Role, RoleRefused, Roles, RolesError, choose};
pub use sign_in_way::SignInWay;
