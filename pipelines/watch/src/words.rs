//! What changes mean, in words for people.

use crate::reference::ReferenceKind;

/// Sense of a displacement in pixels of the camera's picture, rightwards and downwards.
pub(crate) fn displacement(dx: f64, dy: f64) -> String {
    let part = |value: f64, positive: &str, negative: &str| {
        let size = value.abs().round();
        (size >= 1.0)
            .then(|| format!("{size} px {}", if value > 0.0 { positive } else { negative }))
    };
    let parts: Vec<String> = [part(dx, "to the right", "to the left"), part(dy, "down", "up")]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() { "less than a pixel".to_owned() } else { parts.join(" and ") }
}

/// Since when a reference holds.
pub(crate) fn since(kind: ReferenceKind) -> &'static str {
    match kind {
        ReferenceKind::Calibration => "since the calibration",
        ReferenceKind::Learning | ReferenceKind::Learnt => "since the watch began",
    }
}
