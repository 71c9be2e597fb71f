//! The collections of the server: one directory each, with its description beside the points.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tonic::Status;

use crate::edge::{Store, config};
use crate::error::IndexError;

/// Its folder's name is `NAME.DIMENSION`.
pub(super) struct Collection {
    pub(super) dimension: usize,
    pub(super) store: Store,
}

pub(super) struct World {
    dir: PathBuf,
    collections: Mutex<BTreeMap<String, Arc<Collection>>>,
}

impl World {
    pub(super) fn open(dir: &Path) -> Result<Self, IndexError> {
        let failed = |error: std::io::Error| IndexError::io(dir, "read", &error);
        fs::create_dir_all(dir).map_err(failed)?;
        let mut collections = BTreeMap::new();
        for entry in fs::read_dir(dir).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let Some((name, dimension)) = name.rsplit_once('.') else { continue };
            let Ok(dimension) = dimension.parse() else { continue };
            let store = Store::open(&path, dimension, config(dimension), &[])?;
            collections.insert(name.to_owned(), Arc::new(Collection { dimension, store }));
        }
        Ok(Self { dir: dir.to_owned(), collections: Mutex::new(collections) })
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    pub(super) fn get(&self, name: &str) -> Result<Arc<Collection>, Status> {
        let not_found = || Status::not_found(format!("Collection `{name}` doesn't exist!"));
        self.lock().get(name).cloned().ok_or_else(not_found)
    }

    pub(super) fn create(&self, name: &str, dimension: usize) -> Result<(), Status> {
        let mut collections = self.lock();
        if collections.contains_key(name) {
            let text = format!("Wrong input: Collection `{name}` already exists!");
            return Err(Status::already_exists(text));
        }
        let path = self.dir.join(format!("{name}.{dimension}"));
        let store = Store::open(&path, dimension, config(dimension), &[]).map_err(internal)?;
        collections.insert(name.to_owned(), Arc::new(Collection { dimension, store }));
        Ok(())
    }

    /// Whether there was one.
    pub(super) fn delete(&self, name: &str) -> Result<bool, Status> {
        let Some(collection) = self.lock().remove(name) else { return Ok(false) };
        let dir = collection.store.dir().to_owned();
        drop(collection);
        fs::remove_dir_all(&dir).map_err(|error| Status::internal(error.to_string()))?;
        Ok(true)
    }

    pub(super) fn maintain(&self) -> Result<(), IndexError> {
        let collections: Vec<_> = self.lock().values().cloned().collect();
        for collection in collections {
            let mut writing = collection.store.write();
            let points = collection.store.read("count", |shard| Ok(shard.info().points_count))?;
            writing.maintain(points as u64)?;
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Collection>>> {
        self.collections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn internal(error: impl ToString) -> Status {
    Status::internal(error.to_string())
}
