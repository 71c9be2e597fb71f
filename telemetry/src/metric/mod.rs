//! The one list of metrics: name, kind, unit, labels, meaning, and what to do about it.

mod kind;
mod table;

pub use kind::{Kind, Unit};
pub use table::Metric;

use crate::labels::Label;

/// Every name starts with this.
pub const PREFIX: &str = "wayside_";

/// What the list says of one metric.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Name on the page, with prefix and suffix.
    pub name: &'static str,
    /// Kind.
    pub kind: Kind,
    /// Unit.
    pub unit: Unit,
    /// Labels, in the order in which they are shown.
    pub labels: &'static [Label],
    /// One sentence on what it means.
    pub help: &'static str,
    /// What to do when it is not as it should be.
    pub advice: &'static str,
}

impl Metric {
    /// Name on the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// Kind.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.row().kind
    }

    /// Labels, in the order in which they are shown.
    #[must_use]
    pub const fn labels(self) -> &'static [Label] {
        self.row().labels
    }

    /// The metric of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|metric| metric.name() == name)
    }

    /// Whether each of its series belongs to one camera.
    #[must_use]
    pub fn of_camera(self) -> bool {
        self.labels().contains(&Label::Camera)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_follow_the_conventions_of_prometheus() {
        let mut seen = BTreeSet::new();
        for metric in Metric::ALL {
            let Row { name, kind, unit, labels, help, advice } = metric.row();
            assert!(seen.insert(name), "{name} twice");
            assert!(name.starts_with(PREFIX), "{name}");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
            let counts = matches!(kind, Kind::Counter | Kind::SecondsCounter);
            assert_eq!(name.ends_with("_total"), counts, "{name}");
            for reserved in ["_count", "_sum", "_bucket"] {
                assert!(!name.ends_with(reserved), "{name}");
            }
            let stem = name.trim_end_matches("_total");
            let seconds = matches!(unit, Unit::Seconds | Unit::UnixSeconds);
            assert_eq!(stem.ends_with("_seconds"), seconds, "{name}");
            assert_eq!(stem.ends_with("_bytes"), unit == Unit::Bytes, "{name}");
            assert_eq!(kind == Kind::SecondsCounter, seconds && counts, "{name}");
            assert!(labels.is_sorted(), "{name}");
            assert!(
                !labels.contains(&Label::Camera) || labels.first() == Some(&Label::Site),
                "{name}"
            );
            assert!(help.ends_with('.') && advice.ends_with('.') && help.len() < 120, "{name}");
            assert_eq!(Metric::from_name(name), Some(*metric));
        }
        assert_eq!(Metric::from_name("wayside_frames_received"), None);
    }

    #[test]
    fn bounds_of_buckets_ascend() {
        for metric in Metric::ALL {
            if let Kind::Histogram(bounds) = metric.kind() {
                assert!(bounds.len() >= 8 && bounds.len() <= 20, "{metric:?}");
                assert!(bounds.windows(2).all(|pair| pair[0] < pair[1]), "{metric:?}");
            }
        }
        let Kind::Histogram(way) = Metric::FrameToObservation.kind() else { panic!("a histogram") };
        assert_eq!((way[0], way[way.len() - 1]), (0.005, 10.0));
    }

    /// Nothing about a road user can be a label: each is a place, a part of the program, or a word of
    /// a closed list.
    #[test]
    fn no_label_can_tell_of_a_road_user() {
        let open = |label: &&Label| crate::labels::values(**label).is_none();
        let open: BTreeSet<Label> =
            Metric::ALL.iter().flat_map(|metric| metric.labels()).filter(open).copied().collect();
        assert_eq!(
            open.into_iter().collect::<Vec<_>>(),
            [Label::Site, Label::Camera, Label::Rule, Label::Section, Label::Version]
        );
    }
}
