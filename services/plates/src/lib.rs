//! The number plate of the offending vehicle: read inside its sealed package, shown to the reviewer,
//! kept encrypted, and kept from everybody else (PV-1).
//!
//! [`Pii`] holds what must not be printed, [`Plate`] is the text of a plate, [`Vault`] encrypts it
//! with one data key a case, [`PlateReader`] suggests what a plate says, and [`leak`] finds a plate
//! where none may be.
//!
//! **A reading is a suggestion.** The reader takes a whole, sealed package and nothing else, looks only
//! inside the box of the offending vehicle, and gives at most three readings. A reviewer confirms or
//! corrects; nothing else may. A suggestion's confidence is the recogniser's own, lowered where its
//! readings disagree; it is not calibrated, and a sure reading can be wrong.
//!
//! **What becomes of a plate.** It exists in the clear in a reviewer's answer, in memory, and nowhere
//! else. What is stored is a [`Sealed`]: the plate under a random data key of the case, and that data
//! key under a master key that no database holds. Whoever deletes the wrapped data key has erased the
//! plate, in every backup as well: nothing that is left can open it.
//!
//! Deliberately absent: **search by plate**. A [`Plate`] cannot be compared, hashed or ordered; two
//! seals of the same plate have nothing in common, not even their length; there is no blind index, no
//! digest and no list of plates. "Where has this vehicle been?" has no answer here. Absent as well:
//! serialisation of anything in the clear, a plate on the bus, chance (the caller passes randomness
//! in), and plates of vehicles that did nothing.

pub mod leak;
mod pii;
mod plate;
mod reader;
mod vault;

pub use pii::{Pii, Purpose};
pub use plate::{PLATE_LENGTH_MAX, PLATE_LENGTH_MIN, Plate, PlateError};
pub use reader::{PlateReader, ReadError, SUGGESTIONS_MAX, Suggestion};
pub use vault::{KeyProblem, MasterKeyId, Randomness, Sealed, Vault, VaultError};
