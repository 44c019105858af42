//! A payload that is handed over piece by piece.

use crate::{
    cbor::widen,
    crypto::{Feed, Interrupted},
};

/// A detached payload that is handed over piece by piece, for messages whose payload does not fit
/// into memory.
pub struct Stream<'s> {
    /// The length of the payload, in bytes: it is signed before the payload is.
    pub len: u64,
    /// Hands over the payload from its beginning, each time it is called.
    pub feed: &'s mut Feed<'s>,
}

impl<'s> Stream<'s> {
    /// Returns a payload of `len` bytes that `feed` hands over.
    pub fn new(len: u64, feed: &'s mut Feed<'s>) -> Self {
        Self { len, feed }
    }

    /// Hands over the parts of a structure and then the payload, no more and no fewer bytes than
    /// its length.
    pub(crate) fn after(
        &mut self,
        parts: &[&[u8]],
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Interrupted> {
        for part in parts {
            sink(part);
        }
        let mut left = Some(self.len);
        (self.feed)(&mut |piece| {
            left = left.and_then(|left| left.checked_sub(widen(piece.len())));
            sink(piece);
        })?;
        if left == Some(0) { Ok(()) } else { Err(Interrupted) }
    }
}
