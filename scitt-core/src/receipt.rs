//! A receipt with what its header says, and how receipts are read.

use merkle_proof::cose::{Receipt, ReceiptReading};

use crate::{Requirements, Rule, header_facts::HeaderFacts, requirements::unmet_by_receipt};

/// How receipts are read, and how much of RFC 9943 is asked of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptRules<'r> {
    /// How receipts are read where the specifications leave room.
    pub reading: ReceiptReading<'r>,
    /// How much of RFC 9943 is asked of their headers.
    pub requirements: Requirements,
}

impl ReceiptRules<'static> {
    /// The default reading, and all of RFC 9943.
    pub const DEFAULT: Self =
        Self { reading: ReceiptReading::DEFAULT, requirements: Requirements::Rfc9943 };
}

impl Default for ReceiptRules<'static> {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A receipt whose header was read once for all services and keys that it is tried with.
pub(crate) struct ReadReceipt<'r, 'a> {
    pub(crate) receipt: &'r Receipt<'a>,
    pub(crate) facts: HeaderFacts<'a>,
}

impl<'r, 'a> ReadReceipt<'r, 'a> {
    #[inline(never)] // So that its frame has ended before a signature is checked.
    pub(crate) fn new(receipt: &'r Receipt<'a>) -> Self {
        let facts = HeaderFacts::read(receipt.message().headers().protected());
        Self { receipt, facts }
    }

    /// The requirements of RFC 9943 that the header does not meet.
    pub(crate) fn unmet_requirements(&self) -> impl Iterator<Item = Rule> + use<> {
        unmet_by_receipt(&self.facts)
    }
}
