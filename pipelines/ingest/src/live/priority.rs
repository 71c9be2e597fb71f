//! A thread that works only with what others leave.

/// How much the priority is lowered, in steps of `nice`.
const NICE: i32 = 10;

/// Lowers the priority of the calling thread, and of threads that it starts from here on. On Linux priorities
/// are a thread's own; elsewhere, and where the system refuses, nothing changes.
#[cfg(target_os = "linux")]
pub(super) fn lower() {
    let thread = rustix::thread::gettid();
    if let Err(error) = rustix::process::setpriority_process(Some(thread), NICE) {
        tracing::debug!("the priority of redaction cannot be lowered: {error}");
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn lower() {}
