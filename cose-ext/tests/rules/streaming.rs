//! Payloads that do not fit into memory.

use cose_ext::Content;
use cose_ext::crypto::{
    Algorithm, Curve, Interrupted, KeyProfile, KeyType, PublicKey, SignError, SignatureVerifier,
    Signer, VerifyError,
};
use cose_ext::error::{Error, Limit, Misuse, Unsupported, Verification};
use cose_ext::key::{Identity, TrustStore, TrustedKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Context, Input, Label, Rule, Stream, Supplied};

use crate::expect::breaks;
use crate::messages::{
    decode, edwards, issuer, signed, trusted_edwards, trusted_issuer, trusted_stranger,
};

/// Feeds `payload` in pieces of `piece` bytes, up to `until`; then interrupted if that is not the end.
fn stream(
    message: &[u8],
    trusted: &TrustedKey<'_>,
    len: u64,
    payload: &[u8],
    piece: usize,
    interrupted: bool,
) -> Result<(), Error> {
    let message = decode(message)?;
    let mut calls = 0;
    let mut feed = |sink: &mut dyn FnMut(&[u8])| {
        calls += 1;
        payload.chunks(piece).for_each(&mut *sink);
        if interrupted { Err(Interrupted) } else { Ok(()) }
    };
    let context = Context::new(&RustCrypto);
    let verified = message.verify_stream(
        &mut Stream::new(len, &mut feed),
        &Supplied::NOTHING,
        trusted,
        &context,
    );
    assert!(calls <= 1, "a stream is read once");
    let verified = verified?;
    assert_eq!(verified.by().identity(), trusted.identity());
    assert_eq!(verified.value().as_received(), message.headers().protected().as_received());
    Ok(())
}

#[test]
fn c20_a_streamed_payload_is_covered_to_its_last_byte() {
    let payload: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    for (signer, trusted) in [
        (&issuer() as &dyn Signer, trusted_issuer()),
        (&edwards() as &dyn Signer, trusted_edwards()),
    ] {
        for len in [0, 1, 23, 24, 255, 256, 65_535, 65_536, 70_000] {
            let payload = &payload[..len];
            let message = Sign1Builder::new()
                .external_aad(b"aad")
                .sign(Content::Detached(payload), signer)
                .unwrap();
            let whole = len as u64;
            // External data is part of the structure, so without it nothing verifies.
            breaks(Rule::Signature, stream(&message, &trusted, whole, payload, 1000, false));
            let message = Sign1Builder::new().sign(Content::Detached(payload), signer).unwrap();
            for piece in [64, 1000, 100_000] {
                assert_eq!(
                    stream(&message, &trusted, whole, payload, piece, false),
                    Ok(()),
                    "{len} by {piece}"
                );
            }
            // Too short and too long for the length that was announced; and an honest length of other bytes.
            let longer = [payload, &[0]].concat();
            let interrupted = Err(Error::from(Verification::Interrupted));
            assert_eq!(stream(&message, &trusted, whole, &longer, 1000, false), interrupted);
            assert_eq!(stream(&message, &trusted, whole + 1, payload, 1000, false), interrupted);
            breaks(Rule::Signature, stream(&message, &trusted, whole + 1, &longer, 1000, false));
            if let Some((last, shorter)) = payload.split_last() {
                assert_eq!(stream(&message, &trusted, whole, shorter, 1000, false), interrupted);
                assert_eq!(stream(&message, &trusted, whole, payload, 1000, true), interrupted);
                breaks(
                    Rule::Signature,
                    stream(&message, &trusted, whole - 1, shorter, 1000, false),
                );
                let changed = [shorter, &[last ^ 1]].concat();
                breaks(Rule::Signature, stream(&message, &trusted, whole, &changed, 1000, false));
            }
        }
    }
}

#[test]
fn c20_a_stream_of_an_announced_length_beyond_memory() {
    let message = Sign1Builder::new().sign(Content::Detached(b"x"), &issuer()).unwrap();
    for len in [1 << 32, 1 << 63, u64::MAX] {
        breaks(Rule::Signature, stream(&message, &trusted_issuer(), len, b"x", 1, false));
    }
}

#[test]
fn c19_an_embedded_payload_is_not_streamed() {
    let message = signed("a10126", "a0", b"x");
    let refusal =
        breaks(Rule::PayloadNamed, stream(&message, &trusted_issuer(), 1, b"x", 1, false));
    assert_eq!(refusal, Error::from(Misuse::PayloadIsEmbedded));
}

