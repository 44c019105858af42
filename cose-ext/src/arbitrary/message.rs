//! The six messages (RFC 9052 2) and their builders. Signatures, tags and ciphertexts are any
//! bytes.

use alloc::vec::Vec;

use arbitrary::{Arbitrary, Error, Result, Unstructured};

use super::{
    encoded::view,
    header::Parameters,
    item::{array_of, bytes, few},
};
use crate::{
    Content, Countersignature, Encrypt, Encrypt0, Label, Mac, Mac0, MapBuilder, Message, Profile,
    Sign, Sign1, Value,
    countersignature::CountersignatureBuilder,
    crypto::{Algorithm, Operation},
    encrypt::EncryptBuilder,
    encrypt0::Encrypt0Builder,
    header::HashEnvelope,
    mac::MacBuilder,
    mac0::Mac0Builder,
    sign::{SignBuilder, SignatureBuilder},
    sign1::Sign1Builder,
};

/// The longest payload, signature, tag or external data.
const LENGTH: usize = 128;
/// The most signatures and recipients of one message.
const SIGNERS: usize = 4;

const SIGNING: [Algorithm; 8] = [
    Algorithm::ES256,
    Algorithm::ESP256,
    Algorithm::ES384,
    Algorithm::ES512,
    Algorithm::ED25519,
    Algorithm::EDDSA,
    Algorithm::PS256,
    Algorithm::ML_DSA_44,
];

fn signing(u: &mut Unstructured<'_>) -> Result<Algorithm> {
    if u.ratio(1u8, 16u8)? { Ok(Algorithm::new(u.arbitrary()?)) } else { Ok(*u.choose(&SIGNING)?) }
}

/// One of the registered algorithms that do `operation`.
fn doing(u: &mut Unstructured<'_>, operation: Operation) -> Result<Algorithm> {
    let all = || Algorithm::NAMES.iter().map(|(number, _)| Algorithm::new(*number));
    let all = || all().filter(|algorithm| algorithm.operation() == Some(operation));
    let index = u.choose_index(all().count())?;
    all().nth(index).ok_or(Error::IncorrectFormat)
}

/// Headers by the public methods of the builder.
macro_rules! with_headers {
    ($u:expr, $builder:expr) => {{
        let parameters = Parameters::arbitrary($u)?;
        let mut builder = $builder;
        for (label, value) in &parameters.protected {
            builder = builder.protected(*label, Value::Encoded(value));
        }
        for (label, value) in &parameters.unprotected {
            builder = builder.unprotected(*label, Value::Encoded(value));
        }
        builder
    }};
}

/// Builders without a content: headers, external data, and a tag or none.
macro_rules! builders {
    ($($type:ident),*) => {
        $(impl<'a> Arbitrary<'a> for $type {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                let mut builder = with_headers!(u, Self::new());
                if u.ratio(1u8, 4u8)? {
                    builder = builder.external_aad(bytes(u, LENGTH)?);
                }
                Ok(if u.ratio(1u8, 4u8)? { builder.untagged() } else { builder })
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (1, None)
            }
        })*
    };
}

builders!(Sign1Builder, SignBuilder, Mac0Builder, MacBuilder, Encrypt0Builder, EncryptBuilder);

impl<'a> Arbitrary<'a> for SignatureBuilder {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(with_headers!(u, Self::new()))
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, None)
    }
}

impl<'a> Arbitrary<'a> for CountersignatureBuilder {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let builder = with_headers!(u, Self::new());
        Ok(if u.ratio(1u8, 4u8)? { builder.tagged() } else { builder })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, None)
    }
}

