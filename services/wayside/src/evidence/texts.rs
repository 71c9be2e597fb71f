//! Site files as packages hold them, with the signal logs that they name.

use std::sync::Arc;

use wayside_evidence::{SiteText, SiteTexts};

use crate::failure::Failure;
use crate::replay::inputs;
use crate::sites::Loaded;

/// The text of a site file, and the records of its signal log where it names one.
pub(super) fn text(loaded: &Loaded) -> Result<SiteText, Failure> {
    let toml = inputs::text(&loaded.path)?.text;
    let log = loaded.site.file().signals.log.as_ref();
    let signals = match log.map(|log| inputs::beside(&loaded.path, log)) {
        Some(log) => inputs::signal_records(&loaded.site, &log)?.0,
        None => Vec::new(),
    };
    Ok(SiteText { site: Arc::clone(&loaded.site), toml, signals: Arc::new(signals) })
}

/// Those of all sites.
pub(super) fn texts<'a>(all: impl Iterator<Item = &'a Loaded>) -> Result<SiteTexts, Failure> {
    all.map(|loaded| Ok((loaded.site.id(), text(loaded)?))).collect()
}
