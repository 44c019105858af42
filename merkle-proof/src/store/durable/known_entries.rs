//! The index of a store that somebody else writes.

use core::fmt;
use std::sync::Arc;
use std::vec::Vec;

use super::DurableError;
use super::index::Index;
use crate::store::Identity;

/// Answers where entries of an open [`DurableStore`](super::DurableStore) stand, from any thread,
/// while the store belongs to a log.
///
/// It is for [`Sequencer::start_with_known`](crate::store::Sequencer::start_with_known). After the
/// store was dropped it answers from what was known then, and keeps the index open: drop it before
/// the folder is opened again.
#[derive(Clone)]
pub struct KnownEntries {
    index: Arc<Index>,
}

impl KnownEntries {
    pub(super) const fn new(index: Arc<Index>) -> Self {
        Self { index }
    }

    /// Returns the leaf index of an entry, or `None` where it is not in the log.
    ///
    /// # Errors
    ///
    /// [`DurableError::Damaged`] where the index cannot be read.
    pub fn find(&self, identity: &Identity) -> Result<Option<u64>, DurableError> {
        Ok(self.find_all(core::slice::from_ref(identity))?.into_iter().next().flatten())
    }

    /// Returns the leaf index of each entry, in the order of `identities`.
    ///
    /// # Errors
    ///
    /// Those of [`find`](Self::find).
    pub fn find_all(&self, identities: &[Identity]) -> Result<Vec<Option<u64>>, DurableError> {
        self.index.find(identities)
    }
}

impl fmt::Debug for KnownEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownEntries").finish_non_exhaustive()
    }
}
