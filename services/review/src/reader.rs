//! Who reads the plate of a sealed package, as a suggestion to the reviewer.

use wayside_package::Package;
use wayside_plates::Plate;

/// What was read.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The plate; shows as `[redacted]`.
    pub plate: Plate,
    /// How sure the reader is, 0 to 1.
    pub confidence: f32,
}

/// Reads plates. It gets the sealed package of the case that its reviewer holds, and nothing else ever.
pub trait PlateReader: Send + Sync + std::fmt::Debug {
    /// What the plate of the offending vehicle may say, the likeliest first; often nothing.
    ///
    /// # Errors
    /// Why the reader failed, without anything that it read.
    fn read(&self, package: &Package<'_>) -> Result<Vec<Suggestion>, String>;
}
