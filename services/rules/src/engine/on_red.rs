//! People who step on a crossing on red, for a warning on a sign: never a violation.

use wayside_proto::EventTime;

use super::Engine;

impl Engine {
    /// Crossing and time of those who stepped on one on red since the last call, at most the last 64.
    pub fn take_pedestrians_on_red(&mut self) -> Vec<(String, EventTime)> {
        self.people.take_fresh(&self.map)
    }
}
