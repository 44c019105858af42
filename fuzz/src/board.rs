//! A device whose answers the input chooses, and that can lose its power, with a journal in memory.

use std::{cell::Cell, collections::BTreeMap, rc::Rc};

use cose_ext::{Digest, crypto::Algorithm};
use suit_manifest::{
    ComponentName, Condition, Delegated, Fetch, ImageDigest, Journal, Outcome, Platform, RECORD,
};

/// The power is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut;

impl core::fmt::Display for Cut {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the power is gone")
    }
}

/// After so many operations, of a device or of its journal, it is gone; never where there is no number.
#[derive(Clone, Debug, Default)]
pub struct Power(Rc<Cell<Option<usize>>>);

impl Power {
    /// Sets the number.
    pub fn set(&self, operations: Option<usize>) {
        self.0.set(operations);
    }

    fn operate(&self) -> Result<(), Cut> {
        match self.0.get() {
            Some(0) => Err(Cut),
            Some(left) => {
                self.0.set(Some(left - 1));
                Ok(())
            }
            None => Ok(()),
        }
    }
}

/// A device. What it answers is the next bit of the choices, and yes where they end; what its components hold stays when its
/// power is cut.
#[derive(Clone, Debug)]
pub struct Board<'c> {
    choices: &'c [u8],
    asked: usize,
    power: Power,
    /// What the components hold, by name.
    pub contents: BTreeMap<String, Vec<u8>>,
    /// What every image is said to have as its digest.
    pub digest: Vec<u8>,
    swap: Option<[String; 2]>,
}

impl<'c> Board<'c> {
    /// A device that answers so.
    pub fn by(choices: &'c [u8], digest: &[u8], power: &Power) -> Self {
        Self {
            choices,
            asked: 0,
            power: power.clone(),
            contents: BTreeMap::new(),
            digest: digest.into(),
            swap: None,
        }
    }

    fn good(&mut self) -> Result<bool, Cut> {
        self.power.operate()?;
        let bit = self.asked;
        self.asked += 1;
        // Mostly yes: two bits have to say no.
        Ok(self.choices.get(bit / 4).is_none_or(|byte| byte >> (2 * (bit % 4)) & 3 != 3))
    }

    fn exchange(&mut self, [one, other]: [String; 2]) {
        let (first, second) = (self.contents.remove(&one), self.contents.remove(&other));
        self.contents.extend(first.map(|content| (other, content)));
        self.contents.extend(second.map(|content| (one, content)));
    }
}

