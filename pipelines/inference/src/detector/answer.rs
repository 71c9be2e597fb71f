//! Reads what the model said, tensor by tensor, whatever its format.

use ort::session::SessionOutputs;
use wayside_picture::{Detection, LetterBox};

use super::ttfnet::{self, Maps};
use super::yolox;
use crate::manifest::{BOXES, DISTANCES, DetectionFormat, DetectionLayout, HEAT};

/// What is known of a run before its output is read.
pub(super) struct Answer<'a> {
    pub(super) layout: &'a DetectionLayout,
    /// Regions that went in, those that stayed grey included.
    pub(super) slots: usize,
    /// Width and height of the input.
    pub(super) input_px: (u32, u32),
    /// Width and height of the picture.
    pub(super) picture_px: (u32, u32),
}

impl Answer<'_> {
    /// The road users of each region, as it was fitted into the input.
    ///
    /// # Errors
    /// An output that is missing, has another shape than the manifest says, or is not of floats.
    pub(super) fn read(
        &self,
        outputs: &SessionOutputs<'_>,
        fitted: &[LetterBox],
    ) -> Result<Vec<Vec<Detection>>, String> {
        match self.layout.format {
            DetectionFormat::Yolox => self.rows(outputs, fitted),
            DetectionFormat::Ttfnet => self.maps(outputs, fitted),
        }
    }

    fn rows(
        &self,
        outputs: &SessionOutputs<'_>,
        fitted: &[LetterBox],
    ) -> Result<Vec<Vec<Detection>>, String> {
        let (width, height) = self.input_px;
        let output = outputs.values().next().ok_or("it gave nothing")?;
        let (shape, data) = output.try_extract_tensor::<f32>().map_err(words)?;
        let (slots, rows) = (self.slots, self.layout.rows(height, width));
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        let columns = match shape[..] {
            [n, r, c]
                if usize::try_from(n) == Ok(slots)
                    && usize::try_from(r) == Ok(rows)
                    && c > 5
                    && data.len() == slots * rows * c as usize =>
            {
                c as usize
            }
            _ => {
                return Err(format!(
                    "its output has the shape {shape}, not [{slots}, {rows}, 5 + classes]"
                ));
            }
        };
        let each = fitted.iter().zip(data.chunks_exact(rows * columns));
        let read =
            |(fitted, values)| yolox::decode(values, columns, (width, height), self.layout, fitted);
        Ok(each.map(read).collect())
    }

    fn maps(
        &self,
        outputs: &SessionOutputs<'_>,
        fitted: &[LetterBox],
    ) -> Result<Vec<Vec<Detection>>, String> {
        let (width, height) = self.input_px;
        let (rows, columns) = self.layout.cells(height, width);
        let cells = (rows as usize, columns as usize);
        let heat = self.map(outputs, HEAT, None, cells)?;
        let boxes = self.map(outputs, BOXES, Some(DISTANCES), cells)?;
        let per_slot = |data: &[f32]| (data.len() / self.slots.max(1)).max(1);
        let each = heat.chunks_exact(per_slot(heat)).zip(boxes.chunks_exact(per_slot(boxes)));
        let read = |(fitted, (heat, boxes)): (&LetterBox, _)| {
            ttfnet::decode(Maps { heat, boxes, cells }, self.layout, fitted, self.picture_px)
        };
        Ok(fitted.iter().zip(each).map(read).collect())
    }

    /// An output of `[slots, channels, rows, columns]`; any number of channels where none is said.
    fn map<'o>(
        &self,
        outputs: &'o SessionOutputs<'_>,
        name: &str,
        channels: Option<usize>,
        (rows, columns): (usize, usize),
    ) -> Result<&'o [f32], String> {
        let output = outputs.get(name).ok_or_else(|| format!("it gave no `{name}`"))?;
        let (shape, data) = output.try_extract_tensor::<f32>().map_err(words)?;
        let extents: Vec<usize> =
            shape.iter().map(|&extent| usize::try_from(extent).unwrap_or(0)).collect();
        match extents[..] {
            [n, c, r, l]
                if [n, r, l] == [self.slots, rows, columns]
                    && channels.is_none_or(|wanted| wanted == c)
                    && data.len() == n * c * r * l =>
            {
                Ok(data)
            }
            _ => {
                let channels = channels.map_or("classes".to_owned(), |count| count.to_string());
                Err(format!(
                    "its output `{name}` has the shape {shape}, not [{}, {channels}, {rows}, {columns}]",
                    self.slots
                ))
            }
        }
    }
}

fn words(error: ort::Error) -> String {
    error.message().to_owned()
}
