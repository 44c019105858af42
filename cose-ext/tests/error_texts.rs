//! What a user reads when something is refused: each text says what is wrong, and names its rule. Of what was met by
//! people who tried the library for the first time, each kind stands here.

// Not every test uses every helper.
#![allow(dead_code, unreachable_pub)]

#[path = "support/messages.rs"]
mod messages;

use cose_ext::crypto::{Algorithm, Curve, KeyMaterial, PublicKey, SecretError, YCoordinate};
use cose_ext::error::{
    ErrorKind, KeyFault, Limit, Misuse, Origin, PathFault, Policy, StatedPurposes, Unsupported,
    Verification,
};
use cose_ext::key::{CoseKey, CoseKeyEncoder, Jwk, JwkSet, Pem};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Context, Digest, Error, Input, Mac0, Profile, Rule, Sign1};

use messages::{decode, h, signed, trusted_edwards, trusted_issuer, unsigned, verify};

/// The text of the refusal, without the input.
#[track_caller]
fn says<T>(result: Result<T, Error>, text: &str) {
    let error = result.map(drop).expect_err("accepted");
    assert_eq!(error.to_string(), text);
}

/// The text of the refusal, beside the input.
#[track_caller]
fn explains<T>(input: &[u8], result: Result<T, Error>, text: &str) {
    let error = result.map(drop).expect_err("accepted");
    assert_eq!(error.explain(input).to_string(), text);
}

fn block(label: &str, content: &str) -> String {
    format!("-----BEGIN {label}-----\n{content}\n-----END {label}-----\n")
}

const SPKI: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+evkZBR8wQLZIyTQmdknwaUOQtV6\n\
                    CKEW/+wKKYGdjGVwuvfRKIiQKmoMHWet0QMSPIWatpv46UMck4STDUt+7g==";
const EC: &str = "MHcCAQEEIAAAAAAAAAAAAAAAAAAAAAASNFZ4kKvN7xI0VniQq83voAoGCCqGSM49\n\
                  AwEHoUQDQgAE+evkZBR8wQLZIyTQmdknwaUOQtV6CKEW/+wKKYGdjGVwuvfRKIiQ\n\
                  KmoMHWet0QMSPIWatpv46UMck4STDUt+7g==";

#[test]
fn text_where_cbor_is_due_is_named() {
    let looks_like = |input: &str, what: &str| {
        let error = decode(input.as_bytes()).map(drop).expect_err("accepted");
        let text = error.explain(input.as_bytes()).to_string();
        assert!(text.ends_with(&format!("; the input looks like {what}")), "{text}");
    };
    looks_like(&block("CERTIFICATE", SPKI), "PEM with a block \"CERTIFICATE\"");
    looks_like("0oRDoQEmoEF4QSo=", "base64");
    looks_like("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UifQ.c2ln", "a JWT or a JWS of JOSE");
    looks_like("d28443a10126a04178412a", "hexadecimal digits");
    looks_like("{\"payload\": \"x\"}", "JSON");
    says(
        decode(b"eyJhbGciOiJFUzI1NiJ9.e30.c2ln"),
        "the message is not the array of four elements that a COSE_Sign1 is: expected array, found \
         text string at byte 0 (C5, RFC 9052 4.2)",
    );
}

#[test]
fn c4_tags_are_named_found_and_due() {
    let sign1 = signed("a10126", "a0", b"x");
    let tagged = |tag: &str| [&h(tag), &sign1[..]].concat();
    says(decode(&tagged("d1")), "tag 17 where 18 is due at byte 0 (C4, RFC 9052 2)");
    says(decode(&tagged("d83d")), "tag 61 where 18 is due at byte 0 (C4, RFC 9052 2)");
    says(
        Mac0::decode(&tagged("d2"), &Profile::LENIENT),
        "tag 18 where 17 is due at byte 0 (C4, RFC 9052 2)",
    );
    says(
        Sign1::decode_tagged(&sign1, &Profile::LENIENT),
        "no tag where 18 is due at byte 0 (C4, RFC 9052 2)",
    );
    says(
        Sign1::decode_untagged(&tagged("d2"), &Profile::LENIENT),
        "tag 18 where none is due at byte 0 (C4, RFC 9052 2)",
    );
}

