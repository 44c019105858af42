//! New images that have to prove themselves.

use cose_ext::{Context, key::Identity};

use super::{DeviceState, Kept, ManifestName, ManifestStore, Selection, Slots, StoreError};

/// Selects the manifest to start, and counts the start as a trial if nothing has confirmed it yet.
///
/// The latest manifest that is kept, valid and not below the committed number is selected
/// (draft-ietf-suit-manifest-37 6.1). One that is above it is on trial: it may be started `trials`
/// times, and what started has to confirm itself by [`DeviceState::commit`] with its number. If it
/// does not, because it crashed or a watchdog ended it, the manifest before it is selected from
/// then on; once it has, no older one is. `None` if there is nothing to start.
///
/// # Errors
///
/// If a store fails. A loss of power at any time leaves the trial counted or not counted.
pub fn select_for_start<'b, S: Slots, T: Slots>(
    store: &mut ManifestStore<'_, S>,
    state: &mut DeviceState<'_, T>,
    name: &ManifestName<'_>,
    authority: &Identity,
    trials: u64,
    buffer: &'b mut [u8],
    context: &Context<'_>,
) -> Result<Option<Kept<'b>>, StartError<S::Error, T::Error>> {
    let committed =
        state.sequence_number(name, authority, buffer, context).map_err(StartError::State)?;
    let mut selection = Selection { at_least: committed.unwrap_or(0), below: None };
    // What others signed is not in the way, whatever its number.
    let is_ours = |kept: &Kept<'_>| kept.name() == *name && kept.authority() == *authority;
    // Bounded by the number of slots: each turn goes below the number before.
    loop {
        let kept = store.find(&is_ours, selection, buffer, context).map_err(StartError::Store)?;
        let Some(kept) = kept else { return Ok(None) };
        let candidate = Candidate::of(&kept, committed);
        let starts = match candidate.on_trial() {
            None => candidate.is_confirmed(),
            Some(manifest) => state
                .try_once(name, authority, manifest, trials, buffer, context)
                .map_err(StartError::State)?,
        };
        if starts {
            let only = candidate.only();
            return store.find(&is_ours, only, buffer, context).map_err(StartError::Store);
        }
        selection.below = Some(candidate.number());
    }
}

/// A manifest that may be started, kept apart from the buffer that it was read into.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    number: u64,
    is_confirmed: bool,
    digest: [u8; LONGEST],
    len: usize,
}

/// The longest digest of a manifest, in bytes.
const LONGEST: usize = 64;

impl Candidate {
    /// Returns what counts of a kept manifest, by what was committed.
    pub(super) fn of(kept: &Kept<'_>, committed: Option<u64>) -> Self {
        let value = kept.digest();
        let value = value.value();
        let mut digest = [0; LONGEST];
        if let Some(place) = digest.get_mut(..value.len()) {
            place.copy_from_slice(value);
        }
        let number = kept.sequence_number();
        Self { number, is_confirmed: committed == Some(number), digest, len: value.len() }
    }

    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// Whether it is started without being counted.
    pub(super) const fn is_confirmed(&self) -> bool {
        self.is_confirmed
    }

    /// Returns the digest by which its starts are counted, if they are.
    pub(super) fn on_trial(&self) -> Option<&[u8]> {
        (!self.is_confirmed).then(|| self.digest.get(..self.len).unwrap_or_default())
    }

    /// Returns the selection of it alone.
    pub(super) const fn only(&self) -> Selection {
        Selection { at_least: self.number, below: self.number.checked_add(1) }
    }
}

/// Which of the two stores failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartError<S, T> {
    /// The store of manifests.
    Store(StoreError<S>),
    /// The state of the device.
    State(StoreError<T>),
}
