//! The challenge that Evidence of this device has to repeat.

use core::fmt;

/// A challenge of up to 512 bytes, which is what the text allows; it never shows.
#[derive(Clone)]
pub(super) struct Challenge {
    bytes: [u8; Self::MOST],
    len: usize,
}

impl Challenge {
    /// The longest challenge of the text.
    const MOST: usize = 512;
    pub(super) const NONE: Self = Self { bytes: [0; Self::MOST], len: 0 };

    /// Copies a challenge whose length was checked when its message was decoded.
    pub(super) fn new(challenge: &[u8]) -> Self {
        let mut kept = Self::NONE;
        if let Some(place) = kept.bytes.get_mut(..challenge.len()) {
            place.copy_from_slice(challenge);
            kept.len = challenge.len();
        }
        kept
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Challenge({} bytes)", self.len)
    }
}
