//! Countersignatures of RFC 8152 (labels 7 and 9) beside those of RFC 9338.

use cose_ext::countersignature::Countersigned;
use cose_ext::crypto::Algorithm;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Context, Error, Input, Profile, Rule};

use super::{
    CONTENT, Kind, PROTECTED, abbreviated, bucket, countersignature, full, message, signed,
    structure, verify,
};
use crate::expect::breaks;
use crate::messages::{bstr, trusted_issuer};

/// The structures of RFC 8152: never a third byte string, always a bucket of the signer.
fn full_of_rfc8152() -> Vec<u8> {
    structure("CounterSignature", Some(&PROTECTED), b"", CONTENT, None)
}

fn abbreviated_of_rfc8152() -> Vec<u8> {
    structure("CounterSignature0", Some(&[]), b"", CONTENT, None)
}

/// Verifies what stands under label 7; whether the signature or tag of the target is vouched for.
fn verify7(kind: Kind, bytes: &[u8]) -> Result<bool, Error> {
    kind.read(bytes, |headers, target| {
        assert!(headers.countersignatures(&Profile::LENIENT).unwrap().is_none());
        let all = headers.countersignatures_of_rfc8152(&Profile::LENIENT)?.unwrap();
        let one = all.iter().next().unwrap();
        let context = Context::new(&RustCrypto);
        one.verify(target, &Input::embedded(), &trusted_issuer(), &context)
            .map(|verified| covers_authenticator(verified.value()))
    })?
}

/// Checks it for label 9.
fn verify9(kind: Kind, bytes: &[u8]) -> Result<bool, Error> {
    kind.read(bytes, |headers, target| {
        assert!(headers.countersignature0().unwrap().is_none());
        let one = headers.countersignature0_of_rfc8152()?.unwrap();
        let (input, context) = (Input::embedded(), Context::new(&RustCrypto));
        one.verify(target, &input, Algorithm::ES256, &trusted_issuer(), &context)
            .map(|verified| covers_authenticator(verified.value()))
    })?
}

fn covers_authenticator(value: &Countersigned<'_, &[u8]>) -> bool {
    assert_eq!(value.content(), CONTENT);
    value.authenticator().is_some()
}

#[test]
fn c91_those_of_rfc8152_vouch_for_no_signature_or_tag() {
    for kind in Kind::ALL {
        let seven = bucket(7, &countersignature(&signed(&full_of_rfc8152())));
        assert_eq!(verify7(kind, &message(kind, &seven)), Ok(false), "{kind:?}");
        let nine = bucket(9, &bstr(&signed(&abbreviated_of_rfc8152())));
        assert_eq!(verify9(kind, &message(kind, &nine)), Ok(false), "{kind:?}");
    }
}

#[test]
fn c91_a_label_says_which_structure_was_signed() {
    for kind in Kind::ALL {
        let seven = message(kind, &bucket(7, &countersignature(&signed(&full(kind)))));
        let eleven = message(kind, &bucket(11, &countersignature(&signed(&full_of_rfc8152()))));
        if kind.authenticator().is_some() {
            breaks(Rule::Countersignature, verify7(kind, &seven));
            breaks(Rule::Countersignature, verify(kind, &eleven, &Input::embedded()));
        } else {
            // RFC 9338 1: here the new algorithm gives the same value.
            assert_eq!(verify7(kind, &seven), Ok(false));
            assert_eq!(verify(kind, &eleven, &Input::embedded()), Ok(()));
        }
        let nine = message(kind, &bucket(9, &bstr(&signed(&abbreviated(kind)))));
        breaks(Rule::Countersignature, verify9(kind, &nine));
    }
}

#[test]
fn c91_the_old_labels_have_the_forms_of_the_new_ones() {
    let profile = Profile::LENIENT;
    for value in [&[0x80][..], &[0x40], &[0xf6]] {
        let bytes = message(Kind::Sign1, &bucket(7, value));
        let read = Kind::Sign1
            .read(&bytes, |headers, _| headers.countersignatures_of_rfc8152(&profile).map(drop));
        breaks(Rule::CountersignatureForm, read.unwrap());
    }
    let bytes = message(Kind::Sign1, &bucket(9, &[0x80]));
    let read =
        Kind::Sign1.read(&bytes, |headers, _| headers.countersignature0_of_rfc8152().map(drop));
    breaks(Rule::Countersignature0Form, read.unwrap());
}
