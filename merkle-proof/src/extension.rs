//! A log's growth as a witness checks it, from the empty tree on.

use crate::{Error, Malformed, Rule, TreeHash, TreeHead, verify_consistency};

/// Verifies that a log grew from the older head to the newer one (C2SP tlog-witness,
/// add-checkpoint).
///
/// Unlike [`verify_consistency`](crate::verify_consistency) it accepts an older size of 0, with an
/// empty path: every tree extends the empty one. The root of a tree of size 0 has to be the hash of
/// nothing.
///
/// # Errors
///
/// Those of [`verify_consistency`](crate::verify_consistency), with the rules of the empty tree.
pub fn verify_extension<T, P>(
    tree: &T,
    older: &TreeHead<T::Kind, T::Hash>,
    newer: &TreeHead<T::Kind, T::Hash>,
    path: P,
) -> Result<(), Error>
where
    T: TreeHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    for head in [older, newer] {
        if head.size == 0 && *head.root.hash() != tree.empty() {
            return Err(Error::Verification { rule: Rule::EmptyTreeRoot });
        }
    }
    if older.size != 0 {
        return verify_consistency(tree, older, newer, path);
    }
    match path.into_iter().next() {
        None => Ok(()),
        Some(_) => Err(Malformed::PathTooLong { rule: Rule::ExtensionOfEmptyTree }.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy::Toy;
    use crate::{Rfc9162Tree, TrustedRoot};

    type Head = TreeHead<Rfc9162Tree, [u8; 8]>;

    fn one() -> Head {
        Head::new(1, TrustedRoot::vouched_for(Toy.leaf(&[b"first"])))
    }

    const NONE: [&[u8]; 0] = [];

    #[test]
    fn m15_the_empty_tree_is_extended_without_a_path() {
        let empty = Head::empty(&Toy);
        assert_eq!(verify_extension(&Toy, &empty, &one(), NONE), Ok(()));
        assert_eq!(verify_extension(&Toy, &empty, &empty, NONE), Ok(()));
        let rule = Rule::ExtensionOfEmptyTree;
        assert_eq!(
            verify_extension(&Toy, &empty, &one(), [one().root.hash()]),
            Err(Malformed::PathTooLong { rule }.into())
        );
    }

    #[test]
    fn m16_an_empty_tree_with_another_root_is_refused() {
        let false_head = Head::new(0, one().root);
        let refused = Err(Error::Verification { rule: Rule::EmptyTreeRoot });
        assert_eq!(verify_extension(&Toy, &false_head, &one(), NONE), refused);
        assert_eq!(verify_extension(&Toy, &Head::empty(&Toy), &false_head, NONE), refused);
    }

    #[test]
    fn m9_a_log_does_not_shrink() {
        let empty = Head::empty(&Toy);
        let refused = Malformed::Sizes { rule: Rule::OlderSizeNotAbove, older: 1, newer: 0 };
        assert_eq!(verify_extension(&Toy, &one(), &empty, NONE), Err(refused.into()));
    }
}
