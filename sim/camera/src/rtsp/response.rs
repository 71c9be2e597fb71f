//! Answers.

use std::fmt::Write;

/// Status codes and their reasons.
pub(crate) mod status {
    /// A status line.
    pub(crate) type Status = (u16, &'static str);
    /// Done.
    pub(crate) const OK: Status = (200, "OK");
    /// Who are you?
    pub(crate) const UNAUTHORIZED: Status = (401, "Unauthorized");
    /// No such path.
    pub(crate) const NOT_FOUND: Status = (404, "Not Found");
    /// A camera does not do that.
    pub(crate) const METHOD_NOT_ALLOWED: Status = (405, "Method Not Allowed");
    /// No SETUP came before.
    pub(crate) const SESSION_NOT_FOUND: Status = (454, "Session Not Found");
    /// Not now.
    pub(crate) const NOT_VALID_IN_STATE: Status = (455, "Method Not Valid in This State");
    /// None of the offers.
    pub(crate) const UNSUPPORTED_TRANSPORT: Status = (461, "Unsupported Transport");
    /// The server could not.
    pub(crate) const UNAVAILABLE: Status = (503, "Service Unavailable");
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    head: String,
    body: String,
}

impl Response {
    /// An answer to the request with this `CSeq`.
    pub(crate) fn new(status: status::Status, cseq: Option<&str>) -> Self {
        let (code, reason) = status;
        let head = format!("RTSP/1.0 {code} {reason}\r\n");
        let response = Self { head, body: String::new() };
        match cseq {
            Some(cseq) => response.with("CSeq", cseq),
            None => response,
        }
        .with("Server", "wayside-camera")
    }

    /// With one more header. Line ends in the value become spaces.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        let value = value.replace(['\r', '\n'], " ");
        let _ = write!(self.head, "{name}: {value}\r\n");
        self
    }

    /// With a body.
    pub(crate) fn body(self, kind: &str, body: String) -> Self {
        let mut response =
            self.with("Content-Type", kind).with("Content-Length", &body.len().to_string());
        response.body = body;
        response
    }

    /// As it goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        format!("{}\r\n{}", self.head, self.body).into_bytes()
    }
}
