//! Components that are manifests: what a manifest-component-id names (trust domains 5.2.1).

use cose_ext::{Context, Digest, crypto::Algorithm};

use super::{
    Kept, ManifestStore, Selection, Slots, StoreError,
    installable::{Beside, Installable, copy_from, digest_of_kept, is_name_of, no_or_failed},
};
use crate::{Authority, ComponentName, Condition, Fetch, ImageDigest, Outcome, Platform};

/// A platform some of whose components are kept in a store of manifests: a manifest that fetches,
/// writes or copies into one of them installs another root manifest, and one that checks it sees
/// what is kept.
///
/// What goes into such a component has to be an envelope that the device trusts, whose
/// manifest-component-id is the component's own name, and whose sequence number is not lower than
/// that of the latest one of this name; the directive fails otherwise, and the store stays as it
/// was. What comes out is the envelope as it is kept, without severed members and payloads. Its
/// image digest is that of the manifest with the head of its byte string, since nothing else of an
/// envelope stays the same (trust domains 5.2.2); its size is that of the same bytes.
///
/// # State, invariant, cost
///
/// The store is all the state. Of a payload that is fetched from elsewhere, the platform keeps the
/// bytes under the component's own name first, so it has to have room there for one envelope. The
/// buffer takes an envelope in its first half and a record of the store in its second.
pub struct ManifestComponents<'s, 'k, P, S> {
    platform: &'s mut P,
    store: &'s mut ManifestStore<'k, S>,
    is_manifest: &'s dyn Fn(&ComponentName<'_>) -> bool,
    authority: &'s Authority<'s>,
    buffer: &'s mut [u8],
    context: &'s Context<'s>,
}

