//! Evidence packages of violations: built, sealed, stored, published and deleted.
//!
//! [`Service`] consumes `wayside.violations.v1`; for each violation it asks the camera's worker for
//! redacted pictures ([`Footage`]), builds and seals the package, puts it into the [`Store`] and
//! publishes on `wayside.evidence.v1` where it is, or why there is none. [`Maker`] does that for one
//! violation; `steps` decides what comes next, and says why a process may die between any two
//! steps without a package being lost, made twice, or the chain of a site forking or breaking.
//!
//! Deliberately absent: pictures that are not redacted (a worker redacts before it answers), what is in
//! a package (`wayside-package`), what people decide about it, keys that are made here.

pub mod case;
pub mod chain;
mod draft;
pub mod footage;
mod maker;
mod service;
pub mod sources;
pub mod steps;
pub mod store;

pub use case::Window;
pub use draft::{About, ContentCredentials};
pub use footage::{Footage, FootageError, HttpFootage, PictureError, Token};
pub use maker::{Advance, Clock, Hook, Job, MakeOptions, Maker, Point};
pub use service::{GROUP, Service, ServiceError, ServiceOptions, ServiceProgress, Totals};
pub use sources::{BusSources, Gathered, SiteText, SiteTexts, SourceError, Sources};
pub use store::{Object, Put, S3Options, Store, StoreError, StoreFault};