#[test]
fn c93_who_is_asked_for_is_named_where_nobody_answers() {
    let asked = |protected: &str| {
        let message = signed(protected, "a0", b"x");
        let other = trusted_issuer().with_key_id(b"another");
        let verdict = decode(&message).unwrap().verify(
            &Input::embedded(),
            &other,
            &Context::new(&RustCrypto),
        );
        verdict.map(drop).expect_err("accepted").explain(&message).to_string()
    };
    assert_eq!(
        asked("a3 0126 04 446b65 7931 0f a1 01 7168747470733a2f2f612e6578616d706c65"),
        "no trusted key answers to the message (C93, RFC 9052 4.4); the message asks for kid \
         h'6b657931' (\"key1\") and claims issuer \"https://a.example\""
    );
    assert_eq!(
        asked("a2 0126 04 4100"),
        "no trusted key answers to the message (C93, RFC 9052 4.4); the message asks for kid h'00' \
         and claims no issuer in its header"
    );
    assert_eq!(
        Error::from(Policy::NotEnrolled { tried: 3 }).to_string(),
        "the message names no trusted key, and none of 3 others verifies it (C93, RFC 9052 4.4)"
    );
}

#[test]
fn c94_a_key_of_another_issuer_is_named() {
    assert_eq!(
        Error::from(Policy::OtherIssuer).to_string(),
        "the key is enrolled for another issuer (C94, RFC 8392 3.1.1)"
    );
}

#[test]
fn c95_an_issuer_that_is_not_claimed_is_named() {
    assert_eq!(
        Error::from(Policy::IssuerNotClaimed).to_string(),
        "the message claims no issuer (C95, RFC 8392 3.1.1)"
    );
    assert_eq!(
        Error::from(Policy::IssuerDisagrees).to_string(),
        "the protected header and the payload claim different issuers (C70, RFC 9597 2)"
    );
}

#[test]
fn c96_what_a_pem_text_holds_is_named() {
    let no_key = |label: &str| {
        let text = block(label, SPKI);
        says(
            Pem::decode(text.as_bytes()),
            &format!("a PEM block \"{label}\" holds no key that is read here"),
        );
    };
    no_key("CERTIFICATE");
    no_key("ENCRYPTED PRIVATE KEY");
    no_key("RSA PUBLIC KEY");
    let other = block("OTHER KEY", SPKI);
    explains(
        other.as_bytes(),
        Pem::decode(other.as_bytes()),
        "a PEM block of another label holds no key that is read here; the input looks like PEM with a \
         block \"OTHER KEY\"",
    );
    says(Pem::decode(b"MFkw"), "there is no PEM block at byte 0 (C96, RFC 7468 3)");
    let two = [block("PUBLIC KEY", SPKI), block("PUBLIC KEY", SPKI)].concat();
    says(Pem::decode(two.as_bytes()), "2 PEM blocks where one is due at byte 0 (C96, RFC 7468 3)");
    let broken = block("PUBLIC KEY", "MFk*");
    says(
        Pem::decode(broken.as_bytes()),
        "the text is not one PEM block at byte 0 (C96, RFC 7468 3)",
    );
    let public = block("PUBLIC KEY", SPKI);
    says(
        Pem::decode(public.as_bytes()).unwrap().private_key(),
        "a PEM block \"PUBLIC KEY\" holds no key that is read here",
    );
}

#[test]
fn c96_the_parameters_before_a_key_are_skipped() {
    let parameters = block("EC PARAMETERS", "BggqhkjOPQMBBw==");
    let text = [&parameters[..], &block("EC PRIVATE KEY", EC)].concat();
    assert!(Pem::decode(text.as_bytes()).unwrap().private_key().is_ok());
    says(
        Pem::decode(parameters.as_bytes()),
        "a PEM block \"EC PARAMETERS\" holds no key that is read here",
    );
}

