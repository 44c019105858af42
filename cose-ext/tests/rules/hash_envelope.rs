//! Hash envelopes (RFC 9995), and the digest that vouches.

use cose_ext::Content;
use cose_ext::Signed;
use cose_ext::crypto::{
    Algorithm, HashFunction, InvalidKey, Provider, PublicKey, SignatureVerifier,
};
use cose_ext::error::{Error, ErrorKind, Fact, Policy, Unsupported, Verification};
use cose_ext::header::{ContentType, HashEnvelope};
use cose_ext::rustcrypto::{RustCrypto, Sha256, Sha384, Sha512};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Context, Digest, Label, Rule};

use crate::expect::{breaks, breaks_at};
use crate::messages::{decode, issuer, signed, unsigned, verify};

/// The envelope that these protected parameters (beside alg, which stands first) declare.
fn envelope(count: u8, protected: &str, unprotected: &str) -> Result<bool, Error> {
    let message = unsigned(&format!("{:02x} 0126 {protected}", 0xa1 + count), unprotected);
    decode(&message)?.headers().hash_envelope().map(|envelope| envelope.is_some())
}

#[test]
fn c36_its_parameters_are_protected() {
    for label in ["190102 2f", "190103 00", "190104 6161"] {
        breaks_at(
            Rule::HashEnvelopeProtected,
            9,
            decode(&unsigned("a10126", &format!("a1 {label}"))),
        );
        breaks(
            Rule::HashEnvelopeProtected,
            decode(&unsigned(
                "a2 0126 190102 2f",
                &format!("a1 {}", label.replace("190102", "190103").replace("190104", "190103")),
            )),
        );
    }
    // In any encoding of the label.
    breaks(Rule::HashEnvelopeProtected, decode(&unsigned("a10126", "a1 1a00000102 2f")));
    assert_eq!(envelope(3, "190102 2f 190103 00 190104 6161", "a0"), Ok(true));
    assert_eq!(envelope(0, "", "a0"), Ok(false));
    breaks(
        Rule::HashEnvelopeProtected,
        Sign1Builder::new().unprotected(258, -16).sign(Content::Embedded(&[0; 32]), &issuer()),
    );
}

#[test]
fn c36_their_types() {
    for parameters in ["190102 2f 190103 40", "190102 2f 190103 20", "190102 2f 190103 f6"] {
        breaks(Rule::HashEnvelopeProtected, envelope(2, parameters, "a0"));
    }
    for parameters in ["190102 2f 190104 40", "190102 2f 190104 00", "190102 2f 190104 f6"] {
        breaks(Rule::HashEnvelopeProtected, envelope(2, parameters, "a0"));
    }
    let message = unsigned("a4 0126 190102 382b 190103 6a746578742f706c61696e 190104 6161", "a0");
    let expected = HashEnvelope {
        algorithm: Algorithm::SHA512,
        preimage_content_type: Some(ContentType::MediaType("text/plain")),
        location: Some("a"),
    };
    assert_eq!(decode(&message).unwrap().headers().hash_envelope(), Ok(Some(expected)));
}

#[test]
fn c37_no_content_type_beside_it() {
    breaks(Rule::HashEnvelopeContentType, envelope(2, "03 00 190102 2f", "a0"));
    breaks(Rule::HashEnvelopeContentType, envelope(1, "190102 2f", "a1 03 00"));
    breaks(Rule::HashEnvelopeContentType, envelope(1, "190102 2f", "a1 1803 6161"));
    assert_eq!(envelope(1, "03 00", "a0"), Ok(false));
    assert_eq!(envelope(2, "10 00 190102 2f", "a0"), Ok(true), "typ is another thing");
    let of =
        HashEnvelope { algorithm: Algorithm::SHA256, preimage_content_type: None, location: None };
    let builder =
        Sign1Builder::new().hash_envelope(&of).content_type(ContentType::ContentFormat(0));
    breaks(Rule::HashEnvelopeContentType, builder.sign(Content::Embedded(&[0; 32]), &issuer()));
    let builder = Sign1Builder::new().hash_envelope(&of).unprotected(Label::CONTENT_TYPE, 0);
    breaks(Rule::HashEnvelopeContentType, builder.sign(Content::Embedded(&[0; 32]), &issuer()));
}

