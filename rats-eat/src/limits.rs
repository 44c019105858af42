//! How much a token with submodules may ask for.

/// How many parts a token may have, and how deep tokens may stand in tokens. How deep claims sets
/// nest is bounded when the bytes are read ([`cose_ext::cbor::Limits::depth`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Tokens in tokens. Default 4: a device, its subsystem and that one's parts are three. At most
    /// [`MAX_NESTED_TOKENS`].
    pub nested_tokens: usize,
    /// Submodules of one call, over all levels. Default 256: each costs a lookup, and those that
    /// are tokens a signature, of which there are fewer
    /// ([`signature_checks`](cose_ext::Limits::signature_checks)).
    pub parts: usize,
}

/// The hard bound of tokens in tokens: each level takes a frame of the stack.
pub const MAX_NESTED_TOKENS: usize = 32;

impl Limits {
    /// The defaults, whose reasons stand beside each field.
    pub const DEFAULT: Self = Self { nested_tokens: 4, parts: 256 };

    /// Sets the number of [`nested_tokens`](Self::nested_tokens).
    #[must_use]
    pub const fn with_nested_tokens(mut self, nested_tokens: usize) -> Self {
        self.nested_tokens = nested_tokens;
        self
    }

    /// Sets the number of [`parts`](Self::parts).
    #[must_use]
    pub const fn with_parts(mut self, parts: usize) -> Self {
        self.parts = parts;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
