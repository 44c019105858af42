//! A device whose components stand in a NOR flash, and whose power can be cut anywhere.

#![allow(dead_code)] // Each test file uses its part.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use suit_manifest::{
    ComponentName, Fetch, ImageDigest, Journal, Platform, RECORD,
    cose_ext::{
        Context,
        crypto::{Algorithm, SecretKey, SymmetricKey},
        key::Identity,
        rustcrypto::RustCrypto,
    },
    store::{DeviceState, ManifestName, Slots, StoreError},
};
use testkit::nor_flash::{NorFlash, PowerLoss};

const PAGE: usize = 128;
const WORD: usize = 8;
/// Pages of a component: one for its head, the others for its content.
const PAGES: usize = 3;
/// Components, each named by its number in one byte.
pub(crate) const COMPONENTS: usize = 4;
/// Behind the components stand a further one for swaps, the status of a swap, and the journal.
const SCRATCH: usize = COMPONENTS;
const STATUS: usize = (COMPONENTS + 1) * PAGES;
const JOURNAL: usize = STATUS + 1;
const JOURNAL_PAGES: usize = 6;
/// Slots for manifests and state.
const SLOTS: usize = JOURNAL + JOURNAL_PAGES;
const SLOT_PAGES: usize = 8;

/// By whom the number is committed.
const AUTHORITY: Identity = Identity::new([9; 32]);

const MAGIC: [u8; 4] = *b"HEAD";
const MARK: [u8; WORD] = *b"SWAPPED!";
/// A mark that was cut off cannot be written again where it stands.
const TRIES: usize = 4;

/// A device whose components stand in a NOR flash.
pub(crate) struct FlashDevice {
    pub(crate) flash: Rc<RefCell<NorFlash>>,
    pub(crate) network: BTreeMap<String, Vec<u8>>,
    /// The slot that is to be written.
    pub(crate) slot: u64,
    pub(crate) number: Option<u64>,
    /// Whether the number stands in the first two slots.
    pub(crate) keeps_number: bool,
    pub(crate) invoked: Vec<usize>,
    /// How many fetches, copies, writes and swaps were begun.
    pub(crate) effects: usize,
}

impl Clone for FlashDevice {
    fn clone(&self) -> Self {
        Self {
            flash: Rc::new(RefCell::new(self.flash.borrow().clone())),
            network: self.network.clone(),
            invoked: self.invoked.clone(),
            ..*self
        }
    }
}

impl FlashDevice {
    /// A device with empty components, and with so many slots for manifests.
    pub(crate) fn new(slots: usize) -> Self {
        let flash = NorFlash::new(SLOTS + slots * SLOT_PAGES, PAGE, WORD);
        Self {
            flash: Rc::new(RefCell::new(flash)),
            network: BTreeMap::new(),
            slot: 0,
            number: None,
            keeps_number: false,
            invoked: Vec::new(),
            effects: 0,
        }
    }

    pub(crate) fn journal(&self) -> FlashJournal {
        FlashJournal { flash: self.flash.clone(), records: JOURNAL_PAGES * PAGE / RECORD }
    }

    pub(crate) fn slots(&self, first: usize, count: usize) -> FlashSlots {
        FlashSlots { flash: self.flash.clone(), first, count }
    }

    /// The number that the flash holds.
    pub(crate) fn committed(&self) -> Option<u64> {
        self.state(|state, buffer, context| {
            state.sequence_number(&ManifestName::Default, &AUTHORITY, buffer, context)
        })
        .unwrap()
    }

    fn state<T>(
        &self,
        with: impl FnOnce(
            &mut DeviceState<'_, FlashSlots>,
            &mut [u8],
            &Context<'_>,
        ) -> Result<T, StoreError<PowerLoss>>,
    ) -> Result<T, PowerLoss> {
        let key = SymmetricKey { k: &[7; 32], algorithm: None };
        let secret = SecretKey::symmetric(key, &RustCrypto);
        let mut state = DeviceState::new(self.slots(0, 2), &secret);
        with(&mut state, &mut [0; 4096], &Context::new(&RustCrypto)).map_err(|error| match error {
            StoreError::Slots(lost) => lost,
            other => panic!("{other:?}"),
        })
    }

    fn read_at(&self, offset: usize, out: &mut [u8]) -> Result<(), PowerLoss> {
        self.flash.borrow().read(offset, out)
    }

