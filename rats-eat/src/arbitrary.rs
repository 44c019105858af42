//! Values for fuzz targets, made of the bytes that a fuzzer chooses.
//!
//! [`cose_ext::arbitrary`] says how to take them and what holds of all of them. A fuzz target for
//! code that reads claims:
//!
//! ```
//! use arbitrary::{Arbitrary, Unstructured};
//! use rats_eat::{Claims, cose_ext::arbitrary::Encoded};
//!
//! // In a fuzz target: `fuzz_target!(|claims: Encoded<Claims<'static>>| { .. })`.
//! fn target(claims: &Encoded<Claims<'static>>) {
//!     let claims = claims.view().expect("each claim in its registered form");
//!     // The code to be tested takes `claims` here.
//!     assert!(claims.debug_status().is_ok());
//! }
//!
//! target(&Encoded::arbitrary(&mut Unstructured::new(&[7; 64]))?);
//! # Ok::<(), arbitrary::Error>(())
//! ```
//!
//! - [`DebugStatus`], [`IntendedUse`], [`ContentFormat`], [`MeasurementResult`], [`TrustClaim`],
//!   [`TrustDimension`], [`TrustVector`], [`Tier`], [`Location`]: `Arbitrary`.
//! - [`OemId`], [`ProfileId`]: `Arbitrary<'a>`; they borrow from the input.
//! - [`Claims`], [`Uccs`], [`Token`]: [`Encoded`](cose_ext::arbitrary::Encoded), which owns the
//!   bytes; registered claims have their forms, a submodule nests two levels at most.
//! - `OwnedClaims`, with `json`: `Arbitrary`.
//! - other parts of claims sets ([`Ueid`](crate::claim::Ueid), [`Nonces`](crate::claim::Nonces),
//!   [`Submodules`](crate::claim::Submodules), ...): not: read them out of the claims.
//! - claims that somebody vouches for, trees, parts: never: only a verification makes them.
//! - [`Lifecycle`](crate::psa::Lifecycle), [`Indicators`](crate::cmw::Indicators),
//!   [`EarDialect`](crate::ear::EarDialect), [`EarBuilder`](crate::ear::EarBuilder),
//!   [`AppraisalBuilder`](crate::ear::AppraisalBuilder): `Arbitrary`.
//! - [`psa::Component`](crate::psa::Component), [`MediaType`](crate::cmw::MediaType),
//!   [`VerifierId`](crate::ear::VerifierId): `Arbitrary<'a>`; they borrow from the input.
//! - [`PsaClaims`](crate::psa::PsaClaims) in all three forms, [`CcaToken`](crate::cca::CcaToken),
//!   [`Bundle`](crate::Bundle), [`Cmw`](crate::cmw::Cmw), [`Ear`](crate::ear::Ear),
//!   [`MeasuredComponent`](crate::measured_component::MeasuredComponent),
//!   [`EpochMarker`]:
//!   [`Encoded`](cose_ext::arbitrary::Encoded); the two tokens of a CCA token and the parts of a
//!   bundle are bound to each other by chance alone.
//! - JSON: not: write these values as JSON (`to_json`), or take bytes from a corpus.

mod arm;
mod message;
mod result;
mod submodule;

use alloc::{vec, vec::Vec};

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::{
    Content, Profile, Value,
    arbitrary::{View, bytes, few, text},
    cbor::Int,
    crypto::Algorithm,
    cwt::{ClaimKey, ClaimsBuilder},
    sign1::Sign1Builder,
};

use crate::{
    Claims, Token, Uccs,
    ar4si::{Tier, TrustClaim, TrustDimension, TrustVector},
    claim::{
        ContentFormat, DebugStatus, IntendedUse, Location, MeasurementResult, OemId, ProfileId,
    },
    epoch_marker::EpochMarker,
    label::EPOCH_MARKER_CLAIM,
};

