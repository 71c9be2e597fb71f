//! The console's server: what junctions do, live, for people in browsers.
//!
//! [`feed`] follows the bus and folds it into [`state`], which is pure and bounded; [`live`] tells clients what
//! changes, numbered so that nothing is lost on the way; [`http`] answers in [`shapes`]; [`web`] is the app in
//! the browser. [`Service`] runs it all out of its [`Parts`].
//!
//! Deliberately absent: decisions about cases and evidence (`wayside-review`, whose API is served below
//! `/api/review` as it is), who may sign in (`wayside-accounts`), what signs show (`wayside-signs`), pictures that
//! are not redacted, a plate, a search for a vehicle, anything written to the bus.

mod bus_read;
pub mod feed;
pub mod http;
pub mod live;
mod parts;
mod pictures;
pub mod plan;
mod queue;
mod receipts;
mod scene;
mod service;
pub mod shapes;
mod shared;
mod signs;
mod sites;
pub mod state;
pub mod web;

pub use parts::Parts;
pub use pictures::{NoPicture, Picture, Pictures};
pub use queue::ReviewQueue;
pub use service::{Service, ServiceError, ServiceOptions};
pub use shared::Shared;
pub use signs::SignStates;
pub use sites::{SiteEntry, Sites};
