//! Sizes and roots of a log that its service signed together.

#[cfg(feature = "alloc")]
mod builder;
mod keys;

use core::fmt;

use cose_ext::{
    Context, Input, Label, Processed, Sign1, Signed, Verified,
    cbor::{Array, Limits, Raw, Reader, Strictness},
    crypto::Algorithm,
    error::Unsupported,
    header::Vds,
};
use merkle_proof::{
    CcfLedger, Rfc9162Tree, TreeHash, TreeHead, TreeKind, TrustedRoot,
    cose::CoseTree,
    tlog::{Checkpoint, CoseNoteCrypto, Error as NoteError, Note, VerifierKey},
};

#[cfg(feature = "alloc")]
pub use self::builder::SignedHeadBuilder;
use self::keys::HeadKeys;
use crate::{Error, Rule, TrustedService};

/// A size and a root of a log, an RFC 9162 log or a CCF ledger, that its service signed together:
/// what a receipt does not do.
///
/// Only [`HeadVerifier`] makes one, so what it says was signed by a key of the service that was in
/// force:
///
/// ```compile_fail,E0451
/// fn forge(form: scitt_core::HeadForm<'static>) -> scitt_core::SignedHead<'static> {
///     // The fields are private.
///     let vds = cose_ext::header::Vds::RFC9162_SHA256;
///     scitt_core::SignedHead { service: "log", vds, size: 1, root: [0; 32], form }
/// }
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SignedHead<'a> {
    service: &'a str,
    vds: Vds,
    size: u64,
    root: [u8; 32],
    form: HeadForm<'a>,
}

/// The bytes that a service signed, in one of two forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum HeadForm<'a> {
    /// A tagged COSE_Sign1 over the CBOR array of size and root, in deterministic encoding; its
    /// protected header has the data structure, and claims with the issuer of the receipts and the
    /// subject [`SignedHead::SUBJECT`]. RFC 9942 has no such thing; this is the form of this
    /// project.
    Cose(&'a [u8]),
    /// A checkpoint (C2SP tlog-checkpoint), of an RFC 9162 log.
    Checkpoint(&'a [u8]),
}

impl<'a> HeadForm<'a> {
    /// Returns the bytes.
    #[must_use]
    pub const fn bytes(self) -> &'a [u8] {
        match self {
            Self::Cose(bytes) | Self::Checkpoint(bytes) => bytes,
        }
    }
}

/// The keys that the heads of one service are checked under.
#[derive(Clone, Copy, Debug)]
pub struct HeadVerifier<'k> {
    /// The service; its keys are those of its receipts.
    pub service: TrustedService<'k>,
    /// The origin of its checkpoints and the keys that sign them, where it publishes any.
    pub checkpoints: Option<(&'k str, &'k [VerifierKey<'k>])>,
}

impl<'k> HeadVerifier<'k> {
    /// Checks heads in COSE by the keys of `service`.
    #[must_use]
    pub const fn new(service: TrustedService<'k>) -> Self {
        Self { service, checkpoints: None }
    }

    /// Checks checkpoints of `origin` by `keys` as well.
    #[must_use]
    pub const fn with_checkpoints(mut self, origin: &'k str, keys: &'k [VerifierKey<'k>]) -> Self {
        self.checkpoints = Some((origin, keys));
        self
    }

    /// Checks that the service signed this size and this root of its log.
    ///
    /// # Errors
    ///
    /// [`Rule::HeadForm`] if it is not a head; [`Rule::ServiceKeyPinned`] if its key is enrolled
    /// for another structure or algorithm; [`Rule::HeadSigned`] if no key of the service in
    /// force signed it; [`Rule::ReceiptIssuer`] if it claims another issuer than the service is
    /// enrolled for.
    pub fn verify<'a>(
        &self,
        form: HeadForm<'a>,
        context: &Context<'_>,
    ) -> Result<SignedHead<'a>, Error>
    where
        'k: 'a,
    {
        let (vds, Head { size, root }) = match form {
            HeadForm::Cose(bytes) => self.verify_cose(bytes, context)?,
            HeadForm::Checkpoint(note) => {
                (Vds::RFC9162_SHA256, self.verify_checkpoint(note, context)?)
            }
        };
        // RFC 9162 2.1.1: there is one tree without leaves, and so it is in ledgers.
        if size == 0 && root != sha256_tree::<Rfc9162Tree>(context)?.empty() {
            return Err(Error::broken(Rule::HeadForm, 0));
        }
        Ok(SignedHead { service: self.service.name, vds, size, root, form })
    }

    fn verify_cose(&self, bytes: &[u8], context: &Context<'_>) -> Result<(Vds, Head), Error> {
        let message = Sign1::decode(bytes, &context.profile)?;
        let form = Error::broken(Rule::HeadForm, 0);
        let protected = message.headers().protected();
        let structures = [Vds::RFC9162_SHA256, Vds::CCF_LEDGER_SHA256];
        let vds = protected.vds()?.filter(|vds| structures.contains(vds));
        let vds = vds.filter(|_| message.is_tagged()).ok_or(form)?;
        let claims = protected.cwt_claims()?.ok_or(form)?;
        match (self.service.issuer, claims.issuer()?) {
            (Some(enrolled), Some(claimed)) if enrolled == claimed => {}
            (None, _) => {}
            _ => return Err(Error::refused(Rule::ReceiptIssuer)),
        }
        let keys = HeadKeys::new(&self.service, &message, vds)?;
        let processed = Processed { labels: &[Label::VDS, Label::CWT_CLAIMS], above: None };
        let input = Input::embedded().with_processed(processed);
        context.begin(bytes.len(), |context| {
            let signed = message.verify(&input, &keys, context)?;
            let head: Verified<Head> = signed.try_map(Head::read)?;
            Ok((vds, *head.value()))
        })
    }

    fn verify_checkpoint(&self, note: &[u8], context: &Context<'_>) -> Result<Head, Error> {
        let (origin, keys) = self.checkpoints.ok_or(Error::refused(Rule::HeadSigned))?;
        let sha256 = cose_ext::Error::from(Unsupported::Hash(Algorithm::SHA256));
        let crypto = CoseNoteCrypto::new(context.provider).ok_or(sha256)?;
        context.begin(note.len(), |context| {
            for _ in keys {
                context.spend_check()?;
            }
            let text = Note::parse(note).and_then(|note| note.verify(keys, &crypto));
            let head = text.and_then(Checkpoint::parse).and_then(|head| head.head(origin));
            let head: TreeHead<Rfc9162Tree, [u8; 32]> = head.map_err(of_note)?;
            Ok(Head { size: head.size, root: *head.root.hash() })
        })
    }
}

fn of_note(error: NoteError) -> Error {
    match error {
        NoteError::Malformed { .. } => Error::broken(Rule::HeadForm, 0),
        NoteError::Verification { rule: merkle_proof::Rule::NoteSignature } => {
            Error::broken(Rule::HeadSigned, 0)
        }
        _ => Error::refused(Rule::HeadSigned),
    }
}

/// The tree that the heads are of.
pub(crate) fn sha256_tree<'c, K: TreeKind>(
    context: &Context<'c>,
) -> Result<CoseTree<'c, K>, Error> {
    let sha256 = context.hash_function(Algorithm::SHA256)?;
    let missing = cose_ext::Error::from(Unsupported::Hash(Algorithm::SHA256));
    Ok(CoseTree::new(sha256).ok_or(missing)?)
}

