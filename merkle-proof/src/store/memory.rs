//! A store in memory.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::convert::Infallible;

use super::{CheckpointLock, CreateError, DedupIndex, Identity, Object, ObjectStore, Store, Swap};

/// A store in memory, for tests and for logs that need not outlive their process. It never fails.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    objects: BTreeMap<String, Vec<u8>>,
    published: Option<Vec<u8>>,
    state: Option<Vec<u8>>,
    index: BTreeMap<Identity, u64>,
}

impl MemoryStore {
    /// Makes an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Store for MemoryStore {
    type Error = Infallible;
}

impl ObjectStore for MemoryStore {
    fn object(&self, name: &str) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.objects.get(name).cloned())
    }

    fn create(&mut self, objects: &[Object<'_>]) -> Result<(), CreateError<Infallible>> {
        for Object { name, bytes } in objects {
            let there = self.objects.entry((*name).into()).or_insert_with(|| (*bytes).into());
            if there != bytes {
                return Err(CreateError::Conflict { name: (*name).into() });
            }
        }
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<(), Infallible> {
        self.objects.remove(name);
        Ok(())
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, Infallible> {
        let within = |name: &&String| {
            let last = name.strip_prefix(folder).and_then(|name| name.strip_prefix('/'));
            last.is_some_and(|last| !last.contains('/'))
        };
        Ok(self.objects.keys().filter(within).cloned().collect())
    }

    fn published(&self) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.published.clone())
    }

    fn publish(&mut self, checkpoint: &[u8]) -> Result<(), Infallible> {
        self.published = Some(checkpoint.into());
        Ok(())
    }
}

impl CheckpointLock for MemoryStore {
    fn load(&self) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.state.clone())
    }

    fn swap(&mut self, expected: Option<&[u8]>, new: &[u8]) -> Result<Swap, Infallible> {
        if self.state.as_deref() != expected {
            return Ok(Swap::Lost);
        }
        self.state = Some(new.into());
        Ok(Swap::Won)
    }
}

impl DedupIndex for MemoryStore {
    fn find(&self, identities: &[Identity]) -> Result<Vec<Option<u64>>, Infallible> {
        Ok(identities.iter().map(|identity| self.index.get(identity).copied()).collect())
    }

    fn count(&self) -> Result<u64, Infallible> {
        Ok(u64::try_from(self.index.len()).unwrap_or(u64::MAX))
    }

    fn insert(&mut self, entries: &[(Identity, u64)]) -> Result<(), Infallible> {
        self.index.extend(entries.iter().copied());
        Ok(())
    }
}
