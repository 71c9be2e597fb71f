//! Matches vehicles at the two ends of a section and measures their mean speed: the pure core of
//! `section_speed` and of travel times.
//!
//! [`SectionCore`] takes the [`wayside_proto::Passage`]s of one section and says what is to be done
//! ([`Step`]): store a passage in the index, ask the index a [`Question`], tell a match, an
//! abstention, an outcome, a travel time. It knows no index: whoever drives it looks up the
//! [`Question`] and hands in the [`Hit`]s. [`SectionCore::exact_hits`] answers from what the core holds,
//! for tests and evaluations.
//!
//! A vehicle at the exit is matched with the entry that looks most like it, among those that physics
//! allows, if it also is the exit that looks most like that entry; above a similarity, and above a
//! margin over the second best at both ends. Else the core abstains and says why
//! ([`wayside_proto::Abstention`]). One entry has one exit.
//!
//! A decision is made when both ends have said everything that could matter to it, by their marks, and
//! the allowed lateness is over. So it depends neither on the order in which the passages of different
//! ends arrive nor on restarts. Every time is event time; the same input gives the same output, byte by
//! byte (EV-2). A window with a gap yields no match (EV-3); a mean speed whose interval straddles the
//! limit yields no violation (EV-4). Passages, gaps and everything else that is held is bounded, and
//! goes when it expires (PV-2).
//!
//! Files: `core` drives, `end` keeps what one end has said, `gaps` where it may have said too little,
//! `decide` ranks candidates, `speed` has the intervals, `judge` the rule, `windows` the travel times.
//!
//! Deliberately absent: clocks, disks, sockets, randomness, hash-ordered iteration; people (the class of
//! a passage has no variant for one); a search for a vehicle by its looks outside of one section and
//! the minutes of one trip.

mod core;
mod counts;
mod decide;
mod end;
mod gaps;
mod judge;
mod settings;
mod speed;
mod step;
mod windows;

pub use core::{Begin, HELD_MAX, SectionCore};
pub use counts::{Counts, Refusal};
pub use decide::similarity;
pub use judge::SpeedRule;
pub use settings::{LATENESS_S, Settings, WINDOW_S};
pub use speed::{Interval, mean_speed, travel_time_uncertainty_s};
pub use step::{Abstained, Action, Hit, LIMIT, Match, Question, Step};
