//! The rules of JSON Web Signatures, and attacks on them.

#[path = "jws/claims_in_json.rs"]
mod claims_in_json;

use cose_ext::{
    Context, IssuerBinding, Profile, Trust,
    cbor::{Map, Reader},
    crypto::{SecretKey, SymmetricKey},
    key::{HeldSecret, Identity, TrustedKey},
    rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto},
};
use rats_eat::{
    Claims, Error, JsonBundle, MainToken, NestedJson, Requirements, Rule, UnboundIssuer,
    claim::JsonSelector,
    eat_json,
    jws::{Jws, sign},
};

const PROFILE: &Profile = &Profile::LENIENT;

fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

fn key() -> P256SigningKey {
    P256SigningKey::from_bytes(&[7; 32]).unwrap()
}

/// Base64url, by hand.
fn b64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        let number = number << (8 * (3 - chunk.len()));
        for index in 0..=chunk.len() {
            out.push(DIGITS[(number >> (18 - 6 * index) & 63) as usize].into());
        }
    }
    out
}

/// A JWS with this very header, signed by the key.
fn signed(header: &str, payload: &str) -> String {
    use cose_ext::crypto::Signer;
    let signed = format!("{}.{}", b64(header.as_bytes()), b64(payload.as_bytes()));
    let mut signature = [0; 64];
    key().sign(&[signed.as_bytes()], &mut signature).unwrap();
    format!("{signed}.{}", b64(&signature))
}

fn verify(text: &str) -> Result<Vec<u8>, Error> {
    let key = key();
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    let jws = Jws::decode(text, PROFILE)?;
    Ok(jws.verify(&Trust::keys(&trusted), &context())?.into_value())
}

#[track_caller]
fn breaks(text: &str, rule: Rule) {
    assert_eq!(verify(text).unwrap_err().rule().unwrap(), rule, "{text}");
}

#[test]
fn a_good_signature_vouches_for_the_payload() {
    assert_eq!(verify(&signed("{\"alg\":\"ES256\"}", "{}")), Ok(b"{}".to_vec()));
    assert_eq!(verify(&sign(b"{}", Some("k\""), &key()).unwrap()), Ok(b"{}".to_vec()));
    // Members that are not known are ignored.
    assert_eq!(
        verify(&signed("{\"alg\":\"ES256\",\"x\":[1.5],\"b64\":true}", "{}")),
        Ok(b"{}".to_vec())
    );
}

#[test]
fn every_character_is_covered() {
    let text = sign(b"{\"a\":1}", None, &key()).unwrap();
    for index in 0..text.len() {
        for other in [b'A', b'B', b'.', b'=', b' ', b'_'] {
            let mut changed = text.clone().into_bytes();
            if changed[index] == other {
                continue;
            }
            changed[index] = other;
            let changed = String::from_utf8(changed).unwrap();
            assert!(verify(&changed).is_err(), "{index}: {changed}");
        }
        let (start, end) = text.split_at(index);
        assert!(verify(start).is_err());
        assert!(verify(&format!("{start}A{end}")).is_err());
    }
}

#[test]
fn e284_a_jws_is_three_parts() {
    let text = sign(b"{}", None, &key()).unwrap();
    let (header, rest) = text.split_once('.').unwrap();
    let wrong =
        ["", ".", "..", &text.replacen('.', "", 1), &format!("{text}.AA"), &format!(".{rest}")];
    for text in wrong {
        breaks(text, Rule::JwsForm);
    }
    for text in [format!(" {text}"), format!("{text}\n"), format!("{header}=.{rest}")] {
        breaks(&text, Rule::Base64Url);
    }
    for header in ["[]", "1", "{\"alg\":\"ES256\",\"kid\":1}"] {
        breaks(&signed(header, "{}"), Rule::JwsForm);
    }
    breaks(&signed("{", "{}"), Rule::JsonForm);
}

#[test]
fn e285_the_algorithm_is_one_that_is_known() {
    for header in [
        "{}",
        "{\"alg\":1}",
        "{\"alg\":\"\"}",
        "{\"alg\":\"es256\"}",
        "{\"alg\":\"RS256\"}",
        "{\"alg\":\"ES256 \"}",
        "{\"alg\":-7}",
    ] {
        breaks(&signed(header, "{}"), Rule::JwsAlgorithm);
    }
    // The algorithm of another curve: the key is not for it.
    assert!(verify(&signed("{\"alg\":\"ES384\"}", "{}")).is_err());
    assert!(verify(&signed("{\"alg\":\"EdDSA\"}", "{}")).is_err());
}

#[test]
fn e286_none_is_never_accepted() {
    for name in ["none", "None", "NONE", "nOnE"] {
        let header = format!("{{\"alg\":\"{name}\"}}");
        breaks(&signed(&header, "{}"), Rule::JwsUnsecured);
        breaks(&format!("{}.{}.", b64(header.as_bytes()), b64(b"{}")), Rule::JwsUnsecured);
    }
}

