//! How the service is run.

use std::path::PathBuf;
use std::sync::Arc;

use wayside_http::{Clock, Origin};
use wayside_signs::Templates;
use wayside_site::Site;

/// A site file, and where it is: secrets of signs stand beside it.
#[derive(Clone, Debug)]
pub struct SiteFile {
    /// The site.
    pub site: Arc<Site>,
    /// Folder that its paths are relative to.
    pub folder: PathBuf,
}

/// How the service is run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Templates of messages.
    pub templates: Templates,
    /// Name of this process among the sources of messages, the same after a restart.
    pub source: String,
    /// Whether it writes messages. One that only shows what others write is for a second place with the
    /// same signs.
    pub feed: bool,
    /// Whether signs by the road are told over SNMP. One that only looks tells none: a sign has one who does.
    pub tell: bool,
    /// What time it is.
    pub clock: Clock,
    /// From which address a request for a page comes.
    pub origin: Origin,
    /// Where the pages are reached, without a path; none where they are not served.
    pub pages_url: Option<String>,
    /// Told where SG-1 is found broken, which would be a fault of the program: it should count.
    pub broken: fn(&str),
}

impl Options {
    /// The usual ones, for a process of this name.
    #[must_use]
    pub fn new(source: &str, templates: Templates) -> Self {
        Self {
            templates,
            source: source.to_owned(),
            feed: true,
            tell: true,
            clock: Clock::system(),
            origin: Origin::default(),
            pages_url: None,
            broken: |what| tracing::error!("SG-1 is broken: {what}"),
        }
    }
}
