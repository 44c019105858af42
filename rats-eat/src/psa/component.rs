//! Measured software in a PSA token.

use core::fmt;

use cose_ext::cbor::{Error, Item, Reader, Strictness};

use crate::label::psa;

/// A measured piece of software (RFC 9783 4.4.1).
///
/// It is as trusted as the claims that it was read out of:
///
/// ```compile_fail,E0308
/// use rats_eat::{cose_ext::{Verified, sign::Signers}, psa::{Component, PsaClaims}};
/// fn forge<'a>(claims: PsaClaims<'a>) -> Verified<Component<'a>, Signers> {
///     claims.components().next().unwrap() // of a token that nobody has verified
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component<'a> {
    /// What it is for: `BL`, `PRoT`, `ARoT`, ...
    pub kind: Option<&'a str>,
    /// Its digest, 32, 48 or 64 bytes.
    pub measurement: &'a [u8],
    /// Its version.
    pub version: Option<&'a str>,
    /// Digest of the key that signed it.
    pub signer: &'a [u8],
    /// How it was measured: the name of a hash algorithm, mostly.
    pub description: Option<&'a str>,
}

impl<'a> Component<'a> {
    /// Reads a component of a claims set whose encoding was checked; `None` for one that RFC 9783
    /// does not allow.
    ///
    /// # Errors
    ///
    /// If a member is not of the type that its specification gives it.
    pub(super) fn pull(reader: &mut Reader<'a>) -> Result<Option<Self>, Error> {
        let (mut kind, mut version, mut description) = (None, None, None);
        let (mut measurement, mut signer) = (None, None);
        let mut left = reader.map()?;
        while is_another(reader, &mut left)? {
            match next_key(reader)? {
                Some(psa::TYPE) => kind = Some(reader.text()?),
                Some(psa::MEASUREMENT) => measurement = Some(reader.bytes()?),
                Some(psa::VERSION) => version = Some(reader.text()?),
                Some(psa::SIGNER) => signer = Some(reader.bytes()?),
                Some(psa::DESCRIPTION) => description = Some(reader.text()?),
                _ => reader.skip()?,
            }
        }
        let is_digest = |bytes: &&[u8]| matches!(bytes.len(), 32 | 48 | 64);
        let measurement = measurement.filter(is_digest);
        Ok(measurement.zip(signer.filter(is_digest)).map(|(measurement, signer)| Self {
            kind,
            measurement,
            version,
            signer,
            description,
        }))
    }
}

/// Whether the array or map goes on, of which `left` items are announced; the break that ends one
/// without a length is consumed.
pub(super) fn is_another(reader: &mut Reader<'_>, left: &mut Option<u64>) -> Result<bool, Error> {
    match left {
        None => reader.take_break().map(|is_end| !is_end),
        Some(left) => match left.checked_sub(1) {
            Some(less) => {
                *left = less;
                Ok(true)
            }
            None => Ok(false),
        },
    }
}

/// Reads the key that stands next, if it is an integer that somebody can have registered.
#[inline]
pub(super) fn next_key(reader: &mut Reader<'_>) -> Result<Option<i64>, Error> {
    let start = reader.position();
    match reader.item()? {
        Item::Int(key) => Ok(key.to_i64()),
        Item::Text(_) => Ok(None),
        _ => {
            *reader = reader.at(start);
            reader.skip()?;
            Ok(None)
        }
    }
}

/// Iterator over the measured software of a PSA token:
/// [`PsaClaims::components`](super::PsaClaims::components).
#[derive(Clone, Debug)]
pub struct Components<'a> {
    reader: Reader<'a>,
    left: Option<u64>,
}

/// An encoded array of components that were checked one by one; no bytes stand for an array without
/// any.
#[derive(Clone, Copy)]
pub(super) struct ComponentArray<'a>(pub(super) &'a [u8]);

impl<'a> ComponentArray<'a> {
    pub(super) fn iter(&self) -> Components<'a> {
        let mut reader = Reader::new(self.0, Strictness::LENIENT);
        let left = reader.array().unwrap_or(Some(0));
        Components { reader, left }
    }
}

impl fmt::Debug for ComponentArray<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a> Iterator for Components<'a> {
    type Item = Component<'a>;

    fn next(&mut self) -> Option<Component<'a>> {
        if !is_another(&mut self.reader, &mut self.left).ok()? {
            return None;
        }
        Component::pull(&mut self.reader).ok()?
    }
}
