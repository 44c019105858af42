//! What an issuer makes, and what it refuses to sign.

#[path = "support/world.rs"]
mod world;

use std::io::{self, Read};

use cose_ext::{
    Content, Error as CoseError, Input, Label, Profile, Verified,
    crypto::{Algorithm, HashFunction, Signer},
    error::Misuse,
    header::ContentType,
    key::Thumbprint,
    rustcrypto::{Ed25519SigningKey, RustCrypto, Sha256, Sha384},
};
use scitt_core::{
    Error, ErrorKind, FileDigest, FileError, Requirements, Rule, SignedStatement, Statement,
    StatementBuilder, content_type_of_name,
};
use world::*;

fn verified<'a>(
    bytes: &'a [u8],
    input: &Input<'a, '_>,
) -> Result<Verified<Statement<'a, 'a>>, Error> {
    decode(bytes).verify(input, &issuer_key(), Requirements::Rfc9943, &context())
}

#[test]
fn s30_a_suit_digest_is_signed_by_intention_only() {
    let digest = [&[0x82, 0x2f, 0x58, 0x20][..], Sha256.hash(&[ARTIFACT]).as_ref()].concat();
    let signer = ec_signer(&ISSUER);
    let refused = Err(Error::from(ErrorKind::Refused(Rule::NoSuitDigest)));
    assert_eq!(builder().sign(&digest, &signer), refused);
    // Detached, the same bytes would be signed.
    assert_eq!(builder().sign_detached(&digest, &signer), refused);
    let prepared = builder().prepare(Content::Embedded(&digest), Algorithm::ES256).map(drop);
    assert_eq!(prepared, Err(ErrorKind::Refused(Rule::NoSuitDigest).into()));
    let intended = builder().authorizing_suit_manifest().sign(&digest, &signer).unwrap();
    assert_eq!(verified(&intended, &Input::embedded()).unwrap().value().payload(), digest);
    // A hash envelope signs the digest alone, which is none of SUIT's.
    assert!(builder().sign_digest_of(&digest, &Sha256, &signer).is_ok());
}

#[test]
fn the_key_is_named_by_kid_thumbprint_certificate_or_several() {
    let signer = ec_signer(&ISSUER);
    let thumbprint = Thumbprint::of(&ec_public(&ISSUER), &RustCrypto).unwrap();
    let (leaf, authority) = (&b"leaf certificate"[..], &b"authority"[..]);
    let of = || StatementBuilder::new(ISS, SUB);
    let thumb = of().key_thumbprint(&thumbprint).sign(PAYLOAD, &signer).unwrap();
    let protected = |bytes: &[u8]| {
        let statement = SignedStatement::decode(bytes, &Profile::LENIENT).unwrap();
        assert_eq!(statement.unmet_requirements().next(), None);
        let protected = statement.message().headers().protected();
        let chain = protected.x5chain().unwrap();
        let chain: Vec<Vec<u8>> =
            chain.iter().flat_map(|chain| chain.iter().map(<[u8]>::to_vec)).collect();
        let x5t = protected.x5t().unwrap().map(|x5t| x5t.digest().to_vec());
        (protected.key_id().unwrap().map(<[u8]>::to_vec), chain, x5t)
    };
    assert_eq!(protected(&thumb).0.as_deref(), Some(&thumbprint.as_bytes()[..]));
    // Enrolled under any kid, a key answers to its thumbprint.
    assert!(verified(&thumb, &Input::embedded()).is_ok());

    let one = of().certified_by(&[leaf]).sign(PAYLOAD, &signer).unwrap();
    assert_eq!(protected(&one), (None, vec![leaf.to_vec()], None));
    let both = of().key_thumbprint(&thumbprint).certified_by(&[leaf, authority]);
    let both = both.certificate_digest(leaf, &Sha256).sign(PAYLOAD, &signer).unwrap();
    let (key_id, chain, x5t) = protected(&both);
    assert_eq!(key_id.as_deref(), Some(&thumbprint.as_bytes()[..]));
    assert_eq!(chain, [leaf.to_vec(), authority.to_vec()]);
    assert_eq!(x5t.as_deref(), Some(Sha256.hash(&[leaf]).as_ref()));
    assert!(verified(&both, &Input::embedded()).is_ok());
    // None names it.
    let error = of().certified_by(&[]).sign(PAYLOAD, &signer).unwrap_err();
    assert_eq!(error, ErrorKind::Refused(Rule::KeyIdentified).into());
}

/// Hands over a file of `left` bytes in odd pieces, and never holds it.
struct Huge {
    left: usize,
}

impl Read for Huge {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let len = self.left.min(out.len()).min(4093);
        out[..len].fill(7);
        self.left -= len;
        Ok(len)
    }
}

#[test]
fn files_are_hashed_while_they_are_read() {
    let signer = ec_signer(&ISSUER);
    let bytes = builder()
        .location("https://vendor.example/huge.bin")
        .sign_digest_of_reader(&mut Huge { left: 10_000_000 }, &Sha384, &signer)
        .unwrap();
    let whole = vec![7; 10_000_000];
    let expected = builder().location("https://vendor.example/huge.bin");
    assert_eq!(expected.sign_digest_of(&whole, &Sha384, &signer).unwrap(), bytes);
    let statement = verified(&bytes, &Input::embedded()).unwrap();
    let digest = statement.try_map(Statement::digest).unwrap();
    let read = digest.vouch_for_reader(&mut Huge { left: 10_000_000 }, &context()).unwrap();
    assert_eq!(*read.value(), 10_000_000);
    assert!(digest.vouch_for_reader(&mut Huge { left: 9_999_999 }, &context()).is_err());
}

