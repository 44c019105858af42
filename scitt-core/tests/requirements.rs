//! What RFC 9943 asks of the headers of statements and receipts.

#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Error as CoseError, Input, Label, MapBuilder, Processed, Profile, Value, Verified,
    crypto::Algorithm,
    cwt::ClaimKey,
    error::{Policy, Verification},
    header::ContentType,
    key::TrustStore,
    rustcrypto::{Sha256, Sha384},
};
use scitt_core::{
    Error, ErrorKind, NotChecked, Requirements, Rule, SignedStatement, Statement, StatementBuilder,
    TransparentStatement, TrustedService, Verdict, Verifier,
};
use world::*;

/// What strict and lenient requirements say of a statement that the issuer signed.
fn judge(bytes: &[u8]) -> [Result<(), Error>; 2] {
    let statement = decode(bytes);
    [Requirements::Rfc9943, Requirements::Lenient].map(|requirements| {
        let verified =
            statement.verify(&Input::embedded(), &ec_key(&ISSUER), requirements, &context());
        verified.map(drop)
    })
}

/// Strict requirements refuse by `rule`, lenient ones accept, and the gap is reported.
fn is_gap(rule: Rule, bytes: &[u8]) {
    assert_eq!(judge(bytes), [Err(Error::from(ErrorKind::Refused(rule))), Ok(())]);
    assert!(decode(bytes).unmet_requirements().any(|unmet| unmet == rule));
    assert_eq!(Error::from(ErrorKind::Refused(rule)).verdict(), Verdict::RefusedByPolicy);
}

fn is_broken(rule: &str, bytes: &[u8]) {
    let input = Input::embedded();
    for requirements in [Requirements::Rfc9943, Requirements::Lenient] {
        let statement = SignedStatement::decode(bytes, &Profile::LENIENT);
        let verified = statement.and_then(|statement| {
            statement.verify(&input, &ec_key(&ISSUER), requirements, &context()).map(drop)
        });
        let error = verified.unwrap_err();
        assert_eq!(error.rule().map(|rule| rule.id), Some(rule), "{error}");
        assert_eq!(error.verdict(), Verdict::Broken, "{error}");
    }
}

fn with_claims(claims: &MapBuilder) -> Vec<u8> {
    signed(&protected().with(Label::CWT_CLAIMS, claims), &MapBuilder::new())
}

fn without_key_id() -> MapBuilder {
    MapBuilder::new().with(Label::ALG, Algorithm::ES256).with(Label::CWT_CLAIMS, &claims())
}

fn x5t(algorithm: Algorithm, digest: &[u8]) -> Vec<u8> {
    Value::Array(&[Value::from(algorithm), Value::Bytes(digest)]).to_bytes()
}

#[test]
fn what_the_builder_makes_meets_every_requirement() {
    for bytes in [statement(), envelope()] {
        assert_eq!(judge(&bytes), [Ok(()), Ok(())]);
        assert_eq!(decode(&bytes).unmet_requirements().count(), 0);
    }
    assert_eq!(judge(&signed(&protected(), &MapBuilder::new())), [Ok(()), Ok(())]);
}

#[test]
fn s1_a_statement_is_tagged() {
    is_gap(
        Rule::StatementTagged,
        &Raw::new(&protected().to_bytes()).untagged().sign(&ec_signer(&ISSUER)),
    );
}

#[test]
fn s1_another_tag_is_another_structure() {
    let mut bytes = statement();
    bytes[0] = 0xd1; // COSE_Mac0
    is_broken("C4", &bytes);
}

#[test]
fn s2_a_statement_has_claims() {
    let bare = MapBuilder::new().with(Label::ALG, Algorithm::ES256).with(Label::KID, KID);
    is_gap(Rule::StatementClaims, &signed(&bare, &MapBuilder::new()));
}

#[test]
fn s2_claims_that_nobody_signed_are_none() {
    let bare = MapBuilder::new().with(Label::ALG, Algorithm::ES256).with(Label::KID, KID);
    let unprotected = MapBuilder::new().with(Label::CWT_CLAIMS, &claims());
    is_gap(Rule::StatementClaims, &signed(&bare, &unprotected));
}

#[test]
fn s2_claims_are_a_map() {
    let protected = protected().with(Label::CWT_CLAIMS, 1);
    is_broken_or_gap(&signed(&protected, &MapBuilder::new()), Rule::StatementClaims, "C28");
}

/// Strict requirements stop at the gap, lenient ones at what is broken.
fn is_broken_or_gap(bytes: &[u8], gap: Rule, broken: &str) {
    let [strict, lenient] = judge(bytes);
    assert_eq!(strict, Err(Error::from(ErrorKind::Refused(gap))));
    assert_eq!(lenient.unwrap_err().rule().unwrap().id, broken);
}

