//! The clips that a camera has in memory.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::clip::{Clip, Want, load};
use crate::error::CameraError;
use crate::faults::FaultKind;

/// All clips of a camera together take no more.
const BYTES_MAX: u64 = 256 << 20;

/// The camera's own clip and those of its faults, each read once.
#[derive(Debug)]
pub(super) struct Clips {
    first: Want,
    loaded: BTreeMap<Want, Arc<Clip>>,
}

impl Clips {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { first: Want { path, size_px: None }, loaded: BTreeMap::new() }
    }

    /// The camera's own.
    pub(super) fn first(&mut self) -> Result<Arc<Clip>, CameraError> {
        self.get(self.first.clone())
    }

    /// The clip that this fault serves: none where it serves the one it finds.
    pub(super) fn of(&mut self, kind: &FaultKind) -> Result<Option<Arc<Clip>>, CameraError> {
        let want = match kind {
            FaultKind::Switch { file } => Want { path: file.clone(), size_px: None },
            FaultKind::Resolution { width_px, height_px } => {
                Want { size_px: Some((*width_px, *height_px)), ..self.first.clone() }
            }
            _ => return Ok(None),
        };
        self.get(want).map(Some)
    }

    fn get(&mut self, want: Want) -> Result<Arc<Clip>, CameraError> {
        if let Some(clip) = self.loaded.get(&want) {
            return Ok(Arc::clone(clip));
        }
        let taken: u64 = self.loaded.values().map(|clip| clip.bytes()).sum();
        let clip = Arc::new(load(&want, BYTES_MAX.saturating_sub(taken))?);
        self.loaded.insert(want, Arc::clone(&clip));
        Ok(clip)
    }
}