/// The longest text or identifier.
const LENGTH: usize = 32;
/// The most claims that are chosen; one that is chosen again replaces itself.
const CLAIMS: usize = 12;
/// Levels of submodules.
const DEPTH: u8 = 2;

macro_rules! one_of {
    ($($type:ty: $values:expr;)*) => {
        $(impl<'a> Arbitrary<'a> for $type {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                Ok(*u.choose(&$values)?)
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (1, Some(1))
            }
        })*
    };
}

one_of! {
    DebugStatus: [
        Self::Enabled,
        Self::Disabled,
        Self::DisabledSinceBoot,
        Self::DisabledPermanently,
        Self::DisabledFullyAndPermanently,
    ];
    Tier: Self::ALL;
    TrustDimension: Self::ALL;
}

impl<'a> Arbitrary<'a> for IntendedUse {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let registered = u.int_in_range(1..=5u8)?;
        Ok(Self(if u.ratio(1u8, 8u8)? { u.arbitrary()? } else { Int::unsigned(registered.into()) }))
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(11))
    }
}

impl<'a> Arbitrary<'a> for ContentFormat {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.arbitrary().map(Self)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(2))
    }
}

impl<'a> Arbitrary<'a> for TrustClaim {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.arbitrary().map(Self::new)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(1))
    }
}

/// At least one claim, as a vector that was read has.
impl<'a> Arbitrary<'a> for TrustVector {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut vector = Self::EMPTY.with(u.arbitrary()?, u.arbitrary()?);
        for _ in 0..few(u, TrustDimension::ALL.len())? {
            vector = vector.with(u.arbitrary()?, u.arbitrary()?);
        }
        Ok(vector)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (3, Some(19))
    }
}

fn finite(u: &mut Unstructured<'_>, within: f64) -> Result<f64> {
    let number: f64 = u.arbitrary()?;
    Ok(if number.is_finite() { number.clamp(-within, within) } else { 0.0 })
}

/// On the globe, and finite.
impl<'a> Arbitrary<'a> for Location {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let maybe = |u: &mut Unstructured<'a>| {
            Ok(if u.arbitrary()? { Some(finite(u, 1e6)?) } else { None })
        };
        Ok(Self {
            latitude: finite(u, 90.0)?,
            longitude: finite(u, 180.0)?,
            altitude: maybe(u)?,
            accuracy: maybe(u)?.map(f64::abs),
            altitude_accuracy: maybe(u)?.map(f64::abs),
            heading: maybe(u)?,
            speed: maybe(u)?,
            timestamp: u.arbitrary()?,
            age: u.arbitrary()?,
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (16, Some(79))
    }
}

impl<'a> Arbitrary<'a> for OemId<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=2u8)? {
            0 => Self::Random(u.bytes(16)?),
            1 => Self::Ieee(u.bytes(3)?),
            _ => Self::Pen(Int::unsigned(u.arbitrary::<u32>()?.into())),
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (4, Some(17))
    }
}

impl<'a> Arbitrary<'a> for ProfileId<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        /// `http://arm.com/psa/2.0.0` and its kin; a URI, and identifiers in BER.
        const URIS: [&str; 3] =
            ["tag:psacertified.org,2023:psa#tfm", "https://vendor.example/profile", "urn:a:b"];
        const OIDS: [&[u8]; 2] = [b"\x2b\x06\x01\x04\x01", b"\x2b\x06\x01\x04\x01\x82\x37"];
        Ok(if u.arbitrary()? { Self::Oid(u.choose(&OIDS)?) } else { Self::Uri(u.choose(&URIS)?) })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(2))
    }
}

one_of! {
    MeasurementResult: [
        Self::Success,
        Self::Fail,
        Self::NotRun,
        Self::Absent,
    ];
}

/// As many bytes of the input as `least` to `most` say, and zeros behind its end.
fn sized(u: &mut Unstructured<'_>, least: usize, most: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; u.int_in_range(least..=most)?];
    u.fill_buffer(&mut bytes)?;
    Ok(bytes)
}

