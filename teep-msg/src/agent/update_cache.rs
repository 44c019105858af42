//! Which Updates an Agent has seen.

use crate::{Error, Misuse};

/// The SHA-256 digests of the last `N` Updates that were acted upon. An Agent keeps it over
/// restarts, and gives it to every session: a repeated Update then does nothing, even one that only
/// unlinks and has no sequence number.
///
/// What is older than `N` Updates is forgotten. Such a replay meets two more walls: it has to come
/// as the one Update after a QueryResponse of this Agent's own, and its manifests meet the sequence
/// numbers that are stored. An Update that only unlinks can then remove again what was installed
/// anew since.
///
/// # State, invariant, cost
///
/// A ring: `next` is where the next digest goes. A lookup compares with all of them.
#[derive(Clone, Debug)]
pub struct UpdateCache<const N: usize> {
    digests: [[u8; 32]; N],
    next: usize,
}

/// What a session needs of a cache, of whatever size.
pub trait SeenUpdates {
    /// Tells whether an Update of this digest was acted upon.
    fn has(&self, digest: &[u8; 32]) -> bool;

    /// Remembers an Update that will be acted upon. Whoever stores the cache stores it before
    /// anything is installed or removed.
    fn insert(&mut self, digest: &[u8; 32]);
}

impl<const N: usize> UpdateCache<N> {
    /// Knows no Update.
    #[must_use]
    pub const fn new() -> Self {
        Self { digests: [[0; 32]; N], next: 0 }
    }

    /// Returns the digests, the oldest first, to be stored.
    pub fn digests(&self) -> impl Iterator<Item = &[u8; 32]> {
        let (newer, older) = self.digests.split_at_checked(self.next).unwrap_or_default();
        older.iter().chain(newer).filter(|digest| **digest != [0; 32])
    }

    /// Fills an empty cache from stored digests, the oldest first.
    ///
    /// # Errors
    ///
    /// `Misuse` for more digests than there is room for.
    pub fn restore<'d>(digests: impl IntoIterator<Item = &'d [u8; 32]>) -> Result<Self, Error> {
        let mut cache = Self::new();
        for (count, digest) in digests.into_iter().enumerate() {
            if count >= N {
                return Err(Error::misuse(Misuse::State));
            }
            cache.insert(digest);
        }
        Ok(cache)
    }
}

impl<const N: usize> Default for UpdateCache<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> SeenUpdates for UpdateCache<N> {
    fn has(&self, digest: &[u8; 32]) -> bool {
        self.digests.contains(digest)
    }

    fn insert(&mut self, digest: &[u8; 32]) {
        if let Some(slot) = self.digests.get_mut(self.next) {
            *slot = *digest;
            self.next = self.next.saturating_add(1);
        }
        if self.next >= N {
            self.next = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first_and_the_order_survives_a_restart() {
        let mut cache = UpdateCache::<2>::new();
        for number in 1..=3 {
            cache.insert(&[number; 32]);
        }
        assert!(!cache.has(&[1; 32]) && cache.has(&[2; 32]) && cache.has(&[3; 32]));
        let mut again = UpdateCache::<2>::restore(cache.digests()).unwrap();
        again.insert(&[4; 32]);
        assert!(!again.has(&[2; 32]) && again.has(&[3; 32]) && again.has(&[4; 32]));
        assert!(UpdateCache::<1>::restore([&[1; 32], &[2; 32]]).is_err());
    }
}
