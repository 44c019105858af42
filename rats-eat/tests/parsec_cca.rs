//! Key attestations over a CCA realm that a test plays.

#[path = "support/cca.rs"]
mod cca;
#[path = "support/claims.rs"]
mod claims;
#[path = "support/world.rs"]
mod world;

use cca::{cca_token, point};
use cose_ext::{
    Profile,
    cbor::Writer,
    crypto::HashFunction,
    key::CoseKeyEncoder,
    rustcrypto::{P384SigningKey, Sha512},
};
use rats_eat::{Error, Freshness, Requirements, parsec::ParsecCcaToken};
use world::{context, key, rule, trusting};

const NONCE: [u8; 8] = [7; 8];

/// The first part: nonce and key, without anybody's signature.
fn key_part(tag: u64, with_nonce: bool, with_key: bool) -> Vec<u8> {
    let public = key(5).public_key();
    let encoder = CoseKeyEncoder::new((&public).into()).unwrap();
    let mut key = vec![0; encoder.len()];
    encoder.encode(&mut key).unwrap();
    let mut buffer = [0; 256];
    let mut writer = Writer::new(&mut buffer);
    writer.tag(tag).map(usize::from(with_nonce) + usize::from(with_key));
    if with_key {
        writer.int(8).map(1).int(1).encoded(&key);
    }
    if with_nonce {
        writer.int(10).bytes(&NONCE);
    }
    writer.finish().unwrap().to_vec()
}

fn attestation(kat: &[u8], challenge: &[u8]) -> Vec<u8> {
    let realm = P384SigningKey::from_bytes(&[3; 48]).unwrap();
    let key = point(&realm);
    let pat = cca_token(&key, &key, challenge, &realm);
    let mut buffer = [0; 4096];
    let mut writer = Writer::new(&mut buffer);
    writer.map(2).text("kat").encoded(kat).text("pat").encoded(&pat);
    writer.finish().unwrap().to_vec()
}

fn verify(bytes: &[u8]) -> Result<(), Error> {
    let token = ParsecCcaToken::decode(bytes, &Profile::LENIENT)?;
    trusting(&[1], |trust| {
        let evidence = token.verify(trust, &Requirements::DEFAULT, &context())?;
        let sent = &NONCE[..];
        Freshness::nonce(&sent).check(evidence.key.value())?;
        // Who vouches for the key is the realm, whose key nobody enrolled.
        let signers = [evidence.key.by(), evidence.platform.realm.by()];
        assert_eq!(signers[0], signers[1]);
        assert_ne!(signers[0], evidence.platform.platform.by());
        assert!(evidence.key.value().confirmation()?.unwrap().key().is_some());
        Ok(())
    })
}

fn bound(kat: &[u8]) -> Vec<u8> {
    attestation(kat, Sha512.hash(&[kat]).as_ref())
}

#[test]
fn a_realm_vouches_for_a_key() {
    assert_eq!(verify(&bound(&key_part(601, true, true))), Ok(()));
}

#[test]
fn e110_the_first_part_has_nonce_and_key() {
    for kat in [
        key_part(601, false, true),
        key_part(601, true, false),
        key_part(602, true, true),
        vec![0xa0],
    ] {
        assert_eq!(rule(verify(&bound(&kat))), "E110");
    }
}

#[test]
fn e112_the_realm_has_the_hash_of_the_first_part() {
    let kat = key_part(601, true, true);
    let mut challenge = Sha512.hash(&[&kat]).as_ref().to_vec();
    challenge[63] ^= 1;
    assert_eq!(rule(verify(&attestation(&kat, &challenge))), "E112");
    // Another key in its place.
    let mut bytes = bound(&kat);
    let at = bytes.windows(8).position(|window| window == NONCE).unwrap();
    bytes[at] ^= 1;
    assert_eq!(rule(verify(&bytes)), "E112");
}
