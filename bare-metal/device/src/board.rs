//! The board: a flash with one image, in memory, and what it remembers of the manifest that installed it.

use core::convert::Infallible;

use cose_ext::{Digest, crypto::Algorithm};
use suit_manifest::{ComponentName, Fetch, ImageDigest, Platform};

use crate::crypto::CONTEXT;

/// Bytes of a page, which is erased as a whole.
const PAGE: usize = 64;
/// Pages of the flash.
const PAGES: usize = 8;

/// A flash: erasing sets every bit of a page, programming only clears bits.
#[derive(Clone)]
pub(crate) struct Flash([[u8; PAGE]; PAGES]);

impl Flash {
    const fn new() -> Self {
        Self([[0xff; PAGE]; PAGES])
    }

    /// Erases the pages that an image needs, and programs it; `false` if it is too large.
    fn write(&mut self, image: &[u8]) -> bool {
        let parts = image.chunks(PAGE);
        if parts.len() > PAGES {
            return false;
        }
        for (page, part) in self.0.iter_mut().zip(parts) {
            page.fill(0xff);
            for (cell, byte) in page.iter_mut().zip(part) {
                *cell &= byte;
            }
        }
        true
    }

    fn bytes(&self) -> &[u8] {
        self.0.as_flattened()
    }
}

/// A board with one component.
#[derive(Clone)]
pub(crate) struct Board {
    flash: Flash,
    /// How many bytes of the flash are the image.
    len: usize,
    /// Sequence number and digest of the manifest that was carried out last.
    number: Option<u64>,
    manifest: [u8; 32],
    /// How often the image was started.
    pub(crate) started: u32,
}

impl Board {
    pub(crate) const fn new() -> Self {
        Self { flash: Flash::new(), len: 0, number: None, manifest: [0; 32], started: 0 }
    }

    pub(crate) fn image(&self) -> &[u8] {
        self.flash.bytes().get(..self.len).unwrap_or_default()
    }

    /// Returns number and digest of the manifest that was carried out last.
    pub(crate) const fn stored(&self) -> (Option<u64>, [u8; 32]) {
        (self.number, self.manifest)
    }

    /// Remembers the manifest that is about to be carried out, by its digest.
    pub(crate) fn about_to_run(&mut self, digest: &Digest<'_>) {
        for (kept, byte) in self.manifest.iter_mut().zip(digest.value()) {
            *kept = *byte;
        }
    }
}

impl Platform for Board {
    type Error = Infallible;

    const HAS_HASH_ENGINE: bool = true;

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Self::Error> {
        Ok(component.segments().eq([&b"app"[..]]))
    }

    fn is_vendor(&mut self, _: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, Self::Error> {
        Ok(vendor == b"vendor of device")
    }

    fn is_class(&mut self, _: &ComponentName<'_>, class: &[u8]) -> Result<bool, Self::Error> {
        Ok(class == b"class of devices")
    }

    fn read(
        &mut self,
        _: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Self::Error> {
        let rest = self.image().get(offset..).unwrap_or_default();
        Ok(Some(rest.iter().zip(out).map(|(byte, place)| *place = *byte).count()))
    }

    fn digest(
        &mut self,
        _: &ComponentName<'_>,
        algorithm: Algorithm,
        _: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Self::Error> {
        let Ok(hash) = CONTEXT.hash(algorithm, &[self.image()]) else { return Ok(None) };
        let len = hash.as_ref().iter().zip(out).map(|(byte, place)| *place = *byte).count();
        let size = u64::try_from(self.len).unwrap_or(u64::MAX);
        Ok(Some(ImageDigest { len, size }))
    }

    fn fetch(&mut self, _: &ComponentName<'_>, fetch: &Fetch<'_>) -> Result<bool, Self::Error> {
        // Images come with their manifests.
        let Some(image) = fetch.integrated else { return Ok(false) };
        let is_written = self.flash.write(image);
        self.len = if is_written { image.len() } else { 0 };
        Ok(is_written)
    }

    fn write(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, Self::Error> {
        Ok(false)
    }

    fn copy(&mut self, _: &ComponentName<'_>, _: &ComponentName<'_>) -> Result<bool, Self::Error> {
        Ok(false)
    }

    fn invoke(&mut self, _: &ComponentName<'_>, _: Option<&[u8]>) -> Result<bool, Self::Error> {
        // A real board jumps, and does not come back.
        self.started = self.started.saturating_add(1);
        Ok(true)
    }

    fn commit(&mut self, sequence_number: u64) -> Result<bool, Self::Error> {
        self.number = Some(sequence_number);
        Ok(true)
    }
}
