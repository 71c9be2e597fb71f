//! JSON for people and scripts: one object a line, as in `violations.jsonl` and `voids.jsonl`.
//!
//! Every message has a line: outcomes in `line` and `write` (`read` reads them back), passages, travel
//! times and receipts in `section`, messages of signs in `sign`, observations in `observation`, signals, health and dead letters in
//! `status`. The order of the keys is fixed, numbers are rounded to six decimals, times are RFC 3339 in
//! UTC with microseconds: the same message always gives the same bytes.
//!
//! Deliberately absent: an appearance embedding, in any line. Nobody needs to read one, and what is
//! written as text outlives its expiry.

mod citation;
mod evidence;
mod line;
mod observation;
mod parts;
mod read;
mod section;
mod sign;
mod status;
mod write;

pub use citation::citation_line;
pub use evidence::{evidence_line, stand_down_line};
pub use line::{OutcomeLine, QuantityLine, SignalLine, VoidLine};
pub use observation::observation_line;
pub use read::{LINE_BYTES_MAX, LineError, parse_line, parse_lines};
pub use section::{parse_receipts, passage_line, receipt_line, travel_time_line};
pub use sign::sign_message_line;
pub use status::{dead_letter_line, health_line, signal_report_line};
pub use write::{line, violation_line, void_line};
