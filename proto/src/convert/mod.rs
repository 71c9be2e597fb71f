//! Between domain types and wire types, one file per message.
//!
//! Both ways are checked by the same rules, so that what one side refuses to read the other refuses
//! to write. Nothing is repaired on the way: a message that breaks a rule is an error that names
//! field, value and expectation.

mod check;
mod citation;
mod clip;
mod dead_letter;
mod error;
mod evidence;
mod frame;
mod health;
mod message;
mod observation;
mod outcome;
mod passage;
mod receipt;
mod sign;
mod signal;
mod standdown;
mod traveltime;

pub use citation::NOTE_BYTES_MAX;
pub use clip::{
    CLIP_BYTES_MAX, CLIP_FRAMES_MAX, CLIP_REQUEST_BYTES_MAX, CLIP_S_MAX, CLIP_STILLS_MAX,
};
pub use dead_letter::{DEAD_LETTER_ERROR_BYTES_MAX, DEAD_LETTER_VALUE_BYTES_MAX};
pub use error::{ConvertError, FrameError, FrameProblem};
pub use frame::{Frame, Frames, MESSAGE_BYTES_MAX, encode_delimited};
pub use message::Message;
pub use observation::{TRACKS_MAX, decode_observations, encode_observation};
pub use outcome::{
    DETAIL_BYTES_MAX, QUANTITIES_MAX, QUANTITY_NAMES, RULE_NAMES, decode_outcomes, encode_outcome,
};
pub use passage::{EMBEDDING_DIMENSIONS_MAX, EMBEDDING_LENGTH_TOLERANCE, PASSAGE_LIFE_S_MAX};
pub use sign::{
    SIGN_LINE_CHARS_MAX, SIGN_LINES_MAX, SIGN_MESSAGE_LIFE_S_MAX, SIGN_MULTI_BYTES_MAX,
};
pub use traveltime::TRAVEL_TIME_WINDOW_S_MAX;
