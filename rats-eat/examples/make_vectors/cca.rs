//! CCA tokens, and Parsec key attestations over them.

use cose_ext::{
    Content,
    crypto::{HashFunction, KeyMaterial, PublicKey, YCoordinate},
    key::CoseKeyEncoder,
    rustcrypto::{P384SigningKey, Sha256, Sha512},
    sign1::Sign1Builder,
};
use serde_json::json;

use super::{ATTESTER, NONCE, Vectors, attester_key, cbor, subsystem_key};

/// The key of the realm: nobody has it enrolled, the platform is bound to it.
fn realm_key() -> P384SigningKey {
    P384SigningKey::from_bytes(&[0x42; 48]).unwrap()
}

/// The key as a point without compression.
fn point() -> Vec<u8> {
    let public = realm_key().public_key();
    match PublicKey::from(&public).material {
        KeyMaterial::Ec2 { x, y: YCoordinate::Value(y), .. } => [&[4][..], x, y].concat(),
        _ => unreachable!("a point with both coordinates"),
    }
}

/// The key as a COSE_Key.
fn cose_key() -> Vec<u8> {
    let public = realm_key().public_key();
    let encoder = CoseKeyEncoder::new((&public).into()).unwrap();
    let mut key = vec![0; encoder.len()];
    encoder.encode(&mut key).unwrap();
    key
}

/// A token of a platform that is bound to the key `bound`.
fn platform(bound: &[u8]) -> Vec<u8> {
    let challenge = Sha256.hash(&[bound]);
    let instance = [&[1][..], &[0x22; 32]].concat();
    let payload = cbor(|writer| {
        writer.map(8).int(10).bytes(challenge.as_ref()).int(256).bytes(&instance);
        writer.int(265).text("tag:arm.com,2023:cca_platform#1.0.0").int(2395).int(0x3000);
        writer.int(2396).bytes(&[0x33; 32]).int(2399).array(1);
        writer.map(2).int(2).bytes(&[0x55; 32]).int(5).bytes(&[0x44; 32]);
        writer.int(2401).bytes(&[0xcf]).int(2402).text("sha-256");
    });
    Sign1Builder::new().sign(Content::Embedded(&payload), &attester_key()).unwrap()
}

/// A token of a realm that states `key`.
fn realm(key: &[u8], challenge: &[u8], profile: Option<&str>) -> Vec<u8> {
    let payload = cbor(|writer| {
        writer.map(7 + usize::from(profile.is_some())).int(10).bytes(challenge);
        if let Some(profile) = profile {
            writer.int(265).text(profile);
        }
        writer.int(44235).bytes(&[0x77; 64]).int(44236).text("sha-256");
        writer.int(44237).bytes(key).int(44238).bytes(&[0x88; 32]).int(44239).array(4);
        for register in 0..4 {
            writer.bytes(&[register; 32]);
        }
        writer.int(44240).text("sha-256");
    });
    Sign1Builder::new().sign(Content::Embedded(&payload), &realm_key()).unwrap()
}

fn collection(platform: &[u8], realm: &[u8]) -> Vec<u8> {
    cbor(|writer| _ = writer.tag(399).map(2).int(44234).bytes(platform).int(44241).bytes(realm))
}

const CHALLENGE: [u8; 64] = [0x99; 64];

impl Vectors {
    pub(crate) fn cca(&mut self) {
        let (kind, spec) = ("cca-token", "draft-ffm-rats-cca-token");
        let mut add = |name: &str, why, bytes: &[u8], facts| {
            self.add((name, kind, spec), &[ATTESTER], why, bytes, facts);
        };
        let facts = || json!({ "platform_alg": -7, "realm_alg": -35, "binding_verified": true });
        let plain = collection(&platform(&point()), &realm(&point(), &CHALLENGE, None));
        add("own-cca", (true, "the key of the realm as a point"), &plain, facts());
        let newer = realm(&cose_key(), &CHALLENGE, Some("tag:arm.com,2024:realm#2.0.0"));
        let newer = collection(&platform(&cose_key()), &newer);
        add("own-cca-cose-key", (true, "the key of the realm as a COSE_Key"), &newer, facts());
        let other = collection(&platform(&cose_key()), &realm(&point(), &CHALLENGE, None));
        let why = (false, "binding: the platform is bound to another form of the key");
        add("own-cca-unbound", why, &other, json!({}));
        let short = collection(&platform(&point()), &realm(&point(), &[0x99; 32], None));
        let why = (false, "claims: the challenge of the realm has 32 bytes");
        add("own-cca-realm-challenge-32", why, &short, json!({}));
        let mut forged = plain;
        let last = forged.len() - 1;
        forged[last] ^= 1;
        let why = (false, "signature: of the realm, one bit changed");
        add("own-cca-realm-bad-signature", why, &forged, json!({}));
    }

    pub(crate) fn parsec(&mut self) {
        let part = |with_nonce: bool| {
            let public = subsystem_key().public_key();
            let encoder = CoseKeyEncoder::new((&public).into()).unwrap();
            let mut key = vec![0; encoder.len()];
            encoder.encode(&mut key).unwrap();
            cbor(|writer| {
                writer.tag(601).map(1 + usize::from(with_nonce)).int(8).map(1).int(1).encoded(&key);
                if with_nonce {
                    writer.int(10).bytes(&NONCE);
                }
            })
        };
        let over = |kat: &[u8], challenge: &[u8]| {
            let pat = collection(&platform(&point()), &realm(&point(), challenge, None));
            cbor(|writer| _ = writer.map(2).text("kat").encoded(kat).text("pat").encoded(&pat))
        };
        let hash = |kat: &[u8]| Sha512.hash(&[kat]).as_ref().to_vec();
        let (kind, spec) = ("parsec-key-attestation", "Parsec attestation, over CCA");
        let mut add = |name: &str, why, bytes: &[u8]| {
            self.add((name, kind, spec), &[ATTESTER], why, bytes, json!({}));
        };
        let kat = part(true);
        add("own-parsec-cca", (true, "a realm vouches for a key"), &over(&kat, &hash(&kat)));
        let why = (false, "binding: the challenge of the realm is not the hash of the first part");
        add("own-parsec-cca-unbound", why, &over(&kat, &CHALLENGE));
        let bare = part(false);
        let why = (false, "claims: the first part has no nonce");
        add("own-parsec-cca-no-nonce", why, &over(&bare, &hash(&bare)));
    }
}
