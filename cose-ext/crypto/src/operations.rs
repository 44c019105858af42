//! `key_ops`: what a key may be used for (RFC 9052 7.1).

/// What a key may be used for, as its `key_ops` say (RFC 9052 7.1, table 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyOperations(u16);

/// One operation of `key_ops` (RFC 9052 table 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyOperation {
    /// `sign`, 1.
    Sign,
    /// `verify`, 2.
    Verify,
    /// `encrypt`, 3.
    Encrypt,
    /// `decrypt`, 4.
    Decrypt,
    /// `wrap key`, 5.
    WrapKey,
    /// `unwrap key`, 6.
    UnwrapKey,
    /// `derive key`, 7.
    DeriveKey,
    /// `derive bits`, 8.
    DeriveBits,
    /// `MAC create`, 9.
    MacCreate,
    /// `MAC verify`, 10.
    MacVerify,
}

impl KeyOperation {
    /// Every operation of the table.
    pub const ALL: &[Self] = &Self::TABLE;

    const TABLE: [Self; 10] = [
        Self::Sign,
        Self::Verify,
        Self::Encrypt,
        Self::Decrypt,
        Self::WrapKey,
        Self::UnwrapKey,
        Self::DeriveKey,
        Self::DeriveBits,
        Self::MacCreate,
        Self::MacVerify,
    ];

    /// Lists the values with their names in the table.
    pub const NAMES: [(i64, &'static str); 10] = {
        let [a, b, c, d, e, f, g, h, i, j] = Self::TABLE;
        [
            a.entry(),
            b.entry(),
            c.entry(),
            d.entry(),
            e.entry(),
            f.entry(),
            g.entry(),
            h.entry(),
            i.entry(),
            j.entry(),
        ]
    };

    const fn entry(self) -> (i64, &'static str) {
        (self.value(), self.name())
    }

    /// Returns the number that stands in `key_ops`.
    #[must_use]
    pub const fn value(self) -> i64 {
        match self {
            Self::Sign => 1,
            Self::Verify => 2,
            Self::Encrypt => 3,
            Self::Decrypt => 4,
            Self::WrapKey => 5,
            Self::UnwrapKey => 6,
            Self::DeriveKey => 7,
            Self::DeriveBits => 8,
            Self::MacCreate => 9,
            Self::MacVerify => 10,
        }
    }

    /// Returns the name in the table of RFC 9052 7.1.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Verify => "verify",
            Self::Encrypt => "encrypt",
            Self::Decrypt => "decrypt",
            Self::WrapKey => "wrap key",
            Self::UnwrapKey => "unwrap key",
            Self::DeriveKey => "derive key",
            Self::DeriveBits => "derive bits",
            Self::MacCreate => "MAC create",
            Self::MacVerify => "MAC verify",
        }
    }

    const fn bit(self) -> u16 {
        1 << self.value()
    }
}

impl KeyOperations {
    /// All operations: the key does not restrict its use.
    pub const ALL: Self = Self(u16::MAX);
    /// No operation: the key may do nothing.
    pub const NONE: Self = Self(0);

    /// Returns this set with `operation` added.
    #[must_use]
    pub const fn and(self, operation: KeyOperation) -> Self {
        Self(self.0 | operation.bit())
    }

    /// Returns whether the set holds `operation`.
    #[must_use]
    pub const fn permit(self, operation: KeyOperation) -> bool {
        self.0 & operation.bit() != 0
    }
}
