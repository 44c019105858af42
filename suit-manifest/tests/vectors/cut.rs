//! The power goes before or after every call of the platform, and the journal brings the procedure to its end.

use std::{cell::RefCell, collections::BTreeSet};

use suit_manifest::{
    ComponentName, Fetch, ImageDigest, Journal, Outcome, Platform, RECORD, RunError,
    cose_ext::{Digest, crypto::Algorithm},
    report::NoReport,
    run_journaled,
};
use testkit::vectors::{Case, Trouble};

use crate::{
    device::Device,
    policy::{Policy, Rollback},
    processing::{Verdict, device_of, process_on, verdict},
};

/// The power has gone.
#[derive(Debug)]
struct PowerLoss;

/// A device whose power goes at a call.
struct Cut<'d> {
    device: &'d mut Device,
    /// How many calls are left; none is cut where there is no number.
    left: Option<usize>,
    /// Whether the last call is carried out, and its answer lost.
    is_after: bool,
    has_swapped: &'d mut bool,
    /// Components whose counts were lowered.
    unlinked: &'d mut BTreeSet<String>,
}

/// Records in memory.
#[derive(Default)]
struct Records(Vec<[u8; RECORD]>);

impl Journal for Records {
    type Error = PowerLoss;

    fn read(&mut self, index: usize, record: &mut [u8; RECORD]) -> Result<bool, PowerLoss> {
        *record = self.0.get(index).copied().unwrap_or([0xff; RECORD]);
        Ok(true)
    }

    fn write(&mut self, index: usize, record: &[u8; RECORD]) -> Result<bool, PowerLoss> {
        assert_eq!(index, self.0.len());
        self.0.push(*record);
        Ok(true)
    }

    fn clear(&mut self) -> Result<(), PowerLoss> {
        self.0.clear();
        Ok(())
    }
}

/// Runs a case as often as it has calls, each time with a cut at another one, and gives `check` how it ended then.
pub(crate) fn at_every_call(
    case: &Case,
    policy: &Policy,
    check: &mut dyn FnMut(&str, &Verdict, &Device) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    for is_after in [false, true] {
        for call in 0.. {
            let mut device = device_of(case)?;
            let journal = RefCell::new(Records::default());
            let (has_swapped, unlinked) = (RefCell::new(false), RefCell::new(BTreeSet::new()));
            // A number that was stored was stored with the manifest.
            let same_again = Policy { rollback: Rollback::NotLower, ..*policy };
            let once = |device: &mut Device, left: Option<usize>| {
                let policy = if left.is_some() { policy } else { &same_again };
                process_on(case, policy, device, &|mut processor, device, authority, context| {
                    let has_swapped = &mut *has_swapped.borrow_mut();
                    let unlinked = &mut *unlinked.borrow_mut();
                    let mut cut = Cut { device, left, is_after, has_swapped, unlinked };
                    let (report, journal) = (&mut NoReport, &mut *journal.borrow_mut());
                    let ended = run_journaled(
                        &mut processor,
                        &mut cut,
                        journal,
                        report,
                        authority,
                        context,
                    );
                    match ended {
                        Err(RunError::Platform(PowerLoss)) => Ok(None),
                        ended => verdict(ended, &processor).map(Some),
                    }
                    .map(|verdict| verdict.unwrap_or(Verdict::PowerLoss))
                })
            };
            let first = once(&mut device, Some(call))?;
            let is_over = !matches!(first, Verdict::PowerLoss);
            let ended = if is_over { first } else { once(&mut device, None)? };
            let when = if is_after { "after" } else { "before" };
            check(&format!("a cut {when} call {call}"), &ended, &device)?;
            if is_over {
                break;
            }
        }
    }
    Ok(())
}

impl Cut<'_> {
    /// Makes a call, if there is power for it.
    fn call<R>(&mut self, call: impl FnOnce(&mut Device) -> R) -> Result<R, PowerLoss> {
        let is_last = self.left == Some(0);
        self.left = self.left.map(|left| left.saturating_sub(1));
        if is_last && !self.is_after {
            return Err(PowerLoss);
        }
        let answer = call(self.device);
        if is_last { Err(PowerLoss) } else { Ok(answer) }
    }
}