#[test]
fn c97_a_text_that_is_no_jwk_is_named() {
    says(
        Jwk::decode(b"{\"kty\":\"EC\","),
        "the text is not a JSON object of the form of a JWK at byte 11 (C97, RFC 7517 4)",
    );
    let set = br#"{"keys":[{"kty":"EC"}]}"#;
    says(Jwk::decode(set), "a set of keys where one key is due at byte 0 (C97, RFC 7517 4)");
    says(
        JwkSet::decode(b"keys"),
        "the text is not a JSON object of the form of a JWK at byte 0 (C97, RFC 7517 4)",
    );
}

#[test]
fn c98_padded_base64_is_named() {
    says(
        Jwk::decode(br#"{"kty":"OKP","crv":"Ed25519","x":"AQID=="}"#),
        "a member is not base64url without padding at byte 40 (C98, RFC 7515 2)",
    );
}

#[test]
fn c24_the_length_of_a_coordinate_is_named() {
    let y = YCoordinate::Value(&[1; 32]);
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x: &[1; 31], y };
    says(
        CoseKeyEncoder::new(PublicKey { material, algorithm: None }),
        "a coordinate of 31 bytes where its curve has 32 at byte 0 (C24, RFC 9052 7)",
    );
    let key = h("a2 0102 2001");
    says(
        CoseKey::decode(&key, &Profile::LENIENT).unwrap().public_key(),
        "a parameter that the type of the key requires is missing or has another form at byte 0 \
         (C24, RFC 9052 7)",
    );
    let profile = PublicKey { material, algorithm: None }.profile();
    assert_eq!(
        Error::from(KeyFault::not_of_its_type(&profile)).to_string(),
        "the key is not a valid key of type EC2 P-256 (C24, RFC 9052 7)"
    );
}

#[test]
fn what_stands_at_the_offset_is_shown() {
    let message = unsigned("a3 0126 02811a00011170 1a00011170 01", "a0");
    explains(
        &message,
        verify(&message),
        "crit names a label that is not processed at byte 7 (C15, RFC 9052 3.1); there stands the \
         integer 70000",
    );
    let kid = unsigned("a2 0126 04 636b6964", "a0");
    explains(
        &kid,
        verify(&kid),
        "kid is not a byte string: expected byte string, found text string at byte 6 (C18, RFC 9052 \
         3.1); there stands the text \"kid\"",
    );
    // What a byte string holds may be a secret.
    let secret = h("a3 0102 2001 21 43 010203");
    let error = CoseKey::decode(&secret, &Profile::LENIENT).unwrap().private_key().unwrap_err();
    assert!(!error.explain(&secret).to_string().contains("010203"));
}

