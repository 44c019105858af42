//! What an attestation payload looks like before anybody verified it (sections 4.3.1 and 5).

use cose_ext::{
    Profile, Sign1,
    cbor::{Raw, Reader},
    cwt::{ClaimKey, Claims},
    tag,
};

use crate::{decode::read_bytes, rule::Rule};

/// The name of TEEP's EAT profile as draft-ietf-teep-protocol-26 5 prints it and as implementers of
/// the draft send it. The RFC will bring a number in place of `XXXX`, so the name is a parameter
/// wherever it counts.
pub const EAT_PROFILE: &str = "urn:ietf:rfc:rfcXXXX";

/// An attestation payload and its format. Borrowed, untrusted.
#[derive(Clone, Copy)]
pub struct AttestationPayload<'a> {
    bytes: &'a [u8],
    offset: usize,
    format: Option<&'a str>,
}

/// What an attestation payload looks like. Nothing of it is verified: it serves to route a message,
/// and to report broken rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum PayloadKind<'a> {
    /// A signed claims set.
    Eat {
        /// The profile that it names.
        profile: Option<&'a str>,
        /// Its nonce, if it has exactly one.
        nonce: Option<&'a [u8]>,
    },
    /// A COSE_Encrypt for the receiver.
    Encrypted,
    /// Anything else.
    Opaque,
}

impl<'a> AttestationPayload<'a> {
    pub(crate) fn new(raw: &Raw<'a>, format: Option<&'a str>) -> Option<Self> {
        let bytes = read_bytes(raw)?;
        let head = raw.bytes().len().saturating_sub(bytes.len());
        Some(Self { bytes, offset: raw.offset().saturating_add(head), format })
    }

    /// Returns the payload.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns the media type; `None` if the message names none.
    #[must_use]
    pub const fn format(&self) -> Option<&'a str> {
        self.format
    }

    pub(crate) const fn offset(&self) -> usize {
        self.offset
    }

    /// Tells whether the format says that this is an Attestation Result of the TEEP profile
    /// `label`: by its absence, or by the media type of section 5. Any other value means Evidence,
    /// which is opaque here.
    #[must_use]
    pub fn claims_to_be_result(&self, label: &str) -> bool {
        self.format.is_none_or(|format| is_profile_type(format, label))
    }

    /// Returns what the payload looks like.
    pub fn kind(&self, profile: &Profile) -> PayloadKind<'a> {
        let Ok(item) = profile.item(self.bytes, 0) else { return PayloadKind::Opaque };
        if item.under_tag(tag::COSE_ENCRYPT).is_ok() {
            return PayloadKind::Encrypted;
        }
        let inner = item.under_tag(tag::CWT).unwrap_or(item);
        let claims = Sign1::decode(inner.bytes(), profile)
            .ok()
            .and_then(|message| Claims::decode(message.danger_unverified_payload()?, profile).ok());
        let Some(claims) = claims else { return PayloadKind::Opaque };
        let read = |key, read: fn(&mut Reader<'a>) -> _| claims.find(key)?.read(read).ok();
        PayloadKind::Eat {
            profile: read(ClaimKey::EAT_PROFILE, Reader::text),
            nonce: claims.find(ClaimKey::EAT_NONCE).and_then(|nonce| read_bytes(&nonce)),
        }
    }

    /// The rule that a payload without format breaks.
    pub(crate) fn broken_rule(&self, label: &str, profile: &Profile) -> Option<Rule> {
        if self.format.is_some() {
            return None;
        }
        match self.kind(profile) {
            PayloadKind::Eat { profile: Some(named), .. } if named != label => {
                Some(Rule::FormatPresent)
            }
            PayloadKind::Opaque => Some(Rule::PayloadIsEat),
            _ => None,
        }
    }
}

impl core::fmt::Debug for AttestationPayload<'_> {
    /// Shows no byte of it: logs must not hold Evidence.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("AttestationPayload")
            .field("len", &self.bytes.len())
            .field("format", &self.format)
            .finish()
    }
}

/// `application/eat+cwt; eat_profile="<label>"`, with blanks, quotes and case as RFC 9110 lets them
/// vary.
fn is_profile_type(format: &str, label: &str) -> bool {
    let mut parts = format.split(';').map(str::trim);
    if !parts
        .next()
        .is_some_and(|media_type| media_type.eq_ignore_ascii_case("application/eat+cwt"))
    {
        return false;
    }
    let mut profiles = parts.filter_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("eat_profile").then(|| value.trim().trim_matches('"'))
    });
    profiles.next() == Some(label) && profiles.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_type_of_the_profile_is_told_from_others() {
        let label = "urn:example:profile";
        for format in [
            "application/eat+cwt; eat_profile=\"urn:example:profile\"",
            "Application/EAT+CWT;EAT_profile=urn:example:profile",
        ] {
            assert!(is_profile_type(format, label), "{format}");
        }
        for format in [
            "application/eat+cwt",
            "application/eat+cwt; eat_profile=\"urn:ietf:rfc:rfc9711\"",
            "application/eat+jwt; eat_profile=\"urn:example:profile\"",
            "application/eat+cwt; eat_profile=a; eat_profile=\"urn:example:profile\"",
            "",
        ] {
            assert!(!is_profile_type(format, label), "{format}");
        }
    }
}
