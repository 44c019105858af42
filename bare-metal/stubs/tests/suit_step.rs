//! A manifest that depends on another: steps in order, every digest vouched for by the first key.

use cose_ext::{
    Content, Context, Error as CoseError, Value,
    crypto::{Algorithm, HashFunction},
    error::Verification,
    key::TrustedKey,
    rustcrypto::{RustCrypto, Sha256},
    sign1::Sign1Builder,
};
use stubs::{
    Error,
    suit_step::{Processor, Step},
};

const BOOTLOADER: &[u8] = b"bootloader";
const RADIO: &[u8] = b"radio";

type TestResult = Result<(), Box<dyn std::error::Error>>;

/// `[kind, uri, SUIT_Digest]`.
fn command(kind: i64, uri: &str, bytes: &[u8]) -> Vec<u8> {
    let digest = Sha256.hash(&[bytes]);
    let digest = [Algorithm::SHA256.into(), Value::Bytes(digest.as_ref())];
    Value::Array(&[kind.into(), uri.into(), Value::Array(&digest)]).to_bytes()
}

fn array(items: &[Vec<u8>]) -> Vec<u8> {
    let items: Vec<Value<'_>> = items.iter().map(|item| Value::Encoded(item)).collect();
    Value::Array(&items).to_bytes()
}

/// As it is signed and hashed: with the head of its byte string.
fn manifest(commands: &[Vec<u8>]) -> Vec<u8> {
    Value::Bytes(&array(commands)).to_bytes()
}

fn dependency() -> Vec<u8> {
    manifest(&[command(0, "coap://radio", RADIO)])
}

fn envelope() -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let manifest = manifest(&[
        command(1, "coap://dependency", &dependency()),
        command(0, "coap://bootloader", BOOTLOADER),
    ]);
    let digest = Sha256.hash(&[&manifest]);
    let digest =
        Value::Array(&[Algorithm::SHA256.into(), Value::Bytes(digest.as_ref())]).to_bytes();
    let signer = canary_fixtures::issuer_key().map_err(|error| error.to_string())?;
    let block = Sign1Builder::new().sign(Content::Detached(&digest), &signer)?;
    let wrapper = Value::Array(&[Value::Bytes(&digest), Value::Bytes(&block)]).to_bytes();
    let envelope = cose_ext::MapBuilder::new()
        .with(2, wrapper.as_slice())
        .with(3, Value::Encoded(&manifest))
        .to_bytes();
    Ok(envelope)
}

/// Calls `test` with a processor of `envelope` that has room for two components in two manifests.
fn with_processor<T>(
    envelope: &[u8],
    arena: &mut [u8],
    test: impl FnOnce(Result<Processor<'_, 2, 2>, Error>, &Context<'_>) -> T,
) -> Result<T, Box<dyn std::error::Error>> {
    let key = canary_fixtures::issuer_key().map_err(|error| error.to_string())?.public_key();
    let key = TrustedKey::new(key.as_public_key(), &Context::new(&RustCrypto))?;
    let context = Context::new(&RustCrypto);
    Ok(test(Processor::new(envelope, arena, &key, &context), &context))
}

/// What a platform does that fetches `manifest` for a manifest.
fn supply(
    processor: &mut Processor<'_, 2, 2>,
    manifest: &[u8],
    context: &Context<'_>,
) -> Result<(), Error> {
    let arena = processor.arena().get_mut(..manifest.len()).ok_or(Error::Full)?;
    arena.copy_from_slice(manifest);
    processor.depend(manifest.len(), context)
}

#[test]
fn steps_borrow_the_manifest_and_come_in_order() -> TestResult {
    let (envelope, mut arena) = (envelope()?, [0; 128]);
    with_processor(&envelope, &mut arena, |processor, context| {
        let mut processor = processor?;
        let first = processor.step()?;
        assert_eq!(first, Step::FetchManifest { uri: "coap://dependency" });
        supply(&mut processor, &dependency(), context)?;
        let second = processor.step()?;
        let hash = Algorithm::SHA256;
        assert_eq!(second, Step::Fetch { component: 0, uri: "coap://radio", hash });
        let radio = processor.answer(&Sha256.hash(&[RADIO]))?;
        let third = processor.step()?;
        assert_eq!(third, Step::Fetch { component: 1, uri: "coap://bootloader", hash });
        let bootloader = processor.answer(&Sha256.hash(&[BOOTLOADER]))?;
        assert_eq!(radio.by(), bootloader.by(), "the digest of a dependency passes the signer on");
        assert_eq!(processor.step()?, Step::Done);
        // Steps outlive the machine's changes: they borrow the manifest.
        assert_ne!(first, second);
        Ok::<_, Error>(())
    })??;
    Ok(())
}

#[test]
fn another_dependency_and_another_image_are_refused() -> TestResult {
    let (envelope, mut arena) = (envelope()?, [0; 256]);
    with_processor(&envelope, &mut arena, |processor, context| {
        let mut processor = processor?;
        processor.step()?;
        let other = manifest(&[command(0, "coap://attacker", RADIO)]);
        let refused = supply(&mut processor, &other, context);
        let mismatch = Error::from(CoseError::from(Verification::DigestMismatch));
        assert_eq!(refused, Err(mismatch));
        supply(&mut processor, &dependency(), context)?;
        processor.step()?;
        let refused = processor.answer(&Sha256.hash(&[b"something else"]));
        assert_eq!(refused, Err(Error::Mismatch));
        processor.answer(&Sha256.hash(&[RADIO])).map(|_| ())
    })??;
    Ok(())
}

#[test]
fn a_changed_manifest_is_refused_before_it_is_parsed() -> TestResult {
    let (mut envelope, mut arena) = (envelope()?, [0; 128]);
    *envelope.last_mut().ok_or("empty")? ^= 1;
    let refused = with_processor(&envelope, &mut arena, |processor, _| processor.err())?;
    let mismatch = Error::from(CoseError::from(Verification::DigestMismatch));
    assert_eq!(refused, Some(mismatch));
    Ok(())
}

#[test]
fn what_was_not_asked_is_not_answered() -> TestResult {
    let (envelope, mut arena) = (envelope()?, [0; 8]);
    with_processor(&envelope, &mut arena, |processor, context| {
        let mut processor = processor?;
        assert_eq!(processor.answer(&Sha256.hash(&[])), Err(Error::OutOfTurn));
        assert_eq!(processor.depend(0, context), Err(Error::OutOfTurn));
        processor.step()?;
        assert_eq!(supply(&mut processor, &dependency(), context), Err(Error::Full));
        assert_eq!(processor.depend(9, context), Err(Error::Full));
        Ok::<_, Error>(())
    })??;
    Ok(())
}