#[test]
fn other_texts() {
    let message = signed("a10126", "a0", b"x");
    let context = Context::new(&RustCrypto);
    let trusted = trusted_issuer();
    says(
        decode(&message).unwrap().verify(&Input::detached(b"x"), &trusted, &context),
        "a detached payload was given, the message embeds its own (C19, RFC 9052 2)",
    );
    says(
        decode(&[&message[..], b"\n"].concat()),
        &format!("bytes follow the data item at byte {} (C1, RFC 8949 5.3)", message.len()),
    );
    says(
        decode(&message).unwrap().verify(&Input::embedded(), &trusted_edwards(), &context),
        "a key of type OKP Ed25519 may not be used with ES256 (C21, RFC 9053 2)",
    );
    let texts: [(Error, &str); 9] = [
        (
            Verification::InvalidSignature { tried: 1 }.into(),
            "the signature is not valid under the one key that was tried (C20, RFC 9052 4.4)",
        ),
        (
            Verification::DigestMismatch.into(),
            "the bytes do not have the digest that was signed (C41, RFC 9054 2)",
        ),
        (
            Verification::TimestampImprint.into(),
            "the message imprint of the timestamp does not match this message (C75, RFC 9921 4)",
        ),
        (Limit::SignatureChecks.into(), "too many signature checks for one call"),
        (
            Misuse::AuthenticatedCipher(Algorithm::A128GCM).into(),
            "A128GCM is authenticated: call `decrypt`, not `decrypt_unauthenticated`",
        ),
        (
            Misuse::OtherDigestLength { expected: 32, found: 20 }.into(),
            "a digest of 20 bytes was given where the hash gives 32",
        ),
        (Misuse::OtherHeader.into(), "the facts were read out of another header"),
        (
            SecretError::Malformed.into(),
            "wrong length of key, nonce or IV, peer key not on the curve, or invalid padding",
        ),
        (
            Error::from(Policy::Expired).at(7).counted_in(Origin::Payload),
            "the claims have expired at byte 7 of the payload (C66, RFC 8392 3.1.4)",
        ),
    ];
    for (error, text) in texts {
        assert_eq!(error.to_string(), text);
    }
    says(Digest::new(Algorithm::A192GCM, &[0; 32]), "the provider has no hash function A192GCM");
}

#[test]
fn offsets_count_in_what_they_say() {
    let error = Error::from(ErrorKind::Limit(Limit::Signatures)).at(5).within(10);
    assert_eq!(
        (error.offset(), error.to_string().as_str()),
        (Some(15), "too many signatures at byte 15")
    );
    // An offset within the payload is none of the message, wherever the message stands.
    let inner = error.counted_in(Origin::Payload).within(100).counted_in(Origin::Key);
    assert_eq!(inner.offset(), Some(15));
    assert_eq!(inner.place().map(|place| place.origin()), Some(Origin::Payload));
}

#[test]
fn what_a_beginner_meets_first() {
    let detached = signed("a10126", "a0", b"x");
    // The payload is the third element; nil in its place.
    let place = detached.iter().rposition(|byte| *byte == b'x').unwrap_or_default();
    let detached = [&detached[..place - 1], &[0xf6], &detached[place + 1..]].concat();
    says(
        verify(&detached),
        "an embedded payload was asked for, the message has none (C19, RFC 9052 2)",
    );
    says(verify(&unsigned("a20126 0126", "a0")), "duplicate map key at byte 5 (C2, RFC 8949 5.6)");
    let whole = signed("a10126", "a0", b"x");
    says(decode(&whole[..20]), "the input ends inside a data item at byte 8 (C1, RFC 8949 5.3)");
    let feature =
        if cfg!(feature = "p384") { "" } else { ", which feature `p384` of cose-ext brings" };
    assert_eq!(
        Error::from(Unsupported::Algorithm(Algorithm::ES384)).to_string(),
        format!("no provider or key here does algorithm ES384{feature}")
    );
    assert_eq!(
        Error::from(Misuse::OtherHash { digest: Algorithm::SHA256, function: Algorithm::SHA512 })
            .to_string(),
        "a SHA-256 digest cannot be checked with SHA-512"
    );
    let purposes = StatedPurposes::SERVER_AUTH.and(StatedPurposes::CODE_SIGNING);
    let fault = PathFault::ExtendedKeyUsage(purposes);
    assert_eq!(
        Error::from(Policy::CertificationPath(fault)).to_string(),
        "a certificate is for other purposes: serverAuth, codeSigning (C81, RFC 5280 4.2.1.12)"
    );
}

#[test]
fn no_text_states_what_should_have_held() {
    for rule in Rule::ALL {
        let (holds, broken) = (rule.holds(), rule.broken());
        assert_ne!(holds, broken, "{}", rule.id());
        assert!(!broken.ends_with('.'), "{}: {broken}", rule.id());
        for obligation in [" must ", " should ", " shall ", " is expected "] {
            assert!(!broken.contains(obligation), "{}: {broken}", rule.id());
        }
    }
}
