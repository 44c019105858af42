use crate::{Limits, cbor::Strictness};

/// What a decoder accepts, and how much of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Which valid encodings.
    pub strictness: Strictness,
    /// How much work.
    pub limits: Limits,
}

impl Profile {
    /// Any valid CBOR, default limits: what RFC 9052 asks of a reader.
    pub const LENIENT: Self = Self { strictness: Strictness::LENIENT, limits: Limits::DEFAULT };

    /// Core deterministic encoding only (RFC 8949 4.2.1), default limits.
    pub const DETERMINISTIC: Self =
        Self { strictness: Strictness::DETERMINISTIC, limits: Limits::DEFAULT };

    /// The same with other limits.
    #[must_use]
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
