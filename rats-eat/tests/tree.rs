//! Everything within a token, in CBOR and in JSON, verified in one call: who vouches for which part.

#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Digest, Profile,
    crypto::{Algorithm, HashFunction},
    cwt::ClaimKey,
    rustcrypto::Sha256,
};
use rats_eat::{
    Error, JsonBundle, Limits, Requirements, Token, Tree, TreeContent, Voucher,
    attester::SubmodulesWriter, jws,
};
use world::{context, key, rule, token, trusting, uptime};

const LENIENT: &Profile = &Profile::LENIENT;

fn b64(bytes: &[u8]) -> String {
    use base64ct::{Base64UrlUnpadded, Encoding};
    Base64UrlUnpadded::encode_string(bytes)
}

fn jwt(seed: u8, payload: &str) -> String {
    // Key ids of the world are one byte; below 128 that is a text, too.
    let key_id = String::from_utf8(vec![seed]).unwrap();
    jws::sign(payload.as_bytes(), Some(&key_id), &key(seed)).unwrap()
}

/// A token of key 1 whose submodules `parts` writes.
fn around(parts: &dyn Fn(&mut SubmodulesWriter<'_, '_>)) -> Vec<u8> {
    token(1, &|claims| _ = claims.submodules(&parts))
}

fn verify_within(bytes: &[u8], seeds: &[u8], limits: Limits) -> Result<Tree, Error> {
    let token = Token::decode(bytes, LENIENT)?;
    let requirements = Requirements::DEFAULT.with_limits(limits);
    trusting(seeds, |trust| token.verify_all(trust, &requirements, &context()))
}

fn verify(bytes: &[u8], seeds: &[u8]) -> Result<Tree, Error> {
    verify_within(bytes, seeds, Limits::DEFAULT)
}

/// Path, who vouches and uptime of each part; of one that is no claims set what it is.
fn shown(tree: &Tree) -> Vec<String> {
    let shown = tree.parts().iter().map(|part| {
        let content = match &part.content {
            TreeContent::Claims(claims) => {
                let uptime = claims.value().claims(LENIENT).unwrap().uptime().unwrap();
                uptime.map_or("-".into(), |uptime| uptime.to_string())
            }
            TreeContent::Json(_) => "text".into(),
            TreeContent::NotSupplied(_) => "not supplied".into(),
            TreeContent::NotEvaluated(_) => "not evaluated".into(),
            other => format!("{other:?}"),
        };
        format!("{} {:?} {content} {}", part.path, part.voucher, part.tokens_around)
    });
    shown.collect()
}

