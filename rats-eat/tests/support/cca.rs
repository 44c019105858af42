//! CCA tokens with fixed keys.

#![allow(dead_code)] // Each test file uses its part.

use cose_ext::{
    Content,
    crypto::{HashFunction, KeyMaterial, PublicKey, YCoordinate},
    rustcrypto::{P384SigningKey, Sha256},
    sign1::Sign1Builder,
};

use crate::{claims::set, world::token_around};

fn bytes(bytes: &[u8]) -> String {
    format!("58{:02x}{}", bytes.len(), hex::encode(bytes))
}

fn text(text: &str) -> String {
    format!("78{:02x}{}", text.len(), hex::encode(text))
}

/// A token of a platform that is bound to the key `bound`, and of a realm with the key `stated` and this
/// challenge, signed by `signer`.
pub(crate) fn cca_token(
    bound: &[u8],
    stated: &[u8],
    challenge: &[u8],
    signer: &P384SigningKey,
) -> Vec<u8> {
    let zeros = bytes(&[0; 32]);
    let platform = set(&[
        (10, &bytes(Sha256.hash(&[bound]).as_ref())),
        (256, &bytes(&[1; 33])),
        (265, &text("tag:arm.com,2023:cca_platform#1.0.0")),
        (2395, "193000"),
        (2396, &zeros),
        (2399, &format!("81a202{zeros}05{zeros}")),
        (2401, "4101"),
        (2402, &text("sha-256")),
    ]);
    let realm = set(&[
        (10, &bytes(challenge)),
        (44235, &bytes(&[0; 64])),
        (44236, &text("sha-256")),
        (44237, &bytes(stated)),
        (44238, &zeros),
        (44239, &format!("84{}", zeros.repeat(4))),
        (44240, &text("sha-256")),
    ]);
    let platform = token_around(1, &platform);
    let realm = Sign1Builder::new().sign(Content::Embedded(&realm), signer).unwrap();
    let mut buffer = [0; 4096];
    let mut writer = cose_ext::cbor::Writer::new(&mut buffer);
    writer.tag(399).map(2).int(44234).bytes(&platform).int(44241).bytes(&realm);
    writer.finish().unwrap().to_vec()
}

/// The public part of a key, as a point without compression.
pub(crate) fn point(key: &P384SigningKey) -> Vec<u8> {
    let public = key.public_key();
    match PublicKey::from(&public).material {
        KeyMaterial::Ec2 { x, y: YCoordinate::Value(y), .. } => [&[4][..], x, y].concat(),
        _ => panic!("a point with both coordinates"),
    }
}
