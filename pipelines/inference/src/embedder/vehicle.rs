//! What an embedder can be asked for, and what it refuses.

use std::fmt;

use wayside_picture::{Detection, Picture, PixelRect};
use wayside_proto::{BoxPx, MotorVehicleClass};

use super::crop::{RIDER_SHARE, RIM, Source};

/// A motor vehicle in a picture. There is no way to put a person or a bicycle here, by design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vehicle {
    /// What it is.
    pub class: MotorVehicleClass,
    /// Where it is, pixels of the picture.
    pub box_px: BoxPx,
}

/// Why a vehicle has no vector.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Refused {
    /// Its box is smaller than [`Vehicle::SIDE_PX_MIN`].
    TooSmall {
        /// The box's longer side, pixels.
        side_px: f32,
    },
    /// Nothing of its box is inside the picture, or its edges are not numbers in order.
    Outside,
    /// A motorcycle cut off by the picture's lower border: what is left of it may be its rider.
    CutOff,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooSmall { side_px } => write!(
                f,
                "the vehicle's longer side is {side_px:.1} pixels, and {} are needed",
                Vehicle::SIDE_PX_MIN
            ),
            Self::Outside => f.write_str("the vehicle's box is not inside the picture"),
            Self::CutOff => f.write_str(
                "the motorcycle is cut off by the picture's lower border: its rider cannot be \
                 told from it",
            ),
        }
    }
}

impl Vehicle {
    /// The longer side that a vehicle's box needs, pixels. Below it, paint and shape are guesswork:
    /// the model was not trained on less.
    pub const SIDE_PX_MIN: f32 = 24.0;

    /// The vehicle of a detection; none for people and bicycles.
    #[must_use]
    pub fn of(detection: &Detection) -> Option<Self> {
        let class = detection.class.motor_vehicle()?;
        Some(Self { class, box_px: detection.box_px })
    }

    /// The part of the picture that the model sees.
    pub(super) fn source(&self, picture: &Picture) -> Result<Source, Refused> {
        let BoxPx { x0, y0, x1, y1 } = self.box_px;
        let (width, height) = (x1 - x0, y1 - y0);
        // False also for edges that are not numbers.
        let sound = [x0, y0, x1, y1].iter().all(|edge| edge.is_finite());
        if !(sound && width > 0.0 && height > 0.0) {
            return Err(Refused::Outside);
        }
        if PixelRect::covering(&self.box_px, picture.width, picture.height).is_none() {
            return Err(Refused::Outside);
        }
        let side_px = width.max(height);
        if side_px < Self::SIDE_PX_MIN {
            return Err(Refused::TooSmall { side_px });
        }
        let rider = self.class == MotorVehicleClass::Motorcycle;
        if rider && y1 > picture.height as f32 - 1.0 {
            return Err(Refused::CutOff);
        }
        let (more_x, more_y) = (width * RIM, height * RIM);
        let around = BoxPx { x0: x0 - more_x, y0: y0 - more_y, x1: x1 + more_x, y1: y1 + more_y };
        let rect =
            PixelRect::covering(&around, picture.width, picture.height).ok_or(Refused::Outside)?;
        Ok(Source { rect, blank_above_px: rider.then_some(y0 + height * RIDER_SHARE) })
    }
}
