//! In which slot a manifest is kept, and as what record.

use cose_ext::{
    Context, Digest, Verified, cbor::Writer, crypto::Secret, key::Identity, sign::Signers,
};

use super::{
    Kept, ManifestName, StoreError,
    contents::Contents,
    kept::PURPOSE,
    seal::{self, seal},
};
use crate::{
    Envelope, Error, ErrorKind, Manifest, Rule, digest,
    label::{envelope as label, tag},
};

/// The longest seal: a name of some segments, a number, an identity and a digest, and what is
/// around them. A name that does not fit is refused.
const SEAL: usize = 512;

/// What stands in an envelope around its two members: the tag, the head of the map and two keys.
const AROUND: usize = 5;

/// The search for the slot of a manifest that is to be kept, over slots that are looked at one by
/// one.
pub(super) struct Room<'a> {
    name: ManifestName<'a>,
    number: u64,
    authority: Option<Identity>,
    digest: Digest<'a>,
    /// The number of the manifest that stays.
    spared: Option<u64>,
    is_spared_there: bool,
    /// Whether another manifest of this name, number and authority is kept.
    is_taken: bool,
    free: Option<usize>,
    latest: Option<(usize, u64)>,
    oldest: Option<(usize, u64)>,
}

impl<'a> Room<'a> {
    /// Returns the search for the manifest that stands in `envelope`.
    pub(super) fn of(envelope: &Envelope<'a>, manifest: &Verified<Manifest<'a>, Signers>) -> Self {
        Self {
            name: ManifestName::of(manifest.value()),
            number: manifest.value().sequence_number(),
            authority: authority(manifest),
            spared: None,
            is_spared_there: false,
            is_taken: false,
            digest: envelope.authentication().digest(),
            free: None,
            latest: None,
            oldest: None,
        }
    }

    /// Spares the manifest of this number.
    pub(super) fn beside(mut self, committed: u64) -> Self {
        self.spared = Some(committed);
        self
    }

    /// Looks at what a slot holds; returns whether that is the very manifest, by the same signer.
    pub(super) fn look(
        &mut self,
        slot: usize,
        kept: Option<&Kept<'_>>,
        context: &Context<'_>,
    ) -> bool {
        match kept {
            None => self.free = self.free.or(Some(slot)),
            // The seal was written, and the envelope behind it not to its end.
            Some(kept) if kept.open(context).is_err() => self.free = self.free.or(Some(slot)),
            Some(kept) if kept.name() == self.name => {
                let found = kept.sequence_number();
                let is_of_same = Some(kept.authority()) == self.authority;
                if is_of_same && kept.digest() == self.digest {
                    return true;
                }
                self.is_taken |= is_of_same && found == self.number;
                // Whoever signed it: keys are replaced in the life of a device.
                if self.spared == Some(found) {
                    self.is_spared_there = true;
                    return false;
                }
                if self.latest.is_none_or(|(_, latest)| found > latest) {
                    self.latest = Some((slot, found));
                }
                if self.oldest.is_none_or(|(_, oldest)| found < oldest) {
                    self.oldest = Some((slot, found));
                }
            }
            Some(_) => {}
        }
        false
    }

    /// Returns the slot to write, when all were looked at: a free one, or that of the oldest
    /// manifest of the name that need not stay. The one that is spared stays; without one, the
    /// latest does.
    pub(super) fn slot<E>(&self) -> Result<usize, StoreError<E>> {
        if self.is_taken {
            return Err(Error::new(ErrorKind::Policy(Rule::SequenceNumber)).into());
        }
        let replaced = match (self.oldest, self.latest) {
            (Some((oldest, _)), _) if self.is_spared_there => Some(oldest),
            (Some((oldest, _)), Some((latest, _))) if oldest != latest => Some(oldest),
            _ => None,
        };
        self.free.or(replaced).ok_or(StoreError::Full)
    }
}

/// Who is noted as the signer of a manifest: the first of those who signed it.
fn authority(manifest: &Verified<Manifest<'_>, Signers>) -> Option<Identity> {
    manifest.by().iter().next().map(|by| by.identity())
}

/// Writes the record of a manifest: a seal, and behind it the envelope without severed members and
/// payloads.
pub(super) fn write_record<'o, E>(
    envelope: &Envelope<'_>,
    manifest: &Verified<Manifest<'_>, Signers>,
    secret: &dyn Secret,
    out: &'o mut [u8],
) -> Result<&'o [u8], StoreError<E>> {
    let authority = authority(manifest).ok_or(Error::new(ErrorKind::Policy(Rule::BlockPresent)))?;
    let (wrapper, item) = (envelope.wrapper_item(), envelope.manifest_item());
    let len = wrapper.bytes().len().saturating_add(item.bytes().len()).saturating_add(AROUND);
    let len = u64::try_from(len).map_err(|_| StoreError::TooLong)?;
    let mut sealed = [0; SEAL];
    let sealed = seal(&mut sealed, PURPOSE, 5, secret, |writer| {
        ManifestName::of(manifest.value()).write(writer);
        writer.int(manifest.value().sequence_number()).bytes(authority.as_bytes());
        digest::write(&envelope.authentication().digest(), writer);
        writer.int(len);
    })?;
    let mut writer = Writer::new(out);
    writer.array(2).bytes(sealed);
    writer.embedded(|writer| {
        writer.tag(tag::ENVELOPE).map(2);
        writer.int(label::AUTHENTICATION_WRAPPER).encoded(wrapper.bytes());
        writer.int(label::MANIFEST).encoded(item.bytes());
    });
    writer.finish().map(|record| &*record).map_err(|_| StoreError::TooLong)
}

/// Reads what stands in a slot under its seal; nothing if it is no record.
pub(super) fn read_record<'b, E>(
    slot: usize,
    contents: &Contents<'b>,
    secret: &dyn Secret,
    context: &Context<'_>,
) -> Result<Option<Kept<'b>>, StoreError<E>> {
    let Some(record) = contents.record(PURPOSE)? else { return Ok(None) };
    let opened = seal::open(record.seal, secret, context);
    let kept = opened.and_then(|content| Kept::new(slot, content, record.beside));
    match kept {
        Ok(Some(kept)) => Ok(Some(kept)),
        Ok(None) => Err(StoreError::ShortBuffer),
        Err(error) if error.is_limit() => Err(error.into()),
        Err(_) => Ok(None),
    }
}
