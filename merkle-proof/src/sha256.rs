//! SHA-256 of the short inputs that trees are made of.
//!
//! A streaming hasher costs more than it should on one or two blocks. Inputs that fit are laid out
//! on the stack, padding and all (FIPS 180-4 5.1.1), and compressed in one call.
//!
//! Many inputs are laid out some at a time, and their first blocks compressed before their second
//! ones. Each compression is a long chain in which every step waits for the one before, but
//! compressions of different inputs do not wait for each other: a processor that looks far enough
//! ahead works on two at once. And no block is read right after it was written.

use core::slice;

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

/// The least that is added to a message: the byte with [`END`], and its length in bits.
const PADDING: usize = 9;

/// How many inputs are laid out at a time: more gain nothing, and these take 1 KiB of stack.
const LANES: usize = 8;
const CHILDREN: usize = 2 * LANES;

type Block = [u8; 64];

/// SHA-256 over the concatenation of `prefix` and `parts`.
#[inline]
pub(crate) fn hash(prefix: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    hash_within::<1>(prefix, parts)
        .or_else(|| hash_within::<2>(prefix, parts))
        .unwrap_or_else(|| hash_long(prefix, parts))
}

/// SHA-256 over `prefix` and each of `inputs`; does as many as both slices have room for.
pub(crate) fn hash_each(prefix: &[u8], inputs: &[&[u8]], hashes: &mut [[u8; 32]]) {
    for (inputs, hashes) in inputs.chunks(LANES).zip(hashes.chunks_mut(LANES)) {
        if hash_lanes::<1>(prefix, inputs, hashes).is_none()
            && hash_lanes::<2>(prefix, inputs, hashes).is_none()
        {
            for (input, hash) in inputs.iter().zip(hashes) {
                *hash = self::hash(prefix, &[input]);
            }
        }
    }
}

/// SHA-256 over one byte and two hashes.
#[inline]
pub(crate) fn hash_prefixed_pair(prefix: u8, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut blocks = [[0; 64]; 2];
    lay_out_prefixed_pair(prefix, left, right, &mut blocks);
    compress(&blocks)
}

/// SHA-256 over one byte and each pair of `hashes`; does as many as both slices have room for.
pub(crate) fn hash_prefixed_pairs(prefix: u8, hashes: &[[u8; 32]], parents: &mut [[u8; 32]]) {
    hash_pairs_as(hashes, parents, |left, right, blocks| {
        lay_out_prefixed_pair(prefix, left, right, blocks);
    });
}

/// SHA-256 over two hashes.
#[inline]
pub(crate) fn hash_pair(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut blocks = [[0; 64]; 2];
    lay_out_pair(left, right, &mut blocks);
    compress(&blocks)
}

/// SHA-256 over each pair of `hashes`; does as many as both slices have room for.
pub(crate) fn hash_pairs(hashes: &[[u8; 32]], parents: &mut [[u8; 32]]) {
    hash_pairs_as(hashes, parents, lay_out_pair);
}

/// `lay_out` writes the same bytes of a block each time; the others stay 0.
#[inline]
fn hash_pairs_as(
    hashes: &[[u8; 32]],
    parents: &mut [[u8; 32]],
    lay_out: impl Fn(&[u8; 32], &[u8; 32], &mut [Block; 2]),
) {
    let mut lanes = [[[0; 64]; 2]; LANES];
    for (hashes, parents) in hashes.chunks(CHILDREN).zip(parents.chunks_mut(LANES)) {
        let pairs = hashes.chunks_exact(2);
        let mut used = [0; LANES];
        for (((blocks, used), pair), _) in lanes.iter_mut().zip(&mut used).zip(pairs).zip(&*parents)
        {
            if let [left, right] = pair {
                lay_out(left, right, blocks);
                *used = 2;
            }
        }
        compress_lanes(&lanes, &used, parents);
    }
}

#[inline]
fn lay_out_prefixed_pair(
    prefix: u8,
    left: &[u8; 32],
    right: &[u8; 32],
    [first, second]: &mut [Block; 2],
) {
    let [right_start @ .., right_end] = right;
    let [start, pair @ ..] = first;
    *start = prefix;
    if let Some(to_left) = pair.first_chunk_mut() {
        *to_left = *left;
    }
    if let Some(to_right) = pair.last_chunk_mut() {
        *to_right = *right_start;
    }
    // 65 bytes are 0x208 bits.
    let [last, end, .., length_high, length_low] = second;
    (*last, *end, *length_high, *length_low) = (*right_end, END, 0x02, 0x08);
}

#[inline]
fn lay_out_pair(left: &[u8; 32], right: &[u8; 32], [first, second]: &mut [Block; 2]) {
    if let Some(to_left) = first.first_chunk_mut() {
        *to_left = *left;
    }
    if let Some(to_right) = first.last_chunk_mut() {
        *to_right = *right;
    }
    // 64 bytes are 0x200 bits.
    let [end, .., length_high, _] = second;
    (*end, *length_high) = (END, 0x02);
}

