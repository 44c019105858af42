//! Many inclusion proofs, followed side by side.

use core::iter;

use crate::{
    Error, InclusionFold, LeafIndex, RootFromProof, TreeHash, TreeHead, UnauthenticatedPosition,
};

/// How many proofs are followed at a time.
const LANES: usize = 16;

/// Computes the roots that many inclusion proofs lead to, each as
/// [`root_from_inclusion`](crate::root_from_inclusion) does.
///
/// A proof is a leaf hash ([`TreeHash::leaves`] makes many), the position that it says the leaf
/// has, and its path. `answer` is called once for each proof with its index in `proofs`, in the
/// order in which proofs end, which is not the order of `proofs`. The result of each is the same as
/// alone; the proofs may be of different trees.
///
/// Proofs are followed side by side and their nodes hashed by [`TreeHash::nodes`]. A node that
/// neighbours share is hashed once, so sort proofs by leaf index: near the root they share every
/// node. Nothing is allocated, whatever their number.
pub fn roots_from_inclusions<T, I, P>(
    tree: &T,
    proofs: I,
    answer: impl FnMut(usize, Result<RootFromProof<T::Kind, T::Hash>, Error>),
) where
    T: TreeHash + ?Sized,
    I: IntoIterator<Item = (T::Hash, UnauthenticatedPosition, P)>,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    let proofs = proofs.into_iter().enumerate().map(|(place, (leaf, claimed, path))| {
        let fold = InclusionFold::new(tree, &leaf, claimed);
        (place, fold.map(|fold| (fold, path.into_iter().map(Ok))))
    });
    follow_all(tree, proofs, answer);
}

/// Verifies that many leaves stand at their indexes in the tree of `head`, each as by
/// [`verify_inclusion`](crate::verify_inclusion).
///
/// This is faster than one by one, as [`roots_from_inclusions`] is. `verdict` is called once for
/// each proof with its index in `proofs`, not in their order. A proof is a leaf hash, its index and
/// its path.
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto"))] {
/// # use merkle_proof::{LeafIndex, MemoryTree, Sha256Tree, TreeHash, TreeSize};
/// # use merkle_proof::verify_inclusions;
/// # let mut log = MemoryTree::new(Sha256Tree);
/// # for entry in 0..9_u8 { log.append(&[&[entry]]); }
/// let entries: [&[u8]; 3] = [&[2], &[7], &[4]];
/// let mut leaves = [[0; 32]; 3];
/// Sha256Tree.leaves(&entries, &mut leaves);
/// let prove = |index| (index, log.inclusion_path(index, TreeSize(9)).unwrap());
/// let proofs = [2, 7, 5].map(LeafIndex).map(prove);
/// let proofs = leaves.iter().zip(&proofs).map(|(leaf, (index, path))| (*leaf, *index, path));
///
/// let mut refused = Vec::new();
/// verify_inclusions(&Sha256Tree, proofs, &log.head(), |place, verdict| {
///     if verdict.is_err() {
///         refused.push(place);
///     }
/// });
/// assert_eq!(refused, [2]);
/// # }
/// ```
pub fn verify_inclusions<T, I, P>(
    tree: &T,
    proofs: I,
    head: &TreeHead<T::Kind, T::Hash>,
    mut verdict: impl FnMut(usize, Result<(), Error>),
) where
    T: TreeHash + ?Sized,
    I: IntoIterator<Item = (T::Hash, LeafIndex, P)>,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    let proofs = proofs.into_iter().map(|(leaf, LeafIndex(leaf_index), path)| {
        (leaf, UnauthenticatedPosition { tree_size: head.size, leaf_index }, path)
    });
    roots_from_inclusions(tree, proofs, |place, root| {
        verdict(place, root.and_then(|root| root.confirm(&head.root).map(|_| ())));
    });
}

// State: up to LANES proofs, each with the hash that it has reached. In each round every lane takes
// one element of its path, all pairs of children are hashed in one call, and every lane goes up to
// its parent.
//
// Invariant: between two rounds a lane holds the hash of one node of its tree, and `place` is only
// meaningful within the round. Lanes whose children are equal share a place, so that a node is
// hashed once; equal children have equal parents, so sharing changes no result.
//
// Cost: memory for LANES lanes, whatever the number of proofs; per path element one hash at most,
// and a comparison with the children that were collected in this round.
/// A proof on its way. `K` is what the caller knows it by.
struct Lane<'t, T: TreeHash + ?Sized, K, P> {
    key: K,
    fold: InclusionFold<'t, T>,
    path: P,
    /// Where its children are among those that are hashed next.
    place: usize,
}