#[test]
fn c38_hashes_that_only_filter_protect_nothing() {
    // SHA-1 and SHA-256/64.
    for algorithm in ["2d", "2e"] {
        breaks_at(
            Rule::HashEnvelopeAlgorithm,
            8,
            envelope(1, &format!("190102 {algorithm}"), "a0"),
        );
    }
    // No hash at all: ES256, an unknown number, one beyond 64 bits signed, text, bytes.
    for algorithm in [
        "26",
        "00",
        "3903e7",
        "3bffffffffffffffff",
        "1bffffffffffffffff",
        "675348412d323536",
        "412f",
        "f6",
    ] {
        breaks(Rule::HashEnvelopeAlgorithm, envelope(1, &format!("190102 {algorithm}"), "a0"));
    }
    // SHA-256, SHA-512/256, SHAKE128, SHA-384, SHA-512, SHAKE256.
    for algorithm in ["2f", "30", "31", "382a", "382b", "382c"] {
        assert_eq!(envelope(1, &format!("190102 {algorithm}"), "a0"), Ok(true), "{algorithm}");
    }
    for algorithm in [Algorithm::SHA1, Algorithm::SHA256_64, Algorithm::ES256] {
        let of = HashEnvelope { algorithm, preimage_content_type: None, location: None };
        let builder = Sign1Builder::new().hash_envelope(&of);
        breaks(Rule::HashEnvelopeAlgorithm, builder.sign(Content::Embedded(&[0; 20]), &issuer()));
    }
}

#[test]
fn c39_nothing_of_it_without_the_algorithm() {
    breaks(Rule::HashEnvelopeComplete, envelope(1, "190103 00", "a0"));
    breaks(Rule::HashEnvelopeComplete, envelope(1, "190104 6161", "a0"));
    breaks(Rule::HashEnvelopeComplete, envelope(2, "190103 00 190104 6161", "a0"));
    assert_eq!(envelope(2, "190102 2f 190103 00", "a0"), Ok(true));
    assert_eq!(envelope(2, "190102 2f 190104 6161", "a0"), Ok(true));
    assert_eq!(envelope(1, "190102 2f", "a0"), Ok(true));
    // A message that is no hash envelope has no digest.
    let message = signed("a10126", "a0", &[0; 32]);
    breaks(Rule::HashEnvelopeComplete, verify(&message).unwrap().try_map(Signed::digest));
}

#[test]
fn c40_the_payload_is_as_long_as_the_digest() {
    for (algorithm, len) in
        [("2f", 32), ("30", 32), ("31", 32), ("382a", 48), ("382b", 64), ("382c", 64)]
    {
        for found in [0, 1, 8, 20, 31, 32, 33, 47, 48, 49, 63, 64, 65] {
            let message = signed(&format!("a2 0126 190102 {algorithm}"), "a0", &vec![7; found]);
            let digest = verify(&message).unwrap().try_map(Signed::digest);
            if found == len {
                assert_eq!(digest.unwrap().value().value().len(), len);
            } else {
                let refusal = breaks(Rule::HashEnvelopePayload, digest);
                let found = u32::try_from(found).unwrap();
                let fact = Some(Fact::Length { expected: u32::try_from(len).unwrap(), found });
                let rule = Rule::HashEnvelopePayload;
                assert_eq!(refusal, Error::from(ErrorKind::Malformed { rule, fact }));
            }
        }
    }
}

