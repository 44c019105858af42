//! ECDSA signatures in DER.

use cose_ext::crypto::Curve;
use cose_ext::ecdsa::{MAX_DER_LEN, MAX_LEN, from_der, to_der};
use cose_ext::error::{Error, ErrorKind, Unsupported};
use cose_ext::{Content, Input, Rule, sign1::Sign1Builder};

use crate::expect::{breaks, breaks_at};
use crate::messages::{decode, h, issuer, trusted_issuer};

fn raw(der: &[u8], curve: Curve) -> Result<Vec<u8>, Error> {
    from_der(der, curve, &mut [0xee; MAX_LEN]).map(<[u8]>::to_vec)
}

fn der(raw: &[u8]) -> Vec<u8> {
    to_der(raw, &mut [0xee; MAX_DER_LEN]).unwrap().to_vec()
}

#[test]
fn c100_what_is_written_is_read_back() {
    for (curve, field) in
        [(Curve::P256, 32), (Curve::SECP256K1, 32), (Curve::P384, 48), (Curve::P521, 66)]
    {
        for first in [0x00, 0x01, 0x7f, 0x80, 0xff] {
            for zeros in [0, 1, field - 1] {
                let mut number = vec![0xa5; field];
                number[..zeros].fill(0);
                number[zeros] = if first == 0 && zeros == field - 1 { 1 } else { first };
                let both = [&number[..], &vec![0x80; field]].concat();
                let der = der(&both);
                assert!(der.len() <= MAX_DER_LEN);
                assert_eq!(raw(&der, curve).as_ref(), Ok(&both), "{}", hex::encode(&der));
                assert_eq!(der[1] == 0x81, der.len() > 0x82, "the shortest length");
            }
        }
    }
    let longest = der(&[0xff; MAX_LEN]);
    assert_eq!(longest.len(), MAX_DER_LEN);
    // Numbers are as short as they can be, and positive.
    assert_eq!(
        der(&[[0; 31].as_slice(), &[5], &[0x80; 32]].concat())[..6],
        h("3026 020105 02")[..]
    );
    assert_eq!(der(&[0; 2]), h("3006 020100 020100"));
}

#[test]
fn c100_a_signature_in_der_is_two_positive_numbers_in_their_shortest_form() {
    let good = h("3006 020101 020102");
    let mut expected = vec![0; 64];
    (expected[31], expected[63]) = (1, 2);
    assert_eq!(raw(&good, Curve::P256), Ok(expected));
    for (broken, offset) in [
        ("", 0),
        ("30", 0),
        ("3106 020101 020102", 0),
        ("308106 020101 020102", 0),
        ("3006 020101 0201", 0),
        ("3006 020101 020102 00", 8),
        ("3009 020101 020102 020103", 8),
        ("3003 020101", 5),
        // Zero, negative, not minimal, none, and no number.
        ("3006 020100 020102", 2),
        ("3006 020180 020102", 2),
        ("3007 020101 02020002", 5),
        ("3005 020101 0200", 5),
        ("3006 020101 040102", 5),
    ] {
        breaks_at(Rule::EcdsaForm, offset, raw(&h(broken), Curve::P256));
    }
    let too_long = [h("3026 0221 01"), vec![0; 32], h("020101")].concat();
    breaks_at(Rule::EcdsaForm, 2, raw(&too_long, Curve::P256));
    assert!(raw(&too_long, Curve::P384).is_ok());
    for curve in [Curve::ED25519, Curve::X25519, Curve::new(99)] {
        let kind = raw(&good, curve).map_err(|error| error.kind());
        assert_eq!(kind, Err(Unsupported::KeyFormat.into()));
    }
    for raw in [&[][..], &[1], &[1; 63], &[1; MAX_LEN + 2]] {
        breaks(Rule::EcdsaForm, to_der(raw, &mut [0; 200]).map(<[u8]>::to_vec));
    }
    let mut short = [0; 69];
    let read = from_der(&good, Curve::P256, &mut short[..63]).map_err(|error| error.kind());
    assert!(matches!(read, Err(ErrorKind::Misuse(_))));
    let written = to_der(&[1; 64], &mut short).map_err(|error| error.kind());
    assert!(matches!(written, Err(ErrorKind::Misuse(_))));
}

#[test]
fn c20_a_signature_of_a_key_store_becomes_one_of_cose() {
    use cose_ext::crypto::Signer;
    let prepared =
        Sign1Builder::new().prepare(issuer().algorithm(), Content::Embedded(b"payload")).unwrap();
    // What a key store hands back, in DER.
    let mut signature = [0; 64];
    issuer().sign(&prepared.structure().parts(), &mut signature).unwrap();
    let from_store = der(&signature);
    let message = prepared.attach(&raw(&from_store, Curve::P256).unwrap());
    let context = cose_ext::Context::new(&cose_ext::rustcrypto::RustCrypto);
    let message = decode(&message).unwrap();
    assert!(message.verify(&Input::embedded(), &trusted_issuer(), &context).is_ok());
}
