use crate::{
    Error, Input, Rule, Sign1,
    cbor::{self, Raw, Reader, Strictness, Type, skip},
    error::Breaks,
};

/// Which of signature and timestamp came first, and so what the timestamp covers (RFC 9921 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampMode {
    /// 3161-ttc: the payload was stamped, then signed with the token in the protected bucket.
    TimestampThenCose,
    /// 3161-ctt: the signature was stamped; the token came into the unprotected bucket afterwards.
    CoseThenTimestamp,
}

/// A timestamp as the header carries it (RFC 9921 3): a TimeStampToken of RFC 3161 in DER. Opaque
/// here; with feature `timestamp` it can be checked against the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp<'a> {
    token: &'a [u8],
    offset: usize,
    mode: TimestampMode,
}

impl<'a> Timestamp<'a> {
    pub(super) fn read(value: &Raw<'a>, mode: TimestampMode) -> Result<Self, Error> {
        let token = value.read(Reader::bytes).breaks(Rule::TimestampForm)?;
        let head = value.bytes().len().saturating_sub(token.len());
        Ok(Self { token, offset: value.offset().saturating_add(head), mode })
    }

    /// The TimeStampToken, DER.
    pub const fn token(&self) -> &'a [u8] {
        self.token
    }

    /// Where the token starts in the message, in bytes.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// What the timestamp covers.
    pub const fn mode(&self) -> TimestampMode {
        self.mode
    }

    /// What the message imprint of the token is the hash of, in a COSE_Sign1: the payload without
    /// its head (RFC 9921 3.2), or the signature field with its head, as received (RFC 9921 3.1).
    ///
    /// Of other messages the caller names the field: `signatures` of a COSE_Sign as encoded.
    ///
    /// # Errors
    /// As [`Sign1::payload`].
    pub fn covered<'p>(&self, message: &Sign1<'a>, input: &Input<'p>) -> Result<&'p [u8], Error>
    where
        'a: 'p,
    {
        match self.mode {
            TimestampMode::TimestampThenCose => message.payload(input),
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
