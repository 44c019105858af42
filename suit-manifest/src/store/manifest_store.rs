//! The manifests that a device keeps.

use core::fmt;

use cose_ext::{Context, Verified, cbor::Writer, crypto::Secret, sign::Signers};

use super::{
    Kept, ManifestName, Slots, StoreError,
    kept::PURPOSE,
    seal::{self, parts, seal},
};
use crate::{
    Envelope, Error, ErrorKind, Manifest, Rule, digest,
    label::{envelope as label, tag},
};

/// The longest seal: a name of some segments, a number, an identity and a digest, and what is
/// around them. A name that does not fit is refused.
const SEAL: usize = 512;

/// The manifests that a device keeps, each in a slot of its own.
///
/// # State, invariant, cost
///
/// The slots are all its state. A slot is empty, or holds a seal by the secret of the device and
/// behind it an envelope; what is neither (a record whose writing was cut off) counts as empty. A
/// manifest that is kept replaces an older one of the same name only if there is another that is
/// newer, so that a loss of power never leaves the device without. Each call reads every slot once
/// or twice, into a buffer of the caller that takes the longest record.
#[derive(Clone, Copy)]
pub struct ManifestStore<'k, S> {
    slots: S,
    secret: &'k dyn Secret,
}

/// Which of the manifests of a name are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The least sequence number: the one that was committed, for none below it may be started.
    pub at_least: u64,
    /// The sequence number that it has to be below: that of a manifest which could not be started,
    /// to fall back to the one before. `None` asks for the latest.
    pub below: Option<u64>,
}

impl Selection {
    /// The latest of all.
    pub const LATEST: Self = Self { at_least: 0, below: None };

    const fn has(&self, number: u64) -> bool {
        let is_below = match self.below {
            None => true,
            Some(below) => number < below,
        };
        is_below && number >= self.at_least
    }
}

impl<'k, S: Slots> ManifestStore<'k, S> {
    /// Returns the store in these slots, sealed by `secret`: a key for HMAC with SHA-256 that never
    /// leaves the device.
    pub const fn new(slots: S, secret: &'k dyn Secret) -> Self {
        Self { slots, secret }
    }

