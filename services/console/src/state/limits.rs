//! Bounds of what is remembered. What does not fit is counted.

/// Violations that are kept of a site, and as many voids.
pub(crate) const EVENTS_MAX: usize = 500;
/// Notices that are kept of a site.
pub(crate) const NOTICES_MAX: usize = 100;
/// Events in an overview or in the state of a site.
pub(crate) const EVENTS_SHOWN: usize = 100;
/// Evidence and citations of a site that come before their violation.
pub(crate) const EARLY_MAX: usize = 500;
/// Road users of a camera that are told.
pub(crate) const TRACKS_MAX: usize = 200;
/// Road users of a camera that are followed for flow.
pub(crate) const DRIVEN_MAX: usize = 2_000;
/// Changes of a signal group.
pub(crate) const CHANGES_MAX: usize = 300;
/// Different voids of a site: cameras times rules times causes.
pub(crate) const VOIDS_MAX: usize = 5_000;
/// Sections whose travel times are kept.
pub(crate) const SECTIONS_MAX: usize = 1_000;

/// How long signals are remembered, seconds.
pub(crate) const SIGNALS_S: f64 = 300.0;
/// Minutes of flow and occupancy.
pub(crate) const MINUTES: i64 = 60;
/// Nothing was heard of a camera for so long: it is lost, seconds.
pub(crate) const SILENT_S: f64 = 30.0;
/// No frame came for so long although its worker says that all is well: it is stalled, seconds.
pub(crate) const FRAME_S: f64 = 10.0;
/// Nothing moved for so long: it is still, seconds.
pub(crate) const STILL_S: f64 = 3.0;
/// How often the numbers of a camera are told where nothing else changes, seconds.
pub(crate) const NUMBERS_S: f64 = 5.0;
/// Over how long the share of frames that were dropped is taken, seconds.
pub(crate) const SHARE_S: f64 = 60.0;
