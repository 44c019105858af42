//! A journal in a flash that answers later.

use core::future::Future;

use cose_ext::Context;

use super::{Fingerprint, NoJournal, Position, RECORD, Record, Told};
use crate::Processor;

/// Memory that survives a loss of power, and answers later: the twin of
/// [`Journal`](super::Journal), method for method, for
/// [`run_journaled_async`](crate::run_journaled_async).
pub trait AsyncJournal {
    /// What goes wrong on the device.
    type Error;

    /// Whether anything is kept at all.
    const IS_KEPT: bool = true;

    /// Reads the record at `index`, as [`Journal::read`](super::Journal::read).
    fn read(
        &mut self,
        index: usize,
        record: &mut [u8; RECORD],
    ) -> impl Future<Output = Result<bool, Self::Error>>;

    /// Writes the record at `index`, as [`Journal::write`](super::Journal::write).
    fn write(
        &mut self,
        index: usize,
        record: &[u8; RECORD],
    ) -> impl Future<Output = Result<bool, Self::Error>>;

    /// Removes all records, the first of them first.
    fn clear(&mut self) -> impl Future<Output = Result<(), Self::Error>>;
}

impl<E> AsyncJournal for NoJournal<E> {
    type Error = E;

    const IS_KEPT: bool = false;

    async fn read(&mut self, _: usize, _: &mut [u8; RECORD]) -> Result<bool, E> {
        Ok(false)
    }

    async fn write(&mut self, _: usize, _: &[u8; RECORD]) -> Result<bool, E> {
        Ok(false)
    }

    async fn clear(&mut self) -> Result<(), E> {
        Ok(())
    }
}

/// A driver's place in a journal: first it reads what was done before, then it writes what is done.
pub(crate) struct AsyncProgress<'j, J> {
    journal: &'j mut J,
    fingerprint: Fingerprint,
    index: usize,
    /// Whether all that was written before has been read.
    is_live: bool,
    /// Whether the last record says that a command began.
    is_begun: bool,
}

impl<'j, J: AsyncJournal> AsyncProgress<'j, J> {
    /// Opens the journal of this procedure. One of another procedure is cleared.
    pub(crate) async fn open<const COMPONENTS: usize, const DEPTH: usize>(
        journal: &'j mut J,
        processor: &Processor<'_, COMPONENTS, DEPTH>,
        context: &Context<'_>,
    ) -> Result<Self, J::Error> {
        let mut first = [0; RECORD];
        let has_room = J::IS_KEPT && journal.read(0, &mut first).await?;
        let fingerprint = match has_room {
            true => Fingerprint::of(processor, context),
            false => Fingerprint::NONE,
        };
        let is_live = !has_room;
        let mut progress = Self { journal, fingerprint, index: 0, is_live, is_begun: false };
        if has_room && Record::read(&first, 0, &fingerprint) != Some(Record::Started) {
            progress.journal.clear().await?;
            progress.is_live = true;
            progress.write(Record::Started).await?;
        } else {
            progress.index = 1;
        }
        Ok(progress)
    }

    /// What the journal says about the command at `position`, and goes on to the next.
    pub(crate) async fn told(&mut self, position: &Position) -> Result<Told, J::Error> {
        if !J::IS_KEPT || self.is_live {
            return Ok(Told::Nothing);
        }
        self.is_begun = false;
        let mut begun = false;
        loop {
            match self.next().await? {
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
    async fn next(&mut self) -> Result<Option<Record>, J::Error> {
        let mut bytes = [0; RECORD];
        while self.journal.read(self.index, &mut bytes).await? {
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
    async fn write(&mut self, record: Record) -> Result<bool, J::Error> {
        if !J::IS_KEPT {
            return Ok(false);
        }
        let bytes = record.to_bytes(self.index, &self.fingerprint);
        let is_written = self.journal.write(self.index, &bytes).await?;
        if is_written {
            self.index = self.index.saturating_add(1);
        }
        Ok(is_written)
    }

    /// Notes that a command begins which cannot simply be done again; `false` if there is no room
    /// to note it.
    pub(crate) async fn begin(&mut self, position: Position) -> Result<bool, J::Error> {
        if core::mem::take(&mut self.is_begun) {
            Ok(true)
        } else {
            self.write(Record::Begun(position)).await
        }
    }

    /// Notes how a command ended.
    pub(crate) async fn end(
        &mut self,
        position: Position,
        succeeded: bool,
    ) -> Result<(), J::Error> {
        self.write(Record::Ended(position, succeeded)).await.map(drop)
    }

    /// The procedure has ended.
    pub(crate) async fn clear(&mut self) -> Result<(), J::Error> {
        self.journal.clear().await
    }
}
