//! Removing what a manifest installed, on a device that answers later.

use cose_ext::Context;

use super::{
    super::{ManifestName, Selection, StoreError, Uninstalled},
    AsyncManifestStore, AsyncSlots,
};
use crate::{
    AsyncPlatform, Authority, Procedure, Processor, RunError, Target, report::ReportSink,
    run_reporting_async,
};

/// Runs the uninstall section of the latest manifest called `name`, and then removes it from the
/// store with all others of its name: the twin of [`uninstall`](super::super::uninstall).
///
/// A future that is dropped in the middle is like a loss of power: the manifest is still kept until
/// its section has ended, and the same call ends what was begun.
///
/// # Errors
///
/// If the store fails. What the manifest itself meets is in [`Uninstalled`].
#[allow(clippy::too_many_arguments)] // A device, its store, and what is lent to both.
pub async fn uninstall_async<
    S: AsyncSlots,
    P: AsyncPlatform,
    const COMPONENTS: usize,
    const DEPTH: usize,
>(
    store: &mut AsyncManifestStore<'_, S>,
    name: &ManifestName<'_>,
    platform: &mut P,
    report: &mut dyn ReportSink,
    target: &Target<'_>,
    authority: &Authority<'_>,
    buffer: &mut [u8],
    arena: &mut [u8],
    context: &Context<'_>,
) -> Result<Uninstalled<P::Error>, StoreError<S::Error>> {
    let Some(kept) = store.select(name, Selection::LATEST, buffer, context).await? else {
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
    let ended = match processor {
        Ok(mut processor) => {
            run_reporting_async(&mut processor, platform, report, authority, context).await
        }
        Err(error) => Err(RunError::Refused(error)),
    };
    if let Err(error) = ended {
        return Ok(Uninstalled::Failed(error));
    }
    while let Some(kept) = store.select(name, Selection::LATEST, buffer, context).await? {
        let slot = kept.slot();
        store.delete(slot).await?;
    }
    Ok(Uninstalled::Done)
}
