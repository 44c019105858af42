//! Tokens of Arm: PSA in its three forms (RFC 9783), and CCA.

use alloc::{vec, vec::Vec};

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::{
    MapBuilder, Profile, Value,
    arbitrary::{View, bytes, few, text},
    cbor::Int,
};

use super::{LENGTH, sized, token_of};
use crate::{
    Claims, EatProfile,
    cca::CcaToken,
    label::{NONCE, PROFILE, UEID, cca, psa, psa_1},
    psa::{Component, Lifecycle, PsaClaims},
};

/// The most software components of one token.
const COMPONENTS: usize = 4;
/// Names of hashes, and how long what they make is.
const HASHES: [(&str, usize); 3] = [("sha-256", 32), ("sha-384", 48), ("sha-512", 64)];
/// A product with the version of its certificate, and one without: the second form is of the
/// older profiles alone.
const REFERENCES: [&str; 2] = ["1234567890123-12345", "1234567890123"];

impl<'a> Arbitrary<'a> for Lifecycle {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::of(lifecycle(u)?).ok_or(Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(2))
    }
}

/// A value of one of the states: the first byte is the state, the second anything.
fn lifecycle(u: &mut Unstructured<'_>) -> Result<u64> {
    let state = u.int_in_range(0..=6u64)?;
    Ok(state.wrapping_shl(12) | u64::from(u.arbitrary::<u8>()?))
}

/// As many bytes as one of the hashes makes.
fn digest(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let len = u.choose(&HASHES)?.1;
    sized(u, len, len)
}

fn instance_id(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut id = sized(u, 33, 33)?;
    if let Some(kind) = id.first_mut() {
        *kind = 1;
    }
    Ok(id)
}

/// Measurement and signer are as long as SHA-256 makes them.
impl<'a> Arbitrary<'a> for Component<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let named = |u: &mut Unstructured<'a>| {
            Ok(if u.arbitrary()? { Some(text(u, LENGTH)?) } else { None })
        };
        Ok(Self {
            kind: named(u)?,
            measurement: u.bytes(32)?,
            version: named(u)?,
            signer: u.bytes(32)?,
            description: named(u)?,
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (67, Some(166))
    }
}

fn components(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    for _ in 0..few(u, COMPONENTS)?.max(1) {
        let (measurement, signer) = (digest(u)?, digest(u)?);
        let mut component = MapBuilder::new()
            .with(psa::MEASUREMENT, measurement.as_slice())
            .with(psa::SIGNER, signer.as_slice());
        for member in [psa::TYPE, psa::VERSION, psa::DESCRIPTION] {
            if u.arbitrary()? {
                component = component.with(member, text(u, LENGTH)?);
            }
        }
        all.push(component.to_bytes());
    }
    let all: Vec<_> = all.iter().map(|component| Value::Encoded(component)).collect();
    Ok(Value::Array(&all).to_bytes())
}

/// Numbers of the claims in one of the forms, and how its boot seed and its reference are.
struct Form {
    profile: EatProfile,
    nonce: i64,
    instance_id: i64,
    client_id: i64,
    lifecycle: i64,
    implementation_id: i64,
    boot_seed: i64,
    reference: i64,
    components: i64,
    service: i64,
}

const NEW: Form = Form {
    profile: EatProfile::PSA,
    nonce: NONCE,
    instance_id: UEID,
    client_id: psa::CLIENT_ID,
    lifecycle: psa::LIFECYCLE,
    implementation_id: psa::IMPLEMENTATION_ID,
    boot_seed: crate::label::BOOT_SEED,
    reference: psa::CERTIFICATION_REFERENCE,
    components: psa::COMPONENTS,
    service: psa::VERIFICATION_SERVICE,
};

const FORMS: [Form; 3] = [
    NEW,
    Form { profile: EatProfile::PSA_2_0_0, boot_seed: psa::BOOT_SEED_2_0_0, ..NEW },
    Form {
        profile: EatProfile::PSA_IOT_1,
        nonce: psa_1::NONCE,
        instance_id: psa_1::INSTANCE_ID,
        client_id: psa_1::CLIENT_ID,
        lifecycle: psa_1::LIFECYCLE,
        implementation_id: psa_1::IMPLEMENTATION_ID,
        boot_seed: psa_1::BOOT_SEED,
        reference: psa_1::CERTIFICATION_REFERENCE,
        components: psa_1::COMPONENTS,
        service: psa_1::VERIFICATION_SERVICE,
    },
];

