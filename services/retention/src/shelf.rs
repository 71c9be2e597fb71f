//! What retention needs of the store of packages.

use wayside_evidence::{Object, Put, Store, StoreError};

/// A store of packages. [`Store`] is one; tests have others.
pub trait Shelf {
    /// Where it is, for messages.
    fn place(&self) -> &str;

    /// Every object below a folder.
    ///
    /// # Errors
    /// As [`Store::list`].
    fn list(&self, folder: &str) -> Result<Vec<Object>, StoreError>;

    /// The bytes of an object.
    ///
    /// # Errors
    /// As [`Store::get`].
    fn get(&self, uri: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, StoreError>;

    /// Stores bytes where nothing is.
    ///
    /// # Errors
    /// As [`Store::put_new`].
    fn put_new(&self, uri: &str, bytes: Vec<u8>) -> Result<Put, StoreError>;

    /// Deletes an object; that it is not there is no error.
    ///
    /// # Errors
    /// As [`Store::delete`].
    fn delete(&self, uri: &str) -> Result<(), StoreError>;
}

impl Shelf for Store {
    fn place(&self) -> &str {
        self.place()
    }

    fn list(&self, folder: &str) -> Result<Vec<Object>, StoreError> {
        self.list(folder)
    }

    fn get(&self, uri: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(uri, bytes_max)
    }

    fn put_new(&self, uri: &str, bytes: Vec<u8>) -> Result<Put, StoreError> {
        self.put_new(uri, bytes)
    }

    fn delete(&self, uri: &str) -> Result<(), StoreError> {
        self.delete(uri)
    }
}
