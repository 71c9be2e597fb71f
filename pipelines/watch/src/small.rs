//! Small grey pictures: all that is kept of a view.

use wayside_picture::{Picture, Scaler};

/// The longer side of a small picture, pixels; smaller pictures keep their size.
pub(crate) const SIDE_MAX: u32 = 320;

/// A grey picture of at most [`SIDE_MAX`] x [`SIDE_MAX`] pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Small {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) luma: Vec<u8>,
}

/// The size of the small picture of a `width` x `height` picture: even, in the same proportion.
pub(crate) fn small_size(width: u32, height: u32) -> (u32, u32) {
    let longer = width.max(height).max(1);
    let side = |length: u32| {
        if longer <= SIDE_MAX {
            return length.max(2) & !1;
        }
        let scaled =
            (u64::from(length) * u64::from(SIDE_MAX) + u64::from(longer) / 2) / u64::from(longer);
        ((scaled as u32 + 1) & !1).clamp(2, SIDE_MAX)
    };
    (side(width), side(height))
}

impl Small {
    /// Shrinks a picture; none where it has no size.
    pub(crate) fn of(picture: &Picture, scaler: &mut Scaler) -> Option<Self> {
        let (width, height) = small_size(picture.width, picture.height);
        let small = scaler.scale(picture, picture.rect(), width, height).ok()?;
        Some(Self { width: width as usize, height: height as usize, luma: small.y.to_vec() })
    }

    /// The value below which `percent` of a hundred samples lie.
    pub(crate) fn percentile(&self, percent: usize) -> u8 {
        let mut counts = [0usize; 256];
        for sample in &self.luma {
            counts[usize::from(*sample)] += 1;
        }
        let wanted = self.luma.len() * percent / 100;
        let mut below = 0;
        let place = counts.iter().position(|n| {
            below += n;
            below > wanted
        });
        place.unwrap_or(255) as u8
    }

    /// Mean luma, grey levels.
    pub(crate) fn mean(&self) -> f64 {
        let sum: u64 = self.luma.iter().map(|s| u64::from(*s)).sum();
        sum as f64 / self.luma.len().max(1) as f64
    }
}
