//! Reads one line of letters and digits, for the plate of the offending vehicle inside a sealed package.
//! Only `wayside-plates` may use it; its test looks for others.
//!
//! Deliberately absent: finding the line in a picture, and any writing but `A` to `Z` and `0` to `9`.

use ort::session::Session;
use ort::value::TensorRef;

use crate::manifest::{ColourOrder, Model, Task};
use crate::runtime::model::{open_model, unusable};
use crate::store::ModelFile;
use crate::{ErrorKind, InferenceError, RunOptions, Runtime};

/// Height of a line in the model's input, pixels.
pub const LINE_HEIGHT_PX: usize = 48;
/// Width of the widest line in the model's input, pixels.
pub const LINE_WIDTH_PX_MAX: usize = 480;
/// The most lines of one run: bounds the memory.
pub const LINES_MAX: usize = 16;
/// Of a step's probability, how much must lie on letters, digits and nothing for it to count.
const KNOWN_MIN: f32 = 0.2;

/// A letter or digit that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letter {
    /// `A` to `Z` or `0` to `9`; small letters are read as capitals.
    pub character: u8,
    /// The recogniser's probability, 0 to 1.
    pub probability: f32,
}

/// An open recogniser of lines: one session, for one thread.
pub struct LineReader {
    session: Session,
    model: Model,
    /// For each number that the model gives: the letter or digit, 0 for no character, or nothing.
    meaning: Vec<Option<u8>>,
}

impl LineReader {
    /// Opens the model in `file`, which the manifest describes as `model`. Its alphabet comes from the
    /// file's metadata, `character`, one a line; before the first is "nothing", after the last a space.
    ///
    /// # Errors
    /// A file that is missing or is no such model; a model for another task.
    pub fn open(
        runtime: &Runtime,
        model: &Model,
        file: &ModelFile,
        options: RunOptions,
    ) -> Result<Self, InferenceError> {
        let fits = model.task == Task::PlateText
            && model.input.colour == ColourOrder::Bgr
            && model.input.range == [-1.0, 1.0]
            && model.input.shape.get(2) == Some(&(LINE_HEIGHT_PX as i64));
        if !fits {
            let problem = format!("the model {} does not read lines of text", model.name);
            let hint = "take a model with task = \"plate_text\", BGR from -1 to 1, 48 pixels high";
            return Err(InferenceError::new(ErrorKind::ModelUnusable, problem).hint_at(hint));
        }
        let opened = open_model(runtime, model, file, options.provider, options.intra_threads)?;
        let alphabet = opened.session.metadata().ok().and_then(|data| data.custom("character"));
        let Some(alphabet) = alphabet else {
            return Err(unusable(model, file).because("its metadata has no `character`"));
        };
        let mut meaning = vec![Some(0)];
        meaning.extend(alphabet.lines().map(|text| match text.as_bytes() {
            [byte] if byte.is_ascii_alphanumeric() => Some(byte.to_ascii_uppercase()),
            _ => None,
        }));
        Ok(Self { session: opened.session, model: model.clone(), meaning })
    }

    /// Reads lines: `input` is `lines` x 3 x 48 x `width_px`, BGR, from -1 to 1, what is beside a
    /// line 0. At most 16 lines, at most 480 pixels.
    ///
    /// # Errors
    /// An input of another size, or a failure of the runtime.
    pub fn read(
        &mut self,
        input: &[f32],
        lines: usize,
        width_px: usize,
    ) -> Result<Vec<Vec<Letter>>, InferenceError> {
        let name = &self.model.name;
        let failed = |cause: &dyn std::fmt::Display| {
            let problem = format!("the model {name} failed on a line");
            InferenceError::new(ErrorKind::Inference, problem).because(cause)
        };
        let size = (1..=LINES_MAX).contains(&lines) && (8..=LINE_WIDTH_PX_MAX).contains(&width_px);
        if !size || input.len() != lines * 3 * LINE_HEIGHT_PX * width_px {
            return Err(failed(&format!("{lines} lines of {width_px} pixels do not fit")));
        }
        let shape = [lines, 3, LINE_HEIGHT_PX, width_px];
        let tensor =
            TensorRef::from_array_view((shape, input)).map_err(|e| failed(&e.message()))?;
        let outputs = self.session.run(ort::inputs![tensor]).map_err(|e| failed(&e.message()))?;
        let output = outputs.values().next().ok_or_else(|| failed(&"it gave nothing"))?;
        let (shape, data) =
            output.try_extract_tensor::<f32>().map_err(|error| failed(&error.message()))?;
        let (steps, numbers) = match shape[..] {
            [n, steps, numbers] if n == lines as i64 && steps > 0 && numbers > 0 => {
                (steps as usize, numbers as usize)
            }
            _ => return Err(failed(&format!("its output has the shape {shape}"))),
        };
        if data.len() != lines * steps * numbers {
            return Err(failed(&"its output is not as large as it says"));
        }
        let rows = data.chunks_exact(steps * numbers);
        Ok(rows.map(|row| decode(row, numbers, &self.meaning)).collect())
    }
}

/// The likeliest character of each step; repeated ones are one, and "nothing" parts them (CTC, greedy).
/// Only letters, digits and "nothing" are looked at.
fn decode(row: &[f32], numbers: usize, meaning: &[Option<u8>]) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    let mut last = 0;
    for step in row.chunks_exact(numbers) {
        let mut mass = [0f32; 128];
        for (probability, meaning) in step.iter().zip(meaning) {
            if let Some(slot) = meaning.and_then(|byte| mass.get_mut(usize::from(byte))) {
                *slot += *probability;
            }
        }
        let best = mass.iter().enumerate().fold((0, f32::MIN), |best, (place, mass)| {
            if *mass > best.1 { (place as u8, *mass) } else { best }
        });
        let (character, probability) =
            if mass.iter().sum::<f32>() < KNOWN_MIN { (0, 0.0) } else { best };
        if character != 0 {
            match letters.last_mut() {
                Some(letter) if last == character => {
                    letter.probability = letter.probability.max(probability);
                }
                _ => letters.push(Letter { character, probability }),
            }
        }
        last = character;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers: nothing, `a`, `A`, `7`, something else.
    const MEANING: [Option<u8>; 5] = [Some(0), Some(b'A'), Some(b'A'), Some(b'7'), None];

    fn read(steps: &[[f32; 5]]) -> Vec<(char, f32)> {
        let letters = decode(&steps.concat(), 5, &MEANING);
        letters.iter().map(|letter| (char::from(letter.character), letter.probability)).collect()
    }

    #[test]
    fn repeats_are_one_and_nothing_parts_them() {
        let nothing = [1.0, 0.0, 0.0, 0.0, 0.0];
        let seven = [0.0, 0.0, 0.0, 0.75, 0.25];
        let surer = [0.0, 0.0, 0.0, 1.0, 0.0];
        assert_eq!(read(&[nothing, seven, surer, nothing, seven]), [('7', 1.0), ('7', 0.75)]);
        assert_eq!(read(&[nothing, nothing]), []);
    }

    #[test]
    fn small_letters_count_with_capitals_and_others_not_at_all() {
        assert_eq!(read(&[[0.25, 0.25, 0.25, 0.25, 0.0]]), [('A', 0.5)]);
        assert_eq!(read(&[[0.0, 0.0, 0.0, 0.125, 0.875]]), []);
    }
}
