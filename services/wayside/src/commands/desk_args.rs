//! Where cases, decisions and the audit log are kept: a file of SQLite, or PostgreSQL.

use std::path::PathBuf;

use clap::Args;
use wayside_desk::{Desk, DeskOptions, PostgresTls};

use crate::failure::Failure;

/// Arguments of every command that uses the database of decisions.
#[derive(Debug, Clone, Args)]
pub struct DeskArgs {
    /// File of SQLite with cases and decisions. Where absent: wayside-desk.sqlite here, and desk.sqlite below
    /// --data for `wayside run`.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_DESK")]
    pub desk: Option<PathBuf>,
    /// PostgreSQL in its place: postgresql://USER:PASSWORD@HOST/DATABASE. Better given in the environment,
    /// where no other user of this machine sees it.
    #[arg(long, value_name = "URL", env = "WAYSIDE_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Certificate (PEM) of the authority that PostgreSQL's certificate must be of.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_DATABASE_CA_FILE", requires = "database_url")]
    pub database_ca: Option<PathBuf>,
}

/// The file where none is named.
const FILE: &str = "wayside-desk.sqlite";

impl DeskArgs {
    /// The same, with this file where none is named.
    pub fn or_file(&self, file: PathBuf) -> Self {
        Self { desk: Some(self.desk.clone().unwrap_or(file)), ..self.clone() }
    }

    /// The file of SQLite, where PostgreSQL is not named.
    pub fn file(&self) -> PathBuf {
        self.desk.clone().unwrap_or_else(|| PathBuf::from(FILE))
    }

    /// Opens it, and makes the file where there is none.
    pub fn open(&self, options: DeskOptions) -> Result<Desk, Failure> {
        let desk = match &self.database_url {
            Some(url) => {
                let tls = self.database_ca.clone();
                let tls = tls.map(|ca_file| PostgresTls { ca_file, client_files: None });
                Desk::postgres(url, tls.as_ref(), options)
            }
            None => Desk::sqlite(&self.file(), options),
        };
        desk.map_err(Failure::failed)
    }

    /// Whether there is one: PostgreSQL, or the file.
    pub fn is_there(&self) -> bool {
        self.database_url.is_some() || self.file().is_file()
    }
}
