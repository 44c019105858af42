//! LMS: from a one-time public key to the root of its tree (RFC 8554 5).

use super::{
    HASH_LEN,
    lm_ots::{LmOtsKey, LmOtsParameters, LmOtsSignature, hash},
    reader::Reader,
};
use crate::{Feed, HashFunction, InvalidKey, VerifyError};

/// Separates the hashes of leaves from all others (RFC 8554 5.3).
const D_LEAF: [u8; 2] = [0x82, 0x82];
/// Separates the hashes of inner nodes.
const D_INTR: [u8; 2] = [0x83, 0x83];

/// The height of a tree with its type code (RFC 8554 table 2).
#[derive(Clone, Copy)]
struct LmsParameters {
    code: u32,
    height: u32,
}

impl LmsParameters {
    fn of(code: u32) -> Option<Self> {
        let height = match code {
            5 => 5,
            6 => 10,
            7 => 15,
            8 => 20,
            9 => 25,
            _ => return None,
        };
        Some(Self { code, height })
    }

    const fn leaves(self) -> u32 {
        1_u32.wrapping_shl(self.height)
    }

    /// Length of an authentication path in bytes.
    fn path_len(self) -> Option<usize> {
        usize::try_from(self.height).ok()?.checked_mul(HASH_LEN)
    }
}

/// The public key of one tree (RFC 8554 5.3).
#[derive(Clone, Copy)]
pub(super) struct LmsPublicKey<'a> {
    lms: LmsParameters,
    ots: LmOtsParameters,
    /// I, which makes the hashes of this tree its own.
    identifier: &'a [u8; 16],
    /// T\[1\].
    root: &'a [u8; HASH_LEN],
}

impl<'a> LmsPublicKey<'a> {
    /// Two type codes, I and T\[1\].
    pub(super) const LEN: usize = 4 + 4 + 16 + HASH_LEN;

    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, InvalidKey> {
        let mut reader = Reader::new(bytes);
        let lms = reader.number().ok_or(InvalidKey::Malformed)?;
        let ots = reader.number().ok_or(InvalidKey::Malformed)?;
        // The length depends on these codes, so they are first.
        let lms = LmsParameters::of(lms).ok_or(InvalidKey::Unsupported)?;
        let ots = LmOtsParameters::of(ots).ok_or(InvalidKey::Unsupported)?;
        let identifier = reader.array().ok_or(InvalidKey::Malformed)?;
        let root = reader.array().ok_or(InvalidKey::Malformed)?;
        if !reader.is_at_end() {
            return Err(InvalidKey::Malformed);
        }
        Ok(Self { lms, ots, identifier, root })
    }

    /// RFC 8554 algorithm 6a: the root that the signature leads to is this key's.
    pub(super) fn verify(
        &self,
        function: &dyn HashFunction,
        feed: &mut Feed<'_>,
        signature: &LmsSignature<'_>,
    ) -> Result<(), VerifyError> {
        let one_time = LmOtsKey {
            parameters: self.ots,
            identifier: self.identifier,
            leaf: signature.leaf.to_be_bytes(),
            function,
        };
        let one_time = one_time.candidate(feed, &signature.one_time)?;
        match self.root_from(function, signature, &one_time) {
            Some(root) if root == *self.root => Ok(()),
            _ => Err(VerifyError::InvalidSignature),
        }
    }

    fn root_from(
        &self,
        function: &dyn HashFunction,
        signature: &LmsSignature<'_>,
        one_time: &[u8; HASH_LEN],
    ) -> Option<[u8; HASH_LEN]> {
        // Nodes are numbered from the root, 1, down; the children of n are 2n and 2n + 1.
        let mut number = self.lms.leaves().checked_add(signature.leaf)?;
        let leaf: [&[u8]; 4] = [self.identifier, &number.to_be_bytes(), &D_LEAF, one_time];
        let mut node = hash(function, &leaf)?;
        for sibling in signature.path.chunks_exact(HASH_LEN) {
            let is_right = number & 1 == 1;
            number >>= 1;
            let (left, right): (&[u8], &[u8]) =
                if is_right { (sibling, &node) } else { (&node, sibling) };
            node = hash(function, &[self.identifier, &number.to_be_bytes(), &D_INTR, left, right])?;
        }
        Some(node)
    }
}

/// A signature by one leaf of a tree (RFC 8554 5.4).
pub(super) struct LmsSignature<'a> {
    /// q, below the number of leaves.
    leaf: u32,
    one_time: LmOtsSignature<'a>,
    /// The siblings on the way up, leaf first.
    path: &'a [u8],
}

impl<'a> LmsSignature<'a> {
    /// Reads a signature whose type codes must be those of `key`, which say how long it is.
    pub(super) fn read(reader: &mut Reader<'a>, key: &LmsPublicKey<'_>) -> Option<Self> {
        let leaf = reader.number()?;
        let one_time = LmOtsSignature::read(reader, key.ots)?;
        let code = reader.number()?;
        let path = reader.take(key.lms.path_len()?)?;
        (code == key.lms.code && leaf < key.lms.leaves()).then_some(Self { leaf, one_time, path })
    }
}
