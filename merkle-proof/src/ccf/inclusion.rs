//! Inclusion proofs of a CCF ledger, verified.

use super::PathElement;
use crate::root::hash_from;
use crate::{CcfLedger, Error, Limit, MAX_PATH, RootFromProof, Rule, TreeHash, TrustedRoot};

/// A CCF inclusion proof while it is being followed, one path element at a time
/// (draft-ietf-scitt-receipts-ccf-profile 3.2).
///
/// An empty path is followed too: it is that of a ledger with one entry. A strict reader of the
/// CDDL's `[+ ...]` refuses it before.
#[derive(Clone, Debug)]
pub struct InclusionFold<'t, T: TreeHash<Kind = CcfLedger> + ?Sized> {
    tree: &'t T,
    hash: T::Hash,
    /// How many more elements are followed: no ledger is so large that it needs more.
    room: usize,
}

impl<'t, T: TreeHash<Kind = CcfLedger> + ?Sized> InclusionFold<'t, T> {
    /// Begins at the hash of a leaf, [`Leaf::hash`](super::Leaf::hash).
    pub fn new(tree: &'t T, leaf: &T::Hash) -> Self {
        Self { tree, hash: *leaf, room: MAX_PATH }
    }

    /// Takes the next path element, and hashes it with what is known so far.
    ///
    /// # Errors
    ///
    /// [`HashLength`](crate::Malformed::HashLength); [`Limit::PathLength`].
    pub fn push<B: AsRef<[u8]>>(&mut self, element: PathElement<B>) -> Result<(), Error> {
        let sibling = hash_from(element.hash.as_ref(), Rule::CcfHashLength)?;
        self.room = self.room.checked_sub(1).ok_or(Error::Limit(Limit::PathLength))?;
        self.hash = fold(self.tree, element.left, &sibling, &self.hash);
        Ok(())
    }

    /// Returns the root that the path leads to.
    pub fn finish(self) -> RootFromProof<CcfLedger, T::Hash> {
        RootFromProof::new(self.hash, Rule::CcfInclusionRoot)
    }
}

pub(super) fn fold<T>(tree: &T, left: bool, sibling: &T::Hash, hash: &T::Hash) -> T::Hash
where
    T: TreeHash<Kind = CcfLedger> + ?Sized,
{
    if left { tree.node(sibling, hash) } else { tree.node(hash, sibling) }
}

/// Computes the root that a CCF inclusion proof leads to (`compute_root`,
/// draft-ietf-scitt-receipts-ccf-profile 3.2).
///
/// # Errors
///
/// [`HashLength`](crate::Malformed::HashLength); [`Limit::PathLength`].
pub fn root_from_inclusion<T, P, B>(
    tree: &T,
    leaf: &T::Hash,
    path: P,
) -> Result<RootFromProof<CcfLedger, T::Hash>, Error>
where
    T: TreeHash<Kind = CcfLedger> + ?Sized,
    P: IntoIterator<Item = PathElement<B>>,
    B: AsRef<[u8]>,
{
    let mut fold = InclusionFold::new(tree, leaf);
    for element in path {
        fold.push(element)?;
    }
    Ok(fold.finish())
}

/// Verifies that the leaf is in the ledger with this root (draft-ietf-scitt-receipts-ccf-profile
/// 3.2).
///
/// # Errors
///
/// Those of [`root_from_inclusion`]; [`Error::Verification`] where the path leads elsewhere.
pub fn verify_inclusion<T, P, B>(
    tree: &T,
    leaf: &T::Hash,
    path: P,
    trusted: &TrustedRoot<CcfLedger, T::Hash>,
) -> Result<(), Error>
where
    T: TreeHash<Kind = CcfLedger> + ?Sized,
    P: IntoIterator<Item = PathElement<B>>,
    B: AsRef<[u8]>,
{
    root_from_inclusion(tree, leaf, path)?.confirm(trusted).map(|_| ())
}

#[cfg(test)]
mod tests {
    use sha2::Sha256;

    use super::*;
    use crate::Malformed;
    use crate::ccf::Ccf;

    #[test]
    fn m31_an_element_of_the_wrong_length_is_refused() {
        let tree = Ccf::<Sha256>::new();
        let element = PathElement { left: true, hash: [0; 31] };
        assert_eq!(
            root_from_inclusion(&tree, &tree.empty(), [element]),
            Err(Malformed::HashLength { rule: Rule::CcfHashLength, length: 31 }.into())
        );
    }

    #[test]
    fn m33_another_root_is_refused() {
        let tree = Ccf::<Sha256>::new();
        let [a, b] = [b"a", b"b"].map(|entry| tree.leaf(&[entry]));
        let trusted = TrustedRoot::vouched_for(tree.node(&a, &b));
        let verify = |left| verify_inclusion(&tree, &b, [PathElement { left, hash: a }], &trusted);
        assert_eq!(verify(true), Ok(()));
        assert_eq!(verify(false), Err(Error::Verification { rule: Rule::CcfInclusionRoot }));
    }

    #[test]
    fn a_path_without_end_is_not_followed() {
        let tree = Ccf::<Sha256>::new();
        let element = PathElement { left: true, hash: tree.empty() };
        assert_eq!(
            root_from_inclusion(&tree, &tree.empty(), core::iter::repeat(element)),
            Err(Error::Limit(Limit::PathLength))
        );
    }
}
