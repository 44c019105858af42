//! Items that a reader with knowledge of its format has read.

use super::Raw;

impl<'b> Raw<'b> {
    /// Returns the item that stands in `bytes`, at byte `offset` of the input, which the caller has
    /// read from its first byte to its last one, as strictly as [`check`](super::check) does.
    ///
    /// For readers that know which items have to come, and so check them on the way. Nothing is
    /// looked at here: for bytes that nobody has read use [`decode`](Self::decode).
    #[inline]
    #[must_use]
    pub const fn read_before(bytes: &'b [u8], offset: usize) -> Self {
        Self::new(bytes, offset)
    }
}
