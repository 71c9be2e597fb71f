//! Passwords of cameras: from the environment or from a file, never from the site file, never shown.

use std::path::Path;

use wayside_capture::live::Credentials;
use wayside_site::model::Rtsp;

use crate::failure::Failure;
use crate::replay::inputs::beside;

/// Longest password file, bytes.
const FILE_BYTES_MAX: usize = 4_096;

/// User and password of a stream; none where it asks for none.
pub(super) fn credentials(
    camera: &str,
    rtsp: &Rtsp,
    site: &Path,
) -> Result<Option<Credentials>, Failure> {
    let Some(user) = &rtsp.user else { return Ok(None) };
    let password = match (&rtsp.password_env, &rtsp.password_file) {
        (Some(name), _) => std::env::var(name).map_err(|_| {
            Failure::input(format!(
                "camera {camera}: the environment variable {name} with its password is not set\n  hint: set it for the worker, or name a file with `password_file`"
            ))
        })?,
        (None, Some(name)) => from_file(camera, &beside(site, name))?,
        (None, None) => String::new(),
    };
    Ok(Some(Credentials::new(user.clone(), password)))
}

fn from_file(camera: &str, path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
    if text.len() > FILE_BYTES_MAX {
        return Err(Failure::input(format!(
            "camera {camera}: {} has more than {FILE_BYTES_MAX} bytes\n  hint: a password file holds the password and nothing else",
            path.display()
        )));
    }
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
