//! How many receipts are looked at.

/// How many things of one statement are looked at. What they cost together, the meter of the call
/// bounds ([`Work`](cose_ext::Work)): at most so many signature checks as
/// [`cose_ext::Limits::signature_checks`] says, for the statement and all of its receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Receipts of one statement that are looked at. Default 1024: four for each service that a
    /// verifier can tell apart. Until a trusted key answers to it, a receipt costs its decoding.
    pub receipts: usize,
}

impl Limits {
    /// The defaults, whose reasons stand beside each field.
    pub const DEFAULT: Self = Self { receipts: 1024 };

    /// Sets the number of [`receipts`](Self::receipts).
    #[must_use]
    pub const fn with_receipts(mut self, receipts: usize) -> Self {
        self.receipts = receipts;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