fn psa(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let chosen = u.choose_index(FORMS.len())?;
    let form = FORMS.get(chosen).ok_or(Error::IncorrectFormat)?;
    let name = form.profile.ids.first().copied().unwrap_or_default();
    let client = u.arbitrary::<i32>()?;
    let mut claims = MapBuilder::new()
        .with(form.profile.id_key, name)
        .with(form.nonce, digest(u)?.as_slice())
        .with(form.instance_id, instance_id(u)?.as_slice())
        .with(form.client_id, i64::from(if client == 0 { 1 } else { client }))
        .with(form.lifecycle, Value::Int(Int::unsigned(lifecycle(u)?)))
        .with(form.implementation_id, sized(u, 32, 32)?.as_slice());
    // The oldest form has to have a boot seed, and may say that nothing was measured.
    let is_oldest = chosen == 2;
    if is_oldest || u.arbitrary()? {
        claims = claims.with(form.boot_seed, sized(u, 8, 32)?.as_slice());
    }
    claims = if is_oldest && u.ratio(1u8, 4u8)? {
        claims.with(psa_1::NO_COMPONENTS, 1)
    } else {
        let components = components(u)?;
        claims.with(form.components, Value::Encoded(&components))
    };
    if u.arbitrary()? {
        let [with_version, alone] = REFERENCES;
        let is_alone = chosen > 0 && u.arbitrary()?;
        claims = claims.with(form.reference, if is_alone { alone } else { with_version });
    }
    if u.arbitrary()? {
        claims = claims.with(form.service, text(u, LENGTH)?);
    }
    Ok(claims.to_bytes())
}

impl View for PsaClaims<'static> {
    type Of<'b> = PsaClaims<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<PsaClaims<'_>, crate::Error> {
        PsaClaims::read(Claims::decode(bytes, &Profile::LENIENT)?)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        psa(u)
    }
}

fn platform(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let name = *u.choose(EatProfile::CCA_PLATFORM.ids)?;
    let components = components(u)?;
    let claims = MapBuilder::new()
        .with(PROFILE, name)
        .with(NONCE, digest(u)?.as_slice())
        .with(UEID, instance_id(u)?.as_slice())
        .with(psa::LIFECYCLE, Value::Int(Int::unsigned(lifecycle(u)?)))
        .with(psa::IMPLEMENTATION_ID, sized(u, 32, 32)?.as_slice())
        .with(psa::COMPONENTS, Value::Encoded(&components))
        .with(psa::PLATFORM_CONFIG, bytes(u, LENGTH)?)
        .with(psa::PLATFORM_HASH, u.choose(&HASHES)?.0);
    Ok(claims.to_bytes())
}

/// The key is a point without compression, which need not lie on its curve.
fn realm(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let name = *u.choose(EatProfile::CCA_REALM.ids)?;
    let (hash, len) = *u.choose(&HASHES)?;
    let mut key = sized(u, 97, 97)?;
    if let Some(form) = key.first_mut() {
        *form = 4;
    }
    let mut registers = vec![0; len];
    u.fill_buffer(&mut registers)?;
    let claims = MapBuilder::new()
        .with(PROFILE, name)
        .with(NONCE, sized(u, 64, 64)?.as_slice())
        .with(cca::PERSONALIZATION, sized(u, 64, 64)?.as_slice())
        .with(cca::HASH, hash)
        .with(cca::PUBLIC_KEY, key.as_slice())
        .with(cca::INITIAL_MEASUREMENT, digest(u)?.as_slice())
        .with(cca::EXTENSIBLE_MEASUREMENTS, Value::Array(&[Value::Bytes(&registers); 4]))
        .with(cca::PUBLIC_KEY_HASH, u.choose(&HASHES)?.0);
    Ok(claims.to_bytes())
}

/// A collection of a platform token and a realm token, which are bound by chance alone.
impl View for CcaToken<'static> {
    type Of<'b> = CcaToken<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<CcaToken<'_>, crate::Error> {
        CcaToken::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let platform = platform(u)?;
        let platform = token_of(u, &platform)?;
        let realm = realm(u)?;
        let realm = token_of(u, &realm)?;
        let is_pairs = u.arbitrary()?;
        // A content format stands in front of each, as TF-M writes it.
        let pairs = [&platform, &realm].map(|token| [Value::from(263), Value::Bytes(token)]);
        let [first, second] = &pairs;
        let members = if is_pairs {
            [Value::Array(first), Value::Array(second)]
        } else {
            [Value::Bytes(&platform), Value::Bytes(&realm)]
        };
        let [platform, realm] = members;
        let map = MapBuilder::new().with(cca::PLATFORM, platform).with(cca::REALM, realm);
        let tag = if is_pairs { cca::PAIRS_TAG } else { cca::COLLECTION_TAG };
        Ok(Value::Tag(tag, &Value::Map(&map)).to_bytes())
    }
}
