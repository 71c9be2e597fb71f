//! Templates: what brings a message about, and its texts in each language. Files that a traffic engineer
//! reads and writes; those in `templates/` are built in.

use std::collections::BTreeMap;

use serde::Deserialize;
use wayside_proto::SignPictogram;
use wayside_proto::convert::{RULE_NAMES, SIGN_LINE_CHARS_MAX, SIGN_LINES_MAX};

/// Bytes that a file may have.
const FILE_BYTES_MAX: usize = 64 * 1024;
/// Templates that are read.
const TEMPLATES_MAX: usize = 256;
/// Those that are built in.
const BUILT_IN: [(&str, &str); 6] = [
    ("advised_speed", include_str!("../../templates/advised_speed.toml")),
    ("pedestrians_crossing", include_str!("../../templates/pedestrians_crossing.toml")),
    ("queue_ahead", include_str!("../../templates/queue_ahead.toml")),
    ("red_light", include_str!("../../templates/red_light.toml")),
    ("travel_time", include_str!("../../templates/travel_time.toml")),
    ("wrong_way", include_str!("../../templates/wrong_way.toml")),
];

/// A template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Its name, that of its file.
    pub name: String,
    /// What brings it about.
    pub trigger: Trigger,
    /// The drawing beside the text.
    pub pictogram: Option<SignPictogram>,
    /// 1 to 255; the site file may give another.
    pub priority: u8,
    /// How long it is shown, seconds; the site file may give another.
    pub hold_s: f64,
    /// Lines by language.
    pub texts: BTreeMap<String, Vec<String>>,
}

/// What brings a template about.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// A violation of one of these rules.
    Violation {
        /// Names of rules.
        rules: Vec<&'static str>,
    },
    /// Somebody steps on a crossing on red.
    PedestrianOnRed,
    /// Each window of a section that has a travel time.
    TravelTime,
    /// A section's median speed is at most this.
    Slow {
        /// Kilometres an hour; the site file may give another.
        speed_kmh_max: f64,
    },
}

impl Trigger {
    /// Whether it needs a section.
    #[must_use]
    pub fn needs_section(&self) -> bool {
        matches!(self, Self::TravelTime | Self::Slow { .. })
    }
}

/// What is wrong with a file of a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("template {name}: {problem}\n  hint: {hint}")]
pub struct TemplateError {
    /// Its name.
    pub name: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub hint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    on: String,
    #[serde(default)]
    rules: Vec<String>,
    #[serde(default)]
    speed_kmh_max: Option<f64>,
    #[serde(default)]
    pictogram: Option<String>,
    priority: u8,
    hold_s: f64,
    text: BTreeMap<String, Vec<String>>,
}

/// What a text may have in braces, by what brings it about.
const FIGURES: [&str; 3] = ["minutes", "speed_kmh", "section"];

impl Template {
    /// The template in a file.
    ///
    /// # Errors
    /// What is wrong with it, and a hint.
    pub fn parse(name: &str, text: &str) -> Result<Self, TemplateError> {
        let wrong = |problem: String, hint: &str| TemplateError {
            name: name.to_owned(),
            problem,
            hint: hint.to_owned(),
        };
        if text.len() > FILE_BYTES_MAX {
            return Err(wrong(format!("{} bytes", text.len()), "a template has a few lines"));
        }
        let file: File = toml::from_str(text).map_err(|error| {
            let hint = "compare with a built-in one: `wayside signs --print-templates`";
            wrong(error.message().replace('\n', ", "), hint)
        })?;
        let trigger = trigger(&file).map_err(|(problem, hint)| wrong(problem, hint))?;
        let pictogram = match &file.pictogram {
            None => None,
            Some(given) => Some(SignPictogram::parse(given).ok_or_else(|| {
                let names = SignPictogram::ALL.map(SignPictogram::as_str).join(", ");
                wrong(format!("no pictogram `{given}`"), &format!("there is: {names}"))
            })?),
        };
        if file.priority == 0 {
            return Err(wrong("priority 0".to_owned(), "1 to 255; the highest is shown"));
        }
        if !(2.0..=3_600.0).contains(&file.hold_s) {
            return Err(wrong(format!("hold_s {}", file.hold_s), "2 to 3600 seconds"));
        }
        texts(&file.text, &trigger).map_err(|(problem, hint)| wrong(problem, hint))?;
        Ok(Self {
            name: name.to_owned(),
            trigger,
            pictogram,
            priority: file.priority,
            hold_s: file.hold_s,
            texts: file.text,
        })
    }
}

