//! `wayside.v1.RuleStandDown`.

use super::ConvertError;
use super::check::{self, Checked, wrong};
use super::outcome::{DETAIL_BYTES_MAX, RULE_NAMES, listed};
use crate::{CameraId, RuleStandDown, SiteId, wire};

impl TryFrom<&RuleStandDown> for wire::RuleStandDown {
    type Error = ConvertError;

    fn try_from(change: &RuleStandDown) -> Checked<Self> {
        let message = Self {
            site: change.site.0.clone(),
            camera: change.camera.0.clone(),
            rule: change.rule.to_owned(),
            stood_down: change.stood_down,
            since_us: change.since.0,
            why: change.why.clone(),
            decided: change.decided,
            errors: change.errors,
        };
        RuleStandDown::try_from(message.clone())?;
        Ok(message)
    }
}

impl TryFrom<wire::RuleStandDown> for RuleStandDown {
    type Error = ConvertError;

    fn try_from(message: wire::RuleStandDown) -> Checked<Self> {
        check::id("site", &message.site)?;
        check::id("camera", &message.camera)?;
        check::sentence("why", &message.why, DETAIL_BYTES_MAX)?;
        if message.errors > message.decided {
            let expected = format!("at most the {} that were decided", message.decided);
            return Err(wrong("errors", message.errors, expected));
        }
        Ok(Self {
            rule: listed(&RULE_NAMES, "rule", &message.rule, "a rule that is known")?,
            since: check::time("since_us", message.since_us)?,
            site: SiteId(message.site),
            camera: CameraId(message.camera),
            stood_down: message.stood_down,
            why: message.why,
            decided: message.decided,
            errors: message.errors,
        })
    }
}
