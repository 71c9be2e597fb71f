//! Whose frame is looked at next.
//!
//! Each camera has at most one frame waiting; a newer one takes its place. A batch leaves when it is
//! full or when its oldest frame has waited long enough; it takes the cameras that were served the
//! longest ago, so that under overload all lose the same share.

use std::collections::BTreeMap;

/// Number of a camera within the worker.
pub type CameraKey = u64;

/// When a batch leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchConfig {
    /// Frames of one batch at the most, 1 or more.
    pub frames_max: usize,
    /// How long the oldest frame may wait for others, microseconds.
    pub wait_us_max: u64,
}

/// Frames that wait, by camera.
#[derive(Clone, Debug)]
pub struct Schedule<T> {
    config: BatchConfig,
    waiting: BTreeMap<CameraKey, Waiting<T>>,
    served: BTreeMap<CameraKey, u64>,
    turn: u64,
}

#[derive(Clone, Debug)]
struct Waiting<T> {
    since_us: u64,
    frame: T,
}

impl<T> Schedule<T> {
    /// Nothing waits.
    #[must_use]
    pub fn new(config: BatchConfig) -> Self {
        Self { config, waiting: BTreeMap::new(), served: BTreeMap::new(), turn: 0 }
    }

    /// A frame waits. Returns the frame of the same camera that it takes the place of. The place in
    /// the order stays: whoever sends many frames does not wait longer.
    pub fn offer(&mut self, camera: CameraKey, frame: T, now_us: u64) -> Option<T> {
        let since_us = self.waiting.get(&camera).map_or(now_us, |waiting| waiting.since_us);
        self.served.entry(camera).or_insert(self.turn);
        self.waiting.insert(camera, Waiting { since_us, frame }).map(|waiting| waiting.frame)
    }

    /// The next batch, where one is due.
    pub fn take(&mut self, now_us: u64) -> Option<Vec<(CameraKey, T)>> {
        if self.due_in_us(now_us)? > 0 {
            return None;
        }
        let mut order: Vec<(u64, u64, CameraKey)> = self
            .waiting
            .iter()
            .map(|(camera, waiting)| {
                (self.served.get(camera).copied().unwrap_or(0), waiting.since_us, *camera)
            })
            .collect();
        order.sort_unstable();
        let mut batch = Vec::new();
        for (_, _, camera) in order.into_iter().take(self.config.frames_max.max(1)) {
            if let Some(waiting) = self.waiting.remove(&camera) {
                self.turn += 1;
                self.served.insert(camera, self.turn);
                batch.push((camera, waiting.frame));
            }
        }
        Some(batch)
    }

    /// In how many microseconds a batch is due, where nothing more comes; none where nothing waits.
    #[must_use]
    pub fn due_in_us(&self, now_us: u64) -> Option<u64> {
        let oldest = self.waiting.values().map(|waiting| waiting.since_us).min()?;
        if self.waiting.len() >= self.config.frames_max {
            return Some(0);
        }
        Some(oldest.saturating_add(self.config.wait_us_max).saturating_sub(now_us))
    }

    /// Forgets a camera. Returns the frame that waited.
    pub fn remove(&mut self, camera: CameraKey) -> Option<T> {
        self.served.remove(&camera);
        self.waiting.remove(&camera).map(|waiting| waiting.frame)
    }

    /// Frames that wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schedule(frames_max: usize, wait_us_max: u64) -> Schedule<u64> {
        Schedule::new(BatchConfig { frames_max, wait_us_max })
    }

    #[test]
    fn a_batch_leaves_when_full_or_when_its_oldest_frame_waited() {
        let mut schedule = schedule(2, 100);
        assert_eq!(schedule.take(0), None);
        assert_eq!(schedule.offer(7, 70, 0), None);
        assert_eq!((schedule.take(50), schedule.due_in_us(50)), (None, Some(50)));
        assert_eq!(schedule.offer(7, 71, 60), Some(70));
        assert_eq!(schedule.take(100), Some(vec![(7, 71)]));
        schedule.offer(7, 72, 110);
        schedule.offer(3, 30, 111);
        schedule.offer(5, 50, 112);
        assert_eq!(schedule.take(112), Some(vec![(7, 72), (3, 30)]));
        assert_eq!(schedule.take(112), None);
        assert_eq!(schedule.take(212), Some(vec![(5, 50)]));
    }

    proptest! {
        /// Cameras of very different rates, and a machine that is too slow for them: no camera that
        /// always has a frame waiting gets more than one turn more than another.
        #[test]
        fn turns_are_fair(
            rates in proptest::collection::vec(1_u64..8, 2..12), frames_max in 1_usize..4,
        ) {
            let mut schedule = schedule(frames_max, 0);
            let mut served = vec![0_u64; rates.len()];
            for now in 0..300 {
                for (camera, rate) in rates.iter().enumerate() {
                    for _ in 0..*rate {
                        schedule.offer(camera as u64, now, now);
                    }
                }
                for (camera, _) in schedule.take(now).unwrap_or_default() {
                    served[camera as usize] += 1;
                }
            }
            let (least, most) = (served.iter().min(), served.iter().max());
            prop_assert!(most.zip(least).is_some_and(|(most, least)| most - least <= 1), "{served:?}");
        }
    }
}