#[test]
fn s3_the_claims_name_an_issuer() {
    is_gap(Rule::StatementIssuer, &with_claims(&MapBuilder::new().with(ClaimKey::SUB, SUB)));
    let number = claims().with(ClaimKey::ISS, 7);
    is_broken_or_gap(&with_claims(&number), Rule::StatementIssuer, "C28");
}

#[test]
fn s4_the_claims_name_a_subject() {
    is_gap(Rule::StatementSubject, &with_claims(&MapBuilder::new().with(ClaimKey::ISS, ISS)));
    let bytes = claims().with(ClaimKey::SUB, &b"bytes"[..]);
    is_broken_or_gap(&with_claims(&bytes), Rule::StatementSubject, "C28");
}

#[test]
fn s5_with_a_certificate_the_issuer_is_a_uri() {
    let certified = |issuer: &str, label: Label<'_>, value: Value<'_>| {
        let claims = claims().with(ClaimKey::ISS, issuer);
        let protected = protected().with(label, value).with(Label::CWT_CLAIMS, &claims);
        signed(&protected, &MapBuilder::new())
    };
    let x5t = x5t(Algorithm::SHA256, &[7; 32]);
    for (label, value) in
        [(Label::X5CHAIN, Value::Bytes(b"certificate")), (Label::X5T, Value::Encoded(&x5t))]
    {
        for uri in ["https://vendor.example", "did:x509:0:sha256:I__x::eku:1.2", "urn:a", "a+.-1:"]
        {
            assert_eq!(judge(&certified(uri, label, value)), [Ok(()), Ok(())], "{uri}");
        }
        for text in ["vendor", "1a:b", ":b", "a b:c", "https://a b", "https://ä", "a:\u{7f}", "a:<"]
        {
            is_gap(Rule::IssuerIsUri, &certified(text, label, value));
        }
    }
    // A key that is named by kid alone says nothing about the form of the issuer.
    assert_eq!(judge(&with_claims(&claims().with(ClaimKey::ISS, "vendor"))), [Ok(()), Ok(())]);
}

#[test]
fn s6_the_issuer_has_1_to_8192_characters() {
    let of = |text: &str| with_claims(&claims().with(ClaimKey::ISS, text));
    is_gap(Rule::IssuerLength, &of(""));
    is_gap(Rule::IssuerLength, &of(&"a".repeat(8193)));
    assert_eq!(judge(&of("a")), [Ok(()), Ok(())]);
    // Characters, not bytes.
    assert_eq!(judge(&of(&"ä".repeat(8192))), [Ok(()), Ok(())]);
    is_gap(Rule::IssuerLength, &of(&"ä".repeat(8193)));
}

#[test]
fn s7_the_protected_header_identifies_the_key() {
    let none = without_key_id();
    is_gap(Rule::KeyIdentified, &signed(&none, &MapBuilder::new()));
    let unprotected = MapBuilder::new().with(Label::KID, KID);
    is_gap(Rule::KeyIdentified, &signed(&none, &unprotected));
    let unprotected = MapBuilder::new().with(Label::X5CHAIN, &b"certificate"[..]);
    is_gap(Rule::KeyIdentified, &signed(&none, &unprotected));
    for protected in [
        none.clone().with(Label::KID, &b""[..]),
        none.clone().with(Label::X5CHAIN, &b"certificate"[..]),
        none.clone().with(Label::X5T, Value::Encoded(&x5t(Algorithm::SHA256, &[7; 32]))),
    ] {
        assert_eq!(judge(&signed(&protected, &MapBuilder::new())), [Ok(()), Ok(())]);
    }
}

#[test]
fn s8_several_identifiers_agree() {
    use cose_ext::crypto::HashFunction;
    let (leaf, other) = (&b"leaf certificate"[..], &b"another"[..]);
    let chain = [Value::Bytes(leaf), Value::Bytes(other)];
    for digest in [
        x5t(Algorithm::SHA256, Sha256.hash(&[leaf]).as_ref()),
        x5t(Algorithm::SHA384, Sha384.hash(&[leaf]).as_ref()),
    ] {
        let named = protected().with(Label::X5T, Value::Encoded(&digest));
        let judge_with = |chain: Value<'_>| {
            let both = named.clone().with(Label::X5CHAIN, chain);
            let apart = MapBuilder::new().with(Label::X5CHAIN, chain);
            [signed(&both, &MapBuilder::new()), signed(&named, &apart)]
        };
        for good in [Value::Bytes(leaf), Value::Array(&chain)] {
            for bytes in judge_with(good) {
                assert_eq!(judge(&bytes), [Ok(()), Ok(())]);
            }
        }
        let turned = [Value::Bytes(other), Value::Bytes(leaf)];
        for bad in [Value::Bytes(other), Value::Array(&turned)] {
            for bytes in judge_with(bad) {
                is_broken("S8", &bytes);
            }
        }
    }
}

