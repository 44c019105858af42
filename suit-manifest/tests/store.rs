//! What a device keeps of its manifests over restarts.

#[path = "support/device.rs"]
mod device;
#[path = "support/made.rs"]
mod made;

use device::Device;
use made::{array, author, bstr, component, context, int, members, numbered, signed, with};
use suit_manifest::{
    AuthenticationPolicy, Authority, ComponentId, ComponentName, Envelope, Limits, Procedure,
    Processor, Readings, Rule, RunError, Target,
    cose_ext::{
        Digest, Profile, Trust,
        cbor::{Limits as CborLimits, Raw, Strictness},
        crypto::{Algorithm, SecretKey, SymmetricKey},
        key::{Identity, TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
    },
    report::NoReport,
    run,
    store::{
        DeviceState, ManifestName, ManifestStore, Selection, Slots, StoreError, Uninstalled,
        uninstall,
    },
};

const SLOT: usize = 1024;

/// Slots in memory, the writing of which may be cut off.
#[derive(Clone)]
struct Memory {
    slots: Vec<Vec<u8>>,
    /// How many bytes can still be written.
    power: usize,
    writes: usize,
}

impl Memory {
    fn new(slots: usize) -> Self {
        Self { slots: vec![vec![0xff; SLOT]; slots], power: usize::MAX, writes: 0 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        self.writes += 1;
        let written = record.len().min(self.power);
        self.power -= written;
        self.slots[slot][..written].copy_from_slice(&record[..written]);
        if written < record.len() { Err(PowerLoss) } else { Ok(true) }
    }

    fn erase(&mut self, slot: usize) -> Result<(), PowerLoss> {
        self.slots[slot].fill(0xff);
        Ok(())
    }
}

fn secret(byte: u8) -> SecretKey<'static> {
    let key: &[u8] = match byte {
        0 => &[0; 32],
        _ => &[1; 32],
    };
    SecretKey::symmetric(SymmetricKey { k: key, algorithm: None }, &RustCrypto)
}

/// An envelope with this number and perhaps a name, whose text is severed and that brings a payload.
fn envelope(number: i64, name: Option<&[u8]>) -> Vec<u8> {
    let mut manifest = with(members(), 2, int(number));
    if let Some(name) = name {
        manifest = with(manifest, 5, component(name));
    }
    let text = bstr(&numbered(&[]));
    manifest = with(manifest, 23, made::digest(&text));
    let members = with(signed(&manifest), 23, text);
    made::envelope(&members)
}

fn keep(
    store: &mut ManifestStore<'_, &mut Memory>,
    bytes: &[u8],
) -> Result<usize, StoreError<PowerLoss>> {
    let context = context();
    let key = author().public_key();
    let keys = [TrustedKey::new(&key, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let envelope = Envelope::decode(bytes, &Profile::LENIENT).unwrap();
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context).unwrap();
    store.keep(&envelope, &manifest, &mut [0; SLOT], &context)
}

/// The number of what is selected.
fn latest(
    store: &mut ManifestStore<'_, &mut Memory>,
    name: &ManifestName<'_>,
    selection: Selection,
) -> Option<u64> {
    let mut buffer = [0; SLOT];
    let kept = store.select(name, selection, &mut buffer, &context()).unwrap();
    kept.map(|kept| kept.sequence_number())
}

fn numbers(store: &mut ManifestStore<'_, &mut Memory>) -> Vec<u64> {
    let mut numbers = Vec::new();
    store
        .list(&mut [0; SLOT], &context(), &mut |kept| numbers.push(kept.sequence_number()))
        .unwrap();
    numbers
}

fn id(encoded: &[u8]) -> ComponentId<'_> {
    let raw = Raw::decode(encoded, 0, Strictness::LENIENT, &CborLimits::DEFAULT).unwrap();
    ComponentId::read(&raw).unwrap()
}

const DEFAULT: ManifestName<'_> = ManifestName::Default;

#[test]
fn k1_only_what_the_device_sealed_counts() {
    let mut memory = Memory::new(2);
    let (own, other) = (secret(0), secret(1));
    keep(&mut ManifestStore::new(&mut memory, &own), &envelope(1, None)).unwrap();
    assert_eq!(numbers(&mut ManifestStore::new(&mut memory, &own)), [1]);
    assert_eq!(numbers(&mut ManifestStore::new(&mut memory, &other)), [0; 0]);
    // Whichever byte of the record changes, the manifest is not selected. Where the signature of the
    // author changed nothing is said: the device vouches, not the author.
    let len = memory.slots[0].iter().rposition(|byte| *byte != 0xff).unwrap() + 1;
    let mut still = 0;
    for place in 0..len {
        let mut changed = memory.clone();
        changed.slots[0][place] ^= 1;
        let mut store = ManifestStore::new(&mut changed, &own);
        match latest(&mut store, &DEFAULT, Selection::LATEST) {
            None => {}
            found => {
                assert_eq!(found, Some(1));
                still += 1;
            }
        }
    }
    assert!((1..=120).contains(&still), "{still} of {len}");
}

#[test]
fn k2_the_latest_valid_authentic_manifest_is_selected() {
    let mut memory = Memory::new(3);
    let own = secret(0);
    let mut store = ManifestStore::new(&mut memory, &own);
    assert_eq!(latest(&mut store, &DEFAULT, Selection::LATEST), None);
    for number in [5, 7, 6] {
        keep(&mut store, &envelope(number, None)).unwrap();
    }
    assert_eq!(latest(&mut store, &DEFAULT, Selection::LATEST), Some(7));
    // Back to the one before, but to none below the committed number.
    let below = |number| Selection { at_least: 6, below: Some(number) };
    assert_eq!(latest(&mut store, &DEFAULT, below(7)), Some(6));
    assert_eq!(latest(&mut store, &DEFAULT, below(6)), None);
    // A further one takes the place of the oldest; one that is kept is not written again.
    assert_eq!(keep(&mut store, &envelope(8, None)), Ok(0));
    assert_eq!(keep(&mut store, &envelope(8, None)), Ok(0));
    assert_eq!(numbers(&mut store), [8, 7, 6]);
    assert_eq!(memory.writes, 4);
    // A broken envelope under a whole seal is passed over.
    let manifest = memory.slots[0].windows(4).rposition(|part| part == [1, 1, 2, 8]).unwrap();
    memory.slots[0][manifest + 3] = 9;
    let mut store = ManifestStore::new(&mut memory, &own);
    assert_eq!(numbers(&mut store), [8, 7, 6]);
    assert_eq!(latest(&mut store, &DEFAULT, Selection::LATEST), Some(7));
}

#[test]
fn k3_manifests_are_kept_by_their_names() {
    let mut memory = Memory::new(3);
    let own = secret(0);
    let mut store = ManifestStore::new(&mut memory, &own);
    keep(&mut store, &envelope(5, None)).unwrap();
    keep(&mut store, &envelope(3, Some(b"radio"))).unwrap();
    keep(&mut store, &envelope(4, Some(b"sensor"))).unwrap();
    let name = component(b"radio");
    let radio = ManifestName::Component(id(&name));
    assert_eq!(latest(&mut store, &radio, Selection::LATEST), Some(3));
    assert_eq!(latest(&mut store, &DEFAULT, Selection::LATEST), Some(5));
    // The only one of its name is not replaced: it may be what runs.
    assert_eq!(keep(&mut store, &envelope(6, Some(b"radio"))), Err(StoreError::Full));
    store.delete(2).unwrap();
    assert_eq!(keep(&mut store, &envelope(6, Some(b"radio"))), Ok(2));
    assert_eq!(latest(&mut store, &radio, Selection::LATEST), Some(6));
}

#[test]
fn an_unchanged_manifest_is_invoked_without_a_public_key() {
    let mut memory = Memory::new(1);
    let own = secret(0);
    let mut store = ManifestStore::new(&mut memory, &own);
    let bytes = envelope(7, None);
    keep(&mut store, &bytes).unwrap();
    let context = context();
    let mut buffer = [0; SLOT];
    let kept = store.select(&DEFAULT, Selection::LATEST, &mut buffer, &context).unwrap().unwrap();
    // There are no keys here at all.
    let (envelope, manifest) = kept.open(&context).unwrap();
    assert_eq!(manifest.value().sequence_number(), 7);
    let key = author().public_key();
    let of_key = TrustedKey::new(&key, &context).unwrap().identity();
    assert_eq!(kept.authority(), of_key);
    assert!(kept.envelope_bytes().len() < bytes.len(), "severed members are dropped");
    let target = Target {
        components: 1,
        stored: None,
        limits: Limits::DEFAULT,
        readings: Readings::default(),
    };
    let mut device = Device::with_components([]).holding("617070", b"image");
    let invoke = Procedure::Invoke;
    let mut processor =
        Processor::<1, 1>::new(&envelope, &manifest, invoke, &target, &mut [], &context).unwrap();
    let nobody = TrustStore::new(&[]);
    let (trust, policy) = (Trust::keys(&nobody), AuthenticationPolicy::ANY_BLOCK);
    let authority = Authority { trust: &trust, policy: &policy };
    // Its image-match has no digest to compare with, which is what fails.
    let ended = run(&mut processor, &mut device, &authority, &context).unwrap_err();
    let RunError::Failed(failure) = ended else { panic!("{ended:?}") };
    assert_eq!(failure.rule, Rule::ParameterMissing);
}

#[test]
fn a_loss_of_power_leaves_a_manifest() {
    let own = secret(0);
    let mut before = Memory::new(2);
    for number in [1, 2] {
        keep(&mut ManifestStore::new(&mut before, &own), &envelope(number, None)).unwrap();
    }
    let len = 400;
    for power in 0..len {
        let mut memory = before.clone();
        memory.power = power;
        let cut = keep(&mut ManifestStore::new(&mut memory, &own), &envelope(3, None));
        memory.power = usize::MAX;
        let mut store = ManifestStore::new(&mut memory, &own);
        let found = latest(&mut store, &DEFAULT, Selection::LATEST);
        match cut {
            Ok(_) => assert_eq!(found, Some(3)),
            Err(error) => {
                assert_eq!(error, StoreError::Slots(PowerLoss));
                // The one before, or the new one if what was there before ends as it does.
                assert!(matches!(found, Some(2 | 3)), "{power}");
                // And again, after the restart.
                keep(&mut store, &envelope(3, None)).unwrap();
                assert_eq!(latest(&mut store, &DEFAULT, Selection::LATEST), Some(3));
            }
        }
    }
}

#[test]
fn sequence_numbers_survive() {
    let own = secret(0);
    let mut memory = Memory::new(2);
    let name = component(b"radio");
    let radio = ManifestName::Component(id(&name));
    let (one, two) = (Identity::new([1; 32]), Identity::new([2; 32]));
    let context = context();
    let buffer = &mut [0; 4 * SLOT];
    let stored = |memory: &mut Memory, name: &ManifestName<'_>, by: &Identity| {
        let mut state = DeviceState::new(memory, &own);
        state.sequence_number(name, by, &mut [0; 4 * SLOT], &context).unwrap()
    };
    assert_eq!(stored(&mut memory, &DEFAULT, &one), None);
    for (name, by, number) in [(&DEFAULT, &one, 3), (&radio, &one, 0), (&DEFAULT, &two, u64::MAX)] {
        DeviceState::new(&mut memory, &own).commit(name, by, number, buffer, &context).unwrap();
    }
    assert_eq!(stored(&mut memory, &DEFAULT, &one), Some(3));
    assert_eq!(stored(&mut memory, &radio, &one), Some(0));
    assert_eq!(stored(&mut memory, &radio, &two), None);
    assert_eq!(stored(&mut memory, &DEFAULT, &two), Some(u64::MAX));
    // Never back.
    DeviceState::new(&mut memory, &own).commit(&DEFAULT, &one, 2, buffer, &context).unwrap();
    assert_eq!(stored(&mut memory, &DEFAULT, &one), Some(3));
    // A loss of power leaves the number before or after.
    for power in 0..400 {
        let mut cut = memory.clone();
        cut.power = power;
        let written = DeviceState::new(&mut cut, &own).commit(&DEFAULT, &one, 4, buffer, &context);
        let expected = if written.is_ok() { 4 } else { 3 };
        assert_eq!(stored(&mut cut, &DEFAULT, &one), Some(expected));
        assert_eq!(stored(&mut cut, &DEFAULT, &two), Some(u64::MAX));
    }
}