/// A random number of 16, 24 or 32 bytes behind its type (RFC 9711 4.2.1.1).
fn ueid(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut ueid = vec![0; *u.choose(&[17, 25, 33])?];
    u.fill_buffer(&mut ueid)?;
    if let Some(kind) = ueid.first_mut() {
        *kind = 1;
    }
    Ok(ueid)
}

fn date(u: &mut Unstructured<'_>) -> Result<i64> {
    Ok(u.arbitrary::<u32>()?.into())
}

fn claims(u: &mut Unstructured<'_>, depth: u8) -> Result<ClaimsBuilder> {
    let mut claims = ClaimsBuilder::new();
    for _ in 0..few(u, CLAIMS)? {
        claims = match u.int_in_range(0..=3u8)? {
            0 => of_the_token(claims, u)?,
            1 | 2 => of_the_entity(claims, u)?,
            _ => of_its_parts(claims, u, depth)?,
        };
    }
    Ok(claims)
}

/// Who says it, when, and in answer to what.
fn of_the_token(claims: ClaimsBuilder, u: &mut Unstructured<'_>) -> Result<ClaimsBuilder> {
    Ok(match u.int_in_range(0..=11u8)? {
        0 => claims.issuer(text(u, LENGTH)?),
        1 => claims.subject(text(u, LENGTH)?),
        2 => claims.audience(text(u, LENGTH)?),
        3 => claims.expires_at(date(u)?),
        4 => claims.not_before(date(u)?),
        5 => claims.issued_at(date(u)?),
        6 => claims.cwt_id(bytes(u, LENGTH)?),
        7 => match u.arbitrary()? {
            ProfileId::Uri(uri) => claims.claim(ClaimKey::EAT_PROFILE, uri),
            ProfileId::Oid(oid) => claims.claim(ClaimKey::EAT_PROFILE, oid),
        },
        8 => claims.confirmed_by_key_id(bytes(u, LENGTH)?),
        9 => {
            let marker = <EpochMarker<'static> as View>::encode(u)?;
            claims.claim(EPOCH_MARKER_CLAIM, Value::Encoded(&marker))
        }
        10 => claims.claim(ClaimKey::INTUSE, Value::Int(IntendedUse::arbitrary(u)?.0)),
        _ => {
            let (first, second) = (sized(u, 8, 64)?, sized(u, 8, 64)?);
            let both = [Value::Bytes(&first), Value::Bytes(&second)];
            let [one, _] = both;
            let nonces = if u.arbitrary()? { Value::Array(&both) } else { one };
            claims.claim(ClaimKey::EAT_NONCE, nonces)
        }
    })
}

/// What device it is, and in which state.
fn of_the_entity(claims: ClaimsBuilder, u: &mut Unstructured<'_>) -> Result<ClaimsBuilder> {
    Ok(match u.int_in_range(0..=13u8)? {
        0 => claims.claim(ClaimKey::UEID, Value::Bytes(&ueid(u)?)),
        1 => claims.claim(ClaimKey::HWMODEL, Value::Bytes(&sized(u, 1, 32)?)),
        2 => version(claims, ClaimKey::HWVERSION, u)?,
        3 => claims.claim(ClaimKey::SWNAME, text(u, LENGTH)?),
        4 => version(claims, ClaimKey::SWVERSION, u)?,
        5 => claims.claim(ClaimKey::OEMBOOT, Value::Bool(u.arbitrary()?)),
        6 => {
            let status = DebugStatus::arbitrary(u)?.value();
            claims.claim(ClaimKey::DBGSTAT, i64::from(status))
        }
        7 => claims.claim(ClaimKey::UPTIME, date(u)?),
        8 => claims.claim(ClaimKey::BOOTCOUNT, date(u)?),
        9 => claims.claim(ClaimKey::BOOTSEED, Value::Bytes(&sized(u, 32, 64)?)),
        10 => location(claims, u)?,
        11 => {
            let id = cose_ext::MapBuilder::new().with("sim", ueid(u)?.as_slice());
            claims.claim(ClaimKey::SUEIDS, &id)
        }
        12 => {
            let letter = ["https://registrar.example", "platform", text(u, LENGTH)?];
            let letter = letter.map(Value::Text);
            claims.claim(ClaimKey::DLOAS, Value::Array(&[Value::Array(&letter)]))
        }
        _ => {
            let mut id = vec![0; *u.choose(&[16, 3])?];
            u.fill_buffer(&mut id)?;
            let is_number = u.ratio(1u8, 3u8)?;
            let number = Value::from(date(u)?);
            claims.claim(ClaimKey::OEMID, if is_number { number } else { Value::Bytes(&id) })
        }
    })
}

