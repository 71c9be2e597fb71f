//! Reads a truth file: CSV `rule,time_s,approach,lane,vehicle_class,quantity,value,unit,note`.

/// What really happened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    /// Events that a rule should have found, in order of time.
    pub events: Vec<TruthRow>,
    /// How many lawful crossings there were: opportunities for a false alarm.
    pub clean_crossings: usize,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct TruthRow {
    /// Rule that should find it.
    pub rule: String,
    /// Seconds from the first frame.
    pub time_s: f64,
    /// Approach; empty where not told.
    pub approach: String,
    /// Lane; empty where not told.
    pub lane: String,
    /// Class; empty where not told.
    pub vehicle_class: String,
    /// Name and value of a measured quantity.
    pub quantity: Option<(String, f64)>,
    /// When it was over, where the note tells it (`until=`), for an event that lasts.
    pub until_s: Option<f64>,
    /// Share of the vehicle that the camera could see, where the note tells it.
    pub visible: Option<f64>,
}

/// What is wrong with a truth file.
#[derive(Debug, thiserror::Error)]
#[error(
    "{file}:{line}: {problem}\n  hint: the columns are rule,time_s,approach,lane,vehicle_class,quantity,value,unit,note"
)]
pub struct TruthError {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// What is wrong.
    pub problem: String,
}

const COLUMNS: [&str; 9] =
    ["rule", "time_s", "approach", "lane", "vehicle_class", "quantity", "value", "unit", "note"];

/// The rule whose rows count opportunities.
const CLEAN_CROSSING: &str = "clean_crossing";

impl Truth {
    /// Reads the text of a truth file; `file` is its name for messages.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Self, TruthError> {
        let wrong =
            |line: u64, problem: String| TruthError { file: file.to_owned(), line, problem };
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .from_reader(text.as_bytes());
        let head = reader.headers().map_err(|error| wrong(1, error.to_string()))?.clone();
        let mut places = [0; 9];
        for (place, name) in places.iter_mut().zip(COLUMNS) {
            *place = head
                .iter()
                .position(|column| column.trim_start_matches('\u{feff}') == name)
                .ok_or_else(|| wrong(1, format!("the column {name} is missing")))?;
        }
        let mut truth = Self::default();
        for record in reader.records() {
            let record = record.map_err(|error| wrong(0, error.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            let field = |index: usize| record.get(places[index]).unwrap_or_default().to_owned();
            let number = |index: usize| {
                let text = field(index);
                text.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or_else(|| {
                    wrong(line, format!("{} is `{text}`, not a number", COLUMNS[index]))
                })
            };
            if field(0).is_empty() {
                return Err(wrong(line, "the rule is missing".to_owned()));
            }
            if field(0) == CLEAN_CROSSING {
                truth.clean_crossings += 1;
                continue;
            }
            let quantity = match field(5) {
                name if name.is_empty() => None,
                name => Some((name, number(6)?)),
            };
            truth.events.push(TruthRow {
                rule: field(0),
                time_s: number(1)?,
                approach: field(2),
                lane: field(3),
                vehicle_class: field(4),
                quantity,
                until_s: noted(&field(8), "until="),
                visible: noted(&field(8), "visible="),
            });
        }
        truth.events.sort_by(|a, b| a.time_s.total_cmp(&b.time_s));
        Ok(truth)
    }
}

/// The number behind `key` in a note.
fn noted(note: &str, key: &str) -> Option<f64> {
    let (_, rest) = note.split_once(key)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "rule,time_s,approach,lane,vehicle_class,quantity,value,unit,note\n";

    #[test]
    fn rows_are_events_or_opportunities() {
        let text = format!(
            "{HEAD}red_light,12.174,Ein,Ein_2,car,time_into_red,11.174,s,visible=0.25;until=13.5;left\nclean_crossing,3,,,,,,,\n"
        );
        let truth = Truth::parse("truth.csv", &text).expect("a truth");
        assert_eq!(truth.clean_crossings, 1);
        assert_eq!(truth.events[0].visible, Some(0.25));
        assert_eq!(truth.events[0].until_s, Some(13.5));
        assert_eq!(truth.events[0].quantity, Some(("time_into_red".to_owned(), 11.174)));
    }

    #[test]
    fn messages() {
        let wrong =
            |text: &str| Truth::parse("truth.csv", text).expect_err("a refusal").to_string();
        insta::assert_snapshot!(
            [wrong("rule,time_s\n"), wrong(&format!("{HEAD}red_light,soon,,,,,,,\n"))].join("\n")
        );
    }
}