    /// What a component holds, if it was written to its end.
    pub(crate) fn content(&self, place: usize) -> Result<Option<Vec<u8>>, PowerLoss> {
        let start = place * PAGES * PAGE;
        let mut head = [0; 2 * WORD];
        self.read_at(start, &mut head)?;
        let len = usize::from(u16::from_le_bytes([head[4], head[5]]));
        if head[..4] != MAGIC || len > (PAGES - 1) * PAGE {
            return Ok(None);
        }
        let mut content = vec![0; len];
        self.read_at(start + PAGE, &mut content)?;
        Ok((head[8..] == sum(&content)).then_some(content))
    }

    /// Writes a component, its head last.
    pub(crate) fn put(&self, place: usize, content: &[u8]) -> Result<bool, PowerLoss> {
        if content.len() > (PAGES - 1) * PAGE {
            return Ok(false);
        }
        let start = place * PAGES * PAGE;
        let mut flash = self.flash.borrow_mut();
        for page in 0..PAGES {
            flash.erase(start + page * PAGE)?;
        }
        flash.write(start + PAGE, &padded(content))?;
        let len = u16::try_from(content.len()).unwrap().to_le_bytes();
        flash.write(start, &[&MAGIC[..], &len, &[0, 0], &sum(content)].concat())?;
        Ok(true)
    }

    /// How many of the three steps of a swap are marked as done.
    fn marks(&self) -> Result<usize, PowerLoss> {
        let mut marks = [0; 3 * TRIES * WORD];
        self.read_at(STATUS * PAGE, &mut marks)?;
        let is_marked = |step: &&[u8]| step.chunks(WORD).any(|word| word == MARK);
        Ok(marks.chunks(TRIES * WORD).take_while(is_marked).count())
    }

    fn mark(&self, step: usize) -> Result<(), PowerLoss> {
        let start = STATUS * PAGE + step * TRIES * WORD;
        for word in (start..).step_by(WORD).take(TRIES) {
            let mut found = [0; WORD];
            self.read_at(word, &mut found)?;
            if found == [0xff; WORD] {
                return self.flash.borrow_mut().write(word, &MARK);
            }
        }
        panic!("more cuts than there are words for");
    }

    /// Exchanges two components by a third; each of its three steps can be done again until it is marked.
    fn swap_from(&self, done: usize, source: usize, to: usize) -> Result<bool, PowerLoss> {
        let steps = [(source, SCRATCH), (to, source), (SCRATCH, to)];
        for (step, (from, to)) in steps.into_iter().enumerate().skip(done) {
            let Some(content) = self.content(from)? else { return Ok(false) };
            self.put(to, &content)?;
            self.mark(step)?;
        }
        Ok(true)
    }
}

fn place(component: &ComponentName<'_>) -> usize {
    usize::from(component.segments().next().unwrap()[0])
}

fn sum(content: &[u8]) -> Vec<u8> {
    let sum = Context::new(&RustCrypto).hash(Algorithm::SHA256, &[content]).unwrap();
    sum.as_ref()[..8].to_vec()
}

fn padded(content: &[u8]) -> Vec<u8> {
    let mut padded = content.to_vec();
    padded.resize(content.len().next_multiple_of(WORD), 0);
    padded
}

impl Platform for FlashDevice {
    type Error = PowerLoss;

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, PowerLoss> {
        Ok(place(component) < COMPONENTS)
    }