#[test]
fn e287_crit_is_refused() {
    for crit in ["[]", "[\"x\"]", "[\"exp\"]", "null", "\"x\"", "[1]"] {
        breaks(&signed(&format!("{{\"alg\":\"ES256\",\"crit\":{crit}}}"), "{}"), Rule::JwsCritical);
    }
}

#[test]
fn e288_a_payload_is_encoded() {
    for b64 in ["false", "null", "0", "\"false\""] {
        for crit in ["", ",\"crit\":[\"b64\"]"] {
            let header = format!("{{\"alg\":\"ES256\",\"b64\":{b64}{crit}}}");
            breaks(&signed(&header, "{}"), Rule::JwsUnencoded);
        }
    }
}

#[test]
fn e281_members_of_the_header_are_there_once() {
    breaks(&signed("{\"alg\":\"ES256\",\"alg\":\"none\"}", "{}"), Rule::JsonMembers);
    breaks(&signed("{\"alg\":\"ES256\",\"\\u0061lg\":\"ES256\"}", "{}"), Rule::JsonMembers);
}

/// HS256, computed with the provider.
fn maced(header: &str, payload: &str, secret: &[u8]) -> String {
    use cose_ext::crypto::{Algorithm, Secret};
    let signed = format!("{}.{}", b64(header.as_bytes()), b64(payload.as_bytes()));
    let key = SymmetricKey { k: secret, algorithm: None };
    let key = SecretKey::symmetric(key, &RustCrypto);
    let mut tag = None;
    key.with_mac(&mut |mac| {
        tag = Some(mac.tag(Algorithm::HMAC_256, &[signed.as_bytes()]).unwrap());
    })
    .unwrap();
    format!("{signed}.{}", b64(tag.unwrap().as_ref()))
}

#[test]
fn e289_a_public_key_is_no_secret() {
    let public = key().public_key();
    let point = public.as_public_key();
    let cose_ext::crypto::KeyMaterial::Ec2 { x, .. } = point.material else { panic!() };
    let token = maced("{\"alg\":\"HS256\"}", "{}", x);
    breaks(&token, Rule::JwsSecretKey);

    let secret = [9; 32];
    let held = SymmetricKey { k: &secret, algorithm: None };
    let held = HeldSecret::new(SecretKey::symmetric(held, &RustCrypto), Identity::new([1; 32]));
    let public = key();
    let public = public.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    let trust = Trust::keys(&trusted).and_secrets(&held);
    let verify = |text: &str| {
        let jws = Jws::decode(text, PROFILE)?;
        Ok::<_, Error>(jws.verify(&trust, &context())?.into_value())
    };
    assert_eq!(verify(&maced("{\"alg\":\"HS256\"}", "{}", &secret)), Ok(b"{}".to_vec()));
    let error = verify(&token).unwrap_err();
    assert_eq!(error.rule().unwrap(), Rule::JwsSecretKey);
    // Nor does a tag pass as a signature.
    assert!(verify(&maced("{\"alg\":\"ES256\"}", "{}", &secret)).is_err());
}

#[test]
fn e290_a_key_that_the_header_brings_is_not_trusted() {
    let other = Ed25519SigningKey::from_bytes(&[8; 32]).unwrap();
    let public = other.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    for member in [
        "\"jwk\":{\"kty\":\"EC\"}",
        "\"jku\":\"https://a.example\"",
        "\"x5c\":[\"AA\"]",
        "\"x5u\":\"https://a.example\"",
        "\"x5t\":\"AA\"",
    ] {
        let header = format!("{{\"alg\":\"ES256\",{member}}}");
        let text = signed(&header, "{}");
        // Under the key that is enrolled the token is good, whatever the header brings.
        assert_eq!(verify(&text), Ok(b"{}".to_vec()));
        let key = P256SigningKey::from_bytes(&[5; 32]).unwrap();
        let public = key.public_key();
        let another = TrustedKey::new(public.as_public_key(), &context()).unwrap();
        let jws = Jws::decode(&text, PROFILE).unwrap();
        let error = jws.verify(&Trust::keys(&another), &context()).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::JwsEmbeddedKey, "{member}");
        // A key for another algorithm is not even asked.
        assert!(jws.verify(&Trust::keys(&trusted), &context()).is_err());
    }
}

#[test]
fn e291_the_payload_of_a_token_is_an_object() {
    let key = key();
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    for payload in ["[]", "1", "\"a\"", "null"] {
        let text = signed("{\"alg\":\"ES256\"}", payload);
        let jws = Jws::decode(&text, PROFILE).unwrap();
        let error =
            jws.verify_eat(&Trust::keys(&trusted), &Requirements::DEFAULT, &context()).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::JwtClaims, "{payload}");
    }
}

