//! LM-OTS: from a one-time signature to its public key (RFC 8554 4).

use super::{HASH_LEN, reader::Reader};
use crate::{Feed, HashFunction, VerifyError};

/// Separates the hashes of one-time public keys from all others (RFC 8554 4.3).
const D_PBLC: [u8; 2] = [0x80, 0x80];
/// Separates the hashes of messages.
const D_MESG: [u8; 2] = [0x81, 0x81];

/// One Winternitz width with its type code (RFC 8554 table 1).
#[derive(Clone, Copy)]
pub(super) struct LmOtsParameters {
    code: u32,
    /// Where the digits of a byte stand, the highest first.
    shifts: &'static [u32],
    /// The largest digit, which is also the length of a chain.
    mask: u8,
    /// p: how many chains there are.
    chains: usize,
    /// ls: moves the checksum to the high end of its two bytes.
    checksum_shift: u32,
}

impl LmOtsParameters {
    pub(super) const fn of(code: u32) -> Option<Self> {
        let (shifts, mask, chains, checksum_shift): (&[u32], _, _, _) = match code {
            1 => (&[7, 6, 5, 4, 3, 2, 1, 0], 0x01, 265, 7),
            2 => (&[6, 4, 2, 0], 0x03, 133, 6),
            3 => (&[4, 0], 0x0f, 67, 4),
            4 => (&[0], 0xff, 34, 0),
            _ => return None,
        };
        Some(Self { code, shifts, mask, chains, checksum_shift })
    }

    /// coef(S, i, w) for each i (RFC 8554 3.1.3).
    fn digits<'b>(self, bytes: &'b [u8]) -> impl Iterator<Item = u8> + 'b {
        let of_byte = move |byte: &'b u8| {
            self.shifts.iter().map(move |shift| byte.wrapping_shr(*shift) & self.mask)
        };
        bytes.iter().flat_map(of_byte)
    }

    /// Cksm (RFC 8554 4.4): a digit that grows makes this shrink.
    fn checksum(self, digest: &[u8; HASH_LEN]) -> [u8; 2] {
        let missing = self.digits(digest).map(|digit| u16::from(self.mask.wrapping_sub(digit)));
        missing.fold(0, u16::saturating_add).wrapping_shl(self.checksum_shift).to_be_bytes()
    }
}

/// A one-time signature (RFC 8554 4.5).
pub(super) struct LmOtsSignature<'a> {
    /// C.
    randomizer: &'a [u8; HASH_LEN],
    /// y: one value of each chain.
    chains: &'a [u8],
}

impl<'a> LmOtsSignature<'a> {
    pub(super) fn read(reader: &mut Reader<'a>, parameters: LmOtsParameters) -> Option<Self> {
        if reader.number()? != parameters.code {
            return None;
        }
        let randomizer = reader.array()?;
        let chains = reader.take(parameters.chains.checked_mul(HASH_LEN)?)?;
        Some(Self { randomizer, chains })
    }
}

/// What the hashes of one leaf have in common.
pub(super) struct LmOtsKey<'a> {
    pub(super) parameters: LmOtsParameters,
    /// I.
    pub(super) identifier: &'a [u8; 16],
    /// q as four bytes.
    pub(super) leaf: [u8; 4],
    pub(super) function: &'a dyn HashFunction,
}

impl LmOtsKey<'_> {
    /// RFC 8554 algorithm 4b: the public key under which the signature is one.
    pub(super) fn candidate(
        &self,
        feed: &mut Feed<'_>,
        signature: &LmOtsSignature<'_>,
    ) -> Result<[u8; HASH_LEN], VerifyError> {
        let digest = self.function.hash_stream(&mut |sink| {
            sink(self.identifier);
            sink(&self.leaf);
            sink(&D_MESG);
            sink(signature.randomizer);
            feed(sink)
        })?;
        let digest = digest.as_ref().try_into().map_err(|_| VerifyError::InvalidSignature)?;
        let candidate = match self.parameters.chains {
            34 => self.candidate_of::<34>(digest, signature),
            67 => self.candidate_of::<67>(digest, signature),
            133 => self.candidate_of::<133>(digest, signature),
            _ => self.candidate_of::<265>(digest, signature),
        };
        candidate.ok_or(VerifyError::InvalidSignature)
    }

    /// Follows each chain to its end. The ends are collected and hashed in one go: a hash function
    /// that is asked for a second digest while it works on a first may be a device with one engine.
    // Not inlined: otherwise each width would take the stack of the widest.
    #[inline(never)]
    fn candidate_of<const CHAINS: usize>(
        &self,
        digest: &[u8; HASH_LEN],
        signature: &LmOtsSignature<'_>,
    ) -> Option<[u8; HASH_LEN]> {
        let checksum = self.parameters.checksum(digest);
        let digits = self.parameters.digits(digest).chain(self.parameters.digits(&checksum));
        let starts = signature.chains.chunks_exact(HASH_LEN).zip(digits);
        let mut ends = [[0; HASH_LEN]; CHAINS];
        for ((end, (start, digit)), index) in ends.iter_mut().zip(starts).zip(0_u16..) {
            end.copy_from_slice(start);
            for step in digit..self.parameters.mask {
                let link: [&[u8]; 5] =
                    [self.identifier, &self.leaf, &index.to_be_bytes(), &[step], &*end];
                *end = hash(self.function, &link)?;
            }
        }
        hash(self.function, &[self.identifier, &self.leaf, &D_PBLC, ends.as_flattened()])
    }
}

/// The digest, if the function keeps to its length.
pub(super) fn hash(function: &dyn HashFunction, message: &[&[u8]]) -> Option<[u8; HASH_LEN]> {
    function.hash(message).as_ref().try_into().ok()
}
