//! What a signature covers.

use cose_ext::Content;
use cose_ext::crypto::{Algorithm, Signer};
use cose_ext::error::{Error, Policy};
use cose_ext::key::TrustStore;
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
