//! The `vds` and `vdp` parameters of receipts (RFC 9942 4).

use core::fmt;

use crate::{
    Error, IntOrText, Rule,
    cbor::{Array, Int, Map, Raw},
    error::Breaks,
};

/// A verifiable data structure (IANA "COSE Verifiable Data Structure Algorithms"); an open set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Vds(Int);

macro_rules! structures {
    ($($(#[$doc:meta])* $name:ident = $value:literal;)*) => {
        impl Vds {
            $($(#[$doc])* pub const $name: Self = Self(Int::new($value));)*

            /// Values and names, for the lookup of the registry.
            pub(crate) const NAMES: &'static [(i64, &'static str)] =
                &[$(($value, stringify!($name))),*];
        }
    };
}

structures! {
    /// RFC9162_SHA256 (RFC 9942 5.1).
    RFC9162_SHA256 = 1;
    /// CCF_LEDGER_SHA256, requested by draft-ietf-scitt-receipts-ccf-profile.
    CCF_LEDGER_SHA256 = 2;
    /// MMR_SHA256, requested by draft-bryce-cose-receipts-mmr-profile.
    MMR_SHA256 = 3;
}

impl Vds {
    /// Makes the structure of any number, known or not.
    #[must_use]
    pub const fn new(value: Int) -> Self {
        Self(value)
    }

    /// Returns the number on the wire.
    #[must_use]
    pub const fn value(self) -> Int {
        self.0
    }

    /// Returns whether IANA lists the number. Numbers 2 and 3 are only requested by drafts.
    #[must_use]
    pub fn is_registered(self) -> bool {
        self == Self::RFC9162_SHA256
    }

    /// Returns the name in the registry, or the one that a draft requests.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        let value = self.0.to_i64()?;
        Self::NAMES.iter().find(|(known, _)| *known == value).map(|(_, name)| *name)
    }
}

impl fmt::Display for Vds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl fmt::Debug for Vds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `vdp`: proofs by kind (RFC 9942 4). Unprotected.
#[derive(Clone, Copy, Debug)]
pub struct Vdp<'a> {
    map: Map<'a>,
}

impl<'a> Vdp<'a> {
    /// Label of inclusion proofs (RFC 9942 5.2).
    pub const INCLUSION: IntOrText<'static> = IntOrText::int(-1);
    /// Label of consistency proofs (RFC 9942 5.3).
    pub const CONSISTENCY: IntOrText<'static> = IntOrText::int(-2);

    pub(super) const fn new(map: Map<'a>) -> Self {
        Self { map }
    }

    /// Returns the proofs of `kind` as received: an array whose elements each structure defines.
    ///
    /// # Errors
    ///
    /// If they are not an array of at least one, or a label of the map is neither integer nor text.
    pub fn proofs(&self, kind: IntOrText<'_>) -> Result<Option<Array<'a>>, Error> {
        for (label, value) in &self.map {
            if IntOrText::read_raw(&label, Rule::VdpUnprotected)? == kind {
                return read_proofs(&value).map(Some);
            }
        }
        Ok(None)
    }
}

fn read_proofs<'a>(value: &Raw<'a>) -> Result<Array<'a>, Error> {
    let proofs = Array::new(value).breaks(Rule::VdpUnprotected)?;
    if proofs.is_empty() {
        return Err(Error::malformed(Rule::VdpUnprotected, value.offset()));
    }
    Ok(proofs)
}
