//! What a component is called (SUIT manifest 8.4.5.1).

use core::fmt;

use cose_ext::cbor::{self, Array, Elements, Raw, Reader};

use crate::{Error, Rule, cursor::Cursor, error::Breaks};

/// The name of a component: a path of byte strings, borrowed from the manifest.
///
/// Two are equal when their segments are.
#[derive(Clone, Copy)]
pub struct ComponentId<'a> {
    raw: Raw<'a>,
}

impl<'a> ComponentId<'a> {
    /// Reads a component identifier.
    ///
    /// # Errors
    ///
    /// [`Rule::ComponentIdForm`] if it is no array of byte strings.
    pub fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        raw.read(Self::pass).breaks(Rule::ComponentIdForm)?;
        Ok(Self { raw: *raw })
    }

    /// Returns the identifier of this encoding, which was read before.
    pub(crate) const fn checked(bytes: &'a [u8]) -> Self {
        Self { raw: Raw::read_before(bytes, 0) }
    }

    /// Goes past a component identifier in deterministic encoding.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn next(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        let start = cursor.position();
        for _ in 0..cursor.array(Rule::ComponentIdForm)? {
            cursor.bytes(Rule::ComponentIdForm)?;
        }
        Ok(Self { raw: cursor.item_since(start) })
    }

    /// Goes past a component identifier.
    fn pass(reader: &mut Reader<'_>) -> Result<(), cbor::Error> {
        let mut left = reader.array()?;
        loop {
            match &mut left {
                Some(0) => return Ok(()),
                Some(left) => *left = left.saturating_sub(1),
                None if reader.take_break()? => return Ok(()),
                None => {}
            }
            reader.bytes()?;
        }
    }

    /// Returns the segments of the path.
    #[must_use]
    pub fn segments(&self) -> Segments<'a> {
        // It was read as an array before.
        Segments { elements: Array::new(&self.raw).ok().map(|array| array.iter()) }
    }

    /// Returns the encoded identifier, as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.raw.bytes()
    }

    /// Returns where the identifier starts in the envelope, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.raw.offset()
    }

    /// Returns whether the path begins with the segments of `prefix`.
    #[must_use]
    pub fn starts_with(&self, prefix: &ComponentId<'_>) -> bool {
        let mut segments = self.segments();
        prefix.segments().all(|segment| segments.next() == Some(segment))
    }
}

impl PartialEq for ComponentId<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.segments().eq(other.segments())
    }
}

impl Eq for ComponentId<'_> {}

/// Writes the segments in hexadecimal digits with slashes between them: `00/7e`.
impl fmt::Display for ComponentId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments().enumerate() {
            if index > 0 {
                f.write_str("/")?;
            }
            for byte in segment {
                write!(f, "{byte:02x}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for ComponentId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Iterator over the segments of a [`ComponentId`].
#[derive(Clone, Debug)]
pub struct Segments<'a> {
    elements: Option<Elements<'a>>,
}

impl<'a> Iterator for Segments<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        // Every element was read as a byte string before.
        self.elements
            .as_mut()?
            .next()
            .map(|segment| segment.read(Reader::bytes).unwrap_or_default())
    }
}
