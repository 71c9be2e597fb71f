//! Looks at regions of a picture and says which road users are there.

mod answer;
mod open;
mod steps;
mod ttfnet;
mod yolox;

use ort::session::Session;
use ort::value::TensorRef;
use wayside_picture::{Detection, LetterBox, Picture, PixelRect, Scaler};

use self::answer::Answer;
use crate::manifest::{ColourOrder, DetectionLayout, Letterbox, Model};
use crate::runtime::options::Batch;
use crate::store::ModelFile;
use crate::suppress::{Look, merge};
use crate::{ErrorKind, InferenceError, Provider, RunOptions, Runtime};

/// An open detector of road users: one session and its buffers, for one worker thread.
///
/// Boxes leave it in steps of 1/8 pixel and scores in steps of 1/256, so that the last bits in
/// which processors' kernels differ seldom show. They can show where a value lies on the edge of a
/// step: results are promised byte for byte on machines of the same architecture with the same
/// runtime, not across architectures.
pub struct Detector {
    session: Session,
    layout: DetectionLayout,
    model: Model,
    provider: Provider,
    fallback: Option<String>,
    width_px: u32,
    height_px: u32,
    /// Regions that the model takes in one run.
    batch: Batch,
    scaler: Scaler,
    input: Vec<f32>,
    exact: bool,
}

/// The most regions in one run where the model leaves it free and a graphics card runs it: bounds the
/// memory. The processor takes them one by one: with one thread, 2 to 8 tiles of 416 pixels in one run
/// took the same time each or up to 1.4 times as much, since what one tile needs stays in its cache.
const BATCH_MAX: usize = 8;

impl Detector {
    /// Opens the model in `file` (a path, or what the store found), which the manifest describes as
    /// `model`. The file's checksum is the store's affair.
    ///
    /// # Errors
    /// A file that is missing, empty or no ONNX model; tensors that differ from the manifest (both
    /// shapes are in the message); a model for another task.
    pub fn open(
        runtime: &Runtime,
        model: &Model,
        file: impl Into<ModelFile>,
        options: RunOptions,
    ) -> Result<Self, InferenceError> {
        open::open(runtime, model, &file.into(), options)
    }

    /// The road users in those parts of the picture, in order of score, boxes in pixels of the
    /// picture. Everything from `score_low` on is there: what is believed alone (`score_min`) is
    /// the tracker's decision. Without regions the whole picture is looked at.
    ///
    /// # Errors
    /// A region outside the picture, or a failure of the runtime.
    pub fn detect(
        &mut self,
        picture: &Picture,
        regions: &[PixelRect],
    ) -> Result<Vec<Detection>, InferenceError> {
        let found = self.detect_each(&[(picture, regions)])?;
        Ok(found.into_iter().next().unwrap_or_default())
    }

    /// As [`Self::detect`] for pictures of several cameras, each with its regions: what the model takes
    /// in one run is filled across pictures. The answers are in the order of the pictures and the same
    /// as one by one.
    ///
    /// # Errors
    /// As for [`Self::detect`]; then there is no answer for any of the pictures.
    pub fn detect_each(
        &mut self,
        pictures: &[(&Picture, &[PixelRect])],
    ) -> Result<Vec<Vec<Detection>>, InferenceError> {
        let mut parts = Vec::new();
        for (index, (picture, regions)) in pictures.iter().enumerate() {
            let whole = PixelRect { x: 0, y: 0, width: picture.width, height: picture.height };
            let regions = if regions.is_empty() { &[whole][..] } else { regions };
            parts.extend(regions.iter().map(|region| Part { index, picture, region: *region }));
        }
        let mut looks: Vec<Vec<Look>> = pictures.iter().map(|_| Vec::new()).collect();
        let size = |part: &Part<'_>| (part.picture.width, part.picture.height);
        for alike in parts.chunk_by(|a, b| size(a) == size(b)) {
            for chunk in alike.chunks(self.batch.per_run()) {
                for (part, look) in chunk.iter().zip(self.look(chunk)?) {
                    if let Some(of_picture) = looks.get_mut(part.index) {
                        of_picture.push(look);
                    }
                }
            }
        }
        let nms_iou = self.layout.nms_iou;
        let merged = looks.iter().zip(pictures);
        Ok(merged
            .map(|(looks, (picture, _))| merge(looks, (picture.width, picture.height), nms_iou))
            .collect())
    }

    /// Regions that one run of the model takes; on the processor 1, unless the model's file fixes it.
    #[must_use]
    pub fn regions_per_run(&self) -> usize {
        self.batch.per_run()
    }

