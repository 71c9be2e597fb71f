//! librdkafka properties from a file.

use crate::kafka::fault::KafkaFault;
use crate::kafka::refused::check_property;

/// Lines that a file may have.
const LINES_MAX: usize = 1_000;

/// Reads properties from the text of a file: one `key=value` a line, blank lines and lines that begin with `#`
/// do not count. Nothing of a value is ever told.
///
/// # Errors
/// With the number of the line: what is no property, stands there twice, or is Wayside's own.
pub fn kafka_properties(text: &str) -> Result<Vec<(String, String)>, KafkaFault> {
    let mut properties: Vec<(String, String)> = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let number = place + 1;
        let wrong = |why: String| KafkaFault::Line { number, why };
        if number > LINES_MAX {
            return Err(wrong(format!("the file has more than {LINES_MAX} lines")));
        }
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            return Err(wrong("there is no `=`\n  hint: one `key=value` a line".to_owned()));
        };
        let (key, value) = (key.trim(), value.trim());
        if properties.iter().any(|(other, _)| other == key) {
            return Err(wrong(format!("{key} stands there twice")));
        }
        check_property(key, value).map_err(|fault| wrong(fault.to_string()))?;
        properties.push((key.to_owned(), value.to_owned()));
    }
    Ok(properties)
}
