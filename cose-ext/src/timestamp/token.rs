//! The TimeStampToken of RFC 3161, read as far as its imprint and time.

use ::der::{
    AnyRef, DateTime, Decode, Reader, SliceReader, Tag, TagNumber, Tagged,
    asn1::{ObjectIdentifier, OctetStringRef, UintRef},
};

use crate::{Error, Rule, crypto::Algorithm, cwt::Time};

/// id-signedData (RFC 5652 5.1).
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// id-ct-TSTInfo (RFC 3161 2.4.2).
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// Hash functions by their names in CMS (RFC 5754 2, RFC 8702 3.1).
const HASHES: [(ObjectIdentifier, Algorithm); 7] = [
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"), Algorithm::SHA256),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"), Algorithm::SHA384),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"), Algorithm::SHA512),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.6"), Algorithm::SHA512_256),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.11"), Algorithm::SHAKE128),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.12"), Algorithm::SHAKE256),
    (ObjectIdentifier::new_unwrap("1.3.14.3.2.26"), Algorithm::SHA1),
];

/// A TimeStampToken (RFC 3161 2.4.2) as it was received: borrowed, untrusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimestampToken<'a> {
    der: &'a [u8],
    algorithm: ObjectIdentifier,
    hashed_message: &'a [u8],
    imprint_offset: usize,
    info: TimestampInfo<'a>,
}

/// What an authority states beside the imprint (RFC 3161 2.4.2, TSTInfo).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimestampInfo<'a> {
    policy: ObjectIdentifier,
    serial_number: &'a [u8],
    seconds: u64,
    has_fraction: bool,
}

impl TimestampInfo<'_> {
    /// Returns when the stamped data existed: `genTime`, rounded down to whole seconds.
    #[must_use]
    pub fn time(&self) -> Time {
        Time::Seconds(i64::try_from(self.seconds).unwrap_or(i64::MAX))
    }

    /// Returns whether `genTime` had a fraction of a second, which [`time`](Self::time) leaves out.
    #[must_use]
    pub const fn has_fraction(&self) -> bool {
        self.has_fraction
    }

    /// Returns the policy of the authority, the DER content of an object identifier.
    #[must_use]
    pub fn policy(&self) -> &[u8] {
        self.policy.as_bytes()
    }

    /// Returns the serial number, big-endian, without leading zeros.
    #[must_use]
    pub const fn serial_number(&self) -> &[u8] {
        self.serial_number
    }
}

impl<'a> TimestampToken<'a> {
    /// Reads a token that is the whole of `der`.
    ///
    /// # Errors
    ///
    /// If it is not DER, no SignedData of CMS, or what is signed is not a TSTInfo. A TimeStampResp,
    /// with which authorities answer, is more than a token and is refused, too.
    pub fn decode(der: &'a [u8]) -> Result<Self, Error> {
        let malformed = |error: ::der::Error| {
            let offset = error.position().and_then(|position| usize::try_from(position).ok());
            Error::malformed(Rule::TimestampForm, offset.unwrap_or_default())
        };
        let content = encapsulated(der).map_err(malformed)?;
        let offset = offset_in(der, content);
        let (algorithm, hashed_message, info) =
            tst_info(content).map_err(|error| malformed(error).within(offset))?;
        let imprint_offset = offset_in(der, hashed_message);
        Ok(Self { der, algorithm, hashed_message, imprint_offset, info })
    }

    /// Returns the whole token in DER, for whoever checks its signature.
    #[must_use]
    pub const fn der(&self) -> &'a [u8] {
        self.der
    }

    /// Returns the hash function of the message imprint, if COSE has a number for it.
    #[must_use]
    pub fn imprint_algorithm(&self) -> Option<Algorithm> {
        HASHES.iter().find(|(oid, _)| *oid == self.algorithm).map(|(_, algorithm)| *algorithm)
    }

    /// Returns the digest of the message imprint.
    #[must_use]
    pub const fn hashed_message(&self) -> &'a [u8] {
        self.hashed_message
    }

    pub(super) const fn imprint_offset(&self) -> usize {
        self.imprint_offset
    }

    /// Returns what the token states. Its signature is not verified yet.
    #[must_use]
    pub const fn danger_unverified_info(&self) -> &TimestampInfo<'a> {
        &self.info
    }
}

