//! Accounts, as administrators see them.

use axum::Json;
use axum::http::StatusCode;
use wayside_cases::Account;
use wayside_http::{Body, Path, Problem};

use super::{App, problem};
use crate::Error;
use crate::http::SignedIn;
use crate::http::shapes::{AccountBody, ChangeAccount, CreateAccount, InviteLink};
use crate::policy::{Role, Roles};

const MAY: &[Role] = &[Role::Administrator];

fn named(account: &str) -> Result<Account, Problem> {
    Account::new(account).map_err(|error| problem(Error::Account(error)))
}

fn roles(sent: Vec<Role>) -> Result<Roles, Problem> {
    Roles::new(sent).map_err(|error| problem(Error::Roles(error)))
}

/// Every account. For administrators.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts",
    responses((status = 200, body = Vec<AccountBody>), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(in crate::http) async fn list(
    axum::extract::State(accounts): App,
    who: SignedIn,
) -> Result<Json<Vec<AccountBody>>, Problem> {
    who.must(MAY)?;
    let all = accounts.work(|accounts, _| accounts.list()).await.map_err(problem)?;
    Ok(Json(all.into_iter().map(AccountBody::from).collect()))
}

/// Makes an account, and a link to set its password. For administrators.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts",
    request_body = CreateAccount,
    responses(
        (status = 201, body = InviteLink),
        (status = 403, body = Problem),
        (status = 409, body = Problem, description = "`account-taken`"),
        (status = 422, body = Problem),
    ))]
pub(in crate::http) async fn create(
    axum::extract::State(accounts): App,
    who: SignedIn,
    Body(sent): Body<CreateAccount>,
) -> Result<(StatusCode, Json<InviteLink>), Problem> {
    let who = who.must(MAY)?;
    let (account, roles) = (named(&sent.account)?, roles(sent.roles)?);
    let link = accounts
        .work(move |accounts, now| {
            accounts.create(who.account.as_str(), &account, &sent.name, &roles, now)
        })
        .await
        .map_err(problem)?;
    Ok((StatusCode::CREATED, Json(InviteLink { invite: link.reveal().to_owned() })))
}

/// Changes roles, or disables and enables. What changes ends the account's sessions. For administrators.
#[utoipa::path(patch, path = "/api/v1/accounts/{account}", tag = "accounts",
    params(("account" = String, Path)),
    request_body = ChangeAccount,
    responses(
        (status = 200, body = AccountBody),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`last-administrator`, `managed-elsewhere`"),
        (status = 422, body = Problem),
    ))]
pub(in crate::http) async fn change(
    axum::extract::State(accounts): App,
    who: SignedIn,
    Path(account): Path<String>,
    Body(sent): Body<ChangeAccount>,
) -> Result<Json<AccountBody>, Problem> {
    let who = who.must(MAY)?;
    let account = named(&account)?;
    let roles = sent.roles.map(roles).transpose()?;
    let row = accounts
        .work(move |accounts, now| {
            accounts.change(who.account.as_str(), &account, roles.as_ref(), sent.disabled, now)
        })
        .await
        .map_err(problem)?;
    Ok(Json(row.into()))
}

/// Another link to set the password of an account; the one before ends. For administrators.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/invite", tag = "accounts",
    params(("account" = String, Path)),
    responses(
        (status = 200, body = InviteLink),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`account-disabled`, `managed-elsewhere`"),
    ))]
pub(in crate::http) async fn invite(
    axum::extract::State(accounts): App,
    who: SignedIn,
    Path(account): Path<String>,
) -> Result<Json<InviteLink>, Problem> {
    let who = who.must(MAY)?;
    let account = named(&account)?;
    let link = accounts
        .work(move |accounts, now| accounts.invite(who.account.as_str(), &account, now))
        .await
        .map_err(problem)?;
    Ok(Json(InviteLink { invite: link.reveal().to_owned() }))
}
