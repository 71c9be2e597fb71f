//! Digest authentication with MD5 (RFC 2617 without `qop`), as cameras and their clients speak it.

use gstreamer::glib;

use super::request::Request;
use crate::options::Credentials;

const REALM: &str = "wayside camera";

/// Whether a request may pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Yes.
    Granted,
    /// No, and why; the challenge goes into `WWW-Authenticate`.
    Denied {
        /// The challenge.
        challenge: String,
        /// Whether the client tried to say who it is.
        tried: bool,
    },
}

/// Looks at every request of one connection.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    credentials: Option<Credentials>,
    nonce: String,
}

impl Gate {
    /// A gate whose challenge is made of `chance`.
    pub(crate) fn new(credentials: Option<Credentials>, chance: [u64; 2]) -> Self {
        Self { credentials, nonce: format!("{:016x}{:016x}", chance[0], chance[1]) }
    }

    /// Whether the request may pass.
    pub(crate) fn check(&self, request: &Request) -> Access {
        let Some(credentials) = &self.credentials else { return Access::Granted };
        let given = request.header("Authorization");
        let fields = given.and_then(|given| given.strip_prefix("Digest ")).map(fields);
        let mut stale = false;
        if let Some(fields) = &fields {
            let field = |name| value(fields, name);
            stale = field("nonce") != self.nonce;
            let right = field("username") == credentials.user
                && field("realm") == REALM
                && field("response").eq_ignore_ascii_case(&self.response(
                    credentials,
                    request,
                    field("uri"),
                ));
            if right && !stale {
                return Access::Granted;
            }
        }
        let mut challenge = format!("Digest realm=\"{REALM}\", nonce=\"{}\"", self.nonce);
        if stale {
            challenge += ", stale=true";
        }
        // An old challenge is answered anew; that is no wrong password.
        Access::Denied { challenge, tried: given.is_some() && !stale }
    }

    fn response(&self, credentials: &Credentials, request: &Request, uri: &str) -> String {
        let Credentials { user, password } = credentials;
        let who = md5(&format!("{user}:{REALM}:{password}"));
        let what = md5(&format!("{}:{uri}", request.method));
        md5(&format!("{who}:{}:{what}", self.nonce))
    }
}

fn md5(text: &str) -> String {
    let sum = glib::compute_checksum_for_data(glib::ChecksumType::Md5, text.as_bytes());
    sum.map(|sum| sum.to_string()).unwrap_or_default()
}

/// `name="value", name=value` and so on. Commas inside quotes do not separate.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut rest = text.trim();
    while let Some((name, after)) = rest.split_once('=') {
        let (value, left) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => (after.split(',').next().unwrap_or(""), after),
        };
        fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        rest = left.split_once(',').map_or("", |(_, left)| left).trim();
    }
    fields
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|field| field.0 == name).map_or("", |field| field.1.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::request::{Input, take};
    use super::*;

    fn request(authorization: &str) -> Request {
        let mut text =
            format!("DESCRIBE rtsp://h/camera RTSP/1.0\r\n{authorization}\r\n\r\n").into_bytes();
        let Ok(Some(Input::Request(request))) = take(&mut text) else { panic!("no request") };
        request
    }

    fn gate() -> Gate {
        let credentials = Credentials { user: "me".to_owned(), password: "s,e\"cret".to_owned() };
        Gate::new(Some(credentials), [1, 2])
    }

    fn answer(nonce: &str, password: &str) -> Request {
        let who = md5(&format!("me:{REALM}:{password}"));
        let what = md5("DESCRIBE:rtsp://h/camera?a=1,2");
        let response = md5(&format!("{who}:{nonce}:{what}"));
        request(&format!(
            "Authorization: Digest username=\"me\", realm=\"{REALM}\", nonce=\"{nonce}\", \
             uri=\"rtsp://h/camera?a=1,2\", response=\"{response}\", algorithm=MD5"
        ))
    }

    #[test]
    fn only_the_password_opens() {
        let nonce = "00000000000000010000000000000002";
        assert_eq!(gate().check(&answer(nonce, "s,e\"cret")), Access::Granted);
        let denied = |request: &Request| match gate().check(request) {
            Access::Denied { challenge, tried } => (challenge.contains("stale"), tried),
            Access::Granted => panic!("granted"),
        };
        assert_eq!(denied(&answer(nonce, "wrong")), (false, true));
        assert_eq!(denied(&answer("other", "s,e\"cret")), (true, false));
        assert_eq!(denied(&request("CSeq: 1")), (false, false));
        assert_eq!(denied(&request("Authorization: Basic bWU6cw==")), (false, true));
        assert_eq!(denied(&request("Authorization: Digest a=b")), (true, false));
        assert_eq!(Gate::new(None, [1, 2]).check(&request("CSeq: 1")), Access::Granted);
    }

    #[test]
    fn md5_is_that_of_the_rfc() {
        assert_eq!(md5("abc"), "900150983cd24fb0d6963f7d28e17f72");
    }
}
