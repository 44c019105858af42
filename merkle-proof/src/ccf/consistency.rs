//! Consistency proofs of a CCF ledger, verified.

use super::PathElement;
use super::inclusion::fold;
use crate::root::hash_from;
use crate::{
    CcfLedger, Error, Limit, MAX_PATH, Malformed, PathNodes, RootFromProof, Rule, Side, TreeHash,
    TreeHead, TreeSize, TrustedRoot, consistency_nodes,
};

/// How section 4 is read where a proof begins below its anchor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnchorReading {
    /// The anchor is the largest complete subtree that ends at the older size, as section 4 says: a
    /// first path element on the left is refused.
    #[default]
    Strict,
    /// Any anchor that leads to both roots, as the pseudo-code of section 4.2 computes.
    AnyThatLeadsToBothRoots,
}

/// A CCF consistency proof while it is being followed, one path element at a time
/// (draft-ietf-scitt-receipts-ccf-profile 4.2).
#[derive(Clone, Debug)]
pub struct ConsistencyFold<'t, T: TreeHash<Kind = CcfLedger> + ?Sized> {
    tree: &'t T,
    reading: AnchorReading,
    older: T::Hash,
    newer: T::Hash,
    followed: usize,
    /// How many elements there have to be, where the sizes are known.
    planned: Option<PathNodes>,
}

/// The two roots of a CCF consistency proof. The newer one comes out once the older one is
/// confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "recomputed roots prove nothing until the older one is confirmed"]
pub struct ConsistencyRoots<H> {
    older: RootFromProof<CcfLedger, H>,
    newer: RootFromProof<CcfLedger, H>,
}

impl<'t, T: TreeHash<Kind = CcfLedger> + ?Sized> ConsistencyFold<'t, T> {
    /// Begins at the anchor, of sizes unknown: the proof does not say them.
    ///
    /// # Errors
    ///
    /// [`Malformed::HashLength`].
    pub fn new(tree: &'t T, anchor: &[u8], reading: AnchorReading) -> Result<Self, Error> {
        let anchor = hash_from(anchor, Rule::CcfHashLength)?;
        Ok(Self { tree, reading, older: anchor, newer: anchor, followed: 0, planned: None })
    }

    /// Begins at the anchor, between two ledgers of known size. Then every element's side is known.
    ///
    /// # Errors
    ///
    /// [`Malformed::HashLength`]; [`Malformed::Sizes`] unless `0 < older < newer`.
    pub fn between(
        tree: &'t T,
        anchor: &[u8],
        older: TreeSize,
        newer: TreeSize,
    ) -> Result<Self, Error> {
        if older.0 == 0 || older >= newer {
            let (rule, older, newer) = (Rule::CcfOlderSizeBelow, older.0, newer.0);
            return Err(Malformed::Sizes { rule, older, newer }.into());
        }
        let mut planned = consistency_nodes(older, newer)?;
        planned.skip_anchor();
        let fold = Self::new(tree, anchor, AnchorReading::Strict)?;
        Ok(Self { planned: Some(planned), ..fold })
    }

    /// Takes the next path element, and hashes it with what is known so far.
    ///
    /// # Errors
    ///
    /// [`Malformed::HashLength`]; [`Error::Policy`] where the first element shows that the anchor
    /// is not canonical; [`Limit::PathLength`]; where the sizes are known, [`Malformed::PathSide`]
    /// and [`Malformed::PathTooLong`].
    pub fn push<B: AsRef<[u8]>>(&mut self, element: PathElement<B>) -> Result<(), Error> {
        let sibling = hash_from(element.hash.as_ref(), Rule::CcfHashLength)?;
        if self.followed >= MAX_PATH {
            return Err(Error::Limit(Limit::PathLength));
        }
        if self.followed == 0 && element.left && self.reading == AnchorReading::Strict {
            return Err(Error::Policy { rule: Rule::CcfAnchor });
        }
        if let Some(planned) = &mut self.planned {
            let rule = Rule::CcfPathShape;
            let expected = planned.next().ok_or(Malformed::PathTooLong { rule })?;
            if element.left != (expected.side == Side::Left) {
                return Err(Malformed::PathSide { element: self.followed }.into());
            }
        }
        if element.left {
            self.older = self.tree.node(&sibling, &self.older);
        }
        self.newer = fold(self.tree, element.left, &sibling, &self.newer);
        self.followed = self.followed.saturating_add(1);
        Ok(())
    }

