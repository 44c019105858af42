//! The roots that the proofs of one receipt lead to.

use super::{Error, ErrorKind, Limits};
use crate::Rule;

/// The different roots that the proofs of one receipt lead to, in the order of the proofs.
///
/// Proofs that lead to one root are one root here, so that it costs one check of the signature
/// however many they are.
#[derive(Default)]
pub(super) struct Roots {
    roots: [Root; Limits::MOST_ROOTS],
    count: usize,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Root {
    pub(super) hash: [u8; 32],
    /// Whether a path without elements leads here.
    pub(super) by_empty_path: bool,
}

impl Roots {
    /// Adds a root, unless it is among them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooManyProofs`] if there is no room for it.
    pub(super) fn add(&mut self, hash: [u8; 32], by_empty_path: bool) -> Result<(), Error> {
        let known = self.roots.iter_mut().take(self.count).find(|known| known.hash == hash);
        if let Some(known) = known {
            known.by_empty_path |= by_empty_path;
            return Ok(());
        }
        let room = self.roots.get_mut(self.count).ok_or(Error::new(ErrorKind::TooManyProofs))?;
        *room = Root { hash, by_empty_path };
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Root> {
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
}
