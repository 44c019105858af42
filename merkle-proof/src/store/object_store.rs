//! Immutable objects, and the checkpoint that is served beside them.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::future::{Future, ready};

use super::Store;

/// An object to be created.
#[derive(Clone, Copy, Debug)]
pub struct Object<'o> {
    /// `tile/...`, the path of a [`Tile`](crate::tlog::Tile), or `staged/` and 64 hexadecimal
    /// digits.
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

/// Objects that never change, tiles and entry bundles; batches that are staged; and the public
/// checkpoint.
///
/// Three promises about a power cut:
///
/// - what is [staged](Self::stage) survives it together with the next state that is swapped;
/// - what is [created](Self::create) survives it from when [`settled`](Self::settled) said so
///   after a [`settle`](Self::settle): before, a cut may take it away, or leave something else
///   under its name, since the staged batches bring it back;
/// - of the public checkpoint readers see an old one or the new one at any moment, whole.
///
/// A store whose `create` and `publish` are durable at once, as on a network, leaves all methods
/// out that have a body.
pub trait ObjectStore: Store {
    /// Returns the bytes of an object, or `None` where there is no such object.
    ///
    /// # Errors
    ///
    /// The store's.
    fn object(&self, name: &str) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Creates objects, also those that are there already with the same bytes.
    ///
    /// # Errors
    ///
    /// [`CreateError::Conflict`], naming an object that is there with other bytes.
    fn create(&mut self, objects: &[Object<'_>]) -> Result<(), CreateError<Self::Error>>;

    /// Removes an object, if it is there. It may come back after a power cut.
    ///
    /// # Errors
    ///
    /// The store's.
    fn remove(&mut self, name: &str) -> Result<(), Self::Error>;

    /// Returns the names of the objects in a folder, in any order: `folder`, a slash, and something
    /// without a slash.
    ///
    /// # Errors
    ///
    /// The store's.
    fn list(&self, folder: &str) -> Result<Vec<String>, Self::Error>;

    /// Returns the checkpoint that readers see, or `None` where none was published yet.
    ///
    /// # Errors
    ///
    /// The store's.
    fn published(&self) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Replaces the checkpoint that readers see.
    ///
    /// # Errors
    ///
    /// The store's.
    fn publish(&mut self, checkpoint: &[u8]) -> Result<(), Self::Error>;

    /// Writes objects in the place of those that are there with other bytes: a power cut can leave
    /// parts of objects, which are made again so.
    ///
    /// # Errors
    ///
    /// The store's.
    fn replace(&mut self, objects: &[Object<'_>]) -> Result<(), CreateError<Self::Error>> {
        for object in objects {
            self.remove(object.name)?;
        }
        self.create(objects)
    }

    /// Returns how many staged batches the store holds at most. A log waits before it stages more.
    fn slots(&self) -> u64 {
        2
    }

    /// Stages a batch, whose bytes are `parts` one after the other. It survives a power cut from
    /// the next [`Swap::Won`](super::Swap::Won) on.
    ///
    /// No two batches ever have one `name`. `sequence` is the number of the batch; the batch whose
    /// number is [`slots`](Self::slots) lower is not needed any more.
    ///
    /// # Errors
    ///
    /// The store's.
    fn stage(
        &mut self,
        sequence: u64,
        name: &str,
        parts: &[&[u8]],
    ) -> Result<(), CreateError<Self::Error>> {
        _ = sequence;
        self.create(&[Object { name, bytes: &parts.concat() }])
    }

    /// Returns the bytes that were staged under this number and name, perhaps with other bytes
    /// after them, or `None` where there are none.
    ///
    /// # Errors
    ///
    /// The store's.
    fn staged(&self, sequence: u64, name: &str) -> Result<Option<Vec<u8>>, Self::Error> {
        _ = sequence;
        self.object(name)
    }

    /// Lets go of a staged batch, if it is there.
    ///
    /// # Errors
    ///
    /// The store's.
    fn unstage(&mut self, sequence: u64, name: &str) -> Result<(), Self::Error> {
        _ = sequence;
        self.remove(name)
    }

    /// Begins to make durable what was created, and what was inserted into the index, before this
    /// call. It may return before that is done.
    ///
    /// # Errors
    ///
    /// The store's.
    fn settle(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Returns whether what the last [`settle`](Self::settle) began is done.
    ///
    /// # Errors
    ///
    /// The store's, also for what failed since it began.
    fn settled(&mut self) -> Result<bool, Self::Error> {
        Ok(true)
    }

    /// Waits until what the last [`settle`](Self::settle) began is done.
    ///
    /// # Errors
    ///
    /// The store's.
    fn finish_settling(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// An [`ObjectStore`] that may have to be waited for. Every synchronous store is one, whose futures
/// are ready at once.
pub trait AsyncObjectStore: Store {
    /// Returns the bytes as [`ObjectStore::object`] does.
    fn object_async(
        &self,
        name: &str,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>>;

    /// Creates objects as [`ObjectStore::create`] does.
    fn create_async(
        &mut self,
        objects: &[Object<'_>],
    ) -> impl Future<Output = Result<(), CreateError<Self::Error>>>;

    /// Removes an object as [`ObjectStore::remove`] does.
    fn remove_async(&mut self, name: &str) -> impl Future<Output = Result<(), Self::Error>>;

    /// Returns names as [`ObjectStore::list`] does.
    fn list_async(&self, folder: &str) -> impl Future<Output = Result<Vec<String>, Self::Error>>;

    /// Returns the checkpoint as [`ObjectStore::published`] does.
    fn published_async(&self) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>>;

    /// Publishes as [`ObjectStore::publish`] does.
    fn publish_async(&mut self, checkpoint: &[u8])
    -> impl Future<Output = Result<(), Self::Error>>;

    /// Writes objects as [`ObjectStore::replace`] does.
    fn replace_async(
        &mut self,
        objects: &[Object<'_>],
    ) -> impl Future<Output = Result<(), CreateError<Self::Error>>> {
        async move {
            for object in objects {
                self.remove_async(object.name).await?;
            }
            self.create_async(objects).await
        }
    }

    /// Returns the number as [`ObjectStore::slots`] does.
    fn slots_async(&self) -> u64 {
        2
    }

    /// Stages a batch as [`ObjectStore::stage`] does.
    fn stage_async(
        &mut self,
        sequence: u64,
        name: &str,
        parts: &[&[u8]],
    ) -> impl Future<Output = Result<(), CreateError<Self::Error>>> {
        async move {
            _ = sequence;
            self.create_async(&[Object { name, bytes: &parts.concat() }]).await
        }
    }

    /// Returns a batch as [`ObjectStore::staged`] does.
    fn staged_async(
        &self,
        sequence: u64,
        name: &str,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> {
        _ = sequence;
        self.object_async(name)
    }

    /// Lets go of a batch as [`ObjectStore::unstage`] does.
    fn unstage_async(
        &mut self,
        sequence: u64,
        name: &str,
    ) -> impl Future<Output = Result<(), Self::Error>> {
        _ = sequence;
        self.remove_async(name)
    }

    /// Begins to settle as [`ObjectStore::settle`] does.
    fn settle_async(&mut self) -> impl Future<Output = Result<(), Self::Error>> {
        ready(Ok(()))
    }

    /// Returns the answer as [`ObjectStore::settled`] does.
    fn settled_async(&mut self) -> impl Future<Output = Result<bool, Self::Error>> {
        ready(Ok(true))
    }

    /// Waits as [`ObjectStore::finish_settling`] does.
    fn finish_settling_async(&mut self) -> impl Future<Output = Result<(), Self::Error>> {
        ready(Ok(()))
    }
}

impl<S: ObjectStore> AsyncObjectStore for S {
    fn object_async(
        &self,
        name: &str,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> {
        ready(self.object(name))
    }

    fn create_async(
        &mut self,
        objects: &[Object<'_>],
    ) -> impl Future<Output = Result<(), CreateError<Self::Error>>> {
        ready(self.create(objects))
    }

    fn remove_async(&mut self, name: &str) -> impl Future<Output = Result<(), Self::Error>> {
        ready(self.remove(name))
    }

    fn list_async(&self, folder: &str) -> impl Future<Output = Result<Vec<String>, Self::Error>> {
        ready(self.list(folder))
    }

    fn published_async(&self) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> {
        ready(self.published())
    }

    fn publish_async(
        &mut self,
        checkpoint: &[u8],
    ) -> impl Future<Output = Result<(), Self::Error>> {
        ready(self.publish(checkpoint))
    }

    fn replace_async(
        &mut self,
        objects: &[Object<'_>],
    ) -> impl Future<Output = Result<(), CreateError<Self::Error>>> {
        ready(self.replace(objects))
    }

    fn slots_async(&self) -> u64 {
        self.slots()
    }

    fn stage_async(
        &mut self,
        sequence: u64,
        name: &str,
        parts: &[&[u8]],
    ) -> impl Future<Output = Result<(), CreateError<Self::Error>>> {
        ready(self.stage(sequence, name, parts))
    }

    fn staged_async(
        &self,
        sequence: u64,
        name: &str,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> {
        ready(self.staged(sequence, name))
    }

    fn unstage_async(
        &mut self,
        sequence: u64,
        name: &str,
    ) -> impl Future<Output = Result<(), Self::Error>> {
        ready(self.unstage(sequence, name))
    }

    fn settle_async(&mut self) -> impl Future<Output = Result<(), Self::Error>> {
        ready(self.settle())
    }

    fn settled_async(&mut self) -> impl Future<Output = Result<bool, Self::Error>> {
        ready(self.settled())
    }

    fn finish_settling_async(&mut self) -> impl Future<Output = Result<(), Self::Error>> {
        ready(self.finish_settling())
    }
}
