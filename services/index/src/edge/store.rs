//! A directory of points, as files that are written anew when too much in them is dead.
//!
//! `qdrant-edge` never shortens its write-ahead log and never reads it back, so that the log would
//! grow for ever and keep each vector long after its expiry. And after a kill in the middle of an
//! optimisation a point may be in two segments. Both have one cure: the living points are copied to a
//! new folder, `vectors-N+1`, that is flushed and then named in `index.json` by an atomic rename;
//! the old folder goes, log and all. This is done at every opening, and by [`Store::maintain`].
//! Whoever dies in between leaves a folder that `index.json` does not name; the next opening
//! removes it. The engine's own optimiser is not used: it would do half of the same work.
//!
//! One writer at a time (`writer`); readers go on while a copy is made and wait only for the swap.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use qdrant_edge::{EdgeConfig, EdgeShard, OperationResult, UpdateOperation};

use super::copy::{Index, copy, ensure_indexes};
use super::guard::{engine, guarded};
use super::lock::DirLock;
use super::manifest::Manifest;
use crate::error::IndexError;

/// Dead bytes stay on disk for at most so many calls of [`Store::maintain`].
const ROUNDS_MAX: u32 = 6;
/// Points written before the files are written anew whatever is alive: bounds the log.
const WRITTEN_MIN: u64 = 20_000;

#[derive(Debug)]
pub(crate) struct Store {
    dir: PathBuf,
    config: EdgeConfig,
    /// None only if a swap failed half-way.
    shard: RwLock<Option<EdgeShard>>,
    writer: Mutex<Writer>,
    /// The last to go.
    _lock: DirLock,
}

/// What only the one who writes looks at.
#[derive(Debug)]
struct Writer {
    manifest: Manifest,
    /// Points deleted, and points written, since the files are these.
    dead: u64,
    written: u64,
    /// Calls of `maintain` that found something dead.
    rounds: u32,
    /// Whether something changed since the last flush: one takes a dozen `fsync`.
    dirty: bool,
}

impl Store {
    /// Opens a directory, or makes it.
    pub(crate) fn open(
        dir: &Path,
        dimension: usize,
        config: EdgeConfig,
        indexes: &[Index],
    ) -> Result<Self, IndexError> {
        fs::create_dir_all(dir).map_err(|error| IndexError::io(dir, "made", &error))?;
        let lock = DirLock::take(dir)?;
        let found = Manifest::read(dir, dimension)?;
        remove_others(dir, found.as_ref())?;
        let failed = |what: String| IndexError::damaged(dir, what);
        let old = match &found {
            None => None,
            Some(manifest) => {
                let folder = manifest.folder(dir);
                if !folder.is_dir() {
                    return Err(failed(format!("{} is missing", folder.display())));
                }
                Some(guarded(|| EdgeShard::load(&folder, None)).map_err(failed)?)
            }
        };
        let manifest = Manifest::after(found.as_ref(), dimension);
        let (shard, living) = make(dir, &manifest, &config, indexes, old.as_ref())?;
        manifest.write(dir)?;
        drop_quietly(old);
        remove_others(dir, Some(&manifest))?;
        let writer = Writer { manifest, dead: 0, written: living, rounds: 0, dirty: false };
        Ok(Self {
            dir: dir.to_owned(),
            config,
            shard: RwLock::new(Some(shard)),
            writer: Mutex::new(writer),
            _lock: lock,
        })
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Looks something up.
    pub(crate) fn read<T>(
        &self,
        doing: &'static str,
        call: impl FnOnce(&EdgeShard) -> OperationResult<T>,
    ) -> Result<T, IndexError> {
        let shard = self.shard.read().unwrap_or_else(PoisonError::into_inner);
        let shard = shard.as_ref().ok_or_else(|| self.closed(doing))?;
        engine(&self.dir, doing, || call(shard))
    }

    /// Takes the place of the only writer.
    pub(crate) fn write(&self) -> Writing<'_> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        Writing { store: self, writer }
    }

    fn closed(&self, doing: &'static str) -> IndexError {
        let cause = "it was closed after an error".to_owned();
        IndexError::Engine { dir: self.dir.clone(), doing, cause }
    }

