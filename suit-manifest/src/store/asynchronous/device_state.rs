//! Sequence numbers and counts of references, in slots that answer later.

use core::fmt;

use cose_ext::{Context, Digest, crypto::Secret, key::Identity};

use super::{
    super::{
        ManifestName, StoreError,
        contents::Contents,
        state_table::{Newest, Request, Table, write_table},
    },
    AsyncSlots,
};
use crate::ComponentName;

/// Sequence numbers and counts of references in slots that answer later: the twin of
/// [`DeviceState`](super::super::DeviceState), method for method, over the same table.
///
/// A future that is dropped in the middle leaves the slots as a loss of power does.
#[derive(Clone, Copy)]
pub struct AsyncDeviceState<'k, S> {
    slots: S,
    secret: &'k dyn Secret,
}

impl<'k, S: AsyncSlots> AsyncDeviceState<'k, S> {
    /// Returns the state in these slots, of which it uses the first two.
    pub const fn new(slots: S, secret: &'k dyn Secret) -> Self {
        Self { slots, secret }
    }

    /// Returns the sequence number that was committed for the manifests of this name by this
    /// authority; `None` if none was.
    ///
    /// # Errors
    ///
    /// If the device fails, or the buffer is too short.
    pub async fn sequence_number(
        &mut self,
        name: &ManifestName<'_>,
        authority: &Identity,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<u64>, StoreError<S::Error>> {
        self.ask(&Request::Number(name, authority), buffer, context).await
    }

    /// Moves the sequence number; it never moves back. Starts of manifests of this name and
    /// authority that did not confirm themselves are counted anew from then on.
    ///
    /// # Errors
    ///
    /// If the device fails, or buffer or slot are too short.
    pub async fn commit(
        &mut self,
        name: &ManifestName<'_>,
        authority: &Identity,
        number: u64,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<(), StoreError<S::Error>> {
        self.ask(&Request::Commit(name, authority, number), buffer, context).await.map(drop)
    }

    /// Returns how many manifests refer to a component.
    ///
    /// # Errors
    ///
    /// If the device fails, or the buffer is too short.
    pub async fn references(
        &mut self,
        component: &ComponentName<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<u64, StoreError<S::Error>> {
        self.count(&Request::References(component), buffer, context).await
    }

    /// Counts that a manifest refers to a component, once for each manifest.
    ///
    /// # Errors
    ///
    /// If the device fails, or buffer or slot are too short.
    pub async fn link(
        &mut self,
        component: &ComponentName<'_>,
        manifest: &Digest<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<u64, StoreError<S::Error>> {
        self.count(&Request::Link(component, manifest), buffer, context).await
    }

    /// Counts that a manifest does not refer to a component any more, once for each manifest, and
    /// returns how many still do (trust domains 5.6.5).
    ///
    /// # Errors
    ///
    /// If the device fails, or buffer or slot are too short.
    pub async fn unlink(
        &mut self,
        component: &ComponentName<'_>,
        manifest: &Digest<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<u64, StoreError<S::Error>> {
        self.count(&Request::Unlink(component, manifest), buffer, context).await
    }

    /// Drops the marks of a manifest that refers to nothing any more, by which it is known that it
    /// has lowered a count: for a manifest that is not kept any more, so that the state does not
    /// grow with each one that ever was. What still refers to a component stays counted.
    ///
    /// # Errors
    ///
    /// If the device fails, or buffer or slot are too short.
    pub async fn forget(
        &mut self,
        manifest: &Digest<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<(), StoreError<S::Error>> {
        self.ask(&Request::Forget(manifest), buffer, context).await.map(drop)
    }

    /// Counts a start of a manifest, if it was not started `most` times already; returns whether it
    /// may be.
    pub(super) async fn try_once(
        &mut self,
        name: &ManifestName<'_>,
        authority: &Identity,
        manifest: &[u8],
        most: u64,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<bool, StoreError<S::Error>> {
        Ok(self.count(&Request::Try { name, authority, manifest, most }, buffer, context).await?
            > 0)
    }

    async fn count(
        &mut self,
        request: &Request<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<u64, StoreError<S::Error>> {
        Ok(self.ask(request, buffer, context).await?.unwrap_or(0))
    }

    /// Reads the newer table, decides, and writes what changes over the older one.
    async fn ask(
        &mut self,
        request: &Request<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<u64>, StoreError<S::Error>> {
        let (old, new) = request.rooms(buffer);
        let mut newest = Newest::default();
        for slot in 0..Newest::SLOTS {
            newest.look(slot, self.table(slot, old, context).await?.as_ref());
        }
        let table = match newest.slot() {
            None => None,
            Some(slot) => self.table(slot, old, context).await?,
        };
        let entries = Table::entries(newest, table)?;
        let decision = request.decide(entries.as_ref())?;
        if !decision.is_change() {
            return Ok(decision.answer);
        }
        let record = write_table(newest, entries.as_ref(), &decision, self.secret, new)?;
        match self.slots.write(newest.next_slot(), record).await.map_err(StoreError::Slots)? {
            true => Ok(decision.answer),
            false => Err(StoreError::TooLong),
        }
    }

    async fn table<'b>(
        &mut self,
        slot: usize,
        buffer: &'b mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<Table<'b>>, StoreError<S::Error>> {
        let len = self.slots.read(slot, buffer).await.map_err(StoreError::Slots)?;
        Table::read(&Contents::new(buffer, len), self.secret, context)
    }
}

/// Shows no secret.
impl<S: fmt::Debug> fmt::Debug for AsyncDeviceState<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncDeviceState").field("slots", &self.slots).finish_non_exhaustive()
    }
}
