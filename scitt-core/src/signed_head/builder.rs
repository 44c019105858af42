//! Making heads.

use alloc::vec::Vec;

use cose_ext::{
    Content, Label, MapBuilder, Value,
    cbor::Int,
    crypto::{Algorithm, Signer},
    cwt::ClaimKey,
    sign1::{Sign1Builder, ToBeSigned},
};
use merkle_proof::TreeHead;

use super::SignedHead;
use crate::{Error, LogKind};

/// Makes a head of an RFC 9162 log or of a CCF ledger in COSE, to be signed by the key of its
/// receipts.
///
/// Whoever signs one says that the log had this size and this root, and will be held to it: two
/// that contradict each other are the proof of a fork.
#[derive(Clone, Debug)]
pub struct SignedHeadBuilder {
    message: Sign1Builder,
    payload: Vec<u8>,
}

impl SignedHeadBuilder {
    /// Begins the head of a log whose receipts claim `issuer`. `issued_at` is in seconds since
    /// 1970-01-01T00:00Z.
    #[must_use]
    pub fn new<K: LogKind>(
        issuer: &str,
        key_id: &[u8],
        head: &TreeHead<K, [u8; 32]>,
        issued_at: i64,
    ) -> Self {
        let claims = MapBuilder::new()
            .with(ClaimKey::ISS, issuer)
            .with(ClaimKey::SUB, SignedHead::SUBJECT)
            .with(ClaimKey::IAT, issued_at);
        let vds = Value::Int(K::VDS.value());
        let message = Sign1Builder::new().key_id(key_id).protected(Label::VDS, vds);
        let root = Value::Bytes(head.root.hash());
        let payload = Value::Array(&[Value::Int(Int::unsigned(head.size)), root]).to_bytes();
        Self { message: message.cwt_claims(&claims), payload }
    }

    /// Sets `x5chain`, protected: the certificate of the key, DER, and those between it and the
    /// authority that verifiers trust.
    #[must_use]
    pub fn certified_by(mut self, chain: &[&[u8]]) -> Self {
        self.message = self.message.x5chain(chain);
        self
    }

    /// Returns what is to be signed, for a key that lives elsewhere.
    ///
    /// # Errors
    ///
    /// If the header breaks a rule.
    pub fn prepare(&self, algorithm: Algorithm) -> Result<ToBeSigned<'_>, Error> {
        Ok(self.message.clone().prepare(algorithm, Content::Embedded(&self.payload))?)
    }

    /// Signs at once.
    ///
    /// # Errors
    ///
    /// If the signer refuses.
    pub fn sign(self, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        Ok(self.message.sign(Content::Embedded(&self.payload), signer)?)
    }
}
