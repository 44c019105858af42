//! The device: two slots, a journal, and what it keeps of its manifests.

use std::path::Path;

use cose_ext::{Context, crypto::Algorithm, rustcrypto::RustCrypto};
use suit_manifest::{ComponentName, Fetch, ImageDigest, Journal, Platform, RECORD, store::Slots};

use super::{CLASS, VENDOR};
use crate::flash::{Flash, FlashError, IMAGE};

/// A slot: four bytes that say how long its image is, and the image.
const SLOT: usize = IMAGE + 4;
const JOURNAL: usize = 2 * SLOT;
const RECORDS: usize = 64;
const KEPT: usize = JOURNAL + RECORDS * RECORD;
/// A kept manifest, or a copy of the state.
const RECORD_SLOT: usize = 4096;
const RECORD_SLOTS: usize = 5;
/// What is fetched and read at once: an image never has to fit into memory.
const CHUNK: usize = 512;

pub(crate) struct Board {
    flash: Flash,
    /// What the server has.
    pub(crate) network: Option<Vec<u8>>,
    /// The slot whose image was started.
    pub(crate) started: Option<String>,
    /// The slot that runs.
    running: usize,
}

impl Board {
    pub(crate) fn new(path: &Path) -> Result<Self, FlashError> {
        let flash = Flash::new(path, KEPT + RECORD_SLOTS * RECORD_SLOT)?;
        Ok(Self { flash, network: None, started: None, running: 1 })
    }

    pub(crate) fn cut_after(&self, bytes: usize) {
        self.flash.cut_after(bytes);
    }

    pub(crate) fn power_on(&self) -> Result<(), FlashError> {
        self.flash.power_on();
        Ok(())
    }

    pub(crate) fn journal(&self) -> FlashJournal {
        FlashJournal(self.flash.clone())
    }

    /// Where the state stands.
    pub(crate) fn state(&self) -> FlashSlots {
        FlashSlots { flash: self.flash.clone(), first: 0, count: 2 }
    }

    /// Where manifests are kept.
    pub(crate) fn manifests(&self) -> FlashSlots {
        FlashSlots { flash: self.flash.clone(), first: 2, count: RECORD_SLOTS - 2 }
    }

    fn start(component: &ComponentName<'_>) -> usize {
        if component.segments().eq([b"a"]) { 0 } else { SLOT }
    }

    /// How long the image in a slot is; `None` if there is none that was written to its end.
    fn len(&self, start: usize) -> Result<Option<usize>, FlashError> {
        let mut len = [0; 4];
        self.flash.read(start, &mut len)?;
        let len = usize::try_from(u32::from_le_bytes(len)).ok();
        Ok(len.filter(|len| *len <= IMAGE))
    }
}

impl Platform for Board {
    type Error = FlashError;

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, FlashError> {
        Ok(component.segments().eq([b"a"]) || component.segments().eq([b"b"]))
    }

