//! A tree hash for unit tests that need no digest: it tells inputs apart and is fast, and that is
//! all.

use crate::mmr::MmrHash;
use crate::{Rfc9162Tree, TreeHash};

/// Eight bytes of a multiplicative hash. Not collision resistant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Toy;

fn mix(tag: u8, parts: &[&[u8]]) -> [u8; 8] {
    let bytes = parts.iter().flat_map(|part| part.iter());
    let state =
        core::iter::once(&tag).chain(bytes).fold(0xcbf2_9ce4_8422_2325_u64, |state, byte| {
            (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(7)
        });
    state.to_be_bytes()
}

impl TreeHash for Toy {
    type Kind = Rfc9162Tree;
    type Hash = [u8; 8];

    fn empty(&self) -> [u8; 8] {
        mix(2, &[])
    }

    fn leaf(&self, entry: &[&[u8]]) -> [u8; 8] {
        mix(0, entry)
    }

    fn node(&self, left: &[u8; 8], right: &[u8; 8]) -> [u8; 8] {
        mix(1, &[left, right])
    }
}

impl MmrHash for Toy {
    type Hash = [u8; 8];

    fn leaf(&self, entry: &[&[u8]]) -> [u8; 8] {
        mix(3, entry)
    }

    fn node(&self, position: u64, left: &[u8; 8], right: &[u8; 8]) -> [u8; 8] {
        mix(4, &[&position.to_be_bytes(), left, right])
    }
}
