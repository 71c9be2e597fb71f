//! JSON for people and scripts: one object a line, as in `violations.jsonl` and `voids.jsonl`.
//!
//! The order of the keys is fixed, numbers are rounded to six decimals, times are RFC 3339 in UTC
//! with microseconds: the same outcome always gives the same bytes.

mod line;
mod read;
mod section;
mod write;

pub use line::{OutcomeLine, QuantityLine, SignalLine, VoidLine};
pub use read::{LINE_BYTES_MAX, LineError, parse_line, parse_lines};
pub use section::{parse_receipts, passage_line, receipt_line, travel_time_line};
pub use write::{line, violation_line, void_line};