    fn is_vendor(&mut self, _: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, FlashError> {
        Ok(vendor == VENDOR)
    }

    fn is_class(&mut self, _: &ComponentName<'_>, class: &[u8]) -> Result<bool, FlashError> {
        Ok(class == CLASS)
    }

    /// The slot to be written is the one that does not run.
    fn is_slot(&mut self, _: &ComponentName<'_>, slot: u64) -> Result<bool, FlashError> {
        Ok(usize::try_from(slot) != Ok(self.running))
    }

    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, FlashError> {
        let start = Self::start(component);
        let Some(len) = self.len(start)? else { return Ok(None) };
        let read = len.saturating_sub(offset).min(out.len());
        self.flash.read(start + 4 + offset, out.get_mut(..read).unwrap_or_default())?;
        Ok(Some(read))
    }

    fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        _: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, FlashError> {
        let Some(len) = self.len(Self::start(component))? else { return Ok(None) };
        // A device has an engine for this; here the pieces are put together.
        let mut image = vec![0; len];
        for (index, chunk) in image.chunks_mut(CHUNK).enumerate() {
            self.read(component, index * CHUNK, chunk)?;
        }
        let Ok(digest) = Context::new(&RustCrypto).hash(algorithm, &[&image]) else {
            return Ok(None);
        };
        let digest = digest.as_ref();
        let Some(place) = out.get_mut(..digest.len()) else { return Ok(None) };
        place.copy_from_slice(digest);
        Ok(len.try_into().ok().map(|size| ImageDigest { len: digest.len(), size }))
    }

    /// Fetches in pieces, and stops at the first byte beyond the size or the slot.
    fn fetch(
        &mut self,
        component: &ComponentName<'_>,
        fetch: &Fetch<'_>,
    ) -> Result<bool, FlashError> {
        let start = Self::start(component);
        let most = fetch.size.and_then(|size| usize::try_from(size).ok()).unwrap_or(IMAGE);
        let Some(payload) = self.network.clone() else { return Ok(false) };
        // There is no image until it is there to its end.
        self.flash.write(start, &[0xff; 4])?;
        let mut offset = 0;
        for chunk in payload.chunks(CHUNK) {
            if offset + chunk.len() > most.min(IMAGE) {
                return Ok(false);
            }
            self.flash.write(start + 4 + offset, chunk)?;
            offset += chunk.len();
        }
        let len = u32::try_from(offset).unwrap_or(u32::MAX).to_le_bytes();
        self.flash.write(start, &len)?;
        Ok(true)
    }

    fn write(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, FlashError> {
        Ok(false)
    }

    fn copy(&mut self, _: &ComponentName<'_>, _: &ComponentName<'_>) -> Result<bool, FlashError> {
        Ok(false)
    }

    fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        _: Option<&[u8]>,
    ) -> Result<bool, FlashError> {
        self.running = usize::from(Self::start(component) != 0);
        let name = component.segments().next().unwrap_or_default();
        self.started = Some(String::from_utf8_lossy(name).into_owned());
        Ok(true)
    }

    /// The number moves when the new image has confirmed itself.
    fn commit(&mut self, _: u64) -> Result<bool, FlashError> {
        Ok(true)
    }
}

/// The part of the flash that holds the journal.
pub(crate) struct FlashJournal(Flash);

impl Journal for FlashJournal {
    type Error = FlashError;

    fn read(&mut self, index: usize, record: &mut [u8; RECORD]) -> Result<bool, FlashError> {
        if index >= RECORDS {
            return Ok(false);
        }
        self.0.read(JOURNAL + index * RECORD, record)?;
        Ok(true)
    }

    fn write(&mut self, index: usize, record: &[u8; RECORD]) -> Result<bool, FlashError> {
        if index >= RECORDS {
            return Ok(false);
        }
        self.0.write(JOURNAL + index * RECORD, record)?;
        Ok(true)
    }

    fn clear(&mut self) -> Result<(), FlashError> {
        self.0.write(JOURNAL, &[0xff; RECORDS * RECORD])
    }
}

/// Some of the slots that keep records.
pub(crate) struct FlashSlots {
    flash: Flash,
    first: usize,
    count: usize,
}

impl FlashSlots {
    fn start(&self, slot: usize) -> usize {
        KEPT + (self.first + slot) * RECORD_SLOT
    }
}

impl Slots for FlashSlots {
    type Error = FlashError;

    fn count(&self) -> usize {
        self.count
    }

    fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, FlashError> {
        let len = out.len().min(RECORD_SLOT);
        self.flash.read(self.start(slot), out.get_mut(..len).unwrap_or_default())?;
        Ok(len)
    }

    fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, FlashError> {
        if record.len() > RECORD_SLOT {
            return Ok(false);
        }
        self.flash.write(self.start(slot), record)?;
        Ok(true)
    }

    fn erase(&mut self, slot: usize) -> Result<(), FlashError> {
        self.flash.write(self.start(slot), &[0xff; RECORD_SLOT])
    }
}
