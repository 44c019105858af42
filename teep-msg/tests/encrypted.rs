//! EATs and reports that are encrypted to their receiver.

#[path = "support/parties.rs"]
mod parties;

use cose_ext::{
    crypto::{Algorithm, Curve, PrivateKey, PrivateKeyMaterial, SecretKey},
    encrypt::EncryptBuilder,
    key::{HeldSecret, Identity},
    recipient::{RecipientBuilder, Sealer},
    rustcrypto::RustCrypto,
};
use parties::*;
use teep_msg::{Purpose, decrypt};
use testkit::rng::seeded;

fn secret(party: &Party) -> SecretKey<'_> {
    let material = PrivateKeyMaterial::Ec2 { curve: Curve::P256, d: &party.secret };
    let key = PrivateKey { material, public: None, algorithm: Some(Algorithm::ECDH_ES_A128KW) };
    SecretKey::private(key, &RustCrypto)
}

fn encrypted(plaintext: &[u8], purpose: Purpose, tagged: bool) -> Vec<u8> {
    let public = TAM.signer(Algorithm::ESP256).public_key();
    let mut to = cose_ext::crypto::PublicKey::from(&public);
    to.algorithm = None;
    let recipient = RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_A128KW, to);
    let mut random = seeded(1);
    let mut sealer = Sealer::new(&RustCrypto, &mut random).with_agreed(purpose.agreed());
    let builder = EncryptBuilder::new().iv(&[1; 12]);
    let builder = if tagged { builder } else { builder.untagged() };
    builder.encrypt(Algorithm::A128GCM, plaintext, &[recipient], &mut sealer).unwrap()
}

#[test]
fn tx9_an_encrypted_eat_has_its_tag_and_is_for_this_purpose() {
    let held = HeldSecret::new(secret(&TAM), Identity::new([1; 32]));
    let eat = evidence(&[1; 8], &AGENT);
    for purpose in [Purpose::Eat, Purpose::SuitReport] {
        let message = encrypted(&eat, purpose, true);
        let mut out = vec![0; message.len()];
        let open = decrypt(&message, purpose, &held, &context(), &mut out).unwrap();
        assert_eq!(open, eat);
        let other = if purpose == Purpose::Eat { Purpose::SuitReport } else { Purpose::Eat };
        let error = decrypt(&message, other, &held, &context(), &mut out).unwrap_err();
        assert_eq!(rule_of(&error), "TX9");
    }
    let bare = encrypted(&eat, Purpose::Eat, false);
    let mut out = vec![0; bare.len()];
    let error = decrypt(&bare, Purpose::Eat, &held, &context(), &mut out).unwrap_err();
    assert_eq!(rule_of(&error), "TX9");
    let error = decrypt(&eat, Purpose::Eat, &held, &context(), &mut out).unwrap_err();
    assert_eq!(rule_of(&error), "TX9");
}