#[test]
fn a_file_has_the_content_type_of_its_name_unless_one_was_set() {
    let folder = std::env::temp_dir().join(format!("issuing-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("pump.spdx.json");
    std::fs::write(&path, ARTIFACT).unwrap();
    let signer = ec_signer(&ISSUER);
    let content_type = |bytes: &[u8]| {
        let statement = verified(bytes, &Input::embedded()).unwrap();
        let Some(ContentType::MediaType(text)) = statement.value().content_type() else {
            panic!("no media type")
        };
        text.to_owned()
    };
    let named = builder().sign_file(&path, &Sha256, &signer).unwrap();
    assert_eq!(content_type(&named), "application/spdx+json");
    let set = builder().content_type(ContentType::MediaType("text/plain"));
    assert_eq!(content_type(&set.sign_file(&path, &Sha256, &signer).unwrap()), "text/plain");
    let missing = builder().sign_file(&folder.join("missing"), &Sha256, &signer);
    let Err(FileError::Io(error)) = missing else { panic!("{missing:?}") };
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    std::fs::remove_dir_all(folder).unwrap();

    let of = |name| match content_type_of_name(name) {
        ContentType::MediaType(text) => text,
        ContentType::ContentFormat(_) => "a number",
    };
    for (name, media_type) in [
        ("bom.json", "application/vnd.cyclonedx+json"),
        ("pump.CDX.json", "application/vnd.cyclonedx+json"),
        ("pump.spdx", "text/spdx"),
        ("build.intoto.json", "application/vnd.in-toto+json"),
        ("scan.sarif", "application/sarif+json"),
        ("pump.coswid", "application/swid+cbor"),
        ("notes.json", "application/json"),
        ("pump.bin", "application/octet-stream"),
        ("", "application/octet-stream"),
    ] {
        assert_eq!(of(name), media_type, "{name}");
    }
}

#[test]
fn a_key_that_lives_elsewhere_signs_in_two_steps() {
    let signer = ec_signer(&ISSUER);
    let sign = |prepared: cose_ext::sign1::ToBeSigned<'_>| {
        let mut signature = vec![0; signer.signature_len()];
        signer.sign(&prepared.structure().parts(), &mut signature).unwrap();
        prepared.attach(&signature)
    };
    let embedded = sign(builder().prepare(Content::Embedded(PAYLOAD), Algorithm::ES256).unwrap());
    assert_eq!(embedded, builder().sign(PAYLOAD, &signer).unwrap());
    let detached = sign(builder().prepare(Content::Detached(PAYLOAD), Algorithm::ES256).unwrap());
    assert_eq!(detached, builder().sign_detached(PAYLOAD, &signer).unwrap());
    let file = FileDigest::of_reader(&mut &ARTIFACT[..], &Sha256).unwrap();
    assert_eq!((file.algorithm(), file.value().len()), (Algorithm::SHA256, 32));
    let envelope = sign(builder().prepare_file(&file, Algorithm::ES256).unwrap());
    assert_eq!(envelope, self::envelope());
    for (bytes, input) in [
        (&embedded, Input::embedded()),
        (&detached, Input::detached(PAYLOAD)),
        (&envelope, Input::embedded()),
    ] {
        assert!(verified(bytes, &input).is_ok());
    }
    // A key of another algorithm than the header names.
    let other: Ed25519SigningKey = ed_signer(&SERVICE);
    let prepared = builder().prepare(Content::Embedded(PAYLOAD), Algorithm::ES256).unwrap();
    let misuse = Misuse::OtherAlgorithm { header: Algorithm::ES256, signer: other.algorithm() };
    assert_eq!(prepared.sign(&other), Err(CoseError::from(misuse)));
}

#[test]
fn hash_envelopes_are_made_with_all_that_rfc_9995_wants() {
    let signer = ec_signer(&ISSUER);
    let bytes = builder()
        .content_type(ContentType::ContentFormat(50))
        .location("https://vendor.example/pump.bin")
        .sign_digest_of(ARTIFACT, &Sha384, &signer)
        .unwrap();
    let statement = decode(&bytes);
    let headers = statement.message().headers();
    // 258 to 260 are protected and nowhere else, 3 is in neither bucket.
    assert!(headers.unprotected().is_empty());
    assert!(headers.protected().find(Label::CONTENT_TYPE).is_none());
    let envelope = headers.hash_envelope().unwrap().unwrap();
    assert_eq!(envelope.algorithm, Algorithm::SHA384);
    assert_eq!(envelope.preimage_content_type, Some(ContentType::ContentFormat(50)));
    assert_eq!(envelope.location, Some("https://vendor.example/pump.bin"));
    let payload = statement.message().danger_unverified_payload().unwrap();
    assert_eq!(payload, Sha384.hash(&[ARTIFACT]).as_ref());
    // What is no hash of the registry is not signed, nor a content type of the payload beside it.
    let error = builder().prepare_digest(&[7; 20], Algorithm::SHA1, Algorithm::ES256).unwrap_err();
    assert_eq!(error.verdict(), scitt_core::Verdict::RefusedByPolicy);
    let stray = builder().protected(Label::CONTENT_TYPE, 0);
    let error = stray.sign_digest_of(ARTIFACT, &Sha256, &signer).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "C37");
    let half = builder().protected(Label::PAYLOAD_LOCATION, "https://vendor.example");
    let error = half.sign(PAYLOAD, &signer).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "C39");
}
