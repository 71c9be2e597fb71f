//! What every HTTP interface of Wayside shares: how errors look, how often somebody may ask, how much is
//! worked on at once, which headers an answer carries.
//!
//! [`Problem`] is an error (RFC 9457). [`Body`], [`Path`] and [`Query`] read what is sent. [`Buckets`] bound
//! how often somebody may ask, [`Origin`] says who that is, and [`Load`] bounds all of them together. [`Headers`] go on every answer.
//! [`describe_problems`] says so in the description of an API.
//!
//! Deliberately absent: listening and TLS (`wayside-listen`), who calls and what they may
//! (`wayside-accounts` for people, `wayside-review`'s tokens for programs), CORS (a browser of another origin
//! has no business here).

mod body;
mod clock;
mod describe;
mod headers;
mod load;
mod origin;
mod problem;
mod rate;

pub use body::{BODY_BYTES_MAX, BODY_TIME_MAX, Body, Path, Query};
pub use clock::Clock;
pub use describe::describe_problems;
pub use headers::{APP_POLICY, Headers};
pub use load::Load;
pub use origin::{Origin, TrustedProxy};
pub use problem::{PROBLEM_JSON, Problem, Scheme};
pub use rate::{BUCKETS_MAX, Buckets, Rate};
