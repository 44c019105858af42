//! Copies of bytes with one change, on the stack.

/// Bytes that are not quite the original's, on the stack.
pub(super) struct Altered {
    bytes: [u8; Self::MAX_LEN],
    len: usize,
}

impl Altered {
    /// The longest original, a signature by ML-DSA-87, and one byte more.
    const MAX_LEN: usize = 4627 + 1;

    /// `parts` one after the other.
    fn of(parts: [&[u8]; 2]) -> Self {
        let mut altered = Self { bytes: [0; Self::MAX_LEN], len: 0 };
        for (place, byte) in altered.bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *place = *byte;
            altered.len = altered.len.saturating_add(1);
        }
        altered
    }

    /// One bit of the byte `at` is another.
    pub(super) fn flipped(original: &[u8], at: usize) -> Self {
        let mut altered = Self::of([original, &[]]);
        if let Some(byte) = altered.bytes.get_mut(at) {
            *byte ^= 1;
        }
        altered
    }

    /// Every byte is `byte`.
    pub(super) fn filled(original: &[u8], byte: u8) -> Self {
        let mut altered = Self::of([original, &[]]);
        altered.bytes.fill(byte);
        altered
    }

    /// Other lengths: nothing, one byte less, half, and a zero more at either end.
    pub(super) fn lengths(original: &[u8]) -> [Self; 5] {
        let shorter = original.split_last().map_or(original, |(_, shorter)| shorter);
        let half = original.get(..original.len() / 2).unwrap_or_default();
        [
            Self::of([&[], &[]]),
            Self::of([shorter, &[]]),
            Self::of([half, &[]]),
            Self::of([&[0], original]),
            Self::of([original, &[0]]),
        ]
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// Places to change one at a time: each byte of what is short, else some 60, the last among them.
pub(super) fn places(len: usize) -> impl Iterator<Item = usize> {
    let step = if len > 132 { len.div_ceil(60) } else { 1 };
    (0..len).rev().step_by(step)
}