impl Platform for Board<'_> {
    type Error = Cut;

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Cut> {
        assert!(!format!("{component:?}").is_empty() || component.segments().count() == 0);
        self.good()
    }

    fn is_vendor(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, Cut> {
        self.good()
    }

    fn is_class(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, Cut> {
        self.good()
    }

    fn is_device(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, Cut> {
        self.good()
    }

    fn is_slot(&mut self, _: &ComponentName<'_>, _: u64) -> Result<bool, Cut> {
        self.good()
    }

    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Cut> {
        self.power.operate()?;
        let Some(content) = self.contents.get(&component.to_string()) else { return Ok(None) };
        let rest = content.get(offset..).unwrap_or_default();
        let len = rest.len().min(out.len()).min(100);
        out[..len].copy_from_slice(&rest[..len]);
        Ok(Some(len))
    }

    fn digest(
        &mut self,
        _: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Cut> {
        if !self.good()? {
            return Ok(None);
        }
        let len = algorithm.hash_len().unwrap_or(32).min(out.len());
        for (place, byte) in out[..len].iter_mut().zip(self.digest.iter().chain([&0; 64])) {
            *place = *byte;
        }
        Ok(Some(ImageDigest { len, size: size.unwrap_or(7) }))
    }

    fn fetch(&mut self, component: &ComponentName<'_>, fetch: &Fetch<'_>) -> Result<bool, Cut> {
        let is_good = self.good()?;
        if is_good {
            let content = fetch.integrated.unwrap_or(fetch.uri.as_bytes());
            self.contents.insert(component.to_string(), content.into());
        }
        Ok(is_good)
    }

    fn write(&mut self, component: &ComponentName<'_>, content: &[u8]) -> Result<bool, Cut> {
        let is_good = self.good()?;
        if is_good {
            self.contents.insert(component.to_string(), content.into());
        }
        Ok(is_good)
    }

    fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Cut> {
        let is_good = self.good()?;
        let content = self.contents.get(&source.to_string()).cloned();
        match content.filter(|_| is_good) {
            Some(content) => {
                self.contents.insert(destination.to_string(), content);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Cut> {
        let both = [source.to_string(), destination.to_string()];
        self.swap = Some(both.clone());
        let is_good = self.good()?;
        if is_good {
            self.exchange(both);
        }
        self.swap = None;
        Ok(is_good)
    }

    fn resume_swap(&mut self, _: &ComponentName<'_>, _: &ComponentName<'_>) -> Result<bool, Cut> {
        self.power.operate()?;
        if let Some(both) = self.swap.take() {
            self.exchange(both);
        }
        Ok(true)
    }

    fn invoke(&mut self, _: &ComponentName<'_>, _: Option<&[u8]>) -> Result<bool, Cut> {
        self.good()
    }

    fn references(&mut self, _: &ComponentName<'_>) -> Result<u64, Cut> {
        Ok(u64::from(!self.good()?))
    }

    fn unlink(&mut self, _: &ComponentName<'_>) -> Result<Option<u64>, Cut> {
        Ok(if self.good()? { Some(0) } else { None })
    }

    fn dependency_number(&mut self, _: &ComponentName<'_>) -> Result<Option<u64>, Cut> {
        Ok(if self.good()? { None } else { Some(u64::MAX) })
    }

    fn commit_dependency(&mut self, _: &ComponentName<'_>, _: u64) -> Result<bool, Cut> {
        self.good()
    }

    fn commit(&mut self, _: u64) -> Result<bool, Cut> {
        self.good()
    }

    fn delegate(&mut self, _: &ComponentName<'_>, _: &Delegated<'_>) -> Result<bool, Cut> {
        self.good()
    }

    fn identifier(
        &mut self,
        _: &ComponentName<'_>,
        _: Condition,
        out: &mut [u8],
    ) -> Result<Option<usize>, Cut> {
        out[..16].fill(0x5a);
        Ok(Some(16))
    }

    fn is_manifest(&mut self, _: &Digest<'_>) -> Result<bool, Cut> {
        self.good()
    }

    fn noted(&mut self, outcome: &Outcome<'_>) {
        assert!(!outcome.command.to_string().is_empty());
    }
}

/// The journal of such a device.
#[derive(Clone, Debug)]
pub struct Records {
    power: Power,
    records: BTreeMap<usize, [u8; RECORD]>,
    room: usize,
}

impl Records {
    /// An empty journal with room for that many records.
    pub fn new(room: usize, power: &Power) -> Self {
        Self { power: power.clone(), records: BTreeMap::new(), room }
    }
}

impl Journal for Records {
    type Error = Cut;

    fn read(&mut self, index: usize, record: &mut [u8; RECORD]) -> Result<bool, Cut> {
        *record = self.records.get(&index).copied().unwrap_or([0xff; RECORD]);
        Ok(index < self.room)
    }

    fn write(&mut self, index: usize, record: &[u8; RECORD]) -> Result<bool, Cut> {
        self.power.operate()?;
        if index < self.room {
            assert!(self.records.insert(index, *record).is_none(), "written once");
        }
        Ok(index < self.room)
    }

    fn clear(&mut self) -> Result<(), Cut> {
        self.power.operate()?;
        self.records.clear();
        Ok(())
    }
}

/// A device that does only what every device has to.
#[derive(Clone, Debug)]
pub struct Plain<'c>(pub Board<'c>);

impl Platform for Plain<'_> {
    type Error = Cut;

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Cut> {
        self.0.has_component(component)
    }

    fn is_vendor(&mut self, component: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, Cut> {
        self.0.is_vendor(component, vendor)
    }

    fn is_class(&mut self, component: &ComponentName<'_>, class: &[u8]) -> Result<bool, Cut> {
        self.0.is_class(component, class)
    }

    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Cut> {
        self.0.read(component, offset, out)
    }

    fn fetch(&mut self, component: &ComponentName<'_>, fetch: &Fetch<'_>) -> Result<bool, Cut> {
        self.0.fetch(component, fetch)
    }

    fn write(&mut self, component: &ComponentName<'_>, content: &[u8]) -> Result<bool, Cut> {
        self.0.write(component, content)
    }

    fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Cut> {
        self.0.copy(source, destination)
    }

    fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> Result<bool, Cut> {
        self.0.invoke(component, arguments)
    }

    fn commit(&mut self, sequence_number: u64) -> Result<bool, Cut> {
        self.0.commit(sequence_number)
    }
}
