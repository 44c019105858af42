//! What a QueryRequest asks for (section 4.2).

/// The bits of `data-item-requested`; unknown ones are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DataItems(u64);

impl DataItems {
    /// Nothing.
    pub const NOTHING: Self = Self(0);
    /// Evidence, or an Attestation Result.
    pub const ATTESTATION: Self = Self(1);
    /// The components that are installed.
    pub const TRUSTED_COMPONENTS: Self = Self(1 << 1);
    /// The extensions that are supported.
    pub const EXTENSIONS: Self = Self(1 << 2);
    /// SUIT Reports.
    pub const SUIT_REPORTS: Self = Self(1 << 3);

    /// Makes a set from the bits on the wire.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Returns the bits on the wire.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Tells whether all of `items` are asked for.
    #[must_use]
    pub const fn contains(self, items: Self) -> bool {
        self.0 & items.0 == items.0
    }

    /// Returns what either set asks for.
    #[must_use]
    pub const fn and(self, items: Self) -> Self {
        Self(self.0 | items.0)
    }
}
