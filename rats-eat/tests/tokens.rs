//! Tokens, their parts, bundles and CCA tokens: who vouches, and what is refused.

#[path = "support/cca.rs"]
mod cca;
#[path = "support/claims.rs"]
mod claims;
#[path = "support/world.rs"]
mod world;

use claims::set;
use cose_ext::{
    Digest, Profile, Trust,
    crypto::{Algorithm, HashFunction},
    cwt::ClaimKey,
    key::TrustedKey,
    rustcrypto::Sha256,
};
use rats_eat::{
    Bundle, Error, Limits, Part, PartContent, Requirements, Token, Uccs, UnboundIssuer, Voucher,
    attester, cca::CcaToken,
};
use world::*;

const ANY_ISSUER: Requirements<'static> =
    Requirements::DEFAULT.with_unbound_issuer(UnboundIssuer::Accepted);

/// Path and voucher of each part.
fn parts_of(bytes: &[u8], seeds: &[u8]) -> Result<Vec<(String, Voucher)>, Error> {
    parts_within(bytes, seeds, &ANY_ISSUER)
}

fn parts_within(
    bytes: &[u8],
    seeds: &[u8],
    requirements: &Requirements<'_>,
) -> Result<Vec<(String, Voucher)>, Error> {
    let mut parts = Vec::new();
    let mut visit = |part: &Part<'_, '_>| parts.push((part.path.to_string(), part.voucher));
    trusting(seeds, |trust| match Bundle::decode(bytes, &Profile::LENIENT) {
        Ok(bundle) => bundle.verify_tree(trust, requirements, &context(), &mut visit).map(drop),
        Err(_) => Token::decode(bytes, &Profile::LENIENT)?
            .verify_tree(trust, requirements, &context(), &mut visit)
            .map(drop),
    })?;
    Ok(parts)
}

#[test]
fn e70_what_nobody_protects_is_no_token() {
    let uccs = [&[0xd9, 0x02, 0x59][..], &set(&[(261, "01")])].concat();
    assert_eq!(rule(Token::decode(&uccs, &Profile::LENIENT)), "E70");
    let bundle = [0xd9, 0x02, 0x5a, 0x80];
    assert_eq!(rule(Token::decode(&bundle, &Profile::LENIENT)), "E70");
}

#[test]
fn e71_an_unsecured_set_has_its_tag() {
    let uccs = [&[0xd9, 0x02, 0x59][..], &set(&[(261, "01")])].concat();
    let decoded = Uccs::decode(&uccs, &Profile::LENIENT).unwrap();
    assert_eq!(decoded.danger_unsecured_claims().uptime(), Ok(Some(1)));
    for other in [&[0xa0][..], &[0xd2, 0xa0], &[0xd8, 0x3d, 0xd9, 0x02, 0x59, 0xa0]] {
        assert_eq!(rule(Uccs::decode(other, &Profile::LENIENT)), "E71");
    }
}

#[test]
fn e72_an_issuer_is_one_that_the_key_was_enrolled_for() {
    let bytes = token(1, &|claims| _ = claims.text(ClaimKey::ISS, ISSUER));
    let parsed = Token::decode(&bytes, &Profile::LENIENT).unwrap();
    let public = key(1).public_key();
    let enrolled = TrustedKey::new(&public, &context()).unwrap();
    let verify = |key: &TrustedKey<'_>, requirements| {
        parsed.verify(&Trust::keys(key), requirements, &context()).map(drop)
    };
    let strict = Requirements::DEFAULT;
    assert_eq!(verify(&enrolled.for_issuer(ISSUER), &strict), Ok(()));
    assert_eq!(rule(verify(&enrolled, &strict)), "E72");
    assert_eq!(verify(&enrolled, &ANY_ISSUER), Ok(()));
    // Whoever was enrolled for somebody else does not answer, lenient or not.
    assert!(verify(&enrolled.for_issuer("https://other.example"), &ANY_ISSUER).is_err());
    // And a key of somebody does not sign for nobody.
    let anonymous = token(1, &uptime);
    let parsed = Token::decode(&anonymous, &Profile::LENIENT).unwrap();
    let key = enrolled.for_issuer(ISSUER);
    assert!(parsed.verify(&Trust::keys(&key), &ANY_ISSUER, &context()).is_err());
}

