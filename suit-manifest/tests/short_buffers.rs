//! Buffers that are shorter than what was written with a longer one: refused, and nothing is lost.

#[path = "support/device.rs"]
mod device;
#[path = "support/procedures.rs"]
mod procedures;

use procedures::{Made, key};
use rand_core::CryptoRng;
use suit_manifest::{
    AuthenticationPolicy, Envelope,
    cose_ext::{
        Context, Trust,
        crypto::{SecretKey, SymmetricKey},
        key::{Identity, TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
    },
    store::{DeviceState, ManifestName, ManifestStore, Selection, Slots, StoreError},
};

const DEFAULT: ManifestName<'_> = ManifestName::Default;
const SLOT: usize = 1024;
const LONG: usize = 4 * SLOT;

/// Slots in memory: pages of a flash that read to their end, or files that end where their record does.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Memory {
    slots: Vec<Vec<u8>>,
    are_files: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Never {}

impl Slots for Memory {
    type Error = Never;

    fn count(&self) -> usize {
        self.slots.len()
    }

    fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, Never> {
        let len = out.len().min(self.slots[slot].len());
        out[..len].copy_from_slice(&self.slots[slot][..len]);
        Ok(len)
    }

    fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, Never> {
        if self.are_files {
            self.slots[slot] = record.to_vec();
        } else {
            self.slots[slot][..record.len()].copy_from_slice(record);
        }
        Ok(true)
    }

    fn erase(&mut self, slot: usize) -> Result<(), Never> {
        self.slots[slot] = if self.are_files { Vec::new() } else { vec![0xff; SLOT] };
        Ok(())
    }
}

fn memories(slots: usize) -> [Memory; 2] {
    let empty = vec![Vec::new(); slots];
    let erased = vec![vec![0xff; SLOT]; slots];
    [Memory { slots: empty, are_files: true }, Memory { slots: erased, are_files: false }]
}

fn secret() -> SecretKey<'static> {
    SecretKey::symmetric(SymmetricKey { k: &[7; 32], algorithm: None }, &RustCrypto)
}

