//! What `wayside accounts` does. Texts for a terminal; the program brings the arguments and prints.

use std::fmt::Write;

use wayside_cases::Account;
use wayside_proto::EventTime;

use crate::error::Result;
use crate::policy::{Role, Roles};
use crate::{Accounts, LogSummary};

/// Who acts, in the log.
const ACTOR: &str = "command";

/// `wayside accounts list`: a table.
///
/// # Errors
/// Where the file cannot be read.
pub fn list(accounts: &Accounts) -> Result<String> {
    let all = accounts.list()?;
    if all.is_empty() {
        return Ok("no account yet: start the console, it prints a link for the first\n".to_owned());
    }
    let width = all.iter().map(|row| row.account.as_str().len()).max().unwrap_or(0).max(7);
    let mut text = format!("{:width$}  state     last sign-in                 roles\n", "account");
    for row in all {
        let state = match (row.disabled, row.has_password, &row.provider, row.passkeys) {
            (true, ..) => "disabled",
            (_, false, None, 0) => "invited",
            _ => "active",
        };
        let seen = row.last_seen.map_or_else(|| "never".to_owned(), |time| time.to_string());
        let roles: Vec<&str> = row.roles.iter().map(|role| Role::as_str(*role)).collect();
        let account = row.account.as_str();
        let _ = writeln!(text, "{account:width$}  {state:8}  {seen:27}  {}", roles.join(","));
    }
    Ok(text)
}

/// `wayside accounts invite ACCOUNT`: the address of a link to set the password, also of the only administrator
/// who forgot theirs.
///
/// # Errors
/// Where there is no such account, it is disabled, or it signs in at a provider.
pub fn invite(accounts: &Accounts, account: &str, now: EventTime) -> Result<String> {
    let link = accounts.invite(ACTOR, &Account::new(account)?, now)?;
    Ok(format!("{}{}", accounts.options.public_url.origin(), link.reveal()))
}

/// `wayside accounts add ACCOUNT --name NAME --roles ROLES`: the address of a link to set the password.
///
/// # Errors
/// Where the name is taken, or something is not acceptable.
pub fn add(
    accounts: &Accounts,
    account: &str,
    name: &str,
    roles: &str,
    now: EventTime,
) -> Result<String> {
    let (account, roles) = (Account::new(account)?, Roles::parse(roles)?);
    let link = accounts.create(ACTOR, &account, name, &roles, now)?;
    Ok(format!("{}{}", accounts.options.public_url.origin(), link.reveal()))
}

/// `wayside accounts disable ACCOUNT` and `enable`: its sessions end within a second, also in a console that runs.
///
/// # Errors
/// Where there is no such account, or it is the last administrator's.
pub fn disable(accounts: &Accounts, account: &str, disabled: bool, now: EventTime) -> Result<()> {
    accounts.change(ACTOR, &Account::new(account)?, None, Some(disabled), now).map(|_| ())
}

/// `wayside accounts roles ACCOUNT ROLES`.
///
/// # Errors
/// Where there is no such account, it is the last administrator's, or its roles come from a provider.
pub fn roles(accounts: &Accounts, account: &str, roles: &str, now: EventTime) -> Result<()> {
    let roles = Roles::parse(roles)?;
    accounts.change(ACTOR, &Account::new(account)?, Some(&roles), None, now).map(|_| ())
}

/// `wayside accounts log --check`: whether the log of sign-ins holds.
///
/// # Errors
/// Where it breaks.
pub fn check_log(accounts: &Accounts) -> Result<LogSummary> {
    accounts.verify_log()
}

/// The line that a start prints where there is no account yet; none where there is.
///
/// # Errors
/// Where the file cannot be written.
pub fn setup_address(accounts: &Accounts, now: EventTime) -> Result<Option<String>> {
    let link = accounts.setup_link(now)?;
    Ok(link.map(|link| format!("{}{}", accounts.options.public_url.origin(), link.reveal())))
}