    /// Returns the two roots that the path leads to.
    ///
    /// # Errors
    ///
    /// [`Malformed::PathTooShort`].
    pub fn finish(mut self) -> Result<ConsistencyRoots<T::Hash>, Error> {
        let rule = if self.followed == 0 {
            Rule::CcfConsistencyPathNotEmpty
        } else if self.planned.as_mut().is_some_and(|planned| planned.next().is_some()) {
            Rule::CcfPathShape
        } else {
            return Ok(ConsistencyRoots {
                older: RootFromProof::new(self.older, Rule::CcfOlderRoot),
                newer: RootFromProof::new(self.newer, Rule::CcfNewerRoot),
            });
        };
        Err(Malformed::PathTooShort { rule }.into())
    }
}

impl<H: Copy + Eq> ConsistencyRoots<H> {
    /// Returns the newer root, if the older one is a root that the verifier trusts already.
    ///
    /// # Errors
    ///
    /// [`Error::Verification`].
    pub fn confirm_older(
        self,
        trusted: &TrustedRoot<CcfLedger, H>,
    ) -> Result<RootFromProof<CcfLedger, H>, Error> {
        self.older.confirm(trusted).map(|_| self.newer)
    }
}

/// Computes the two roots that a CCF consistency proof leads to, of ledgers of unknown size
/// (draft-ietf-scitt-receipts-ccf-profile 4.2).
///
/// # Errors
///
/// [`Error::Malformed`], [`Error::Policy`] and [`Error::Limit`] as in [`ConsistencyFold`].
pub fn root_from_consistency<T, P, B>(
    tree: &T,
    anchor: &[u8],
    path: P,
    reading: AnchorReading,
) -> Result<ConsistencyRoots<T::Hash>, Error>
where
    T: TreeHash<Kind = CcfLedger> + ?Sized,
    P: IntoIterator<Item = PathElement<B>>,
    B: AsRef<[u8]>,
{
    follow(ConsistencyFold::new(tree, anchor, reading)?, path)
}

/// Verifies that the newer ledger begins with the older one, both heads being trusted
/// (draft-ietf-scitt-receipts-ccf-profile 4).
///
/// # Errors
///
/// [`Error::Malformed`] where no ledgers of these sizes have such a proof; [`Error::Verification`]
/// where it leads elsewhere.
pub fn verify_consistency<T, P, B>(
    tree: &T,
    older: &TreeHead<CcfLedger, T::Hash>,
    newer: &TreeHead<CcfLedger, T::Hash>,
    anchor: &[u8],
    path: P,
) -> Result<(), Error>
where
    T: TreeHash<Kind = CcfLedger> + ?Sized,
    P: IntoIterator<Item = PathElement<B>>,
    B: AsRef<[u8]>,
{
    let fold = ConsistencyFold::between(tree, anchor, TreeSize(older.size), TreeSize(newer.size))?;
    let root = follow(fold, path)?.confirm_older(&older.root)?;
    root.confirm(&newer.root).map(|_| ())
}

fn follow<T, P, B>(
    mut fold: ConsistencyFold<'_, T>,
    path: P,
) -> Result<ConsistencyRoots<T::Hash>, Error>
where
    T: TreeHash<Kind = CcfLedger> + ?Sized,
    P: IntoIterator<Item = PathElement<B>>,
    B: AsRef<[u8]>,
{
    for element in path {
        fold.push(element)?;
    }
    fold.finish()
}

#[cfg(test)]
mod tests {
    use digest::Output;
    use sha2::Sha256;

    use super::*;
    use crate::ccf::Ccf;

    type Hash = Output<Sha256>;
    type Head = TreeHead<CcfLedger, Hash>;

    const TREE: Ccf<Sha256> = Ccf::new();

    /// The heads of sizes 3 and 4, the anchor and the path.
    fn three_to_four() -> (Head, Head, Hash, [PathElement<Hash>; 2]) {
        let [a, b, c, d] = [b"a", b"b", b"c", b"d"].map(|entry| TREE.leaf(&[entry]));
        let ab = TREE.node(&a, &b);
        let older = TrustedRoot::vouched_for(TREE.node(&ab, &c));
        let newer = TrustedRoot::vouched_for(TREE.node(&ab, &TREE.node(&c, &d)));
        let path = [PathElement { left: false, hash: d }, PathElement { left: true, hash: ab }];
        (Head::new(3, older), Head::new(4, newer), c, path)
    }

