//! What a device keeps over years: many updates, updates that failed, and several who sign.

#[path = "support/made.rs"]
mod made;

use made::{
    author, block, bstr, component, context, int, members, numbered, second, with, wrapper,
};
use suit_manifest::{
    AuthenticationPolicy, ComponentId, ComponentName, Envelope, ErrorKind, Rule,
    cose_ext::{
        Digest, Profile, Trust,
        cbor::{Limits, Raw, Strictness},
        crypto::{Algorithm, SecretKey, Signer, SymmetricKey},
        key::{Identity, TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
    },
    store::{DeviceState, ManifestName, ManifestStore, Slots, StoreError, select_for_start},
};

const SLOT: usize = 1024;
const TRIALS: u64 = 2;
const DEFAULT: ManifestName<'_> = ManifestName::Default;

/// Slots in memory; the writing of one is cut off where there is no power.
#[derive(Clone)]
struct Memory {
    slots: Vec<Vec<u8>>,
    power: usize,
}

#[derive(Debug, PartialEq)]
struct PowerLoss;

impl Slots for Memory {
    type Error = PowerLoss;

    fn count(&self) -> usize {
        self.slots.len()
    }

    fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, PowerLoss> {
        let len = out.len().min(SLOT);
        out[..len].copy_from_slice(&self.slots[slot][..len]);
        Ok(len)
    }

    fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, PowerLoss> {
        if record.len() > SLOT {
            return Ok(false);
        }
        let written = record.len().min(self.power);
        self.slots[slot].fill(0xff);
        self.slots[slot][..written].copy_from_slice(&record[..written]);
        if written < record.len() { Err(PowerLoss) } else { Ok(true) }
    }

    fn erase(&mut self, slot: usize) -> Result<(), PowerLoss> {
        self.slots[slot].fill(0xff);
        Ok(())
    }
}

/// A device with its slots for manifests and those for its state.
#[derive(Clone)]
struct Device {
    manifests: Memory,
    state: Memory,
}

impl Device {
    fn new(manifests: usize) -> Self {
        let memory = |slots| Memory { slots: vec![vec![0xff; SLOT]; slots], power: usize::MAX };
        Self { manifests: memory(manifests), state: memory(2) }
    }

    /// Keeps a manifest with this number and version of its content, beside the one that is committed.
    fn keep(
        &mut self,
        number: u64,
        version: i64,
        signer: &dyn Signer,
        committed: Option<u64>,
    ) -> Result<usize, StoreError<PowerLoss>> {
        let context = context();
        let (author, second) = (author().public_key(), second().public_key());
        let keys = [&author.as_public_key(), &second.as_public_key()]
            .map(|key| TrustedKey::new(key, &context).unwrap());
        let keys = TrustStore::new(&keys);
        let manifest = with(members(), 2, int(number as i64));
        let manifest = bstr(&numbered(&with(manifest, 4, made::text(&version.to_string()))));
        let digest = made::digest(&manifest);
        let blocks = [block(&digest, signer)];
        let bytes = made::envelope(&vec![(2, wrapper(&digest, &blocks)), (3, manifest)]);
        let envelope = Envelope::decode(&bytes, &Profile::LENIENT).unwrap();
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context).unwrap();
        let own = secret();
        let mut store = ManifestStore::new(&mut self.manifests, &own);
        let buffer = &mut [0; SLOT];
        match committed {
            None => store.keep(&envelope, &manifest, buffer, &context),
            Some(committed) => store.keep_beside(committed, &envelope, &manifest, buffer, &context),
        }
    }

    /// The number of the manifest that is started.
    fn start(&mut self) -> Option<u64> {
        let own = secret();
        let mut store = ManifestStore::new(&mut self.manifests, &own);
        let mut state = DeviceState::new(&mut self.state, &own);
        let (mut buffer, context) = ([0; 4 * SLOT], context());
        let (by, buffer) = (by_author(), &mut buffer);
        let kept =
            select_for_start(&mut store, &mut state, &DEFAULT, &by, TRIALS, buffer, &context);
        kept.unwrap().map(|kept| kept.sequence_number())
    }

    fn confirm(&mut self, number: u64) {
        let own = secret();
        let mut state = DeviceState::new(&mut self.state, &own);
        let buffer = &mut [0; 4 * SLOT];
        state.commit(&DEFAULT, &by_author(), number, buffer, &context()).unwrap();
    }

    fn state_bytes(&self) -> usize {
        let used = |slot: &Vec<u8>| slot.iter().rposition(|byte| *byte != 0xff).unwrap_or(0);
        self.state.slots.iter().map(used).max().unwrap()
    }
}

