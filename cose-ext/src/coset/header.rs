//! Header buckets.

use alloc::vec::Vec;

use ::coset::{
    AsCborValue, Header, ProtectedHeader, RegisteredLabel, RegisteredLabelWithPrivate,
    iana::{EnumI64, WithPrivateRange},
};

use super::{FromCosetError, IntoCosetError, Registry, value};
use crate::{
    IntOrText, Label, MapBuilder, Profile, Rule, Value,
    cbor::{Array, Raw, Reader, Strictness, Type},
    error::Breaks,
    header::{Bucket, ContentType, Headers, HeadersBuilder, Protected},
    sign::CoseSignature,
};

/// Countersignatures of countersignatures that are followed. RFC 8152 shows one level; in a
/// protected bucket each level is a byte string of its own, so that nothing else bounds them.
const COUNTERSIGNED: usize = 4;

/// Both buckets.
pub(super) fn headers(headers: &Headers<'_>) -> Result<(ProtectedHeader, Header), IntoCosetError> {
    headers_within(headers, COUNTERSIGNED)
}

/// Both buckets, with `levels` of countersignatures.
fn headers_within(
    headers: &Headers<'_>,
    levels: usize,
) -> Result<(ProtectedHeader, Header), IntoCosetError> {
    Ok((protected(headers.protected(), levels)?, bucket(headers.unprotected(), levels)?))
}

/// coset authenticates the original data, so these are what RFC 9052 4.4 wants, not what was
/// received.
fn protected(protected: &Protected<'_>, levels: usize) -> Result<ProtectedHeader, IntoCosetError> {
    let original_data = Some(protected.as_authenticated(&Profile::LENIENT).to_vec());
    Ok(ProtectedHeader { original_data, header: bucket(protected, levels)? })
}

fn bucket(bucket: &Bucket<'_>, levels: usize) -> Result<Header, IntoCosetError> {
    let mut header = Header::default();
    for (label, raw) in bucket.iter() {
        match label {
            Label::ALG => {
                header.alg = Some(open(&raw, Registry::Algorithms, Rule::AlgorithmPresent)?)
            }
            Label::CRIT => header.crit = crit(&raw)?,
            Label::CONTENT_TYPE => header.content_type = Some(content_type(&raw)?),
            Label::KID => header.key_id = bytes(&raw, Rule::KeyIdForm)?,
            Label::IV => header.iv = bytes(&raw, Rule::NonceForm)?,
            Label::PARTIAL_IV => header.partial_iv = bytes(&raw, Rule::NonceForm)?,
            Label::COUNTER_SIGNATURE => {
                header.counter_signatures = countersignatures(&raw, levels)?;
            }
            other => {
                header.rest.push((value::label(other.value(), raw.offset())?, value::value(&raw)?))
            }
        }
    }
    Ok(header)
}

/// A label of a registry that has numbers for private use.
pub(super) fn open<T: EnumI64 + WithPrivateRange>(
    raw: &Raw<'_>,
    registry: Registry,
    rule: Rule,
) -> Result<RegisteredLabelWithPrivate<T>, IntoCosetError> {
    open_label(IntOrText::read_raw(raw, rule)?, registry, raw.offset())
}

/// Converts a label that was read at `offset`.
pub(super) fn open_label<T: EnumI64 + WithPrivateRange>(
    label: IntOrText<'_>,
    registry: Registry,
    offset: usize,
) -> Result<RegisteredLabelWithPrivate<T>, IntoCosetError> {
    match value::label(label, offset)? {
        ::coset::Label::Text(text) => Ok(RegisteredLabelWithPrivate::Text(text)),
        ::coset::Label::Int(value) => match T::from_i64(value) {
            Some(assigned) => Ok(RegisteredLabelWithPrivate::Assigned(assigned)),
            None if T::is_private(value) => Ok(RegisteredLabelWithPrivate::PrivateUse(value)),
            None => Err(IntoCosetError::Unregistered { registry, value, offset }),
        },
    }
}

/// A label of a registry without numbers for private use.
pub(super) fn closed<T: EnumI64>(
    raw: &Raw<'_>,
    registry: Registry,
    rule: Rule,
) -> Result<RegisteredLabel<T>, IntoCosetError> {
    let offset = raw.offset();
    match value::label(IntOrText::read_raw(raw, rule)?, offset)? {
        ::coset::Label::Text(text) => Ok(RegisteredLabel::Text(text)),
        ::coset::Label::Int(value) => T::from_i64(value)
            .map(RegisteredLabel::Assigned)
            .ok_or(IntoCosetError::Unregistered { registry, value, offset }),
    }
}

