//! Coordinates that are not as long as their curve wants (RFC 9053 7.1.1, RFC 7518 6.2.1.2).

use std::{format, vec::Vec};

use super::hex;
use crate::{
    Error, Profile, Rule,
    crypto::{Curve, KeyMaterial, PrivateKey, PrivateKeyMaterial, PublicKey, YCoordinate},
    key::{
        CoseKey, CoseKeyEncoder, Jwk, JwkEncoder, OwnedPublicKey, Pem, SecretKeyEncoder,
        Thumbprint, pkcs8::Pkcs8Encoder, spki, spki::SpkiEncoder, with_thumbprint_input,
    },
    rustcrypto::RustCrypto,
};

/// x of 31 and y of 33 bytes: side by side they are the point of another key.
const X: &str = "6ff03b949241ce1dadd43519e6960e0a85b41a69a05c328103aa2bce1594ca";
const Y: &str = "163c4f753a55bf01dc53f6c0b0c7eee78b40c6ff7d25a96e2282b989cef71c144a";

#[track_caller]
fn refused<T>(result: Result<T, Error>) {
    assert_eq!(result.map(|_| ()).unwrap_err().rule(), Some(Rule::KeyForm.to_ref()));
}

/// Nobody names or writes the key.
#[track_caller]
fn refused_by_writers(material: KeyMaterial<'_>) {
    let key = PublicKey { material, algorithm: None };
    refused(Thumbprint::of(&key, &RustCrypto));
    refused(Thumbprint::new(&key, &crate::rustcrypto::Sha256));
    refused(with_thumbprint_input(&key, &mut |_| ()));
    refused(CoseKeyEncoder::new(key));
    refused(SpkiEncoder::new(key));
    refused(Pem::encode_public(&key));
    refused(JwkEncoder::public(key));
    refused(Jwk::encode(&key, None));
    let d = &[1; 32];
    let secret = match material {
        KeyMaterial::Okp { curve, .. } => PrivateKeyMaterial::Okp { curve, d },
        KeyMaterial::Ec2 { curve, .. } => PrivateKeyMaterial::Ec2 { curve, d },
        _ => return,
    };
    let private = PrivateKey { material: secret, public: Some(material), algorithm: None };
    refused(SecretKeyEncoder::private(private));
    refused(Pkcs8Encoder::new(private));
    refused(Pem::encode_private(&private));
    refused(JwkEncoder::private(private));
}

#[test]
fn c24_a_key_with_shifted_coordinates_never_becomes_another() {
    let (x, y) = (hex(X), hex(Y));
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y: YCoordinate::Value(&y) };
    refused_by_writers(material);
    let cose = hex(&format!("a401022001 21581f{X} 225821{Y}").replace(' ', ""));
    let cose = CoseKey::decode(&cose, &Profile::LENIENT).unwrap();
    refused(cose.public_key());
    refused(cose.agreement_key());
    let jwk = concat!(
        r#"{"crv":"P-256","kty":"EC","x":"b_A7lJJBzh2t1DUZ5pYOCoW0GmmgXDKBA6orzhWUyg","#,
        r#""y":"FjxPdTpVvwHcU_bAsMfu54tAxv99JaluIoK5ic73HBRK","d":"AQ"}"#
    );
    let jwk = Jwk::decode(jwk.as_bytes()).unwrap();
    refused(jwk.public_key());
    refused(jwk.agreement_key());
    refused(jwk.private_key());
}

#[test]
fn c24_every_length_but_one_is_refused() {
    let bytes = [1; 70];
    for (curve, len) in [(Curve::P256, 32), (Curve::P384, 48), (Curve::P521, 66)] {
        for other in (0..bytes.len()).filter(|other| *other != len) {
            let (whole, other) = (&bytes[..len], &bytes[..other]);
            for (x, y) in [
                (other, YCoordinate::Value(whole)),
                (whole, YCoordinate::Value(other)),
                (other, YCoordinate::Value(other)),
            ] {
                refused_by_writers(KeyMaterial::Ec2 { curve, x, y });
            }
            let sign = YCoordinate::Sign(true);
            let key = PublicKey {
                material: KeyMaterial::Ec2 { curve, x: other, y: sign },
                algorithm: None,
            };
            refused(Thumbprint::of(&key, &RustCrypto));
            refused(CoseKeyEncoder::new(key));
            refused(SpkiEncoder::new(key));
        }
    }
    for (curve, len) in [(Curve::ED25519, 32), (Curve::ED448, 57), (Curve::X25519, 32)] {
        for other in (0..bytes.len()).filter(|other| *other != len) {
            refused_by_writers(KeyMaterial::Okp { curve, x: &bytes[..other] });
        }
    }
}

/// Readers of DER: the bit string is one byte too short, or too long, for its curve.
#[test]
fn c24_points_in_der_are_whole() {
    let point = |len: usize| {
        let body: Vec<u8> = [&[0x00, 0x04][..], &[1; 80][..len]].concat();
        let head = hex("301306072a8648ce3d020106082a8648ce3d030107");
        let bits = [&[0x03, u8::try_from(body.len()).unwrap()], &body[..]].concat();
        let content = [head, bits].concat();
        [&[0x30, u8::try_from(content.len()).unwrap()], &content[..]].concat()
    };
    assert!(spki::decode(&point(64)).is_ok());
    for len in [0, 62, 63, 65, 66] {
        refused(spki::decode(&point(len)));
    }
}

#[test]
fn an_owned_key_is_a_public_key() {
    let material = KeyMaterial::Okp { curve: Curve::ED25519, x: &[7; 32] };
    let key = PublicKey { material, algorithm: None };
    let owned = OwnedPublicKey::from(&key);
    assert!(PublicKey::from(&owned) == key && PublicKey::from(&key) == key);
}
