//! New images that have to prove themselves, over stores that answer later.

use cose_ext::{Context, key::Identity};

use super::{
    super::{Kept, ManifestName, Selection, StartError, trial::Candidate},
    AsyncDeviceState, AsyncManifestStore, AsyncSlots,
};

/// Selects the manifest to start, and counts the start as a trial if nothing has confirmed it yet:
/// the twin of [`select_for_start`](super::super::select_for_start).
///
/// # Errors
///
/// If a store fails. A loss of power at any time leaves the trial counted or not counted.
pub async fn select_for_start_async<'b, S: AsyncSlots, T: AsyncSlots>(
    store: &mut AsyncManifestStore<'_, S>,
    state: &mut AsyncDeviceState<'_, T>,
    name: &ManifestName<'_>,
    authority: &Identity,
    trials: u64,
    buffer: &'b mut [u8],
    context: &Context<'_>,
) -> Result<Option<Kept<'b>>, StartError<S::Error, T::Error>> {
    let committed = state.sequence_number(name, authority, buffer, context).await;
    let committed = committed.map_err(StartError::State)?;
    let mut selection = Selection { at_least: committed.unwrap_or(0), below: None };
    // What others signed is not in the way, whatever its number.
    let is_ours = |kept: &Kept<'_>| kept.name() == *name && kept.authority() == *authority;
    // Bounded by the number of slots: each turn goes below the number before.
    loop {
        let kept = store.find(&is_ours, selection, buffer, context).await;
        let Some(kept) = kept.map_err(StartError::Store)? else { return Ok(None) };
        let candidate = Candidate::of(&kept, committed);
        let starts = match candidate.on_trial() {
            None => candidate.is_confirmed(),
            Some(manifest) => state
                .try_once(name, authority, manifest, trials, buffer, context)
                .await
                .map_err(StartError::State)?,
        };
        if starts {
            let only = store.find(&is_ours, candidate.only(), buffer, context).await;
            return only.map_err(StartError::Store);
        }
        selection.below = Some(candidate.number());
    }
}
