//! Which data structure a receipt is of.

use cose_ext::header::Vds;

use super::{CcfReceipt, Error, ErrorKind, MmrReceipt, Receipt, Rfc9162Receipt};

/// A receipt by the verifiable data structure that it names (RFC 9942 4.1): the proofs have another
/// form in each.
///
/// Inclusion is verified on the receipt itself, whatever its structure is
/// ([`Receipt::verify_inclusion`]). The receipt of a structure has the methods that only this
/// structure has.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Structure<'a> {
    /// RFC9162_SHA256 (RFC 9942 5).
    Rfc9162(Rfc9162Receipt<'a>),
    /// CCF_LEDGER_SHA256 (draft-ietf-scitt-receipts-ccf-profile).
    CcfLedger(CcfReceipt<'a>),
    /// MMR_SHA256 (draft-bryce-cose-receipts-mmr-profile).
    Mmr(MmrReceipt<'a>),
}

impl<'a> Receipt<'a> {
    /// Returns the receipt as one of its data structure.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownStructure`] if no structure of that number is known here. Whether a
    /// verifier accepts the structure is decided when it verifies.
    pub fn structure(&self) -> Result<Structure<'a>, Error> {
        match self.vds() {
            Vds::RFC9162_SHA256 => Ok(Structure::Rfc9162(Rfc9162Receipt(*self))),
            Vds::CCF_LEDGER_SHA256 => Ok(Structure::CcfLedger(CcfReceipt(*self))),
            Vds::MMR_SHA256 => Ok(Structure::Mmr(MmrReceipt(*self))),
            other => Err(ErrorKind::UnknownStructure(other).into()),
        }
    }

    /// Returns the receipt as one of an RFC 9162 tree.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownStructure`] if it names another structure.
    pub fn rfc9162(&self) -> Result<Rfc9162Receipt<'a>, Error> {
        match self.structure()? {
            Structure::Rfc9162(receipt) => Ok(receipt),
            _ => Err(ErrorKind::UnknownStructure(self.vds()).into()),
        }
    }

    /// Returns the receipt as one of a CCF ledger.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownStructure`] if it names another structure.
    pub fn ccf_ledger(&self) -> Result<CcfReceipt<'a>, Error> {
        match self.structure()? {
            Structure::CcfLedger(receipt) => Ok(receipt),
            _ => Err(ErrorKind::UnknownStructure(self.vds()).into()),
        }
    }

    /// Returns the receipt as one of a Merkle Mountain Range.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownStructure`] if it names another structure.
    pub fn mmr(&self) -> Result<MmrReceipt<'a>, Error> {
        match self.structure()? {
            Structure::Mmr(receipt) => Ok(receipt),
            _ => Err(ErrorKind::UnknownStructure(self.vds()).into()),
        }
    }
}
