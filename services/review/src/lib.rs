//! Review over HTTP, and citations on their way out.
//!
//! [`http`] is the API, [`auth`] says who calls, `packages` fetches and verifies evidence, `bus` admits
//! cases and publishes citations, [`webhooks`] deliver them to ticketing systems, [`Service`] runs it all.
//! What may happen to a case is decided in `wayside-cases`, and kept by `wayside-desk`.
//!
//! Deliberately absent: decisions of its own, sessions of people (they come with the console), a page, a
//! plate in any log, topic or file, and any search for a vehicle.

pub mod auth;
mod bus;
pub mod http;
mod packages;
mod reader;
mod service;
mod totals;
pub mod webhooks;

pub use bus::{
    Intake, IntakeError, IntakeTotals, PublishError, Published, Publisher, REVIEW_GROUP,
};
pub use packages::{PackageError, PackageStore, Packages, Verified};
pub use reader::{PlateReader, Suggestion};
pub use service::{Service, ServiceError, ServiceOptions};
pub use totals::{Act, Totals, WebhookTotals};
pub use wayside_listen::TlsFiles;
