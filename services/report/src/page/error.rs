//! What can go wrong.

use wayside_site::Site;

/// Why nothing could be drawn or rendered.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The site has no camera of this name.
    #[error("site `{site}` has no camera `{camera}`; it has {known}")]
    UnknownCamera {
        /// Id of the site.
        site: String,
        /// The name that was asked for.
        camera: String,
        /// Names that exist, for the message.
        known: String,
    },
    /// The span ends before it begins.
    #[error(
        "the report's span ends at {to}, before it begins at {from}; hint: check the recording's \
         start in the site file"
    )]
    Span {
        /// Begin of the span.
        from: String,
        /// End of the span.
        to: String,
    },
    /// The page could not be put together.
    #[error("the report's page could not be put together: {0}")]
    Template(#[from] askama::Error),
}

impl ReportError {
    pub(crate) fn unknown_camera(site: &Site, camera: &str) -> Self {
        let names: Vec<_> =
            site.file().cameras.iter().map(|known| format!("`{}`", known.id)).collect();
        let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        Self::UnknownCamera { site: site.id().to_string(), camera: camera.to_owned(), known }
    }
}
