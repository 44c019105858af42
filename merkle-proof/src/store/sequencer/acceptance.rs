//! Where an entry will stand, told when it is handed in.

use std::boxed::Box;
use std::collections::HashMap;
use std::sync::Arc;

use super::SequencerError;
use crate::store::{Acknowledgement, Identity, LogError};

type Known<E> = Box<dyn Fn(&Identity) -> Result<Option<u64>, E> + Send + Sync>;

// State: the index of the next new entry, and the indexes of entries that wait or are being
// appended.
//
// Invariant: every new entry that was accepted is in `places` until the log's own index knows it, so
// an identity gets one index. The log is the judge: an answer that differs ends the sequencer.
//
// Cost: one question to the index for each entry, while the queue is locked.
pub(super) struct Acceptance<E> {
    known: Known<E>,
    next: u64,
    places: HashMap<Identity, u64>,
}

impl<E> Acceptance<E> {
    pub(super) fn new(
        size: u64,
        known: impl Fn(&Identity) -> Result<Option<u64>, E> + Send + Sync + 'static,
    ) -> Self {
        Self { known: Box::new(known), next: size, places: HashMap::new() }
    }

    pub(super) fn accept(
        &mut self,
        identity: Identity,
    ) -> Result<Acknowledgement, SequencerError<E>> {
        if let Some(index) = self.places.get(&identity) {
            return Ok(Acknowledgement::Known(*index));
        }
        let known = (self.known)(&identity);
        let known = known.map_err(|error| SequencerError::Log(Arc::new(LogError::Store(error))))?;
        if let Some(index) = known {
            return Ok(Acknowledgement::Known(index));
        }
        let index = self.next;
        self.next = index.saturating_add(1);
        self.places.insert(identity, index);
        Ok(Acknowledgement::Appended(index))
    }

    /// The log's own index knows them now.
    pub(super) fn appended<'i>(&mut self, identities: impl Iterator<Item = &'i Identity>) {
        identities.for_each(|identity| _ = self.places.remove(identity));
    }
}