/// Follows proofs that can fail at their start and at each path element.
pub(crate) fn follow_all<'t, T, K, P, A, E>(
    tree: &'t T,
    proofs: impl Iterator<Item = (K, Result<(InclusionFold<'t, T>, P), E>)>,
    mut answer: impl FnMut(K, Result<RootFromProof<T::Kind, T::Hash>, E>),
) where
    T: TreeHash + ?Sized,
    P: Iterator<Item = Result<A, E>>,
    A: AsRef<[u8]>,
    E: From<Error>,
{
    let mut proofs = proofs.fuse();
    let mut lanes: [Option<Lane<'t, T, K, P>>; LANES] = [const { None }; LANES];
    let nothing = tree.empty();
    let mut children = [[nothing; 2]; LANES];
    let mut parents = [nothing; LANES];
    loop {
        // How many pairs of children were collected in this round.
        let mut hashed: usize = 0;
        for lane in &mut lanes {
            loop {
                // A lane that has ended takes the next proof within the same round.
                if lane.is_none() {
                    *lane = start(&mut proofs, &mut answer);
                }
                let (Some(running), Some((others, [pair, ..]))) =
                    (&mut *lane, children.split_at_mut_checked(hashed))
                else {
                    break;
                };
                let ended = match running.path.next() {
                    None => Ok(()),
                    Some(Err(error)) => Err(error),
                    Some(Ok(element)) => match running.fold.push_later(element.as_ref(), pair) {
                        Err(error) => Err(error.into()),
                        Ok(()) => {
                            // Neighbours share children, and near the root all do.
                            let depth = if running.fold.row_is_within(LANES) { LANES } else { 1 };
                            let mut nearest = others.iter().rev().take(depth);
                            let back = nearest.position(|other| are_same(other, pair));
                            let same =
                                back.and_then(|back| hashed.checked_sub(back)?.checked_sub(1));
                            running.place = same.unwrap_or(hashed);
                            hashed = hashed.max(running.place.saturating_add(1));
                            break;
                        }
                    },
                };
                if let Some(Lane { key, fold, .. }) = lane.take() {
                    answer(key, ended.and_then(|()| Ok(fold.finish()?)));
                }
            }
        }
        if hashed == 0 {
            return;
        }
        // One call for the whole round: an implementation may hash many nodes at once.
        tree.nodes(children.as_flattened(), parents.get_mut(..hashed).unwrap_or_default());
        for lane in lanes.iter_mut().flatten() {
            if let Some(parent) = parents.get(lane.place) {
                lane.fold.rise_to(parent);
            }
        }
    }
}

/// Whether two nodes have the same children. Most do not, and one byte tells.
#[inline]
fn are_same<H: Eq + AsRef<[u8]>>(one: &[H; 2], other: &[H; 2]) -> bool {
    let ([left, _], [other_left, _]) = (one, other);
    left.as_ref().first() == other_left.as_ref().first() && one == other
}

/// The next proof that begins; those that do not are answered.
fn start<'t, T, K, P, E>(
    proofs: &mut impl Iterator<Item = (K, Result<(InclusionFold<'t, T>, P), E>)>,
    answer: &mut impl FnMut(K, Result<RootFromProof<T::Kind, T::Hash>, E>),
) -> Option<Lane<'t, T, K, P>>
where
    T: TreeHash + ?Sized,
{
    iter::from_fn(|| proofs.next()).find_map(|(key, begun)| match begun {
        Ok((fold, path)) => Some(Lane { key, fold, path, place: 0 }),
        Err(error) => {
            answer(key, Err(error));
            None
        }
    })
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use core::cell::Cell;
    use std::vec::Vec;

    use super::*;
    use crate::toy::Toy;
    use crate::{Malformed, MemoryTree, Rule, root_from_inclusion, verify_inclusion};

    type Proof = ([u8; 8], UnauthenticatedPosition, Vec<Vec<u8>>);

    fn log(size: u64) -> MemoryTree<Toy> {
        let mut log = MemoryTree::new(Toy);
        for entry in 0..size {
            log.append(&[&entry.to_be_bytes()]);
        }
        log
    }

    fn proof(log: &MemoryTree<Toy>, leaf_index: u64) -> Proof {
        let path = log.inclusion_path(LeafIndex(leaf_index), crate::TreeSize(log.size())).unwrap();
        let claimed = UnauthenticatedPosition { tree_size: log.size(), leaf_index };
        let path = path.iter().map(|hash| hash.to_vec()).collect();
        (Toy.leaf(&[&leaf_index.to_be_bytes()]), claimed, path)
    }

    /// What is said of each proof is what is said of it alone.
    fn compare(proofs: &[Proof]) -> usize {
        let mut answers = proofs.iter().map(|_| None).collect::<Vec<_>>();
        let borrowed = proofs.iter().map(|(leaf, claimed, path)| (*leaf, *claimed, path));
        roots_from_inclusions(&Toy, borrowed, |place, root| {
            assert_eq!(answers[place].replace(root), None, "{place} was answered before");
        });
        for (answer, (leaf, claimed, path)) in answers.iter().zip(proofs) {
            assert_eq!(*answer, Some(root_from_inclusion(&Toy, leaf, *claimed, path)));
        }
        answers.iter().flatten().filter(|answer| answer.is_err()).count()
    }

    #[test]
    fn trees_of_all_sizes_in_one_batch() {
        let logs: Vec<_> = (1..40).map(log).collect();
        let proofs: Vec<_> =
            logs.iter().flat_map(|log| (0..log.size()).map(|index| proof(log, index))).collect();
        assert_eq!(compare(&proofs), 0);
        for count in 0..35 {
            assert_eq!(compare(&proofs[proofs.len() - count..]), 0);
        }
    }

    #[test]
    fn m2_to_m5_each_proof_is_refused_for_itself() {
        let log = log(21);
        let mut proofs: Vec<_> = (0..21).map(|index| proof(&log, index)).collect();
        proofs[1].2[0].pop();
        proofs[4].1.leaf_index = 21;
        proofs[5].1.tree_size = 0;
        proofs[9].2.push(Vec::from([0; 8]));
        proofs[17].2.pop();
        proofs[20].2.clear();
        assert_eq!(compare(&proofs), 6);
    }

    #[test]
    fn m6_another_root_is_refused_for_itself() {
        let log = log(40);
        let mut proofs: Vec<_> = (0..40).map(|index| proof(&log, index)).collect();
        proofs[3].0 = [0; 8];
        proofs[8].1.leaf_index = 10;
        proofs[39].2[0][0] ^= 1;
        proofs[22].2.push(Vec::new());
        let borrowed = || {
            proofs.iter().map(|(leaf, claimed, path)| (*leaf, LeafIndex(claimed.leaf_index), path))
        };
        let mut refused = Vec::new();
        let mut answers: usize = 0;
        verify_inclusions(&Toy, borrowed(), &log.head(), |place, verdict| {
            let (leaf, index, path) = borrowed().nth(place).unwrap();
            assert_eq!(verdict, verify_inclusion(&Toy, &leaf, index, path, &log.head()));
            answers += 1;
            refused.extend(verdict.err().map(|error| (place, error)));
        });
        refused.sort_by_key(|(place, _)| *place);
        let elsewhere = Error::Verification { rule: Rule::InclusionRoot };
        let length = Malformed::HashLength { rule: Rule::HashLength, length: 0 };
        let expected = [(3, elsewhere), (8, elsewhere), (22, length.into()), (39, elsewhere)];
        assert_eq!((answers, &refused[..]), (40, &expected[..]));
    }

    #[test]
    fn what_neighbours_share_is_hashed_once() {
        struct Counted(Cell<usize>);

        impl TreeHash for Counted {
            type Kind = crate::Rfc9162Tree;
            type Hash = [u8; 8];

            fn empty(&self) -> [u8; 8] {
                Toy.empty()
            }

            fn leaf(&self, entry: &[&[u8]]) -> [u8; 8] {
                TreeHash::leaf(&Toy, entry)
            }

            fn node(&self, left: &[u8; 8], right: &[u8; 8]) -> [u8; 8] {
                self.0.set(self.0.get() + 1);
                TreeHash::node(&Toy, left, right)
            }
        }

        let log = log(1024);
        // Of 16 neighbours: 8, 4, 2 and 1 nodes, and 6 above them. Of one leaf 16 times: 10.
        for (indexes, hashed) in [(512..528, 8 + 4 + 2 + 1 + 6), (7..8, 10)] {
            let proofs: Vec<_> = indexes.cycle().take(16).map(|index| proof(&log, index)).collect();
            let (tree, mut led) = (Counted(Cell::new(0)), 0);
            let borrowed = proofs.iter().map(|(leaf, claimed, path)| (*leaf, *claimed, path));
            roots_from_inclusions(&tree, borrowed, |_, root| {
                assert_eq!(root.unwrap().unconfirmed(), log.head().root.hash());
                led += 1;
            });
            assert_eq!((led, tree.0.get()), (16, hashed));
        }
    }
}