#[test]
fn the_issuer_of_a_part_is_not_that_of_the_token() {
    // The inner token claims an issuer; its key was enrolled for nobody.
    let inner = token(2, &|claims| _ = claims.text(ClaimKey::ISS, ISSUER));
    let outer = token(1, &|claims| _ = claims.submodules(&|parts| _ = parts.token("a", &inner)));
    assert_eq!(rule(parts_within(&outer, &[1, 2], &Requirements::DEFAULT)), "E72");
    assert!(parts_of(&outer, &[1, 2]).is_ok());
}

#[test]
fn e73_a_content_tag_is_the_expected_one() {
    let tagged = token_around(1, &[&[0xd9, 0xaa, 0xbb][..], &set(&[(261, "01")])].concat());
    let plain = token(1, &uptime);
    let verify = |bytes: &[u8], tag| {
        let token = Token::decode(bytes, &Profile::LENIENT).unwrap();
        trusting(&[1], |trust| {
            let claims = token.verify_under_tag(tag, trust, &ANY_ISSUER, &context())?;
            claims.value().uptime()
        })
    };
    assert_eq!(verify(&tagged, 0xaabb), Ok(Some(1)));
    assert_eq!(rule(verify(&tagged, 0xaabc)), "E73");
    assert_eq!(rule(verify(&plain, 0xaabb)), "E73");
    assert!(world::verify(&tagged, &[1], &ANY_ISSUER).is_err());
}

#[test]
fn each_part_says_who_vouches_for_it() {
    let inner = token(2, &uptime);
    let uccs = [&[0xd9, 0x02, 0x59][..], &set(&[(261, "01")])].concat();
    let hash = Sha256.hash(&[b"elsewhere"]);
    let digest = Digest::new(Algorithm::SHA256, hash.as_ref()).unwrap();
    let bytes = token(1, &|claims| {
        claims.submodules(&|parts| {
            parts.claims("c", &uptime).digest("d", &digest).token("t", &inner).token("u", &uccs);
        });
    });
    let expected = |of_inner| {
        [
            ("", Voucher::OwnSignature),
            ("submods/c", Voucher::OuterSignature),
            ("submods/d", Voucher::OuterSignature),
            ("submods/t", of_inner),
            ("submods/u", Voucher::OuterSignature),
        ]
        .map(|(path, voucher)| (path.to_owned(), voucher))
    };
    assert_eq!(parts_of(&bytes, &[1, 2]).unwrap(), expected(Voucher::OwnSignature));
    // Nobody here knows the key of the inner one.
    assert_eq!(parts_of(&bytes, &[1]).unwrap(), expected(Voucher::Nobody));
    // Its signature is wrong.
    let mut broken = bytes.clone();
    let at = bytes.windows(inner.len()).position(|window| window == inner).unwrap();
    broken[at + inner.len() - 1] ^= 1;
    let resigned = token_around(1, payload_of(&broken));
    assert_eq!(rule(parts_of(&resigned, &[1, 2])), "C20");
}

fn payload_of(bytes: &[u8]) -> &[u8] {
    let token = Token::decode(bytes, &Profile::LENIENT).unwrap();
    token.danger_unverified_claims(&Profile::LENIENT).unwrap().bytes()
}

#[test]
fn e74_a_token_within_has_its_tag() {
    let inner = token(2, &uptime);
    for untagged in [&inner[2..], &[0xa0][..], &[]] {
        let bytes = token(1, &|claims| {
            claims.submodules(&|parts| _ = parts.token("a", untagged));
        });
        assert_eq!(rule(parts_of(&bytes, &[1, 2])), "E74");
    }
}

#[test]
fn e75_nesting_and_parts_are_bounded() {
    let mut bytes = token(1, &uptime);
    for _ in 0..3 {
        let inner = bytes;
        bytes = token(1, &|claims| _ = claims.submodules(&|parts| _ = parts.token("a", &inner)));
    }
    let nested = |most| ANY_ISSUER.with_limits(Limits::DEFAULT.with_nested_tokens(most));
    assert_eq!(parts_within(&bytes, &[1], &nested(3)).unwrap().len(), 4);
    assert_eq!(rule(parts_within(&bytes, &[1], &nested(2))), "E75");
    let parts = |most| ANY_ISSUER.with_limits(Limits::DEFAULT.with_parts(most));
    assert!(parts_within(&bytes, &[1], &parts(4)).is_ok());
    assert_eq!(rule(parts_within(&bytes, &[1], &parts(3))), "E75");
}

