//! What a person sees after a replay: annotated pictures, the site drawn over a frame, stills and
//! one self-contained HTML report.
//!
//! `draw` draws into pictures: `Annotator` (the annotated video), `draw_site` (is the calibration
//! right?), `encode_still` (JPEG for the report). `page` renders the report from plain data.
//!
//! PV-1: every picture that comes in here must have been redacted already. Nothing here blurs, and
//! what is drawn or encoded is meant to leave the worker's memory. No plate text has a place in
//! [`ReportData`], and no person or bicycle can be the subject of a card, because an
//! [`wayside_proto::Outcome`] has no such class; people appear as thin anonymous paths and counts.
//!
//! Deliberately absent: decoding, encoding of video, the disk, the clock, the network (the page
//! loads nothing), redaction, and any judgement: rules decide, this crate shows.

mod draw;
mod page;

pub use draw::{Annotator, Banner, FrameNotes, Severity, draw_site, encode_still};
pub use page::{
    ClassCount, Counts, Digest, LaneFlow, ModelNote, OutcomeCard, PedestrianCount, Phase,
    ReportData, ReportError, SignalTimeline, Span, Still, Tile, TilesView, TrackPath, render,
};
