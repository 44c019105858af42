//! A block that its author signed.

use alloc::vec::Vec;

use cose_ext::{MapBuilder, Profile};
use scitt_core::SignedStatement;
use suit_manifest::{Block, Envelope};

use crate::{
    Error,
    profile::{ENTRY_RULE, MANIFEST},
};

/// A block with what it is about: ready to be submitted to services, and, with their receipts, to
/// be put into the envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct SignedBlock {
    /// With nil payload and an empty unprotected header.
    block: Vec<u8>,
    /// The encoded SUIT_Digest.
    digest: Vec<u8>,
    /// The byte string that wraps the manifest.
    manifest: Vec<u8>,
}

impl SignedBlock {
    pub(super) const fn new(block: Vec<u8>, digest: Vec<u8>, manifest: Vec<u8>) -> Self {
        Self { block, digest, manifest }
    }

    /// Takes a block out of an envelope, without its receipts: to submit it to one more service.
    /// Nothing of it is checked.
    ///
    /// # Errors
    ///
    /// If the block is no statement.
    pub fn of(
        envelope: &Envelope<'_>,
        block: &Block<'_>,
        profile: &Profile,
    ) -> Result<Self, Error> {
        let statement = SignedStatement::decode(block.bytes(), profile)?;
        Ok(Self {
            block: statement.message().with_unprotected(&MapBuilder::new())?,
            digest: envelope.authentication().signed_bytes().into(),
            manifest: envelope.manifest_item().bytes().into(),
        })
    }

    /// Returns the block as it stands in an envelope, without receipts.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.block
    }

    /// Returns the encoded SUIT_Digest that the block signs.
    #[must_use]
    pub fn digest(&self) -> &[u8] {
        &self.digest
    }

    /// Returns what is handed to a service: the statement with its payload attached, and in its
    /// unprotected header, which is not logged, the manifest.
    ///
    /// # Errors
    ///
    /// If the header breaks a rule.
    pub fn submission(&self) -> Result<Vec<u8>, Error> {
        let statement = SignedStatement::decode(&self.block, &Profile::LENIENT)?;
        let attached = ENTRY_RULE.entry(statement.message(), &self.digest).parts().concat();
        let statement = SignedStatement::decode(&attached, &Profile::LENIENT)?;
        let collateral = MapBuilder::new().with(MANIFEST, self.manifest.as_slice());
        Ok(statement.message().with_unprotected(&collateral)?)
    }

    /// Returns the block with receipts, for
    /// [`EnvelopeBuilder::block`](suit_manifest::author::EnvelopeBuilder::block).
    ///
    /// # Errors
    ///
    /// If the header breaks a rule.
    pub fn with_receipts(&self, receipts: &[&[u8]]) -> Result<Vec<u8>, Error> {
        let statement = SignedStatement::decode(&self.block, &Profile::LENIENT)?;
        Ok(statement.with_receipts(receipts)?)
    }
}
