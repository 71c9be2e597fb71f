//! The API.
mod problem;
mod rate;

pub use problem::Problem;
pub use rate::{Buckets, Rate};
