//! Where the payload is: the caller says, and nil is not empty.

use cose_ext::Content;
use cose_ext::error::{Error, Misuse};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Input, Profile, Rule};

use crate::expect::breaks;
use crate::messages::{decode, h, issuer, sign1, signature, signed, verify, verify_with};

#[test]
fn c19_the_caller_names_where_the_payload_is() {
    let embedded = signed("a10126", "a0", b"payload");
    let detached = Sign1Builder::new().sign(Content::Detached(b"payload"), &issuer()).unwrap();
    assert_eq!(verify(&embedded).unwrap().value().payload(), b"payload");
    let verified = verify_with(&detached, &Input::detached(b"payload"));
    assert_eq!(verified.unwrap().value().payload(), b"payload");

    let refusal = breaks(Rule::PayloadNamed, verify(&detached));
    assert_eq!(refusal, Error::from(Misuse::PayloadIsDetached));
    for given in [&b"payload"[..], b"", b"other"] {
        let refusal = breaks(Rule::PayloadNamed, verify_with(&embedded, &Input::detached(given)));
        assert_eq!(refusal, Error::from(Misuse::PayloadIsEmbedded));
    }
    breaks(Rule::Signature, verify_with(&detached, &Input::detached(b"other")));
    breaks(Rule::Signature, verify_with(&detached, &Input::detached(b"")));
}

#[test]
fn c19_nil_is_not_empty() {
    // Both signatures are over an empty payload.
    let over_nothing = signature(&issuer(), &h("a10126"), b"", b"");
    let empty = sign1(&h("a10126"), &h("a0"), Some(b""), &over_nothing);
    let nil = sign1(&h("a10126"), &h("a0"), None, &over_nothing);
    assert_eq!(verify(&empty).unwrap().value().payload(), b"");
    breaks(Rule::PayloadNamed, verify_with(&empty, &Input::detached(b"")));
    breaks(Rule::PayloadNamed, verify(&nil));
    assert_eq!(verify_with(&nil, &Input::detached(b"")).unwrap().value().payload(), b"");
    assert_eq!(decode(&nil).unwrap().danger_unverified_payload(), None);
    assert_eq!(decode(&empty).unwrap().danger_unverified_payload(), Some(&b""[..]));
}

#[test]
fn c19_what_is_to_be_signed_follows_the_same_rule() {
    let embedded = signed("a10126", "a0", b"payload");
    breaks(
        Rule::PayloadNamed,
        decode(&embedded).unwrap().to_be_signed(&Input::detached(b"payload"), &Profile::LENIENT),
    );
    let detached = sign1(&h("a10126"), &h("a0"), None, &[]);
    breaks(
        Rule::PayloadNamed,
        decode(&detached).unwrap().to_be_signed(&Input::embedded(), &Profile::LENIENT),
    );
    assert!(
        decode(&detached).unwrap().to_be_signed(&Input::detached(b""), &Profile::LENIENT).is_ok()
    );
}
