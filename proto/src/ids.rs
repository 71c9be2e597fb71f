//! Names of things, each its own type so that they cannot be mixed up.

use std::fmt;

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub String);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name_type!(
    /// A junction.
    SiteId
);
name_type!(
    /// A camera, unique within its site.
    CameraId
);
name_type!(
    /// One run of an ingest worker over one camera. For a recording it is derived from the
    /// declared start, so that a second replay has the same run.
    RunId
);
name_type!(
    /// A section: a stretch of road between an entry gate and an exit gate.
    SectionId
);

name_type!(
    /// A roadside sign, unique among all sites that share a bus.
    SignId
);

/// A track, unique within camera and run, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackId(pub u64);

impl fmt::Display for TrackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
