//! What a timestamp of a COSE_Sign1 covers (RFC 9921 3).

use super::Sign1;
use crate::{
    Error, Input,
    cbor::{self, Reader, Strictness, Type, skip},
    header::{Timestamp, TimestampMode},
};

impl<'a> Timestamp<'a> {
    /// Returns the bytes whose hash is the message imprint of the token, in a COSE_Sign1.
    ///
    /// These are the payload without its head (RFC 9921 3.2), or the signature field with its head,
    /// as received (RFC 9921 3.1).
    ///
    /// Of other messages the caller names the field: `signatures` of a COSE_Sign as encoded.
    ///
    /// # Errors
    ///
    /// As [`Sign1::danger_unverified_payload_of`].
    pub fn covered<'p>(&self, message: &Sign1<'a>, input: &Input<'p, '_>) -> Result<&'p [u8], Error>
    where
        'a: 'p,
    {
        match self.mode() {
            TimestampMode::TimestampThenCose => message.danger_unverified_payload_of(input),
            TimestampMode::CoseThenTimestamp => Ok(signature_field(message.bytes())?),
        }
    }
}

/// The fourth element of the array, head included.
fn signature_field(message: &[u8]) -> Result<&[u8], cbor::Error> {
    let mut reader = Reader::new(message, Strictness::LENIENT);
    if reader.peek()? == Type::Tag {
        reader.item()?;
    }
    reader.array()?;
    for _ in 0..3 {
        skip(&mut reader)?;
    }
    let start = reader.position();
    skip(&mut reader)?;
    Ok(reader.raw_since(start))
}
