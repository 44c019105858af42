//! The roots that the proofs of one receipt lead to.

use super::{Error, ErrorKind, Limits};
use crate::Rule;

/// The different roots that the proofs of one receipt lead to, in the order of the proofs.
///
/// Proofs that lead to one root are one root here, so that it costs one check of the signature
/// however many they are. It is large: it has ended when signatures are checked, and what is left
/// of it then are [`DistinctRoots`].
#[derive(Default)]
pub(super) struct Roots {
    roots: [Root; Limits::MOST_ROOTS],
    proofs: [u16; Limits::MOST_ROOTS],
    count: usize,
    /// How many proofs there were.
    added: usize,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Root {
    pub(super) hash: [u8; 32],
    /// Whether a path without elements leads here.
    pub(super) by_empty_path: bool,
}

/// The first root of a receipt, and which of its proofs lead to others.
///
/// # State, invariant, cost
///
/// The log signs one root, so a receipt of several is a rare thing, or none at all: of each root
/// after the first, the first proof that leads there is kept, and followed once more when its turn
/// comes. That is a seventh of the memory that all roots take, while a signature is checked.
pub(super) struct DistinctRoots {
    first: Option<Root>,
    /// Of each root after the first, the first proof that leads there, counted from zero.
    later: [u16; Limits::MOST_ROOTS - 1],
    /// To which of these a path without elements leads, one bit each.
    by_empty_path: u16,
    count: usize,
}

impl Roots {
    /// Adds the root of the next proof, unless it is among them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooManyProofs`] if there is no room for it.
    pub(super) fn add(&mut self, hash: [u8; 32], by_empty_path: bool) -> Result<(), Error> {
        const FULL: Error = Error::new(ErrorKind::TooManyProofs);
        let proof = u16::try_from(self.added).map_err(|_| FULL)?;
        self.added = self.added.saturating_add(1);
        let known = self.roots.iter_mut().take(self.count).find(|known| known.hash == hash);
        if let Some(known) = known {
            known.by_empty_path |= by_empty_path;
            return Ok(());
        }
        *self.roots.get_mut(self.count).ok_or(FULL)? = Root { hash, by_empty_path };
        *self.proofs.get_mut(self.count).ok_or(FULL)? = proof;
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    fn iter(&self) -> impl Iterator<Item = &Root> {
        self.roots.iter().take(self.count)
    }

    /// Returns the only root: all proofs of a receipt of a CCF ledger lead to one
    /// (draft-ietf-scitt-receipts-ccf-profile 3.2).
    pub(super) fn only(&self) -> Result<&Root, Error> {
        let mut roots = self.iter();
        match (roots.next(), roots.next()) {
            (Some(root), None) => Ok(root),
            (Some(_), Some(_)) => Err(ErrorKind::Verification { rule: Rule::CcfOneRoot }.into()),
            (None, _) => Err(Error::malformed(Rule::ReceiptProofs, 0)),
        }
    }

    /// Returns what tells the roots apart.
    pub(super) fn distinct(&self) -> DistinctRoots {
        let first = self.iter().next().copied();
        let mut later = [0; Limits::MOST_ROOTS - 1];
        let mut by_empty_path = 0;
        let others = self.iter().zip(&self.proofs).skip(1);
        for ((place, bit), (root, proof)) in later.iter_mut().zip(0..).zip(others) {
            *place = *proof;
            by_empty_path |= u16::from(root.by_empty_path).checked_shl(bit).unwrap_or(0);
        }
        DistinctRoots { first, later, by_empty_path, count: self.count }
    }
}

impl DistinctRoots {
    /// Sets `root` to the one at `place`, counted from zero: one after the first by `follow`, which
    /// follows a proof. Returns whether there is one; `outcome` becomes what kept `follow` from it.
    #[inline(never)] // So that its frame has ended before a signature is checked.
    pub(super) fn read(
        &self,
        place: usize,
        follow: &mut dyn FnMut(usize) -> Result<[u8; 32], Error>,
        root: &mut Root,
        outcome: &mut Result<(), Error>,
    ) -> bool {
        let Some(before) = place.checked_sub(1) else {
            *root = self.first.unwrap_or_default();
            return self.first.is_some();
        };
        let mut later = self.later.iter().zip(0..).take(self.count.saturating_sub(1));
        let Some((proof, bit)) = later.nth(before) else { return false };
        match follow(usize::from(*proof)) {
            Ok(hash) => {
                let bits = self.by_empty_path.checked_shr(bit).unwrap_or(0);
                *root = Root { hash, by_empty_path: bits & 1 == 1 };
                true
            }
            Err(error) => {
                *outcome = Err(error);
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_roots_are_one_root() {
        let mut roots = Roots::default();
        for by_empty_path in [false, true, false] {
            roots.add([1; 32], by_empty_path).unwrap();
        }
        assert_eq!(roots.iter().count(), 1);
        assert!(roots.only().is_ok_and(|root| root.hash == [1; 32] && root.by_empty_path));
        roots.add([2; 32], false).unwrap();
        assert_eq!(roots.iter().count(), 2);
        let refused = ErrorKind::Verification { rule: Rule::CcfOneRoot };
        assert_eq!(roots.only().err().map(|error| error.kind()), Some(refused));
    }

    #[test]
    fn more_roots_than_there_is_room_for_are_refused() {
        let mut roots = Roots::default();
        for byte in 0..16 {
            roots.add([byte; 32], false).unwrap();
        }
        assert_eq!(roots.add([15; 32], false), Ok(()), "it is among them");
        assert_eq!(roots.add([16; 32], false), Err(ErrorKind::TooManyProofs.into()));
    }

    #[test]
    fn a_root_after_the_first_is_that_of_the_first_proof_that_leads_there() {
        let mut roots = Roots::default();
        for (byte, by_empty_path) in [(1, false), (1, true), (2, false), (1, false), (3, true)] {
            roots.add([byte; 32], by_empty_path).unwrap();
        }
        let distinct = roots.distinct();
        let mut followed = [None; 2];
        let mut read = |place| {
            let mut follow = |proof| {
                followed = [followed[1], Some(proof)];
                Ok([7; 32])
            };
            let (mut root, mut outcome) = (Root::default(), Ok(()));
            let is_there = distinct.read(place, &mut follow, &mut root, &mut outcome);
            assert_eq!(outcome, Ok(()));
            is_there.then_some((root.hash[0], root.by_empty_path))
        };
        let read = [read(0), read(1), read(2), read(3)];
        assert_eq!(read, [Some((1, true)), Some((7, false)), Some((7, true)), None]);
        assert_eq!(followed, [Some(2), Some(4)]);

        let refused = Error::new(ErrorKind::TooManyProofs);
        let (mut root, mut outcome) = (Root::default(), Ok(()));
        assert!(!distinct.read(1, &mut |_| Err(refused), &mut root, &mut outcome));
        assert_eq!(outcome, Err(refused));
        let none = Roots::default().distinct();
        assert!(!none.read(0, &mut |_| Err(refused), &mut root, &mut Ok(())));
    }
}