fn secret() -> SecretKey<'static> {
    SecretKey::symmetric(SymmetricKey { k: &[7; 32], algorithm: None }, &RustCrypto)
}

fn by_author() -> Identity {
    let key = author().public_key();
    TrustedKey::new(&key, &context()).unwrap().identity()
}

#[test]
fn the_state_does_not_grow_with_each_update() {
    let mut device = Device::new(2);
    device.keep(0, 0, &author(), None).unwrap();
    device.confirm(0);
    let mut largest = 0;
    for number in 1..100 {
        let committed = number - 1;
        device.keep(number, 0, &author(), Some(committed)).unwrap();
        assert_eq!(device.start(), Some(number));
        device.confirm(number);
        largest = largest.max(device.state_bytes());
        assert_eq!(device.start(), Some(number));
    }
    assert!(largest < 300, "{largest}");
}

#[test]
fn a_manifest_that_is_gone_leaves_no_mark() {
    let (own, context) = (secret(), context());
    let mut memory = Device::new(0).state;
    let encoded = component(b"lib");
    let raw = Raw::decode(&encoded, 0, Strictness::LENIENT, &Limits::DEFAULT).unwrap();
    let library = ComponentName::from(ComponentId::read(&raw).unwrap());
    let values: Vec<_> = (0..100).map(|number| [number; 32]).collect();
    let digest = |at: usize| Digest::new(Algorithm::SHA256, &values[at]).unwrap();
    let buffer = &mut [0; 4 * SLOT];
    let mut state = DeviceState::new(&mut memory, &own);
    state.link(&library, &digest(0), buffer, &context).unwrap();
    for at in 1..values.len() {
        assert_eq!(state.link(&library, &digest(at), buffer, &context), Ok(2));
        // What still refers to the component is not forgotten.
        state.forget(&digest(at - 1), buffer, &context).unwrap();
        assert_eq!(state.unlink(&library, &digest(at - 1), buffer, &context), Ok(1));
        // It is known who has lowered the count, until the manifest is gone.
        assert_eq!(state.unlink(&library, &digest(at - 1), buffer, &context), Ok(1));
        state.forget(&digest(at - 1), buffer, &context).unwrap();
    }
    assert_eq!(state.references(&library, buffer, &context), Ok(1));
    // Nothing to forget: nothing is written.
    memory.power = 0;
    let mut state = DeviceState::new(&mut memory, &own);
    state.forget(&digest(0), buffer, &context).unwrap();
}

#[test]
fn what_another_one_signed_is_not_in_the_way() {
    for number in [6, 7, 8] {
        let mut device = Device::new(3);
        device.keep(number, 0, &second(), None).unwrap();
        device.keep(7, 0, &author(), None).unwrap();
        device.keep(5, 0, &author(), None).unwrap();
        assert_eq!([(); 4].map(|()| device.start()), [Some(7), Some(7), Some(5), Some(5)]);
        device.confirm(7);
        assert_eq!(device.start(), Some(7));
    }
}

#[test]
fn another_manifest_with_a_number_that_is_taken_is_not_kept() {
    let mut device = Device::new(3);
    device.keep(7, 0, &author(), None).unwrap();
    let taken = device.keep(7, 1, &author(), None).unwrap_err();
    let StoreError::Refused(error) = taken else { panic!("{taken:?}") };
    assert_eq!(error.kind(), ErrorKind::Policy(Rule::SequenceNumber));
    assert_eq!(device.keep(7, 0, &author(), None), Ok(0));
    // Numbers are counted for each signer.
    assert_eq!(device.keep(7, 1, &second(), None), Ok(1));
}

#[test]
fn the_manifest_that_runs_stays_when_another_one_comes_after_one_that_failed() {
    let mut device = Device::new(2);
    device.keep(1, 0, &author(), None).unwrap();
    device.confirm(1);
    device.keep(2, 0, &author(), Some(1)).unwrap();
    // It fails as often as it may, and the device falls back.
    assert_eq!([(); 3].map(|()| device.start()), [Some(2), Some(2), Some(1)]);
    for power in 0..400 {
        let mut cut = device.clone();
        cut.manifests.power = power;
        let kept = cut.keep(3, 0, &author(), Some(1));
        cut.manifests.power = usize::MAX;
        let expected = match kept {
            Ok(slot) => {
                assert_eq!(slot, 1);
                [Some(3), Some(3), Some(1)]
            }
            Err(_) => [Some(1); 3],
        };
        // Whether the new one was written or not, and even if it fails too, there is one to start.
        assert_eq!([(); 3].map(|()| cut.start()), expected, "{power}");
    }
}
