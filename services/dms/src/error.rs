//! Why signs cannot be driven.

use std::path::PathBuf;

use wayside_bus::BusError;
use wayside_signs::{PlanError, TemplateError};

/// What keeps the service from starting.
#[derive(Debug, thiserror::Error)]
pub enum DmsError {
    /// A template is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A sign of a site file is wrong.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// No site file has a sign.
    #[error("no site file has a sign\n  hint: describe one with [[sign]], see docs/signs.md")]
    NoSign,
    /// Two signs have one name.
    #[error(
        "the sign `{sign}` stands in the files of {first} and {second}\n  hint: signs have names that are unique among all sites of a bus"
    )]
    Twice {
        /// The sign.
        sign: String,
        /// Its first site.
        first: String,
        /// Its second site.
        second: String,
    },
    /// A secret cannot be read.
    #[error(
        "sign {sign}: {file} cannot be read: {cause}\n  hint: the file holds the secret of the sign alone; its path is relative to the site file"
    )]
    Secret {
        /// The sign.
        sign: String,
        /// The file.
        file: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// The bus cannot be read.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// A thread could not be started.
    #[error("no thread can be had for signs: {0}")]
    Thread(#[from] std::io::Error),
}
