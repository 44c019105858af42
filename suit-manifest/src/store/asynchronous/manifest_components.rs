//! Components that are manifests, on a device that answers later.

use cose_ext::{Context, Digest, crypto::Algorithm};

use super::{
    super::{
        Kept, Selection, StoreError,
        installable::{Beside, Installable, copy_from, digest_of_kept, is_name_of, no_or_failed},
    },
    AsyncManifestStore, AsyncSlots,
};
use crate::{AsyncPlatform, Authority, ComponentName, Condition, Fetch, ImageDigest, Outcome};

/// A platform that answers later, some of whose components are kept in a store of manifests: the
/// twin of [`ManifestComponents`](super::super::ManifestComponents), with the same rules and the
/// same records.
///
/// A future that is dropped in the middle leaves store and platform as a loss of power does.
pub struct AsyncManifestComponents<'s, 'k, P, S> {
    platform: &'s mut P,
    store: &'s mut AsyncManifestStore<'k, S>,
    is_manifest: &'s dyn Fn(&ComponentName<'_>) -> bool,
    authority: &'s Authority<'s>,
    buffer: &'s mut [u8],
    context: &'s Context<'s>,
}

impl<'s, 'k, P: AsyncPlatform, S: AsyncSlots<Error = P::Error>>
    AsyncManifestComponents<'s, 'k, P, S>
{
    /// Returns the platform with those of its components kept in `store` of which `is_manifest`
    /// says so. `authority` tells whose manifests may be installed; the buffer takes an envelope in
    /// its first half and a record of the store in its second.
    pub fn new(
        platform: &'s mut P,
        store: &'s mut AsyncManifestStore<'k, S>,
        is_manifest: &'s dyn Fn(&ComponentName<'_>) -> bool,
        authority: &'s Authority<'s>,
        buffer: &'s mut [u8],
        context: &'s Context<'s>,
    ) -> Self {
        Self { platform, store, is_manifest, authority, buffer, context }
    }

    fn keeps(&self, component: &ComponentName<'_>) -> bool {
        (self.is_manifest)(component)
    }

    /// Keeps what the platform holds under the name of the component.
    async fn install_staged(&mut self, component: &ComponentName<'_>) -> Result<bool, P::Error> {
        let half = self.buffer.len() / 2;
        let (envelope, record) = self.buffer.split_at_mut(half);
        let mut len = 0usize;
        loop {
            let rest = envelope.get_mut(len..).unwrap_or_default();
            if rest.is_empty() {
                // There may be more of it.
                return Ok(false);
            }
            match self.platform.read(component, len, rest).await? {
                None => return Ok(false),
                Some(0) => break,
                Some(read) => len = len.saturating_add(read),
            }
        }
        let bytes = envelope.get(..len).unwrap_or_default();
        keep(bytes, component, self.authority, self.store, record, self.context).await
    }

    async fn install(
        &mut self,
        bytes: &[u8],
        component: &ComponentName<'_>,
    ) -> Result<bool, P::Error> {
        keep(bytes, component, self.authority, self.store, self.buffer, self.context).await
    }
}

