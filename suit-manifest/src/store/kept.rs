//! A manifest that the device keeps.

use cose_ext::{
    Context, Digest, Verified,
    cbor::{Array, Reader},
    key::Identity,
};

use super::{ManifestName, contents::Beside, seal};
use crate::{
    Envelope, Error, Manifest, Rule, digest,
    error::{Breaks, Fact},
};

/// What the seals of manifests are for.
pub(super) const PURPOSE: &str = "suit-manifest kept";

/// A manifest that the device keeps: found under its seal, so it is what the device wrote there.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'b> {
    pub(super) slot: usize,
    name: ManifestName<'b>,
    sequence_number: u64,
    authority: Identity,
    digest: Verified<Digest<'b>>,
    envelope: &'b [u8],
}

/// The content of the seal of a manifest.
struct Sealed<'b> {
    name: ManifestName<'b>,
    sequence_number: u64,
    authority: Identity,
    digest: Digest<'b>,
    /// How long the envelope is, in bytes.
    len: u64,
}

impl<'b> Sealed<'b> {
    fn read(content: Array<'b>) -> Result<Self, Error> {
        let [name, number, authority, digest, len] = seal::items(&content, PURPOSE)?;
        let bytes = authority.read(Reader::bytes).breaks(Rule::StoreSealed)?;
        let short = Error::malformed(Rule::StoreSealed, Fact::None, authority.offset());
        Ok(Self {
            name: ManifestName::read(&name)?,
            sequence_number: number.read(Reader::uint).breaks(Rule::StoreSealed)?,
            authority: Identity::new(bytes.try_into().map_err(|_| short)?),
            digest: digest::read(&digest)?,
            len: len.read(Reader::uint).breaks(Rule::StoreSealed)?,
        })
    }
}

impl<'b> Kept<'b> {
    /// Returns what is kept in the slot; `None` if the envelope goes on behind the end of the
    /// buffer.
    ///
    /// # Errors
    ///
    /// [`Rule::StoreSealed`] for another content, and for an envelope that has not, or does not
    /// claim, the length that was sealed.
    pub(super) fn new(
        slot: usize,
        content: Verified<Array<'b>>,
        beside: Beside<'b>,
    ) -> Result<Option<Self>, Error> {
        let Sealed { name, sequence_number, authority, len, .. } = Sealed::read(*content.value())?;
        let envelope = match beside {
            Beside::Whole(envelope) if u64::try_from(envelope.len()) == Ok(len) => envelope,
            Beside::Longer(claimed) if claimed.is_none_or(|claimed| claimed == len) => {
                return Ok(None);
            }
            _ => return Err(Error::malformed(Rule::StoreSealed, Fact::None, 0)),
        };
        let digest =
            content.try_map(|content| Sealed::read(content).map(|sealed| sealed.digest))?;
        Ok(Some(Self { slot, name, sequence_number, authority, digest, envelope }))
    }

    /// Returns the number of the slot.
    #[must_use]
    pub const fn slot(&self) -> usize {
        self.slot
    }

    /// Returns what the manifest is called.
    #[must_use]
    pub const fn name(&self) -> ManifestName<'b> {
        self.name
    }

    /// Returns the number that grows with each manifest of its kind.
    #[must_use]
    pub const fn sequence_number(&self) -> u64 {
        self.sequence_number
    }

    /// Returns who signed the manifest: the first of those who did when it was put here.
    #[must_use]
    pub const fn authority(&self) -> Identity {
        self.authority
    }

    /// Returns the digest of the manifest.
    #[must_use]
    pub const fn digest(&self) -> Digest<'b> {
        *self.digest.value()
    }

    /// Returns the envelope, without severed members and payloads.
    #[must_use]
    pub const fn envelope_bytes(&self) -> &'b [u8] {
        self.envelope
    }

    /// Opens the envelope. The device vouches for its manifest, by the digest that it sealed when
    /// it had verified who made it: no signature is checked, and no byte of the manifest is read
    /// before its digest is.
    ///
    /// # Errors
    ///
    /// [`Rule::ManifestDigest`] if the envelope changed; others of [`Envelope::vouched_by`].
    pub fn open(
        &self,
        context: &Context<'_>,
    ) -> Result<(Envelope<'b>, Verified<Manifest<'b>>), Error> {
        let envelope = Envelope::decode(self.envelope, &context.profile)?;
        let manifest = envelope.vouched_by(&self.digest, context)?;
        Ok((envelope, manifest))
    }
}