#[test]
fn c15_crit_holds_for_streams() {
    let crit = [cose_ext::Value::Int(16.into())];
    let builder = Sign1Builder::new().protected(Label::TYP, 0).protected(Label::CRIT, &crit[..]);
    let message = builder.sign(Content::Detached(b"x"), &issuer()).unwrap();
    breaks(Rule::CritProcessed, stream(&message, &trusted_issuer(), 1, b"x", 1, false));
}

#[test]
fn c44_a_stream_is_read_for_one_key_only() {
    let message = Sign1Builder::new().sign(Content::Detached(b"x"), &issuer()).unwrap();
    let message = decode(&message).unwrap();
    let context = Context::new(&RustCrypto);
    let mut reads = 0;
    let mut feed = |sink: &mut dyn FnMut(&[u8])| {
        reads += 1;
        sink(b"x");
        Ok(())
    };
    let supplied = Supplied::NOTHING;
    // Keys that policy refuses do not count, since nothing is read for them.
    let keys = [trusted_edwards(), trusted_issuer(), trusted_stranger()];
    assert!(
        message
            .verify_stream(
                &mut Stream::new(1, &mut feed),
                &supplied,
                &TrustStore::new(&keys),
                &context
            )
            .is_ok()
    );
    let keys = [trusted_stranger(), trusted_issuer()];
    let refusal = message
        .verify_stream(&mut Stream::new(1, &mut feed), &supplied, &TrustStore::new(&keys), &context)
        .unwrap_err();
    assert_eq!(
        (refusal, refusal.rule()),
        (Error::from(Limit::Candidates), Some(Rule::BoundedTries.to_ref()))
    );
    assert_eq!(reads, 2);
}

/// A key in a device that takes whole messages only.
struct WholeOnly;

impl SignatureVerifier for WholeOnly {
    fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::EC2, curve: Some(Curve::P256), algorithm: None }
    }

    // There is no key behind it.
    fn with_public_key(&self, _: &mut dyn FnMut(&PublicKey<'_>)) {}

    fn verify(&self, _: Algorithm, _: &[&[u8]], _: &[u8]) -> Result<(), VerifyError> {
        Ok(())
    }
}

#[test]
fn a_verifier_without_a_streaming_form_is_unsupported() {
    let message = Sign1Builder::new().sign(Content::Detached(b"x"), &issuer()).unwrap();
    let trusted = TrustedKey::parsed(&WholeOnly, Identity::new([1; 32]));
    let refusal = stream(&message, &trusted, 1, b"x", 1, false).unwrap_err();
    assert_eq!(refusal, Error::from(Unsupported::Algorithm(Algorithm::ES256)));
    assert!(
        decode(&message)
            .unwrap()
            .verify(&Input::detached(b"x"), &trusted, &Context::new(&RustCrypto))
            .is_ok()
    );
}

/// What a reader hands over is signed as the whole is.
#[test]
fn c20_a_detached_payload_is_signed_out_of_a_reader() {
    let payload: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    for len in [0, 1, 23, 24, 65_535, 70_000] {
        let payload = &payload[..len];
        let builder = || Sign1Builder::new().key_id(b"11").external_aad(b"aad");
        let whole = builder().sign(Content::Detached(payload), &issuer()).unwrap();
        let read = builder().sign_reader(len as u64, &mut { payload }, &issuer()).unwrap();
        assert_eq!(read, whole, "{len}");
        let mut feed = |sink: &mut dyn FnMut(&[u8])| {
            payload.chunks(1000).for_each(&mut *sink);
            Ok(())
        };
        let mut streamed = Stream::new(len as u64, &mut feed);
        assert_eq!(builder().sign_stream(&mut streamed, &issuer()).as_ref(), Ok(&whole));
    }
}

#[test]
fn c20_a_reader_of_another_length_is_not_signed() {
    for len in [0_u64, 6, 8, u64::MAX] {
        let error = Sign1Builder::new().sign_reader(len, &mut &b"payload"[..], &issuer());
        let error = error.unwrap_err();
        let error: Error = *error.into_inner().unwrap().downcast().unwrap();
        assert_eq!(error.kind(), SignError::Interrupted.into(), "{len}");
    }
}

/// A reader that breaks down.
struct Broken;

impl std::io::Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::TimedOut.into())
    }
}

#[test]
fn c20_the_error_of_a_reader_comes_through() {
    let error = Sign1Builder::new().sign_reader(7, &mut Broken, &issuer()).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
}
