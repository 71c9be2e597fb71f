//! Live streams: address, secrets, limits.

use super::findings::Findings;
use super::locate::Path;
use crate::model::{Camera, Rtsp};

const URL_BYTES_MAX: usize = 2_048;

pub(super) fn check(camera: &Camera, path: &Path, findings: &mut Findings<'_>) {
    let shift = camera.watch.moved_share_max;
    if !(0.001..=0.2).contains(&shift) {
        let problem = format!("{shift}; a share of the width from 0.001 to 0.2 can be noticed");
        let hint = "0.006 is a usual value: 4 pixels of 640";
        findings.error(&path.key("watch").key("moved_share_max"), problem, hint);
    }
    if let Some(rtsp) = &camera.rtsp {
        stream(rtsp, &path.key("rtsp"), findings);
    }
}

fn stream(rtsp: &Rtsp, path: &Path, findings: &mut Findings<'_>) {
    if let Some((problem, hint)) = address_problem(&rtsp.url) {
        findings.error(&path.key("url"), problem, hint);
    }
    let secrets = [&rtsp.password_env, &rtsp.password_file];
    if secrets.iter().all(|secret| secret.is_some()) {
        let hint = "keep the one that you use";
        findings.error(&path.key("password_file"), "beside `password_env`", hint);
    }
    let has_secret = secrets.iter().any(|secret| secret.is_some());
    if has_secret && rtsp.user.is_none() {
        let problem = "a password without a user";
        findings.error(&path.key("user"), problem, "name the user of the camera's account");
    } else if rtsp.user.is_some() && !has_secret {
        let hint = "name where it is, with `password_env` or `password_file`; it does not stand in the site file";
        findings.error(&path.key("user"), "a user without a password", hint);
    }
    if rtsp.tls_ca.is_some() && !rtsp.url.starts_with("rtsps://") {
        let problem = "a certificate for a stream that is not encrypted";
        findings.error(&path.key("tls_ca"), problem, "write rtsps:// in `url`, or leave it out");
    }
    if rtsp.jitter_ms > 5_000 {
        let problem = format!("{} ms; at most 5000 are waited", rtsp.jitter_ms);
        findings.error(&path.key("jitter_ms"), problem, "200 is a usual value");
    }
    let silence = rtsp.silence_s_max;
    if !(0.2..=600.0).contains(&silence) {
        let problem = format!("{silence} s; 0.2 to 600 can be watched");
        let hint = "give a few frame intervals, and at least 1 s over a network";
        findings.error(&path.key("silence_s_max"), problem, hint);
    }
    let clock = rtsp.clock_error_ms_max;
    if !(1.0..=3_600_000.0).contains(&clock) {
        let problem = format!("{clock} ms; 1 to 3600000 can be watched");
        findings.error(&path.key("clock_error_ms_max"), problem, "500 is a usual value");
    }
}

/// What is wrong with an address, and a hint. The address itself is not repeated: it may hold a
/// password.
fn address_problem(url: &str) -> Option<(&'static str, &'static str)> {
    const FORM: &str = "write rtsp://host:port/path, or rtsps:// for TLS";
    let Some(rest) = url.strip_prefix("rtsp://").or_else(|| url.strip_prefix("rtsps://")) else {
        return Some(("no RTSP address", FORM));
    };
    let host = rest.split('/').next().unwrap_or_default();
    if host.contains('@') {
        return Some((
            "a user or a password in the address",
            "give them as `user` and `password_env` or `password_file`: site files are read by many",
        ));
    }
    let odd = |c: char| c.is_whitespace() || c.is_control();
    if host.is_empty() || url.len() > URL_BYTES_MAX || url.contains(odd) {
        return Some(("no RTSP address", FORM));
    }
    None
}
