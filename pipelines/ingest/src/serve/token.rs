//! What a caller must know.

use std::fmt;

/// A token that is shorter could be guessed.
pub const TOKEN_CHARS_MIN: usize = 16;

/// A bearer token; never shown.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// The token in a text, without the line break that files end with; none where it is too short or has
    /// characters that a header cannot carry.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_end_matches(['\r', '\n']);
        let fits =
            text.len() >= TOKEN_CHARS_MIN && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// Whether a header `authorization` carries it. Takes as long wherever the first difference is; the time
    /// tells at most how long the token is.
    pub(super) fn is_in(&self, header: &[u8]) -> bool {
        let Some(found) = header.strip_prefix(b"Bearer ") else { return false };
        let wanted = self.0.as_bytes();
        let pairs = wanted.iter().zip(found.iter().chain(std::iter::repeat(&0)));
        let differ = pairs.fold(0u8, |sum, (a, b)| std::hint::black_box(sum | (a ^ b)));
        (differ == 0) & (wanted.len() == found.len())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_itself_is_taken() {
        let token = Token::parse("0123456789abcdef\n").expect("long enough");
        assert!(token.is_in(b"Bearer 0123456789abcdef"));
        for wrong in [
            &b""[..],
            b"Bearer ",
            b"0123456789abcdef",
            b"bearer 0123456789abcdef",
            b"Bearer 0123456789abcde",
            b"Bearer 0123456789abcdef0",
            b"Bearer 0123456789abcdeF",
            b"Bearer 0123456789abcdef\0",
        ] {
            assert!(!token.is_in(wrong), "{}", String::from_utf8_lossy(wrong));
        }
        assert!(
            Token::parse("short").is_none() && Token::parse("with a space in the middle").is_none()
        );
        assert_eq!(format!("{token:?}"), "Token");
    }
}
