//! Keys that everybody may know: their bytes are all the same.

use cose_ext::crypto::{
    Algorithm, Curve, KeyAgreement, KeyMaterial, PrivateKey, PrivateKeyMaterial, PublicKey,
    SecretKey, SecretProvider, SymmetricKey, YCoordinate,
};
use cose_ext::key::{CoseKeyEncoder, OwnedPublicKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{MapBuilder, Value};

use super::Trouble;
use super::make::key_id;

const BYTES: [u8; 64] = [0x5a; 64];

/// A symmetric key, which may do one algorithm.
pub(crate) fn symmetric(algorithm: Algorithm, len: usize) -> SymmetricKey<'static> {
    SymmetricKey { k: &BYTES[..len], algorithm: Some(algorithm) }
}

pub(crate) fn secret(algorithm: Algorithm, len: usize) -> SecretKey<'static> {
    SecretKey::symmetric(symmetric(algorithm, len), &RustCrypto)
}

/// Its COSE_Key.
pub(crate) fn symmetric_key(algorithm: Algorithm, len: usize) -> Vec<u8> {
    let key = symmetric(algorithm, len);
    MapBuilder::new().with(1, 4).with(3, algorithm).with(-1, Value::Bytes(key.k)).to_bytes()
}

/// The private key on `curve` whose bytes are all `byte`.
pub(crate) fn private(curve: Curve, byte: u8) -> PrivateKey<'static> {
    let d: &'static [u8] = match curve {
        Curve::P384 => vec![byte; 48].leak(),
        // The order of P-521 is a little below 2^521.
        Curve::P521 => [&[0][..], &[byte; 65]].concat().leak(),
        _ => vec![byte; 32].leak(),
    };
    let material = match curve {
        Curve::X25519 => PrivateKeyMaterial::Okp { curve, d },
        _ => PrivateKeyMaterial::Ec2 { curve, d },
    };
    PrivateKey { material, public: None, algorithm: None }
}

pub(crate) fn with_agreement(
    key: &PrivateKey<'_>,
    then: &mut dyn FnMut(&dyn KeyAgreement),
) -> Result<(), Trouble> {
    RustCrypto.with_key_agreement(key, then).map_err(|error| format!("{error:?}").into())
}

/// The public key of `key`.
pub(crate) fn public(key: &PrivateKey<'_>) -> Result<OwnedPublicKey, Trouble> {
    let mut found = None;
    with_agreement(key, &mut |key| {
        key.with_public_key(&mut |public| found = Some(OwnedPublicKey::from(public)));
    })?;
    found.ok_or_else(|| "a key without a public key".into())
}

/// The COSE_Key of a private key, with its public part.
pub(crate) fn private_key(key: &PrivateKey<'_>) -> Result<Vec<u8>, Trouble> {
    let public = public(key)?;
    let map = MapBuilder::new();
    let map = match public.as_public_key().material {
        KeyMaterial::Okp { curve, x } => {
            map.with(1, 1).with(-1, curve.value()).with(-2, Value::Bytes(x))
        }
        KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) } => map
            .with(1, 2)
            .with(-1, curve.value())
            .with(-2, Value::Bytes(x))
            .with(-3, Value::Bytes(y)),
        other => return Err(format!("{other:?} is not for key agreement").into()),
    };
    let d = match key.material {
        PrivateKeyMaterial::Okp { d, .. } | PrivateKeyMaterial::Ec2 { d, .. } => d,
        _ => return Err("not for key agreement".into()),
    };
    Ok(map.with(-4, Value::Bytes(d)).to_bytes())
}

/// An RSA key of 2048 bits that protects nothing.
pub(crate) fn rsa_key() -> Result<PrivateKey<'static>, Trouble> {
    const KEY: &[u8] = include_bytes!("../../../../testkit/src/rsa-2048.private");
    let (mut rest, mut numbers) = (KEY, [&[][..]; 8]);
    for (number, len) in numbers.iter_mut().zip([256, 3, 256, 128, 128, 128, 128, 128]) {
        (*number, rest) = rest.split_at_checked(len).ok_or("the key is cut")?;
    }
    let [n, e, d, p, q, dp, dq, qi] = numbers;
    let material = PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi };
    Ok(PrivateKey { material, public: Some(KeyMaterial::Rsa { n, e }), algorithm: None })
}

/// The COSE_Key of a public key that verifies `algorithm`.
pub(crate) fn public_key(key: PublicKey<'_>, algorithm: Algorithm) -> Result<Vec<u8>, Trouble> {
    let key = PublicKey { algorithm: Some(algorithm), ..key };
    Ok(CoseKeyEncoder::new(key)?.with_key_id(&key_id(algorithm)).to_vec())
}