/// What stands under the signature.
#[derive(Clone, Copy)]
struct Head {
    size: u64,
    root: [u8; 32],
}

impl Head {
    /// A plain `fn` over what the signature covers, for `Verified::try_map`.
    fn read(signed: Signed<'_, '_>) -> Result<Self, Error> {
        let form = Error::broken(Rule::HeadForm, 0);
        let claims = signed.protected().cwt_claims()?.ok_or(form)?;
        if claims.subject()? != Some(SignedHead::SUBJECT) {
            return Err(form);
        }
        let read = || {
            let payload = signed.payload();
            let raw = Raw::decode(payload, 0, Strictness::DETERMINISTIC, &Limits::DEFAULT).ok()?;
            let [size, root] = Array::new(&raw).ok()?.exactly().ok()?;
            let root = root.read(Reader::bytes).ok()?.try_into().ok()?;
            Some(Self { size: size.read(Reader::uint).ok()?, root })
        };
        read().ok_or(form)
    }
}

impl<'a> SignedHead<'a> {
    /// `sub` in the claims of heads in COSE. A receipt has another, and signs 32 bytes, which no
    /// head is: neither is taken for the other.
    pub const SUBJECT: &'static str = "scitt.tree-head.v1";

    /// Returns the name of the service in the trust store.
    #[must_use]
    pub const fn service(&self) -> &'a str {
        self.service
    }

    /// Returns how many leaves the log had.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Returns the root.
    #[must_use]
    pub const fn root(&self) -> &[u8; 32] {
        &self.root
    }

    /// Returns the data structure of the log: RFC9162_SHA256 or CCF_LEDGER_SHA256.
    #[must_use]
    pub const fn vds(&self) -> Vds {
        self.vds
    }

    /// Returns size and root for proofs of RFC 9162; `None` for a head of another structure.
    #[must_use]
    pub fn rfc9162(&self) -> Option<TreeHead<Rfc9162Tree, [u8; 32]>> {
        (self.vds == Vds::RFC9162_SHA256).then(|| self.of_kind())
    }

    /// Returns size and root for proofs of CCF ledgers; `None` for a head of another structure.
    #[must_use]
    pub fn ccf_ledger(&self) -> Option<TreeHead<CcfLedger, [u8; 32]>> {
        (self.vds == Vds::CCF_LEDGER_SHA256).then(|| self.of_kind())
    }

    const fn of_kind<K: TreeKind>(&self) -> TreeHead<K, [u8; 32]> {
        TreeHead::new(self.size, TrustedRoot::vouched_for(self.root))
    }

    /// Returns the bytes that were signed.
    #[must_use]
    pub const fn form(&self) -> HeadForm<'a> {
        self.form
    }
}

impl fmt::Debug for SignedHead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: size {}, root ", self.service, self.size)?;
        self.root.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