#[test]
fn k4_references_survive_and_a_manifest_unlinks_once() {
    let own = secret(0);
    let mut memory = Memory::new(2);
    let context = context();
    let buffer = &mut [0; 4 * SLOT];
    let encoded = component(b"lib");
    let library = ComponentName::from(id(&encoded));
    let values = [[1; 32], [2; 32]];
    let [one, two] =
        [0, 1].map(|index: usize| Digest::new(Algorithm::SHA256, &values[index]).unwrap());
    let mut state = DeviceState::new(&mut memory, &own);
    assert_eq!(state.unlink(&library, &one, buffer, &context), Ok(0));
    assert_eq!(state.link(&library, &one, buffer, &context), Ok(1));
    assert_eq!(state.link(&library, &one, buffer, &context), Ok(1));
    assert_eq!(state.link(&library, &two, buffer, &context), Ok(2));
    let mut state = DeviceState::new(&mut memory, &own);
    assert_eq!(state.references(&library, buffer, &context), Ok(2));
    assert_eq!(state.unlink(&library, &one, buffer, &context), Ok(1));
    assert_eq!(state.unlink(&library, &one, buffer, &context), Ok(1));
    assert_eq!(state.unlink(&library, &two, buffer, &context), Ok(0));
    // Installed once more.
    assert_eq!(state.link(&library, &one, buffer, &context), Ok(1));
    assert_eq!(state.unlink(&library, &one, buffer, &context), Ok(0));
    let short = &mut [0; 100][..];
    assert_eq!(state.link(&library, &one, short, &context), Err(StoreError::ShortBuffer));
}

