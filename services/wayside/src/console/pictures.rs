//! Redacted pictures of cameras: of this process, or of the workers of a fleet.

use std::io::Cursor;

use wayside_console::{NoPicture, Picture, Pictures};
use wayside_evidence::PictureError;
use wayside_ingest::live::LivePictures;
use wayside_proto::{CameraId, SiteId};
use wayside_workbench::engine::Frame;

use super::workers::{NoWorker, Workers};

/// Where the cameras are.
pub(crate) enum Cameras {
    /// In this process.
    Here(LivePictures),
    /// At workers that serve clips.
    Elsewhere(Workers),
}

impl std::fmt::Debug for Cameras {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Here(_) => "Here",
            Self::Elsewhere(_) => "Elsewhere",
        })
    }
}

/// Why there is no picture to calibrate on, and whether one is on its way.
pub(super) struct NotYet {
    pub(super) why: String,
    pub(super) soon: bool,
}

impl Cameras {
    /// The newest picture, to calibrate on.
    pub(super) fn frame(&self, site: &SiteId, camera: &CameraId) -> Result<Frame, NotYet> {
        match self {
            Self::Here(pictures) => {
                let newest = pictures
                    .newest(site, camera)
                    .map_err(|none| NotYet { why: none.why, soon: none.soon })?;
                let (width_px, height_px) = (newest.width_px, newest.height_px);
                Ok(Frame { jpeg: newest.jpeg.to_vec(), width_px, height_px })
            }
            Self::Elsewhere(workers) => {
                let newest = workers.newest(site, camera).map_err(|error| NotYet {
                    why: error.to_string(),
                    soon: matches!(error, NoWorker::Asked(PictureError::None { soon: true, .. })),
                });
                let jpeg = newest?.0;
                let size = image::ImageReader::new(Cursor::new(&jpeg))
                    .with_guessed_format()
                    .map_err(image::ImageError::from)
                    .and_then(image::ImageReader::into_dimensions);
                let (width_px, height_px) = size.map_err(|error| NotYet {
                    why: format!("the worker's picture cannot be read: {error}"),
                    soon: false,
                })?;
                Ok(Frame { jpeg, width_px, height_px })
            }
        }
    }
}

impl Pictures for Cameras {
    fn newest(&self, site: &SiteId, camera: &CameraId) -> Result<Picture, NoPicture> {
        match self {
            Self::Here(pictures) => {
                let newest =
                    pictures.newest(site, camera).map_err(|none| NoPicture::NotNow(none.why))?;
                Ok(Picture { jpeg: newest.jpeg, time: newest.frame_time })
            }
            Self::Elsewhere(workers) => match workers.newest(site, camera) {
                Ok((jpeg, time)) => Ok(Picture { jpeg: jpeg.into(), time }),
                Err(NoWorker::Silent) => Err(NoPicture::Unknown),
                Err(NoWorker::Bus(why)) => Err(NoPicture::Away(why)),
                Err(NoWorker::Asked(error @ PictureError::None { .. })) => {
                    Err(NoPicture::NotNow(error.to_string()))
                }
                Err(NoWorker::Asked(error)) => Err(NoPicture::Away(error.to_string())),
            },
        }
    }
}
