//! What the encoders of DER have in common.

use super::super::output;
use crate::crypto::{Algorithm, Curve, KeyMaterial, KeyProfile, KeyType, YCoordinate};

/// Tags of DER.
pub(in super::super) const INTEGER: u8 = 0x02;
pub(in super::super) const BIT_STRING: u8 = 0x03;
pub(in super::super) const OCTET_STRING: u8 = 0x04;
pub(in super::super) const SEQUENCE: u8 = 0x30;

/// The content of the AlgorithmIdentifier (RFC 5480 2.1.1, RFC 8410 3, RFC 3279 2.3.1, RFC 9881 2,
/// RFC 9708 4).
pub(in super::super) fn algorithm_identifier(key: &KeyProfile) -> Option<&'static [u8]> {
    Some(match (key.key_type, key.curve, key.algorithm) {
        (KeyType::EC2, Some(Curve::P256), _) => {
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
        }
        (KeyType::EC2, Some(Curve::P384), _) => {
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22"
        }
        (KeyType::EC2, Some(Curve::P521), _) => {
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23"
        }
        (KeyType::EC2, Some(Curve::SECP256K1), _) => {
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x0a"
        }
        (KeyType::EC2, Some(Curve::BRAINPOOL_P256R1), _) => {
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x07"
        }
        (KeyType::EC2, Some(Curve::BRAINPOOL_P320R1), _) => {
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x09"
        }
        (KeyType::EC2, Some(Curve::BRAINPOOL_P384R1), _) => {
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x0b"
        }
        (KeyType::EC2, Some(Curve::BRAINPOOL_P512R1), _) => {
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x0d"
        }
        (KeyType::OKP, Some(Curve::X25519), _) => b"\x06\x03\x2b\x65\x6e",
        (KeyType::OKP, Some(Curve::X448), _) => b"\x06\x03\x2b\x65\x6f",
        (KeyType::OKP, Some(Curve::ED25519), _) => b"\x06\x03\x2b\x65\x70",
        (KeyType::OKP, Some(Curve::ED448), _) => b"\x06\x03\x2b\x65\x71",
        (KeyType::RSA, ..) => b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00",
        (KeyType::AKP, _, Some(Algorithm::ML_DSA_44)) => {
            b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x11"
        }
        (KeyType::AKP, _, Some(Algorithm::ML_DSA_65)) => {
            b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x12"
        }
        (KeyType::AKP, _, Some(Algorithm::ML_DSA_87)) => {
            b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x13"
        }
        (KeyType::HSS_LMS, ..) => b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x03\x11",
        _ => return None,
    })
}

/// An unsigned number as the content of an INTEGER: minimal, and never negative.
pub(in super::super) fn write_unsigned(sink: &mut dyn FnMut(&[u8]), number: &[u8]) {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let minimal = number.get(start..).unwrap_or_default();
    if minimal.first().is_none_or(|first| *first >= 0x80) {
        sink(&[0]);
    }
    sink(minimal);
}

/// Tag and length of `content`, then itself.
pub(in super::super) fn write_within(
    tag: u8,
    sink: &mut dyn FnMut(&[u8]),
    content: &output::Parts<'_>,
) {
    let len = crate::cbor::widen(output::len(content)).to_be_bytes();
    let start = len.iter().position(|byte| *byte != 0).unwrap_or(len.len().saturating_sub(1));
    let minimal = len.get(start..).unwrap_or_default();
    sink(&[tag]);
    if minimal.len() > 1 || minimal.first().is_some_and(|first| *first >= 0x80) {
        let count = u8::try_from(minimal.len()).unwrap_or_default();
        sink(&[0x80 | count]);
    }
    sink(minimal);
    content(sink);
}

/// A public key as the content of a BIT STRING, its first byte aside: a point in the form of SEC 1
/// 2.3.3, or the bytes of the key. RSA keys have a structure of their own.
pub(in super::super) fn write_public(material: &KeyMaterial<'_>, sink: &mut dyn FnMut(&[u8])) {
    match *material {
        KeyMaterial::Ec2 { x, y: YCoordinate::Value(y), .. } => {
            [&[0x04], x, y].into_iter().for_each(sink);
        }
        KeyMaterial::Ec2 { x, y: YCoordinate::Sign(odd), .. } => {
            [if odd { &[0x03] } else { &[0x02] }, x].into_iter().for_each(sink);
        }
        KeyMaterial::Okp { x: public, .. }
        | KeyMaterial::Akp { public }
        | KeyMaterial::HssLms { public } => sink(public),
        KeyMaterial::Rsa { .. } => {}
    }
}
