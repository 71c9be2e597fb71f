//! Images of a sequence, read from disk one after the other.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use gstreamer as gst;
use gstreamer_app as gst_app;

use super::shared::Shared;
use crate::CaptureError;
use crate::source::Image;

/// No image of a camera is larger; a larger one is not read into memory.
const IMAGE_BYTES_MAX: u64 = 256 << 20;

/// How an image is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Jpeg,
    Png,
}

impl Packing {
    pub(super) fn caps_name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    pub(super) fn decoder(self) -> &'static str {
        match self {
            Self::Jpeg => "jpegdec",
            Self::Png => "pngdec",
        }
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            _ => None,
        }
    }

    /// Whether the end is there, be it followed by a little padding.
    fn is_whole(self, bytes: &[u8]) -> bool {
        let tail = &bytes[bytes.len().saturating_sub(4096)..];
        let end: &[u8] = match self {
            Self::Jpeg => &[0xff, 0xd9],
            Self::Png => b"IEND",
        };
        tail.windows(end.len()).any(|window| window == end)
    }
}

/// The packing of the first image that has one.
pub(super) fn packing(images: &[Image], path: &Path) -> Result<Packing, CaptureError> {
    images
        .iter()
        .filter(|image| image.exists)
        .find_map(|image| read(&image.path).ok().and_then(|bytes| Packing::of(&bytes)))
        .ok_or_else(|| CaptureError::NoImages { path: path.to_owned() })
}

/// Time of an image, nanoseconds.
pub(super) fn time_ns(index: u64, fps: f64) -> u64 {
    (index as f64 * 1e9 / fps).round() as u64
}

/// Pushes every image; waits while the queue is full; ends when the pipeline is stopped.
pub(super) fn feed(
    images: &[Image],
    packing: Packing,
    fps: f64,
    source: &gst_app::AppSrc,
    shared: &Arc<Shared>,
) {
    for image in images {
        let time_ns = time_ns(image.index, fps);
        match load(image, packing) {
            Ok(bytes) => {
                let mut buffer = gst::Buffer::from_mut_slice(bytes);
                if let Some(buffer) = buffer.get_mut() {
                    buffer.set_pts(gst::ClockTime::from_nseconds(time_ns));
                    let next = self::time_ns(image.index + 1, fps);
                    buffer.set_duration(gst::ClockTime::from_nseconds(next - time_ns));
                }
                if source.push_buffer(buffer).is_err() {
                    return;
                }
            }
            Err(cause) => shared.ledger().absent(time_ns, cause),
        }
    }
    // Fails only when the pipeline is stopped already.
    let _ = source.end_of_stream();
}

fn load(image: &Image, packing: Packing) -> Result<Vec<u8>, String> {
    let name = image.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !image.exists {
        return Err(format!("the image {name} is missing"));
    }
    let bytes = read(&image.path).map_err(|e| format!("the image {name} cannot be read ({e})"))?;
    match Packing::of(&bytes) {
        None if bytes.is_empty() => Err(format!("the image {name} is empty (0 bytes)")),
        None => Err(format!("{name} is neither JPEG nor PNG inside")),
        Some(other) if other != packing => {
            Err(format!("{name} is {other:?} inside, the first image is {packing:?}"))
        }
        Some(_) if !packing.is_whole(&bytes) => Err(format!("the image {name} is cut off")),
        Some(_) => Ok(bytes),
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let length = fs::metadata(path)?.len();
    if length > IMAGE_BYTES_MAX {
        return Err(std::io::Error::other(format!("{length} bytes are too many for an image")));
    }
    fs::read(path)
}
