//! Trees over the hash function of a provider.

use cose_ext::crypto::{Algorithm, HashFunction};

use crate::{CcfLedger, MountainRange, Rfc9162Tree, TreeHash, TreeKind, mmr::MmrHash};

/// What hashing one path element takes in, in bytes: prefix or position, and two children.
pub(super) const RFC9162_NODE: usize = 1 + 2 * 32;
pub(super) const CCF_NODE: usize = 2 * 32;
pub(super) const MMR_NODE: usize = 8 + 2 * 32;

/// A tree over a hash function of the COSE crypto seam, so that one hardware engine serves the
/// signatures and the tree.
#[derive(Clone, Copy)]
pub struct CoseTree<'h, K> {
    sha256: &'h dyn HashFunction,
    kind: core::marker::PhantomData<K>,
}

impl<'h, K: TreeKind> CoseTree<'h, K> {
    /// Makes a tree over `sha256`, or returns `None` for any other hash function.
    pub fn new(sha256: &'h dyn HashFunction) -> Option<Self> {
        (sha256.algorithm() == Algorithm::SHA256)
            .then_some(Self { sha256, kind: core::marker::PhantomData })
    }

    /// Hashes `prefix` and two children: a message whose parts are known needs no feed.
    fn pair(&self, prefix: &[u8], left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        self.sha256.hash(&[prefix, left, right]).as_ref().try_into().unwrap_or_default()
    }

    /// Hashes `prefix` and then the parts of `entry`.
    fn hash(&self, prefix: &[u8], entry: &[&[u8]]) -> [u8; 32] {
        let value = self.sha256.hash_stream(&mut |sink| {
            sink(prefix);
            for part in entry {
                sink(part);
            }
            Ok(())
        });
        // The feed above does not stop early, and SHA-256 gives 32 bytes.
        value.ok().and_then(|value| value.as_ref().try_into().ok()).unwrap_or_default()
    }
}

impl TreeHash for CoseTree<'_, Rfc9162Tree> {
    type Kind = Rfc9162Tree;
    type Hash = [u8; 32];

    fn empty(&self) -> [u8; 32] {
        self.hash(&[], &[])
    }

    fn leaf(&self, entry: &[&[u8]]) -> [u8; 32] {
        self.hash(&[0x00], entry)
    }

    fn node(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        self.pair(&[0x01], left, right)
    }
}

impl TreeHash for CoseTree<'_, CcfLedger> {
    type Kind = CcfLedger;
    type Hash = [u8; 32];

    fn empty(&self) -> [u8; 32] {
        self.hash(&[], &[])
    }

    fn leaf(&self, entry: &[&[u8]]) -> [u8; 32] {
        self.hash(&[], entry)
    }

    fn node(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        self.pair(&[], left, right)
    }
}

/// Trees are shared by threads where their hash functions are.
const fn is_shared<T: Send + Sync>() {}
const _: () = {
    is_shared::<CoseTree<'_, Rfc9162Tree>>();
    is_shared::<CoseTree<'_, CcfLedger>>();
    is_shared::<CoseTree<'_, MountainRange>>();
    #[cfg(feature = "rustcrypto")]
    is_shared::<crate::Sha256Tree>();
};

impl MmrHash for CoseTree<'_, MountainRange> {
    type Hash = [u8; 32];

    fn leaf(&self, entry: &[&[u8]]) -> [u8; 32] {
        self.hash(&[], entry)
    }

    fn node(&self, position: u64, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        self.pair(&position.to_be_bytes(), left, right)
    }
}
