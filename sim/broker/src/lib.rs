//! A real Apache Kafka for tests, with faults: one node, started from its published jars, that is killed,
//! stopped for a while and started again at the test's word. `make kafka` starts the same for a person.
//!
//! [`Broker::start`] takes [`BrokerOptions`] and returns when the broker answers. Listeners are on 127.0.0.1:
//! plaintext always, TLS and SASL over TLS on request, with an own certificate authority. Ports are below
//! the range that outgoing connections are given, and stay reserved while the broker is down. The broker
//! ends when its [`Broker`] is dropped and also when the process that started it is killed.
//!
//! A test that needs it starts with `if wayside_broker::skip() { return; }`.
//!
//! Deliberately absent: several nodes (rebalances and fencing need one), faults of single requests
//! (librdkafka's mock cluster has them), a client (tests use the product's own), and any use in production.
//! Passwords stand in the command line that formats a data folder.

mod broker;
mod certificates;
mod error;
mod folder;
mod forgotten;
mod install;
mod launch;
mod options;
mod ports;
mod process;
mod ready;
mod settings;

pub use broker::Broker;
pub use certificates::{Certificates, write_private};
pub use error::BrokerError;
pub use forgotten::whatever_the_broker_forgets;
pub use options::{BrokerOptions, ClientCertificate, Ports, User};

/// Whether a test that needs a broker has to return at once: Java or Kafka's jars are missing. Says so on
/// standard error, with what to do.
///
/// # Panics
///
/// Where the environment variable `CI` is set, since there nothing may be skipped.
pub fn skip() -> bool {
    let Err(error) = Broker::available() else { return false };
    assert!(std::env::var_os("CI").is_none(), "{error}");
    eprintln!("skipped, {error}");
    true
}
