//! Sequence numbers and counts of references, which survive restarts.

use core::fmt;

use cose_ext::{Context, Digest, crypto::Secret, key::Identity};

use super::{
    ManifestName, Slots, StoreError,
    contents::Contents,
    state_table::{Newest, Request, Table, write_table},
};
use crate::ComponentName;

/// Sequence numbers by name and authority, and how many manifests refer to which component.
///
/// # State, invariant, cost
///
/// One table in two slots of its own, which take turns: a change is written as a whole beside the
/// table before, so a loss of power leaves the one or the other. A secret of the device seals it;
/// who can put an older copy back brings its numbers back as well, which only memory that counts by
/// itself prevents. Each call reads both slots, and the newer one once more. The buffer has to take
/// the table four times; where it is too short for what stands in a slot, each call is refused
/// ([`StoreError::ShortBuffer`]), and nothing is written.
#[derive(Clone, Copy)]
pub struct DeviceState<'k, S> {
    slots: S,
    secret: &'k dyn Secret,
}

impl<'k, S: Slots> DeviceState<'k, S> {
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
    pub fn sequence_number(
        &mut self,
        name: &ManifestName<'_>,
        authority: &Identity,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<u64>, StoreError<S::Error>> {
        self.ask(&Request::Number(name, authority), buffer, context)
    }

    /// Moves the sequence number; it never moves back. Starts of manifests of this name and
    /// authority that did not confirm themselves are counted anew from then on.
    ///
    /// # Errors
    ///
    /// If the device fails, or buffer or slot are too short.
    pub fn commit(
        &mut self,
        name: &ManifestName<'_>,
        authority: &Identity,
        number: u64,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<(), StoreError<S::Error>> {
        self.ask(&Request::Commit(name, authority, number), buffer, context).map(drop)
    }

    /// Returns how many manifests refer to a component.
    ///
    /// # Errors
    ///
    /// If the device fails, or the buffer is too short.
    pub fn references(
        &mut self,
        component: &ComponentName<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<u64, StoreError<S::Error>> {
        self.count(&Request::References(component), buffer, context)
    }

    /// Counts that a manifest refers to a component, once for each manifest.
    ///
    /// # Errors
    ///
    /// If the device fails, or buffer or slot are too short.
    pub fn link(
        &mut self,
        component: &ComponentName<'_>,
        manifest: &Digest<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<u64, StoreError<S::Error>> {
        self.count(&Request::Link(component, manifest), buffer, context)
    }

    /// Counts that a manifest does not refer to a component any more, once for each manifest, and
    /// returns how many still do (trust domains 5.6.5).
    ///
    /// # Errors
    ///
    /// If the device fails, or buffer or slot are too short.
    pub fn unlink(
        &mut self,
        component: &ComponentName<'_>,
        manifest: &Digest<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<u64, StoreError<S::Error>> {
        self.count(&Request::Unlink(component, manifest), buffer, context)
    }

    /// Drops the marks of a manifest that refers to nothing any more, by which it is known that it
    /// has lowered a count: for a manifest that is not kept any more, so that the state does not
    /// grow with each one that ever was. What still refers to a component stays counted.
    ///
    /// # Errors
    ///
    /// If the device fails, or buffer or slot are too short.
    pub fn forget(
        &mut self,
        manifest: &Digest<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<(), StoreError<S::Error>> {
        self.ask(&Request::Forget(manifest), buffer, context).map(drop)
    }

    /// Counts a start of a manifest, if it was not started `most` times already; returns whether it
    /// may be.
    pub(super) fn try_once(
        &mut self,
        name: &ManifestName<'_>,
        authority: &Identity,
        manifest: &[u8],
        most: u64,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<bool, StoreError<S::Error>> {
        Ok(self.count(&Request::Try { name, authority, manifest, most }, buffer, context)? > 0)
    }

    fn count(
        &mut self,
        request: &Request<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<u64, StoreError<S::Error>> {
        Ok(self.ask(request, buffer, context)?.unwrap_or(0))
    }

    /// Reads the newer table, decides, and writes what changes over the older one.
    fn ask(
        &mut self,
        request: &Request<'_>,
        buffer: &mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<u64>, StoreError<S::Error>> {
        let (old, new) = request.rooms(buffer);
        let mut newest = Newest::default();
        for slot in 0..Newest::SLOTS {
            newest.look(slot, self.table(slot, old, context)?.as_ref());
        }
        let table = match newest.slot() {
            None => None,
            Some(slot) => self.table(slot, old, context)?,
        };
        let entries = Table::entries(newest, table)?;
        let decision = request.decide(entries.as_ref())?;
        if !decision.is_change() {
            return Ok(decision.answer);
        }
        let record = write_table(newest, entries.as_ref(), &decision, self.secret, new)?;
        match self.slots.write(newest.next_slot(), record).map_err(StoreError::Slots)? {
            true => Ok(decision.answer),
            false => Err(StoreError::TooLong),
        }
    }

    fn table<'b>(
        &mut self,
        slot: usize,
        buffer: &'b mut [u8],
        context: &Context<'_>,
    ) -> Result<Option<Table<'b>>, StoreError<S::Error>> {
        let len = self.slots.read(slot, buffer).map_err(StoreError::Slots)?;
        Table::read(&Contents::new(buffer, len), self.secret, context)
    }
}

/// Shows no secret.
impl<S: fmt::Debug> fmt::Debug for DeviceState<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceState").field("slots", &self.slots).finish_non_exhaustive()
    }
}
