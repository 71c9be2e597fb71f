//! The newest redacted picture of a camera, from the worker that has it: `GET /v1/pictures/SITE/CAMERA`.

use std::time::Duration;

use ureq::http::StatusCode;
use wayside_proto::{CameraId, EventTime, SiteId};

use super::http::{HttpFootage, said};

/// How long a picture may take: somebody looks at a page meanwhile.
const REQUEST_MAX: Duration = Duration::from_secs(4);
/// Bytes of a picture that are taken.
const PICTURE_BYTES_MAX: u64 = 8 << 20;
/// Capture instant of the picture, RFC 3339.
const FRAME_TIME: &str = "wayside-frame-time";

/// Why a worker gives no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// It has none now, and why, in its own words.
    #[error("{why}")]
    None {
        /// One sentence for a person.
        why: String,
        /// One is on its way.
        soon: bool,
    },
    /// It does not answer, or not as a worker does.
    #[error("{0}")]
    Away(String),
}

impl HttpFootage {
    /// The newest picture of a camera, JPEG, and its capture instant, from the worker at that address.
    ///
    /// # Errors
    /// Where there is none now, or the worker does not answer within 4 seconds.
    pub fn picture(
        &self,
        worker: &str,
        site: &SiteId,
        camera: &CameraId,
    ) -> Result<(Vec<u8>, EventTime), PictureError> {
        let away = |why: String| PictureError::Away(format!("the worker at {worker} {why}"));
        let url = format!("{}/v1/pictures/{site}/{camera}", worker.trim_end_matches('/'));
        let ask = self.authorized(self.agent.get(&url));
        let ask = ask.config().timeout_global(Some(REQUEST_MAX)).build();
        let mut answer = ask.call().map_err(|error| away(format!("does not answer: {error}")))?;
        let status = answer.status();
        if status != StatusCode::OK {
            let soon = answer.headers().contains_key("retry-after");
            let (_, why) = said(&mut answer);
            return Err(match status {
                StatusCode::NOT_FOUND if !why.is_empty() => PictureError::None { why, soon },
                _ => away(format!("answers {}: {why}", status.as_u16())),
            });
        }
        let time = answer.headers().get(FRAME_TIME).and_then(|time| time.to_str().ok());
        let time = time.and_then(|time| EventTime::parse(time).ok());
        let time =
            time.ok_or_else(|| away("does not say when its picture was taken".to_owned()))?;
        let body = answer.body_mut().with_config().limit(PICTURE_BYTES_MAX).read_to_vec();
        let jpeg = body.map_err(|error| away(format!("breaks off: {error}")))?;
        Ok((jpeg, time))
    }
}