type Wrong = (String, &'static str);

fn trigger(file: &File) -> Result<Trigger, Wrong> {
    let trigger = match file.on.as_str() {
        "violation" => {
            let mut rules = Vec::new();
            for rule in &file.rules {
                let known = RULE_NAMES.iter().find(|known| *known == rule);
                rules.push(*known.ok_or_else(|| {
                    (format!("no rule `{rule}`"), "`rules` names rules as in the site file")
                })?);
            }
            if rules.is_empty() {
                return Err(("no rules".to_owned(), "write for example `rules = [\"red_light\"]`"));
            }
            Trigger::Violation { rules }
        }
        "pedestrian_on_red" => Trigger::PedestrianOnRed,
        "travel_time" => Trigger::TravelTime,
        "slow" => {
            let speed = file.speed_kmh_max.filter(|speed| (1.0..=200.0).contains(speed));
            let speed_kmh_max =
                speed.ok_or(("no speed".to_owned(), "write `speed_kmh_max`, 1 to 200"))?;
            Trigger::Slow { speed_kmh_max }
        }
        other => {
            let hint = "`on` is violation, pedestrian_on_red, travel_time or slow";
            return Err((format!("nothing is called `{other}`"), hint));
        }
    };
    if !file.rules.is_empty() && file.on != "violation" {
        return Err((
            "rules without violations".to_owned(),
            "`rules` goes with `on = \"violation\"`",
        ));
    }
    if file.speed_kmh_max.is_some() && file.on != "slow" {
        return Err(("a speed that nobody asks for".to_owned(), "it goes with `on = \"slow\"`"));
    }
    Ok(trigger)
}

fn texts(texts: &BTreeMap<String, Vec<String>>, trigger: &Trigger) -> Result<(), Wrong> {
    if texts.is_empty() {
        return Err(("no text".to_owned(), "write `[text]` and `en = [\"LINE\", \"LINE\"]`"));
    }
    for (language, lines) in texts {
        if language.len() != 2 || !language.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Err((format!("`{language}` is no language"), "two letters, as in en or de"));
        }
        if lines.is_empty() || lines.len() > SIGN_LINES_MAX {
            return Err((format!("{} lines in `{language}`", lines.len()), "1 to 8 lines"));
        }
        for line in lines {
            let sound = !line.trim().is_empty() && !line.chars().any(char::is_control);
            if !sound || line.chars().count() > SIGN_LINE_CHARS_MAX / 2 {
                return Err((format!("the line {line:?}"), "1 to 32 characters"));
            }
            for figure in figures(line)? {
                if !FIGURES.contains(&figure) || !trigger.needs_section() {
                    let hint = "{minutes}, {speed_kmh} and {section} are known of a section only";
                    return Err((format!("nothing to put in for {{{figure}}}"), hint));
                }
            }
        }
    }
    Ok(())
}

/// What stands in braces.
fn figures(line: &str) -> Result<Vec<&str>, Wrong> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        let inner = after.split_once('}').filter(|_| !before.contains('}'));
        let Some((figure, after)) = inner else {
            return Err((format!("a brace too many in {line:?}"), "write for example {minutes}"));
        };
        found.push(figure);
        rest = after;
    }
    if rest.contains('}') {
        return Err((format!("a brace too many in {line:?}"), "write for example {minutes}"));
    }
    Ok(found)
}

/// All templates, by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Templates(BTreeMap<String, Template>);

impl Templates {
    /// Those that are built in, as name and file.
    pub const BUILT_IN: &'static [(&'static str, &'static str)] = &BUILT_IN;

    /// Those that are built in, and these, each as name and content of its file; one of the same name
    /// takes the place of the built-in one.
    ///
    /// # Errors
    /// The first that is wrong.
    pub fn with(own: &[(String, String)]) -> Result<Self, TemplateError> {
        let mut all = BTreeMap::new();
        let built_in = BUILT_IN.iter().map(|(name, text)| (*name, *text));
        let own = own.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        for (name, text) in built_in.chain(own) {
            all.insert(name.to_owned(), Template::parse(name, text)?);
            if all.len() > TEMPLATES_MAX {
                return Err(TemplateError {
                    name: name.to_owned(),
                    problem: format!("more than {TEMPLATES_MAX} templates"),
                    hint: "take out those that no sign uses".to_owned(),
                });
            }
        }
        Ok(Self(all))
    }

    /// The one of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Template> {
        self.0.get(name)
    }

    /// All names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
