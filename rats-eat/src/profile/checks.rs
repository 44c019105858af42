//! Forms of single claims that profiles ask for.

use cose_ext::{
    Profile,
    cbor::{Map, Raw, Reader, Type},
    key::CoseKey,
};

use crate::{
    Error, Rule,
    claim::{self, Nonces},
    error::Breaks,
    hash_name::hash_named,
    label::{ear, psa},
    lifecycle::Lifecycle,
};

const fn broken(rule: Rule, value: &Raw<'_>) -> Result<(), Error> {
    Err(Error::broken(rule, value.offset()))
}

/// Any text.
pub(super) fn text(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    claim::text(value, rule).map(|_| ())
}

/// Any byte string.
pub(super) fn bytes(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    claim::bytes(value, rule).map(|_| ())
}

/// Exactly one nonce of RFC 9711.
pub(super) fn one_nonce(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    match Nonces::read(value)?.only() {
        Some(_) => Ok(()),
        None => broken(rule, value),
    }
}

/// Nonces of RFC 9711, one or more.
pub(super) fn nonces(value: &Raw<'_>, _: Rule) -> Result<(), Error> {
    Nonces::read(value).map(|_| ())
}

/// What RFC 9711 says of the claim; a profile asks that it is there.
pub(super) fn ueid(value: &Raw<'_>, _: Rule) -> Result<(), Error> {
    claim::Ueid::read(value).map(|_| ())
}

pub(super) fn oem_id(value: &Raw<'_>, _: Rule) -> Result<(), Error> {
    claim::OemId::read(value).map(|_| ())
}

pub(super) fn hardware_model(value: &Raw<'_>, _: Rule) -> Result<(), Error> {
    claim::sized(value, 1, 32, Rule::HwModel).map(|_| ())
}

pub(super) fn hardware_version_of_eat(value: &Raw<'_>, _: Rule) -> Result<(), Error> {
    claim::Version::read(value, Rule::HwVersion).map(|_| ())
}

pub(super) fn manifests(value: &Raw<'_>, _: Rule) -> Result<(), Error> {
    claim::Contents::read(value, Rule::Manifests).map(|_| ())
}

/// A map; what it holds is read with the set.
pub(super) fn confirmation(value: &Raw<'_>, _: Rule) -> Result<(), Error> {
    some_map(value, Rule::Confirmation)
}

/// A map that is not empty.
pub(super) fn some_map(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    if Map::new(value).breaks(rule)?.is_empty() { broken(rule, value) } else { Ok(()) }
}

/// Seconds since 1970, in 64 bits.
pub(super) fn issued_at(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    match value.read(Reader::int).breaks(rule)?.to_i64() {
        Some(_) => Ok(()),
        None => broken(rule, value),
    }
}

/// Developer and build, two texts.
pub(super) fn verifier_id(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    let map = Map::new(value).breaks(rule)?;
    let missing = Error::broken(rule, value.offset());
    let members = map.find_all([ear::DEVELOPER, ear::BUILD]);
    members.iter().try_for_each(|member| text(&member.ok_or(missing)?, rule))
}

/// As long as SHA-256, SHA-384 or SHA-512.
pub(super) fn digest(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    match claim::bytes(value, rule)?.len() {
        32 | 48 | 64 => Ok(()),
        _ => broken(rule, value),
    }
}

pub(super) fn bytes_32(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    claim::sized(value, 32, 32, rule).map(|_| ())
}

pub(super) fn bytes_64(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    claim::sized(value, 64, 64, rule).map(|_| ())
}

pub(super) fn boot_seed(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    claim::sized(value, 8, 32, rule).map(|_| ())
}

/// A UEID of type RAND with 32 bytes.
pub(super) fn instance_id(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    match claim::sized(value, 33, 33, rule)?.first() {
        Some(1) => Ok(()),
        _ => broken(rule, value),
    }
}

/// Checks that the client id has 32 bits and is not 0, which belongs to nobody.
pub(super) fn client_id(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    let client = value.read(Reader::int).breaks(rule)?.to_i64();
    match client.map(i32::try_from) {
        Some(Ok(client)) if client != 0 => Ok(()),
        _ => broken(rule, value),
    }
}

/// One of the seven ranges of 256 states.
pub(super) fn lifecycle(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    match Lifecycle::of(claim::uint(value, rule)?) {
        Some(_) => Ok(()),
        None => broken(rule, value),
    }
}

/// `[0-9]{13}-[0-9]{5}`.
pub(super) fn certification_reference(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    if is_certification_reference(claim::text(value, rule)?) { Ok(()) } else { broken(rule, value) }
}

/// Whether a reference is one of RFC 9783: `[0-9]{13}-[0-9]{5}`.
pub(crate) fn is_certification_reference(text: &str) -> bool {
    let parts = text.split_once('-');
    parts.is_some_and(|(number, version)| is_digits(number, 13) && is_digits(version, 5))
}

/// `[0-9]{13}`, and since some draft `-[0-9]{5}` behind it.
pub(super) fn hardware_version(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    if is_hardware_version(claim::text(value, rule)?) { Ok(()) } else { broken(rule, value) }
}

/// Whether a reference is one of the forms before RFC 9783.
pub(crate) fn is_hardware_version(text: &str) -> bool {
    is_digits(text, 13) || is_certification_reference(text)
}

fn is_digits(text: &str, len: usize) -> bool {
    text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// At least one software component with measurement and signer.
pub(super) fn components(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    let components = claim::some(value, rule)?;
    components.iter().try_for_each(|component| {
        let map = Map::new(&component).breaks(rule)?;
        let keys = [psa::TYPE, psa::MEASUREMENT, psa::VERSION, psa::SIGNER, psa::DESCRIPTION];
        let [kind, measurement, version, signer, description] = map.find_all(keys);
        let missing = Error::broken(rule, component.offset());
        digest(&measurement.ok_or(missing)?, rule)?;
        digest(&signer.ok_or(missing)?, rule)?;
        [kind, version, description].iter().flatten().try_for_each(|member| text(member, rule))
    })
}

/// The number 1.
pub(super) fn one(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    if claim::uint(value, rule)? == 1 { Ok(()) } else { broken(rule, value) }
}

/// Four digests.
pub(super) fn four_digests(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    let registers = claim::array(value, rule)?;
    if registers.len() != 4 {
        return broken(rule, value);
    }
    registers.iter().try_for_each(|register| digest(&register, rule))
}

/// `sha-256`, `sha-384` or `sha-512`.
pub(super) fn hash_name(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    match value.data_type() {
        Type::Text if hash_named(claim::text(value, rule)?).is_some() => Ok(()),
        _ => broken(rule, value),
    }
}

/// A point of P-384 without compression: 4, x and y, in bytes.
pub(crate) const P384_POINT: usize = 97;

/// A point of P-384 without compression, or an encoded COSE_Key.
pub(super) fn realm_key(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    match claim::bytes(value, rule)? {
        point @ [4, ..] if point.len() == P384_POINT => Ok(()),
        key if is_public_key(key) => Ok(()),
        _ => broken(rule, value),
    }
}

fn is_public_key(bytes: &[u8]) -> bool {
    CoseKey::decode(bytes, &Profile::LENIENT).is_ok_and(|key| key.public_key().is_ok())
}
