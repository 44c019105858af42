//! All types that the two crates share: what one reads and becomes one of the other, the other reads as the same.

use cose_ext::coset::{FromCosetError, IntoCosetError, encode_key};
use cose_ext::cwt::Claims;
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::encrypt0::Encrypt0Builder;
use cose_ext::key::{CoseKey, KeySet, OwnedPublicKey};
use cose_ext::mac::MacBuilder;
use cose_ext::mac0::Mac0Builder;
use cose_ext::sign::{SignBuilder, SignatureBuilder};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Authenticated, MapBuilder, Message, Profile};
use coset::cwt::ClaimsSet;
use coset::{
    CborSerializable, CoseEncrypt, CoseEncrypt0, CoseKeySet, CoseMac, CoseMac0, CoseSign,
    CoseSign1, CoseSignature,
};

pub fn compare(bytes: &[u8]) {
    if let Ok(message) = Message::decode(bytes, &Profile::LENIENT) {
        convert(&message);
    }
    if let Ok(key) = CoseKey::decode(bytes, &Profile::LENIENT) {
        self::key(bytes, &key);
    }
    if let Ok(set) = KeySet::decode(bytes, &Profile::LENIENT) {
        let theirs = said(CoseKeySet::try_from(&set));
        assert!(theirs.is_none_or(|theirs| theirs.0.len() == set.iter().count()));
    }
    if let Ok(claims) = Claims::decode(bytes, &Profile::LENIENT) {
        self::claims(bytes, &claims);
    }
}

/// What coset makes of a message has the bytes of what it reads itself; headers go back, and are made anew.
fn convert(message: &Message<'_>) {
    match message {
        Message::Authenticated(Authenticated::Sign1(it)) => {
            let Some(theirs) = said(CoseSign1::try_from(it)) else { return };
            back(Sign1Builder::try_from(&theirs));
        }
        Message::Authenticated(Authenticated::Sign(it)) => {
            let Some(theirs) = said(CoseSign::try_from(it)) else { return };
            assert_eq!(theirs.signatures.len(), it.signatures().len());
            back(SignBuilder::try_from(&theirs));
            for (ours, theirs) in it.signatures().iter().zip(&theirs.signatures) {
                assert_eq!(said(CoseSignature::try_from(&ours)).as_ref(), Some(theirs));
                back(SignatureBuilder::try_from(theirs));
            }
        }
        Message::Authenticated(Authenticated::Mac0(it)) => {
            let Some(theirs) = said(CoseMac0::try_from(it)) else { return };
            assert_eq!(theirs.tag, it.tag());
            back(Mac0Builder::try_from(&theirs));
        }
        Message::Authenticated(Authenticated::Mac(it)) => {
            let Some(theirs) = said(CoseMac::try_from(it)) else { return };
            assert_eq!(theirs.recipients.len(), it.recipients().len());
            back(MacBuilder::try_from(&theirs));
        }
        Message::Encrypt0(it) => {
            let Some(theirs) = said(CoseEncrypt0::try_from(it)) else { return };
            assert_eq!(theirs.ciphertext.as_deref(), it.ciphertext());
            back(Encrypt0Builder::try_from(&theirs));
        }
        Message::Encrypt(it) => {
            let Some(theirs) = said(CoseEncrypt::try_from(it)) else { return };
            assert_eq!(theirs.recipients.len(), it.recipients().len());
            back(EncryptBuilder::try_from(&theirs));
        }
        _ => {}
    }
}

fn key(bytes: &[u8], ours: &CoseKey<'_>) {
    let Some(theirs) = said(coset::CoseKey::try_from(ours)) else { return };
    if let Ok(read) = coset::CoseKey::from_slice(bytes) {
        assert_eq!(back(encode_key(&theirs)), back(encode_key(&read)), "a key");
    }
    let Some(encoded) = back(encode_key(&theirs)) else { return };
    let again = CoseKey::decode(&encoded, &Profile::DETERMINISTIC).expect("what was written");
    let (again, ours) = (again.public_key(), ours.public_key());
    assert_eq!(
        again.ok().map(|key| OwnedPublicKey::from(&key)),
        ours.ok().map(|key| OwnedPublicKey::from(&key))
    );
    let _ = back(OwnedPublicKey::try_from(&theirs));
}

fn claims(bytes: &[u8], ours: &Claims<'_>) {
    let Some(theirs) = said(ClaimsSet::try_from(ours)) else { return };
    if let Ok(read) = ClaimsSet::from_slice(bytes) {
        // In one encoding: ciborium leaves a small bignum what it is inside of another tag.
        let encoded = |set: &ClaimsSet| back(MapBuilder::try_from(set)).map(|map| map.to_bytes());
        assert_eq!(encoded(&theirs), encoded(&read), "claims");
    }
    if let Some(map) = back(MapBuilder::try_from(&theirs)) {
        assert!(Claims::decode(&map.to_bytes(), &Profile::DETERMINISTIC).is_ok());
    }
}

/// Every refusal says why.
fn said<T>(made: Result<T, IntoCosetError>) -> Option<T> {
    made.map_err(|error| assert!(!error.to_string().is_empty())).ok()
}

fn back<T>(made: Result<T, FromCosetError>) -> Option<T> {
    made.map_err(|error| assert!(!error.to_string().is_empty())).ok()
}
