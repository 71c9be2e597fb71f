//! Pictures of cameras that other processes watch: the worker of a camera says on the bus where it is.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use wayside_bus::{Bus, BusError, Partition, Reader, Start, Topic};
use wayside_evidence::{HttpFootage, PictureError};
use wayside_http::Clock;
use wayside_proto::convert::Message;
use wayside_proto::{CameraHealth, CameraId, EventTime, SiteId};

/// A worker tells of a camera every few seconds: what it said so long ago is not asked for, seconds.
const BACK_S: f64 = 120.0;
/// Records read at once.
const RECORDS_MAX: usize = 2_000;
/// Bytes read at once.
const BYTES_MAX: usize = 4 << 20;
/// Cameras that are remembered.
const CAMERAS_MAX: usize = 20_000;

/// Why no worker gives a picture.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoWorker {
    #[error("no worker tells of this camera, or none that serves pictures")]
    Silent,
    #[error("{0}")]
    Bus(String),
    #[error("{0}")]
    Asked(PictureError),
}

/// The workers of a fleet.
pub(crate) struct Workers {
    bus: Arc<dyn Bus>,
    asking: HttpFootage,
    clock: Clock,
    heard: Mutex<Heard>,
}

/// What workers have said of themselves.
#[derive(Default)]
struct Heard {
    readers: Vec<Box<dyn Reader>>,
    places: BTreeMap<(SiteId, CameraId), (EventTime, String)>,
}

impl Workers {
    pub(super) fn new(bus: Arc<dyn Bus>, asking: HttpFootage, clock: Clock) -> Self {
        Self { bus, asking, clock, heard: Mutex::default() }
    }

    /// The newest picture of a camera, and its capture instant.
    pub(super) fn newest(
        &self,
        site: &SiteId,
        camera: &CameraId,
    ) -> Result<(Vec<u8>, EventTime), NoWorker> {
        let now = self.clock.now();
        let place = {
            let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(error) = heard.read(self.bus.as_ref(), now) {
                // Opened anew at the next question.
                heard.readers.clear();
                return Err(NoWorker::Bus(error.to_string()));
            }
            heard.places.get(&(site.clone(), camera.clone())).map(|(_, place)| place.clone())
        };
        // Nobody waits for another's answer.
        let place = place.ok_or(NoWorker::Silent)?;
        self.asking.picture(&place, site, camera).map_err(NoWorker::Asked)
    }
}

impl Heard {
    /// Reads up, and forgets who has been silent.
    fn read(&mut self, bus: &dyn Bus, now: EventTime) -> Result<(), BusError> {
        let since = now.plus_s(-BACK_S);
        if self.readers.is_empty() {
            self.readers = (0..bus.partitions(Topic::Health)?)
                .map(|number| bus.read_from(Topic::Health, Partition(number), Start::Time(since.0)))
                .collect::<Result<_, _>>()?;
        }
        for reader in &mut self.readers {
            loop {
                let records = reader.read(RECORDS_MAX, BYTES_MAX, Duration::ZERO)?;
                if records.is_empty() {
                    break;
                }
                for stored in records {
                    // What cannot be read is a matter of whoever shows health.
                    let Ok(health) = CameraHealth::from_bytes(&stored.value) else { continue };
                    let Some(place) = health.clips_url else { continue };
                    self.places.insert((health.site, health.camera), (health.time, place));
                }
            }
        }
        self.places.retain(|_, (time, _)| *time >= since);
        while self.places.len() > CAMERAS_MAX {
            self.places.pop_last();
        }
        Ok(())
    }
}
