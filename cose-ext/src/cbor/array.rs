//! An array that was checked.

use super::{Error, ErrorKind, Int, Raw, Reader, Strictness, head::head_len, skip_checked};

/// The elements of an array that stands in a checked item, borrowed from the input.
#[derive(Clone, Copy, Debug)]
pub struct Array<'b> {
    raw: Raw<'b>,
    len: usize,
}

impl<'b> Array<'b> {
    /// Reads an array from a checked item.
    ///
    /// # Errors
    ///
    /// If `raw` is of another type.
    pub fn new(raw: &Raw<'b>) -> Result<Self, Error> {
        let mut reader = Reader::new(raw.bytes(), Strictness::LENIENT);
        let announced = reader.array().map_err(|error| error.within(raw.offset()))?;
        let mut array = Self { raw: *raw, len: 0 };
        array.len = match announced.map(usize::try_from) {
            Some(Ok(len)) => len,
            _ => array.elements(UNTIL_BREAK).count(),
        };
        Ok(array)
    }

    /// Returns the number of elements.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns whether there are no elements.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the encoded array, as received.
    #[must_use]
    pub const fn bytes(&self) -> &'b [u8] {
        self.raw.bytes()
    }

    /// Returns where the array starts in the input, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.raw.offset()
    }

    /// Returns the elements in order.
    #[must_use]
    pub fn iter(&self) -> Elements<'b> {
        // The head was read before. No input has as many elements as stand for those of an
        // indefinite length.
        self.elements(if self.bytes().first() == Some(&0x9f) { UNTIL_BREAK } else { self.len })
    }

    fn elements(&self, left: usize) -> Elements<'b> {
        let reader = Reader::new(self.bytes(), Strictness::LENIENT).at(head_len(self.bytes()));
        Elements { reader, left, offset: self.offset() }
    }

    /// Returns the elements of an array that must have `N` of them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnexpectedLength`] if it has more or fewer.
    pub fn exactly<const N: usize>(&self) -> Result<[Raw<'b>; N], Error> {
        let unexpected = Error::new(ErrorKind::UnexpectedLength, self.offset());
        if self.len != N {
            return Err(unexpected);
        }
        let mut elements = [Raw::new(&[], self.offset()); N];
        let mut iter = self.iter();
        for element in &mut elements {
            *element = iter.next().ok_or(unexpected)?;
        }
        Ok(elements)
    }
}

impl<'b> IntoIterator for Array<'b> {
    type Item = Raw<'b>;
    type IntoIter = Elements<'b>;

    fn into_iter(self) -> Elements<'b> {
        self.iter()
    }
}

impl<'b> IntoIterator for &Array<'b> {
    type Item = Raw<'b>;
    type IntoIter = Elements<'b>;

    fn into_iter(self) -> Elements<'b> {
        self.iter()
    }
}

/// For the number of elements that are left: a break ends the array. One word beside the number of
/// elements would be one word in every frame of a machine that keeps its place in arrays.
const UNTIL_BREAK: usize = usize::MAX;

/// Iterator over the elements of an [`Array`].
#[derive(Clone, Debug)]
pub struct Elements<'b> {
    reader: Reader<'b>,
    left: usize,
    offset: usize,
}

impl<'b> Elements<'b> {
    /// Returns the next element as an integer.
    ///
    /// # Errors
    ///
    /// If the next element is of another type.
    #[inline]
    pub fn next_int(&mut self) -> Option<Result<Int, Error>> {
        let offset = self.offset;
        self.has_next().then(|| self.reader.int().map_err(|error| error.within(offset)))
    }

    /// Returns where the next element starts in the input, in bytes.
    #[inline]
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset.saturating_add(self.reader.position())
    }

    /// Whether another element stands here; the break that ends the array is consumed.
    #[inline]
    fn has_next(&mut self) -> bool {
        match self.left {
            0 => false,
            UNTIL_BREAK => {
                // An array that was checked has its break.
                let is_over = self.reader.take_break() != Ok(false);
                if is_over {
                    self.left = 0;
                }
                !is_over
            }
            left => {
                self.left = left.saturating_sub(1);
                true
            }
        }
    }
}

impl<'b> Iterator for Elements<'b> {
    type Item = Raw<'b>;

    #[cfg_attr(target_pointer_width = "64", inline)]
    fn next(&mut self) -> Option<Raw<'b>> {
        if !self.has_next() {
            return None;
        }
        let start = self.reader.position();
        skip_checked(&mut self.reader).ok()?;
        Some(Raw::new(self.reader.raw_since(start), self.offset.saturating_add(start)))
    }
}
