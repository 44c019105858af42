//! `oemid` (RFC 9711 4.2.3).

use cose_ext::cbor::{Int, Raw, Reader, Type};

use super::bytes;
use crate::{Error, Rule, error::Breaks};

/// Who made the hardware, in one of three forms; a receiver handles all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9711 4.2.3 has no others")]
pub enum OemId<'a> {
    /// 16 random bytes.
    Random(&'a [u8]),
    /// An IEEE identifier of 3 bytes: MA-L, MA-M or MA-S.
    Ieee(&'a [u8]),
    /// An IANA Private Enterprise Number. RFC 9711 4.2.3.3 wants it unsigned, its CDDL says `int`:
    /// it is read, and [`Claims::validate`](crate::Claims::validate) reports a negative one.
    Pen(Int),
}

impl<'a> OemId<'a> {
    /// Reads an integer, or a byte string of 3 or 16 bytes.
    ///
    /// # Errors
    ///
    /// [`Rule::OemId`].
    pub fn read(value: &Raw<'a>) -> Result<Self, Error> {
        if value.data_type() == Type::Int {
            return Ok(Self::Pen(value.read(Reader::int).breaks(Rule::OemId)?));
        }
        let id = bytes(value, Rule::OemId)?;
        match id.len() {
            3 => Ok(Self::Ieee(id)),
            16 => Ok(Self::Random(id)),
            _ => Err(Error::broken(Rule::OemId, value.offset())),
        }
    }
}
