//! Where a proof says its leaf stands.

/// Where a proof *says* its leaf stands (the first two members of an RFC 9942 5.2.1 inclusion
/// proof).
///
/// Nobody signs these numbers, and the same leaf, path and root verify under more than one pair:
/// what proves index 5 in a tree of 8 also proves index 5 in a tree of 7. They steer the walk and
/// must enter no verdict and no state. Where the tree size is authenticated, by a signed checkpoint
/// for example, use [`verify_inclusion`](crate::verify_inclusion), which proves the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnauthenticatedPosition {
    /// How many leaves the tree is said to have.
    pub tree_size: u64,
    /// Which of them the leaf is said to be, from 0.
    pub leaf_index: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy::Toy;
    use crate::{TreeHash, root_from_inclusion};

    #[test]
    fn m6_the_same_proof_holds_under_two_sizes() {
        let leaf = Toy.leaf(&[b"five"]);
        let path = [b"a", b"b", b"c"].map(|entry| Toy.leaf(&[entry]));
        let [of_eight, of_seven] = [8, 7].map(|tree_size| {
            let claimed = UnauthenticatedPosition { tree_size, leaf_index: 5 };
            root_from_inclusion(&Toy, &leaf, claimed, path).unwrap()
        });
        assert_eq!(of_eight, of_seven);
    }
}