#[test]
fn s8_a_digest_that_may_only_filter_identifies_nobody() {
    let sha1 = x5t(Algorithm::SHA1, &[7; 20]);
    let protected = protected().with(Label::X5T, Value::Encoded(&sha1));
    let bytes = signed(&protected.with(Label::X5CHAIN, &b"certificate"[..]), &MapBuilder::new());
    let expected = Error::from(CoseError::from(Policy::FilterOnlyHash(Algorithm::SHA1)));
    assert_eq!(judge(&bytes), [Err(expected), Err(expected)]);
    assert_eq!(expected.verdict(), Verdict::RefusedByPolicy);
}

#[test]
fn s9_a_receipt_is_no_statement() {
    let receipt = Log::usual(3).log(&statement());
    let error = SignedStatement::decode(&receipt, &Profile::LENIENT).unwrap_err();
    assert!(error.kind() == ErrorKind::Broken(Rule::NotAReceipt), "{error}");
    assert_eq!(error.verdict(), Verdict::Broken);
    let transparent = TransparentStatement::decode(&receipt, &Profile::LENIENT).unwrap_err();
    assert_eq!(transparent.kind(), ErrorKind::Broken(Rule::NotAReceipt));
    // Nor does a payload make it one, nor the builder.
    let protected = protected().with(Label::VDS, 1);
    is_broken("S9", &signed(&protected, &MapBuilder::new()));
    let built = builder().protected(Label::VDS, 1).sign(PAYLOAD, &ec_signer(&ISSUER));
    assert_eq!(built.unwrap_err().kind(), ErrorKind::Broken(Rule::NotAReceipt));
}

#[test]
fn s11_dates_are_not_tagged() {
    for label in [ClaimKey::IAT, ClaimKey::NBF, ClaimKey::EXP] {
        let tagged = claims().with(label, Value::Encoded(&[0xc1, 0x1a, 0x68, 0, 0, 0]));
        let bytes = with_claims(&tagged);
        is_gap(Rule::DatesUntagged, &bytes);
        let bare = claims().with(label, 1_744_830_464);
        assert_eq!(judge(&with_claims(&bare)), [Ok(()), Ok(())]);
    }
    let other_tag = claims().with(ClaimKey::IAT, Value::Encoded(&[0xc0, 0x1a, 0x68, 0, 0, 0]));
    is_broken("C28", &with_claims(&other_tag));
}

#[test]
fn s12_a_transparent_statement_has_receipts() {
    let bytes = statement();
    let error = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap_err();
    assert_eq!(error, Error::from(ErrorKind::Refused(Rule::ReceiptPresent)));
    let empty = MapBuilder::new().with(Label::RECEIPTS, &[][..] as &[Value<'_>]);
    let bytes = decode(&bytes).message().with_unprotected(&empty).unwrap();
    let error = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "C35");
    assert_eq!(error.verdict(), Verdict::Broken);
}

#[test]
fn s12_receipts_may_stand_in_either_bucket() {
    // A receipt in the protected header is one of another statement: this one's was not there yet.
    let other = Log::usual(1).log(&statement());
    let receipts = [Value::Bytes(&other)];
    let bytes = signed(&protected().with(Label::RECEIPTS, &receipts[..]), &MapBuilder::new());
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    assert_eq!(transparent.receipts().len(), 1);
}

#[test]
fn s15_receipts_have_claims_and_name_their_key() {
    let mut log = Log::usual(4);
    let statement = statement();
    let receipt = log.log(&statement);
    let root = *log.service.head().root.hash();
    let full = MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, "receipt");
    let no_subject = MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS);
    let no_issuer = MapBuilder::new().with(ClaimKey::SUB, "receipt");
    let tagged = full.clone().with(ClaimKey::IAT, Value::Encoded(&[0xc1, 0]));
    let cases = [
        (Some(Rule::ReceiptClaims), reissue(&root, &receipt, None, true)),
        (Some(Rule::ReceiptClaims), reissue(&root, &receipt, Some(&no_subject), true)),
        (Some(Rule::ReceiptClaims), reissue(&root, &receipt, Some(&no_issuer), true)),
        (Some(Rule::KeyIdentified), reissue(&root, &receipt, Some(&full), false)),
        (Some(Rule::DatesUntagged), reissue(&root, &receipt, Some(&tagged), true)),
        (None, reissue(&root, &receipt, Some(&full), true)),
    ];
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [TrustedService { name: "log", issuer: None, keys: &keys }];
    let issuers = ec_key(&ISSUER);
    for (gap, receipt) in cases {
        let bytes = transparent(&statement, &[&receipt]);
        let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
        let verify = |requirements| {
            Verifier::new(&issuers, &services).with_requirements(requirements).verify(
                &transparent,
                &Input::embedded(),
                &context(),
            )
        };
        let strict = verify(Requirements::Rfc9943);
        assert_eq!(strict.map(drop).err(), gap.map(|gap| Error::from(ErrorKind::Refused(gap))));
        let lenient = verify(Requirements::Lenient).unwrap();
        let reported = lenient.not_checked().any(|it| it == NotChecked::Rfc9943);
        assert_eq!(reported, gap.is_some(), "{gap:?}");
    }
}