    #[test]
    fn m31_an_anchor_of_the_wrong_length_is_refused() {
        let (.., path) = three_to_four();
        assert_eq!(
            root_from_consistency(&TREE, &[], path, AnchorReading::Strict),
            Err(Malformed::HashLength { rule: Rule::CcfHashLength, length: 0 }.into())
        );
    }

    #[test]
    fn m34_an_empty_path_is_refused() {
        let (older, newer, anchor, _) = three_to_four();
        let none = [] as [PathElement<Hash>; 0];
        let rule = Rule::CcfConsistencyPathNotEmpty;
        let refused = Error::from(Malformed::PathTooShort { rule });
        for reading in [AnchorReading::Strict, AnchorReading::AnyThatLeadsToBothRoots] {
            assert_eq!(root_from_consistency(&TREE, &anchor, none, reading), Err(refused));
        }
        assert_eq!(verify_consistency(&TREE, &older, &newer, &anchor, none), Err(refused));
    }

    #[test]
    fn m35_an_anchor_below_the_canonical_one_is_refused() {
        // From 2 to 4 the anchor is the node over both leaves; here it is the second leaf.
        let [a, b, cd] = [b"a", b"b", b"c"].map(|entry| TREE.leaf(&[entry]));
        let older = TrustedRoot::vouched_for(TREE.node(&a, &b));
        let path = [PathElement { left: true, hash: a }, PathElement { left: false, hash: cd }];
        assert_eq!(
            root_from_consistency(&TREE, &b, path, AnchorReading::default()),
            Err(Error::Policy { rule: Rule::CcfAnchor })
        );
        let lenient = AnchorReading::AnyThatLeadsToBothRoots;
        let roots = root_from_consistency(&TREE, &b, path, lenient).unwrap();
        let newer = roots.confirm_older(&older).unwrap();
        assert_eq!(*newer.unconfirmed(), TREE.node(older.hash(), &cd));
    }

    #[test]
    fn m36_another_older_root_is_refused() {
        let (older, newer, anchor, path) = three_to_four();
        let roots = root_from_consistency(&TREE, &anchor, path, AnchorReading::Strict).unwrap();
        assert!(roots.confirm_older(&older.root).is_ok());
        assert_eq!(
            roots.confirm_older(&newer.root),
            Err(Error::Verification { rule: Rule::CcfOlderRoot })
        );
    }

    #[test]
    fn m37_another_newer_root_is_refused() {
        let (older, newer, anchor, path) = three_to_four();
        assert_eq!(verify_consistency(&TREE, &older, &newer, &anchor, path), Ok(()));
        let other = Head::new(4, older.root);
        assert_eq!(
            verify_consistency(&TREE, &older, &other, &anchor, path),
            Err(Error::Verification { rule: Rule::CcfNewerRoot })
        );
    }

    #[test]
    fn m38_known_sizes_have_to_grow() {
        for (older, newer) in [(0, 4), (4, 4), (4, 3)] {
            let refused = Malformed::Sizes { rule: Rule::CcfOlderSizeBelow, older, newer };
            assert_eq!(
                ConsistencyFold::between(&TREE, &[0; 32], TreeSize(older), TreeSize(newer)).err(),
                Some(refused.into())
            );
        }
    }

    #[test]
    fn m39_known_sizes_give_the_sides() {
        let (older, newer, anchor, path) = three_to_four();
        let verify = |path: &[PathElement<Hash>]| {
            verify_consistency(&TREE, &older, &newer, &anchor, path.iter().copied())
        };
        let rule = Rule::CcfPathShape;
        assert_eq!(verify(&path[..1]), Err(Malformed::PathTooShort { rule }.into()));
        let longer = [path[0], path[1], path[1]];
        assert_eq!(verify(&longer), Err(Malformed::PathTooLong { rule }.into()));
        let turned = [path[0], PathElement { left: false, ..path[1] }];
        assert_eq!(verify(&turned), Err(Malformed::PathSide { element: 1 }.into()));
    }
}