    fn is_vendor(&mut self, _: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, PowerLoss> {
        Ok(vendor == [1; 16])
    }

    fn is_class(&mut self, _: &ComponentName<'_>, class: &[u8]) -> Result<bool, PowerLoss> {
        Ok(class == [2; 16])
    }

    fn is_slot(&mut self, _: &ComponentName<'_>, slot: u64) -> Result<bool, PowerLoss> {
        Ok(slot == self.slot)
    }

    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, PowerLoss> {
        let Some(content) = self.content(place(component))? else { return Ok(None) };
        let rest = content.get(offset..).unwrap_or_default();
        let len = rest.len().min(out.len());
        out[..len].copy_from_slice(&rest[..len]);
        Ok(Some(len))
    }

    fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        _: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, PowerLoss> {
        let Some(content) = self.content(place(component))? else { return Ok(None) };
        let digest = Context::new(&RustCrypto).hash(algorithm, &[&content]).unwrap();
        let digest = digest.as_ref();
        out[..digest.len()].copy_from_slice(digest);
        Ok(Some(ImageDigest { len: digest.len(), size: content.len() as u64 }))
    }

    fn fetch(
        &mut self,
        component: &ComponentName<'_>,
        fetch: &Fetch<'_>,
    ) -> Result<bool, PowerLoss> {
        self.effects += 1;
        let payload = fetch.integrated.map(<[u8]>::to_vec);
        match payload.or_else(|| self.network.get(fetch.uri).cloned()) {
            Some(payload) => self.put(place(component), &payload),
            None => Ok(false),
        }
    }

    fn write(&mut self, component: &ComponentName<'_>, content: &[u8]) -> Result<bool, PowerLoss> {
        self.effects += 1;
        self.put(place(component), content)
    }

    fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, PowerLoss> {
        self.effects += 1;
        let Some(content) = self.content(place(source))? else { return Ok(false) };
        self.put(place(destination), &content)
    }

    fn swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, PowerLoss> {
        self.effects += 1;
        self.flash.borrow_mut().erase(STATUS * PAGE)?;
        self.swap_from(0, place(source), place(destination))
    }

    fn resume_swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, PowerLoss> {
        let done = self.marks()?;
        if done == 0 {
            self.flash.borrow_mut().erase(STATUS * PAGE)?;
        }
        self.swap_from(done, place(source), place(destination))
    }

    fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        _: Option<&[u8]>,
    ) -> Result<bool, PowerLoss> {
        self.invoked.push(place(component));
        Ok(self.content(place(component))?.is_some())
    }

    fn commit(&mut self, sequence_number: u64) -> Result<bool, PowerLoss> {
        if self.keeps_number {
            self.state(|state, buffer, context| {
                let name = ManifestName::Default;
                state.commit(&name, &AUTHORITY, sequence_number, buffer, context)
            })?;
        }
        self.number = Some(sequence_number);
        Ok(true)
    }
}

/// The pages of the flash that hold the journal.
pub(crate) struct FlashJournal {
    flash: Rc<RefCell<NorFlash>>,
    /// For how many records there is room.
    pub(crate) records: usize,
}

impl Journal for FlashJournal {
    type Error = PowerLoss;

    fn read(&mut self, index: usize, record: &mut [u8; RECORD]) -> Result<bool, PowerLoss> {
        if index >= self.records {
            return Ok(false);
        }
        self.flash.borrow().read(JOURNAL * PAGE + index * RECORD, record)?;
        Ok(true)
    }

    fn write(&mut self, index: usize, record: &[u8; RECORD]) -> Result<bool, PowerLoss> {
        if index >= self.records {
            return Ok(false);
        }
        self.flash.borrow_mut().write(JOURNAL * PAGE + index * RECORD, record)?;
        Ok(true)
    }

    fn clear(&mut self) -> Result<(), PowerLoss> {
        for page in 0..JOURNAL_PAGES {
            self.flash.borrow_mut().erase((JOURNAL + page) * PAGE)?;
        }
        Ok(())
    }
}

/// Some of the slots of the flash.
pub(crate) struct FlashSlots {
    flash: Rc<RefCell<NorFlash>>,
    first: usize,
    count: usize,
}

impl FlashSlots {
    fn start(&self, slot: usize) -> usize {
        (SLOTS + (self.first + slot) * SLOT_PAGES) * PAGE
    }
}

impl Slots for FlashSlots {
    type Error = PowerLoss;

    fn count(&self) -> usize {
        self.count
    }

    fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, PowerLoss> {
        let len = out.len().min(SLOT_PAGES * PAGE);
        self.flash.borrow().read(self.start(slot), &mut out[..len])?;
        Ok(len)
    }

    fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, PowerLoss> {
        if record.len() > SLOT_PAGES * PAGE {
            return Ok(false);
        }
        self.erase(slot)?;
        self.flash.borrow_mut().write(self.start(slot), &padded(record))?;
        Ok(true)
    }

    fn erase(&mut self, slot: usize) -> Result<(), PowerLoss> {
        for page in 0..SLOT_PAGES {
            self.flash.borrow_mut().erase(self.start(slot) + page * PAGE)?;
        }
        Ok(())
    }
}