fn reissue(
    root: &[u8; 32],
    receipt: &[u8],
    claims: Option<&MapBuilder>,
    has_key_id: bool,
) -> Vec<u8> {
    let header = |mut receipt: merkle_proof::cose::ReceiptBuilder| {
        if has_key_id {
            receipt = receipt.key_id(SERVICE_KID);
        }
        match claims {
            Some(claims) => receipt.cwt_claims(claims),
            None => receipt,
        }
    };
    reissued(root, receipt, header, &ed_signer(&SERVICE))
}

#[test]
fn the_builder_refuses_what_a_verifier_would() {
    let signer = ec_signer(&ISSUER);
    let refused = |builder: StatementBuilder, rule| {
        let built = builder.clone().sign(PAYLOAD, &signer);
        assert_eq!(built, Err(Error::from(ErrorKind::Refused(rule))));
        let built = builder.sign_digest_of(ARTIFACT, &Sha256, &signer);
        assert_eq!(built, Err(Error::from(ErrorKind::Refused(rule))));
    };
    refused(StatementBuilder::new(ISS, SUB), Rule::KeyIdentified);
    refused(StatementBuilder::new("", SUB).key_id(KID), Rule::IssuerLength);
    let certified = StatementBuilder::new("vendor", SUB);
    refused(certified.protected(Label::X5CHAIN, &b"certificate"[..]), Rule::IssuerIsUri);
    refused(builder().claim(ClaimKey::IAT, Value::Encoded(&[0xc1, 0])), Rule::DatesUntagged);
}

#[test]
fn s81_crit_may_name_what_a_statement_processes() {
    let critical = |label: Label<'_>| Value::Array(&[label.value().into()]).to_bytes();
    for label in [Label::CWT_CLAIMS, Label::KID] {
        let protected = protected().with(Label::CRIT, Value::Encoded(&critical(label)));
        assert_eq!(judge(&signed(&protected, &MapBuilder::new())), [Ok(()), Ok(())], "{label}");
    }
    let bytes = builder()
        .protected(Label::CRIT, Value::Encoded(&critical(Label::PAYLOAD_HASH_ALG)))
        .sign_digest_of(ARTIFACT, &Sha256, &ec_signer(&ISSUER))
        .unwrap();
    assert_eq!(judge(&bytes), [Ok(()), Ok(())]);
}

#[test]
fn s81_crit_that_names_anything_else_is_refused_unless_the_caller_processes_it() {
    let receipt = Log::usual(1).log(&statement());
    let receipts = Value::Array(&[Value::Bytes(&receipt)]).to_bytes();
    for (label, value) in [
        (Label::RECEIPTS, Value::Encoded(&receipts)),
        (Label::TYP, Value::Text("application/example")),
        (Label::int(-70_000), Value::Bool(true)),
        (Label::text("attestedsvc"), Value::Bool(true)),
    ] {
        let crit = [Value::from(label.value())];
        let bytes = signed(
            &protected().with(label, value).with(Label::CRIT, &crit[..]),
            &MapBuilder::new(),
        );
        for error in judge(&bytes).map(Result::unwrap_err) {
            let refused = CoseError::from(Policy::CriticalNotProcessed);
            assert_eq!(error.rule(), Error::from(refused).rule());
            assert_eq!(error.rule().unwrap().id, "C15");
            assert_eq!(error.verdict(), Verdict::RefusedByPolicy);
        }
        let labels = [label];
        let input = Input::embedded().with_processed(Processed::new(&labels));
        let statement = decode(&bytes);
        let verified =
            statement.verify(&input, &ec_key(&ISSUER), Requirements::Rfc9943, &context());
        assert!(verified.is_ok(), "{label}");
    }
}

