//! What a receipt is verified with.

use core::fmt;

use cose_ext::{Context, key::KeyResolver};

use super::ReceiptReading;

/// What a receipt is verified with: how it is read, which keys its log has, and the context.
///
/// Structures that IANA does not list (vds 2 and 3) are refused unless the reading names them
/// ([`ReceiptReading::with_ccf_ledger`], [`ReceiptReading::with_mmr`]).
#[derive(Clone, Copy)]
pub struct ReceiptVerifier<'v> {
    pub(super) reading: &'v ReceiptReading<'v>,
    pub(super) keys: &'v dyn KeyResolver,
    pub(super) context: &'v Context<'v>,
}

impl<'v> ReceiptVerifier<'v> {
    /// Makes the verifier that trusts `keys` and reads receipts as [`ReceiptReading::DEFAULT`]
    /// says.
    pub const fn new(keys: &'v dyn KeyResolver, context: &'v Context<'v>) -> Self {
        Self { reading: &ReceiptReading::DEFAULT, keys, context }
    }

    /// Sets how receipts are read where the specifications leave room.
    #[must_use]
    pub const fn with_reading(mut self, reading: &'v ReceiptReading<'v>) -> Self {
        self.reading = reading;
        self
    }

    /// Returns this verifier within a call that `context` counts the work of.
    pub(super) const fn within<'c>(&self, context: &'c Context<'c>) -> ReceiptVerifier<'c>
    where
        'v: 'c,
    {
        ReceiptVerifier { reading: self.reading, keys: self.keys, context }
    }
}

impl fmt::Debug for ReceiptVerifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceiptVerifier").field("reading", self.reading).finish_non_exhaustive()
    }
}