    /// The longer side of the model's input, pixels; for [`crate::regions::regions`].
    #[must_use]
    pub fn input_px(&self) -> u32 {
        self.width_px.max(self.height_px)
    }

    /// The model's thresholds and labels.
    #[must_use]
    pub fn layout(&self) -> &DetectionLayout {
        &self.layout
    }

    /// The model, as the manifest describes it.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What really runs the model.
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// Why the processor runs the model although another provider was asked for.
    #[must_use]
    pub fn fallback(&self) -> Option<&str> {
        self.fallback.as_deref()
    }

    /// Fills the input with these regions of pictures of one size, runs the model, and reads what it
    /// says of each.
    fn look(&mut self, parts: &[Part<'_>]) -> Result<Vec<Look>, InferenceError> {
        let (width, height) = (self.width_px, self.height_px);
        let plane = width as usize * height as usize;
        let slots = self.batch.slots(parts.len());
        self.input.resize(slots * 3 * plane, 0.0);
        let mut boxes = Vec::with_capacity(parts.len());
        for (slot, part) in self.input.chunks_exact_mut(3 * plane).zip(parts) {
            let (picture, region) = (part.picture, part.region);
            let fitted = fit(region, picture, width, height, self.model.input.letterbox)?;
            let failed = |error: wayside_picture::PictureError| bad_region(region, &error);
            self.scaler
                .scale(picture, fitted.rect, fitted.width, fitted.height)
                .and_then(|part| {
                    part.to_bgr_planar_f32(slot, width, height, self.model.input.pad.into())
                })
                .map_err(failed)?;
            if !self.exact {
                adapt(slot, plane, self.model.input.colour, self.model.input.range);
            }
            boxes.push(fitted);
        }
        let shape = [slots, 3, height as usize, width as usize];
        let ran = |error: ort::Error| failed_run(&self.model.name, error.message());
        let tensor = TensorRef::from_array_view((shape, &self.input[..])).map_err(ran)?;
        let outputs = self.session.run(ort::inputs![tensor]).map_err(ran)?;
        let answer = Answer {
            layout: &self.layout,
            slots,
            input_px: (width, height),
            picture_px: parts.first().map_or((0, 0), |p| (p.picture.width, p.picture.height)),
        };
        let found =
            answer.read(&outputs, &boxes).map_err(|cause| failed_run(&self.model.name, &cause))?;
        let look = |(fitted, found): (LetterBox, _)| Look {
            region: fitted.rect,
            input_px: fitted.width.max(fitted.height),
            found,
        };
        Ok(boxes.into_iter().zip(found).map(look).collect())
    }
}

/// A region of one of several pictures.
struct Part<'a> {
    index: usize,
    picture: &'a Picture,
    region: PixelRect,
}

/// How a region sits in the input.
fn fit(
    region: PixelRect,
    picture: &Picture,
    width: u32,
    height: u32,
    letterbox: Letterbox,
) -> Result<LetterBox, InferenceError> {
    let outside = || {
        let size = format!("a picture of {}x{} pixels", picture.width, picture.height);
        bad_region(region, &format!("nothing of it is inside {size}"))
    };
    let rect = region.clip_even(picture.width, picture.height).ok_or_else(outside)?;
    match letterbox {
        Letterbox::Stretch => Ok(LetterBox { rect, width, height }),
        Letterbox::TopLeft | Letterbox::Centre => {
            LetterBox::fit(rect, width, height).ok_or_else(outside)
        }
    }
}

/// From bytes in planes of blue, green, red to what the model wants.
fn adapt(slot: &mut [f32], plane: usize, colour: ColourOrder, [low, high]: [f32; 2]) {
    if colour == ColourOrder::Rgb {
        let (blue, rest) = slot.split_at_mut(plane);
        blue.swap_with_slice(&mut rest[plane..]);
    }
    let step = (high - low) / 255.0;
    slot.iter_mut().for_each(|value| *value = low + *value * step);
}

fn bad_region(region: PixelRect, cause: &dyn std::fmt::Display) -> InferenceError {
    let PixelRect { x, y, width, height } = region;
    let problem = format!("cannot look at the region {width}x{height} at ({x}, {y})");
    InferenceError::new(ErrorKind::Inference, problem).because(cause)
}

fn failed_run(model: &str, cause: &str) -> InferenceError {
    InferenceError::new(ErrorKind::Inference, format!("the model {model} failed on a picture"))
        .because(cause)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_maps;
