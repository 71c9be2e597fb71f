//! `wayside signs`: signs in a process of their own, and what `wayside run` needs to drive them.

mod check;
mod driving;
mod serve;

pub(crate) use check::{check, print_templates};
pub(crate) use driving::{Driving, site_files, templates};
pub(crate) use serve::serve;
