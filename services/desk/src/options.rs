//! Settings of the desk.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use wayside_cases::Policy;
use wayside_plates::Vault;
use wayside_proto::SiteId;

use crate::DeskError;

/// Connections to a database, at most.
pub const CONNECTIONS_MAX: usize = 64;

/// Settings of the desk.
#[derive(Clone, Debug)]
pub struct DeskOptions {
    /// Settings of review.
    pub policy: Policy,
    /// Share of errors above which a rule stands down, of rules whose site file says another than
    /// [`Policy::error_rate_max`]: by site and name of the rule, 0 to 1.
    pub error_rates_max: BTreeMap<(SiteId, String), f64>,
    /// Master keys for plates; without them no case with a plate can be decided or read.
    pub vault: Option<Arc<Vault>>,
    /// Connections to PostgreSQL, 1 to 64. SQLite has one writer and this many readers.
    pub connections_max: usize,
    /// How long an act waits for a connection, and for the database's locks.
    pub wait_ms_max: u64,
    /// How long records taken from the outbox stay with who took them.
    pub lease_s: u32,
    /// Counts statements down and interrupts the act at 0. For tests.
    #[doc(hidden)]
    pub interrupt: Option<Interrupt>,
}

/// See [`DeskOptions::interrupt`].
#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct Interrupt(pub Arc<AtomicI64>);

impl Default for DeskOptions {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            error_rates_max: BTreeMap::new(),
            vault: None,
            connections_max: 8,
            wait_ms_max: 10_000,
            lease_s: 60,
            interrupt: None,
        }
    }
}

impl DeskOptions {
    pub(crate) fn check(&self) -> Result<(), DeskError> {
        self.policy.check()?;
        for ((site, rule), share) in &self.error_rates_max {
            if !(0.0..=1.0).contains(share) {
                return Err(DeskError::Setting(format!(
                    "error_rate_max of {rule} at {site} = {share} is out of range: 0 to 1"
                )));
            }
        }
        if !(1..=CONNECTIONS_MAX).contains(&self.connections_max) {
            let found = self.connections_max;
            return Err(DeskError::Setting(format!(
                "connections_max = {found} is out of range: 1 to {CONNECTIONS_MAX}"
            )));
        }
        Ok(())
    }
}

/// TLS to PostgreSQL.
#[derive(Clone)]
pub struct PostgresTls {
    /// PEM file of the authorities that sign the server's certificate.
    pub ca_file: PathBuf,
    /// PEM files of our certificate and its key, where the server asks for one.
    pub client_files: Option<(PathBuf, PathBuf)>,
}

impl fmt::Debug for PostgresTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresTls").field("ca_file", &self.ca_file).finish_non_exhaustive()
    }
}