fn version(
    claims: ClaimsBuilder,
    key: ClaimKey<'_>,
    u: &mut Unstructured<'_>,
) -> Result<ClaimsBuilder> {
    let version = Value::Text(text(u, LENGTH)?);
    // multipartnumeric, of the CoSWID registry of version schemes.
    let scheme = Value::from(1);
    Ok(if u.arbitrary()? {
        claims.claim(key, Value::Array(&[version, scheme]))
    } else {
        claims.claim(key, Value::Array(&[version]))
    })
}

fn location(claims: ClaimsBuilder, u: &mut Unstructured<'_>) -> Result<ClaimsBuilder> {
    let location = Location::arbitrary(u)?;
    let members = [
        (1, Some(location.latitude)),
        (2, Some(location.longitude)),
        (3, location.altitude),
        (4, location.accuracy),
        (5, location.altitude_accuracy),
        (6, location.heading),
        (7, location.speed),
    ];
    let there = members.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let map = there
        .fold(cose_ext::MapBuilder::new(), |map, (key, value)| map.with(key, Value::Float(value)));
    Ok(claims.claim(ClaimKey::LOCATION, &map))
}

/// What runs on it, and what it consists of.
fn of_its_parts(
    claims: ClaimsBuilder,
    u: &mut Unstructured<'_>,
    depth: u8,
) -> Result<ClaimsBuilder> {
    match (u.int_in_range(0..=4u8)?, depth.checked_sub(1)) {
        (0 | 1, Some(deeper)) => submodule::submodules(claims, u, deeper),
        (2, _) => submodule::results(claims, u),
        _ => submodule::contents(claims, u),
    }
}

impl View for Claims<'static> {
    type Of<'b> = Claims<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Claims<'_>, crate::Error> {
        Claims::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        Ok(claims(u, DEPTH)?.to_bytes())
    }
}

impl View for Uccs<'static> {
    type Of<'b> = Uccs<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Uccs<'_>, crate::Error> {
        Uccs::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let claims = claims(u, DEPTH)?;
        Ok(Value::Tag(Uccs::TAG, &Value::Map(claims.as_map())).to_bytes())
    }
}

impl View for Token<'static> {
    type Of<'b> = Token<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Token<'_>, crate::Error> {
        Token::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        token(u)
    }
}

/// A signed token with any claims.
fn token(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let claims = claims(u, DEPTH)?.to_bytes();
    token_of(u, &claims)
}

/// A token whose signature is any bytes.
fn token_of(u: &mut Unstructured<'_>, claims: &[u8]) -> Result<Vec<u8>> {
    let algorithm = *u.choose(&[Algorithm::ES256, Algorithm::ES384, Algorithm::EDDSA])?;
    let builder = Sign1Builder::new().key_id(bytes(u, LENGTH)?);
    let prepared = builder.prepare(algorithm, Content::Embedded(claims));
    Ok(prepared.map_err(|_| Error::IncorrectFormat)?.attach(bytes(u, LENGTH)?))
}

#[cfg(feature = "json")]
impl<'a> Arbitrary<'a> for crate::OwnedClaims {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let claims = claims(u, DEPTH)?.to_bytes();
        Self::decode(claims, &Profile::LENIENT).map_err(|_| Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, None)
    }
}
