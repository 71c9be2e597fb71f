//! A sign of the site file, with its templates looked up and its texts known to fit.

use wayside_proto::convert::SIGN_LINE_CHARS_MAX;
use wayside_proto::{SignId, SignPictogram, SiteId};
use wayside_site::Site;
use wayside_site::model::{Hours, Sign, SignEntry, SignKind};

use super::template::{Template, Templates, Trigger};
use crate::arbiter::Limits;
use crate::multi::Face;

/// The timer of a sign by the road counts minutes; a message must outlive one and what it takes to come.
const SNMP_HOLD_S_MIN: f64 = 90.0;
/// The longest figures that a text is tried with.
const WIDEST: (f64, f64) = (999.0 * 60.0, 130.0);

/// A sign, ready to be written for.
#[derive(Clone, Debug)]
pub struct SignPlan {
    /// The junction.
    pub site: SiteId,
    /// The sign.
    pub sign: SignId,
    /// Its name for people.
    pub title: String,
    /// What it can show, where it is made of lamps.
    pub face: Option<Face>,
    /// What its arbiter goes by.
    pub limits: Limits,
    pub(super) entries: Vec<Entry>,
    pub(super) zone: Site,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) slot: String,
    pub(super) trigger: Trigger,
    pub(super) places: Option<Vec<String>>,
    /// Id and name of the section.
    pub(super) section: Option<(String, String)>,
    pub(super) lines: Vec<String>,
    pub(super) pictogram: Option<SignPictogram>,
    pub(super) priority: u8,
    pub(super) hold_s: f64,
    pub(super) count_min: usize,
    pub(super) window_s: f64,
    pub(super) quiet: Vec<Hours>,
}

/// A message that a sign can show, with its longest figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Name of the template, and its place among the sign's messages.
    pub slot: String,
    /// Lines of the text.
    pub lines: Vec<String>,
    /// The same in MULTI; empty for a page.
    pub multi: String,
    /// The drawing beside it.
    pub pictogram: Option<SignPictogram>,
    /// 1 to 255; the highest is shown.
    pub priority: u8,
    /// How long it is shown, seconds.
    pub hold_s: f64,
}

/// What keeps a sign of a site file from being used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("site {site}, sign {sign}, message {template}: {problem}\n  hint: {hint}")]
pub struct PlanError {
    /// The junction.
    pub site: String,
    /// The sign.
    pub sign: String,
    /// The template.
    pub template: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub hint: String,
}

impl SignPlan {
    /// The signs of a site.
    ///
    /// # Errors
    /// The first entry that names no template, lacks its language or its section, or does not fit.
    pub fn of_site(site: &Site, templates: &Templates) -> Result<Vec<Self>, PlanError> {
        site.file().signs.iter().map(|sign| Self::new(site, sign, templates)).collect()
    }

    fn new(site: &Site, sign: &Sign, templates: &Templates) -> Result<Self, PlanError> {
        let face = face(sign);
        let mut entries = Vec::new();
        for (number, given) in sign.messages.iter().enumerate() {
            let entry = entry(site, sign, number, given, templates);
            let entry = entry.and_then(|entry| fits(face, &entry).map(|()| entry));
            entries.push(entry.map_err(|(problem, hint)| PlanError {
                site: site.id().0,
                sign: sign.id.clone(),
                template: given.template.clone(),
                problem,
                hint,
            })?);
        }
        let timeout_s = sign.source_timeout_s;
        Ok(Self {
            site: site.id(),
            sign: SignId(sign.id.clone()),
            title: sign.title().to_owned(),
            face,
            limits: if sign.snmp.is_some() {
                Limits::minutes(timeout_s)
            } else {
                Limits::page(timeout_s)
            },
            entries,
            zone: site.clone(),
        })
    }

    /// Every message that it can show, with its longest figures, in the order of the site file.
    #[must_use]
    pub fn samples(&self) -> Vec<Sample> {
        let sample = |entry: &Entry| {
            let lines = entry.filled(WIDEST.0, WIDEST.1);
            let markup = self.face.and_then(|face| face.markup(&lines).ok());
            Sample {
                slot: entry.slot.clone(),
                multi: markup.unwrap_or_default(),
                lines,
                pictogram: entry.pictogram,
                priority: entry.priority,
                hold_s: entry.hold_s,
            }
        };
        self.entries.iter().map(sample).collect()
    }

    /// Whether anything on the sign depends on people at crossings, so that observations are needed.
    #[must_use]
    pub fn needs_observations(&self) -> bool {
        self.entries.iter().any(|entry| entry.trigger == Trigger::PedestrianOnRed)
    }
}

