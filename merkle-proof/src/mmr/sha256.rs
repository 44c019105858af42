//! The range over SHA-256.

use super::MmrHash;
use crate::sha256;

/// The Merkle Mountain Range over SHA-256, which draft-bryce-cose-receipts-mmr-profile calls
/// `MMR_SHA256`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MmrSha256;

impl MmrHash for MmrSha256 {
    type Hash = [u8; 32];

    fn leaf(&self, entry: &[&[u8]]) -> [u8; 32] {
        sha256::hash(&[], entry)
    }

    fn node(&self, position: u64, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        sha256::hash(&position.to_be_bytes(), &[left, right])
    }
}

#[cfg(test)]
mod tests {
    use sha2::Sha256;

    use super::*;
    use crate::mmr::Mmr;

    #[test]
    fn m60_a_node_is_hashed_with_its_position() {
        let plain = Mmr::<Sha256>::new();
        let [a, b] = [plain.leaf(&[b"a"]), plain.leaf(&[b"", b"b"])];
        assert_eq!(MmrSha256.leaf(&[b"a"]), <[u8; 32]>::from(a));
        let node = MmrSha256.node(3, &a.into(), &b.into());
        assert_eq!(node, <[u8; 32]>::from(plain.node(3, &a, &b)));
        assert_ne!(node, MmrSha256.node(4, &a.into(), &b.into()));
        let parts: [&[u8]; 3] = [&[0, 0, 0, 0, 0, 0, 0, 3], &a, &b];
        assert_eq!(node, MmrSha256.leaf(&parts));
    }
}
