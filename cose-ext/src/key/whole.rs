//! Keys whose coordinates are as long as their curve wants.

use crate::{
    Error, Rule,
    crypto::{KeyMaterial, YCoordinate},
    error::Fact,
};

/// Refuses a key whose coordinates are not as long as its curve wants, or whose curve is of another
/// key type (RFC 9053 7.1.1, 7.2; RFC 7518 6.2.1.2).
///
/// A key whose coordinates are shifted is another key as soon as it is written in a format that
/// does not keep them apart, and a list by thumbprint would see the one while the other is used. So
/// every reader, every writer and the thumbprint ask. `offset` is where the key stands in the
/// input.
pub(crate) const fn check_whole(key: &KeyMaterial<'_>, offset: usize) -> Result<(), Error> {
    match key.check() {
        Ok(()) => Ok(()),
        Err(_) => Err(match wrong_length(key) {
            Some(fact) => Error::malformed_by(Rule::KeyForm, fact, offset),
            None => Error::malformed(Rule::KeyForm, offset),
        }),
    }
}

/// Which length is wrong; `None` where it is the curve.
const fn wrong_length(key: &KeyMaterial<'_>) -> Option<Fact> {
    let (curve, x, y) = match key {
        KeyMaterial::Okp { curve, x } => (curve, *x, None),
        KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) } => (curve, *x, Some(*y)),
        KeyMaterial::Ec2 { curve, x, .. } => (curve, *x, None),
        _ => return None,
    };
    let Some(expected) = curve.coordinate_len() else { return None };
    match y {
        _ if x.len() != expected => Some(Fact::coordinate(expected, x.len())),
        Some(y) if y.len() != expected => Some(Fact::coordinate(expected, y.len())),
        _ => None,
    }
}

/// Asks of the public part of a private key, where one came along.
pub(crate) const fn check_part(key: &Option<KeyMaterial<'_>>, offset: usize) -> Result<(), Error> {
    match key {
        Some(key) => check_whole(key, offset),
        None => Ok(()),
    }
}
