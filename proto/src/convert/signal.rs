//! `wayside.v1.SignalReport`.

use super::ConvertError;
use super::check::{self, Checked, wrong};
use crate::{CameraId, EventTime, ReportSource, SignalReport, SiteId, wire};

impl TryFrom<&SignalReport> for wire::SignalReport {
    type Error = ConvertError;

    fn try_from(report: &SignalReport) -> Checked<Self> {
        let (source, camera) = match &report.source {
            ReportSource::Log => (wire::SignalSource::Log, String::new()),
            ReportSource::Lamp(camera) => (wire::SignalSource::Lamp, camera.0.clone()),
        };
        let message = Self {
            site: report.site.0.clone(),
            group: report.group.clone(),
            state: report.state.as_str().to_owned(),
            time_us: report.time.0,
            source: source.into(),
            camera,
        };
        Self::check(&message)?;
        Ok(message)
    }
}

impl TryFrom<wire::SignalReport> for SignalReport {
    type Error = ConvertError;

    fn try_from(message: wire::SignalReport) -> Checked<Self> {
        let source = message.check()?;
        Ok(Self {
            state: check::colour("state", &message.state)?,
            site: SiteId(message.site),
            group: message.group,
            time: EventTime(message.time_us),
            source,
        })
    }
}

impl wire::SignalReport {
    fn check(&self) -> Checked<ReportSource> {
        check::id("site", &self.site)?;
        check::name("group", &self.group)?;
        check::colour("state", &self.state)?;
        check::time("time_us", self.time_us)?;
        match wire::SignalSource::try_from(self.source) {
            Ok(wire::SignalSource::Log) => Ok(ReportSource::Log),
            Ok(wire::SignalSource::Lamp) => {
                check::id("camera", &self.camera)?;
                Ok(ReportSource::Lamp(CameraId(self.camera.clone())))
            }
            Ok(wire::SignalSource::Unspecified) | Err(_) => {
                Err(wrong("source", self.source, "a source of signals, 1 or 2"))
            }
        }
    }
}
