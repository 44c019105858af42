//! Roots to be signed, roots that were, and the receipts that they make.

use alloc::{vec, vec::Vec};

use cose_ext::{Context, Input, Sign1, crypto::Signer, key::TrustedKey, sign1::ToBeSigned};
use merkle_proof::cose::ReceiptBuilder;

use super::{ServiceError, TransparencyService};
use crate::{AsyncLog, EntryId, Error, ErrorKind, Log, LogTree, ReceiptKey, Rule, ready::now};

/// A receipt, or a root for the receipts of many entries, that lacks only its signature.
#[derive(Clone, Debug)]
#[must_use]
pub struct PendingReceipt {
    receipt: ReceiptBuilder,
    root: [u8; 32],
    size: u64,
    issued_at: i64,
    key: ReceiptKey,
}

impl PendingReceipt {
    /// Returns what is to be signed, for a key that lives elsewhere.
    ///
    /// # Errors
    ///
    /// If the header breaks a rule.
    pub fn prepare(&self) -> Result<ToBeSigned<'_>, Error> {
        Ok(self.receipt.clone().prepare(self.key.algorithm(), &self.root)?)
    }

    /// Signs at once.
    ///
    /// # Errors
    ///
    /// If the signer refuses, or does another algorithm than the key.
    pub fn sign(self, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        Ok(self.prepare()?.sign(signer)?)
    }

    /// Returns only the signature, for [`TransparencyService::head_signed`].
    ///
    /// # Errors
    ///
    /// If the signer refuses.
    pub fn signature(&self, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        let mut signature = vec![0; signer.signature_len()];
        let prepared = self.prepare()?;
        let len = signer.sign(&prepared.structure().parts(), &mut signature);
        signature.truncate(len.map_err(cose_ext::Error::from)?);
        Ok(signature)
    }

    /// Returns the root that is signed.
    #[must_use]
    pub const fn root(&self) -> &[u8; 32] {
        &self.root
    }

    /// Returns how many leaves the root covers.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Returns which key has to sign.
    #[must_use]
    pub const fn key(&self) -> &ReceiptKey {
        &self.key
    }
}

/// A root of the log that its key signed: with a path of each entry that it covers, it is the
/// receipt of that entry.
#[derive(Clone, Debug)]
pub struct ReceiptHead {
    pending: PendingReceipt,
    signature: Vec<u8>,
}

impl ReceiptHead {
    /// Returns how many leaves it covers.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.pending.size
    }

    /// Returns the root.
    #[must_use]
    pub const fn root(&self) -> &[u8; 32] {
        &self.pending.root
    }
}

impl<L: Log> TransparencyService<L> {
    /// Returns the receipt of `entry` in the log as it is now, to be signed. `issued_at` is in
    /// seconds since 1970-01-01T00:00Z.
    ///
    /// # Errors
    ///
    /// If `entry` is not in the log; those of the log.
    pub fn prepare_receipt(
        &self,
        entry: EntryId,
        issued_at: i64,
        context: &Context<'_>,
    ) -> Result<PendingReceipt, ServiceError<L::Error>> {
        now(self.prepare_receipt_async(entry, issued_at, context))
    }

    /// Returns the receipt, to be signed, that the log of `older` leaves is the beginning of the
    /// log as it is now (RFC 9942 5.3; draft-ietf-scitt-receipts-ccf-profile 4).
    ///
    /// # Errors
    ///
    /// Unless `0 < older <= size`; those of the log.
    pub fn prepare_consistency(
        &self,
        older: u64,
        issued_at: i64,
        context: &Context<'_>,
    ) -> Result<PendingReceipt, ServiceError<L::Error>> {
        now(self.prepare_consistency_async(older, issued_at, context))
    }

    /// Returns the root of the log as it is now, to be signed once for the receipts of all entries.
    ///
    /// # Errors
    ///
    /// Those of the log.
    pub fn prepare_head(
        &self,
        issued_at: i64,
        context: &Context<'_>,
    ) -> Result<PendingReceipt, ServiceError<L::Error>> {
        now(self.prepare_head_async(issued_at, context))
    }

    /// Signs the root of the log as it is now, with a key that is at hand.
    ///
    /// # Errors
    ///
    /// As [`head_signed`](Self::head_signed).
    pub fn sign_head(
        &mut self,
        issued_at: i64,
        signer: &dyn Signer,
        context: &Context<'_>,
    ) -> Result<(), ServiceError<L::Error>> {
        now(self.sign_head_async(issued_at, signer, context))
    }

    /// Returns the receipt of `entry` under the root that was signed last. `None` where none was
    /// signed since it was registered: [`prepare_head`](Self::prepare_head) comes first.
    ///
    /// # Errors
    ///
    /// Those of the log.
    pub fn receipt(
        &self,
        entry: EntryId,
        context: &Context<'_>,
    ) -> Result<Option<Vec<u8>>, ServiceError<L::Error>> {
        now(self.receipt_async(entry, context))
    }
}

