//! What was read of a slot, which may be the beginning of a longer record.

use cose_ext::cbor::{Reader, Strictness};

use super::{StoreError, seal::TAG};

/// What was read of a slot: as many bytes as there are and as the buffer takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contents<'b> {
    bytes: &'b [u8],
    /// What was read fills the buffer, so there may be more of it.
    is_full: bool,
}

/// A record: a seal, whole, and what stands beside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'b> {
    pub(super) seal: &'b [u8],
    pub(super) beside: Beside<'b>,
}

/// What a seal is about, as it stands beside the seal.
#[derive(Clone, Copy, Debug)]
pub(super) enum Beside<'b> {
    /// All of it.
    Whole(&'b [u8]),
    /// It goes on behind the end of the buffer, and claims so many bytes, if that was read.
    Longer(Option<u64>),
}

impl<'b> Contents<'b> {
    /// Returns the first `len` bytes of the buffer, which were read from a slot.
    pub(super) fn new(buffer: &'b [u8], len: usize) -> Self {
        Self { bytes: buffer.get(..len).unwrap_or(buffer), is_full: len >= buffer.len() }
    }

    /// Returns the record. What stands behind it is left from before; what is no record is nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::ShortBuffer`] for a seal of this purpose that goes on behind the end of the
    /// buffer. It is not nothing: whoever took it for nothing would write over it.
    pub(super) fn record<E>(&self, purpose: &str) -> Result<Option<Record<'b>>, StoreError<E>> {
        if let Some((seal, beside)) = parts(self.bytes) {
            return Ok(Some(Record { seal, beside: Beside::Whole(beside) }));
        }
        if !self.is_full {
            return Ok(None);
        }
        let mut beginning = Beginning { rest: self.bytes };
        match beginning.record(purpose) {
            Ok(record) => Ok(Some(record)),
            Err(End::CutOff) => Err(StoreError::ShortBuffer),
            Err(End::Another) => Ok(None),
        }
    }
}

fn parts(slot: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = Reader::new(slot, Strictness::DETERMINISTIC);
    let is_pair = reader.array().ok()? == Some(2);
    let (seal, rest) = (reader.bytes().ok()?, reader.bytes().ok()?);
    is_pair.then_some((seal, rest))
}

/// What stands before the length of a sealed content: tag 17, an array of four, the protected
/// header `{1: 5}` for HMAC with SHA-256, and an empty unprotected one.
const MAC0: [u8; 7] = [0xd1, 0x84, 0x43, 0xa1, 0x01, 0x05, 0xa0];

/// The length of the head of a tag, a byte string of [`TAG`] bytes.
const TAG_HEAD: usize = 2;

/// Why what was read is not looked at further.
enum End {
    /// It ends here, and was as it has to be.
    CutOff,
    /// It is something else.
    Another,
}

/// What is left of the beginning of a record. Nothing is authenticated by it: that comes when the
/// seal is whole, and until then a longer buffer is asked for.
struct Beginning<'b> {
    rest: &'b [u8],
}

impl<'b> Beginning<'b> {
    /// Returns the record if its seal is whole.
    fn record(&mut self, purpose: &str) -> Result<Record<'b>, End> {
        self.expect(&[0x82])?;
        let claimed = self.head(2)?;
        let len = usize::try_from(claimed).unwrap_or(usize::MAX);
        let Some((seal, rest)) = self.rest.split_at_checked(len) else {
            return Err(self.seal(claimed, purpose));
        };
        self.rest = rest;
        let beside = match self.head(2) {
            Ok(claimed) => Beside::Longer(Some(claimed)),
            Err(End::CutOff) => Beside::Longer(None),
            Err(End::Another) => return Err(End::Another),
        };
        Ok(Record { seal, beside })
    }

    /// Says whether the rest is the beginning of a seal of this purpose. What was left by a loss of
    /// power or by a fault of the memory is taken for one only if all of this is as it was: the
    /// heads, the purpose, and two lengths that have to agree.
    fn seal(&mut self, claimed: u64, purpose: &str) -> End {
        match self.begins_seal(claimed, purpose) {
            Err(End::Another) => End::Another,
            _ => End::CutOff,
        }
    }

    fn begins_seal(&mut self, claimed: u64, purpose: &str) -> Result<(), End> {
        let before = self.rest.len();
        self.expect(&MAC0)?;
        let content = self.head(2)?;
        let heads = before.saturating_sub(self.rest.len());
        let around = heads.saturating_add(TAG).saturating_add(TAG_HEAD);
        if Some(claimed) != u64::try_from(around).ok().and_then(|len| content.checked_add(len)) {
            return Err(End::Another);
        }
        self.head(4)?;
        if u64::try_from(purpose.len()) != Ok(self.head(3)?) {
            return Err(End::Another);
        }
        self.expect(purpose.as_bytes())
    }

    /// Goes on behind these bytes.
    fn expect(&mut self, expected: &[u8]) -> Result<(), End> {
        if self.rest.iter().zip(expected).any(|(read, expected)| read != expected) {
            return Err(End::Another);
        }
        self.rest = self.rest.get(expected.len()..).ok_or(End::CutOff)?;
        Ok(())
    }

    /// Goes on behind the head of an item of this major type, and returns its argument.
    fn head(&mut self, major: u8) -> Result<u64, End> {
        let (first, rest) = self.rest.split_first().ok_or(End::CutOff)?;
        if first >> 5 != major {
            return Err(End::Another);
        }
        let len = match first & 0x1f {
            small @ 0..24 => {
                self.rest = rest;
                return Ok(u64::from(small));
            }
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return Err(End::Another),
        };
        let (argument, rest) = rest.split_at_checked(len).ok_or(End::CutOff)?;
        self.rest = rest;
        Ok(argument.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
    }
}
