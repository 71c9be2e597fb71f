//! Options that make no sense, and ports that cannot be had.

use std::io;
use std::net::{SocketAddr, TcpListener};

use crate::error::CameraError;
use crate::faults::{Fault, FaultKind};
use crate::options::Options;

/// Refuses what cannot be meant.
pub(super) fn check(options: &Options) -> Result<(), CameraError> {
    if let Some(credentials) = &options.credentials {
        if credentials.user.is_empty() || credentials.user.contains([':', '"', '\r', '\n']) {
            let cause = "the name of the user is empty, or has a colon, quote or line end in it";
            let hint = "take letters and digits";
            return Err(CameraError::BadOptions { cause: cause.to_owned(), hint });
        }
        if credentials.password.is_empty() {
            let cause = "the password is empty".to_owned();
            return Err(CameraError::BadOptions { cause, hint: "set one, or leave out the user" });
        }
    }
    options.faults.iter().try_for_each(|scheduled| sound(&scheduled.fault))
}

/// What the fault file would refuse is refused here too.
pub(super) fn sound(fault: &Fault) -> Result<(), CameraError> {
    let right = match fault.kind {
        FaultKind::ClockJump { jump_s } => jump_s.abs() <= 3.2e9,
        FaultKind::FrameLoss { share, .. } => share > 0.0 && share <= 1.0,
        FaultKind::Resolution { width_px, height_px } => {
            [width_px, height_px].iter().all(|px| (16..=4_096).contains(px) && px % 2 == 0)
        }
        _ => true,
    };
    if right {
        return Ok(());
    }
    let cause = format!("the fault `{fault}` is out of range");
    let hint = "jump_s: within 3.2e9; share: above 0, at most 1; sides: even, 16 to 4096 px";
    Err(CameraError::BadOptions { cause, hint })
}

/// A listener that never blocks.
pub(super) fn listen(address: SocketAddr) -> Result<TcpListener, CameraError> {
    let listener = TcpListener::bind(address).map_err(|error| bind_error(address, &error))?;
    listener.set_nonblocking(true).map_err(|error| bind_error(address, &error))?;
    Ok(listener)
}

pub(super) fn bind_error(address: SocketAddr, error: &io::Error) -> CameraError {
    let hint = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program has the port; take another, or 0 for a free one"
        }
        io::ErrorKind::PermissionDenied => "ports below 1024 need privileges; take a higher one",
        io::ErrorKind::AddrNotAvailable => {
            "this machine has no such address; 0.0.0.0 is all of them"
        }
        _ => "take another address or port",
    };
    CameraError::Bind { address, cause: error.to_string(), hint }
}
