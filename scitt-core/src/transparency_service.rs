//! A transparency service in memory.

use alloc::{collections::BTreeMap, vec::Vec};

use cose_ext::{
    Context, Input, IssuerBinding, MapBuilder,
    crypto::{Algorithm, Signer},
    cwt::ClaimKey,
    error::Unsupported,
    header::Vds,
    key::KeyResolver,
    sign1::ToBeSigned,
};
use merkle_proof::{
    MemoryTree, Rfc9162Tree, TreeHash, TreeHead, UnauthenticatedPosition,
    cose::{ReceiptBuilder, encode_inclusion},
};

use crate::{Entry, EntryRule, Error, Requirements, Rule, SignedStatement};

/// A transparency service in memory (RFC 9943 5.1): it registers statements in an append-only
/// RFC 9162 log and makes receipts.
///
/// It holds no private key, clock or socket. Signing is two steps:
/// [`prepare_receipt`](Self::prepare_receipt) gives what is to be signed, the caller signs.
#[derive(Clone, Debug)]
pub struct TransparencyService<T: TreeHash> {
    log: MemoryTree<T>,
    /// Index by the digest of what an issuer signed: another signature over the same content, a
    /// flipped ECDSA s for one, is the same statement.
    entries: BTreeMap<[u8; 32], u64>,
    /// As they were registered, by index.
    statements: Vec<Vec<u8>>,
    entry_rule: EntryRule,
    claims: MapBuilder,
    key_id: Vec<u8>,
    algorithm: Algorithm,
}

/// Whom the service registers statements of (RFC 9943 5.1.1).
#[derive(Clone, Copy)]
pub struct Registration<'r> {
    /// Keys of the issuers whose statements are registered, each bound to its issuer
    /// ([`for_issuer`](cose_ext::key::TrustedKey::for_issuer),
    /// [`IssuerKeys`](cose_ext::key::IssuerKeys)). Statements by a key that is bound to no issuer are
    /// registered under [`Requirements::Lenient`] only.
    pub issuers: &'r dyn KeyResolver,
    /// How much of RFC 9943 is asked of statements.
    pub requirements: Requirements,
}

/// An entry of the log. Only registering a statement makes one, so that no receipt can come before
/// its registration (RFC 9943 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId {
    index: u64,
}

impl EntryId {
    /// The index of the leaf, from zero.
    pub const fn index(self) -> u64 {
        self.index
    }
}

impl<T> TransparencyService<T>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
{
    /// `sub` of the receipts that this service makes.
    pub const RECEIPT_SUBJECT: &'static str = "scitt.receipt.v1";

    /// An empty log of `issuer`, whose key has `key_id` and signs with `algorithm`.
    pub fn new(tree: T, issuer: &str, key_id: &[u8], algorithm: Algorithm) -> Self {
        let claims = MapBuilder::new()
            .with(ClaimKey::ISS, issuer)
            .with(ClaimKey::SUB, Self::RECEIPT_SUBJECT);
        Self {
            log: MemoryTree::new(tree),
            entries: BTreeMap::new(),
            statements: Vec::new(),
            entry_rule: EntryRule::DEFAULT,
            claims,
            key_id: key_id.into(),
            algorithm,
        }
    }

    /// Returns this service with another entry rule. To be chosen before the first statement, and to be told to
    /// every relying party.
    #[must_use]
    pub const fn with_entry_rule(mut self, entry_rule: EntryRule) -> Self {
        self.entry_rule = entry_rule;
        self
    }

    /// Registers a statement: checks its signature and header, and appends its entry unless it has
    /// one already. Its unprotected header is not logged (RFC 9943 6.3).
    ///
    /// Another signature over content that is registered gets the entry of the first one. The receipt
    /// is then of the statement that [`statement`](Self::statement) gives, and not of these bytes.
    ///
    /// # Errors
    /// If the statement is refused; then nothing has changed.
    pub fn register(
        &mut self,
        statement: &[u8],
        input: &Input<'_, '_>,
        registration: &Registration<'_>,
        context: &Context<'_>,
    ) -> Result<EntryId, Error> {
        let statement = SignedStatement::decode(statement, &context.profile)?;
        let len = statement.message().bytes().len().saturating_add(input.len());
        context
            .begin(len, |context| self.register_metered(&statement, input, registration, context))
    }

