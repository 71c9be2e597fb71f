//! MULTI, the markup of messages of NTCIP 1203: built, read, held against what a sign can show, and drawn.
//!
//! Of its tags these are used and read: `[nl]`, `[np]`, `[ptXoY]`, `[jlN]`, `[jpN]`, `[fo1]`, `[hcX]`, and
//! `[[` and `]]` for brackets. All others are refused by name: nothing is sent that was not understood,
//! and nothing that flashes, moves or draws (NTCIP 1203 v03, 6.4).
//!
//! Text is measured in a font of 5 by 7 lamps, one lamp apart: what fits in it fits a sign whose own font
//! is not wider.

mod build;
mod error;
mod face;
mod font;
mod read;
mod render;
mod svg;

pub use error::MultiError;
pub use face::Face;
pub use font::{FONT_HEIGHT, FONT_WIDTH, characters, glyph};
pub use render::Lamps;
pub use svg::lamps_svg;
