//! `wayside review token` and what else is made once.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wayside_cases::{Account, Actor, Role};
use wayside_proto::EventTime;
use wayside_review::auth::{Entry, add_token, list_tokens, revoke_tokens};
use wayside_review::webhooks::sign::Secret;

use crate::commands::review::TokenCommand;
use crate::failure::Failure;

const DAY_S: f64 = 86_400.0;

/// Makes, lists or revokes tokens.
pub(crate) fn token(command: &TokenCommand) -> Result<(), Failure> {
    match command {
        TokenCommand::New { account, role, tokens, days } => {
            let account = Account::new(account).map_err(Failure::input)?;
            let role = Role::parse(role).ok_or_else(|| {
                Failure::input(format!(
                    "there is no role `{role}`\n  hint: reviewer, senior, engineer, auditor, operator or ticketing"
                ))
            })?;
            let expires = now().plus_s(f64::from(*days) * DAY_S);
            let (entry, token) =
                Entry::create(Actor::new(account, role), expires).map_err(Failure::input)?;
            add_token(tokens, &entry).map_err(Failure::failed)?;
            eprintln!(
                "A token of {}, until {}. It is shown this once; whoever has it is {}.",
                entry.actor, entry.expires, entry.actor.account
            );
            println!("{}", token.reveal());
        }
        TokenCommand::List { tokens } => {
            for entry in list_tokens(tokens).map_err(Failure::input)? {
                let state = if entry.expires <= now() { "  expired" } else { "" };
                println!("{}  until {}{state}", entry.actor, entry.expires);
            }
        }
        TokenCommand::Revoke { account, tokens } => {
            let account = Account::new(account).map_err(Failure::input)?;
            let revoked = revoke_tokens(tokens, &account).map_err(Failure::input)?;
            if revoked == 0 {
                return Err(Failure::input(format!(
                    "{account} has no token in {}\n  hint: `wayside review token list` shows them",
                    tokens.display()
                )));
            }
            println!("{revoked} revoked");
        }
    }
    Ok(())
}

/// Prints a secret for a webhook.
pub(crate) fn secret() -> Result<(), Failure> {
    println!("{}", Secret::random().map_err(Failure::failed)?.reveal());
    Ok(())
}

/// Prints a line for the file of master keys.
pub(crate) fn vault_key() -> Result<(), Failure> {
    println!("{}", vault_line()?);
    Ok(())
}

/// A new master key, named after the day.
pub(super) fn vault_line() -> Result<String, Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::failed(format!("the system gives no random numbers: {error}")))?;
    let day: String = now().to_string().chars().take(10).collect();
    Ok(format!("plates-{day} {}", STANDARD.encode(bytes)))
}

fn now() -> EventTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    EventTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
