//! What a name says of the signer's certificate.

use cose_ext::x509::Certificate;

use super::{
    extensions::{self, Extensions},
    subject,
};

/// The policies of a name, between `::`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Policies<'d> {
    text: &'d str,
}

/// One policy.
#[derive(Clone, Copy)]
pub(super) enum Policy<'d> {
    /// Attributes of the subject: pairs of name and value, between colons.
    Subject(&'d str),
    /// A subject alternative name: its type, and its value.
    AlternativeName(&'d str, &'d str),
    /// An extended key usage.
    KeyUsage(&'d str),
    /// The authority that Fulcio asked who the signer is.
    FulcioIssuer(&'d str),
}

impl<'d> Policies<'d> {
    pub(super) fn parse(text: &'d str) -> Option<Self> {
        let policies = Self { text };
        let all_read = text.split("::").all(|policy| Policy::parse(policy).is_some());
        all_read.then_some(policies)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Policy<'d>> + use<'d> {
        self.text.split("::").filter_map(Policy::parse)
    }
}

impl<'d> Policy<'d> {
    fn parse(policy: &'d str) -> Option<Self> {
        let (name, value) = policy.split_once(':')?;
        let has_value = !value.is_empty() && is_encoded(value);
        match name {
            "subject" if has_value && subject::is_list(value) => Some(Self::Subject(value)),
            "san" if has_value => {
                let (kind, value) = value.split_once(':')?;
                let is_known = matches!(kind, "email" | "dns" | "uri") && !value.contains(':');
                is_known.then_some(Self::AlternativeName(kind, value))
            }
            "eku" if has_value && extensions::is_object_identifier(value) => {
                Some(Self::KeyUsage(value))
            }
            "fulcio-issuer" if has_value && !value.contains(':') => Some(Self::FulcioIssuer(value)),
            _ => None,
        }
    }

    /// Returns whether a certificate meets this policy. What cannot be read meets none.
    pub(super) fn is_met_by(
        &self,
        certificate: &Certificate<'_>,
        extensions: &Extensions<'_>,
    ) -> bool {
        match *self {
            Self::Subject(pairs) => subject::has(certificate.subject(), pairs),
            Self::AlternativeName(kind, value) => extensions.has_alternative_name(kind, value),
            Self::KeyUsage(usage) => extensions.has_key_usage(usage),
            Self::FulcioIssuer(issuer) => extensions.has_fulcio_issuer(issuer),
        }
    }
}

/// Whether a value holds only characters that need no percent-encoding, colons between its parts,
/// and whole escapes.
fn is_encoded(value: &str) -> bool {
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        let is_good = match byte {
            b'%' => [bytes.next(), bytes.next()]
                .iter()
                .all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit())),
            _ => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':'),
        };
        if !is_good {
            return false;
        }
    }
    true
}

/// Returns whether a percent-encoded value is `plain`.
pub(super) fn is_same(encoded: &str, plain: &[u8]) -> bool {
    let mut encoded = encoded.bytes();
    let mut plain = plain.iter();
    loop {
        let byte = match encoded.next() {
            None => return plain.next().is_none(),
            Some(b'%') => {
                let mut digit = || char::from(encoded.next()?).to_digit(16);
                let (high, low) = (digit(), digit());
                match (high, low) {
                    (Some(high), Some(low)) => {
                        u8::try_from(high.saturating_mul(16).saturating_add(low)).ok()
                    }
                    _ => None,
                }
            }
            Some(byte) => Some(byte),
        };
        if byte.is_none() || byte != plain.next().copied() {
            return false;
        }
    }
}