fn face(sign: &Sign) -> Option<Face> {
    if sign.kind == SignKind::Billboard {
        return None;
    }
    let small = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
    let pages_max = u8::try_from(sign.pages_max).unwrap_or(u8::MAX);
    match (sign.width_px, sign.height_px, sign.columns, sign.rows) {
        (Some(width), Some(height), ..) => {
            Some(Face::lamps(small(width), small(height), pages_max))
        }
        (_, _, Some(columns), Some(rows)) => {
            Some(Face::cells(small(columns), small(rows), pages_max))
        }
        // The site file says that a matrix has a size.
        _ => None,
    }
}

type Wrong = (String, String);

fn entry(
    site: &Site,
    sign: &Sign,
    number: usize,
    given: &SignEntry,
    templates: &Templates,
) -> Result<Entry, Wrong> {
    let template = templates.get(&given.template).ok_or_else(|| {
        let names: Vec<&str> = templates.names().collect();
        ("no such template".to_owned(), format!("there is: {}", names.join(", ")))
    })?;
    let lines = template.texts.get(&sign.language).ok_or_else(|| {
        let languages: Vec<&str> = template.texts.keys().map(String::as_str).collect();
        let problem = format!("it has no text in `{}`", sign.language);
        (
            problem,
            format!("it has: {}; write one of your own with --templates", languages.join(", ")),
        )
    })?;
    let hold_s = given.hold_s.unwrap_or(template.hold_s);
    if sign.snmp.is_some() && hold_s < SNMP_HOLD_S_MIN {
        let problem = format!("shown for {hold_s} s on a sign whose own timer counts minutes");
        return Err((problem, format!("write `hold_s = {SNMP_HOLD_S_MIN}` or more")));
    }
    let section = section(site, given, template)?;
    let trigger = match (&template.trigger, given.speed_kmh_max) {
        (Trigger::Slow { .. }, Some(speed_kmh_max)) => Trigger::Slow { speed_kmh_max },
        (trigger, None) => trigger.clone(),
        (_, Some(_)) => {
            let hint = "`speed_kmh_max` goes with templates that tell of slow traffic";
            return Err(("a speed that it does not ask for".to_owned(), hint.to_owned()));
        }
    };
    if trigger == Trigger::PedestrianOnRed && site.file().rules.pedestrian_on_red.is_none() {
        let hint = "write `[rules.pedestrian_on_red]` in the site file";
        return Err(("nobody counts people on red here".to_owned(), hint.to_owned()));
    }
    let priority = given.priority.and_then(|priority| u8::try_from(priority).ok());
    Ok(Entry {
        slot: format!("{}.{number}", template.name),
        trigger,
        places: given.places.clone(),
        section,
        lines: lines.clone(),
        pictogram: template.pictogram,
        priority: priority.unwrap_or(template.priority),
        hold_s,
        count_min: given.count_min as usize,
        window_s: given.window_s,
        quiet: given.quiet_hours.iter().filter_map(|hours| Hours::parse(hours)).collect(),
    })
}

fn section(
    site: &Site,
    given: &SignEntry,
    template: &Template,
) -> Result<Option<(String, String)>, Wrong> {
    match (&given.section, template.trigger.needs_section()) {
        (None, false) => Ok(None),
        (None, true) => Err((
            "no section".to_owned(),
            "write `section = \"...\"`, a section of this file".to_owned(),
        )),
        (Some(_), false) => {
            Err(("a section that it does not ask for".to_owned(), "leave `section` out".to_owned()))
        }
        (Some(id), true) => {
            let known = site.file().sections.iter().find(|section| section.id == *id);
            let title = known.map_or(id.as_str(), |section| section.title());
            Ok(Some((id.clone(), title.to_owned())))
        }
    }
}

/// Whether the longest text that can come of it fits the sign.
fn fits(face: Option<Face>, entry: &Entry) -> Result<(), Wrong> {
    let lines = entry.filled(WIDEST.0, WIDEST.1);
    if let Some(long) = lines.iter().find(|line| line.chars().count() > SIGN_LINE_CHARS_MAX) {
        let problem = format!("the line {long:?} has more than {SIGN_LINE_CHARS_MAX} characters");
        return Err((problem, "give the section a shorter name".to_owned()));
    }
    let Some(face) = face else { return Ok(()) };
    face.layout(&lines).map(|_| ()).map_err(|error| {
        (error.to_string(), "write a shorter text with --templates, or allow more pages".to_owned())
    })
}

impl Entry {
    /// Its lines, with the figures put in.
    pub(super) fn filled(&self, travel_time_s: f64, speed_kmh: f64) -> Vec<String> {
        let minutes = (travel_time_s / 60.0).round().clamp(1.0, 999.0);
        // To tens, down: nobody is advised to drive faster than those ahead.
        let speed = ((speed_kmh / 10.0).floor() * 10.0).clamp(10.0, 130.0);
        let section = self.section.as_ref().map_or("", |(_, title)| title);
        let fill = |line: &String| {
            line.replace("{minutes}", &format!("{minutes:.0}"))
                .replace("{speed_kmh}", &format!("{speed:.0}"))
                .replace("{section}", section)
        };
        self.lines.iter().map(fill).collect()
    }
}
