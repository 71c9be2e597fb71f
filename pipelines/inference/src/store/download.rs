//! Downloads a model's file over https, bounded in size, time and tries.

use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use super::partial::Partial;
use crate::manifest::Model;
use crate::{ErrorKind, InferenceError};

/// How long a download may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// To reach the server.
    pub(super) connect: Duration,
    /// Until the server answers.
    pub(super) answer: Duration,
    /// One try. What has come by then is kept, and the next try goes on from there.
    pub(super) one_try: Duration,
    /// All tries of one address.
    pub(super) whole: Duration,
    /// How often an address is tried where the failure may pass.
    pub(super) tries: u32,
    /// Pause after the first failure; it doubles with each further one.
    pub(super) pause: Duration,
    /// Whether anything but https is refused, redirections included. Only tests say no.
    pub(super) https_only: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            one_try: Duration::from_secs(5 * 60),
            whole: Duration::from_secs(15 * 60),
            tries: 3,
            pause: Duration::from_secs(1),
            https_only: true,
        }
    }
}

/// Why a try came to nothing.
enum Failed {
    /// This machine could not keep what came.
    Here(InferenceError),
    /// What came, or did not come, from there; and whether it may be better the next time.
    There(String, bool),
}

/// Fetches `url` into `target` by way of a partial file, which never has the final name before its
/// checksum was right and never outlives a failure. A transfer that breaks off goes on from where it
/// stopped if the server can do that, else from the start.
///
/// # Errors
/// `Io` where writing failed, else `Download` with the cause.
pub(super) fn fetch(
    url: &str,
    model: &Model,
    target: &Path,
    limits: Limits,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), InferenceError> {
    let began = Instant::now();
    let mut partial = Partial::create(target)?;
    let (mut tries, mut pause) = (1, limits.pause);
    loop {
        let left = limits.whole.saturating_sub(began.elapsed());
        let limits_now = Limits { one_try: limits.one_try.min(left), ..limits };
        let cause = match attempt(url, model, &mut partial, limits_now, progress) {
            Ok(()) => return partial.finish(target),
            Err(Failed::Here(error)) => return Err(error),
            Err(Failed::There(cause, again)) => {
                if again && tries < limits.tries && began.elapsed() + pause < limits.whole {
                    std::thread::sleep(pause);
                    (tries, pause) = (tries + 1, pause * 2);
                    continue;
                }
                cause
            }
        };
        let cause = if tries > 1 { format!("{cause} ({tries} tries)") } else { cause };
        return Err(InferenceError::new(ErrorKind::Download, format!("cannot download {url}"))
            .because(cause));
    }
}

fn attempt(
    url: &str,
    model: &Model,
    partial: &mut Partial,
    limits: Limits,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), Failed> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .https_only(limits.https_only)
        .max_redirects(5)
        .timeout_connect(Some(limits.connect))
        .timeout_recv_response(Some(limits.answer))
        .timeout_global(Some(limits.one_try))
        .user_agent(concat!("wayside/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let mut request = agent.get(url);
    if partial.done() > 0 {
        request = request.header("range", format!("bytes={}-", partial.done()));
    }
    let mut response = request
        .call()
        .map_err(|error| Failed::There(error.to_string(), may_be_better_next_time(&error)))?;
    let range = response.headers().get("content-range").and_then(|value| value.to_str().ok());
    let goes_on = response.status() == 206
        && range.is_some_and(|range| range.starts_with(&format!("bytes {}-", partial.done())));
    if !goes_on {
        partial.clear().map_err(Failed::Here)?;
    }
    let size = model.size_bytes;
    // One byte more than the model has, so that a longer file is noticed.
    let mut body = response.body_mut().as_reader().take(size + 1 - partial.done().min(size));
    let mut buffer = vec![0; 1 << 16];
    progress(partial.done(), size);
    loop {
        let count =
            body.read(&mut buffer).map_err(|error| Failed::There(error.to_string(), true))?;
        if count == 0 {
            break;
        }
        partial.write(&buffer[..count]).map_err(Failed::Here)?;
        progress(partial.done().min(size), size);
    }
    judge(model, partial)
}

/// Whether the whole file is there, and the right one. Another file will not change by asking again.
fn judge(model: &Model, partial: &Partial) -> Result<(), Failed> {
    let (done, size) = (partial.done(), model.size_bytes);
    if done != size {
        let what = if done > size { "more than" } else { "only" };
        let shown = done.min(size);
        let cause = format!("{what} {shown} bytes came, and the manifest says {size}");
        return Err(Failed::There(cause, false));
    }
    let found = partial.sha256();
    if found != model.sha256 {
        let sha256 = &model.sha256;
        let cause = format!("its SHA-256 is {found}, and the manifest says {sha256}");
        return Err(Failed::There(cause, false));
    }
    Ok(())
}

/// Servers that are busy or broken, and lines that are; not what is wrong for good.
fn may_be_better_next_time(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::StatusCode(code) => matches!(code, 408 | 425 | 429 | 500..=599),
        ureq::Error::Io(_)
        | ureq::Error::Timeout(_)
        | ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_) => true,
        _ => false,
    }
}
