//! The claims of a PSA token, read with all checks of their profile, and the token verified.

use std::hint::black_box;

use ciborium::Value;
use cose_ext::{
    Context, Profile, Trust,
    crypto::Algorithm,
    key::{Identity, TrustedKey},
    rustcrypto::{P256SigningKey, P256VerifyingKey, RustCrypto},
    sign1::Draft,
};
use coset::{CoseSign1, TaggedCborSerializable as _};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};
use rats_eat::{Claims, Requirements, Token, psa::PsaClaims};

use super::{P256, sign1::signed};
use crate::{
    evidence,
    null::Null,
    work::{Work, kept},
};

fn read(bytes: &[u8]) -> PsaClaims<'_> {
    let claims = Claims::decode(bytes, &Profile::LENIENT).expect("claims");
    PsaClaims::read(claims).expect("a PSA token")
}

fn by_ciborium(bytes: &[u8]) -> Value {
    ciborium::from_reader(bytes).expect("a value")
}

fn token(key: &P256SigningKey) -> Vec<u8> {
    let mut buffer = [0; 512];
    let header = Draft::write(&mut buffer, Algorithm::ES256, 0, |_| {}).room_for(64);
    let draft = header.payload(|payload| _ = payload.encoded(&evidence::psa_claims()));
    draft.expect("room").sign(key).expect("a token").to_vec()
}

fn verify(bytes: &[u8], key: &TrustedKey<'_>) {
    let token = Token::decode(black_box(bytes), &Profile::LENIENT).expect("a token");
    let context = Context::new(&RustCrypto);
    let verified = token.verify(&Trust::keys(key), &Requirements::DEFAULT, &context);
    let read = verified.expect("verified").try_map(PsaClaims::read).expect("a PSA token");
    _ = black_box(read);
}

/// Nothing of the profile is checked, and the claims are a tree of values.
fn verify_by_coset(bytes: &[u8], mut check: impl FnMut(&[u8], &[u8])) -> Value {
    let token = CoseSign1::from_tagged_slice(black_box(bytes)).expect("a message");
    let verified = token.verify_signature(&[], |signature, signed| {
        check(signature, signed);
        Ok::<(), ()>(())
    });
    verified.expect("verified");
    by_ciborium(&token.payload.expect("a payload"))
}

fn check_by_p256(key: &VerifyingKey, signature: &[u8], signed: &[u8]) {
    let signature = Signature::from_slice(signature).expect("a signature");
    key.verify(black_box(signed), &signature).expect("verified");
}

/// Returns the works of this benchmark.
pub fn tokens() -> Vec<Work> {
    let claims: &'static [u8] = evidence::psa_claims().leak();
    assert_eq!(claims.len(), 256);
    assert_eq!(by_ciborium(claims).as_map().map(Vec::len), Some(8));
    assert_eq!(read(claims).components().count(), 1);
    let signer = P256SigningKey::from_bytes(&[1; 32]).expect("a key");
    let raw = *p256::ecdsa::SigningKey::from_slice(&[1; 32]).expect("a key").verifying_key();
    let token: &'static [u8] = token(&signer).leak();
    let public = kept(signer.public_key());
    let identity = Identity::new([1; 32]);
    let null = kept(TrustedKey::parsed(kept(Null::new(public)), identity));
    let parsed = P256VerifyingKey::from_public_key(&public.as_public_key()).expect("a key");
    let key = kept(TrustedKey::parsed(kept(parsed), identity));
    let (message, signature) = signed(token);
    let read_all = "PSA claims of 256 bytes, read";
    let without = "PSA token verified and read, without the signature";
    let with = "PSA token verified and read, ES256";
    let accept = |signature: &[u8], signed: &[u8]| _ = black_box((signature, signed));
    vec![
        Work::new(read_all, "rats-eat", move || _ = black_box(read(black_box(claims)))),
        Work::new(read_all, "ciborium, a Value", move || by_ciborium(black_box(claims))),
        Work::new(without, "rats-eat", move || verify(token, null)),
        Work::new(without, "coset and ciborium", move || verify_by_coset(token, accept)),
        Work::new(with, "rats-eat", move || verify(token, key)),
        Work::new(with, "coset, ciborium and p256", move || {
            verify_by_coset(token, |signature, signed| check_by_p256(&raw, signature, signed))
        }),
        Work::new(with, P256, move || check_by_p256(&raw, &signature, &message)),
    ]
}