fn keep(memory: &mut Memory, number: i64, buffer: &mut [u8]) -> Result<usize, StoreError<Never>> {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let public = key().public_key();
    let keys = [TrustedKey::new(&public, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let bytes = Made::new(1, 7, &[]).number(number).envelope();
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context).unwrap();
    ManifestStore::new(memory, &secret).keep(&envelope, &manifest, buffer, &context)
}

#[test]
fn a_state_that_was_written_with_a_longer_buffer_is_not_lost() {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let (one, two) = (Identity::new([1; 32]), Identity::new([2; 32]));
    for mut memory in memories(2) {
        let mut long = [0; LONG];
        for authority in [&one, &two] {
            let mut state = DeviceState::new(&mut memory, &secret);
            state.commit(&DEFAULT, authority, 300, &mut long, &context).unwrap();
        }
        let (mut refused, mut read) = (0, 0);
        for len in (0..LONG).step_by(7) {
            let mut used = memory.clone();
            let short = &mut long[..len];
            let found = DeviceState::new(&mut used, &secret)
                .sequence_number(&DEFAULT, &one, short, &context);
            match found {
                Err(StoreError::ShortBuffer) => refused += 1,
                Ok(Some(300)) => read += 1,
                other => panic!("{len}: {other:?}"),
            }
            let moved =
                DeviceState::new(&mut used, &secret).commit(&DEFAULT, &one, 301, short, &context);
            match moved {
                Err(StoreError::ShortBuffer | StoreError::TooLong) => assert_eq!(used, memory),
                Ok(()) => {
                    // The number of the other authority is still there.
                    let mut state = DeviceState::new(&mut used, &secret);
                    let other = state.sequence_number(&DEFAULT, &two, &mut long, &context);
                    assert_eq!(other, Ok(Some(300)));
                }
                other => panic!("{len}: {other:?}"),
            }
        }
        assert!(refused > 10 && read > 10, "{refused}, {read}");
    }
}

#[test]
fn a_manifest_that_was_kept_with_a_longer_buffer_is_not_lost() {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    for mut memory in memories(2) {
        let mut long = [0; LONG];
        for number in [1, 2] {
            keep(&mut memory, number, &mut long).unwrap();
        }
        let (mut refused, mut read) = (0, 0);
        for len in (0..SLOT).step_by(5) {
            let mut used = memory.clone();
            let short = &mut long[..len];
            let mut store = ManifestStore::new(&mut used, &secret);
            let found = store.select(&DEFAULT, Selection::LATEST, short, &context);
            match found.map(|kept| kept.map(|kept| kept.sequence_number())) {
                Err(StoreError::ShortBuffer) => refused += 1,
                Ok(Some(2)) => read += 1,
                other => panic!("{len}: {other:?}"),
            }
            let mut listed = 0;
            let result = store.list(short, &context, &mut |_| listed += 1);
            assert!(result == Err(StoreError::ShortBuffer) || listed == 2, "{len}");
            match keep(&mut used, 3, short) {
                Err(StoreError::ShortBuffer | StoreError::TooLong) => assert_eq!(used, memory),
                Ok(slot) => assert_eq!(slot, 0),
                other => panic!("{len}: {other:?}"),
            }
        }
        assert!(refused > 10 && read > 10, "{refused}, {read}");
    }
}

/// What a loss of power left, and what was never a record, keeps nobody from using the slots with any
/// buffer that takes what is in the other ones.
#[test]
fn what_is_no_record_does_not_ask_for_a_longer_buffer() {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let rng: &mut dyn CryptoRng = &mut testkit::rng::seeded(11);
    let mut long = [0; LONG];
    for _ in 0..2000 {
        let mut memory = memories(2)[1].clone();
        rng.fill_bytes(&mut memory.slots[0]);
        // The heads of a record may be there by chance.
        memory.slots[0][..3].copy_from_slice(&[0x82, 0x59, 0x02]);
        for len in [64, 100, SLOT] {
            let short = &mut long[..len];
            let mut state = DeviceState::new(&mut memory, &secret);
            let found = state.sequence_number(&DEFAULT, &Identity::new([1; 32]), short, &context);
            assert_eq!(found, Ok(None));
            let mut store = ManifestStore::new(&mut memory, &secret);
            assert!(store.select(&DEFAULT, Selection::LATEST, short, &context).unwrap().is_none());
        }
    }
    // A record of the one kind is none of the other.
    let mut memory = memories(2)[1].clone();
    keep(&mut memory, 1, &mut long).unwrap();
    let mut state = DeviceState::new(&mut memory, &secret);
    let short = &mut [0; 64];
    assert_eq!(state.sequence_number(&DEFAULT, &Identity::new([1; 32]), short, &context), Ok(None));
}

/// A fault of the memory in one slot, of any one bit, keeps nobody from the other ones.
#[test]
fn a_wrong_bit_does_not_ask_for_a_longer_buffer() {
    let (context, secret) = (Context::new(&RustCrypto), secret());
    let mut fresh = memories(2)[1].clone();
    let mut buffer = [0; SLOT];
    for number in [1, 2] {
        keep(&mut fresh, number, &mut buffer).unwrap();
    }
    let len = fresh.slots[1].iter().rposition(|byte| *byte != 0xff).unwrap() + 1;
    for bit in 0..8 * len {
        let mut memory = fresh.clone();
        memory.slots[1][bit / 8] ^= 1 << (bit % 8);
        let mut store = ManifestStore::new(&mut memory, &secret);
        let kept = store.select(&DEFAULT, Selection::LATEST, &mut buffer, &context).unwrap();
        assert!(matches!(kept.unwrap().sequence_number(), 1 | 2), "{bit}");
        if bit % 37 == 0 {
            keep(&mut memory, 3, &mut buffer).unwrap();
        }
    }
}
