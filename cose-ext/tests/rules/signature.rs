//! What a signature covers.

use cose_ext::Content;
use cose_ext::crypto::{Algorithm, Signer};
#[cfg(feature = "rsa")]
use cose_ext::crypto::{AlgorithmPolicy, Binding, KeyMaterial, KeyType, PublicKey};
use cose_ext::error::{Error, Policy};
use cose_ext::key::TrustStore;
#[cfg(feature = "rsa")]
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Context, Input, Rule};

use crate::expect::breaks;
use crate::messages::{
    decode, edwards, h, issuer, sign1, signature, signed, stranger, trusted_edwards,
    trusted_issuer, trusted_stranger, verify, verify_with,
};

#[test]
fn c20_a_signature_over_the_sig_structure_verifies() {
    let message = signed("a2 0126 044131", "a1 182a 00", b"payload");
    let verified = verify(&message).unwrap();
    assert_eq!(verified.by().identity(), trusted_issuer().identity());
    assert_eq!((verified.by().algorithm(), verified.by().signature()), (Algorithm::ES256, 0));
    assert_eq!(verified.value().payload(), b"payload");
    assert_eq!(verified.value().protected().as_received(), h("a2 0126 044131"));
}

#[test]
fn c20_nothing_that_is_signed_can_be_changed() {
    for (signer, trusted) in [
        (&issuer() as &dyn Signer, trusted_issuer()),
        (&edwards() as &dyn Signer, trusted_edwards()),
    ] {
        let message =
            Sign1Builder::new().key_id(b"1").sign(Content::Embedded(b"payload"), signer).unwrap();
        let context = Context::new(&RustCrypto);
        let accepted = |bytes: &[u8]| {
            decode(bytes)
                .and_then(|message| {
                    message.verify(&Input::embedded(), &trusted, &context).map(|_| ())
                })
                .is_ok()
        };
        assert!(accepted(&message));
        // The unprotected bucket is one byte, a0; there is no other that may change.
        for at in 0..message.len() {
            for bit in 0..8 {
                let mut changed = message.clone();
                changed[at] ^= 1 << bit;
                assert!(!accepted(&changed), "byte {at}, bit {bit}");
            }
        }
    }
}

#[test]
fn c20_the_unprotected_bucket_is_not_covered() {
    let protected = h("a10126");
    let signature = signature(&issuer(), &protected, b"", b"x");
    for unprotected in ["a0", "bfff", "b800", "a1 0440", "a2 182a 00 6161 f6"] {
        assert!(verify(&sign1(&protected, &h(unprotected), Some(b"x"), &signature)).is_ok());
    }
}

#[test]
fn c20_external_data_is_covered() {
    let sign = |external: &[u8]| {
        Sign1Builder::new().external_aad(external).sign(Content::Embedded(b"x"), &issuer()).unwrap()
    };
    let (with, without) = (sign(b"context"), sign(b""));
    assert!(verify_with(&with, &Input::embedded().with_external_aad(b"context")).is_ok());
    assert!(verify(&without).is_ok());
    for (message, external) in
        [(&with, &b""[..]), (&with, b"contexT"), (&with, b"context\0"), (&without, b"context")]
    {
        breaks(
            Rule::Signature,
            verify_with(message, &Input::embedded().with_external_aad(external)),
        );
    }
    // The border between external data and payload is covered too.
    let detached =
        Sign1Builder::new().external_aad(b"a").sign(Content::Detached(b"bc"), &issuer()).unwrap();
    assert!(verify_with(&detached, &Input::detached(b"bc").with_external_aad(b"a")).is_ok());
    breaks(
        Rule::Signature,
        verify_with(&detached, &Input::detached(b"c").with_external_aad(b"ab")),
    );
}

#[test]
fn c20_signatures_of_another_length_are_none() {
    let protected = h("a10126");
    let whole = signature(&issuer(), &protected, b"", b"x");
    assert!(verify(&sign1(&protected, &h("a0"), Some(b"x"), &whole)).is_ok());
    let longer = [&whole[..], &[0]].concat();
    let padded = [&[0], &whole[..32], &[0], &whole[32..]].concat();
    for other in [&[][..], &whole[..63], &whole[1..], &longer, &padded, &[0; 64], &[0xff; 64]] {
        breaks(Rule::Signature, verify(&sign1(&protected, &h("a0"), Some(b"x"), other)));
    }
}

#[test]
fn c20_nobody_trusted_and_wrong_signatures_are_told_apart() {
    let message = signed("a10126", "a0", b"x");
    let message = decode(&message).unwrap();
    let context = Context::new(&RustCrypto);
    let none = message.verify(&Input::embedded(), &TrustStore::new(&[]), &context);
    assert_eq!(none.unwrap_err(), Error::from(Policy::NotEnrolled { tried: 0 }));
    let keys = [trusted_stranger(), trusted_edwards()];
    let wrong = message.verify(&Input::embedded(), &TrustStore::new(&keys), &context);
    assert_eq!(wrong.unwrap_err(), Error::from(Policy::NotEnrolled { tried: 1 }));
}

