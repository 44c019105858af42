//! Roots that a receipt signs (RFC 9942 4).

use core::fmt;

use cose_ext::{
    Signed,
    header::{Protected, Vds},
};

use super::Error;
use crate::{CcfLedger, Malformed, MountainRange, Rfc9162Tree, Rule, TrustedRoot};

/// A root that a log signed, with the protected header that it signed along. Tree size and leaf
/// index are not in here: a receipt does not sign them.
#[derive(Clone, Copy)]
pub struct SignedRoot<'a> {
    vds: Vds,
    hash: [u8; 32],
    protected: Protected<'a>,
}

impl<'a> SignedRoot<'a> {
    /// A plain `fn` over what the signature covers, for `Verified::try_map`.
    pub(super) fn read(signed: Signed<'a, '_>) -> Result<Self, Error> {
        let payload = signed.payload();
        let length = Malformed::HashLength { rule: Rule::HashLength, length: payload.len() };
        let hash = payload.try_into().map_err(|_| crate::Error::from(length))?;
        let protected = *signed.protected();
        let vds = protected.vds()?;
        let vds = vds.ok_or(Error::malformed(Rule::ReceiptStructure, protected.offset()))?;
        Ok(Self { vds, hash, protected })
    }

    /// Returns the data structure that the root is of.
    #[must_use]
    pub const fn vds(&self) -> Vds {
        self.vds
    }

    /// Returns the root.
    #[must_use]
    pub const fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// Returns the protected header of the receipt: issuer, time, kid.
    #[must_use]
    pub const fn protected(&self) -> &Protected<'a> {
        &self.protected
    }

    /// Returns the root, if it is one of an RFC 9162 tree.
    #[must_use]
    pub fn rfc9162(&self) -> Option<TrustedRoot<Rfc9162Tree, [u8; 32]>> {
        (self.vds == Vds::RFC9162_SHA256).then(|| TrustedRoot::vouched_for(self.hash))
    }

    /// Returns the root, if it is one of a CCF ledger.
    #[must_use]
    pub fn ccf_ledger(&self) -> Option<TrustedRoot<CcfLedger, [u8; 32]>> {
        (self.vds == Vds::CCF_LEDGER_SHA256).then(|| TrustedRoot::vouched_for(self.hash))
    }

    /// Returns the peak, if it is one of a mountain range.
    #[must_use]
    pub fn mountain_range(&self) -> Option<TrustedRoot<MountainRange, [u8; 32]>> {
        (self.vds == Vds::MMR_SHA256).then(|| TrustedRoot::vouched_for(self.hash))
    }
}

impl fmt::Debug for SignedRoot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} root ", self.vds)?;
        for byte in self.hash {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}