#[test]
fn a_token_is_bound_to_its_issuer() {
    let key = key();
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap().for_issuer("me");
    let verify = |payload: &str| {
        let text = signed("{\"alg\":\"ES256\"}", payload);
        let jws = Jws::decode(&text, PROFILE).unwrap();
        jws.verify_eat(&Trust::keys(&trusted), &Requirements::DEFAULT, &context())
            .map(|claims| claims.by().iter().next().unwrap().issuer())
    };
    assert_eq!(verify("{\"iss\":\"me\"}"), Ok(IssuerBinding::Checked));
    assert!(verify("{\"iss\":\"you\"}").is_err());
    let error = verify("{}").unwrap_err();
    assert_eq!(error.rule().unwrap(), cose_ext::Rule::IssuerClaimed);

    // A key of nobody in particular can claim to be anybody: refused, unless the caller accepts it.
    let anybody = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    let text = signed("{\"alg\":\"ES256\"}", "{\"iss\":\"me\"}");
    let jws = Jws::decode(&text, PROFILE).unwrap();
    let verify = |requirements| jws.verify_eat(&Trust::keys(&anybody), &requirements, &context());
    let error = verify(Requirements::DEFAULT).unwrap_err();
    assert_eq!(error.rule().unwrap(), Rule::IssuerBound);
    let accepting = Requirements::DEFAULT.with_unbound_issuer(UnboundIssuer::Accepted);
    assert!(verify(accepting).is_ok());
}

#[test]
fn e293_a_jws_covers_no_external_data() {
    let key = key();
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    let mut supplied = cose_ext::Supplied::NOTHING;
    supplied.external_aad = b"session";
    let requirements = Requirements::DEFAULT.with_supplied(supplied);
    let text = sign(b"{}", None, &key).unwrap();
    let jws = Jws::decode(&text, PROFILE).unwrap();
    let error = jws.verify_eat(&Trust::keys(&trusted), &requirements, &context()).unwrap_err();
    assert_eq!(error.rule().unwrap(), Rule::JwsExternalData);
    // Nor does one signature pass for two.
    let two = Requirements::DEFAULT.with_policy(cose_ext::sign::SignPolicy::AtLeast(2));
    assert!(jws.verify_eat(&Trust::keys(&trusted), &two, &context()).is_err());
}

#[test]
fn e292_a_bundle_is_a_protected_token_and_claims_sets() {
    let good = r#"[["JWT","e30.e30.AA"],{"a":"e30"}]"#;
    let bundle = JsonBundle::decode(good.as_bytes(), PROFILE).unwrap();
    assert_eq!(bundle.main(), &MainToken::Jwt("e30.e30.AA".into()));
    assert_eq!(bundle.danger_unverified_entries().collect::<Vec<_>>(), [("a", &b"{}"[..])]);
    let cbor = r#"[["CBOR","0oQ"],{"a":"e30"}]"#;
    let bundle = JsonBundle::decode(cbor.as_bytes(), PROFILE).unwrap();
    assert_eq!(bundle.main(), &MainToken::Cbor(vec![0xd2, 0x84]));
    for text in [
        "{}",
        "[]",
        r#"[["JWT","x"]]"#,
        r#"[["JWT","x"],{}]"#,
        r#"[["JWT",1],{"a":"AA"}]"#,
        r#"[["BUNDLE",[]],{"a":"AA"}]"#,
        r#"[["UJCS",{}],{"a":"AA"}]"#,
        r#"[["JWT","x"],{"a":1}]"#,
        r#"[["JWT","x"],{"a":"AA"},1]"#,
    ] {
        let error = JsonBundle::decode(text.as_bytes(), PROFILE).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::BundleJson, "{text}");
    }
}

/// A bundle whose main token signs the digests of `signed_sets`, and which holds `sets`.
fn bundle(signed_sets: &[(&str, &str)], sets: &[(&str, &str)]) -> String {
    let digests = signed_sets.iter().map(|(name, set)| {
        let digest =
            context().hash(cose_ext::crypto::Algorithm::SHA256, &[set.as_bytes()]).unwrap();
        format!("\"{name}\":[\"DIGEST\",[\"SHA-256\",\"{}\"]]", b64(digest.as_ref()))
    });
    let submods = digests.collect::<Vec<_>>().join(",");
    let main = signed("{\"alg\":\"ES256\"}", &format!("{{\"submods\":{{{submods}}}}}"));
    let sets = sets.iter().map(|(name, set)| format!("\"{name}\":\"{}\"", b64(set.as_bytes())));
    format!("[[\"JWT\",\"{main}\"],{{{}}}]", sets.collect::<Vec<_>>().join(","))
}

