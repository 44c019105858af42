//! The name of a class of devices.

use core::fmt;

/// The subject of the blocks for one class of devices: its class identifier (RFC 9562) as a URN, in
/// lower case.
///
/// ```
/// use transparent_suit::ClassUrn;
/// let class = ClassUrn::new(&[
///     0x9e, 0x9e, 0x32, 0x17, 0xea, 0xdb, 0x56, 0xbb,
///     0x8c, 0x57, 0x15, 0x59, 0x52, 0x5b, 0x18, 0x32,
/// ]);
/// assert_eq!(class.as_str(), "urn:uuid:9e9e3217-eadb-56bb-8c57-1559525b1832");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClassUrn([u8; ClassUrn::LEN]);

impl ClassUrn {
    const PREFIX: &'static [u8] = b"urn:uuid:";
    /// The prefix, 32 digits, four hyphens.
    const LEN: usize = 9 + 32 + 4;

    /// Names the class with this identifier.
    #[must_use]
    pub fn new(class_identifier: &[u8; 16]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'-'; Self::LEN];
        let (prefix, digits) = text.split_at_mut(Self::PREFIX.len());
        prefix.copy_from_slice(Self::PREFIX);
        let mut places = digits.iter_mut();
        let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or_default();
        for (index, byte) in class_identifier.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                // A hyphen, which stands there already.
                places.next();
            }
            for (half, place) in [byte >> 4, byte & 15].into_iter().zip(&mut places) {
                *place = digit(half);
            }
        }
        Self(text)
    }

    /// Returns the URN.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Letters, digits, colons and hyphens.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for ClassUrn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ClassUrn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
