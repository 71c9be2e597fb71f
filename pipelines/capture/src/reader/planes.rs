//! A decoded buffer as a picture: no padding, even size, limited range.

use gst_video::prelude::*;
use gstreamer as gst;
use gstreamer_video as gst_video;
use wayside_picture::{Matrix, Picture, PictureError};

/// The layout of the decoded buffers, from their caps.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    info: gst_video::VideoInfo,
    /// Width and height of the pictures, even.
    pub(crate) size: (u32, u32),
    pub(crate) matrix: Matrix,
    /// Tables from full to limited range for luma and chroma.
    tables: Option<Box<[[u8; 256]; 2]>>,
}

impl Layout {
    /// None when the caps are no video in I420 or RGB of at least two by two pixels.
    pub(crate) fn new(caps: &gst::CapsRef) -> Option<Self> {
        let info = gst_video::VideoInfo::from_caps(caps).ok()?;
        let size = (info.width() & !1, info.height() & !1);
        let known =
            matches!(info.format(), gst_video::VideoFormat::I420 | gst_video::VideoFormat::Rgb);
        if !known || size.0 == 0 || size.1 == 0 {
            return None;
        }
        let colorimetry = info.colorimetry();
        let matrix = match colorimetry.matrix() {
            gst_video::VideoColorMatrix::Bt709 => Matrix::Bt709,
            gst_video::VideoColorMatrix::Bt601 => Matrix::Bt601,
            _ => Matrix::usual(size.1),
        };
        let full = colorimetry.range() == gst_video::VideoColorRange::Range0_255;
        Some(Self { info, size, matrix, tables: full.then(tables) })
    }

    pub(crate) fn interlaced(&self) -> bool {
        self.info.interlace_mode() != gst_video::VideoInterlaceMode::Progressive
    }

    pub(crate) fn pixel_aspect(&self) -> f64 {
        let par = self.info.par();
        if par.denom() > 0 && par.numer() > 0 {
            f64::from(par.numer()) / f64::from(par.denom())
        } else {
            1.0
        }
    }

    /// Frames a second; none when the rate varies or is not told.
    pub(crate) fn fps(&self) -> Option<f64> {
        let fps = self.info.fps();
        (fps.numer() > 0 && fps.denom() > 0)
            .then(|| f64::from(fps.numer()) / f64::from(fps.denom()))
    }

    /// Copies the picture out of a buffer.
    pub(crate) fn picture(&self, buffer: &gst::BufferRef) -> Result<Picture, String> {
        let frame = gst_video::VideoFrameRef::from_buffer_ref_readable(buffer, &self.info)
            .map_err(|_| "the decoder's buffer does not fit its own description".to_owned())?;
        let (width, height) = self.size;
        let built = if self.info.format() == gst_video::VideoFormat::Rgb {
            let rgb = rows(&frame, 0, 3 * width, height, None)?;
            Picture::from_rgb(width, height, &rgb, Matrix::usual(height))
        } else {
            let table = |chroma: usize| self.tables.as_ref().map(|tables| &tables[chroma]);
            self.planar(
                rows(&frame, 0, width, height, table(0))?,
                rows(&frame, 1, width / 2, height / 2, table(1))?,
                rows(&frame, 2, width / 2, height / 2, table(1))?,
            )
        };
        built.map_err(|e| e.to_string())
    }

    fn planar(&self, y: Vec<u8>, u: Vec<u8>, v: Vec<u8>) -> Result<Picture, PictureError> {
        Picture::new(self.size.0, self.size.1, y, u, v, self.matrix)
    }
}

fn rows(
    frame: &gst_video::VideoFrameRef<&gst::BufferRef>,
    plane: u32,
    width: u32,
    height: u32,
    table: Option<&[u8; 256]>,
) -> Result<Vec<u8>, String> {
    let short = || "the decoder's buffer is too short".to_owned();
    let data = frame.plane_data(plane).map_err(|_| short())?;
    let stride = frame.plane_stride().get(plane as usize).copied().unwrap_or(0);
    let stride = usize::try_from(stride).map_err(|_| short())?;
    let (width, height) = (width as usize, height as usize);
    // The last row may end without its padding.
    if stride < width || data.len() < stride * (height - 1) + width {
        return Err(short());
    }
    let mut out = Vec::with_capacity(width * height);
    for row in data.chunks(stride).take(height) {
        match table {
            None => out.extend_from_slice(&row[..width]),
            Some(table) => out.extend(row[..width].iter().map(|s| table[usize::from(*s)])),
        }
    }
    Ok(out)
}

/// ITU-T T.871 (JPEG) full range to limited range, rounded.
fn tables() -> Box<[[u8; 256]; 2]> {
    let mut out = Box::new([[0u8; 256]; 2]);
    for s in 0..256i32 {
        out[0][s as usize] = (16 + (s * 219 + 127) / 255) as u8;
        let c = (s - 128) * 224;
        let rounded = if c < 0 { (c - 127) / 255 } else { (c + 127) / 255 };
        out[1][s as usize] = (128 + rounded) as u8;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_range_becomes_limited() {
        let t = tables();
        assert_eq!((t[0][0], t[0][255], t[0][128]), (16, 235, 126));
        assert_eq!((t[1][0], t[1][128], t[1][255]), (16, 128, 240));
    }
}