    /// Keeps the envelope of a verified manifest, without severed members and payloads, and returns
    /// the number of its slot. One that is kept already stays where it is, and nothing is written.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn keep(
        &mut self,
        envelope: &Envelope<'_>,
        manifest: &Verified<Manifest<'_>, Signers>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<usize, StoreError<S::Error>> {
        let name = ManifestName::of(manifest.value());
        let digest = envelope.authentication().digest();
        let number = manifest.value().sequence_number();
        let (mut free, mut latest, mut oldest) = (None, None, None);
        for slot in 0..self.slots.count() {
            match self.load(slot, buffer, context)? {
                None => free = free.or(Some(slot)),
                // The seal was written, and the envelope behind it not to its end.
                Some(kept) if kept.open(context).is_err() => free = free.or(Some(slot)),
                Some(kept) if kept.name() == name => {
                    if kept.digest() == digest {
                        return Ok(slot);
                    }
                    let found = kept.sequence_number();
                    if latest.is_none_or(|(_, latest)| found > latest) {
                        latest = Some((slot, found));
                    }
                    if oldest.is_none_or(|(_, oldest)| found < oldest) {
                        oldest = Some((slot, found));
                    }
                }
                Some(_) => {}
            }
        }
        let replaced = match (oldest, latest) {
            (Some((oldest, _)), Some((latest, _))) if oldest != latest => Some(oldest),
            _ => None,
        };
        let slot = free.or(replaced).ok_or(StoreError::Full)?;
        let authority = manifest.by().iter().next().map(|by| by.identity());
        let authority = authority.ok_or(Error::new(ErrorKind::Policy(Rule::BlockPresent)))?;
        let mut sealed = [0; SEAL];
        let sealed = seal(&mut sealed, PURPOSE, 4, self.secret, |writer| {
            name.write(writer);
            writer.int(number).bytes(authority.as_bytes());
            digest::write(&digest, writer);
        })?;
        let mut writer = Writer::new(buffer);
        writer.array(2).bytes(sealed);
        writer.embedded(|writer| write_reduced(envelope, writer));
        let record = writer.finish().map_err(|_| StoreError::TooLong)?;
        if self.slots.write(slot, record).map_err(StoreError::Slots)? {
            Ok(slot)
        } else {
            Err(StoreError::TooLong)
        }
    }

    /// Calls `each` with every manifest that is kept, in the order of the slots. Envelopes are not
    /// opened.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub fn list(
        &mut self,
        buffer: &mut [u8],
        context: &Context<'_>,
        each: &mut dyn FnMut(&Kept<'_>),
    ) -> Result<(), StoreError<S::Error>> {
        for slot in 0..self.slots.count() {
            if let Some(kept) = self.load(slot, buffer, context)? {
                each(&kept);
            }
        }
        Ok(())
    }

    /// Finds of the manifests called `name` the one with the greatest sequence number that
    /// `selection` allows, and whose envelope is whole: the latest valid authentic one
    /// (draft-ietf-suit-manifest-37 6.1). `None` if there is none.
    ///
    /// ```
    /// use suit_manifest::{cose_ext::Context, store::*};
    /// /// Tries manifests from the latest down, until one starts.
    /// fn boot<S: Slots>(
    ///     store: &mut ManifestStore<'_, S>,
    ///     committed: u64,
    ///     buffer: &mut [u8],
    ///     context: &Context<'_>,
    ///     mut starts: impl FnMut(&Kept<'_>) -> bool,
    /// ) -> Result<bool, StoreError<S::Error>> {
    ///     let mut selection = Selection { at_least: committed, below: None };
    ///     let name = ManifestName::Default;
    ///     while let Some(kept) = store.select(&name, selection, buffer, context)? {
    ///         if starts(&kept) {
    ///             return Ok(true);
    ///         }
    ///         selection.below = Some(kept.sequence_number());
    ///     }
    ///     Ok(false)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub fn select<'b>(
        &mut self,
        name: &ManifestName<'_>,
        selection: Selection,
        buffer: &'b mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<Kept<'b>>, StoreError<S::Error>> {
        self.find(&|kept| kept == name, selection, buffer, context)
    }

    /// As [`select`](Self::select), of the manifests of whose names `is_it` says so.
    pub(super) fn find<'b>(
        &mut self,
        is_it: &dyn Fn(&ManifestName<'_>) -> bool,
        selection: Selection,
        buffer: &'b mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<Kept<'b>>, StoreError<S::Error>> {
        let mut best: Option<(usize, u64)> = None;
        for slot in 0..self.slots.count() {
            let Some(kept) = self.load(slot, buffer, context)? else { continue };
            let number = kept.sequence_number();
            if is_it(&kept.name())
                && selection.has(number)
                && best.is_none_or(|(_, best)| number > best)
                && kept.open(context).is_ok()
            {
                best = Some((slot, number));
            }
        }
        match best {
            None => Ok(None),
            Some((slot, _)) => self.load(slot, buffer, context),
        }
    }

    /// Removes the manifest in a slot.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub fn delete(&mut self, slot: usize) -> Result<(), StoreError<S::Error>> {
        self.slots.erase(slot).map_err(StoreError::Slots)
    }

    /// What stands in a slot under its seal.
    fn load<'b>(
        &mut self,
        slot: usize,
        buffer: &'b mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<Kept<'b>>, StoreError<S::Error>> {
        let len = self.slots.read(slot, buffer).map_err(StoreError::Slots)?;
        let buffer: &'b [u8] = buffer;
        let Some((sealed, envelope)) = parts(buffer.get(..len).unwrap_or_default()) else {
            return Ok(None);
        };
        let kept = seal::open(sealed, self.secret, context)
            .and_then(|content| Kept::new(slot, content, envelope));
        match kept {
            Ok(kept) => Ok(Some(kept)),
            Err(error) if error.is_limit() => Err(error.into()),
            Err(_) => Ok(None),
        }
    }
}

/// The envelope with what authenticates the manifest, and the manifest.
fn write_reduced(envelope: &Envelope<'_>, writer: &mut Writer<'_>) {
    writer.tag(tag::ENVELOPE).map(2);
    writer.int(label::AUTHENTICATION_WRAPPER).encoded(envelope.wrapper_item().bytes());
    writer.int(label::MANIFEST).encoded(envelope.manifest_item().bytes());
}

/// Shows no secret.
impl<S: fmt::Debug> fmt::Debug for ManifestStore<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManifestStore").field("slots", &self.slots).finish_non_exhaustive()
    }
}
