//! Drawing into pictures.

mod annotate;
mod blend;
mod dynamic;
mod hud;
mod labels;
mod paint;
mod palette;
mod rgb;
mod scene;
mod site_picture;
mod still;
mod text;
mod view;

pub use annotate::{Annotator, Banner, FrameNotes, Severity};
pub use site_picture::draw_site;
pub use still::encode_still;
