//! Hides passwords in what others put on the board. They should not be there; a page that anybody
//! on the machine may read does not rely on it.

use serde_json::Value;

/// Longest text, bytes.
const TEXT_BYTES_MAX: usize = 2_048;

/// Largest health of one camera as JSON, bytes.
const VALUE_BYTES_MAX: usize = 16_384;

/// Deepest nesting.
const DEPTH_MAX: usize = 8;

/// What stands in place of a secret.
const HIDDEN: &str = "***";

/// Words that make a key's value a secret.
const SECRET_KEYS: [&str; 7] =
    ["password", "passwd", "secret", "token", "credential", "authorization", "apikey"];

/// The text with user and password of every address in it hidden, and not too long.
pub(crate) fn text(text: &str) -> String {
    let mut rest = text;
    let mut clean = String::with_capacity(text.len().min(TEXT_BYTES_MAX));
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        clean.push_str(before);
        // A password may hold any sign but those that end an address; the last @ before the path
        // counts, and where a password holds a slash, the last @ of the word.
        let word = after.find(char::is_whitespace).unwrap_or(after.len());
        let (address, tail) = after.split_at(word);
        match address.rfind('@') {
            Some(end) => {
                clean.push_str(HIDDEN);
                clean.push_str(address.get(end..).unwrap_or_default());
            }
            None => clean.push_str(address),
        }
        rest = tail;
    }
    clean.push_str(rest);
    if clean.len() > TEXT_BYTES_MAX {
        let cut = (0..=TEXT_BYTES_MAX).rev().find(|at| clean.is_char_boundary(*at)).unwrap_or(0);
        clean.truncate(cut);
        clean.push('…');
    }
    clean
}

/// The value with secrets hidden; a note in place of one that is too large.
pub(super) fn value(value: Value) -> Value {
    let clean = walk(value, 0);
    let bytes = serde_json::to_string(&clean).map_or(usize::MAX, |json| json.len());
    if bytes > VALUE_BYTES_MAX {
        return Value::String(format!("left out: {bytes} bytes, at most {VALUE_BYTES_MAX}"));
    }
    clean
}

fn walk(value: Value, depth: usize) -> Value {
    match value {
        Value::String(found) => Value::String(text(&found)),
        Value::Array(_) | Value::Object(_) if depth >= DEPTH_MAX => "left out: too deep".into(),
        Value::Array(items) => items.into_iter().map(|item| walk(item, depth + 1)).collect(),
        Value::Object(map) => {
            let hide = |(key, item): (String, Value)| {
                let item = if is_secret(&key) { HIDDEN.into() } else { walk(item, depth + 1) };
                (text(&key), item)
            };
            Value::Object(map.into_iter().map(hide).collect())
        }
        plain => plain,
    }
}

fn is_secret(key: &str) -> bool {
    let plain: String =
        key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    SECRET_KEYS.iter().any(|word| plain.contains(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn addresses_lose_user_and_password() {
        let cases = [
            ("rtsp://admin:s3cret@10.0.0.9:554/main", "rtsp://***@10.0.0.9:554/main"),
            ("cannot open rtsp://a:b@c/d: refused", "cannot open rtsp://***@c/d: refused"),
            ("rtsp://a:p/w@x@c/d", "rtsp://***@c/d"),
            ("rtsp://c/d and rtsps://u@e", "rtsp://c/d and rtsps://***@e"),
            ("nothing: here @ all", "nothing: here @ all"),
        ];
        for (given, clean) in cases {
            assert_eq!(text(given), clean);
        }
    }

    #[test]
    fn keys_that_name_a_secret_are_hidden_with_all_they_hold() {
        let given = json!({
            "url": "rtsp://u:hunter2@c/d",
            "Pass-Word": "hunter2",
            "auth_token": ["hunter2"],
            "nested": [{ "api_key": { "is": "hunter2" } }],
            "frame_rate": 5.0,
        });
        let clean = value(given);
        assert!(!clean.to_string().contains("hunter2"), "{clean}");
        assert_eq!(clean["frame_rate"], 5.0);
    }

    #[test]
    fn what_is_too_large_is_left_out() {
        let many: Vec<String> = (0..3_000).map(|number| format!("line {number}")).collect();
        assert!(value(json!(many)).as_str().is_some_and(|note| note.starts_with("left out")));
        let mut deep = json!("hunter2");
        for _ in 0..50 {
            deep = json!([deep]);
        }
        assert!(value(deep).to_string().contains("too deep"));
        assert!(text(&"ä".repeat(5_000)).len() <= TEXT_BYTES_MAX + '…'.len_utf8());
    }

    proptest! {
        #[test]
        fn no_password_is_left(
            password in "[a-zA-Z0-9/:@!?#%&=+.-]{6,20}",
            before in "[a-z ]{0,10}",
            after in "( [a-z: ]{0,10})?",
        ) {
            // The host's own letters must not hold it.
            let given = format!("{before}rtsp://operator:Q{password}Q@10.0.0.9/main{after}");
            let secret = format!("Q{password}Q");
            prop_assert!(!text(&given).contains(&secret), "{}", text(&given));
            prop_assert!(text(&given).contains("10.0.0.9/main"));
        }
    }
}