impl<L: LogTree> TransparencyService<L> {
    /// Takes the signature of a root that was prepared. Where the public key is known, the
    /// signature is checked first.
    ///
    /// # Errors
    ///
    /// [`Rule::ReceiptVerified`] if it is not the key's; then nothing has changed.
    pub fn head_signed(
        &mut self,
        pending: PendingReceipt,
        signature: &[u8],
        context: &Context<'_>,
    ) -> Result<(), ServiceError<L::Error>> {
        if let Some(public) = pending.key.public_key() {
            let signed = pending.prepare()?.attach(signature);
            let message = Sign1::decode(&signed, &context.profile).map_err(Error::from)?;
            let key = TrustedKey::new(public, context).map_err(Error::from)?;
            let verified = message.verify(&Input::detached(&pending.root), &key, context);
            let _ = verified.map_err(|_| Error::broken(Rule::ReceiptVerified, 0))?;
        }
        self.head = Some(ReceiptHead { pending, signature: signature.into() });
        Ok(())
    }

    /// Returns the root that was signed last; receipts can be made of it without a key.
    pub const fn signed_head(&self) -> Option<&ReceiptHead> {
        self.head.as_ref()
    }
}

impl<L: AsyncLog> TransparencyService<L> {
    async fn pending(
        &self,
        size: u64,
        issued_at: i64,
        context: &Context<'_>,
    ) -> Result<PendingReceipt, ServiceError<L::Error>> {
        let key = self.identity().key_at(size).ok_or(Error::from(ErrorKind::NoReceiptKey))?;
        let receipt = self.builder(key, issued_at);
        let root = self.root_async(size, context).await?;
        Ok(PendingReceipt { receipt, root, size, issued_at, key: key.clone() })
    }

    /// Prepares as [`prepare_receipt`](Self::prepare_receipt) does, out of a log that may have to
    /// be waited for.
    ///
    /// # Errors
    ///
    /// As [`prepare_receipt`](Self::prepare_receipt).
    pub async fn prepare_receipt_async(
        &self,
        entry: EntryId,
        issued_at: i64,
        context: &Context<'_>,
    ) -> Result<PendingReceipt, ServiceError<L::Error>> {
        let proof = self.inclusion(entry, self.size(), context).await?;
        let mut pending = self.pending(self.size(), issued_at, context).await?;
        pending.receipt = pending.receipt.inclusion(proof);
        Ok(pending)
    }

    /// Prepares as [`prepare_consistency`](Self::prepare_consistency) does, out of a log that may
    /// have to be waited for.
    ///
    /// # Errors
    ///
    /// As [`prepare_consistency`](Self::prepare_consistency).
    pub async fn prepare_consistency_async(
        &self,
        older: u64,
        issued_at: i64,
        context: &Context<'_>,
    ) -> Result<PendingReceipt, ServiceError<L::Error>> {
        let proof = self.consistency(older, self.size(), context).await?;
        let mut pending = self.pending(self.size(), issued_at, context).await?;
        pending.receipt = pending.receipt.consistency(proof);
        Ok(pending)
    }

    /// Prepares as [`prepare_head`](Self::prepare_head) does, out of a log that may have to be
    /// waited for.
    ///
    /// # Errors
    ///
    /// Those of the log.
    pub async fn prepare_head_async(
        &self,
        issued_at: i64,
        context: &Context<'_>,
    ) -> Result<PendingReceipt, ServiceError<L::Error>> {
        self.pending(self.size(), issued_at, context).await
    }

    /// Signs as [`sign_head`](Self::sign_head) does, the root of a log that may have to be waited
    /// for.
    ///
    /// # Errors
    ///
    /// As [`head_signed`](Self::head_signed).
    pub async fn sign_head_async(
        &mut self,
        issued_at: i64,
        signer: &dyn Signer,
        context: &Context<'_>,
    ) -> Result<(), ServiceError<L::Error>> {
        let pending = self.prepare_head_async(issued_at, context).await?;
        let signature = pending.signature(signer)?;
        self.head_signed(pending, &signature, context)
    }

    /// Makes as [`receipt`](Self::receipt) does, out of a log that may have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of the log.
    pub async fn receipt_async(
        &self,
        entry: EntryId,
        context: &Context<'_>,
    ) -> Result<Option<Vec<u8>>, ServiceError<L::Error>> {
        let Some(head) = self.head.as_ref().filter(|head| entry.index() < head.size()) else {
            return Ok(None);
        };
        let proof = self.inclusion(entry, head.size(), context).await?;
        let mut pending = head.pending.clone();
        pending.receipt = self.builder(&pending.key, pending.issued_at).inclusion(proof);
        Ok(Some(pending.prepare()?.attach(&head.signature)))
    }
}