/// A main token with a digest of each of `sets` under its name.
fn main_token(sets: &[(&str, &[u8])]) -> Vec<u8> {
    token(1, &|claims| {
        claims.submodules(&|parts| {
            for (name, set) in sets {
                let hash = Sha256.hash(&[set]);
                parts.digest(name, &Digest::new(Algorithm::SHA256, hash.as_ref()).unwrap());
            }
        });
    })
}

fn bundle_of(main: &[u8], detached: &[(&str, &[u8])]) -> Vec<u8> {
    let mut buffer = [0; 2048];
    attester::bundle(&mut buffer, main, detached).unwrap().to_vec()
}

#[test]
fn a_digest_vouches_for_a_detached_set() {
    let set = set(&[(261, "01")]);
    let main = main_token(&[("a", &set), ("b", &set)]);
    let expected = [
        ("", Voucher::OwnSignature),
        ("submods/a", Voucher::Digest),
        ("submods/b", Voucher::OuterSignature),
    ];
    let expected = expected.map(|(path, voucher)| (path.to_owned(), voucher));
    assert_eq!(parts_of(&bundle_of(&main, &[("a", &set)]), &[1]).unwrap(), expected);
    // What was not supplied says so.
    let bundle = bundle_of(&main, &[("a", &set)]);
    let bundle = Bundle::decode(&bundle, &Profile::LENIENT).unwrap();
    let mut missing = Vec::new();
    trusting(&[1], |trust| {
        bundle.verify_tree(trust, &ANY_ISSUER, &context(), &mut |part| {
            if let PartContent::NotSupplied(digest) = part.content {
                assert_eq!(digest.value().algorithm(), Algorithm::SHA256);
                missing.push(part.path.to_string());
            }
        })
    })
    .map(drop)
    .unwrap();
    assert_eq!(missing, ["submods/b"]);
}

#[test]
fn e76_a_bundle_has_its_form() {
    for bad in [
        "82 40 a1616140",
        "d9025a 80",
        "d9025a 82 40 a0",
        "d9025a 82 40 a1 01 40",
        "d9025a 82 40 a1 6161 60",
    ] {
        let bytes = hex::decode(bad.replace(' ', "")).unwrap();
        assert_eq!(rule(Bundle::decode(&bytes, &Profile::LENIENT)), "E76", "{bad}");
    }
}

#[test]
fn e77_the_main_token_is_protected_and_no_bundle() {
    let set = set(&[(261, "01")]);
    let uccs = [&[0xd9, 0x02, 0x59][..], &set].concat();
    let inner = bundle_of(&main_token(&[("a", &set)]), &[("a", &set)]);
    for main in [uccs, inner] {
        let bytes = bundle_of(&main, &[("a", &set)]);
        assert_eq!(rule(parts_of(&bytes, &[1])), "E77");
    }
    let text = hex::decode("d9025a82686e6f20746f6b656ea1616140").unwrap();
    let bundle = Bundle::decode(&text, &Profile::LENIENT).unwrap();
    assert_eq!(rule(bundle.main_token(&Profile::LENIENT)), "E77");
}

#[test]
fn e78_the_main_token_has_a_digest() {
    let set = set(&[(261, "01")]);
    let without = token(1, &uptime);
    let claims = token(1, &|claims| _ = claims.submodules(&|parts| _ = parts.claims("a", &uptime)));
    for main in [without, claims] {
        assert_eq!(rule(parts_of(&bundle_of(&main, &[("a", &set)]), &[1])), "E78");
    }
}

#[test]
fn e79_a_set_that_no_digest_names_is_refused() {
    let set = set(&[(261, "01")]);
    let main = main_token(&[("a", &set)]);
    let bytes = bundle_of(&main, &[("a", &set), ("b", &set)]);
    assert_eq!(rule(parts_of(&bytes, &[1])), "E79");
}

