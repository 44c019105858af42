//! COSE_Keys (RFC 9052 7).

use alloc::{collections::BTreeSet, vec::Vec};

use ::coset::{AsCborValue, CoseKeySet, KeyOperation, KeyType, iana};
use zeroize::Zeroizing;

use super::{
    FromCosetError, IntoCosetError, Registry,
    header::{bytes, closed, open},
    value,
};
use crate::{
    Profile, Rule,
    cbor::{Array, Head, Raw},
    error::Breaks,
    key::{CoseKey, KeyLabel, KeySet, OwnedPublicKey},
};

impl TryFrom<&CoseKey<'_>> for ::coset::CoseKey {
    type Error = IntoCosetError;

    /// A COSE_Key with every parameter, in which the order of `key_ops` is lost. What coset has of
    /// a private or symmetric key it neither wipes nor keeps from its `Debug`.
    fn try_from(key: &CoseKey<'_>) -> Result<Self, IntoCosetError> {
        // The type is required; to coset, none is type 0.
        key.required(KeyLabel::KTY)?;
        let mut theirs = Self::default();
        for (label, raw) in key.iter() {
            match label {
                KeyLabel::KTY => theirs.kty = key_type(&raw)?,
                KeyLabel::KID => theirs.key_id = bytes(&raw, Rule::KeyForm)?,
                KeyLabel::ALG => {
                    theirs.alg = Some(open(&raw, Registry::Algorithms, Rule::KeyForm)?)
                }
                KeyLabel::KEY_OPS => theirs.key_ops = operations(&raw)?,
                KeyLabel::BASE_IV => theirs.base_iv = bytes(&raw, Rule::KeyForm)?,
                other => {
                    let label = value::label(other.value(), raw.offset())?;
                    theirs.params.push((label, value::value(&raw)?));
                }
            }
        }
        Ok(theirs)
    }
}

impl TryFrom<&KeySet<'_>> for CoseKeySet {
    type Error = IntoCosetError;

    /// A COSE_KeySet, if coset can hold each of its keys.
    fn try_from(set: &KeySet<'_>) -> Result<Self, IntoCosetError> {
        set.iter().map(|key| (&key?).try_into()).collect::<Result<_, _>>().map(Self)
    }
}

fn key_type(raw: &Raw<'_>) -> Result<KeyType, IntoCosetError> {
    let kty = closed(raw, Registry::KeyTypes, Rule::KeyForm)?;
    if kty == KeyType::Assigned(iana::KeyType::Reserved) {
        return Err(IntoCosetError::ReservedKeyType { offset: raw.offset() });
    }
    Ok(kty)
}

fn operations(raw: &Raw<'_>) -> Result<BTreeSet<KeyOperation>, IntoCosetError> {
    let offset = raw.offset();
    let mut operations = BTreeSet::new();
    for operation in &Array::new(raw).breaks(Rule::KeyForm)? {
        if !operations.insert(closed(&operation, Registry::KeyOperations, Rule::KeyForm)?) {
            return Err(IntoCosetError::RepeatedKeyOperation { offset });
        }
    }
    if operations.is_empty() {
        return Err(IntoCosetError::EmptyMeansAbsent { offset });
    }
    Ok(operations)
}

/// Encodes a key of coset deterministically, for [`CoseKey::decode`].
///
/// It may be a secret, so the bytes are wiped when they are dropped.
///
/// # Errors
///
/// For a label that stands twice, and values nested too deeply.
pub fn encode_key(key: &::coset::CoseKey) -> Result<Zeroizing<Vec<u8>>, FromCosetError> {
    let encoded = key.clone().to_cbor_value().map_err(|_| FromCosetError::RepeatedLabel)?;
    let mut entries = Vec::new();
    for (label, value) in encoded.as_map().ok_or(FromCosetError::NotEncoded)? {
        entries.push((value::encode(label)?, Zeroizing::new(value::encode(value)?)));
    }
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    if entries.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b)) {
        return Err(FromCosetError::RepeatedLabel);
    }
    let head = Head::map(entries.len());
    let len = entries.iter().fold(head.as_bytes().len(), |sum, (label, value)| {
        sum.saturating_add(label.len()).saturating_add(value.len())
    });
    // All of the room at once: a vector that grows leaves copies behind.
    let mut out = Zeroizing::new(Vec::with_capacity(len));
    out.extend_from_slice(head.as_bytes());
    for (label, value) in &entries {
        out.extend_from_slice(label);
        out.extend_from_slice(value);
    }
    Ok(out)
}

impl TryFrom<&::coset::CoseKey> for OwnedPublicKey {
    type Error = FromCosetError;

    /// The public key, when it may verify signatures; a private part is left behind.
    fn try_from(key: &::coset::CoseKey) -> Result<Self, FromCosetError> {
        let encoded = encode_key(key)?;
        let key = CoseKey::decode(&encoded, &Profile::LENIENT)?.public_key()?;
        Ok(Self::from(&key))
    }
}