fn verified<'a>(bytes: &'a [u8]) -> Result<Verified<Statement<'a, 'a>>, Error> {
    let issuers = [ec_key(&ISSUER)];
    let (issuers, input) = (TrustStore::new(&issuers), Input::embedded());
    decode(bytes).verify(&input, &issuers, Requirements::Rfc9943, &context())
}

#[test]
fn s87_a_signed_digest_vouches_for_the_artifact_and_for_no_other() {
    let bytes = builder()
        .content_type(ContentType::MediaType("application/octet-stream"))
        .location("https://vendor.example/pump.bin")
        .sign_digest_of(ARTIFACT, &Sha256, &ec_signer(&ISSUER))
        .unwrap();
    let statement = verified(&bytes).unwrap();
    let envelope = statement.value().hash_envelope().unwrap();
    assert_eq!(envelope.location, Some("https://vendor.example/pump.bin"));
    let content_type = statement.value().content_type();
    assert_eq!(content_type, Some(ContentType::MediaType("application/octet-stream")));
    assert_eq!(statement.value().digest_algorithm(), Some(Algorithm::SHA256));

    let digest = statement.try_map(Statement::digest).unwrap();
    let (front, back) = ARTIFACT.split_at(7);
    let parts = [front, back];
    let artifact = digest.vouch_for(&parts, &context()).unwrap();
    assert_eq!(artifact.by().identity(), ec_key(&ISSUER).identity());
    for at in 0..ARTIFACT.len() {
        let mut changed = ARTIFACT.to_vec();
        changed[at] ^= 1;
        assert_eq!(
            digest.vouch_for(&[&changed], &context()).unwrap_err(),
            CoseError::from(Verification::DigestMismatch)
        );
    }
    for other in [&ARTIFACT[1..], &ARTIFACT[..24], b""] {
        assert!(digest.vouch_for(&[other], &context()).is_err());
    }
}

#[test]
fn a_statement_that_is_no_hash_envelope_has_no_digest() {
    let payload = [7; 32];
    let bytes = builder().sign(&payload, &ec_signer(&ISSUER)).unwrap();
    let statement = verified(&bytes).unwrap();
    assert!(statement.value().hash_envelope().is_none());
    let error = statement.try_map(Statement::digest).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "C39");
}

#[test]
fn s86_hash_envelopes_keep_the_rules_of_rfc_9995() {
    let envelope = |protected: MapBuilder, unprotected: MapBuilder, payload: &[u8]| {
        let raw = Raw::new(&protected.to_bytes()).unprotected(&unprotected).payload(payload);
        raw.sign(&ec_signer(&ISSUER))
    };
    let named = protected().with(Label::PAYLOAD_HASH_ALG, Algorithm::SHA256);
    let none = MapBuilder::new;
    assert_eq!(judge(&envelope(named.clone(), none(), &[7; 32])), [Ok(()), Ok(())]);
    // The payload is a whole digest.
    for payload in [&[7; 31][..], &[7; 33], &[]] {
        is_broken("C40", &envelope(named.clone(), none(), payload));
    }
    // No content type, in neither bucket.
    is_broken("C37", &envelope(named.clone().with(Label::CONTENT_TYPE, 0), none(), &[7; 32]));
    is_broken("C37", &envelope(named, none().with(Label::CONTENT_TYPE, 0), &[7; 32]));
    // Nothing of it unprotected, nothing without the algorithm, and no algorithm that only filters.
    for label in
        [Label::PAYLOAD_HASH_ALG, Label::PAYLOAD_PREIMAGE_CONTENT_TYPE, Label::PAYLOAD_LOCATION]
    {
        is_broken("C36", &envelope(protected(), none().with(label, -16), &[7; 32]));
    }
    is_broken("C39", &envelope(protected().with(Label::PAYLOAD_LOCATION, "x"), none(), &[7; 32]));
    let sha1 = protected().with(Label::PAYLOAD_HASH_ALG, Algorithm::SHA1);
    is_broken("C38", &envelope(sha1, none(), &[7; 20]));
    // The builder refuses a digest of another length.
    let built = builder().prepare_digest(&[7; 31], Algorithm::SHA256, Algorithm::ES256);
    assert_eq!(built.unwrap_err().rule().unwrap().id, "C40");
}

#[test]
fn private_parameters_concern_nobody() {
    let bytes = signed(&protected().with(-70_000, "private"), &MapBuilder::new().with(-70_001, 1));
    assert_eq!(judge(&bytes), [Ok(()), Ok(())]);
}
