//! Removing what a manifest installed.

use cose_ext::Context;

use super::{ManifestName, ManifestStore, Selection, Slots, StoreError};
use crate::{
    Authority, Platform, Procedure, Processor, RunError, Target, report::ReportSink, run_reporting,
};

/// How an uninstallation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Uninstalled<E> {
    /// No manifest of this name is kept.
    Unknown,
    /// Its uninstall section was run, if it has one, and none of its manifests is kept any more.
    Done,
    /// Its uninstall section failed; the manifest is still kept.
    Failed(RunError<E>),
}

/// Runs the uninstall section of the latest manifest called `name`, and then removes it from the
/// store with all others of its name: what TEEP does with a manifest that is not needed any more.
///
/// `arena` is for the envelopes of dependencies, `buffer` for the records of the store.
///
/// # Errors
///
/// If the store fails. What the manifest itself meets is in [`Uninstalled`].
#[allow(clippy::too_many_arguments)] // A device, its store, and what is lent to both.
pub fn uninstall<S: Slots, P: Platform, const COMPONENTS: usize, const DEPTH: usize>(
    store: &mut ManifestStore<'_, S>,
    name: &ManifestName<'_>,
    platform: &mut P,
    report: &mut dyn ReportSink,
    target: &Target<'_>,
    authority: &Authority<'_>,
    buffer: &mut [u8],
    arena: &mut [u8],
    context: &Context<'_>,
) -> Result<Uninstalled<P::Error>, StoreError<S::Error>> {
    let Some(kept) = store.select(name, Selection::LATEST, buffer, context)? else {
        return Ok(Uninstalled::Unknown);
    };
    let (envelope, manifest) = kept.open(context)?;
    let processor = Processor::<COMPONENTS, DEPTH>::new(
        &envelope,
        &manifest,
        Procedure::Uninstall,
        target,
        arena,
        context,
    );
    let ended = processor.map_err(RunError::Refused).and_then(|mut processor| {
        run_reporting(&mut processor, platform, report, authority, context)
    });
    if let Err(error) = ended {
        return Ok(Uninstalled::Failed(error));
    }
    while let Some(kept) = store.select(name, Selection::LATEST, buffer, context)? {
        let slot = kept.slot();
        store.delete(slot)?;
    }
    Ok(Uninstalled::Done)
}