#[test]
fn e80_a_detached_set_is_the_one_of_the_digest() {
    let (set, other) = (set(&[(261, "01")]), set(&[(261, "02")]));
    let main = main_token(&[("a", &set)]);
    assert_eq!(rule(parts_of(&bundle_of(&main, &[("a", &other)]), &[1])), "E80");
    // The digest is checked before the first byte is read.
    assert_eq!(rule(parts_of(&bundle_of(&main, &[("a", &[0xff])]), &[1])), "E80");
}

#[test]
fn e81_claims_without_a_key_need_a_payload() {
    // A COSE_Encrypt0 with an IV.
    let encrypted = hex::decode("d08343a10101a1054c00000000000000000000000050").unwrap();
    let encrypted = [&encrypted[..], &[0; 16]].concat();
    let token = Token::decode(&encrypted, &Profile::LENIENT).unwrap();
    assert_eq!(rule(token.danger_unverified_claims(&Profile::LENIENT)), "E81");
}

#[test]
fn e66_a_cca_token_is_a_tagged_pair() {
    for bad in
        ["a0", "d9018f a0", "d9018f 80", "d9018f a1 19acca 40", "d9038b a2 19acca 40 19acd1 40"]
    {
        let bytes = hex::decode(bad.replace(' ', "")).unwrap();
        assert_eq!(rule(CcaToken::decode(&bytes, &Profile::LENIENT)), "E66", "{bad}");
    }
}

fn verify_cca(bytes: &[u8]) -> Result<(), Error> {
    let token = CcaToken::decode(bytes, &Profile::LENIENT)?;
    trusting(&[1], |trust| token.verify(trust, &Requirements::DEFAULT, &context()).map(drop))
}

#[test]
fn e67_the_platform_binds_the_key_of_the_realm() {
    use cca::{cca_token, point};
    use cose_ext::rustcrypto::P384SigningKey;
    let realm = P384SigningKey::from_bytes(&[3; 48]).unwrap();
    let other = P384SigningKey::from_bytes(&[4; 48]).unwrap();
    let (key, other_key) = (point(&realm), point(&other));
    let token = |bound: &[u8], stated: &[u8], signer| cca_token(bound, stated, &[0; 64], signer);
    assert_eq!(verify_cca(&token(&key, &key, &realm)), Ok(()));
    // Another realm's token beside the platform's.
    assert_eq!(rule(verify_cca(&token(&key, &other_key, &other))), "E67");
    // The right key, and a signature of somebody else.
    assert!(verify_cca(&token(&key, &key, &other)).is_err());
    // A hash of something that is no key.
    assert_eq!(rule(verify_cca(&token(&key[..96], &key[..96], &realm))), "E65");
}

#[test]
fn hints_of_the_device_find_the_key() {
    use cose_ext::{
        Context,
        key::{Candidate, KeyHint, KeyResolver},
    };
    use rats_eat::{DeviceHint, DeviceKeys, KeysOfDevice};
    use std::ops::ControlFlow;

    struct Fleet<'k>(&'k [u8], TrustedKey<'k>);
    impl DeviceKeys for Fleet<'_> {
        fn candidates(
            &self,
            device: &DeviceHint<'_>,
            hint: &KeyHint<'_>,
            context: &Context<'_>,
            each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
        ) {
            if device.ueid == Some(self.0) && device.implementation_id == Some(&[2; 32]) {
                self.1.candidates(hint, context, each);
            }
        }
    }
    let bytes = token_around(
        1,
        &set(&[
            (256, &format!("5821{}", "01".repeat(33))),
            (2396, &format!("5820{}", "02".repeat(32))),
        ]),
    );
    let token = Token::decode(&bytes, &Profile::LENIENT).unwrap();
    let hint = DeviceHint::of(&token.danger_unverified_claims(&Profile::LENIENT).unwrap());
    let public = key(1).public_key();
    let trusted = TrustedKey::new(&public, &context()).unwrap();
    for (ueid, is_found) in [([1; 33], true), ([9; 33], false)] {
        let fleet = Fleet(&ueid, trusted);
        let keys = KeysOfDevice::new(&fleet, hint);
        let verified = token.verify(&Trust::keys(&keys), &Requirements::DEFAULT, &context());
        assert_eq!(verified.is_ok(), is_found);
    }
}
