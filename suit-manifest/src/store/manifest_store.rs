//! The manifests that a device keeps.

use core::fmt;

use cose_ext::{Context, Verified, crypto::Secret, sign::Signers};

use super::{
    Kept, ManifestName, Selection, Slots, StoreError,
    contents::Contents,
    room::{Room, read_record, write_record},
    selection::Search,
};
use crate::{Envelope, Manifest};

/// The manifests that a device keeps, each in a slot of its own.
///
/// # State, invariant, cost
///
/// The slots are all its state. A slot is empty, or holds a seal by the secret of the device and
/// behind it an envelope; what is neither (a record whose writing was cut off) counts as empty. A
/// manifest that is kept replaces an older one of the same name only if there is another that is
/// newer, so that a loss of power never leaves the device without. Each call reads every slot once
/// or twice, into a buffer of the caller that takes the longest record; where a record is longer,
/// the call is refused ([`StoreError::ShortBuffer`]), and nothing is written.
#[derive(Clone, Copy)]
pub struct ManifestStore<'k, S> {
    slots: S,
    secret: &'k dyn Secret,
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
    /// [`StoreError`]; [`Rule::SequenceNumber`](crate::Rule::SequenceNumber) if another manifest of
    /// this name, number and authority is kept.
    pub fn keep(
        &mut self,
        envelope: &Envelope<'_>,
        manifest: &Verified<Manifest<'_>, Signers>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<usize, StoreError<S::Error>> {
        self.keep_in(Room::of(envelope, manifest), envelope, manifest, buffer, context)
    }

    /// Keeps as [`keep`](Self::keep) does, and never in place of the manifest that is called so and
    /// has the number `committed`: the one that has confirmed itself, which runs. A device that has
    /// fallen back to it keeps the next manifest in place of the one that failed.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn keep_beside(
        &mut self,
        committed: u64,
        envelope: &Envelope<'_>,
        manifest: &Verified<Manifest<'_>, Signers>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<usize, StoreError<S::Error>> {
        let room = Room::of(envelope, manifest).beside(committed);
        self.keep_in(room, envelope, manifest, buffer, context)
    }

    fn keep_in(
        &mut self,
        mut room: Room<'_>,
        envelope: &Envelope<'_>,
        manifest: &Verified<Manifest<'_>, Signers>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<usize, StoreError<S::Error>> {
        for slot in 0..self.slots.count() {
            let kept = self.load(slot, buffer, context)?;
            if room.look(slot, kept.as_ref(), context) {
                return Ok(slot);
            }
        }
        let slot = room.slot()?;
        let record = write_record(envelope, manifest, self.secret, buffer)?;
        match self.slots.write(slot, record).map_err(StoreError::Slots)? {
            true => Ok(slot),
            false => Err(StoreError::TooLong),
        }
    }

    /// Calls `each` with every manifest that is kept, in the order of the slots. Envelopes are not
    /// opened.
    ///
    /// # Errors
    ///
    /// If the device fails, or the buffer is too short.
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
    /// If the device fails, or the buffer is too short.
    pub fn select<'b>(
        &mut self,
        name: &ManifestName<'_>,
        selection: Selection,
        buffer: &'b mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<Kept<'b>>, StoreError<S::Error>> {
        self.find(&|kept| kept.name() == *name, selection, buffer, context)
    }

    /// As [`select`](Self::select), of the manifests of which `is_it` says so.
    pub(super) fn find<'b>(
        &mut self,
        is_it: &dyn Fn(&Kept<'_>) -> bool,
        selection: Selection,
        buffer: &'b mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<Kept<'b>>, StoreError<S::Error>> {
        let mut search = Search::new(is_it, selection);
        for slot in 0..self.slots.count() {
            if let Some(kept) = self.load(slot, buffer, context)? {
                search.look(&kept, context);
            }
        }
        match search.slot() {
            None => Ok(None),
            Some(slot) => self.load(slot, buffer, context),
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
        read_record(slot, &Contents::new(buffer, len), self.secret, context)
    }
}

/// Shows no secret.
impl<S: fmt::Debug> fmt::Debug for ManifestStore<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManifestStore").field("slots", &self.slots).finish_non_exhaustive()
    }
}
