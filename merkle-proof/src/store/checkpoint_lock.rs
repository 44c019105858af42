//! The one value that decides what the log is.

use alloc::vec::Vec;
use core::future::{Future, ready};

use super::Store;

/// How a compare-and-swap ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "whoever lost has committed nothing"]
#[allow(clippy::exhaustive_enums, reason = "it took place, or not")]
pub enum Swap {
    /// The value was the expected one. Now it is the new one.
    Won,
    /// The value was not the expected one, and has not changed.
    Lost,
}

/// One small value (under 4 KiB) with compare-and-swap: the commit point.
///
/// Of all writers that read one state, at most one moves the log on, so that it cannot fork.
pub trait CheckpointLock: Store {
    /// Returns the value, or `None` before the first [`swap`](Self::swap).
    ///
    /// # Errors
    ///
    /// The store's.
    fn load(&self) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Puts `new` in the place of the value, if the value is `expected`. `None` expects that there
    /// is no value yet.
    /// When it returns [`Swap::Won`], the new value survives a power cut.
    ///
    /// # Errors
    ///
    /// The store's. Then the value is the old one or the new one, nobody knows which, and the log
    /// is opened again.
    fn swap(&mut self, expected: Option<&[u8]>, new: &[u8]) -> Result<Swap, Self::Error>;
}

/// A [`CheckpointLock`] that may have to be waited for. Every synchronous store is one, whose
/// futures are ready at once.
pub trait AsyncCheckpointLock: Store {
    /// Returns the value as [`CheckpointLock::load`] does.
    fn load_async(&self) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>>;

    /// Compares and swaps as [`CheckpointLock::swap`] does.
    fn swap_async(
        &mut self,
        expected: Option<&[u8]>,
        new: &[u8],
    ) -> impl Future<Output = Result<Swap, Self::Error>>;
}

impl<S: CheckpointLock> AsyncCheckpointLock for S {
    fn load_async(&self) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> {
        ready(self.load())
    }

    fn swap_async(
        &mut self,
        expected: Option<&[u8]>,
        new: &[u8],
    ) -> impl Future<Output = Result<Swap, Self::Error>> {
        ready(self.swap(expected, new))
    }
}
