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
    // Bounded by the number of slots: each turn goes below the number before.
    loop {
        let kept = store.select(name, selection, buffer, context).map_err(StartError::Store)?;
        let Some(kept) = kept else { return Ok(None) };
        let number = kept.sequence_number();
        if kept.authority() == *authority {
            let mut value = [0; 64];
            let digest = kept.digest();
            let len = digest.value().len();
            if let Some(place) = value.get_mut(..len) {
                place.copy_from_slice(digest.value());
            }
            let manifest = value.get(..len).unwrap_or_default();
            let is_confirmed = committed == Some(number);
            if is_confirmed
                || state.try_once(manifest, trials, buffer, context).map_err(StartError::State)?
            {
                let only = Selection { at_least: number, below: number.checked_add(1) };
                return store.select(name, only, buffer, context).map_err(StartError::Store);
            }
        }
        selection.below = Some(number);
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