/// `None` where the padded message does not fit that many blocks.
#[inline]
fn hash_within<const BLOCKS: usize>(prefix: &[u8], parts: &[&[u8]]) -> Option<[u8; 32]> {
    let mut blocks = [[0; 64]; BLOCKS];
    lay_out(prefix, parts, &mut blocks)?;
    Some(compress(&blocks))
}

/// `None` where one of the padded messages does not fit that many blocks.
#[inline]
fn hash_lanes<const BLOCKS: usize>(
    prefix: &[u8],
    inputs: &[&[u8]],
    hashes: &mut [[u8; 32]],
) -> Option<()> {
    let mut lanes = [[[0; 64]; BLOCKS]; LANES];
    let mut used = [0; LANES];
    for ((blocks, used), input) in lanes.iter_mut().zip(&mut used).zip(inputs) {
        *used = lay_out(prefix, &[input], blocks)?;
    }
    compress_lanes(&lanes, &used, hashes);
    Some(())
}

/// Writes the padded message into blocks that are 0. Returns how many it takes, `None` where it
/// does not fit.
#[inline]
fn lay_out<const BLOCKS: usize>(
    prefix: &[u8],
    parts: &[&[u8]],
    blocks: &mut [Block; BLOCKS],
) -> Option<usize> {
    let mut free = blocks.as_flattened_mut();
    let room = free.len();
    for part in core::iter::once(&prefix).chain(parts) {
        let (taken, rest) = free.split_at_mut_checked(part.len())?;
        taken.copy_from_slice(part);
        free = rest;
    }
    let length = room.checked_sub(free.len())?;
    let bits = u64::try_from(length).ok()?.checked_mul(8)?;
    let used = length.checked_add(PADDING)?.div_ceil(64);
    let message = blocks.get_mut(..used)?.as_flattened_mut();
    *message.get_mut(length)? = END;
    *message.last_chunk_mut()? = bits.to_be_bytes();
    Some(used)
}

fn hash_long(prefix: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new_with_prefix(prefix);
    for part in parts {
        digest.update(part);
    }
    digest.finalize().into()
}

#[inline]
fn compress(blocks: &[Block]) -> [u8; 32] {
    let mut state = INITIAL;
    compress256(&mut state, blocks);
    bytes_of(&state)
}

/// Compresses the `used` blocks of each lane; a lane of none is not a message.
#[inline]
fn compress_lanes<const BLOCKS: usize>(
    lanes: &[[Block; BLOCKS]; LANES],
    used: &[usize; LANES],
    hashes: &mut [[u8; 32]],
) {
    let mut states = [INITIAL; LANES];
    for place in 0..BLOCKS {
        for ((state, blocks), used) in states.iter_mut().zip(lanes).zip(used) {
            let block = blocks.get(place).filter(|_| place < *used);
            block.into_iter().for_each(|block| compress256(state, slice::from_ref(block)));
        }
    }
    for ((hash, state), _) in
        hashes.iter_mut().zip(&states).zip(used).filter(|(_, used)| **used > 0)
    {
        *hash = bytes_of(state);
    }
}

#[inline]
fn bytes_of(state: &[u32; 8]) -> [u8; 32] {
    let mut hash = [0; 32];
    for (bytes, word) in hash.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    hash
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

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

    #[test]
    fn many_agree_with_one_by_one() {
        let text: [u8; 200] = core::array::from_fn(|byte| u8::try_from(byte).unwrap());
        let untouched = [0xee; 32];
        for count in 0..21 {
            // Short ones, ones of two blocks, and longer ones among them.
            for longest in [30, 54, 55, 118, 119, 200] {
                let inputs: Vec<&[u8]> =
                    (0..count).map(|input| &text[..longest - longest * input / 40]).collect();
                let mut hashes = [untouched; 19];
                hash_each(&[7], &inputs, &mut hashes);
                for (place, hash) in hashes.iter().enumerate() {
                    let input = inputs.get(place).map(|input| hash_long(&[7], &[input]));
                    assert_eq!(*hash, input.unwrap_or(untouched), "{place} of {count}, {longest}");
                }
            }
            let children: Vec<[u8; 32]> =
                text.windows(32).take(count).map(|hash| hash.try_into().unwrap()).collect();
            for room in [0, 1, 7, 8, 9, 12] {
                let (mut plain, mut prefixed) = ([untouched; 12], [untouched; 12]);
                hash_pairs(&children, &mut plain[..room]);
                hash_prefixed_pairs(7, &children, &mut prefixed[..room]);
                for place in 0..12 {
                    let pair = children.chunks_exact(2).take(room).nth(place);
                    let hash = |prefix: &[u8]| {
                        pair.map_or(untouched, |pair| hash_long(prefix, &[pair.as_flattened()]))
                    };
                    assert_eq!(plain[place], hash(&[]), "{place} of {count} with room for {room}");
                    assert_eq!(prefixed[place], hash(&[7]));
                }
            }
        }
    }
}