impl<'s, 'k, P: Platform, S: Slots<Error = P::Error>> ManifestComponents<'s, 'k, P, S> {
    /// Returns the platform with those of its components kept in `store` of which `is_manifest`
    /// says so. `authority` tells whose manifests may be installed.
    pub fn new(
        platform: &'s mut P,
        store: &'s mut ManifestStore<'k, S>,
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

    /// Calls `with` with the envelope that the component holds, if it holds one.
    fn with_kept<T>(
        &mut self,
        component: &ComponentName<'_>,
        with: impl FnOnce(&[u8], &mut P) -> T,
    ) -> Result<Option<T>, P::Error> {
        let buffer = &mut *self.buffer;
        let is_it = |kept: &Kept<'_>| is_name_of(&kept.name(), component);
        match self.store.find(&is_it, Selection::LATEST, buffer, self.context) {
            Ok(Some(kept)) => Ok(Some(with(kept.envelope_bytes(), self.platform))),
            Ok(None) => Ok(None),
            Err(StoreError::Slots(error)) => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Keeps what the platform holds under the name of the component.
    fn install_staged(&mut self, component: &ComponentName<'_>) -> Result<bool, P::Error> {
        let half = self.buffer.len() / 2;
        let (envelope, record) = self.buffer.split_at_mut(half);
        let mut len = 0usize;
        loop {
            let rest = envelope.get_mut(len..).unwrap_or_default();
            if rest.is_empty() {
                // There may be more of it.
                return Ok(false);
            }
            match self.platform.read(component, len, rest)? {
                None => return Ok(false),
                Some(0) => break,
                Some(read) => len = len.saturating_add(read),
            }
        }
        let bytes = envelope.get(..len).unwrap_or_default();
        keep(bytes, component, self.authority, self.store, record, self.context)
    }

    fn install(&mut self, bytes: &[u8], component: &ComponentName<'_>) -> Result<bool, P::Error> {
        keep(bytes, component, self.authority, self.store, self.buffer, self.context)
    }
}

/// Keeps an envelope under the name of the component, if it may be.
fn keep<S: Slots>(
    bytes: &[u8],
    component: &ComponentName<'_>,
    authority: &Authority<'_>,
    store: &mut ManifestStore<'_, S>,
    buffer: &mut [u8],
    context: &Context<'_>,
) -> Result<bool, S::Error> {
    let Some(new) = Installable::of(bytes, component, authority, context) else {
        return Ok(false);
    };
    let is_it = |kept: &Kept<'_>| is_name_of(&kept.name(), component);
    let decision = match store.find(&is_it, Selection::LATEST, buffer, context) {
        Ok(latest) => new.beside(latest.as_ref()),
        Err(error) => return no_or_failed(error),
    };
    match decision {
        Beside::Newer => {}
        Beside::Same => return Ok(true),
        Beside::Older => return Ok(false),
    }
    store.keep(&new.envelope, &new.manifest, buffer, context).map(|_| true).or_else(no_or_failed)
}

impl<P: Platform, S: Slots<Error = P::Error>> Platform for ManifestComponents<'_, '_, P, S> {
    type Error = P::Error;

    const HAS_HASH_ENGINE: bool = P::HAS_HASH_ENGINE;

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, P::Error> {
        Ok(self.keeps(component) || self.platform.has_component(component)?)
    }

    fn is_vendor(
        &mut self,
        component: &ComponentName<'_>,
        vendor: &[u8],
    ) -> Result<bool, P::Error> {
        self.platform.is_vendor(component, vendor)
    }

    fn is_class(&mut self, component: &ComponentName<'_>, class: &[u8]) -> Result<bool, P::Error> {
        self.platform.is_class(component, class)
    }

    fn is_device(
        &mut self,
        component: &ComponentName<'_>,
        device: &[u8],
    ) -> Result<bool, P::Error> {
        self.platform.is_device(component, device)
    }

    fn is_slot(&mut self, component: &ComponentName<'_>, slot: u64) -> Result<bool, P::Error> {
        self.platform.is_slot(component, slot)
    }

    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, P::Error> {
        if !self.keeps(component) {
            return self.platform.read(component, offset, out);
        }
        self.with_kept(component, |envelope, _| copy_from(envelope, offset, out))
    }

    fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, P::Error> {
        if !self.keeps(component) {
            return self.platform.digest(component, algorithm, size, out);
        }
        let context = self.context;
        let digest =
            self.with_kept(component, |bytes, _| digest_of_kept(bytes, algorithm, out, context));
        Ok(digest?.flatten())
    }

    fn fetch(
        &mut self,
        component: &ComponentName<'_>,
        fetch: &Fetch<'_>,
    ) -> Result<bool, P::Error> {
        match fetch.integrated {
            _ if !self.keeps(component) => self.platform.fetch(component, fetch),
            Some(payload) => self.install(payload, component),
            None => Ok(self.platform.fetch(component, fetch)? && self.install_staged(component)?),
        }
    }

    fn write(&mut self, component: &ComponentName<'_>, content: &[u8]) -> Result<bool, P::Error> {
        match self.keeps(component) {
            true => self.install(content, component),
            false => self.platform.write(component, content),
        }
    }

    fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, P::Error> {
        match (self.keeps(source), self.keeps(destination)) {
            (false, false) => self.platform.copy(source, destination),
            (false, true) => {
                Ok(self.platform.copy(source, destination)? && self.install_staged(destination)?)
            }
            (true, false) => {
                let written = self
                    .with_kept(source, |envelope, platform| platform.write(destination, envelope));
                written?.unwrap_or(Ok(false))
            }
            // A manifest has one name.
            (true, true) => Ok(false),
        }
    }

    fn swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, P::Error> {
        match self.keeps(source) || self.keeps(destination) {
            // What is in the store does not leave it by an exchange.
            true => Ok(false),
            false => self.platform.swap(source, destination),
        }
    }

    fn resume_swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, P::Error> {
        self.platform.resume_swap(source, destination)
    }

    fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> Result<bool, P::Error> {
        match self.keeps(component) {
            // It is no image.
            true => Ok(false),
            false => self.platform.invoke(component, arguments),
        }
    }

    fn references(&mut self, component: &ComponentName<'_>) -> Result<u64, P::Error> {
        self.platform.references(component)
    }

    fn unlink(&mut self, component: &ComponentName<'_>) -> Result<Option<u64>, P::Error> {
        self.platform.unlink(component)
    }

    fn dependency_number(
        &mut self,
        component: &ComponentName<'_>,
    ) -> Result<Option<u64>, P::Error> {
        self.platform.dependency_number(component)
    }

    fn commit_dependency(
        &mut self,
        component: &ComponentName<'_>,
        sequence_number: u64,
    ) -> Result<bool, P::Error> {
        self.platform.commit_dependency(component, sequence_number)
    }

    fn commit(&mut self, sequence_number: u64) -> Result<bool, P::Error> {
        self.platform.commit(sequence_number)
    }

    #[cfg(feature = "hierarchy")]
    fn delegate(
        &mut self,
        component: &ComponentName<'_>,
        request: &crate::Delegated<'_>,
    ) -> Result<bool, P::Error> {
        self.platform.delegate(component, request)
    }

    fn identifier(
        &mut self,
        component: &ComponentName<'_>,
        condition: Condition,
        out: &mut [u8],
    ) -> Result<Option<usize>, P::Error> {
        self.platform.identifier(component, condition, out)
    }

    fn is_manifest(&mut self, manifest: &Digest<'_>) -> Result<bool, P::Error> {
        self.platform.is_manifest(manifest)
    }

    fn noted(&mut self, outcome: &Outcome<'_>) {
        self.platform.noted(outcome);
    }
}
