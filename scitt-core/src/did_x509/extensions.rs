//! The extensions of a certificate that a `did:x509` speaks of.

use der::{
    Decode, Reader, SliceReader, Tag, TagNumber, Tagged,
    asn1::{AnyRef, ObjectIdentifier},
};

use super::policy::is_same;

/// id-ce-extKeyUsage (RFC 5280 4.2.1.12).
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
/// id-ce-subjectAltName (RFC 5280 4.2.1.6).
const ALTERNATIVE_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
/// id-ce-basicConstraints (RFC 5280 4.2.1.9).
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
/// The issuer of the token that Fulcio saw.
const FULCIO_ISSUER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.1");

/// How many purposes of a certificate are looked at.
pub(super) const MAX_PURPOSES: usize = 16;

/// The content of the one item that `bytes` are.
pub(super) fn content(bytes: &[u8]) -> Result<SliceReader<'_>, der::Error> {
    SliceReader::new(AnyRef::from_der(bytes)?.value())
}

/// Whether a text is an object identifier.
pub(super) fn is_object_identifier(text: &str) -> bool {
    ObjectIdentifier::new(text).is_ok()
}

/// The extensions that a policy may ask for, each `None` where the certificate has none.
#[derive(Clone, Copy, Default)]
pub(super) struct Extensions<'c> {
    key_usage: Option<&'c [u8]>,
    alternative_name: Option<&'c [u8]>,
    fulcio_issuer: Option<&'c [u8]>,
    basic_constraints: Option<&'c [u8]>,
}

impl<'c> Extensions<'c> {
    /// Reads them. A certificate that cannot be read has none: its path fails.
    pub(super) fn of(certificate: &'c [u8]) -> Self {
        Self::read(certificate).unwrap_or_default()
    }

    fn read(certificate: &'c [u8]) -> Result<Self, der::Error> {
        let mut found = Self::default();
        let mut whole = content(certificate)?;
        let mut signed = SliceReader::new(AnyRef::decode(&mut whole)?.value())?;
        let extensions = Tag::ContextSpecific { constructed: true, number: TagNumber(3) };
        while !signed.is_finished() {
            let item = AnyRef::decode(&mut signed)?;
            if item.tag() != extensions {
                continue;
            }
            let mut list = content(item.value())?;
            while !list.is_finished() {
                let mut extension = SliceReader::new(AnyRef::decode(&mut list)?.value())?;
                let id = ObjectIdentifier::decode(&mut extension)?;
                let mut value = AnyRef::decode(&mut extension)?;
                if value.tag() == Tag::Boolean {
                    value = AnyRef::decode(&mut extension)?;
                }
                let place = match id {
                    EXTENDED_KEY_USAGE => &mut found.key_usage,
                    ALTERNATIVE_NAME => &mut found.alternative_name,
                    FULCIO_ISSUER => &mut found.fulcio_issuer,
                    BASIC_CONSTRAINTS => &mut found.basic_constraints,
                    _ => continue,
                };
                // RFC 5280 4.2: none stands twice.
                if place.replace(value.value()).is_some() {
                    return Err(list.error(Tag::Sequence.value_error()));
                }
            }
        }
        Ok(found)
    }

    /// Returns whether the certificate is that of an authority below which there may be `between`
    /// others.
    pub(super) fn is_authority_above(&self, between: usize) -> bool {
        let read = || {
            let mut list = content(self.basic_constraints?).ok()?;
            let is_authority = bool::decode(&mut list).ok()?;
            let most = match list.is_finished() {
                true => None,
                false => Some(usize::from(u8::decode(&mut list).ok()?)),
            };
            Some(is_authority && most.is_none_or(|most| between <= most))
        };
        read().unwrap_or(false)
    }

    /// The purposes, each the content of an object identifier.
    pub(super) fn purposes(&self) -> ([&'c [u8]; MAX_PURPOSES], usize) {
        let mut purposes: [&'c [u8]; MAX_PURPOSES] = [&[]; MAX_PURPOSES];
        let mut len: usize = 0;
        let mut read = || {
            let mut list = content(self.key_usage?).ok()?;
            for place in &mut purposes {
                *place = AnyRef::decode(&mut list).ok()?.value();
                len = len.saturating_add(1);
            }
            Some(())
        };
        let _ = read();
        (purposes, len)
    }

    pub(super) fn has_key_usage(&self, usage: &str) -> bool {
        let Ok(wanted) = ObjectIdentifier::new(usage) else { return false };
        let (purposes, len) = self.purposes();
        purposes.iter().take(len).any(|purpose| *purpose == wanted.as_bytes())
    }

    pub(super) fn has_alternative_name(&self, kind: &str, value: &str) -> bool {
        let number = match kind {
            "email" => 1,
            "dns" => 2,
            "uri" => 6,
            _ => return false,
        };
        let wanted = Tag::ContextSpecific { constructed: false, number: TagNumber(number) };
        let Some(Ok(mut names)) = self.alternative_name.map(content) else { return false };
        while !names.is_finished() {
            match AnyRef::decode(&mut names) {
                Ok(name) if name.tag() == wanted && is_same(value, name.value()) => return true,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
        false
    }

    /// The issuer is a URL of https, and the policy names what comes behind.
    pub(super) fn has_fulcio_issuer(&self, issuer: &str) -> bool {
        let host = self.fulcio_issuer.and_then(|value| value.strip_prefix(b"https://"));
        host.is_some_and(|host| is_same(issuer, host))
    }
}
