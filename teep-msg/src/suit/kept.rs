//! Manifests that stay on the device: what an Update installs and unlinks (section 7.2.2).

use core::fmt;

use cose_ext::{Context, cbor::Raw};
use suit_manifest::{
    Authority, ComponentId, Envelope, Platform, RunError, Stored, Target,
    report::NoReport,
    store::{ManifestName, ManifestStore, Selection, Slots, StoreError, Uninstalled, uninstall},
};

use super::{FAILED, ManifestMemory, ManifestRules, NOTHING, Processed, run};
use crate::UpdateOutcome;

/// Why a manifest could be neither processed nor refused: the device is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeepError<P, S> {
    /// The platform failed.
    Platform(P),
    /// The store of manifests failed, or has no room.
    Store(StoreError<S>),
}

impl<P, S> From<StoreError<S>> for KeepError<P, S> {
    fn from(error: StoreError<S>) -> Self {
        Self::Store(error)
    }
}

impl<P: fmt::Display, S: fmt::Display> fmt::Display for KeepError<P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Platform(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl<P, S> core::error::Error for KeepError<P, S>
where
    P: fmt::Debug + fmt::Display,
    S: fmt::Debug + fmt::Display,
{
}

/// Runs the update procedure of `envelope` on `device` as [`process`](super::process) does, and
/// keeps the manifest in `store` if all of it was done.
///
/// What the device follows so far is what `store` has under the name of the manifest: a lower
/// sequence number is refused, and an equal one unless it is that very manifest. `buffer` takes the
/// longest record of the store. If the power goes between the last command and the record, the
/// manifest runs once more with the next Update that brings it.
///
/// # Errors
///
/// [`KeepError`] if the device or its store fails.
#[allow(clippy::too_many_arguments)] // A device, its store, and what is lent to both.
pub fn process_and_keep<'o, P, S, const COMPONENTS: usize, const DEPTH: usize>(
    envelope: &[u8],
    nonce: Option<&[u8]>,
    rules: &ManifestRules<'_>,
    device: &mut P,
    store: &mut ManifestStore<'_, S>,
    buffer: &mut [u8],
    memory: ManifestMemory<'_, 'o>,
    context: &Context<'_>,
) -> Result<Processed<'o>, KeepError<P::Error, S::Error>>
where
    P: Platform,
    S: Slots,
{
    let Ok(envelope) = Envelope::decode(envelope, &context.profile) else { return Ok(NOTHING) };
    let Ok(manifest) = envelope.verify(&rules.trust, &rules.policy, context) else {
        return Ok(NOTHING);
    };
    let name = ManifestName::of(manifest.value());
    let stored = store.select(&name, Selection::LATEST, buffer, context)?;
    let stored = stored.map(|kept| Stored {
        sequence_number: kept.sequence_number(),
        manifest: Some(kept.digest()),
    });
    let authentic = (&envelope, &manifest);
    let processed =
        run::<P, COMPONENTS, DEPTH>(authentic, nonce, stored, rules, device, memory, context);
    let processed = processed.map_err(KeepError::Platform)?;
    if processed.outcome == UpdateOutcome::Done {
        store.keep(&envelope, &manifest, buffer, context)?;
    }
    Ok(processed)
}

/// Unlinks what an Update calls unneeded, [`UpdateStep::Unlink`](crate::UpdateStep::Unlink): runs
/// the uninstall section of the latest manifest of that name, and removes all manifests of the name
/// from `store`.
///
/// An entry of the unneeded-manifest-list is the manifest-component-id of a manifest. One that has
/// none is meant by its component identifier, if it has one component only. `arena` is for the
/// envelopes of dependencies, `buffer` takes the longest record of the store.
///
/// The outcome is a failure if no such manifest is kept, and if its uninstall section fails: the
/// Agent then stops and reports an Error.
///
/// # Errors
///
/// [`KeepError`] if the device or its store fails.
#[allow(clippy::too_many_arguments)] // A device, its store, and what is lent to both.
pub fn unlink<P, S, const COMPONENTS: usize, const DEPTH: usize>(
    unneeded: &Raw<'_>,
    rules: &ManifestRules<'_>,
    device: &mut P,
    store: &mut ManifestStore<'_, S>,
    buffer: &mut [u8],
    arena: &mut [u8],
    context: &Context<'_>,
) -> Result<UpdateOutcome, KeepError<P::Error, S::Error>>
where
    P: Platform,
    S: Slots,
{
    let Ok(id) = ComponentId::read(unneeded) else { return Ok(FAILED) };
    let own = ManifestName::Component(id);
    let is_kept = store.select(&own, Selection::LATEST, buffer, context)?.is_some();
    let name = if is_kept {
        own
    } else if is_the_nameless_one(&id, store, buffer, context)? {
        ManifestName::Default
    } else {
        return Ok(FAILED);
    };
    let target = Target {
        components: rules.components,
        stored: None,
        limits: rules.limits,
        readings: rules.readings,
    };
    let authority = Authority { trust: &rules.trust, policy: &rules.policy };
    let ended = uninstall::<_, _, COMPONENTS, DEPTH>(
        store,
        &name,
        device,
        &mut NoReport,
        &target,
        &authority,
        buffer,
        arena,
        context,
    )?;
    match ended {
        Uninstalled::Done => Ok(UpdateOutcome::Done),
        Uninstalled::Failed(RunError::Platform(error)) => Err(KeepError::Platform(error)),
        _ => Ok(FAILED),
    }
}

/// Whether the manifest without a name has this component and no other.
fn is_the_nameless_one<S: Slots>(
    id: &ComponentId<'_>,
    store: &mut ManifestStore<'_, S>,
    buffer: &mut [u8],
    context: &Context<'_>,
) -> Result<bool, StoreError<S::Error>> {
    let kept = store.select(&ManifestName::Default, Selection::LATEST, buffer, context)?;
    let Some(kept) = kept else { return Ok(false) };
    let (_, manifest) = kept.open(context)?;
    let common = manifest.value().common();
    Ok(common.components().len() == 1 && common.components().at(0).as_ref() == Some(id))
}
