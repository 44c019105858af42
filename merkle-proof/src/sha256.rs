//! SHA-256 of the short inputs that trees are made of.
//!
//! A streaming hasher costs more than it should on one or two blocks. Inputs that fit are laid out on the stack, padding
//! and all (FIPS 180-4 5.1.1), and compressed in one call.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

/// FIPS 180-4 5.3.3.
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The bit that ends a message, in its byte.
const END: u8 = 0x80;

/// SHA-256 over the concatenation of `prefix` and `parts`.
#[inline]
pub(crate) fn hash(prefix: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    hash_within::<1>(prefix, parts)
        .or_else(|| hash_within::<2>(prefix, parts))
        .unwrap_or_else(|| hash_long(prefix, parts))
}

/// SHA-256 over one byte and two hashes.
#[inline]
pub(crate) fn hash_prefixed_pair(prefix: u8, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut first = [0; 64];
    let mut second = [0; 64];
    let [right_start @ .., right_end] = right;
    let [start, pair @ ..] = &mut first;
    *start = prefix;
    if let Some(to_left) = pair.first_chunk_mut() {
        *to_left = *left;
    }
    if let Some(to_right) = pair.last_chunk_mut() {
        *to_right = *right_start;
    }
    // 65 bytes are 0x208 bits.
    let [last, end, .., length_high, length_low] = &mut second;
    (*last, *end, *length_high, *length_low) = (*right_end, END, 0x02, 0x08);
    compress(&[first, second])
}

/// SHA-256 over two hashes.
#[inline]
pub(crate) fn hash_pair(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut first = [0; 64];
    let mut second = [0; 64];
    if let Some(to_left) = first.first_chunk_mut() {
        *to_left = *left;
    }
    if let Some(to_right) = first.last_chunk_mut() {
        *to_right = *right;
    }
    // 64 bytes are 0x200 bits.
    let [end, .., length_high, _] = &mut second;
    (*end, *length_high) = (END, 0x02);
    compress(&[first, second])
}

/// `None` where the padded message does not fit that many blocks.
#[inline]
fn hash_within<const BLOCKS: usize>(prefix: &[u8], parts: &[&[u8]]) -> Option<[u8; 32]> {
    let mut blocks = [[0; 64]; BLOCKS];
    let mut free = blocks.as_flattened_mut();
    let room = free.len();
    for part in core::iter::once(&prefix).chain(parts) {
        let (taken, rest) = free.split_at_mut_checked(part.len())?;
        taken.copy_from_slice(part);
        free = rest;
    }
    let length = room.checked_sub(free.len())?;
    let bits = u64::try_from(length).ok()?.checked_mul(8)?;
    let (end, free) = free.split_first_mut()?;
    *end = END;
    *free.last_chunk_mut()? = bits.to_be_bytes();
    Some(compress(&blocks))
}

fn hash_long(prefix: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new_with_prefix(prefix);
    for part in parts {
        digest.update(part);
    }
    digest.finalize().into()
}

#[inline]
fn compress(blocks: &[[u8; 64]]) -> [u8; 32] {
    let mut state = INITIAL;
    compress256(&mut state, blocks);
    let mut hash = [0; 32];
    for (bytes, word) in hash.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_short_length_agrees_with_the_streaming_hasher() {
        let text: [u8; 200] = core::array::from_fn(|byte| u8::try_from(byte).unwrap());
        for length in 0..200 {
            let (head, tail) = text[..length].split_at(length / 3);
            let expected = <[u8; 32]>::from(Sha256::digest(&text[..length]));
            assert_eq!(hash(&[], &[head, tail]), expected, "{length} bytes");
            assert_eq!(hash(head, &[tail, &[]]), expected, "{length} bytes");
        }
    }

    #[test]
    fn pairs_agree_with_the_streaming_hasher() {
        let (left, right) = ([0xa5; 32], core::array::from_fn(|byte| u8::try_from(byte).unwrap()));
        assert_eq!(hash_pair(&left, &right), hash_long(&[], &[&left, &right]));
        assert_eq!(hash_prefixed_pair(7, &left, &right), hash_long(&[7], &[&left, &right]));
    }
}
