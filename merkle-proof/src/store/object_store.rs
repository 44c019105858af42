//! Immutable objects, and the checkpoint that is served beside them.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::future::{Future, ready};

use super::Store;

/// An object to be created.
#[derive(Clone, Copy, Debug)]
pub struct Object<'o> {
    /// `tile/...`, the path of a [`Tile`](crate::tlog::Tile), or `staged/` and 64 hexadecimal digits.
    pub name: &'o str,
    /// Its bytes, for good.
    pub bytes: &'o [u8],
}

/// Why objects were not created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CreateError<E> {
    /// An object of this name is there with other bytes, which it keeps.
    Conflict {
        /// The name.
        name: String,
    },
    /// The store failed. Any of the objects may be there or not.
    Store(E),
}

impl<E> From<E> for CreateError<E> {
    fn from(error: E) -> Self {
        Self::Store(error)
    }
}

impl<E: fmt::Display> fmt::Display for CreateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { name } => write!(f, "{name} is there with other bytes"),
            Self::Store(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for CreateError<E> {}

/// Objects that never change: tiles, entry bundles and staged batches.
///
/// One object is not immutable: the public checkpoint, which readers start from.
pub trait ObjectStore: Store {
    /// The bytes of an object; `None` where there is none.
    ///
    /// # Errors
    ///
    /// The store's.
    fn object(&self, name: &str) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Creates objects. When it returns, all of them survive a power cut, also those that were there already.
    ///
    /// # Errors
    ///
    /// [`CreateError::Conflict`], naming an object that is there with other bytes; with the same bytes it is fine.
    fn create(&mut self, objects: &[Object<'_>]) -> Result<(), CreateError<Self::Error>>;

    /// Removes an object. It may come back after a power cut. That there is none is fine.
    ///
    /// # Errors
    ///
    /// The store's.
    fn remove(&mut self, name: &str) -> Result<(), Self::Error>;

    /// The checkpoint that readers see.
    ///
    /// # Errors
    ///
    /// The store's.
    fn published(&self) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Replaces the checkpoint that readers see. At every moment, also after a power cut, they see the old one or the
    /// new one, and after this returned the new one.
    ///
    /// # Errors
    ///
    /// The store's.
    fn publish(&mut self, checkpoint: &[u8]) -> Result<(), Self::Error>;
}

/// [`ObjectStore`], asynchronous. Every synchronous store is one, whose futures are ready.
pub trait AsyncObjectStore: Store {
    /// As [`ObjectStore::object`].
    fn object(&self, name: &str) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>>;

    /// As [`ObjectStore::create`].
    fn create(
        &mut self,
        objects: &[Object<'_>],
    ) -> impl Future<Output = Result<(), CreateError<Self::Error>>>;

    /// As [`ObjectStore::remove`].
    fn remove(&mut self, name: &str) -> impl Future<Output = Result<(), Self::Error>>;

    /// As [`ObjectStore::published`].
    fn published(&self) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>>;

    /// As [`ObjectStore::publish`].
    fn publish(&mut self, checkpoint: &[u8]) -> impl Future<Output = Result<(), Self::Error>>;
}

impl<S: ObjectStore> AsyncObjectStore for S {
    fn object(&self, name: &str) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> {
        ready(ObjectStore::object(self, name))
    }

    fn create(
        &mut self,
        objects: &[Object<'_>],
    ) -> impl Future<Output = Result<(), CreateError<Self::Error>>> {
        ready(ObjectStore::create(self, objects))
    }

    fn remove(&mut self, name: &str) -> impl Future<Output = Result<(), Self::Error>> {
        ready(ObjectStore::remove(self, name))
    }

    fn published(&self) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> {
        ready(ObjectStore::published(self))
    }

    fn publish(&mut self, checkpoint: &[u8]) -> impl Future<Output = Result<(), Self::Error>> {
        ready(ObjectStore::publish(self, checkpoint))
    }
}