#[test]
fn c20_a_sig_structure_is_not_another_one() {
    // A signature over the bare payload, over the payload as a byte string, and with another context.
    let protected = h("a10126");
    let whole = crate::messages::sig_structure(&protected, b"", b"x");
    let other_context = [&h("85 69 5369676e6174757265")[..], &whole[12..]].concat();
    for signed in [&b"x"[..], b"\x41x", &whole[1..], &other_context] {
        let mut signature = [0; 64];
        issuer().sign(&[signed], &mut signature).unwrap();
        breaks(Rule::Signature, verify(&sign1(&protected, &h("a0"), Some(b"x"), &signature)));
    }
    let mut signature = [0; 64];
    stranger().sign(&[&whole], &mut signature).unwrap();
    breaks(Rule::Signature, verify(&sign1(&protected, &h("a0"), Some(b"x"), &signature)));
}

/// The modulus of an RSA key whose exponent is 65537.
#[cfg(feature = "rsa")]
const RSA_N: &str = "\
     a53b02d97756366b2cfe16f67b95c9363ddf556ae401f280d292e65b343164b5460d6fd2d8ff50850e1c\
     bf46ba9ba2b574a946b52fe1ca957686d193c069e5fb9a72cf63e598255b2fc745246700a0e4f9afdcd8\
     b9bc1e8f89947d81653f0227f34eb76e1a8384deb647f46d9207da7a3b8306576b444b30869fc4c165aa\
     26768c42288287aa3ed223ae923ff78c33d1eccf39715ec1a9edb3e0cfafd43087299a8b78f4f4488f8f\
     b728b29a847b519ffce27eae45262ee77ea7def017eabc682923df3f8251eeabe38c46ccb9a29ebd8540\
     f8a4b10d2ee6b137b354de1ad4e8f988844dfc5f2baf2877dbd69e75f23d43ffb1af980780b3ca17d22e\
     cd71e0d7";
/// Over "payload", by RS384 in the protected bucket.
#[cfg(feature = "rsa")]
const RS384: &str = "\
     13650ff37988227dfaefec5910b363c685c32dc82ccfa63d8cc42d85d47c43c755290a921dcb6fe66c6f\
     00bbd52ca57e2c9dea24201e7a194e3e6e61c6a75333b5cfe075dfed84f24cebfea2c4c7f7b69289ea31\
     e9d2fd222e2596786cd4db7fc1e293fe578edb20d9daeb133924ac93c1251fc7a217cd58f33e71129ccc\
     e148458f4c62d2f98d28ec2cb3ce05ea282cc19713241ccccbc7dbe9f680f35c34cce670d8e31723e0c8\
     0cd5fa59cd7f32510c815fadea4ba710fcb2044c515e1ae2ff45f3d9475b42b6cddaf0ce9feb48b6abfe\
     f707e6363a2f1bea8966cf9e4622aa2242366486ad9370dabefa70e20f03583e420104ae3ef4bb22f534\
     e9abec80";
/// Over "payload", by RS512 in the protected bucket.
#[cfg(feature = "rsa")]
const RS512: &str = "\
     3e3c062e5b406020eaf276ed0e8c284880b9143a44a251cfe4bb12cccf0cb120f4c833b063bc65682511\
     4620aa0ec017da5a9335cbc955fac783b0fed127f330ceb61420d275c001e4192dbb5079fce4bc27e42c\
     57aa7d17ee5bd431e88872538f4846aa75755df3ca115faee1cde2913315acefd573252cbd75b49ff8ee\
     1d3689aca58e2656c0dd4222b818482a4910b65cd3593ac402e1784ee7011b22834fd0b4e9d479ac07fd\
     6ed74ae17de04b2170c6bebca2829483b0bef322a7289d17f0e57969d1567018e3f95a3ee9ef1e78a31e\
     425f9cd6afc2801df2355527db8f5cbc36cdadffd93898274c9c430173822dc15b2bcbd5d6ce57cf3bdf\
     bdb33fef";

#[cfg(feature = "rsa")]
#[test]
fn c21_rs384_and_rs512_are_for_policies_that_list_them() {
    let (n, e) = (h(RSA_N), [1, 0, 1]);
    let key = PublicKey { material: KeyMaterial::Rsa { n: &n, e: &e }, algorithm: None };
    for (algorithm, protected, signature) in
        [(Algorithm::RS384, "a101390101", RS384), (Algorithm::RS512, "a101390102", RS512)]
    {
        let bytes = sign1(&h(protected), &h("a0"), Some(b"payload"), &h(signature));
        let message = decode(&bytes).unwrap();
        let verify = |context: &Context<'_>| {
            let trusted = TrustedKey::new(key, context)?;
            message.verify(&Input::embedded(), &trusted, context).map(|verified| *verified.by())
        };
        let context = Context::new(&RustCrypto);
        breaks(Rule::KeyPermitted, verify(&context));
        let bindings = [Binding::without_curve(algorithm, KeyType::RSA)];
        let context = context.with_algorithms(AlgorithmPolicy::STANDARD.and(&bindings));
        assert_eq!(verify(&context).unwrap().algorithm(), algorithm);
        let mut changed = bytes.clone();
        *changed.last_mut().unwrap() ^= 1;
        let trusted = TrustedKey::new(key, &context).unwrap();
        let changed = decode(&changed).unwrap().verify(&Input::embedded(), &trusted, &context);
        breaks(Rule::Enrolled, changed);
    }
}
