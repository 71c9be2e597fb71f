//! Version of the format, start, time zone, sources of signals.

use jiff::tz::TimeZoneDatabase;
use wayside_proto::EventTime;

use super::check_shape::short;
use super::findings::{Findings, near};
use super::locate::Path;
use crate::model::SiteFile;

/// What follows from the head of a file.
pub(super) struct Head {
    pub(super) start: EventTime,
    pub(super) timezone: jiff::tz::TimeZone,
}

pub(super) fn check(file: &SiteFile, findings: &mut Findings<'_>) -> Head {
    let root = Path::default();
    if file.schema != 1 {
        let problem = format!("{} is not a version that this program reads", file.schema);
        findings.error(&root.key("schema"), problem, "write `schema = 1`");
    }
    let site = root.key("site");
    let start = EventTime::parse(&file.site.start).unwrap_or_else(|error| {
        let problem = format!("`{}` is not an instant: {}", short(&file.site.start), error.cause);
        let hint = "write date, time and offset, as in \"2026-06-01T07:00:00Z\" or \
                    \"2026-06-01T09:00:00+02:00\"";
        findings.error(&site.key("start"), problem, hint);
        EventTime(0)
    });
    let timezone = timezone(&file.site.timezone, &site.key("timezone"), findings);
    position(file, &site, findings);
    signals(file, findings);
    if file.rules == crate::model::Rules::default() && file.sections.is_empty() {
        let hint = "list the rules that are to run, for example `[rules.red_light]`";
        findings.warning(&root, "no rule is listed, so nothing will be judged", hint);
    }
    Head { start, timezone }
}

/// From the database inside the program, so that every machine reads the same.
fn timezone(name: &str, path: &Path, findings: &mut Findings<'_>) -> jiff::tz::TimeZone {
    let database = TimeZoneDatabase::bundled();
    database.get(name).unwrap_or_else(|_| {
        let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
        let hint = near(name, names.iter().map(String::as_str)).map_or_else(
            || "give an IANA name such as `Europe/Vienna`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        findings.error(path, format!("`{}` is not a time zone", short(name)), hint);
        jiff::tz::TimeZone::UTC
    })
}

fn position(file: &SiteFile, site: &Path, findings: &mut Findings<'_>) {
    let Some(position) = file.site.position else { return };
    let path = site.key("position");
    let hint =
        "give degrees, as a map shows them: { latitude_deg = 48.2082, longitude_deg = 16.3738 }";
    for (key, value, most) in [
        ("latitude_deg", position.latitude_deg, 90.0),
        ("longitude_deg", position.longitude_deg, 180.0),
    ] {
        if !(-most..=most).contains(&value) {
            let problem = format!("{value} does not lie between -{most} and {most}");
            findings.error(&path.key(key), problem, hint);
        }
    }
}

fn signals(file: &SiteFile, findings: &mut Findings<'_>) {
    let path = Path::default().key("signals");
    if file.signals.log.as_deref() == Some("") {
        findings.error(&path.key("log"), "empty", "name the file, or leave the key out");
    }
    for (key, value) in
        [("tolerance_s", file.signals.tolerance_s), ("state_s_max", file.signals.state_s_max)]
    {
        if value <= 0.0 {
            findings.error(&path.key(key), format!("{value} is not above 0"), "give seconds");
        }
    }
}
