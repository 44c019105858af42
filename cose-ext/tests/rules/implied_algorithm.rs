//! Messages that name no algorithm, because the key states it (RFC 9052 appendix A).

use cose_ext::crypto::{Algorithm, PublicKey};
use cose_ext::error::{Error, Policy};
use cose_ext::key::{CoseKey, KeyResolver, TrustStore, TrustedKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign::SignPolicy;
use cose_ext::{Context, Input, Notes, Profile, Rule, Sign, Sign1};

use crate::expect::breaks;
use crate::messages::{
    EDWARDS, ISSUER, STRANGER, bstr, ed25519_key, edwards, h, issuer, p256_key, signed,
    trusted_issuer,
};

/// What the verdict says of the algorithm.
type Verdict = Result<(Algorithm, Notes), Error>;

fn verify(message: &[u8], keys: &dyn KeyResolver) -> Verdict {
    let context = Context::new(&RustCrypto);
    let input = Input::embedded().implying_algorithm_of_key();
    let verified = Sign1::decode(message, &Profile::LENIENT)?.verify(&input, keys, &context)?;
    Ok((verified.by().algorithm(), verified.by().notes()))
}

fn trusted(key: PublicKey<'static>) -> TrustedKey<'static> {
    TrustedKey::new(key, &Context::new(&RustCrypto)).unwrap()
}

fn stating(algorithm: Algorithm) -> TrustedKey<'static> {
    trusted(PublicKey { algorithm: Some(algorithm), ..p256_key(&ISSUER) })
}

#[test]
fn c11_the_key_alone_may_imply_the_algorithm() {
    let message = signed("", "a0", b"x");
    let implied = (Algorithm::ES256, Notes::IMPLIED_ALGORITHM);
    assert_eq!(verify(&message, &stating(Algorithm::ES256)), Ok(implied));
    let specified = (Algorithm::ESP256, Notes::IMPLIED_ALGORITHM);
    assert_eq!(verify(&message, &stating(Algorithm::ESP256)), Ok(specified));

    // A COSE_Key that states its algorithm, as it arrives.
    let key = [&h("a5 0102 0326 2001 2158 20")[..], &ISSUER.x, &h("225820"), &ISSUER.y].concat();
    let key = CoseKey::decode(&key, &Profile::LENIENT).unwrap().public_key().unwrap();
    let key = TrustedKey::new(key, &Context::new(&RustCrypto)).unwrap();
    assert_eq!(verify(&message, &key), Ok(implied));
}

#[test]
fn c11_nothing_is_implied_unless_the_caller_says_so() {
    let message = signed("", "a0", b"x");
    let context = Context::new(&RustCrypto);
    let message = Sign1::decode(&message, &Profile::LENIENT).unwrap();
    let keys = stating(Algorithm::ES256);
    breaks(Rule::AlgorithmPresent, message.verify(&Input::embedded(), &keys, &context));
}

#[test]
fn c11_a_key_that_states_none_implies_none() {
    let message = signed("", "a0", b"x");
    let refusal = breaks(Rule::AlgorithmPresent, verify(&message, &trusted_issuer()));
    assert_eq!(refusal.kind(), Policy::AlgorithmNotStated.into());
    assert_eq!(
        refusal.to_string(),
        "neither the message nor the key says which algorithm it is (C11, RFC 9052 3.1)"
    );
    // Beside one that does, it is left aside.
    let keys = [trusted_issuer(), stating(Algorithm::ES256)];
    assert!(verify(&message, &TrustStore::new(&keys)).is_ok());
}

#[test]
fn c11_a_message_that_names_an_algorithm_all_the_same_is_refused() {
    for (protected, unprotected) in [("a10126", "a0"), ("", "a10126")] {
        let message = signed(protected, unprotected, b"x");
        let profile =
            Profile::LENIENT.with_algorithm_placement(cose_ext::AlgorithmPlacement::AnyBucket);
        let context = Context::new(&RustCrypto).with_profile(profile);
        let input = Input::embedded().implying_algorithm_of_key();
        let message = Sign1::decode(&message, &profile).unwrap();
        let refusal = message.verify(&input, &stating(Algorithm::ES256), &context);
        let refusal = breaks(Rule::AlgorithmPresent, refusal);
        assert_eq!(refusal.kind(), Policy::AlgorithmNamed.into());
    }
}

#[test]
fn c21_what_the_key_states_is_permitted_or_refused_as_ever() {
    let message = signed("", "a0", b"x");
    breaks(Rule::KeyPermitted, verify(&message, &stating(Algorithm::ES384)));
    // Of another key, the signature is wrong; and nothing is guessed.
    let stranger = trusted(PublicKey { algorithm: Some(Algorithm::ES256), ..p256_key(&STRANGER) });
    breaks(Rule::Enrolled, verify(&message, &stranger));
}

/// Each signature of a COSE_Sign has the algorithm of its own key.
#[test]
fn c11_each_signature_has_the_algorithm_of_its_key() {
    let structure =
        [b"\x85\x69Signature", &bstr(b"")[..], &bstr(b""), &bstr(b""), &bstr(b"x")].concat();
    let by = |signer: &dyn cose_ext::crypto::Signer| {
        let mut out = vec![0; signer.signature_len()];
        signer.sign(&[&structure], &mut out).unwrap();
        [&[0x83, 0x40, 0xa0][..], &bstr(&out)].concat()
    };
    let signatures = [&[0x82][..], &by(&issuer()), &by(&edwards())].concat();
    let message = [&h("84 40 a0")[..], &bstr(b"x"), &signatures].concat();
    let edwards = trusted(PublicKey { algorithm: Some(Algorithm::EDDSA), ..ed25519_key(&EDWARDS) });
    let keys = [stating(Algorithm::ES256), edwards];
    let store = TrustStore::new(&keys);
    let context = Context::new(&RustCrypto);
    let message = Sign::decode(&message, &Profile::LENIENT).unwrap();
    let input = Input::embedded().implying_algorithm_of_key();
    let verified = message.verify(&input, &SignPolicy::All, &store, &context).unwrap();
    let algorithms: Vec<_> = verified.by().iter().map(|by| by.algorithm()).collect();
    assert_eq!(algorithms, [Algorithm::ES256, Algorithm::EDDSA]);
    assert!(verified.by().iter().all(|by| by.notes() == Notes::IMPLIED_ALGORITHM));
}
