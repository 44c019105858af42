//! Wrappers (RFC 9999), bundles, measured components (RFC 10013) and epoch markers.

use alloc::{vec, vec::Vec};

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::{
    MapBuilder, Profile, Value,
    arbitrary::{View, bytes, few, text},
    tag,
};

use super::{LENGTH, claims, sized, token};
use crate::{
    Bundle,
    cmw::{Cmw, Indicators, MediaType, Tagged},
    epoch_marker::EpochMarker,
    label::{component, epoch},
    measured_component::MeasuredComponent,
};

/// The most members of one collection.
const MEMBERS: usize = 3;
/// Levels of collections.
const DEPTH: u8 = 2;

const MEDIA_TYPES: [&str; 5] = [
    "application/eat+cwt",
    "application/eat-ucs+cbor; eat_profile=\"tag:a.example,2026:b\"",
    "application/vnd.vendor.evidence",
    "application/cbor",
    "text/plain",
];

impl<'a> Arbitrary<'a> for MediaType<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(if u.arbitrary()? {
            Self::ContentFormat(u.arbitrary()?)
        } else {
            Self::Text(u.choose(&MEDIA_TYPES)?)
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(3))
    }
}

impl<'a> Arbitrary<'a> for Indicators {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let defined = u.int_in_range(1..=31u32)?;
        let bits = if u.ratio(1u8, 8u8)? { u.arbitrary::<u32>()?.max(1) } else { defined };
        Self::from_bits(bits).ok_or(Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(6))
    }
}

fn record(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let media_type = match u.arbitrary()? {
        MediaType::Text(text) => Value::Text(text),
        MediaType::ContentFormat(number) => Value::from(i64::from(number)),
    };
    let value = Value::Bytes(bytes(u, LENGTH)?);
    let indicators: Option<Indicators> = u.arbitrary()?;
    Ok(match indicators {
        Some(indicators) => {
            let indicators = Value::from(i64::from(indicators.bits()));
            Value::Array(&[media_type, value, indicators]).to_bytes()
        }
        None => Value::Array(&[media_type, value]).to_bytes(),
    })
}

fn wrapper(u: &mut Unstructured<'_>, depth: u8) -> Result<Vec<u8>> {
    match (u.int_in_range(0..=4u8)?, depth.checked_sub(1)) {
        (0, _) => {
            let number = Tagged::number_of(u.int_in_range(0..=65_024)?);
            let value = Value::Bytes(bytes(u, LENGTH)?);
            Ok(Value::Tag(number.ok_or(Error::IncorrectFormat)?, &value).to_bytes())
        }
        (1, Some(deeper)) => {
            let mut members = MapBuilder::new();
            for number in 0..few(u, MEMBERS)?.max(1) {
                let member = wrapper(u, deeper)?;
                let name = text(u, LENGTH)?;
                members = if name.is_empty() || name.starts_with("__") {
                    let number = i64::try_from(number).unwrap_or_default();
                    members.with(number, Value::Encoded(&member))
                } else {
                    members.with(name, Value::Encoded(&member))
                };
            }
            if u.ratio(1u8, 4u8)? {
                members = members.with("__cmwc_t", "tag:vendor.example,2026:collection");
            }
            Ok(members.to_bytes())
        }
        _ => record(u),
    }
}

impl View for Cmw<'static> {
    type Of<'b> = Cmw<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Cmw<'_>, crate::Error> {
        Cmw::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        wrapper(u, DEPTH)
    }
}

/// The token and the detached sets fit by chance alone.
impl View for Bundle<'static> {
    type Of<'b> = Bundle<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Bundle<'_>, crate::Error> {
        Bundle::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let main = token(u)?;
        let mut detached = MapBuilder::new();
        for _ in 0..few(u, MEMBERS)?.max(1) {
            let name = text(u, LENGTH)?;
            detached = detached.with(name, claims(u, 1)?.to_bytes().as_slice());
        }
        let parts = [Value::Bytes(&main), Value::Map(&detached)];
        Ok(Value::Tag(Bundle::TAG, &Value::Array(&parts)).to_bytes())
    }
}

impl View for MeasuredComponent<'static> {
    type Of<'b> = MeasuredComponent<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<MeasuredComponent<'_>, crate::Error> {
        MeasuredComponent::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let (name, version) = (Value::Text(text(u, LENGTH)?), Value::Text(text(u, LENGTH)?));
        let with_scheme = [version, Value::from(u.int_in_range(1..=5i64)?)];
        let [version, _] = &with_scheme;
        let alone = [*version];
        let id = match u.int_in_range(0..=2u8)? {
            0 => Value::Array(&[name]).to_bytes(),
            1 => Value::Array(&[name, Value::Array(&alone)]).to_bytes(),
            _ => Value::Array(&[name, Value::Array(&with_scheme)]).to_bytes(),
        };
        let mut map = MapBuilder::new().with(component::ID, Value::Encoded(&id));
        let measurement = sized(u, 32, 64)?;
        map = if u.ratio(3u8, 4u8)? {
            let digest = [Value::from(-16), Value::Bytes(&measurement)];
            map.with(component::DIGEST, Value::Array(&digest))
        } else {
            map.with(component::RAW, measurement.as_slice())
        };
        if u.ratio(1u8, 4u8)? {
            let authorities = [Value::Bytes(bytes(u, LENGTH)?), Value::Bytes(bytes(u, LENGTH)?)];
            map = map.with(component::AUTHORITIES, Value::Array(&authorities));
        }
        if u.ratio(1u8, 4u8)? {
            map = map.with(component::FLAGS, sized(u, 8, 8)?.as_slice());
        }
        Ok(map.to_bytes())
    }
}

impl View for EpochMarker<'static> {
    type Of<'b> = EpochMarker<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<EpochMarker<'_>, crate::Error> {
        EpochMarker::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let seconds = Value::from(i64::from(u.arbitrary::<u32>()?));
        let tick = sized(u, 8, 64)?;
        let ticks = vec![Value::Bytes(&tick); few(u, MEMBERS)?.max(1)];
        let (number, content) = match u.int_in_range(0..=4u8)? {
            0 => (epoch::DATE_TEXT, Value::Text("2026-07-01T12:00:00Z")),
            1 => (tag::EPOCH_TIME, seconds),
            2 => (epoch::TICK, Value::Bytes(&tick)),
            3 => (epoch::TICKS, Value::Array(&ticks)),
            _ => (epoch::COUNTER, seconds),
        };
        Ok(Value::Tag(number, &content).to_bytes())
    }
}
