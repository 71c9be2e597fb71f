//! The report: one self-contained HTML page.

mod card;
mod data;
mod error;
mod gauge;
mod limits;
mod marks;
mod plan;
mod render;
mod simplify;
mod tiles;
mod timeline;
mod words;

pub use data::{
    ClassCount, Counts, Digest, LaneFlow, ModelNote, OutcomeCard, PedestrianCount, Phase,
    ReportData, SignalTimeline, Span, Still, Tile, TilesView, TrackPath,
};
pub use error::ReportError;
pub use render::render;
