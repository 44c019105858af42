//! The `receipts` parameter (RFC 9942 4.3).

use crate::{
    Error, Rule,
    cbor::{Array, Raw},
    error::Breaks,
};

/// `receipts`: encoded COSE_Sign1 receipts (RFC 9942 4.3). They are untrusted: anybody can add some
/// or remove some.
#[derive(Clone, Copy, Debug)]
pub struct Receipts<'a> {
    receipts: Array<'a>,
}

impl<'a> Receipts<'a> {
    pub(super) fn read(value: &Raw<'a>) -> Result<Self, Error> {
        let receipts = Array::new(value).breaks(Rule::ReceiptsForm)?;
        if receipts.is_empty() {
            return Err(Error::malformed(Rule::ReceiptsForm, value.offset()));
        }
        for receipt in &receipts {
            receipt.read(|reader| reader.bytes()).breaks(Rule::ReceiptsForm)?;
        }
        Ok(Self { receipts })
    }

    /// Returns the number of receipts, at least one.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.receipts.len()
    }

    /// Returns the receipts in the order of the input, each with the offset of its first byte.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &'a [u8])> + use<'a> {
        self.receipts.iter().filter_map(|receipt| {
            let bytes = receipt.read(|reader| reader.bytes()).ok()?;
            let head = receipt.bytes().len().saturating_sub(bytes.len());
            Some((receipt.offset().saturating_add(head), bytes))
        })
    }
}
