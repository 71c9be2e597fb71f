//! Reads and validates a site file.

use std::collections::BTreeMap;

use wayside_proto::{EventTime, SiteId};

use crate::geometry::{CameraModel, Homography};
use crate::model::{Camera, Lane, SiteFile};

/// A site file that was found to be sound, with the geometry that follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    file: SiteFile,
    start: EventTime,
    cameras: BTreeMap<String, CameraModel>,
}

/// One thing that is wrong in a site file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteError {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Dotted path of the key, for example `camera.south.calibration.points`.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Site {
    /// The site in `text`; `file` is its name for messages.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<SiteError>> {
        let wrong = |problem: String| {
            vec![SiteError {
                file: file.to_owned(),
                line: None,
                key: String::new(),
                problem,
                hint: None,
            }]
        };
        let parsed: SiteFile = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let start =
            EventTime::parse(&parsed.site.start).map_err(|error| wrong(error.to_string()))?;
        let mut cameras = BTreeMap::new();
        for camera in &parsed.cameras {
            let pairs: Vec<_> =
                camera.calibration.points.iter().map(|p| (p.image_px, p.ground_m)).collect();
            let homography = Homography::fit(&pairs).map_err(|error| wrong(error.to_string()))?;
            let model = CameraModel::new(
                homography,
                camera.width_px,
                camera.height_px,
                camera.calibration.focal_px,
            )
            .ok_or_else(|| wrong("camera below the road".to_owned()))?;
            cameras.insert(camera.id.clone(), model);
        }
        Ok(Self { file: parsed, start, cameras })
    }

    /// The file's content.
    #[must_use]
    pub fn file(&self) -> &SiteFile {
        &self.file
    }

    /// The junction's id.
    #[must_use]
    pub fn id(&self) -> SiteId {
        SiteId(self.file.site.id.clone())
    }

    /// Capture instant of second 0.
    #[must_use]
    pub fn start(&self) -> EventTime {
        self.start
    }

    /// The camera with this id.
    #[must_use]
    pub fn camera(&self, id: &str) -> Option<&Camera> {
        self.file.cameras.iter().find(|camera| camera.id == id)
    }

    /// The camera model of the camera with this id.
    #[must_use]
    pub fn camera_model(&self, id: &str) -> Option<&CameraModel> {
        self.cameras.get(id)
    }

    /// The lane with this id.
    #[must_use]
    pub fn lane(&self, id: &str) -> Option<&Lane> {
        self.file.lanes.iter().find(|lane| lane.id == id)
    }
}
