//! `wayside accounts`: accounts of the console, from a terminal.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use wayside_accounts::{Accounts, AccountsOptions, PublicUrl, commands};

use crate::failure::Failure;

/// `wayside accounts`.
#[derive(Debug, Clone, Args)]
pub struct AccountsArgs {
    /// File of accounts (SQLite), as the console has it.
    #[arg(long, value_name = "FILE", default_value = "wayside-data/accounts.sqlite")]
    pub accounts: PathBuf,
    /// The address under which browsers know the console; links begin with it.
    #[arg(long, value_name = "URL", default_value = "http://localhost:8088")]
    pub public_url: String,
    /// What to do.
    #[command(subcommand)]
    pub command: AccountsCommand,
}

/// What may be done.
#[derive(Debug, Clone, Subcommand)]
pub enum AccountsCommand {
    /// List accounts, their roles, and when they last signed in.
    List,
    /// Make an account and print the link by which its person sets a password.
    Add {
        /// Its name, of a role and not of a person where that serves.
        #[arg(value_name = "ACCOUNT")]
        account: String,
        /// How it is shown.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// Roles, with commas: operator, reviewer, senior, engineer, auditor, administrator.
        #[arg(long, value_name = "ROLES")]
        roles: String,
    },
    /// Print a new link for an account, also for whoever forgot the password.
    Invite {
        /// The account.
        #[arg(value_name = "ACCOUNT")]
        account: String,
    },
    /// Give an account other roles.
    Roles {
        /// The account.
        #[arg(value_name = "ACCOUNT")]
        account: String,
        /// Roles, with commas.
        #[arg(value_name = "ROLES")]
        roles: String,
    },
    /// Let nobody in by this account; its sessions end.
    Disable {
        /// The account.
        #[arg(value_name = "ACCOUNT")]
        account: String,
    },
    /// Let its person in again.
    Enable {
        /// The account.
        #[arg(value_name = "ACCOUNT")]
        account: String,
    },
    /// Check the log of sign-ins: whether anything was changed or taken out.
    CheckLog,
}

/// Does it.
pub fn run(args: &AccountsArgs) -> Result<(), Failure> {
    let opening = matches!(args.command, AccountsCommand::Add { .. });
    if !opening && !args.accounts.is_file() {
        return Err(Failure::input(format!(
            "{} is not there\n  hint: name the file with --accounts; the console makes it at its first start",
            args.accounts.display()
        )));
    }
    let url = PublicUrl::parse(&args.public_url).map_err(Failure::input)?;
    let accounts =
        Accounts::open(&args.accounts, AccountsOptions::new(url)).map_err(Failure::failed)?;
    let now = accounts.now();
    let link = |address: String| {
        eprintln!("A link to set the password, shown this once:");
        println!("{address}");
    };
    match &args.command {
        AccountsCommand::List => print!("{}", commands::list(&accounts).map_err(Failure::failed)?),
        AccountsCommand::Add { account, name, roles } => {
            let made = commands::add(&accounts, account, name, roles, now);
            link(made.map_err(Failure::input)?);
        }
        AccountsCommand::Invite { account } => {
            link(commands::invite(&accounts, account, now).map_err(Failure::input)?);
        }
        AccountsCommand::Roles { account, roles } => {
            commands::roles(&accounts, account, roles, now).map_err(Failure::input)?;
        }
        AccountsCommand::Disable { account } => {
            commands::disable(&accounts, account, true, now).map_err(Failure::input)?;
        }
        AccountsCommand::Enable { account } => {
            commands::disable(&accounts, account, false, now).map_err(Failure::input)?;
        }
        AccountsCommand::CheckLog => {
            let summary = commands::check_log(&accounts).map_err(Failure::failed)?;
            println!(
                "the log of sign-ins holds: {} entries, the last with hash {}",
                summary.entries, summary.last_hash
            );
        }
    }
    Ok(())
}
