//! An envelope in the making.

use alloc::{string::String, vec::Vec};

use cose_ext::{
    Content, Context, Profile,
    cbor::Head,
    crypto::{Algorithm, Signer},
    sign1::{Sign1Builder, ToBeSigned},
};

use super::encoded::{SortedMap, array, byte_string, headed, int, text};
use crate::{
    Block, Envelope, Error, ErrorKind, Rule, digest,
    label::{envelope, tag},
    strictness,
};

/// A manifest that is written and wants to be signed, with what stands beside it in the envelope.
///
/// The digest is computed again before anything is signed, so that nobody signs a digest of another
/// manifest (SUIT manifest 8.3).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct EnvelopeBuilder {
    /// The byte string that wraps the manifest.
    manifest: Vec<u8>,
    /// The encoded digest.
    digest: Vec<u8>,
    blocks: Vec<Vec<u8>>,
    /// Severed members by their number, each the byte string that it is.
    severed: Vec<(i64, Vec<u8>)>,
    integrated: Vec<(String, Vec<u8>)>,
}

impl EnvelopeBuilder {
    pub(crate) const fn new(
        manifest: Vec<u8>,
        digest: Vec<u8>,
        severed: Vec<(i64, Vec<u8>)>,
    ) -> Self {
        Self { manifest, digest, blocks: Vec::new(), severed, integrated: Vec::new() }
    }

    /// Takes an envelope apart, so that another block can be added. Its manifest is not read;
    /// blocks that are there stay.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Historic`] if a member belongs to an older draft.
    pub fn of(received: &Envelope<'_>) -> Result<Self, Error> {
        received.check_current()?;
        let authentication = received.authentication();
        Ok(Self {
            manifest: received.manifest_item().bytes().to_vec(),
            digest: authentication.signed_bytes().to_vec(),
            blocks: authentication.blocks().map(|block| block.bytes().to_vec()).collect(),
            severed: received
                .severed_members()
                .map(|(label, item)| (label, item.bytes().to_vec()))
                .collect(),
            integrated: received
                .integrated_payloads()
                .map(|payload| (payload.uri.into(), payload.payload.to_vec()))
                .collect(),
        })
    }

    /// Returns the encoded digest: what every block signs.
    #[must_use]
    pub fn digest(&self) -> &[u8] {
        &self.digest
    }

    /// Adds a block, a COSE_Sign1 with the headers of `headers`.
    ///
    /// # Errors
    ///
    /// [`Rule::ManifestDigest`] if the digest is not that of the manifest; those of the signer.
    pub fn sign(
        &mut self,
        headers: Sign1Builder,
        signer: &dyn Signer,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        self.check_digest(context)?;
        let block = headers.sign(Content::Detached(&self.digest), signer)?;
        self.blocks.push(block);
        Ok(())
    }

    /// Takes the first of two steps, for a key that answers later: what is to be signed. The
    /// message that [`ToBeSigned::attach`] makes goes to [`block`](Self::block).
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign).
    pub fn prepare(
        &self,
        headers: Sign1Builder,
        algorithm: Algorithm,
        context: &Context<'_>,
    ) -> Result<ToBeSigned<'_>, Error> {
        self.check_digest(context)?;
        Ok(headers.prepare(algorithm, Content::Detached(&self.digest))?)
    }

    /// Adds a block that was made elsewhere over [`digest`](Self::digest): a tagged COSE message
    /// without its payload. Its signature is not checked.
    ///
    /// # Errors
    ///
    /// [`Rule::BlockForm`], [`Rule::BlockDetached`].
    pub fn block(&mut self, message: Vec<u8>) -> Result<(), Error> {
        Block::new(&message, 0).message(&Profile::LENIENT)?;
        self.blocks.push(message);
        Ok(())
    }

    /// Puts a payload or a dependency's envelope beside the manifest, which names it by `uri`.
    pub fn integrate(mut self, uri: &str, payload: &[u8]) -> Self {
        self.integrated.retain(|(known, _)| known != uri);
        self.integrated.push((uri.into(), payload.to_vec()));
        self
    }

    /// Leaves out the severed members, of which the manifest keeps the digests.
    pub fn without_severed(mut self) -> Self {
        self.severed.clear();
        self
    }

    /// Returns the envelope with its tag.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        headed(Head::tag(tag::ENVELOPE), &self.to_untagged_bytes())
    }

    /// Returns the envelope without a tag, as TEEP carries it.
    pub fn to_untagged_bytes(&self) -> Vec<u8> {
        let mut members = SortedMap::new();
        let wrapped: Vec<_> =
            [&self.digest].into_iter().chain(&self.blocks).map(|it| byte_string(it)).collect();
        let wrapper = byte_string(&array(wrapped.iter().map(Vec::as_slice)));
        members.set(int(envelope::AUTHENTICATION_WRAPPER), wrapper);
        members.set(int(envelope::MANIFEST), self.manifest.clone());
        for (label, item) in &self.severed {
            members.set(int(*label), item.clone());
        }
        for (uri, payload) in &self.integrated {
            members.set(text(uri), byte_string(payload));
        }
        members.to_bytes()
    }

    fn check_digest(&self, context: &Context<'_>) -> Result<(), Error> {
        let stated = digest::read(&strictness::item(&self.digest, 0, &context.profile)?)?;
        let computed = context.hash(stated.algorithm(), &[&self.manifest])?;
        if computed.as_ref() == stated.value() {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::Verification(Rule::ManifestDigest)))
        }
    }
}
