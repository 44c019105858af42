//! The manifests that a device keeps in slots that answer later.

use core::fmt;

use cose_ext::{Context, Verified, crypto::Secret, sign::Signers};

use super::{
    super::{
        Kept, ManifestName, Selection, StoreError,
        contents::Contents,
        room::{Room, read_record, write_record},
        selection::Search,
    },
    AsyncSlots,
};
use crate::{Envelope, Manifest};

/// The manifests that a device keeps in slots that answer later: the twin of
/// [`ManifestStore`](super::super::ManifestStore), method for method, over the same records.
///
/// A future that is dropped in the middle leaves the slots as a loss of power does.
#[derive(Clone, Copy)]
pub struct AsyncManifestStore<'k, S> {
    slots: S,
    secret: &'k dyn Secret,
}

impl<'k, S: AsyncSlots> AsyncManifestStore<'k, S> {
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
    pub async fn keep(
        &mut self,
        envelope: &Envelope<'_>,
        manifest: &Verified<Manifest<'_>, Signers>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<usize, StoreError<S::Error>> {
        self.keep_in(Room::of(envelope, manifest), envelope, manifest, buffer, context).await
    }

    /// Keeps as [`keep`](Self::keep) does, and never in place of the manifest that is called so and
    /// has the number `committed`: the one that has confirmed itself, which runs. A device that has
    /// fallen back to it keeps the next manifest in place of the one that failed.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn keep_beside(
        &mut self,
        committed: u64,
        envelope: &Envelope<'_>,
        manifest: &Verified<Manifest<'_>, Signers>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<usize, StoreError<S::Error>> {
        let room = Room::of(envelope, manifest).beside(committed);
        self.keep_in(room, envelope, manifest, buffer, context).await
    }

    async fn keep_in(
        &mut self,
        mut room: Room<'_>,
        envelope: &Envelope<'_>,
        manifest: &Verified<Manifest<'_>, Signers>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<usize, StoreError<S::Error>> {
        for slot in 0..self.slots.count() {
            let kept = self.load(slot, buffer, context).await?;
            if room.look(slot, kept.as_ref(), context) {
                return Ok(slot);
            }
        }
        let slot = room.slot()?;
        let record = write_record(envelope, manifest, self.secret, buffer)?;
        match self.slots.write(slot, record).await.map_err(StoreError::Slots)? {
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
    pub async fn list(
        &mut self,
        buffer: &mut [u8],
        context: &Context<'_>,
        each: &mut dyn FnMut(&Kept<'_>),
    ) -> Result<(), StoreError<S::Error>> {
        for slot in 0..self.slots.count() {
            if let Some(kept) = self.load(slot, buffer, context).await? {
                each(&kept);
            }
        }
        Ok(())
    }

    /// Finds of the manifests called `name` the one with the greatest sequence number that
    /// `selection` allows, and whose envelope is whole: the latest valid authentic one
    /// (draft-ietf-suit-manifest-37 6.1). `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the device fails, or the buffer is too short.
    pub async fn select<'b>(
        &mut self,
        name: &ManifestName<'_>,
        selection: Selection,
        buffer: &'b mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<Kept<'b>>, StoreError<S::Error>> {
        self.find(&|kept| kept.name() == *name, selection, buffer, context).await
    }

    /// As [`select`](Self::select), of the manifests of which `is_it` says so.
    pub(super) async fn find<'b>(
        &mut self,
        is_it: &dyn Fn(&Kept<'_>) -> bool,
        selection: Selection,
        buffer: &'b mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<Kept<'b>>, StoreError<S::Error>> {
        let mut search = Search::new(is_it, selection);
        for slot in 0..self.slots.count() {
            if let Some(kept) = self.load(slot, buffer, context).await? {
                search.look(&kept, context);
            }
        }
        match search.slot() {
            None => Ok(None),
            Some(slot) => self.load(slot, buffer, context).await,
        }
    }

    /// Removes the manifest in a slot.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub async fn delete(&mut self, slot: usize) -> Result<(), StoreError<S::Error>> {
        self.slots.erase(slot).await.map_err(StoreError::Slots)
    }

    /// What stands in a slot under its seal.
    async fn load<'b>(
        &mut self,
        slot: usize,
        buffer: &'b mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<Kept<'b>>, StoreError<S::Error>> {
        let len = self.slots.read(slot, buffer).await.map_err(StoreError::Slots)?;
        read_record(slot, &Contents::new(buffer, len), self.secret, context)
    }
}

/// Shows no secret.
impl<S: fmt::Debug> fmt::Debug for AsyncManifestStore<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncManifestStore").field("slots", &self.slots).finish_non_exhaustive()
    }
}
