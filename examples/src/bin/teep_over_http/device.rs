//! A device whose trusted components stand in memory.

use std::collections::BTreeMap;
use std::convert::Infallible;

use cose_ext::{Context, crypto::Algorithm, rustcrypto::RustCrypto};
use suit_manifest::{ComponentName, Fetch, ImageDigest, Platform};

/// The components that are installed, each with the sequence number of its manifest.
#[derive(Default)]
pub(crate) struct Device {
    images: BTreeMap<Vec<Vec<u8>>, Vec<u8>>,
    pub(crate) sequence_number: Option<u64>,
}

impl Device {
    pub(crate) fn has(&self, component: &[&[u8]]) -> bool {
        self.images.keys().any(|name| name.iter().map(Vec::as_slice).eq(component.iter().copied()))
    }

    pub(crate) fn image(&self) -> Option<&[u8]> {
        self.images.values().next().map(Vec::as_slice)
    }

    /// Removes what a manifest installed. The story has one.
    pub(crate) fn unlink(&mut self) {
        self.images.clear();
    }

    fn name(component: &ComponentName<'_>) -> Vec<Vec<u8>> {
        component.segments().map(<[u8]>::to_vec).collect()
    }
}

impl Platform for Device {
    type Error = Infallible;

    fn has_component(&mut self, _: &ComponentName<'_>) -> Result<bool, Infallible> {
        Ok(true)
    }

    fn is_vendor(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, Infallible> {
        Ok(false)
    }

    fn is_class(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, Infallible> {
        Ok(false)
    }

    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Infallible> {
        let Some(image) = self.images.get(&Self::name(component)) else { return Ok(None) };
        let rest = image.get(offset..).unwrap_or_default();
        let len = rest.len().min(out.len());
        out[..len].copy_from_slice(&rest[..len]);
        Ok(Some(len))
    }

    fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Infallible> {
        let Some(image) = self.images.get(&Self::name(component)) else { return Ok(None) };
        let len = size.and_then(|size| usize::try_from(size).ok()).unwrap_or(image.len());
        let image = &image[..len.min(image.len())];
        let Ok(digest) = Context::new(&RustCrypto).hash(algorithm, &[image]) else {
            return Ok(None);
        };
        let digest = digest.as_ref();
        out[..digest.len()].copy_from_slice(digest);
        Ok(Some(ImageDigest { len: digest.len(), size: image.len() as u64 }))
    }

    fn fetch(
        &mut self,
        component: &ComponentName<'_>,
        fetch: &Fetch<'_>,
    ) -> Result<bool, Infallible> {
        // The images of this story come with their manifests.
        let Some(image) = fetch.integrated else { return Ok(false) };
        self.images.insert(Self::name(component), image.to_vec());
        Ok(true)
    }

    fn write(&mut self, component: &ComponentName<'_>, content: &[u8]) -> Result<bool, Infallible> {
        self.images.insert(Self::name(component), content.to_vec());
        Ok(true)
    }

    fn copy(
        &mut self,
        from: &ComponentName<'_>,
        to: &ComponentName<'_>,
    ) -> Result<bool, Infallible> {
        let Some(image) = self.images.get(&Self::name(from)).cloned() else { return Ok(false) };
        self.images.insert(Self::name(to), image);
        Ok(true)
    }

    fn invoke(&mut self, _: &ComponentName<'_>, _: Option<&[u8]>) -> Result<bool, Infallible> {
        Ok(false)
    }

    fn commit(&mut self, sequence_number: u64) -> Result<bool, Infallible> {
        self.sequence_number = Some(sequence_number);
        Ok(true)
    }
}
