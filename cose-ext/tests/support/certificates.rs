//! Certificates made by hand, so that a test can break what an authority keeps whole. Nothing here asks the library how
//! a certificate looks.

use cose_ext::crypto::Signer;
use cose_ext::rustcrypto::P256SigningKey;
use testkit::fixed_keys::EcKey;

use crate::messages::h;

/// A DER element.
pub fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = content.len();
    let head = match len {
        0..=127 => vec![tag, len as u8],
        128..=255 => vec![tag, 0x81, len as u8],
        _ => vec![tag, 0x82, (len >> 8) as u8, len as u8],
    };
    [head, content.to_vec()].concat()
}

/// A sequence.
pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    der(0x30, &parts.concat())
}

/// A Name with one common name; none is the empty name.
pub fn name(common_name: &str) -> Vec<u8> {
    if common_name.is_empty() {
        return sequence(&[]);
    }
    let attribute = sequence(&[h("0603550403"), der(0x0c, common_name.as_bytes())]);
    sequence(&[der(0x31, &attribute)])
}

/// A SubjectPublicKeyInfo on P-256.
pub fn public_key(key: &EcKey<32>) -> Vec<u8> {
    let point = [&[0, 4][..], &key.x, &key.y].concat();
    sequence(&[h("301306072a8648ce3d020106082a8648ce3d030107"), der(3, &point)])
}

const ECDSA_WITH_SHA256: &str = "300a06082a8648ce3d040302";

/// Key usage (RFC 5280 4.2.1.3) by its first byte.
pub fn key_usage(bits: u8) -> Vec<u8> {
    extension("551d0f", true, &der(3, &[bits.trailing_zeros() as u8, bits]))
}

/// Extended key usage, by the content of OIDs.
pub fn extended_key_usage(purposes: &[&str]) -> Vec<u8> {
    let purposes: Vec<_> = purposes.iter().map(|purpose| der(6, &h(purpose))).collect();
    extension("551d25", false, &sequence(&purposes))
}

/// Basic constraints of an authority.
pub fn authority(path_len: Option<u8>) -> Vec<u8> {
    let path_len = path_len.map_or(vec![], |len| der(2, &[len]));
    extension("551d13", true, &sequence(&[h("0101ff"), path_len]))
}

/// Any extension, by the content of its OID.
pub fn extension(oid: &str, is_critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if is_critical { h("0101ff") } else { vec![] };
    sequence(&[der(6, &h(oid)), critical, der(4, value)])
}

/// What a certificate is to say.
#[derive(Clone)]
pub struct Template {
    pub issuer: String,
    pub subject: String,
    pub key: EcKey<32>,
    pub not_before: String,
    pub not_after: String,
    pub extensions: Vec<Vec<u8>>,
    /// `a003020102`, version 3.
    pub version: Vec<u8>,
}

impl Template {
    /// Valid in 2025 and 2026.
    pub fn new(issuer: &str, subject: &str, key: &EcKey<32>) -> Self {
        Self {
            issuer: issuer.into(),
            subject: subject.into(),
            key: *key,
            not_before: "250101000000Z".into(),
            not_after: "261231235959Z".into(),
            extensions: vec![],
            version: h("a003020102"),
        }
    }

    /// Returns a certificate with `extension`.
    pub fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    /// Returns a certificate that is valid within these times (`YYMMDDhhmmssZ`).
    pub fn valid(mut self, not_before: &str, not_after: &str) -> Self {
        (self.not_before, self.not_after) = (not_before.into(), not_after.into());
        self
    }

    /// The certificate, signed with `issuer`'s key.
    pub fn sign(&self, issuer: &EcKey<32>) -> Vec<u8> {
        let extensions = match &self.extensions[..] {
            [] => vec![],
            extensions => der(0xa3, &sequence(extensions)),
        };
        let to_be_signed = sequence(&[
            self.version.clone(),
            h("020101"),
            h(ECDSA_WITH_SHA256),
            name(&self.issuer),
            sequence(&[
                der(0x17, self.not_before.as_bytes()),
                der(0x17, self.not_after.as_bytes()),
            ]),
            name(&self.subject),
            public_key(&self.key),
            extensions,
        ]);
        let signer = P256SigningKey::from_bytes(&issuer.private).unwrap();
        let mut signature = [0; 64];
        signer.sign(&[&to_be_signed], &mut signature).unwrap();
        let (r, s) = signature.split_at(32);
        let signature = sequence(&[integer(r), integer(s)]);
        sequence(&[to_be_signed, h(ECDSA_WITH_SHA256), der(3, &[vec![0], signature].concat())])
    }
}

/// An unsigned number.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = &bytes[zeros..];
    let sign = if bytes.first().is_none_or(|byte| *byte >= 0x80) { vec![0] } else { vec![] };
    der(2, &[&sign, bytes].concat())
}