/// What is kept under the name of the component, if anything is.
async fn kept<'b, S: AsyncSlots>(
    component: &ComponentName<'_>,
    store: &mut AsyncManifestStore<'_, S>,
    buffer: &'b mut [u8],
    context: &Context<'_>,
) -> Result<Option<Kept<'b>>, S::Error> {
    let is_it = |kept: &Kept<'_>| is_name_of(&kept.name(), component);
    match store.find(&is_it, Selection::LATEST, buffer, context).await {
        Ok(kept) => Ok(kept),
        Err(StoreError::Slots(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

/// Keeps an envelope under the name of the component, if it may be.
async fn keep<S: AsyncSlots>(
    bytes: &[u8],
    component: &ComponentName<'_>,
    authority: &Authority<'_>,
    store: &mut AsyncManifestStore<'_, S>,
    buffer: &mut [u8],
    context: &Context<'_>,
) -> Result<bool, S::Error> {
    let Some(new) = Installable::of(bytes, component, authority, context) else {
        return Ok(false);
    };
    let is_it = |kept: &Kept<'_>| is_name_of(&kept.name(), component);
    let decision = match store.find(&is_it, Selection::LATEST, buffer, context).await {
        Ok(latest) => new.beside(latest.as_ref()),
        Err(error) => return no_or_failed(error),
    };
    match decision {
        Beside::Newer => {}
        Beside::Same => return Ok(true),
        Beside::Older => return Ok(false),
    }
    let kept = store.keep(&new.envelope, &new.manifest, buffer, context).await;
    kept.map(|_| true).or_else(no_or_failed)
}

impl<P: AsyncPlatform, S: AsyncSlots<Error = P::Error>> AsyncPlatform
    for AsyncManifestComponents<'_, '_, P, S>
{
    type Error = P::Error;

    async fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, P::Error> {
        Ok(self.keeps(component) || self.platform.has_component(component).await?)
    }

    async fn is_vendor(
        &mut self,
        component: &ComponentName<'_>,
        vendor: &[u8],
    ) -> Result<bool, P::Error> {
        self.platform.is_vendor(component, vendor).await
    }

    async fn is_class(
        &mut self,
        component: &ComponentName<'_>,
        class: &[u8],
    ) -> Result<bool, P::Error> {
        self.platform.is_class(component, class).await
    }

    async fn is_device(
        &mut self,
        component: &ComponentName<'_>,
        device: &[u8],
    ) -> Result<bool, P::Error> {
        self.platform.is_device(component, device).await
    }

    async fn is_slot(
        &mut self,
        component: &ComponentName<'_>,
        slot: u64,
    ) -> Result<bool, P::Error> {
        self.platform.is_slot(component, slot).await
    }

    async fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, P::Error> {
        if !self.keeps(component) {
            return self.platform.read(component, offset, out).await;
        }
        let kept = kept(component, self.store, self.buffer, self.context).await?;
        Ok(kept.map(|kept| copy_from(kept.envelope_bytes(), offset, out)))
    }

    async fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, P::Error> {
        if !self.keeps(component) {
            return self.platform.digest(component, algorithm, size, out).await;
        }
        let kept = kept(component, self.store, self.buffer, self.context).await?;
        Ok(kept
            .and_then(|kept| digest_of_kept(kept.envelope_bytes(), algorithm, out, self.context)))
    }

    async fn fetch(
        &mut self,
        component: &ComponentName<'_>,
        fetch: &Fetch<'_>,
    ) -> Result<bool, P::Error> {
        match fetch.integrated {
            _ if !self.keeps(component) => self.platform.fetch(component, fetch).await,
            Some(payload) => self.install(payload, component).await,
            None => Ok(self.platform.fetch(component, fetch).await?
                && self.install_staged(component).await?),
        }
    }

    async fn write(
        &mut self,
        component: &ComponentName<'_>,
        content: &[u8],
    ) -> Result<bool, P::Error> {
        match self.keeps(component) {
            true => self.install(content, component).await,
            false => self.platform.write(component, content).await,
        }
    }

    async fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, P::Error> {
        match (self.keeps(source), self.keeps(destination)) {
            (false, false) => self.platform.copy(source, destination).await,
            (false, true) => Ok(self.platform.copy(source, destination).await?
                && self.install_staged(destination).await?),
            (true, false) => match kept(source, self.store, self.buffer, self.context).await? {
                Some(kept) => self.platform.write(destination, kept.envelope_bytes()).await,
                None => Ok(false),
            },
            // A manifest has one name.
            (true, true) => Ok(false),
        }
    }

    async fn swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, P::Error> {
        match self.keeps(source) || self.keeps(destination) {
            // What is in the store does not leave it by an exchange.
            true => Ok(false),
            false => self.platform.swap(source, destination).await,
        }
    }

    async fn resume_swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, P::Error> {
        self.platform.resume_swap(source, destination).await
    }

    async fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> Result<bool, P::Error> {
        match self.keeps(component) {
            // It is no image.
            true => Ok(false),
            false => self.platform.invoke(component, arguments).await,
        }
    }

    async fn references(&mut self, component: &ComponentName<'_>) -> Result<u64, P::Error> {
        self.platform.references(component).await
    }

    async fn unlink(&mut self, component: &ComponentName<'_>) -> Result<Option<u64>, P::Error> {
        self.platform.unlink(component).await
    }

    async fn dependency_number(
        &mut self,
        component: &ComponentName<'_>,
    ) -> Result<Option<u64>, P::Error> {
        self.platform.dependency_number(component).await
    }

    async fn commit_dependency(
        &mut self,
        component: &ComponentName<'_>,
        sequence_number: u64,
    ) -> Result<bool, P::Error> {
        self.platform.commit_dependency(component, sequence_number).await
    }

    async fn commit(&mut self, sequence_number: u64) -> Result<bool, P::Error> {
        self.platform.commit(sequence_number).await
    }

    #[cfg(feature = "hierarchy")]
    async fn delegate(
        &mut self,
        component: &ComponentName<'_>,
        request: &crate::Delegated<'_>,
    ) -> Result<bool, P::Error> {
        self.platform.delegate(component, request).await
    }

    async fn identifier(
        &mut self,
        component: &ComponentName<'_>,
        condition: Condition,
        out: &mut [u8],
    ) -> Result<Option<usize>, P::Error> {
        self.platform.identifier(component, condition, out).await
    }

    async fn is_manifest(&mut self, manifest: &Digest<'_>) -> Result<bool, P::Error> {
        self.platform.is_manifest(manifest).await
    }

    fn noted(&mut self, outcome: &Outcome<'_>) {
        self.platform.noted(outcome);
    }
}
