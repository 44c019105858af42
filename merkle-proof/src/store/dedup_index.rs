//! Which entries the log has already.

use alloc::vec::Vec;
use core::fmt;
use core::future::{Future, ready};

use super::Store;
use crate::TreeHash;

/// The 32 bytes by which a log knows an entry again. Two entries of one identity are one entry, so
/// nobody must be able to make two entries of one identity: take a hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity([u8; 32]);

impl Identity {
    /// Makes an identity of the caller's choice, for example the digest of a statement.
    #[must_use]
    pub const fn new(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// Returns its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// An entry to be appended.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'e> {
    /// An entry of this identity enters the log once.
    pub identity: Identity,
    /// At most 65 535 bytes (C2SP tlog-tiles). Of larger entries log a digest.
    pub bytes: &'e [u8],
}

impl<'e> Entry<'e> {
    /// Makes an entry whose identity is its leaf hash, so that the log holds no two entries of
    /// equal bytes.
    pub fn new<T: TreeHash<Hash = [u8; 32]>>(tree: &T, bytes: &'e [u8]) -> Self {
        Self { identity: Identity(tree.leaf(&[bytes])), bytes }
    }
}

/// The leaf index of each entry, by its identity. All of it follows from the entries, so a lost
/// index can be made again.
pub trait DedupIndex: Store {
    /// Returns the leaf index of each identity, in the order of `identities`; `None` where the log
    /// has no such entry.
    ///
    /// # Errors
    ///
    /// The store's.
    fn find(&self, identities: &[Identity]) -> Result<Vec<Option<u64>>, Self::Error>;

    /// Returns how many identities have an index.
    ///
    /// # Errors
    ///
    /// The store's.
    fn count(&self) -> Result<u64, Self::Error>;

    /// Adds entries, in the place of those that are there already.
    ///
    /// They must survive a power cut from when [`settled`](super::ObjectStore::settled) said so
    /// after a [`settle`](super::ObjectStore::settle), not earlier: until then the staged batches
    /// bring them back.
    ///
    /// # Errors
    ///
    /// The store's.
    fn insert(&mut self, entries: &[(Identity, u64)]) -> Result<(), Self::Error>;
}

/// A [`DedupIndex`] that may have to be waited for. Every synchronous store is one, whose futures
/// are ready at once.
pub trait AsyncDedupIndex: Store {
    /// Returns the indexes as [`DedupIndex::find`] does.
    fn find_async(
        &self,
        identities: &[Identity],
    ) -> impl Future<Output = Result<Vec<Option<u64>>, Self::Error>>;

    /// Returns the number as [`DedupIndex::count`] does.
    fn count_async(&self) -> impl Future<Output = Result<u64, Self::Error>>;

    /// Adds entries as [`DedupIndex::insert`] does.
    fn insert_async(
        &mut self,
        entries: &[(Identity, u64)],
    ) -> impl Future<Output = Result<(), Self::Error>>;
}

impl<S: DedupIndex> AsyncDedupIndex for S {
    fn find_async(
        &self,
        identities: &[Identity],
    ) -> impl Future<Output = Result<Vec<Option<u64>>, Self::Error>> {
        ready(self.find(identities))
    }

    fn count_async(&self) -> impl Future<Output = Result<u64, Self::Error>> {
        ready(self.count())
    }

    fn insert_async(
        &mut self,
        entries: &[(Identity, u64)],
    ) -> impl Future<Output = Result<(), Self::Error>> {
        ready(self.insert(entries))
    }
}