#[test]
fn c92_a_digest_has_the_length_of_its_hash() {
    assert!(Digest::new(Algorithm::SHA256, &[0; 32]).is_ok());
    let short = breaks(Rule::DigestLength, Digest::new(Algorithm::SHA256, &[0; 8]));
    assert_eq!(short, Error::from(Verification::DigestLength { expected: 32, found: 8 }));
    for algorithm in [Algorithm::SHA1, Algorithm::SHA256_64] {
        let refusal = Digest::new(algorithm, &[0; 20]).unwrap_err();
        assert_eq!(refusal, Error::from(Policy::FilterOnlyHash(algorithm)));
    }
    // SUIT's identifier of an older draft, and an algorithm of another kind: no hash functions.
    for algorithm in [Algorithm::A192GCM, Algorithm::ES256] {
        let refusal = Digest::new(algorithm, &[0; 32]).unwrap_err();
        assert_eq!(refusal, Error::from(Unsupported::Hash(algorithm)));
    }
}

#[test]
fn c41_only_the_preimage_is_vouched_for() {
    let preimage = b"what the payload is the digest of";
    for hash in [&Sha256 as &dyn HashFunction, &Sha384, &Sha512] {
        let of = HashEnvelope {
            algorithm: hash.algorithm(),
            preimage_content_type: None,
            location: None,
        };
        let context = Context::new(&RustCrypto);
        let digest = hash.hash(&[preimage]);
        let builder = Sign1Builder::new().hash_envelope(&of);
        let message = builder.sign(Content::Embedded(digest.as_ref()), &issuer()).unwrap();
        let verified = verify(&message).unwrap();
        let by = *verified.by();
        let digest = verified.try_map(Signed::digest).unwrap();

        let parts: [&[u8]; 1] = [preimage];
        let vouched = digest.vouch_for(&parts, &context).unwrap();
        assert_eq!((*vouched.value(), vouched.by()), (&parts[..], &by));
        let parts: [&[u8]; 4] = [&preimage[..5], &[], &preimage[5..6], &preimage[6..]];
        assert!(digest.vouch_for(&parts, &context).is_ok());

        for other in [
            &preimage[1..],
            &preimage[..preimage.len() - 1],
            b"",
            b"what the payload is the digest oF",
        ] {
            breaks(Rule::Preimage, digest.vouch_for(&[other], &context));
        }
        breaks(Rule::Preimage, digest.vouch_for(&[preimage, b"\0"], &context));
        breaks(Rule::Preimage, digest.vouch_for(&[], &context));
    }
}

#[test]
fn c41_a_hash_function_that_gives_less_vouches_for_nothing() {
    /// A hash function of the right name whose output is a front of the digest, or nothing.
    struct Short(usize);
    impl HashFunction for Short {
        fn algorithm(&self) -> Algorithm {
            Algorithm::SHA256
        }
        fn hash(&self, message: &[&[u8]]) -> cose_ext::crypto::HashValue {
            cose_ext::crypto::HashValue::new(&Sha256.hash(message).as_ref()[..self.0]).unwrap()
        }
        fn hash_stream(
            &self,
            _: &mut cose_ext::crypto::Feed<'_>,
        ) -> Result<cose_ext::crypto::HashValue, cose_ext::crypto::Interrupted> {
            Err(cose_ext::crypto::Interrupted)
        }
    }
    impl Provider for Short {
        fn with_verifier(
            &self,
            _: &PublicKey<'_>,
            _: &mut dyn FnMut(&dyn SignatureVerifier),
        ) -> Result<(), InvalidKey> {
            Err(InvalidKey::Unsupported)
        }
        fn hash_function(&self, _: Algorithm) -> Option<&dyn HashFunction> {
            Some(self)
        }
    }
    let preimage: [&[u8]; 1] = [b"preimage"];
    let message = signed("a2 0126 190102 2f", "a0", Sha256.hash(&preimage).as_ref());
    let digest = verify(&message).unwrap().try_map(Signed::digest).unwrap();
    assert!(digest.vouch_for(&preimage, &Context::new(&RustCrypto)).is_ok());
    for len in [0, 8, 31] {
        breaks(Rule::Preimage, digest.vouch_for(&preimage, &Context::new(&Short(len))));
    }
}
