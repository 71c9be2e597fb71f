//! Suggests what the plate of the offending vehicle says, out of the stills of its sealed package.

mod crop;
mod error;
mod lines;
#[cfg(test)]
mod measure;
#[cfg(test)]
#[path = "../../../package/tests/common/mod.rs"]
mod package_fixture;
#[cfg(test)]
mod render;
mod search;
mod stills;
#[cfg(test)]
mod tests;
mod vote;

use image::RgbImage;
use wayside_inference::manifest::Model;
use wayside_inference::store::ModelFile;
use wayside_inference::{LineReader, RunOptions, Runtime};
use wayside_package::Package;

pub use error::ReadError;
pub use vote::{SUGGESTIONS_MAX, Suggestion};

use crate::Pii;
use search::Window;
use vote::Ballot;

/// Windows of a still that are read at first.
const WINDOWS_MAX: usize = 12;
/// Windows that are read again, shifted and resized.
const REFINED_MAX: usize = 2;

/// An open reader of plates, for one thread.
pub struct PlateReader {
    line: LineReader,
}

impl PlateReader {
    /// Opens the recogniser (`ppocr-v4-rec` of the manifest of models).
    ///
    /// # Errors
    /// Where its file is missing or no such model.
    pub fn open(
        runtime: &Runtime,
        model: &Model,
        file: &ModelFile,
        options: RunOptions,
    ) -> Result<Self, ReadError> {
        Ok(Self { line: LineReader::open(runtime, model, file, options)? })
    }

    /// What the offending vehicle's plate may say, the likeliest first; at most three, and often none.
    ///
    /// Only a package that is whole can be asked: a `Package` is opened with every hash and the signature
    /// checked. Stills in which the vehicle has no box are left out.
    ///
    /// # Errors
    /// Where a still cannot be decoded or the recogniser fails.
    pub fn suggest(&mut self, package: &Package<'_>) -> Result<Vec<Suggestion>, ReadError> {
        let mut ballot = Ballot::default();
        for vehicle in stills::vehicles(package)? {
            self.read_vehicle(&vehicle, &mut ballot)?;
        }
        Ok(ballot.count())
    }

    /// Reads one picture of the vehicle alone.
    fn read_vehicle(&mut self, vehicle: &RgbImage, ballot: &mut Ballot) -> Result<(), ReadError> {
        let windows = search::windows(vehicle, WINDOWS_MAX);
        let first: Vec<Window> = windows
            .iter()
            .flat_map(|window| [window.grown(0.06, 0.1), window.grown(0.2, 0.25)])
            .collect();
        let mut read = self.read_windows(vehicle, &first, ballot)?;
        // The best again, shifted and resized: a plate is read alike, a pattern is not.
        read.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut again: Vec<Window> = Vec::new();
        for (_, window) in read.iter().take(REFINED_MAX) {
            again.extend(window.jittered());
        }
        self.read_windows(vehicle, &again, ballot)?;
        ballot.end_still();
        Ok(())
    }

    /// Reads windows and casts their votes; how good each plausible reading was.
    fn read_windows(
        &mut self,
        vehicle: &RgbImage,
        windows: &[Window],
        ballot: &mut Ballot,
    ) -> Result<Vec<(f32, Window)>, ReadError> {
        let mut good = Vec::new();
        for batch in lines::batches(vehicle, windows) {
            let read = self.line.read(&batch.input, batch.windows.len(), batch.width_px)?;
            for (letters, window) in read.into_iter().zip(batch.windows) {
                let text = Pii::new(letters.iter().map(|l| l.character).collect::<Vec<u8>>());
                let probabilities: Vec<f32> = letters.iter().map(|l| l.probability).collect();
                if let Some(weight) = ballot.cast(&text, &probabilities) {
                    good.push((weight, window));
                }
            }
        }
        Ok(good)
    }
}