impl Platform for Cut<'_> {
    type Error = PowerLoss;

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, PowerLoss> {
        self.call(|device| device.has_component(component).unwrap())
    }

    fn is_vendor(&mut self, id: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, PowerLoss> {
        self.call(|device| device.is_vendor(id, vendor).unwrap())
    }

    fn is_class(&mut self, id: &ComponentName<'_>, class: &[u8]) -> Result<bool, PowerLoss> {
        self.call(|device| device.is_class(id, class).unwrap())
    }

    fn is_device(&mut self, id: &ComponentName<'_>, own: &[u8]) -> Result<bool, PowerLoss> {
        self.call(|device| device.is_device(id, own).unwrap())
    }

    fn is_slot(&mut self, component: &ComponentName<'_>, slot: u64) -> Result<bool, PowerLoss> {
        self.call(|device| device.is_slot(component, slot).unwrap())
    }

    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, PowerLoss> {
        // Reading is a part of other calls.
        Ok(self.device.read(component, offset, out).unwrap())
    }

    fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, PowerLoss> {
        self.call(|device| device.digest(component, algorithm, size, out).unwrap())
    }

    fn fetch(&mut self, id: &ComponentName<'_>, fetch: &Fetch<'_>) -> Result<bool, PowerLoss> {
        self.call(|device| device.fetch(id, fetch).unwrap())
    }

    fn write(&mut self, id: &ComponentName<'_>, content: &[u8]) -> Result<bool, PowerLoss> {
        self.call(|device| device.write(id, content).unwrap())
    }

    fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, PowerLoss> {
        self.call(|device| device.copy(source, destination).unwrap())
    }

    fn swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, PowerLoss> {
        let is_cut_after = self.is_after && self.left == Some(0);
        let has_swapped = &mut *self.has_swapped;
        if is_cut_after {
            *has_swapped = self.device.swap(source, destination).unwrap();
            Err(PowerLoss)
        } else {
            self.call(|device| device.swap(source, destination).unwrap())
        }
    }

    fn resume_swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, PowerLoss> {
        let is_done = std::mem::take(self.has_swapped);
        self.call(|device| is_done || device.swap(source, destination).unwrap())
    }

    fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> Result<bool, PowerLoss> {
        self.call(|device| device.invoke(component, arguments).unwrap())
    }

    fn references(&mut self, component: &ComponentName<'_>) -> Result<u64, PowerLoss> {
        self.call(|device| device.references(component).unwrap())
    }

    fn unlink(&mut self, component: &ComponentName<'_>) -> Result<Option<u64>, PowerLoss> {
        // Once for each manifest, and not once more after a loss of power.
        let is_first = self.unlinked.insert(component.to_string());
        let is_cut = self.left == Some(0) && !self.is_after;
        if is_first && is_cut {
            self.unlinked.remove(&component.to_string());
        }
        self.call(|device| match is_first {
            true => device.unlink(component).unwrap(),
            false => Some(device.references(component).unwrap()),
        })
    }

    fn dependency_number(
        &mut self,
        component: &ComponentName<'_>,
    ) -> Result<Option<u64>, PowerLoss> {
        self.call(|device| device.dependency_number(component).unwrap())
    }

    fn commit_dependency(
        &mut self,
        component: &ComponentName<'_>,
        sequence_number: u64,
    ) -> Result<bool, PowerLoss> {
        self.call(|device| device.commit_dependency(component, sequence_number).unwrap())
    }

    fn is_manifest(&mut self, manifest: &Digest<'_>) -> Result<bool, PowerLoss> {
        self.call(|device| device.is_manifest(manifest).unwrap())
    }

    fn commit(&mut self, sequence_number: u64) -> Result<bool, PowerLoss> {
        self.call(|device| device.commit(sequence_number).unwrap())
    }

    fn noted(&mut self, outcome: &Outcome<'_>) {
        self.device.noted(outcome);
    }
}
