//! Bounds what waits to be stored, in records and in bytes. A batch gets in whole or not at all.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[derive(Debug)]
pub(super) struct Gate {
    /// Records and bytes that are in.
    inside: Mutex<(usize, usize)>,
    room: Condvar,
    records_max: usize,
    bytes_max: usize,
}

impl Gate {
    pub(super) fn new(records_max: usize, bytes_max: usize) -> Self {
        Self { inside: Mutex::new((0, 0)), room: Condvar::new(), records_max, bytes_max }
    }

    fn inside(&self) -> MutexGuard<'_, (usize, usize)> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room up to `timeout`. Where there is none: the records and bytes that are in.
    pub(super) fn enter(
        &self,
        records: usize,
        bytes: usize,
        timeout: Duration,
    ) -> Result<(), (usize, usize)> {
        let begin = Instant::now();
        let mut inside = self.inside();
        loop {
            let fits = inside.0 + records <= self.records_max && inside.1 + bytes <= self.bytes_max;
            if fits {
                inside.0 += records;
                inside.1 += bytes;
                return Ok(());
            }
            let left = timeout.saturating_sub(begin.elapsed());
            if left.is_zero() {
                return Err(*inside);
            }
            inside = self.room.wait_timeout(inside, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    pub(super) fn leave(&self, records: usize, bytes: usize) {
        let mut inside = self.inside();
        inside.0 = inside.0.saturating_sub(records);
        inside.1 = inside.1.saturating_sub(bytes);
        self.room.notify_all();
    }

    /// Waits until nothing is in; whether that came true in time.
    pub(super) fn empties(&self, timeout: Duration) -> bool {
        let begin = Instant::now();
        let mut inside = self.inside();
        while inside.0 > 0 {
            let left = timeout.saturating_sub(begin.elapsed());
            if left.is_zero() {
                return false;
            }
            inside = self.room.wait_timeout(inside, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_waits_for_room_and_is_refused_where_there_is_none() {
        let gate = std::sync::Arc::new(Gate::new(10, 100));
        gate.enter(6, 50, Duration::ZERO).expect("room");
        assert_eq!(gate.enter(5, 1, Duration::ZERO), Err((6, 50)), "too many records");
        assert_eq!(gate.enter(1, 51, Duration::from_millis(5)), Err((6, 50)), "too many bytes");
        let waiting = std::sync::Arc::clone(&gate);
        let thread = std::thread::spawn(move || waiting.enter(5, 1, Duration::from_secs(30)));
        gate.leave(6, 50);
        thread.join().expect("a thread").expect("room in time");
        assert!(!gate.empties(Duration::from_millis(5)));
        gate.leave(5, 1);
        assert!(gate.empties(Duration::ZERO));
    }
}