#[test]
fn a_jwt_within_a_cwt_vouches_for_itself() {
    let inner = format!(r#"["JWT","{}"]"#, jwt(2, r#"{"uptime":2}"#));
    let bytes = around(&|parts| _ = parts.json("J", &inner));
    let expected = ["", "submods/J"];
    let tree = verify(&bytes, &[1, 2]).unwrap();
    assert_eq!(tree.parts().iter().map(|part| &part.path).collect::<Vec<_>>(), expected);
    assert_eq!(shown(&tree)[1], "submods/J OwnSignature 2 1");
    let claims = tree.find("submods/J").unwrap().claims().unwrap();
    let signer = claims.by().iter().next().unwrap().thumbprint();
    assert_ne!(signer, tree.claims().unwrap().by().iter().next().unwrap().thumbprint());
    // Nobody here knows its key.
    assert_eq!(shown(&verify(&bytes, &[1]).unwrap())[1], "submods/J Nobody not evaluated 1");
    // Its signature is wrong: another payload under it.
    let (signed, signature) = inner.rsplit_once('.').unwrap();
    let header = signed.split_once('.').unwrap().0;
    let forged = format!("{header}.{}.{signature}", b64(br#"{"uptime":3}"#));
    let bytes = around(&|parts| _ = parts.json("J", &forged));
    assert_eq!(rule(verify(&bytes, &[1, 2])), "C20");
}

#[test]
fn without_json_a_text_is_kept_as_it_is() {
    let inner = r#"["UJCS",{"uptime":2}]"#;
    let bytes = around(&|parts| _ = parts.json("J", inner));
    let token = Token::decode(&bytes, LENIENT).unwrap();
    let tree =
        trusting(&[1], |trust| token.verify_to_tree(trust, &Requirements::DEFAULT, &context()));
    let tree = tree.unwrap();
    assert_eq!(shown(&tree)[1], "submods/J OuterSignature text 0");
    let opened =
        trusting(&[1], |trust| tree.open_json(trust, &Requirements::DEFAULT, &context())).unwrap();
    assert_eq!(shown(&opened)[1], "submods/J OuterSignature 2 0");
}

#[test]
fn cbor_stands_within_json_within_cbor() {
    let innermost = token(3, &uptime);
    let uccs = [&[0xd9, 0x02, 0x59, 0xa1][..], &[0x19, 0x01, 0x05, 0x05]].concat();
    let payload = format!(
        r#"{{"uptime":2,"submods":{{"C":["CBOR","{}"],"P":{{"uptime":4}},"U":["CBOR","{}"]}}}}"#,
        b64(&innermost),
        b64(&uccs)
    );
    let inner = format!(r#"["JWT","{}"]"#, jwt(2, &payload));
    let bytes = around(&|parts| _ = parts.json("J", &inner));
    let expected = [
        " OwnSignature - 0",
        "submods/J OwnSignature 2 1",
        "submods/J/submods/C OwnSignature 1 2",
        "submods/J/submods/P OuterSignature 4 1",
        "submods/J/submods/U OuterSignature 5 2",
    ];
    assert_eq!(shown(&verify(&bytes, &[1, 2, 3]).unwrap()), expected);
    // Who signed the middle one vouches for what stands in it.
    let tree = verify(&bytes, &[1, 2, 3]).unwrap();
    let by = |path| {
        let claims = tree.find(path).and_then(|part| part.claims()).unwrap();
        claims.by().iter().next().unwrap().thumbprint()
    };
    assert_eq!(by("submods/J"), by("submods/J/submods/P"));
    assert_eq!(by("submods/J"), by("submods/J/submods/U"));
    assert_ne!(by("submods/J"), by("submods/J/submods/C"));
}

#[test]
fn a_jwt_is_the_outermost() {
    let inner = token(2, &uptime);
    let payload = format!(
        r#"{{"submods":{{"C":["CBOR","{}"],"D":["DIGEST",["SHA-256","{}"]]}}}}"#,
        b64(&inner),
        b64(&[0; 32])
    );
    let text = jwt(1, &payload);
    let verified = |seeds| {
        let jws = jws::Jws::decode(&text, LENIENT)?;
        trusting(seeds, |trust| jws.verify_all(trust, &Requirements::DEFAULT, &context()))
    };
    let expected = [
        " OwnSignature - 0",
        "submods/C OwnSignature 1 1",
        "submods/D OuterSignature not supplied 0",
    ];
    assert_eq!(shown(&verified(&[1, 2]).unwrap()), expected);
    assert_eq!(shown(&verified(&[1]).unwrap())[1], "submods/C Nobody not evaluated 1");
    assert!(verified(&[2]).is_err(), "nobody vouches for the outermost");
}

/// A bundle in JSON whose main token has the digests of `set` and of what is not supplied.
fn bundle(set: &str) -> String {
    let digest = |bytes: &[u8]| b64(Sha256.hash(&[bytes]).as_ref());
    let payload = format!(
        r#"{{"submods":{{"D":["DIGEST",["SHA-256","{}"]],"E":["DIGEST",["SHA-256","{}"]],"P":{{"uptime":4}}}}}}"#,
        digest(set.as_bytes()),
        digest(b"elsewhere")
    );
    format!(r#"[["JWT","{}"],{{"D":"{}"}}]"#, jwt(2, &payload), b64(set.as_bytes()))
}

#[test]
fn a_bundle_in_json_within_a_cwt() {
    let inner = token(3, &uptime);
    let set = format!(r#"{{"uptime":7,"submods":{{"T":["CBOR","{}"]}}}}"#, b64(&inner));
    let text = format!(r#"["BUNDLE",{}]"#, bundle(&set));
    let bytes = around(&|parts| _ = parts.json("B", &text));
    let expected = [
        " OwnSignature - 0",
        "submods/B OwnSignature - 1",
        "submods/B/submods/D Digest 7 1",
        "submods/B/submods/D/submods/T OwnSignature 1 2",
        "submods/B/submods/E OuterSignature not supplied 1",
        "submods/B/submods/P OuterSignature 4 1",
    ];
    assert_eq!(shown(&verify(&bytes, &[1, 2, 3]).unwrap()), expected);
    // Alone.
    let alone = JsonBundle::decode(bundle(&set).as_bytes(), LENIENT).unwrap();
    let alone = trusting(&[2], |trust| alone.verify_all(trust, &Requirements::DEFAULT, &context()));
    let expected = [
        " OwnSignature - 0",
        "submods/D Digest 7 0",
        "submods/D/submods/T Nobody not evaluated 1",
        "submods/E OuterSignature not supplied 0",
        "submods/P OuterSignature 4 0",
    ];
    assert_eq!(shown(&alone.unwrap()), expected);
    // A set that is not what was digested refuses the whole.
    let other = text.replace(&b64(set.as_bytes()), &b64(br#"{"uptime":8}"#));
    let bytes = around(&|parts| _ = parts.json("B", &other));
    assert_eq!(rule(verify(&bytes, &[1, 2, 3])), "E80");
}

#[test]
fn a_bundle_in_cbor_within_json() {
    let set = [0xa1, 0x19, 0x01, 0x05, 0x09]; // uptime 9
    let hash = Sha256.hash(&[&set]);
    let digest = Digest::new(Algorithm::SHA256, hash.as_ref()).unwrap();
    let main = token(2, &|claims| _ = claims.submodules(&|parts| _ = parts.digest("D", &digest)));
    let mut buffer = [0; 512];
    let bundle = rats_eat::attester::bundle(&mut buffer, &main, &[("D", &set)]).unwrap();
    let text = jwt(1, &format!(r#"{{"submods":{{"B":["CBOR","{}"]}}}}"#, b64(bundle)));
    let jws = jws::Jws::decode(&text, LENIENT).unwrap();
    let tree = trusting(&[1, 2], |trust| jws.verify_all(trust, &Requirements::DEFAULT, &context()));
    let expected =
        [" OwnSignature - 0", "submods/B OwnSignature - 1", "submods/B/submods/D Digest 9 1"];
    assert_eq!(shown(&tree.unwrap()), expected);
}

/// A JWT in a JWT, `depth` times.
fn jwts(depth: usize) -> String {
    (0..depth).fold(jwt(1, r#"{"uptime":1}"#), |inner, _| {
        jwt(1, &format!(r#"{{"submods":{{"J":["JWT","{inner}"]}}}}"#))
    })
}

#[test]
fn e75_tokens_in_json_are_bounded_with_those_in_cbor() {
    let bytes = |depth| {
        let text = format!(r#"["JWT","{}"]"#, jwts(depth));
        around(&|parts| _ = parts.json("J", &text))
    };
    assert_eq!(verify(&bytes(3), &[1]).unwrap().parts().len(), 5);
    assert_eq!(rule(verify(&bytes(4), &[1])), "E75");
    let seven = Limits::DEFAULT.with_nested_tokens(7);
    assert_eq!(verify_within(&bytes(4), &[1], seven).unwrap().parts().len(), 6);
    // Parts of both encodings are counted together.
    let parts = |parts| Limits::DEFAULT.with_parts(parts);
    assert!(verify_within(&bytes(3), &[1], parts(5)).is_ok());
    assert_eq!(rule(verify_within(&bytes(3), &[1], parts(4))), "E75");
}

/// Names with slashes are no places of other parts.
#[test]
fn no_two_places_are_written_alike() {
    let bytes = token(1, &|claims| {
        claims.submodules(&|parts| {
            parts.claims("a", &|claims| {
                _ = claims.submodules(&|parts| _ = parts.claims("b", &uptime))
            });
            parts.claims("a/submods/b", &|claims| _ = claims.uint(ClaimKey::UPTIME, 2));
            parts.claims("a~1b", &uptime);
        });
    });
    let tree = verify(&bytes, &[1]).unwrap();
    let paths: Vec<_> = tree.parts().iter().map(|part| part.path.as_str()).collect();
    let expected =
        ["", "submods/a", "submods/a/submods/b", "submods/a~1submods~1b", "submods/a~01b"];
    assert_eq!(paths, expected);
    assert_eq!(tree.find("submods/a").unwrap().voucher, Voucher::OuterSignature);
}

/// A token that brings JWTs to be checked by the dozen meets the bound of one call.
#[test]
fn eighty_tokens_in_json_are_one_budget() {
    let inner = format!(r#"["JWT","{}"]"#, jwt(1, r#"{"uptime":1}"#));
    let bytes = |count: usize| {
        let mut buffer = vec![0; 65_536];
        let names: Vec<String> = (0..count).map(|index| format!("n{index:02}")).collect();
        let claims = |claims: &mut rats_eat::attester::ClaimsWriter<'_, '_>| {
            claims.submodules(&|parts| {
                for name in &names {
                    parts.json(name, &inner);
                }
            });
        };
        let key = key(1);
        rats_eat::attester::sign(&mut buffer, Some(&[1]), &key, &claims).unwrap().to_vec()
    };
    let verify = |bytes: &[u8]| {
        let work = cose_ext::Work::new(&LENIENT.limits, bytes.len());
        let token = Token::decode(bytes, LENIENT)?;
        let context = context().with_work(&work);
        let tree =
            trusting(&[1], |trust| token.verify_all(trust, &Requirements::DEFAULT, &context));
        Ok::<_, Error>((tree.map(|tree| tree.parts().len()), work.checks()))
    };
    assert_eq!(verify(&bytes(40)).unwrap(), (Ok(41), 41));
    let (outcome, checks) = verify(&bytes(80)).unwrap();
    assert!(outcome.is_err(), "more checks than one call may make");
    assert_eq!(checks, LENIENT.limits.signature_checks);
}

/// The digests are over the claims sets as the bundle encodes them.
#[test]
fn a_cwt_is_the_main_token_of_a_bundle_in_json() {
    let (set, in_cbor) = (br#"{"uptime":7}"#, [0xa1, 0x19, 0x01, 0x05, 0x07]);
    let bundle = |digested: &[u8], set: &[u8]| {
        let hash = Sha256.hash(&[digested]);
        let digest = Digest::new(Algorithm::SHA256, hash.as_ref()).unwrap();
        let main =
            token(1, &|claims| _ = claims.submodules(&|parts| _ = parts.digest("D", &digest)));
        let text = format!(r#"[["CBOR","{}"],{{"D":"{}"}}]"#, b64(&main), b64(set));
        let bundle = JsonBundle::decode(text.as_bytes(), LENIENT)?;
        trusting(&[1], |trust| bundle.verify_all(trust, &Requirements::DEFAULT, &context()))
    };
    let expected = [" OwnSignature - 0", "submods/D Digest 7 0"];
    assert_eq!(shown(&bundle(set, set).unwrap()), expected);
    assert_eq!(rule(bundle(&in_cbor, set)), "E80");
    // The encoding of the main token is not that of the set.
    assert_eq!(rule(bundle(&in_cbor, &in_cbor)), "E280");
}