    /// Bytes that the files take up on disk.
    pub(crate) fn disk_bytes(&self) -> u64 {
        super::disk::bytes(&self.dir)
    }
}

/// The one who writes.
pub(crate) struct Writing<'a> {
    store: &'a Store,
    writer: MutexGuard<'a, Writer>,
}

impl Writing<'_> {
    /// Changes something that writes so many points.
    pub(crate) fn update(
        &mut self,
        doing: &'static str,
        operation: UpdateOperation,
        points: u64,
    ) -> Result<(), IndexError> {
        self.writer.written += points;
        self.writer.dirty = true;
        self.store.read(doing, |shard| shard.update(operation))
    }

    /// Notes that so many points are dead.
    pub(crate) fn died(&mut self, points: u64) {
        self.writer.dead += points;
    }

    /// Makes everything durable.
    pub(crate) fn flush(&mut self) -> Result<(), IndexError> {
        if self.writer.dirty {
            self.store.read("flush", |shard| {
                shard.flush();
                Ok(())
            })?;
            self.writer.dirty = false;
        }
        Ok(())
    }

    /// Makes everything durable and, when it is time, writes the files anew. Tells whether it did.
    pub(crate) fn maintain(&mut self, living: u64) -> Result<bool, IndexError> {
        self.writer.rounds += u32::from(self.writer.dead > 0);
        let due = self.writer.dead > living / 2
            || self.writer.rounds >= ROUNDS_MAX
            || self.writer.written > WRITTEN_MIN.max(living.saturating_mul(4));
        if due {
            self.rewrite()?;
        } else {
            self.flush()?;
        }
        Ok(due)
    }

    fn rewrite(&mut self) -> Result<(), IndexError> {
        let Store { dir, config, shard, .. } = self.store;
        let manifest = Manifest::after(Some(&self.writer.manifest), self.writer.manifest.dimension);
        let (new, living) = {
            let old = shard.read().unwrap_or_else(PoisonError::into_inner);
            let old = old.as_ref().ok_or_else(|| self.store.closed("write its files anew"))?;
            make(dir, &manifest, config, &[], Some(old))?
        };
        if let Err(error) = manifest.write(dir) {
            // The old files stay the named ones.
            drop_quietly(Some(new));
            let _ = remove_others(dir, Some(&self.writer.manifest));
            return Err(error);
        }
        let old = shard.write().unwrap_or_else(PoisonError::into_inner).replace(new);
        drop_quietly(old);
        *self.writer = Writer { manifest, dead: 0, written: living, rounds: 0, dirty: false };
        remove_others(dir, Some(&self.writer.manifest))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        drop_quietly(self.shard.write().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// Makes the folder that `manifest` names, with what is alive in `old`, and flushes it. Gives the
/// number of points, too.
fn make(
    dir: &Path,
    manifest: &Manifest,
    config: &EdgeConfig,
    indexes: &[Index],
    old: Option<&EdgeShard>,
) -> Result<(EdgeShard, u64), IndexError> {
    let folder = manifest.folder(dir);
    fs::create_dir(&folder).map_err(|error| IndexError::io(dir, "written", &error))?;
    engine(dir, "write its files anew", || {
        let shard = EdgeShard::new(&folder, config.clone())?;
        ensure_indexes(&shard, indexes)?;
        let living = old.map_or(Ok(0), |old| copy(old, &shard))?;
        shard.flush();
        Ok((shard, living))
    })
}

/// Removes the folders of vectors that are not the named one.
fn remove_others(dir: &Path, named: Option<&Manifest>) -> Result<(), IndexError> {
    let failed = |error: std::io::Error| IndexError::io(dir, "cleaned up", &error);
    let named = named.map(|manifest| manifest.folder(dir));
    for entry in fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if Manifest::is_folder(&path) && Some(&path) != named.as_ref() {
            fs::remove_dir_all(&path).map_err(failed)?;
        }
    }
    Ok(())
}

/// The engine flushes what is dropped, and panics where that fails; nothing can be done about it then.
fn drop_quietly(shard: Option<EdgeShard>) {
    let _ = guarded(|| {
        drop(shard);
        Ok(())
    });
}
