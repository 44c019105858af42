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
    /// The bytes of an object; `None` where there is none.
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

    /// Removes an object. It may come back after a power cut. That there is none is fine.
    ///
    /// # Errors
    ///
    /// The store's.
    fn remove(&mut self, name: &str) -> Result<(), Self::Error>;

    /// The names of the objects whose names are `folder`, a slash, and something without a slash,
    /// in any order.
    ///
    /// # Errors
    ///
    /// The store's.
    fn list(&self, folder: &str) -> Result<Vec<String>, Self::Error>;

    /// The checkpoint that readers see.
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

    /// Creates objects in the place of those that are there with other bytes: what a cut tore is
    /// made again.
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

    /// How many staged batches the store holds at most. A log waits before it stages more.
    fn slots(&self) -> u64 {
        2
    }

    /// Stages a batch, so that it survives a power cut from the next
    /// [`Swap::Won`](super::Swap::Won) on; its bytes come in parts. `name` is no other batch's,
    /// ever; `sequence` counts the batches, and the one that was [`slots`](Self::slots) before is
    /// not needed any more.
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

    /// What was staged so, perhaps with something after it; `None` where there is nothing.
    ///
    /// # Errors
    ///
    /// The store's.
    fn staged(&self, sequence: u64, name: &str) -> Result<Option<Vec<u8>>, Self::Error> {
        _ = sequence;
        self.object(name)
    }

    /// Lets go of a staged batch. That there is none is fine.
    ///
    /// # Errors
    ///
    /// The store's.
    fn unstage(&mut self, sequence: u64, name: &str) -> Result<(), Self::Error> {
        _ = sequence;
        self.remove(name)
    }

    /// Begins to make durable what was created, and what was inserted into the index, before this
    /// call. Need not wait.
    ///
    /// # Errors
    ///
    /// The store's.
    fn settle(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Tells whether what the last [`settle`](Self::settle) began is done.
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

/// [`ObjectStore`], asynchronous. Every synchronous store is one, whose futures are ready.
pub trait AsyncObjectStore: Store {
    /// As [`ObjectStore::object`].
    fn object_async(
        &self,
        name: &str,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>>;

    /// As [`ObjectStore::create`].
    fn create_async(
        &mut self,
        objects: &[Object<'_>],
    ) -> impl Future<Output = Result<(), CreateError<Self::Error>>>;

    /// As [`ObjectStore::remove`].
    fn remove_async(&mut self, name: &str) -> impl Future<Output = Result<(), Self::Error>>;

    /// As [`ObjectStore::list`].
    fn list_async(&self, folder: &str) -> impl Future<Output = Result<Vec<String>, Self::Error>>;

    /// As [`ObjectStore::published`].
    fn published_async(&self) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>>;

    /// As [`ObjectStore::publish`].
    fn publish_async(&mut self, checkpoint: &[u8])
    -> impl Future<Output = Result<(), Self::Error>>;

    /// As [`ObjectStore::replace`].
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

    /// As [`ObjectStore::slots`].
    fn slots_async(&self) -> u64 {
        2
    }

    /// As [`ObjectStore::stage`].
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

    /// As [`ObjectStore::staged`].
    fn staged_async(
        &self,
        sequence: u64,
        name: &str,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> {
        _ = sequence;
        self.object_async(name)
    }

    /// As [`ObjectStore::unstage`].
    fn unstage_async(
        &mut self,
        sequence: u64,
        name: &str,
    ) -> impl Future<Output = Result<(), Self::Error>> {
        _ = sequence;
        self.remove_async(name)
    }

    /// As [`ObjectStore::settle`].
    fn settle_async(&mut self) -> impl Future<Output = Result<(), Self::Error>> {
        ready(Ok(()))
    }

    /// As [`ObjectStore::settled`].
    fn settled_async(&mut self) -> impl Future<Output = Result<bool, Self::Error>> {
        ready(Ok(true))
    }

    /// As [`ObjectStore::finish_settling`].
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