/// The content of the TSTInfo inside of ContentInfo and SignedData (RFC 5652 3, 5.1, 5.2).
fn encapsulated(der: &[u8]) -> Result<&[u8], ::der::Error> {
    let mut reader = SliceReader::new(der)?;
    let content = reader.sequence(|reader| {
        expect(reader, SIGNED_DATA)?;
        explicit(reader, |reader| {
            reader.sequence(|reader| {
                UintRef::decode(reader)?;
                let algorithms = AnyRef::decode(reader)?;
                algorithms.tag().assert_eq(Tag::Set)?;
                let content = reader.sequence(|reader| {
                    expect(reader, TST_INFO)?;
                    explicit(reader, |reader| Ok(<&OctetStringRef>::decode(reader)?.as_bytes()))
                })?;
                // Certificates, revocation lists and signatures are the authority's to read.
                while !reader.is_finished() {
                    reader.tlv_bytes()?;
                }
                Ok(content)
            })
        })
    })?;
    reader.finish()?;
    Ok(content)
}

type Info<'a> = (ObjectIdentifier, &'a [u8], TimestampInfo<'a>);

fn tst_info(der: &[u8]) -> Result<Info<'_>, ::der::Error> {
    let mut reader = SliceReader::new(der)?;
    let info = reader.sequence(|reader| {
        let version = u8::decode(reader)?;
        if version != 1 {
            return Err(reader.error(::der::ErrorKind::Value { tag: Tag::Integer }));
        }
        let policy = ObjectIdentifier::decode(reader)?;
        let (algorithm, hashed_message) = reader.sequence(|reader| {
            let algorithm = reader.sequence(|reader| {
                let algorithm = ObjectIdentifier::decode(reader)?;
                if !reader.is_finished() {
                    AnyRef::decode(reader)?;
                }
                Ok::<_, ::der::Error>(algorithm)
            })?;
            Ok::<_, ::der::Error>((algorithm, <&OctetStringRef>::decode(reader)?.as_bytes()))
        })?;
        let serial_number = UintRef::decode(reader)?.as_bytes();
        let at = AnyRef::decode(reader)?;
        at.tag().assert_eq(Tag::GeneralizedTime)?;
        let wrong = ::der::ErrorKind::Value { tag: Tag::GeneralizedTime };
        let (seconds, has_fraction) =
            generalized_time(at.value()).ok_or_else(|| reader.error(wrong))?;
        // Accuracy, ordering, nonce, name and extensions.
        while !reader.is_finished() {
            reader.tlv_bytes()?;
        }
        let info = TimestampInfo { policy, serial_number, seconds, has_fraction };
        Ok((algorithm, hashed_message, info))
    })?;
    reader.finish()?;
    Ok(info)
}

/// `YYYYMMDDhhmmss[.s...]Z` (RFC 3161 2.4.2): seconds since 1970, and whether there is a fraction,
/// which has no trailing zero.
fn generalized_time(text: &[u8]) -> Option<(u64, bool)> {
    let (whole, rest) = text.split_at_checked(14)?;
    let has_fraction = match rest.strip_suffix(b"Z")? {
        [] => false,
        [b'.', digits @ .., last] => {
            let only_digits = digits.iter().all(u8::is_ascii_digit);
            if !only_digits || !matches!(last, b'1'..=b'9') {
                return None;
            }
            true
        }
        _ => return None,
    };
    let number = |from: usize, to: usize| -> Option<u16> {
        let digits = whole.get(from..to)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        core::str::from_utf8(digits).ok()?.parse().ok()
    };
    let short = |from: usize| number(from, from.checked_add(2)?).and_then(|n| u8::try_from(n).ok());
    let time =
        DateTime::new(number(0, 4)?, short(4)?, short(6)?, short(8)?, short(10)?, short(12)?);
    Some((time.ok()?.unix_duration().as_secs(), has_fraction))
}

fn expect<'r>(reader: &mut impl Reader<'r>, oid: ObjectIdentifier) -> Result<(), ::der::Error> {
    let found = ObjectIdentifier::decode(reader)?;
    if found == oid {
        Ok(())
    } else {
        Err(reader.error(::der::ErrorKind::OidUnknown { oid: found }))
    }
}

/// `[0] EXPLICIT`.
fn explicit<'r, R: Reader<'r>, T>(
    reader: &mut R,
    read: impl FnOnce(&mut R) -> Result<T, ::der::Error>,
) -> Result<T, ::der::Error> {
    let header = ::der::Header::decode(reader)?;
    header.tag().assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(0) })?;
    reader.read_nested(header.length(), read)
}

/// Where `part` starts in `whole`, which it borrows from.
fn offset_in(whole: &[u8], part: &[u8]) -> usize {
    part.as_ptr().addr().saturating_sub(whole.as_ptr().addr())
}