type Seen = Vec<(String, Option<String>)>;

fn verify_bundle(text: &str) -> Result<Seen, Error> {
    let key = key();
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    let mut seen = Vec::new();
    let bundle = JsonBundle::decode(text.as_bytes(), PROFILE)?;
    let trust = Trust::keys(&trusted);
    let main =
        bundle.verify(&trust, &Requirements::DEFAULT, &context(), &mut |name, detached| {
            let claims = detached.map(|claims| hex::encode(claims.value()));
            seen.push((name.to_owned(), claims));
        })?;
    assert_eq!(main.by().iter().count(), 1);
    Ok(seen)
}

#[test]
fn signed_digests_vouch_for_detached_claims_sets() {
    // Blanks are digested as they stand.
    let (a, b) = (("a", "{ \"ueid\": \"AQID\" }"), ("b", "{}"));
    let seen = verify_bundle(&bundle(&[a, b], &[b, a])).unwrap();
    let expected = [("a", Some("a119010043010203")), ("b", Some("a0"))];
    let of = |(name, claims): &(&str, Option<&str>)| (name.to_string(), claims.map(str::to_owned));
    assert_eq!(seen, expected.iter().map(of).collect::<Seen>());
    let seen = verify_bundle(&bundle(&[a, b], &[a])).unwrap();
    assert_eq!(seen[1], ("b".to_owned(), None));
}

#[test]
fn a_bundle_holds_what_was_digested_and_nothing_else() {
    let (a, b) = (("a", "{}"), ("b", "{}"));
    let rule = |text: &str| verify_bundle(text).unwrap_err().rule().unwrap();
    assert_eq!(rule(&bundle(&[a], &[("a", "{ }")])), Rule::DetachedDigest);
    assert_eq!(rule(&bundle(&[a], &[a, b])), Rule::BundleSurplus);
    assert_eq!(rule(&bundle(&[a], &[b])), Rule::BundleSurplus);
    assert_eq!(rule(&bundle(&[], &[b])), Rule::Submods);
    let main = signed("{\"alg\":\"ES256\"}", "{\"submods\":{\"a\":{}}}");
    assert_eq!(rule(&format!("[[\"JWT\",\"{main}\"],{{\"a\":\"e30\"}}]")), Rule::BundleDigest);
    let main = signed("{\"alg\":\"ES256\"}", "{}");
    assert_eq!(rule(&format!("[[\"JWT\",\"{main}\"],{{\"a\":\"e30\"}}]")), Rule::BundleDigest);
    // The signature first.
    let good = bundle(&[a], &[a]);
    assert!(verify_bundle(&good).is_ok());
    assert!(verify_bundle(&good.replace("\"JWT\",\"e", "\"JWT\",\"f")).is_err());
}

#[test]
fn a_bundle_in_json_is_hashed_once() {
    use cose_ext::Work;
    let set = format!("{{\"swname\":\"{}\"}}", "x".repeat(200));
    let names: Vec<_> = (0..300).map(|index| format!("n{index}")).collect();
    let sets: Vec<_> = names.iter().map(|name| (name.as_str(), set.as_str())).collect();
    let text = bundle(&sets, &sets);
    let bundle = JsonBundle::decode(text.as_bytes(), PROFILE).unwrap();
    let key = key();
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    let work = Work::new(&PROFILE.limits, text.len());
    let context = context().with_work(&work);
    let trust = Trust::keys(&trusted);
    let mut seen = 0;
    let main = bundle.verify(&trust, &Requirements::DEFAULT, &context, &mut |_, _| seen += 1);
    assert!(main.is_ok());
    assert_eq!((seen, work.checks(), work.hashed()), (300, 1, 300 * set.len()));
}

#[test]
fn keys_of_no_name_are_tried_within_a_limit() {
    use cose_ext::{Work, error::Limit, key::TrustStore};
    let keys: Vec<_> = (1..=100_u8)
        .map(|seed| P256SigningKey::from_bytes(&[seed; 32]).unwrap().public_key())
        .filter(|public| public.as_public_key() != key().public_key().as_public_key())
        .collect();
    let trusted: Vec<_> =
        keys.iter().map(|key| TrustedKey::new(key.as_public_key(), &context()).unwrap()).collect();
    let text = sign(b"{}", None, &key()).unwrap();
    let jws = Jws::decode(&text, PROFILE).unwrap();
    let work = Work::new(&PROFILE.limits, text.len());
    let store = TrustStore::new(&trusted);
    let error = jws.verify(&Trust::keys(&store), &context().with_work(&work)).unwrap_err();
    assert_eq!(error, Error::from(cose_ext::Error::from(Limit::Candidates)));
    assert_eq!(work.checks(), PROFILE.limits.candidates);
}
