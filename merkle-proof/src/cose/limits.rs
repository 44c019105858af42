//! How much of a receipt is followed.

/// How many things of one receipt are followed. The meter of the call bounds what they cost
/// together ([`Work`](cose_ext::Work)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Proofs of one receipt that are followed. Default 8: published receipts have one or two. They
    /// may lead to at most 16 different roots, whatever this limit is.
    pub proofs: usize,
}

impl Limits {
    /// The defaults, whose reasons stand beside each field.
    pub const DEFAULT: Self = Self { proofs: 8 };

    /// The most roots that the proofs of one receipt may lead to. They stand on the stack, and each
    /// may cost a check of the signature.
    pub(super) const MOST_ROOTS: usize = 16;

    /// Sets the number of [`proofs`](Self::proofs).
    #[must_use]
    pub const fn with_proofs(mut self, proofs: usize) -> Self {
        self.proofs = proofs;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
