//! Compares the violations of a replay with the truth: precision, recall, time error, and how often
//! the stated intervals hold.

mod match_up;
mod score;
mod truth;

pub use match_up::{Found, match_up};
pub use score::{Score, Scores, scores};
pub use truth::{Truth, TruthRow};
