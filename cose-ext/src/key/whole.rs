//! Keys whose coordinates are as long as their curve wants.

use crate::{Error, Rule, crypto::KeyMaterial};

/// Refuses a key whose coordinates are not as long as its curve wants, or whose curve is of another
/// key type (RFC 9053 7.1.1, 7.2; RFC 7518 6.2.1.2).
///
/// A key whose coordinates are shifted is another key as soon as it is written in a format that does
/// not keep them apart, and a list by thumbprint would see the one while the other is used. So every
/// reader, every writer and the thumbprint ask. `offset` is where the key stands in the input.
pub(crate) const fn check_whole(key: &KeyMaterial<'_>, offset: usize) -> Result<(), Error> {
    match key.check() {
        Ok(()) => Ok(()),
        Err(_) => Err(Error::malformed(Rule::KeyForm, offset)),
    }
}

/// Asks of the public part of a private key, where one came along.
pub(crate) const fn check_part(key: &Option<KeyMaterial<'_>>, offset: usize) -> Result<(), Error> {
    match key {
        Some(key) => check_whole(key, offset),
        None => Ok(()),
    }
}