#[test]
fn k5_a_manifest_is_uninstalled_before_it_is_removed() {
    let context = context();
    let own = secret(0);
    let key = author().public_key();
    let keys = [TrustedKey::new(&key, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let (trust, policy) = (Trust::keys(&keys), AuthenticationPolicy::ANY_BLOCK);
    let authority = Authority { trust: &trust, policy: &policy };
    let target = Target {
        components: 1,
        stored: None,
        limits: Limits::DEFAULT,
        readings: Readings::default(),
    };
    // Unlinks its component, or cannot.
    for (command, expected) in [(33, true), (14, false)] {
        let section = bstr(&array(&[int(12), int(0), int(command), int(0)]));
        let manifest = with(members(), 24, section);
        let bytes = made::envelope(&signed(&manifest));
        let mut memory = Memory::new(2);
        let mut store = ManifestStore::new(&mut memory, &own);
        keep(&mut store, &bytes).unwrap();
        let mut device = Device::with_components([]).holding("617070", b"image");
        device.components.get_mut("617070").unwrap().references = 1;
        let ended = uninstall::<_, _, 1, 1>(
            &mut store,
            &DEFAULT,
            &mut device,
            &mut NoReport,
            &target,
            &authority,
            &mut [0; SLOT],
            &mut [],
            &context,
        )
        .unwrap();
        match expected {
            true => {
                assert!(matches!(ended, Uninstalled::Done), "{ended:?}");
                assert_eq!(device.log(), ["unlink 617070"]);
                assert_eq!(numbers(&mut store), [0; 0]);
            }
            false => {
                assert!(matches!(ended, Uninstalled::Failed(_)), "{ended:?}");
                assert_eq!(numbers(&mut store), [7]);
            }
        }
    }
}
