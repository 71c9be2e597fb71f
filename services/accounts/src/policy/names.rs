//! Texts that people give and others read: names of people and of their passkeys, languages.

/// Characters of a name.
pub const NAME_CHARS_MAX: usize = 64;
/// Bytes of a language.
pub const LANGUAGE_BYTES_MAX: usize = 12;

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameRefused {
    /// Nothing is left without spaces.
    #[error("a name needs a character")]
    Empty,
    /// Too long.
    #[error("a name has at most {NAME_CHARS_MAX} characters")]
    Long,
    /// It has a character that is not seen, or that turns the text around.
    #[error("a name has no control characters, invisible ones, or ones that turn the text around")]
    Hidden,
    /// It is no language.
    #[error("a language is written like `en` or `de-CH`")]
    Language,
}

/// The name without spaces around it. Every script is welcome; what could make one name look like another, or
/// break a line of a log, is not.
///
/// # Errors
/// What is wrong with it.
pub fn check_name(text: &str) -> Result<String, NameRefused> {
    let name = text.trim();
    // Four bytes a character are the most: longer texts are not counted through.
    if name.len() > 4 * NAME_CHARS_MAX || name.chars().count() > NAME_CHARS_MAX {
        return Err(NameRefused::Long);
    }
    if name.is_empty() {
        return Err(NameRefused::Empty);
    }
    if name.chars().any(hidden) {
        return Err(NameRefused::Hidden);
    }
    Ok(name.to_owned())
}

/// Control, format and bidirectional characters, surrogates' neighbours and the tags.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{e000}'..='\u{f8ff}'
                | '\u{e0000}'..='\u{10ffff}'
        )
}

/// A language as browsers write it: two or three letters, and perhaps a region or script.
///
/// # Errors
/// Where it is none.
pub fn check_language(text: &str) -> Result<(), NameRefused> {
    let (language, rest) = text.split_once('-').unwrap_or((text, "xx"));
    let letters = language.bytes().all(|byte| byte.is_ascii_lowercase());
    let fits = (2..=3).contains(&language.len()) && (2..=8).contains(&rest.len());
    let plain = rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if letters && fits && plain && text.len() <= LANGUAGE_BYTES_MAX {
        Ok(())
    } else {
        Err(NameRefused::Language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_is_welcome() {
        for name in ["Jo", " Zoë Ångström ", "王小明", "محمد", "Иван", "<b>bold</b>", "O'Neill"]
        {
            assert_eq!(check_name(name), Ok(name.trim().to_owned()));
        }
        assert!(check_name(&"ü".repeat(NAME_CHARS_MAX)).is_ok());
    }

    #[test]
    fn what_deceives_is_refused() {
        for name in ["a\nb", "a\u{202e}nimda", "ad\u{200b}min", "a\0", "x\u{e0041}", "\u{feff}x"] {
            assert_eq!(check_name(name), Err(NameRefused::Hidden), "{name:?}");
        }
        assert_eq!(check_name(" \t "), Err(NameRefused::Empty));
        assert_eq!(check_name(&"x".repeat(65)), Err(NameRefused::Long));
        assert_eq!(check_name(&"x".repeat(1_000_000)), Err(NameRefused::Long));
    }

    #[test]
    fn languages() {
        for language in ["en", "de", "de-CH", "zh-Hans", "gsw"] {
            assert_eq!(check_language(language), Ok(()), "{language}");
        }
        for language in ["", "e", "EN", "en-", "en_US", "de-CH\r\n", "../etc", "en-abcdefghij"] {
            assert_eq!(check_language(language), Err(NameRefused::Language), "{language}");
        }
    }
}
