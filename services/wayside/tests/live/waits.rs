//! Waiting, and the wall clock.

use std::time::{Duration, Instant};

/// Waits until `there` holds; false where it does not within `wait`.
pub fn comes(wait: Duration, mut there: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + wait;
    loop {
        if there() {
            return true;
        }
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The wall clock.
pub fn wall() -> wayside_proto::EventTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    wayside_proto::EventTime(i64::try_from(since.as_micros()).unwrap())
}

/// Pauses, as long as the machine may take for what is going on.
pub fn pass(seconds: f64) {
    std::thread::sleep(Duration::from_secs_f64(seconds));
}
