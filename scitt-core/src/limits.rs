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

/// How much a transparency service takes.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceLimits {
    /// The longest statement with its detached payload and external data, in bytes. Default 1 MiB:
    /// larger artifacts come as hash envelopes.
    pub statement_bytes: usize,
    /// The longest queue. Default 1024: what is queued is in memory, and nobody was told of it.
    pub queued: usize,
}

#[cfg(feature = "alloc")]
impl ServiceLimits {
    /// The defaults, whose reasons stand beside each field.
    pub const DEFAULT: Self = Self { statement_bytes: 1 << 20, queued: 1024 };

    /// Sets the length of the longest statement, [`statement_bytes`](Self::statement_bytes).
    #[must_use]
    pub const fn with_statement_bytes(mut self, bytes: usize) -> Self {
        self.statement_bytes = bytes;
        self
    }

    /// Sets the length of the longest queue, [`queued`](Self::queued).
    #[must_use]
    pub const fn with_queued(mut self, queued: usize) -> Self {
        self.queued = queued;
        self
    }
}

#[cfg(feature = "alloc")]
impl Default for ServiceLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