    fn register_metered(
        &mut self,
        statement: &SignedStatement<'_>,
        input: &Input<'_, '_>,
        registration: &Registration<'_>,
        context: &Context<'_>,
    ) -> Result<EntryId, Error> {
        let Registration { issuers, requirements } = *registration;
        let verified = statement.verify(input, issuers, requirements, context)?;
        if verified.by().issuer() != IssuerBinding::Checked {
            requirements.check([Rule::IssuerBound].into_iter())?;
        }
        let signed = statement.message().to_be_signed(input, &context.profile)?;
        let content = context.hash(Algorithm::SHA256, &signed.parts())?;
        let content = content
            .as_ref()
            .try_into()
            .map_err(|_| cose_ext::Error::from(Unsupported::Hash(Algorithm::SHA256)))?;
        if let Some(index) = self.entries.get(&content) {
            return Ok(EntryId { index: *index });
        }
        let entry = self.entry_rule.entry(statement.message(), verified.value().payload());
        let parts = entry.parts();
        let index = match self.entry_rule.hash {
            None => {
                context.spend_hashed(parts.iter().map(|part| part.len()).sum())?;
                self.log.append(&parts)
            }
            Some(algorithm) => self.log.append(&[context.hash(algorithm, &parts)?.as_ref()]),
        };
        self.entries.insert(content, index);
        self.statements.push(Entry::as_received(statement.message()).parts().concat());
        Ok(EntryId { index })
    }

    /// The statement of `entry` as it was registered, with an empty unprotected header: what its
    /// receipts are of, and what an auditor replays. `None` if `entry` is of another, longer log.
    pub fn statement(&self, entry: EntryId) -> Option<&[u8]> {
        let index = usize::try_from(entry.index).ok()?;
        self.statements.get(index).map(Vec::as_slice)
    }

    /// How many statements are registered.
    pub fn size(&self) -> u64 {
        self.log.size()
    }

    /// Size and root of the log.
    pub fn head(&self) -> TreeHead<Rfc9162Tree, [u8; 32]> {
        self.log.head()
    }

    /// The receipt of `entry` in the log as it is now, to be signed. `issued_at` is in seconds since
    /// 1970-01-01T00:00Z.
    ///
    /// # Errors
    /// If `entry` is of another, longer log.
    pub fn prepare_receipt(&self, entry: EntryId, issued_at: i64) -> Result<PendingReceipt, Error> {
        let head = self.head();
        let proof = |error| Error::from(merkle_proof::cose::Error::from(error));
        let path = self.log.inclusion_path(entry.index, head.size).map_err(proof)?;
        let position = UnauthenticatedPosition { tree_size: head.size, leaf_index: entry.index };
        let receipt = ReceiptBuilder::new(Vds::RFC9162_SHA256)
            .key_id(&self.key_id)
            .cwt_claims(&self.claims.clone().with(ClaimKey::IAT, issued_at))
            .inclusion(encode_inclusion(position, &path));
        Ok(PendingReceipt { receipt, root: *head.root.hash(), algorithm: self.algorithm })
    }
}

/// A receipt that lacks only its signature.
#[derive(Clone, Debug)]
#[must_use]
pub struct PendingReceipt {
    receipt: ReceiptBuilder,
    root: [u8; 32],
    algorithm: Algorithm,
}

impl PendingReceipt {
    /// What is to be signed, for a key that lives elsewhere.
    ///
    /// # Errors
    /// If the header breaks a rule.
    pub fn prepare(&self) -> Result<ToBeSigned<'_>, Error> {
        Ok(self.receipt.clone().prepare(self.algorithm, &self.root)?)
    }

    /// Signs at once.
    ///
    /// # Errors
    /// If the signer refuses.
    pub fn sign(self, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        Ok(self.receipt.sign(&self.root, signer)?)
    }

    /// The root that is signed.
    pub const fn root(&self) -> &[u8; 32] {
        &self.root
    }
}
