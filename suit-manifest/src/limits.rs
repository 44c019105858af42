//! How much work a manifest may cause.

/// How much work a manifest may cause. Exceeding one is an [`ErrorKind::Limit`](crate::ErrorKind),
/// never a panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Commands that a procedure may run, each counted once for every component that it is about,
    /// and once more for each 64 bytes of its argument. Default 16384: loops over components
    /// multiply with each sequence inside of a sequence; published manifests need fewer than 100.
    pub steps: u32,
    /// Sequences of one try-each. Default 32: as many as there are slots or variants of a device.
    pub alternatives: u16,
    /// Indices of one list of components. Default 64.
    pub indices: u16,
}

impl Limits {
    /// The limits that stand beside each field.
    pub const DEFAULT: Self = Self { steps: 16_384, alternatives: 32, indices: 64 };

    /// Sets how many commands a procedure may run.
    #[must_use]
    pub const fn with_steps(mut self, steps: u32) -> Self {
        self.steps = steps;
        self
    }

    /// Sets how many sequences one try-each may have.
    #[must_use]
    pub const fn with_alternatives(mut self, alternatives: u16) -> Self {
        self.alternatives = alternatives;
        self
    }

    /// Sets how many indices one list of components may have.
    #[must_use]
    pub const fn with_indices(mut self, indices: u16) -> Self {
        self.indices = indices;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
