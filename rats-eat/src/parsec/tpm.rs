//! Structures of TPM 2.0 (TPM 2.0 Library, Part 2), big-endian and with two bytes of length before
//! what has no length of its own.

use cose_ext::{Digest, crypto::Algorithm};

use crate::{Error, ErrorKind, Rule};

/// What no TPM makes, or of an algorithm that is not read here.
pub(super) const ANOTHER: Error = Error::new(ErrorKind::Broken(Rule::TpmStructure));

/// TPM_GENERATED_VALUE: what a TPM puts before all that it attests, and signs for nobody else.
const GENERATED: u32 = 0xff54_4347;
const ATTEST_CERTIFY: u16 = 0x8017;
const ATTEST_QUOTE: u16 = 0x8018;
const ALG_SHA256: u16 = 0x000b;
const ALG_ECDSA: u16 = 0x0018;

/// A statement of a TPM (TPMS_ATTEST).
#[derive(Clone, Copy, Debug)]
pub(super) struct Attest<'a> {
    /// What the verifier sent (`extraData`).
    pub(super) nonce: &'a [u8],
    pub(super) attested: Attested<'a>,
}

/// What a TPM attests.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Attested<'a> {
    /// The name of an object: the digest of its public area behind the number of the algorithm.
    Name(&'a [u8]),
    /// Platform configuration registers.
    Quote(Quote<'a>),
}

/// A quote of platform configuration registers (TPMS_QUOTE_INFO).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote<'a> {
    /// Which registers (TPML_PCR_SELECTION, encoded).
    pub selection: &'a [u8],
    /// Digest of their values.
    pub digest: &'a [u8],
}

/// What is left to read.
#[derive(Clone, Copy)]
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(ANOTHER)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (number, rest) = self.0.split_first_chunk().ok_or(ANOTHER)?;
        self.0 = rest;
        Ok(*number)
    }

    fn u16(&mut self) -> Result<u16, Error> {
        self.number().map(u16::from_be_bytes)
    }

    /// Two bytes of length and as many bytes as they say (TPM2B).
    fn sized(&mut self) -> Result<&'a [u8], Error> {
        let len = self.u16()?;
        self.take(usize::from(len))
    }

    fn end(&self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(ANOTHER) }
    }
}

impl<'a> Attest<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        // Clock, resets, restarts and safe; then the version of the firmware.
        const CLOCK_AND_FIRMWARE: usize = 8 + 4 + 4 + 1 + 8;
        let mut cursor = Cursor(bytes);
        if u32::from_be_bytes(cursor.number()?) != GENERATED {
            return Err(ANOTHER);
        }
        let kind = cursor.u16()?;
        let _qualified_signer = cursor.sized()?;
        let nonce = cursor.sized()?;
        cursor.take(CLOCK_AND_FIRMWARE)?;
        let attested = match kind {
            ATTEST_CERTIFY => {
                let name = cursor.sized()?;
                let _qualified_name = cursor.sized()?;
                Attested::Name(name)
            }
            ATTEST_QUOTE => {
                let selection = selection(&mut cursor)?;
                Attested::Quote(Quote { selection, digest: cursor.sized()? })
            }
            _ => return Err(ANOTHER),
        };
        cursor.end()?;
        Ok(Self { nonce, attested })
    }
}

/// A count, and that many banks: algorithm, length and bits. Each turn of the loop takes bytes of
/// the input, or ends it.
fn selection<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], Error> {
    let start = cursor.0;
    let banks = u32::from_be_bytes(cursor.number()?);
    for _ in 0..banks {
        let _algorithm = cursor.u16()?;
        let [len] = cursor.number()?;
        cursor.take(usize::from(len))?;
    }
    let len = start.len().saturating_sub(cursor.0.len());
    start.get(..len).ok_or(ANOTHER)
}

/// Reads the name of an object as the digest of its public area.
pub(super) fn name(name: &[u8]) -> Result<Digest<'_>, Error> {
    let mut cursor = Cursor(name);
    match cursor.u16()? {
        ALG_SHA256 => Digest::new(Algorithm::SHA256, cursor.0).map_err(|_| ANOTHER),
        _ => Err(ANOTHER),
    }
}

/// A signature as COSE writes it: both numbers with the length of the curve.
#[derive(Clone, Copy)]
pub(super) struct Signature([u8; 2 * P256]);

/// Length of a number of P-256.
const P256: usize = 32;

impl Signature {
    /// Reads a TPMT_SIGNATURE by ECDSA with SHA-256, whose numbers may lack leading zeros.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut cursor = Cursor(bytes);
        if (cursor.u16()?, cursor.u16()?) != (ALG_ECDSA, ALG_SHA256) {
            return Err(ANOTHER);
        }
        let mut signature = [0; 2 * P256];
        for half in signature.chunks_exact_mut(P256) {
            let number = cursor.sized()?;
            let start = P256.checked_sub(number.len()).ok_or(ANOTHER)?;
            half.get_mut(start..).ok_or(ANOTHER)?.copy_from_slice(number);
        }
        cursor.end()?;
        Ok(Self(signature))
    }

    pub(super) const fn bytes(&self) -> &[u8] {
        &self.0
    }
}
