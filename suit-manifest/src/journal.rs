//! How far a procedure was when the power went.

mod asynchronous;
mod record;

use cose_ext::Context;

pub use asynchronous::AsyncJournal;
pub(crate) use asynchronous::AsyncProgress;
pub use record::RECORD;
pub(crate) use record::{Fingerprint, Position, Record};

use crate::{Processor, Step};

/// Memory that survives a loss of power, and in which a driver writes how far a procedure is:
/// [`run_journaled`](crate::run_journaled).
///
/// # State, invariant, cost
///
/// Records of [`RECORD`] bytes each, written once and in order. A record whose writing was cut off
/// is seen by its checksum and passed over. Where the records are more than there is room for, the
/// rest of the procedure is not noted, and done again after a loss of power; a swap that cannot be
/// noted is not begun, and fails, since it cannot be done again from its beginning.
pub trait Journal {
    /// What goes wrong on the device.
    type Error;

    /// Whether anything is kept at all; without, the code for it is left out.
    const IS_KEPT: bool = true;

    /// Reads the record at `index`; `false` if there is no room for so many. One that was not
    /// written since the last [`clear`](Self::clear) reads as bytes of 0xff.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn read(&mut self, index: usize, record: &mut [u8; RECORD]) -> Result<bool, Self::Error>;

    /// Writes the record at `index`, at which nothing was written since the last
    /// [`clear`](Self::clear); `false` if there is no room for so many.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn write(&mut self, index: usize, record: &[u8; RECORD]) -> Result<bool, Self::Error>;

    /// Removes all records, the first of them first.
    ///
    /// # Errors
    ///
    /// If the device fails.
    fn clear(&mut self) -> Result<(), Self::Error>;
}

/// No journal: a procedure that was cut off starts again from its beginning.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NoJournal<E>(core::marker::PhantomData<E>);

impl<E> NoJournal<E> {
    pub(crate) const fn new() -> Self {
        Self(core::marker::PhantomData)
    }
}

impl<E> Journal for NoJournal<E> {
    type Error = E;

    const IS_KEPT: bool = false;

    fn read(&mut self, _: usize, _: &mut [u8; RECORD]) -> Result<bool, E> {
        Ok(false)
    }

    fn write(&mut self, _: usize, _: &[u8; RECORD]) -> Result<bool, E> {
        Ok(false)
    }

    fn clear(&mut self) -> Result<(), E> {
        Ok(())
    }
}

/// A driver's place in a journal: first it reads what was done before, then it writes what is done.
pub(crate) struct Progress<'j, J> {
    journal: &'j mut J,
    fingerprint: Fingerprint,
    index: usize,
    /// Whether all that was written before has been read.
    is_live: bool,
    /// Whether the last record says that a command began.
    is_begun: bool,
}

/// What the journal says about a command.
pub(crate) enum Told {
    /// Nothing: it is to be done now.
    Nothing,
    /// It began, and did not end.
    Begun,
    /// It ended so.
    Ended(bool),
    /// It tells of another command: what was done was not what is to be done.
    Another,
}

impl<'j, J: Journal> Progress<'j, J> {
    /// Opens the journal of this procedure. One of another procedure is cleared.
    pub(crate) fn open<const COMPONENTS: usize, const DEPTH: usize>(
        journal: &'j mut J,
        processor: &Processor<'_, COMPONENTS, DEPTH>,
        context: &Context<'_>,
    ) -> Result<Self, J::Error> {
        let mut first = [0; RECORD];
        let has_room = J::IS_KEPT && journal.read(0, &mut first)?;
        let fingerprint = match has_room {
            true => Fingerprint::of(processor, context),
            false => Fingerprint::NONE,
        };
        let is_live = !has_room;
        let mut progress = Self { journal, fingerprint, index: 0, is_live, is_begun: false };
        if has_room && Record::read(&first, 0, &fingerprint) != Some(Record::Started) {
            progress.journal.clear()?;
            progress.is_live = true;
            progress.write(Record::Started)?;
        } else {
            progress.index = 1;
        }
        Ok(progress)
    }

    /// What the journal says about the command at `position`, and goes on to the next.
    pub(crate) fn told(&mut self, position: &Position) -> Result<Told, J::Error> {
        if !J::IS_KEPT || self.is_live {
            return Ok(Told::Nothing);
        }
        self.is_begun = false;
        let mut begun = false;
        loop {
            match self.next()? {
                None => {
                    self.is_live = true;
                    self.is_begun = begun;
                    return Ok(if begun { Told::Begun } else { Told::Nothing });
                }
                Some(Record::Begun(place)) if place == *position => begun = true,
                Some(Record::Ended(place, succeeded)) if place == *position => {
                    return Ok(Told::Ended(succeeded));
                }
                Some(_) => return Ok(Told::Another),
            }
        }
    }

    /// The next whole record; those whose writing was cut off are passed over.
    fn next(&mut self) -> Result<Option<Record>, J::Error> {
        let mut bytes = [0; RECORD];
        while self.journal.read(self.index, &mut bytes)? {
            if bytes == [0xff; RECORD] {
                return Ok(None);
            }
            let record = Record::read(&bytes, self.index, &self.fingerprint);
            self.index = self.index.saturating_add(1);
            if record.is_some() {
                return Ok(record);
            }
        }
        Ok(None)
    }

    /// Writes a record; `false` if there is no room for it.
    fn write(&mut self, record: Record) -> Result<bool, J::Error> {
        if !J::IS_KEPT {
            return Ok(false);
        }
        let bytes = record.to_bytes(self.index, &self.fingerprint);
        let is_written = self.journal.write(self.index, &bytes)?;
        if is_written {
            self.index = self.index.saturating_add(1);
        }
        Ok(is_written)
    }

    /// Notes that a command begins which cannot simply be done again; `false` if there is no room
    /// to note it.
    pub(crate) fn begin(&mut self, position: Position) -> Result<bool, J::Error> {
        if core::mem::take(&mut self.is_begun) {
            Ok(true)
        } else {
            self.write(Record::Begun(position))
        }
    }

    /// Notes how a command ended.
    pub(crate) fn end(&mut self, position: Position, succeeded: bool) -> Result<(), J::Error> {
        self.write(Record::Ended(position, succeeded)).map(drop)
    }

    /// The procedure has ended.
    pub(crate) fn clear(&mut self) -> Result<(), J::Error> {
        self.journal.clear()
    }
}

/// Whether the outcome of a step is kept in the journal. What is not is asked again: what the
/// device has, the envelopes of dependencies, which have to be in memory, and counts, which know by
/// whom they were lowered.
pub(crate) const fn is_noted(step: &Step<'_>) -> bool {
    matches!(
        step,
        Step::CheckVendor { .. }
            | Step::CheckClass { .. }
            | Step::CheckDevice { .. }
            | Step::DigestImage { .. }
            | Step::CheckSlot { .. }
            | Step::CheckContent { .. }
            | Step::Fetch { .. }
            | Step::Write { .. }
            | Step::Copy { .. }
            | Step::Swap { .. }
            | Step::Invoke { .. }
    )
}
