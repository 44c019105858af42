//! X.509 certificates (RFC 5280 4.1).

use core::fmt;

use ::der::{
    Decode, Reader, SliceReader, Tag, TagNumber,
    asn1::{BitStringRef, GeneralizedTime, ObjectIdentifier, OctetStringRef, UtcTime},
};

use crate::{
    Error, Rule,
    crypto::{Algorithm, PublicKey},
    cwt::Time,
    key::{offset_in, spki},
};

/// id-ce-keyUsage (RFC 5280 4.2.1.3).
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");

/// A certificate as it was received (RFC 5280 4.1): read as far as it takes to know whose key it
/// says to hold, borrowed, untrusted. Of the extensions only key usage is read; a path validator
/// reads the others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Certificate<'a> {
    der: &'a [u8],
    issuer: &'a [u8],
    subject: &'a [u8],
    public_key_info: &'a [u8],
    not_before: i64,
    not_after: i64,
    key_usage: Option<KeyUsage>,
}

/// What a key may be used for (RFC 5280 4.2.1.3), as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage {
    /// The first eight bits, most significant first.
    first: u8,
}

impl KeyUsage {
    /// Returns whether digitalSignature or nonRepudiation is set: the key may sign anything but
    /// certificates and revocation lists.
    #[must_use]
    pub const fn signs_messages(self) -> bool {
        self.first & 0xc0 != 0
    }

    /// Returns whether keyCertSign is set: the key may sign certificates.
    #[must_use]
    pub const fn signs_certificates(self) -> bool {
        self.first & 0x04 != 0
    }
}

impl<'a> Certificate<'a> {
    /// Reads a certificate that is the whole of `der`.
    ///
    /// # Errors
    ///
    /// If the bytes are not a certificate.
    pub fn decode(der: &'a [u8]) -> Result<Self, Error> {
        read(der).map_err(|error| {
            let offset = error.position().and_then(|position| usize::try_from(position).ok());
            Error::malformed(Rule::CertificateForm, offset.unwrap_or_default())
        })
    }

    /// Returns the whole certificate in DER.
    #[must_use]
    pub const fn der(&self) -> &'a [u8] {
        self.der
    }

    /// Returns the name of the issuer, an encoded Name.
    #[must_use]
    pub const fn issuer(&self) -> &'a [u8] {
        self.issuer
    }

    /// Returns the name of the subject, an encoded Name, which may be an empty sequence.
    #[must_use]
    pub const fn subject(&self) -> &'a [u8] {
        self.subject
    }

    /// Returns the encoded SubjectPublicKeyInfo.
    #[must_use]
    pub const fn public_key_info(&self) -> &'a [u8] {
        self.public_key_info
    }

    /// Returns the public key.
    ///
    /// # Errors
    ///
    /// Those of [`spki::decode`].
    pub fn public_key(&self) -> Result<PublicKey<'a>, Error> {
        let offset = offset_in(self.der, self.public_key_info);
        spki::decode(self.public_key_info).map_err(|error| error.within(offset))
    }

    /// Returns the public key for signatures by `algorithm`.
    ///
    /// # Errors
    ///
    /// Those of [`spki::decode_for`].
    pub fn public_key_for(&self, algorithm: Algorithm) -> Result<PublicKey<'a>, Error> {
        let offset = offset_in(self.der, self.public_key_info);
        spki::decode_for(self.public_key_info, algorithm).map_err(|error| error.within(offset))
    }

    /// Returns the first second of validity.
    #[must_use]
    pub const fn not_before(&self) -> Time {
        Time::Seconds(self.not_before)
    }

    /// Returns the last second of validity.
    #[must_use]
    pub const fn not_after(&self) -> Time {
        Time::Seconds(self.not_after)
    }

    /// Returns the key usage. Without this extension a certificate restricts nothing.
    #[must_use]
    pub const fn key_usage(&self) -> Option<KeyUsage> {
        self.key_usage
    }
}

impl fmt::Debug for Certificate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({} bytes)", self.der.len())
    }
}

const fn context_specific(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

fn read(der: &[u8]) -> Result<Certificate<'_>, ::der::Error> {
    let mut reader = SliceReader::new(der)?;
    let certificate = reader.sequence(|reader| {
        let certificate = reader.sequence(|reader| to_be_signed(der, reader))?;
        sequence(reader)?; // signatureAlgorithm
        BitStringRef::decode(reader)?;
        Ok::<_, ::der::Error>(certificate)
    })?;
    reader.finish()?;
    Ok(certificate)
}

fn to_be_signed<'a>(
    der: &'a [u8],
    reader: &mut SliceReader<'a>,
) -> Result<Certificate<'a>, ::der::Error> {
    // Version 1 states none.
    if Tag::peek(reader)? == context_specific(0) {
        reader.tlv_bytes()?;
    }
    Tag::peek(reader)?.assert_eq(Tag::Integer)?; // serialNumber
    reader.tlv_bytes()?;
    sequence(reader)?; // signature
    let issuer = sequence(reader)?;
    let (not_before, not_after) =
        reader.sequence(|reader| Ok::<_, ::der::Error>((time(reader)?, time(reader)?)))?;
    let (subject, public_key_info) = (sequence(reader)?, sequence(reader)?);
    let mut key_usage = None;
    while !reader.is_finished() {
        if Tag::peek(reader)? != context_specific(3) {
            // The unique identifiers of version 2.
            reader.tlv_bytes()?;
            continue;
        }
        let header = ::der::Header::decode(reader)?;
        reader.read_nested(header.length(), |reader| {
            reader.sequence(|reader| {
                while !reader.is_finished() {
                    let Some(found) = reader.sequence(extension)? else { continue };
                    if key_usage.replace(found).is_some() {
                        return Err(reader.error(Tag::Sequence.value_error()));
                    }
                }
                Ok::<_, ::der::Error>(())
            })
        })?;
    }
    Ok(Certificate { der, issuer, subject, public_key_info, not_before, not_after, key_usage })
}

/// Key usage, if this extension is it.
fn extension(reader: &mut SliceReader<'_>) -> Result<Option<KeyUsage>, ::der::Error> {
    let id = ObjectIdentifier::decode(reader)?;
    if Tag::peek(reader)? == Tag::Boolean {
        bool::decode(reader)?; // critical
    }
    let value = <&OctetStringRef>::decode(reader)?.as_bytes();
    if id != KEY_USAGE {
        return Ok(None);
    }
    let bits = BitStringRef::from_der(value)?;
    Ok(Some(KeyUsage { first: bits.raw_bytes().first().copied().unwrap_or_default() }))
}

fn sequence<'a>(reader: &mut SliceReader<'a>) -> Result<&'a [u8], ::der::Error> {
    Tag::peek(reader)?.assert_eq(Tag::Sequence)?;
    reader.tlv_bytes()
}

fn time(reader: &mut SliceReader<'_>) -> Result<i64, ::der::Error> {
    let since_1970 = match Tag::peek(reader)? {
        Tag::UtcTime => UtcTime::decode(reader)?.to_unix_duration(),
        _ => GeneralizedTime::decode(reader)?.to_unix_duration(),
    };
    Ok(i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX))
}
