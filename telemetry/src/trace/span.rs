//! The names of spans, in one list as the metrics are.

macro_rules! spans {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What a span tells of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum SpanName {
            $($(#[$doc])* $variant,)*
        }

        impl SpanName {
            /// Every name, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in traces.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

spans! {
    /// What is decided about one decoded picture.
    IngestFrame = "ingest.frame",
    /// One attempt to open a camera's stream.
    IngestConnect = "ingest.connect",
    /// One call of the detector, whole batch.
    IngestInference = "ingest.inference",
    /// Detections to tracks.
    IngestTrack = "ingest.track",
    /// A clip out of the evidence ring.
    IngestCut = "ingest.cut",
    /// Rules over what is new on the log.
    RulesObserve = "rules.observe",
    /// One append to the bus, until it is durable.
    BusAppend = "bus.append",
    /// Records deleted because their retention ended.
    BusRetain = "bus.retain",
    /// A site file read again.
    SiteReload = "site.reload",
}

/// A span of this name from [`SpanName`], at level info, with fields as `tracing` takes them:
/// `span!(IngestFrame, camera = %id)`. Where nobody listens it costs one comparison.
#[macro_export]
macro_rules! span {
    ($name:ident $(, $($fields:tt)*)?) => {
        $crate::tracing::info_span!($crate::SpanName::$name.as_str() $(, $($fields)*)?)
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_a_part_and_an_act() {
        let mut seen = BTreeSet::new();
        for span in SpanName::ALL {
            let name = span.as_str();
            assert!(seen.insert(name), "{name} twice");
            let (part, act) = name.split_once('.').expect("a part and an act");
            for word in [part, act] {
                assert!(!word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase()), "{name}");
            }
        }
    }
}
