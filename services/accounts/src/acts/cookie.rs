//! Cookies: their names, what is written into them, how they are read back.

use axum::http::{HeaderMap, header};

use crate::policy::{OIDC_S, SESSION_MAX_S};

/// Bytes of the `Cookie` headers of a request that are looked at.
const COOKIES_BYTES_MAX: usize = 8 * 1024;

/// How the cookies are called. With TLS their names begin with `__Host-`: browsers then take them from this
/// host alone, over TLS alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookieNames {
    secure: bool,
}

impl CookieNames {
    pub(crate) fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// The cookie of a session.
    #[must_use]
    pub fn session(&self) -> &'static str {
        if self.secure { "__Host-wayside_session" } else { "wayside_session" }
    }

    /// The cookie that binds a sign-in at a provider to the browser that began it.
    #[must_use]
    pub fn oidc(&self) -> &'static str {
        if self.secure { "__Host-wayside_oidc" } else { "wayside_oidc" }
    }

    fn line(&self, name: &str, value: &str, same_site: &str, max_age_s: f64) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!(
            "{name}={value}; Path=/; HttpOnly; SameSite={same_site}; Max-Age={max_age_s:.0}{secure}"
        )
    }

    /// `Set-Cookie` of a session.
    pub(crate) fn set_session(&self, value: &str) -> String {
        self.line(self.session(), value, "Strict", SESSION_MAX_S)
    }

    /// `Set-Cookie` that removes it.
    pub(crate) fn clear_session(&self) -> String {
        self.line(self.session(), "", "Strict", 0.0)
    }

    /// `Set-Cookie` of a sign-in at a provider. Lax: the way back comes from another site.
    pub(crate) fn set_oidc(&self, value: &str) -> String {
        self.line(self.oidc(), value, "Lax", OIDC_S)
    }

    /// `Set-Cookie` that removes it.
    pub(crate) fn clear_oidc(&self) -> String {
        self.line(self.oidc(), "", "Lax", 0.0)
    }
}

/// The value of a cookie. None where it is not there, or stands there twice with different values: then
/// somebody else may have put one of them there.
pub(crate) fn read_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut found: Option<&str> = None;
    let mut bytes = 0;
    for value in headers.get_all(header::COOKIE) {
        bytes += value.len();
        if bytes > COOKIES_BYTES_MAX {
            return None;
        }
        let Ok(value) = value.to_str() else { continue };
        for pair in value.split(';') {
            let Some((key, value)) = pair.trim().split_once('=') else { continue };
            if key == name {
                if found.is_some_and(|found| found != value) {
                    return None;
                }
                found = Some(value);
            }
        }
    }
    found.filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn cookies_are_bound_to_this_host() {
        let (secure, plain) = (CookieNames::new(true), CookieNames::new(false));
        insta::assert_snapshot!(
            [
                secure.set_session("SECRET"),
                secure.clear_session(),
                secure.set_oidc("SECRET"),
                plain.set_session("SECRET"),
                plain.clear_oidc(),
            ]
            .join("\n")
        );
    }

    #[test]
    fn a_cookie_is_read_unless_there_are_two() {
        let read = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::COOKIE, HeaderValue::from_static(line));
            }
            read_cookie(&headers, "wayside_session").map(str::to_owned)
        };
        assert_eq!(read(&["a=b; wayside_session=x; c=d"]).as_deref(), Some("x"));
        assert_eq!(read(&["a=b", "wayside_session=x"]).as_deref(), Some("x"));
        assert_eq!(read(&["wayside_session=x; wayside_session=x"]).as_deref(), Some("x"));
        assert_eq!(read(&["wayside_session=x; wayside_session=y"]), None);
        assert_eq!(read(&["wayside_session=x", "wayside_session=y"]), None);
        assert_eq!(read(&["xwayside_session=x", "wayside_session"]), None);
        assert_eq!(read(&["wayside_session="]), None);
        assert_eq!(read(&[]), None);
    }
}
