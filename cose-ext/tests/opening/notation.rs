//! Every view shows itself as annotated diagnostic notation, with its tag and without, and no secret.

use cose_ext::crypto::{Algorithm, Curve};
use cose_ext::cwt::Claims;
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::encrypt0::Encrypt0Builder;
use cose_ext::key::{CoseKey, KeySet};
use cose_ext::mac0::Mac0Builder;
use cose_ext::recipient::RecipientBuilder;
use cose_ext::recipient::Sealer;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Content, Encrypt, Encrypt0, Mac, Mac0, Profile, Sign};
use testkit::rng::seeded;

use crate::keys::{KEY_16, KEY_32, h, private, public, symmetric};

const LENIENT: &Profile = &Profile::LENIENT;

#[test]
fn a_mac0_has_a_tag_whether_it_is_tagged_or_not() {
    let builder = Mac0Builder::new().key_id(b"k");
    let make = |builder: Mac0Builder| {
        let key = symmetric(&KEY_32);
        builder.authenticate(Algorithm::HMAC_256_64, Content::Embedded(b"x"), &key).unwrap()
    };
    let tagged = make(builder.clone());
    let text = Mac0::decode(&tagged, LENIENT).unwrap().to_string();
    let start = "17([/ protected / << {1 / alg /: 4 / HMAC 256//64 /, 4 / kid /: h'6b'} >>, \
                 / unprotected / {}, / payload / h'78', / tag / h'";
    assert!(text.starts_with(start), "{text}");
    let untagged = make(builder.untagged());
    let message = Mac0::decode(&untagged, LENIENT).unwrap();
    assert_eq!(format!("17({message})"), text);
    assert_eq!(format!("{message:?}"), message.to_string());
}

#[test]
fn recipients_are_shown_with_what_they_bring() {
    let peer = public(&private(Curve::P256, 0x11));
    let kek = symmetric(&KEY_16);
    let recipients = [
        RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_A128KW, peer.as_public_key()),
        RecipientBuilder::key_wrap(Algorithm::A128KW, &kek),
    ];
    let bytes = EncryptBuilder::new()
        .iv(&[1; 12])
        .untagged()
        .encrypt(
            Algorithm::A128GCM,
            b"x",
            &recipients,
            &mut Sealer::new(&RustCrypto, &mut seeded(1)),
        )
        .unwrap();
    let message = Encrypt::decode(&bytes, LENIENT).unwrap();
    let text = message.to_string();
    for part in [
        "/ ciphertext / h'",
        "/ recipients / [[/ protected / << {1 / alg /: -29 / ECDH-ES + A128KW /} >>",
        "-1 / ephemeral key /: {1 / kty /: 2 / EC2 /, -1 / crv /: 1 / P-256 /",
        "{1 / alg /: -3 / A128KW /}",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let recipient = message.recipients().iter().next().unwrap();
    assert!(text.contains(&recipient.to_string()));
    let encrypt0 = Encrypt0Builder::new()
        .iv(&[1; 12])
        .untagged()
        .encrypt(Algorithm::A128GCM, b"x", &symmetric(&KEY_16))
        .unwrap();
    let text = Encrypt0::decode(&encrypt0, LENIENT).unwrap().to_string();
    assert!(text.contains("/ unprotected / {5 / IV /: h'0101") && text.contains("/ ciphertext /"));
}

#[test]
fn untagged_messages_of_many_parts_are_named_as_well() {
    let sign = h("84 40 a0 4170 81 83 43a10126 a0 41aa");
    let message = Sign::decode(&sign, LENIENT).unwrap();
    let text = message.to_string();
    assert_eq!(
        text,
        "[/ protected / h'', / unprotected / {}, / payload / h'70', / signatures / [[/ protected / \
         << {1 / alg /: -7 / ES256 /} >>, / unprotected / {}, / signature / h'aa']]]"
    );
    let signature = message.signatures().iter().next().unwrap();
    assert!(text.contains(&signature.to_string()));
    let mac = h("85 43a10105 a0 4170 41aa 81 83 40 a10125 40");
    let text = Mac::decode(&mac, LENIENT).unwrap().to_string();
    assert!(text.contains("/ tag / h'aa', / recipients / [[") && text.contains("-6 / direct /"));
}

#[test]
fn keys_and_claims_show_what_may_be_seen() {
    let key = h("a3 01 04 0241 6b 20 43 deadbe");
    let shown = CoseKey::decode(&key, LENIENT).unwrap().to_string();
    assert!(shown.contains("4 / Symmetric /") && shown.contains("kid"), "{shown}");
    assert!(!shown.contains("dead"), "{shown}");
    let set = [&[0x81][..], &key].concat();
    let set = KeySet::decode(&set, LENIENT).unwrap();
    assert_eq!((set.to_string(), format!("{set:?}")), (format!("[{shown}]"), format!("[{shown}]")));
    let claims = h("a2 01 6161 04 00");
    let claims = Claims::decode(&claims, LENIENT).unwrap();
    assert_eq!(claims.to_string(), "{1 / iss /: \"a\", 4 / exp /: 0}");
}
