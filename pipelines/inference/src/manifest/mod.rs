//! The manifest of models: `models/manifest.toml`.

mod check;
mod check_layout;
mod layout;
mod model;

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

pub(crate) use self::check_layout::{BOXES, DISTANCES, HEAT};
pub use self::layout::{BoxKind, DetectionFormat, DetectionLayout};
pub use self::model::{ColourOrder, Input, Letterbox, Model, ModelFootage, Task, Tensor};
use crate::{ErrorKind, InferenceError};

/// The manifest that ships with the program.
const EMBEDDED: &str = include_str!("../../../../models/manifest.toml");

/// The largest file that is read as a manifest, bytes.
const SIZE_BYTES_MAX: u64 = 1 << 20;

/// Every model that Wayside knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    models: Vec<Model>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: Spanned<u32>,
    #[serde(default, rename = "model")]
    models: Vec<Spanned<Model>>,
}

impl Manifest {
    /// The manifest that ships with the program.
    ///
    /// # Errors
    /// None in a released program: a test reads it.
    pub fn embedded() -> Result<Self, InferenceError> {
        Self::parse("models/manifest.toml", EMBEDDED)
    }

    /// The manifest in a file.
    ///
    /// # Errors
    /// A file that cannot be read, or whose content is wrong, with its line.
    pub fn load(path: &Path) -> Result<Self, InferenceError> {
        let name = path.display().to_string();
        let unreadable = |cause: &dyn std::fmt::Display| {
            InferenceError::new(ErrorKind::Manifest, format!("cannot read the manifest {name}"))
                .because(cause)
        };
        let size = std::fs::metadata(path).map_err(|error| unreadable(&error))?.len();
        if size > SIZE_BYTES_MAX {
            return Err(unreadable(&format!("{size} bytes is more than {SIZE_BYTES_MAX}")));
        }
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(&error))?;
        Self::parse(&name, &text)
    }

    /// The manifest in `text`; `file` is its name for messages.
    ///
    /// # Errors
    /// The first thing that is wrong with it, with its line.
    pub fn parse(file: &str, text: &str) -> Result<Self, InferenceError> {
        let at = |offset: Option<usize>, problem: &str| {
            let line = offset.map_or(String::new(), |offset| format!(":{}", line_of(text, offset)));
            InferenceError::new(ErrorKind::Manifest, format!("{file}{line}: {problem}"))
        };
        let parsed: File = toml::from_str(text).map_err(|error| {
            at(error.span().map(|span| span.start), error.message().trim())
                .hint_at("the keys are explained in models/README.md")
        })?;
        if *parsed.schema.get_ref() != 1 {
            let problem = format!("schema {} is not known", parsed.schema.get_ref());
            return Err(at(Some(parsed.schema.span().start), &problem)
                .hint_at("this program reads schema 1"));
        }
        let mut models: Vec<Model> = Vec::new();
        for spanned in parsed.models {
            let start = spanned.span().start;
            let model = spanned.into_inner();
            if let Some(finding) = check::first_finding(&model) {
                let problem = format!("model {}: {}: {}", model.name, finding.key, finding.problem);
                return Err(at(Some(start), &problem).hint_at(finding.hint));
            }
            if models.iter().any(|other| other.name == model.name || other.file == model.file) {
                let problem = format!("model {}: its name or file is there twice", model.name);
                return Err(at(Some(start), &problem).hint_at("each model has its own of both"));
            }
            models.push(model);
            let embedded: u64 =
                models.iter().filter(|model| model.embedded).map(|m| m.size_bytes).sum();
            if embedded > check::EMBEDDED_BYTES_MAX {
                let problem = format!(
                    "models of {embedded} bytes together are too large to be built into the program"
                );
                return Err(at(Some(start), &problem)
                    .hint_at(format!("at most {} bytes", check::EMBEDDED_BYTES_MAX)));
            }
        }
        Ok(Self { models })
    }

    /// This manifest with the models of another, which take the place of those with the same name. Only
    /// this program's own manifest says what is built in.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        for mut model in other.models {
            match self.models.iter_mut().find(|own| own.name == model.name) {
                Some(own) if *own == model => {}
                place => {
                    model.embedded = false;
                    match place {
                        Some(own) => *own = model,
                        None => self.models.push(model),
                    }
                }
            }
        }
        self
    }

    /// The models, in the order of the file.
    #[must_use]
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// The model of this name.
    ///
    /// # Errors
    /// There is none; the hint lists those that there are.
    pub fn model(&self, name: &str) -> Result<&Model, InferenceError> {
        self.models.iter().find(|model| model.name == name).ok_or_else(|| {
            let names: Vec<_> = self.models.iter().map(|model| model.name.as_str()).collect();
            InferenceError::new(ErrorKind::Manifest, format!("there is no model `{name}`"))
                .hint_at(format!("the manifest has {}", names.join(", ")))
        })
    }
}

/// The line, from 1, of a byte offset.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests;
