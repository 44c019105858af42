//! Bounds on the nesting and size of CBOR.

/// The hard bound of nesting, in levels of arrays, maps and tags.
///
/// The walker keeps its levels on the stack: 32 without heap, 64 with `alloc`, since whoever has a
/// heap has the stack too.
pub const MAX_DEPTH: usize = if cfg!(feature = "alloc") { 64 } else { 32 };

/// How much of an input is looked at before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Levels of arrays, maps and tags. Default 16, the bound that SD-CWT names; at most
    /// [`MAX_DEPTH`].
    pub depth: usize,
    /// Data items visited in one input, items that the duplicate check visits again included.
    /// Default 65 536: a transparent statement with ten thousand receipts stays well below, and
    /// a larger input is refused after that much work, whatever its size.
    pub items: usize,
    /// Entries of a map whose keys are *not* in ascending order; without heap such a map costs
    /// quadratic time. Default 128: well above the claim sets that are registered for one token.
    pub map_entries: usize,
}

impl Limits {
    /// The defaults, whose reasons stand beside each field.
    pub const DEFAULT: Self = Self { depth: 16, items: 65_536, map_entries: 128 };

    /// Returns these limits with another [`depth`](Self::depth).
    #[must_use]
    pub const fn with_depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// Returns these limits with other [`items`](Self::items).
    #[must_use]
    pub const fn with_items(mut self, items: usize) -> Self {
        self.items = items;
        self
    }

    /// Returns these limits with other [`map_entries`](Self::map_entries).
    #[must_use]
    pub const fn with_map_entries(mut self, map_entries: usize) -> Self {
        self.map_entries = map_entries;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
