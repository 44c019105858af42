//! Which encodings of CBOR are accepted (RFC 8949 4).

/// Which of the valid encodings of a value are accepted. A value, not a feature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strictness {
    /// Whether heads, floats and key order are free.
    pub determinism: Determinism,
    /// Whether arrays, maps and skipped strings may have indefinite lengths.
    pub indefinite_lengths: IndefiniteLengths,
}

impl Strictness {
    /// Any valid CBOR: what RFC 9052 asks of a reader.
    pub const LENIENT: Self =
        Self { determinism: Determinism::Any, indefinite_lengths: IndefiniteLengths::Accepted };

    /// Core deterministic encoding (RFC 8949 4.2.1).
    pub const DETERMINISTIC: Self =
        Self { determinism: Determinism::Core, indefinite_lengths: IndefiniteLengths::Refused };
}

/// Says whether heads, floats and key order are free ([`Strictness::determinism`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Determinism {
    /// Any valid encoding.
    #[default]
    Any,
    /// Preferred serialization and keys in bytewise order (RFC 8949 4.2.1).
    Core,
}

/// Says whether arrays, maps and skipped strings may have indefinite lengths
/// ([`Strictness::indefinite_lengths`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IndefiniteLengths {
    /// Accepted wherever no slice has to be handed out.
    #[default]
    Accepted,
    /// Refused everywhere.
    Refused,
}
