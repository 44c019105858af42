//! That a service showed two histories.

mod data;

use alloc::vec::Vec;

use cose_ext::{Context, header::Vds};
use merkle_proof::{
    CcfLedger, Rfc9162Tree, TreeHash, TreeHead, TreeSize, TrustedRoot, root_from_consistency,
};

use crate::{Error, Rule, SignedHead, signed_head::sha256_tree};

/// The proof that a service signed two heads which cannot be of one log that only grows.
///
/// It is made of two [`SignedHead`]s and nothing else: sizes and roots that the service signed. A
/// receipt signs a root without its size, so whoever carries two receipts can write any sizes
/// beside them; what receipts show is a [`Discrepancy`](crate::Discrepancy), which a proof of
/// consistency resolves.
///
/// Where the sizes differ, the path leads from *another* root of the older size to the root of the
/// newer head: the newer tree begins with something else than what the service signed before. The
/// path of a tree whose size is signed is the only one that there is, unless SHA-256 is broken. So
/// it is in RFC 9162 logs and in CCF ledgers, whose hashes differ; both heads are of one structure.
///
/// ```compile_fail,E0308
/// # use scitt_core::{ForkProof, Included, LoggedStatement};
/// fn frame<'a>(
///     one: Included<'a, LoggedStatement<'a>>,
///     other: Included<'a, LoggedStatement<'a>>,
///     context: &cose_ext::Context<'_>,
/// ) {
///     let _ = ForkProof::between(&one, &other, [0; 32], &[], context); // receipts sign no size
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkProof<'a> {
    older: SignedHead<'a>,
    newer: SignedHead<'a>,
    other_root: [u8; 32],
    path: Vec<[u8; 32]>,
}

impl<'a> ForkProof<'a> {
    /// Proves that two heads of one size have different roots.
    ///
    /// # Errors
    ///
    /// [`Rule::ForkFromSignedHeads`] if they are of two services, structures or sizes, or have one
    /// root.
    pub fn of_one_size(one: &SignedHead<'a>, other: &SignedHead<'a>) -> Result<Self, Error> {
        let refused = Error::refused(Rule::ForkFromSignedHeads);
        let is_contradiction = one.service() == other.service()
            && one.vds() == other.vds()
            && one.size() == other.size()
            && one.root() != other.root();
        if !is_contradiction {
            return Err(refused);
        }
        Ok(Self { older: *one, newer: *other, other_root: *other.root(), path: Vec::new() })
    }

    /// Proves that the tree of `newer` does not begin with that of `older`: at that size it has
    /// `other_root`, from which `path` leads to the newer root (RFC 9162 2.1.4).
    ///
    /// # Errors
    ///
    /// [`Rule::ForkFromSignedHeads`] if they are of two services or structures, the older one is
    /// not smaller, or `other_root` is the root that was signed; those of a path that leads
    /// elsewhere.
    pub fn between(
        older: &SignedHead<'a>,
        newer: &SignedHead<'a>,
        other_root: [u8; 32],
        path: &[[u8; 32]],
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let is_contradiction = older.service() == newer.service()
            && older.vds() == newer.vds()
            && older.size() < newer.size()
            && *older.root() != other_root;
        if !is_contradiction {
            return Err(Error::refused(Rule::ForkFromSignedHeads));
        }
        // An element may be hashed for both trees.
        let heads = older.form().bytes().len().saturating_add(newer.form().bytes().len());
        context.begin(path.len().saturating_mul(64).saturating_add(heads), |context| {
            context.spend_hashed(path.len().saturating_mul(2 * 65))?;
            match newer.vds() {
                Vds::CCF_LEDGER_SHA256 => {
                    let tree = sha256_tree::<CcfLedger>(context)?;
                    leads(&tree, older.size(), other_root, newer, path)
                }
                _ => {
                    let tree = sha256_tree::<Rfc9162Tree>(context)?;
                    leads(&tree, older.size(), other_root, newer, path)
                }
            }
        })?;
        Ok(Self { older: *older, newer: *newer, other_root, path: path.to_vec() })
    }

    /// Returns the head with the smaller size.
    #[must_use]
    pub const fn older(&self) -> &SignedHead<'a> {
        &self.older
    }

    /// Returns the head with the larger size.
    #[must_use]
    pub const fn newer(&self) -> &SignedHead<'a> {
        &self.newer
    }

    /// Returns the name of the service in the trust store.
    #[must_use]
    pub const fn service(&self) -> &'a str {
        self.older.service()
    }
}

/// Checks that `path` leads from a root of the older size to the root of the newer head.
fn leads<T: TreeHash<Hash = [u8; 32]>>(
    tree: &T,
    older_size: u64,
    other_root: [u8; 32],
    newer: &SignedHead<'_>,
    path: &[[u8; 32]],
) -> Result<(), Error> {
    let from = TreeHead::<T::Kind, _>::new(older_size, TrustedRoot::vouched_for(other_root));
    root_from_consistency(tree, &from, TreeSize(newer.size()), path)
        .and_then(|root| root.confirm(&TrustedRoot::vouched_for(*newer.root())))
        .map(|_| ())
        .map_err(|error| Error::from(merkle_proof::cose::Error::from(error)))
}
