//! What comes off the bus and what goes onto it.
//!
//! [`Intake`] admits cases out of evidence and violations, [`Publisher`] issues what is due and publishes
//! the desk's outbox. Both can be killed at any instant: an admission is idempotent, a record of the
//! outbox has an id that the bus stores once, and a position is stored after what it stands for (BU-1).

mod intake;
mod marks;
mod outcomes;
mod publish;

pub use intake::{Intake, IntakeError, IntakeTotals, REVIEW_GROUP};
pub(crate) use marks::Marks;
pub use publish::{PublishError, Published, Publisher};
