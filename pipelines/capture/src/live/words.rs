//! Texts for people, without secrets.

use super::source::LiveSource;

/// Stands for a secret.
const HIDDEN: &str = "***";

/// Texts are cut here.
const TEXT_CHARS_MAX: usize = 300;

/// Takes passwords out of texts of GStreamer.
#[derive(Clone)]
pub(super) struct Scrubber {
    secrets: Vec<String>,
}

impl Scrubber {
    pub(super) fn new(source: &LiveSource) -> Self {
        let mut secrets = Vec::new();
        if let Some(credentials) = &source.credentials {
            let (user, password) = (credentials.user(), credentials.password());
            secrets.push(base64(format!("{user}:{password}").as_bytes()));
            secrets.push(percent(password));
            secrets.push(password.to_owned());
        }
        secrets.extend(source.url.split_once('?').map(|(_, query)| query.to_owned()));
        secrets.retain(|secret| !secret.is_empty());
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { secrets }
    }

    /// The text on one line, without secrets and without user info in URLs.
    pub(super) fn clean(&self, text: &str) -> String {
        let mut out = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for secret in &self.secrets {
            out = out.replace(secret.as_str(), HIDDEN);
        }
        let mut parts = out.split("://");
        let mut clean = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(['/', ' ', '?', '"', '\'']).unwrap_or(part.len());
            let (authority, rest) = part.split_at(end);
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            clean.push_str("://");
            clean.push_str(host);
            clean.push_str(rest);
        }
        if clean.chars().count() > TEXT_CHARS_MAX {
            clean = clean.chars().take(TEXT_CHARS_MAX).chain("...".chars()).collect();
        }
        clean.trim_end_matches('.').to_owned()
    }
}

/// RFC 3986, 2.1.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}

/// RFC 4648, 4: what basic authentication sends.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for n in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * n) & 63) as usize];
            out.push(if n <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::live::{Credentials, Transport};

    fn scrubber(password: &str) -> Scrubber {
        Scrubber::new(&LiveSource {
            url: "rtsp://cam/s?token=4711".to_owned(),
            transport: Transport::Tcp,
            credentials: Some(Credentials::new("viewer".to_owned(), password.to_owned())),
            jitter_ms: 0,
            tls_ca: None,
        })
    }

    #[test]
    fn secrets_are_taken_out() {
        let text =
            "Cannot open rtsp://viewer:p%20w@cam:554/s?token=4711 (Basic dmlld2VyOnAgdw==,\n p w).";
        insta::assert_snapshot!(scrubber("p w").clean(text), @"Cannot open rtsp://cam:554/s?*** (Basic ***, ***)");
        insta::assert_snapshot!(scrubber("x@y/z").clean("rtsp://viewer:x@y/z@cam/s failed"), @"rtsp://cam/s failed");
        assert_eq!(base64(b"user:passw"), "dXNlcjpwYXNzdw==");
        assert_eq!(base64(b"a:bcde"), "YTpiY2Rl");
    }

    proptest! {
        #[test]
        fn no_password_survives(password in "[!-)+-~]{3,12}", before in ".{0,20}", after in ".{0,20}") {
            let scrubber = scrubber(&password);
            for secret in [password.clone(), format!("rtsp://viewer:{password}@cam/s")] {
                let clean = scrubber.clean(&format!("{before}{secret}{after}"));
                prop_assert!(!clean.contains(&password), "{clean}");
            }
        }
    }
}
