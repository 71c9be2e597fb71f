//! The rules as a service: the thread that judges (`judge`), signal logs in files (`signals`), and what
//! is told of outcomes (`tell`). `wayside run` uses them beside its cameras, `wayside enforce` alone.

pub(crate) mod judge;
mod sections;
mod service;
mod signals;
pub(crate) mod tell;

pub(crate) use judge::{Judge, Judging};
pub(crate) use sections::SectionWorker;
pub(crate) use service::serve;
pub(crate) use tell::Telling;
