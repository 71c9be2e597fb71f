//! Reads and validates a site file.
//!
//! Two passes: keys and types against the schema (`check_shape`), then meaning (the other
//! `check_*` files). Every finding goes to `findings` with the path of its key, and `locate` turns
//! paths into lines.

mod agree;
mod check_area;
mod check_calibration;
mod check_camera;
mod check_head;
mod check_ids;
mod check_lane;
mod check_line;
mod check_live;
mod check_rules;
mod check_section;
mod check_shape;
mod check_sign;
mod check_view;
mod error;
mod findings;
mod geometry;
mod locate;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Deserialize;
use wayside_proto::{EventTime, SiteId};

pub use agree::{SectionDisagreement, sections_agree};
pub use error::{SiteError, SiteWarning};
pub use geometry::Gate;

use crate::geometry::CameraModel;
use crate::model::{Camera, Lane, SiteFile};
use findings::Findings;
use locate::{Locator, Path, Step};

/// Bytes that a site file may have.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A site file that was found to be sound, with the geometry that follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    file: SiteFile,
    start: EventTime,
    timezone: TimeZone,
    cameras: BTreeMap<String, CameraModel>,
    warnings: Vec<SiteWarning>,
}

impl Site {
    /// The site in `text`; `file` is its name for messages.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file. Where a key is missing or has a
    /// value of the wrong type, meanings are not checked yet; an unknown key does not hide them.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<SiteError>> {
        let alone = |line, problem: String, hint: &str| {
            let (file, hint) = (file.to_owned(), Some(hint.to_owned()));
            vec![SiteError { file, line, key: String::new(), problem, hint }]
        };
        if text.len() > FILE_BYTES_MAX {
            let problem = format!("{} bytes; at most {FILE_BYTES_MAX} are read", text.len());
            return Err(alone(None, problem, "is this the site file?"));
        }
        if text.trim().is_empty() {
            let hint = "begin with `schema = 1` and a `[site]` table";
            return Err(alone(None, "the file is empty".to_owned(), hint));
        }
        let document = toml_edit::Document::parse(text).map_err(|error| {
            let line = error.span().map(|span| locate::line_of(text, span.start));
            let problem = format!("not TOML: {}", error.message().trim().replace('\n', ", "));
            alone(line, problem, "texts stand in quotes, lists in brackets, each key once a table")
        })?;
        let locator = Locator::new(text, &document);
        let mut findings = Findings::new(file, &locator);
        let schema = crate::schema::value();
        let walked = check_shape::check(document.as_table(), &schema, &mut findings);
        if walked.broken {
            return Err(findings.done().err().unwrap_or_default());
        }
        let parsed = read(text, &walked.unknown).map_err(|error| {
            alone(None, error.message().to_owned(), "compare with the reference")
        })?;
        let (head, cameras) = check_meaning(&parsed, &mut findings);
        let warnings = findings.done()?;
        Ok(Self { file: parsed, start: head.start, timezone: head.timezone, cameras, warnings })
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

    /// What is worth knowing about the file, in its order.
    #[must_use]
    pub fn warnings(&self) -> &[SiteWarning] {
        &self.warnings
    }

    /// Minute of the local day at an instant, 0 to 1439; none outside the years of the calendar.
    #[must_use]
    pub fn local_minute(&self, time: EventTime) -> Option<u16> {
        let instant = jiff::Timestamp::from_microsecond(time.0).ok()?;
        let local = self.timezone.to_datetime(instant);
        u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).ok()
    }

    /// Share of a rule's decided cases at one camera that may be errors before the rule stands down
    /// there, 0 to 1; the default of a rule that the file does not list.
    #[must_use]
    pub fn error_rate_max(&self, rule: &str) -> f64 {
        self.file.rules.error_rate_max(rule)
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

/// The file without the keys that nobody knows, so that the rest can be checked too.
fn read(text: &str, unknown: &[Path]) -> Result<SiteFile, toml::de::Error> {
    if unknown.is_empty() {
        return toml::from_str(text);
    }
    let mut root = toml::Value::Table(toml::from_str(text)?);
    for path in unknown {
        let Some((Step::Key(last), parents)) = path.0.split_last() else { continue };
        let parent = parents.iter().try_fold(&mut root, |node, step| match step {
            Step::Key(key) => node.get_mut(key),
            Step::At(index) => node.get_mut(*index),
        });
        if let Some(table) = parent.and_then(toml::Value::as_table_mut) {
            table.remove(last);
        }
    }
    SiteFile::deserialize(root)
}

/// Everything beyond keys and types.
fn check_meaning(
    file: &SiteFile,
    findings: &mut Findings<'_>,
) -> (check_head::Head, BTreeMap<String, CameraModel>) {
    let head = check_head::check(file, findings);
    check_ids::check(file, findings);
    let mut cameras = BTreeMap::new();
    for (index, camera) in file.cameras.iter().enumerate() {
        if let Some(model) = check_camera::check(file, index, camera, findings) {
            cameras.insert(camera.id.clone(), model);
        }
    }
    for (index, lane) in file.lanes.iter().enumerate() {
        check_lane::check(file, index, lane, findings);
    }
    for (index, line) in file.stop_lines.iter().enumerate() {
        check_line::check(file, index, line, findings);
    }
    for (index, line) in file.exit_lines.iter().enumerate() {
        check_line::ends(&line.line_m, &Path::item("exit_line", index).key("line_m"), findings);
    }
    for (index, area) in file.conflict_areas.iter().enumerate() {
        let path = Path::item("conflict_area", index).key("polygon_m");
        check_area::polygon(&area.polygon_m, &path, findings);
    }
    for (index, zone) in file.no_stopping_zones.iter().enumerate() {
        let path = Path::item("no_stopping_zone", index);
        check_area::polygon(&zone.polygon_m, &path.key("polygon_m"), findings);
    }
    for (index, crossing) in file.crossings.iter().enumerate() {
        check_area::crossing(file, index, crossing, findings);
    }
    for (index, section) in file.sections.iter().enumerate() {
        check_section::check(file, index, section, findings);
    }
    for (index, sign) in file.signs.iter().enumerate() {
        check_sign::check(file, index, sign, findings);
    }
    check_rules::check(file, findings);
    // A camera whose calibration is unsound may be the one that sees a lane.
    if cameras.len() == file.cameras.len() {
        let models: Vec<CameraModel> = cameras.values().cloned().collect();
        check_view::check(file, &models, findings);
        check_view::gates(file, &cameras, findings);
    }
    (head, cameras)
}
