//! The writer: one thread, one connection, and a bounded queue before it.
//!
//! `queue` holds what waits, `job` says what can be asked, `group` puts what waits into one
//! transaction, `apply` and `retain` are the SQL.

mod apply;
mod group;
mod job;
mod queue;
mod retain;

pub(crate) use group::{Counters, Writer};
pub(crate) use job::{Job, Work};
pub(crate) use queue::{Queue, Refused};
pub(crate) use retain::Due;
