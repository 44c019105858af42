//! What is public of a log, to be read.

use std::path::Path;
use std::string::String;
use std::vec::Vec;

use super::file_system::{Disk, FileSystem};
use super::tile_files::path;
use super::{DurableError, ObjectStore};
use crate::store::{CreateError, Object, Store};

/// The checkpoint, the tiles and the entries of a log in a folder, to be read only: the `public/`
/// folder of a [`DurableStore`](super::DurableStore), also while it is open elsewhere, a copy on a
/// disk that cannot be written, or a mirror of somebody else's log.
///
/// As a store it refuses everything that would write.
#[derive(Clone, Debug)]
pub struct PublicFolder {
    disk: Disk,
}

impl PublicFolder {
    /// Makes a reader of the folder that holds `checkpoint` and `tile/`.
    ///
    /// Nothing is read yet.
    pub fn new(folder: impl AsRef<Path>) -> Self {
        Self { disk: Disk::new(folder.as_ref().into()) }
    }

    fn reading(&self, path: &str) -> Result<Option<Vec<u8>>, DurableError> {
        self.disk.read(path).map_err(|error| DurableError::io(path, error))
    }
}

/// The path of an object within the public folder.
fn within(name: &str) -> Result<&str, DurableError> {
    path(name)?;
    if name.starts_with("tile/") { Ok(name) } else { Err(DurableError::Name(name.into())) }
}

impl Store for PublicFolder {
    type Error = DurableError;
}

impl ObjectStore for PublicFolder {
    fn object(&self, name: &str) -> Result<Option<Vec<u8>>, DurableError> {
        self.reading(within(name)?)
    }

    fn create(&mut self, _: &[Object<'_>]) -> Result<(), CreateError<DurableError>> {
        Err(CreateError::Store(DurableError::ReadOnly))
    }

    fn remove(&mut self, _: &str) -> Result<(), DurableError> {
        Err(DurableError::ReadOnly)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, DurableError> {
        let names = self.disk.list(within(folder)?);
        let names = names.map_err(|error| DurableError::io(folder, error))?;
        Ok(names.iter().map(|name| std::format!("{folder}/{name}")).collect())
    }

    fn published(&self) -> Result<Option<Vec<u8>>, DurableError> {
        self.reading("checkpoint")
    }

    fn publish(&mut self, _: &[u8]) -> Result<(), DurableError> {
        Err(DurableError::ReadOnly)
    }
}