/// A byte string that coset takes for absent when it is empty.
pub(super) fn bytes(raw: &Raw<'_>, rule: Rule) -> Result<Vec<u8>, IntoCosetError> {
    let bytes = raw.read(Reader::bytes).breaks(rule)?;
    if bytes.is_empty() {
        return Err(IntoCosetError::EmptyMeansAbsent { offset: raw.offset() });
    }
    Ok(bytes.to_vec())
}

fn crit<T: EnumI64 + WithPrivateRange>(
    raw: &Raw<'_>,
) -> Result<Vec<RegisteredLabelWithPrivate<T>>, IntoCosetError> {
    let labels = Array::new(raw).breaks(Rule::CritForm)?;
    if labels.is_empty() {
        return Err(IntoCosetError::EmptyMeansAbsent { offset: raw.offset() });
    }
    let labels = labels.iter();
    labels.map(|label| open(&label, Registry::HeaderParameters, Rule::CritForm)).collect()
}

fn content_type(raw: &Raw<'_>) -> Result<::coset::ContentType, IntoCosetError> {
    // The registry has 16 bits; coset would look up any number.
    ContentType::read(raw, Rule::ContentTypeForm)?;
    closed(raw, Registry::ContentFormats, Rule::ContentTypeForm)
}

/// One COSE_Signature, or a list of several (RFC 8152 4.5).
fn countersignatures(
    raw: &Raw<'_>,
    levels: usize,
) -> Result<Vec<::coset::CoseSignature>, IntoCosetError> {
    let too_deep = IntoCosetError::CountersignatureDepth { offset: raw.offset() };
    let levels = levels.checked_sub(1).ok_or(too_deep)?;
    let elements = Array::new(raw).breaks(Rule::CountersignatureForm)?;
    let is_list = elements.iter().next().is_some_and(|first| {
        let reader = Reader::new(first.bytes(), Strictness::LENIENT);
        reader.peek().is_ok_and(|found| found == Type::Array)
    });
    if !is_list {
        return Ok(alloc::vec![countersignature(raw, levels)?]);
    }
    let several = elements.iter().map(|one| countersignature(&one, levels));
    let several = several.collect::<Result<Vec<_>, _>>()?;
    if several.len() == 1 {
        return Err(IntoCosetError::ListOfOne { offset: raw.offset() });
    }
    Ok(several)
}

fn countersignature(
    raw: &Raw<'_>,
    levels: usize,
) -> Result<::coset::CoseSignature, IntoCosetError> {
    let mut reader = Reader::new(raw.bytes(), Strictness::LENIENT);
    let view = CoseSignature::read(&mut reader, &Profile::LENIENT, Rule::CountersignatureForm)
        .map_err(|error| error.within(raw.offset()))?
        .within(raw.offset());
    let (protected, unprotected) = headers_within(view.headers(), levels)?;
    Ok(::coset::CoseSignature { protected, unprotected, signature: view.signature().to_vec() })
}

/// The parameters of both buckets, to be encoded again.
pub(super) fn builder(
    protected: &ProtectedHeader,
    unprotected: &Header,
) -> Result<HeadersBuilder, FromCosetError> {
    Ok(HeadersBuilder {
        external_aad: Vec::new(),
        protected: (&protected.header).try_into()?,
        unprotected: unprotected.try_into()?,
    })
}

impl TryFrom<&Header> for MapBuilder {
    type Error = FromCosetError;

    /// One header bucket.
    fn try_from(header: &Header) -> Result<Self, FromCosetError> {
        // What coset writes it as, so that the forms of parameters have no second implementation
        // here.
        entries(&header.clone().to_cbor_value().map_err(|_| FromCosetError::RepeatedLabel)?)
    }
}

/// The entries of a map that coset made.
pub(super) fn entries(map: &::coset::cbor::Value) -> Result<MapBuilder, FromCosetError> {
    let mut builder = MapBuilder::new();
    for (label, value) in map.as_map().ok_or(FromCosetError::NotEncoded)? {
        let label = ::coset::Label::from_cbor_value(label.clone());
        let label = label.map_err(|_| FromCosetError::NotEncoded)?;
        let label = value::borrow(&label);
        if builder.has(label) {
            return Err(FromCosetError::RepeatedLabel);
        }
        builder = builder.with(label, Value::Encoded(&value::encode(value)?));
    }
    Ok(builder)
}
