//! The `cnf` claim (RFC 8747 3).

use core::fmt;

use super::ConfirmationMethod;
use crate::{
    Error, Rule,
    cbor::{self, Map, Raw, Reader, Type, skip},
    error::Breaks,
    key::{CoseKey, Thumbprint},
};

/// `cnf`: how the key is named that the presenter of a token has to prove to have (RFC 8747 3).
///
/// At most one of COSE_Key and Encrypted_COSE_Key; a kid or a thumbprint may stand beside it.
/// Members that are not read here are kept and, as RFC 8747 3.1 wants, ignored.
#[derive(Clone, Copy)]
pub struct Confirmation<'a> {
    map: Map<'a>,
    key: Option<CoseKey<'a>>,
    encrypted_key: Option<Raw<'a>>,
    key_id: Option<&'a [u8]>,
    thumbprint: Option<Thumbprint>,
}

impl<'a> Confirmation<'a> {
    pub(super) fn read(value: &Raw<'a>) -> Result<Self, Error> {
        const RULE: Rule = Rule::ConfirmationForm;
        let map = Map::new(value).breaks(RULE)?;
        let mut confirmation =
            Self { map, key: None, encrypted_key: None, key_id: None, thumbprint: None };
        for (label, value) in &map {
            match ConfirmationMethod::read_raw(&label, RULE)? {
                ConfirmationMethod::COSE_KEY => {
                    confirmation.key = Some(CoseKey::new(&value, RULE)?)
                }
                ConfirmationMethod::ENCRYPTED_COSE_KEY => {
                    value.read(message).breaks(RULE)?;
                    confirmation.encrypted_key = Some(value);
                }
                ConfirmationMethod::KID => {
                    confirmation.key_id = Some(value.read(Reader::bytes).breaks(RULE)?)
                }
                ConfirmationMethod::CKT => {
                    let digest = value.read(Reader::bytes).breaks(RULE)?.try_into();
                    let wrong = Error::malformed(RULE, value.offset());
                    confirmation.thumbprint =
                        Some(Thumbprint::from_bytes(digest.map_err(|_| wrong)?));
                }
                _ => {}
            }
        }
        match (confirmation.key, confirmation.encrypted_key) {
            (Some(_), Some(second)) => Err(Error::malformed(RULE, second.offset())),
            _ => Ok(confirmation),
        }
    }

    /// Returns the key, if `cnf` holds it as a COSE_Key.
    #[must_use]
    pub const fn key(&self) -> Option<&CoseKey<'a>> {
        self.key.as_ref()
    }

    /// Returns the symmetric key as an encoded COSE_Encrypt or COSE_Encrypt0.
    #[must_use]
    pub const fn encrypted_key(&self) -> Option<Raw<'a>> {
        self.encrypted_key
    }

    /// Returns the kid of the key.
    ///
    /// Where nothing else names the key, the kid is a hint only, unless the parties agreed that it
    /// is unique (RFC 8747 3.4).
    #[must_use]
    pub const fn key_id(&self) -> Option<&'a [u8]> {
        self.key_id
    }

    /// Returns the thumbprint of the key (RFC 9679 5.6).
    #[must_use]
    pub const fn thumbprint(&self) -> Option<Thumbprint> {
        self.thumbprint
    }

    /// Returns the value of another confirmation method.
    #[must_use]
    pub fn find(&self, method: ConfirmationMethod<'_>) -> Option<Raw<'a>> {
        let read = |raw: &Raw<'a>| ConfirmationMethod::read_raw(raw, Rule::ConfirmationForm);
        let found = self.map.iter().find(|(label, _)| read(label).is_ok_and(|at| at == method));
        found.map(|(_, value)| value)
    }
}

/// The head of a COSE_Encrypt or COSE_Encrypt0, tagged or not; what it holds is read elsewhere.
fn message(reader: &mut Reader<'_>) -> Result<(), cbor::Error> {
    let start = reader.position();
    if !matches!(reader.peek()?, Type::Array | Type::Tag) {
        let item = reader.item()?;
        return Err(reader.unexpected(Type::Array, &item, start));
    }
    skip(reader).map(|_| ())
}

impl fmt::Debug for Confirmation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Confirmation")
            .field("key", &self.key)
            .field("has_encrypted_key", &self.encrypted_key.is_some())
            .field("thumbprint", &self.thumbprint)
            .finish_non_exhaustive()
    }
}