/// One layer's buckets as they stand in a message: the protected one in a byte string. `own` are
/// the parameters that the kind of layer asks for, and that nothing else sets.
fn buckets(
    u: &mut Unstructured<'_>,
    protected: MapBuilder,
    unprotected: MapBuilder,
) -> Result<[Vec<u8>; 2]> {
    let parameters = Parameters::arbitrary(u)?;
    let filled = |map: MapBuilder, entries: &[(Label<'_>, Vec<u8>)]| {
        entries.iter().fold(map, |map, (label, value)| map.with(*label, Value::Encoded(value)))
    };
    let protected = filled(protected, &parameters.protected);
    let unprotected = filled(unprotected, &parameters.unprotected);
    Ok([protected_bucket(&protected), unprotected.to_bytes()])
}

/// The empty map is a byte string without bytes (RFC 9052 3).
fn protected_bucket(map: &MapBuilder) -> Vec<u8> {
    let bytes = if map.is_empty() { Vec::new() } else { map.to_bytes() };
    Value::Bytes(&bytes).to_bytes()
}

fn algorithm_alone(algorithm: Algorithm) -> MapBuilder {
    MapBuilder::new().with(Label::ALG, algorithm)
}

/// A byte string, or nil for what travels apart.
fn content(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    if u.ratio(1u8, 6u8)? { Ok(Value::Null.to_bytes()) } else { byte_string(u) }
}

fn byte_string(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    Ok(Value::Bytes(bytes(u, LENGTH)?).to_bytes())
}

/// The message of these elements, tagged mostly.
fn message(u: &mut Unstructured<'_>, tag: u64, elements: &[Vec<u8>]) -> Result<Vec<u8>> {
    let array = array_of(elements);
    let is_untagged = u.ratio(1u8, 5u8)?;
    Ok(if is_untagged { array } else { Value::Tag(tag, &Value::Encoded(&array)).to_bytes() })
}

fn sign1(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let algorithm = signing(u)?;
    if u.ratio(1u8, 6u8)? {
        let envelope = HashEnvelope::arbitrary(u)?;
        let mut digest = alloc::vec![0; envelope.algorithm.hash_len().unwrap_or_default()];
        u.fill_buffer(&mut digest)?;
        let builder = Sign1Builder::new().hash_envelope(&envelope);
        return attached(builder, algorithm, Content::Embedded(&digest), u);
    }
    let builder = Sign1Builder::arbitrary(u)?;
    let payload = bytes(u, LENGTH)?;
    let is_detached = u.ratio(1u8, 6u8)?;
    let content = if is_detached { Content::Detached(payload) } else { Content::Embedded(payload) };
    attached(builder, algorithm, content, u)
}

fn attached(
    builder: Sign1Builder,
    algorithm: Algorithm,
    content: Content<'_>,
    u: &mut Unstructured<'_>,
) -> Result<Vec<u8>> {
    let prepared = builder.prepare(algorithm, content).map_err(|_| Error::IncorrectFormat)?;
    Ok(prepared.attach(bytes(u, LENGTH)?))
}

fn sign(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let body = SignBuilder::arbitrary(u)?;
    let payload = bytes(u, LENGTH)?;
    let mut signing_body =
        body.prepare(Content::Embedded(payload)).map_err(|_| Error::IncorrectFormat)?;
    for _ in 0..few(u, SIGNERS)?.max(1) {
        let (headers, algorithm) = (SignatureBuilder::arbitrary(u)?, signing(u)?);
        let pending =
            signing_body.pending(headers, algorithm).map_err(|_| Error::IncorrectFormat)?;
        signing_body.attach(&pending, bytes(u, LENGTH)?);
    }
    signing_body.finish().map_err(|_| Error::IncorrectFormat)
}

fn mac0(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let algorithm = doing(u, Operation::Mac)?;
    let [protected, unprotected] = buckets(u, algorithm_alone(algorithm), MapBuilder::new())?;
    let elements = [protected, unprotected, content(u)?, byte_string(u)?];
    message(u, Mac0::TAG, &elements)
}

fn mac(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let algorithm = doing(u, Operation::Mac)?;
    let [protected, unprotected] = buckets(u, algorithm_alone(algorithm), MapBuilder::new())?;
    let elements = [protected, unprotected, content(u)?, byte_string(u)?, recipients(u)?];
    message(u, Mac::TAG, &elements)
}

/// The buckets of a message that is encrypted, with a nonce as long as the cipher wants.
fn encrypted(u: &mut Unstructured<'_>) -> Result<[Vec<u8>; 2]> {
    let algorithm = doing(u, Operation::Aead)?;
    let mut nonce = alloc::vec![0; algorithm.nonce_len().unwrap_or_default()];
    u.fill_buffer(&mut nonce)?;
    let nonce = MapBuilder::new().with(Label::IV, nonce.as_slice());
    buckets(u, algorithm_alone(algorithm), nonce)
}

fn encrypt0(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let [protected, unprotected] = encrypted(u)?;
    let elements = [protected, unprotected, content(u)?];
    message(u, Encrypt0::TAG, &elements)
}

fn encrypt(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let [protected, unprotected] = encrypted(u)?;
    let elements = [protected, unprotected, content(u)?, recipients(u)?];
    message(u, Encrypt::TAG, &elements)
}

/// One recipient that has the key itself, or several whose keys wrap it (RFC 9052 8.5). Neither
/// protects a parameter.
fn recipients(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    const WRAPPING: [Algorithm; 3] = [Algorithm::A128KW, Algorithm::A192KW, Algorithm::A256KW];
    let nothing = protected_bucket(&MapBuilder::new());
    if u.ratio(1u8, 3u8)? {
        let headers = algorithm_alone(Algorithm::DIRECT).with(Label::KID, bytes(u, LENGTH)?);
        let ciphertext = Value::Bytes(&[]).to_bytes();
        return Ok(array_of(&[array_of(&[nothing, headers.to_bytes(), ciphertext])]));
    }
    let mut all = Vec::new();
    for _ in 0..few(u, SIGNERS)?.max(1) {
        let headers = algorithm_alone(*u.choose(&WRAPPING)?).with(Label::KID, bytes(u, LENGTH)?);
        all.push(array_of(&[nothing.clone(), headers.to_bytes(), byte_string(u)?]));
    }
    Ok(array_of(&all))
}

/// Returns a tagged message around `payload`, by one signer or one key.
pub(super) fn around(u: &mut Unstructured<'_>, payload: &[u8]) -> Result<Vec<u8>> {
    if u.arbitrary()? {
        let (algorithm, key_id) = (signing(u)?, bytes(u, LENGTH)?);
        let builder = Sign1Builder::new().key_id(key_id);
        return attached(builder, algorithm, Content::Embedded(payload), u);
    }
    let protected = protected_bucket(&algorithm_alone(doing(u, Operation::Mac)?));
    let elements = [
        protected,
        MapBuilder::new().to_bytes(),
        Value::Bytes(payload).to_bytes(),
        byte_string(u)?,
    ];
    Ok(Value::Tag(Mac0::TAG, &Value::Encoded(&array_of(&elements))).to_bytes())
}

fn countersignature(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let algorithm = signing(u)?;
    let [protected, unprotected] = buckets(u, algorithm_alone(algorithm), MapBuilder::new())?;
    let elements = [protected, unprotected, byte_string(u)?];
    message(u, Countersignature::TAG, &elements)
}

view!(Sign1, |bytes| Sign1::decode(bytes, &Profile::LENIENT), |u| sign1(u));
view!(Sign, |bytes| Sign::decode(bytes, &Profile::LENIENT), |u| sign(u));
view!(Mac0, |bytes| Mac0::decode(bytes, &Profile::LENIENT), |u| mac0(u));
view!(Mac, |bytes| Mac::decode(bytes, &Profile::LENIENT), |u| mac(u));
view!(Encrypt0, |bytes| Encrypt0::decode(bytes, &Profile::LENIENT), |u| encrypt0(u));
view!(Encrypt, |bytes| Encrypt::decode(bytes, &Profile::LENIENT), |u| encrypt(u));
view!(Countersignature, |bytes| Countersignature::decode(bytes, &Profile::LENIENT), |u| {
    countersignature(u)
});

/// Says by its tag what it is, so that all of them have one.
fn tagged(bytes: Vec<u8>, tag: u64) -> Vec<u8> {
    // Major type 6 stands in the first three bits.
    if bytes.first().is_some_and(|first| first >> 5 == 6) {
        return bytes;
    }
    Value::Tag(tag, &Value::Encoded(&bytes)).to_bytes()
}

view!(Message, |bytes| Message::decode(bytes, &Profile::LENIENT), |u| {
    Ok(match u.int_in_range(0..=5u8)? {
        0 => tagged(sign1(u)?, Sign1::TAG),
        1 => tagged(sign(u)?, Sign::TAG),
        2 => tagged(mac0(u)?, Mac0::TAG),
        3 => tagged(mac(u)?, Mac::TAG),
        4 => tagged(encrypt0(u)?, Encrypt0::TAG),
        _ => tagged(encrypt(u)?, Encrypt::TAG),
    })
});
