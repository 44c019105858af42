//! The most that stores, journals and reports can cost, whatever they hold.

#[path = "support/device.rs"]
mod device;
#[path = "support/procedures.rs"]
mod procedures;

use device::{Device, Never};
use procedures::{Made, array, bstr, int, key, key_of, map, set, text};
use suit_manifest::{
    AuthenticationPolicy, Authority, ComponentName, Envelope, ErrorKind, Journal, Limits,
    Procedure, Processor, RECORD, Readings, Target,
    cose_ext::{
        Content, Context, Trust, Work,
        crypto::{SecretKey, SymmetricKey},
        error::{ErrorKind as CoseErrorKind, Limit},
        key::{Identity, TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
        sign1::Sign1Builder,
    },
    report::{NoReport, Report, ReportContainer},
    run_journaled,
    store::{DeviceState, ManifestName, ManifestStore, Selection, Slots},
};

/// Slots in memory, of any size, which count how often they are read and written.
struct Memory {
    slots: Vec<Vec<u8>>,
    reads: usize,
    writes: usize,
}

impl Memory {
    fn new(slots: usize, size: usize) -> Self {
        Self { slots: vec![vec![0xff; size]; slots], reads: 0, writes: 0 }
    }
}

impl Slots for Memory {
    type Error = Never;

    fn count(&self) -> usize {
        self.slots.len()
    }

    fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, Never> {
        self.reads += 1;
        let len = out.len().min(self.slots[slot].len());
        out[..len].copy_from_slice(&self.slots[slot][..len]);
        Ok(len)
    }

    fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, Never> {
        self.writes += 1;
        let Some(place) = self.slots[slot].get_mut(..record.len()) else { return Ok(false) };
        place.copy_from_slice(record);
        Ok(true)
    }

    fn erase(&mut self, slot: usize) -> Result<(), Never> {
        self.slots[slot].fill(0xff);
        Ok(())
    }
}

fn secret() -> SecretKey<'static> {
    SecretKey::symmetric(SymmetricKey { k: &[7; 32], algorithm: None }, &RustCrypto)
}

/// A manifest whose install section writes so many bytes.
fn large(number: i64, len: usize) -> Made {
    let write = [set(&[(18, bstr(&vec![0; len]))]), (18, int(2))];
    Made::new(1, 20, &write).number(number)
}

fn keep(store: &mut ManifestStore<'_, &mut Memory>, bytes: &[u8], buffer: &mut [u8]) {
    let context = Context::new(&RustCrypto);
    let public = key().public_key();
    let trusted = [TrustedKey::new(&public, &context).unwrap()];
    let keys = TrustStore::new(&trusted);
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let envelope = Envelope::decode(bytes, &context.profile).unwrap();
    let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context).unwrap();
    store.keep(&envelope, &manifest, buffer, &context).unwrap();
}

/// The numbers ascend, so that each manifest is better than the one before it.
#[test]
fn selecting_costs_a_seal_and_a_hash_for_each_slot() {
    for (slots, len) in [(8, 60_000), (3, 60_000), (8, 100)] {
        let size = len + 1024;
        let (mut memory, mut buffer) = (Memory::new(slots, size), vec![0; size]);
        let own = secret();
        let mut store = ManifestStore::new(&mut memory, &own);
        for number in 0..slots as i64 {
            keep(&mut store, &large(number, len).envelope(), &mut buffer);
        }
        memory.reads = 0;
        let mut store = ManifestStore::new(&mut memory, &own);
        let context = Context::new(&RustCrypto);
        let work = Work::new(&context.profile.limits, slots * size);
        let selected = store.select(
            &ManifestName::Default,
            Selection::LATEST,
            &mut buffer,
            &context.with_work(&work),
        );
        assert_eq!(selected.unwrap().unwrap().sequence_number(), slots as u64 - 1);
        assert_eq!(memory.reads, slots + 1);
        // A MAC for each record and one more for the one that is taken; no signature.
        assert_eq!(work.checks(), slots + 1);
        assert!(work.hashed() <= slots * size, "{} of {}", work.hashed(), slots * size);
        // Whoever fills the slots with what nobody sealed costs nothing but their reading.
        for slot in &mut memory.slots {
            slot.fill(0x58);
        }
        let work = Work::new(&context.profile.limits, slots * size);
        let mut store = ManifestStore::new(&mut memory, &own);
        let selected = store.select(
            &ManifestName::Default,
            Selection::LATEST,
            &mut buffer,
            &context.with_work(&work),
        );
        assert!(selected.unwrap().is_none());
        assert_eq!((work.checks(), work.hashed()), (0, 0));
    }
}

#[test]
fn starting_what_is_kept_costs_no_signature() {
    let (mut memory, mut buffer) = (Memory::new(1, 2048), vec![0; 2048]);
    let own = secret();
    let mut store = ManifestStore::new(&mut memory, &own);
    keep(&mut store, &large(1, 100).envelope(), &mut buffer);
    let context = Context::new(&RustCrypto);
    let kept = store.select(&ManifestName::Default, Selection::LATEST, &mut buffer, &context);
    let kept = kept.unwrap().unwrap();
    let work = Work::new(&context.profile.limits, kept.envelope_bytes().len());
    let opened = kept.open(&context.with_work(&work)).unwrap();
    assert_eq!(opened.1.value().sequence_number(), 1);
    assert_eq!(work.checks(), 0);
    assert!(work.hashed() <= kept.envelope_bytes().len());
}

/// The table is read from both slots for each question, the newer one once more, and written once for each change.
#[test]
fn each_change_of_the_state_is_one_write_and_a_bounded_number_of_seals() {
    let mut memory = Memory::new(2, 4096);
    let own = secret();
    let mut buffer = vec![0; 8192];
    let context = Context::new(&RustCrypto);
    let segments = array(&[bstr(&[0])]);
    let component = component(&segments);
    for turn in 0..20_u64 {
        let work = Work::new(&context.profile.limits, 4096);
        let metered = context.with_work(&work);
        let before = (memory.reads, memory.writes);
        let mut state = DeviceState::new(&mut memory, &own);
        let authority = Identity::new([1; 32]);
        let name = ManifestName::Default;
        state.commit(&name, &authority, turn + 1, &mut buffer, &metered).unwrap();
        assert_eq!(memory.writes - before.1, 1, "{turn}");
        assert!(memory.reads - before.0 <= 3, "{} reads", memory.reads - before.0);
        assert!(work.checks() <= 3, "{} seals", work.checks());
        let mut state = DeviceState::new(&mut memory, &own);
        let references = state.references(&component, &mut buffer, &context).unwrap();
        assert_eq!(references, 0);
    }
}

fn component(encoded: &[u8]) -> ComponentName<'_> {
    use suit_manifest::{
        ComponentId,
        cose_ext::cbor::{Limits as CborLimits, Raw, Strictness},
    };
    let raw = Raw::decode(encoded, 0, Strictness::LENIENT, &CborLimits::DEFAULT).unwrap();
    ComponentId::read(&raw).unwrap().into()
}

/// A journal in memory that counts.
#[derive(Default)]
struct Counted {
    records: Vec<[u8; RECORD]>,
    reads: usize,
    writes: usize,
    clears: usize,
}

impl Journal for Counted {
    type Error = Never;

    fn read(&mut self, index: usize, record: &mut [u8; RECORD]) -> Result<bool, Never> {
        self.reads += 1;
        *record = self.records.get(index).copied().unwrap_or([0xff; RECORD]);
        Ok(true)
    }

    fn write(&mut self, _: usize, record: &[u8; RECORD]) -> Result<bool, Never> {
        self.writes += 1;
        self.records.push(*record);
        Ok(true)
    }

    fn clear(&mut self) -> Result<(), Never> {
        self.clears += 1;
        self.records.clear();
        Ok(())
    }
}

#[test]
fn a_journal_has_a_record_for_each_command_that_is_noted() {
    // Ten writes and ten comparisons; parameters are not noted.
    let once = [set(&[(18, bstr(b"x"))]), (18, int(2)), (6, int(15))];
    let bytes = Made::new(1, 20, &vec![once.to_vec(); 10].concat()).envelope();
    let context = Context::new(&RustCrypto);
    let public = key().public_key();
    let trusted = [TrustedKey::new(&public, &context).unwrap()];
    let keys = TrustStore::new(&trusted);
    let trust = Trust::keys(&keys);
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let authority = Authority { trust: &trust, policy: &policy };
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let manifest = envelope.verify(&trust, &policy, &context).unwrap();
    let (limits, readings) = (Limits::DEFAULT, Readings::default());
    let target = Target { components: 1, stored: None, limits, readings };
    let run = |journal: &mut Counted| {
        let mut device = Device::with_components([0]);
        let mut processor = Processor::<2, 4>::new(
            &envelope,
            &manifest,
            Procedure::Update,
            &target,
            &mut [],
            &context,
        )
        .unwrap();
        let report = &mut NoReport;
        run_journaled(&mut processor, &mut device, journal, report, &authority, &context).unwrap();
    };
    let mut journal = Counted::default();
    run(&mut journal);
    // One record says that the procedure began.
    assert_eq!(journal.writes, 21);
    assert_eq!((journal.reads, journal.clears), (1, 2));
    // A journal of a million records that another procedure left is read at its first.
    let mut journal = Counted { records: vec![[7; RECORD]; 1_000_000], ..Counted::default() };
    run(&mut journal);
    assert_eq!((journal.reads, journal.writes, journal.clears), (1, 21, 2));
}

/// Records without end, signed by a stranger; and by somebody who is known.
#[test]
fn a_report_costs_its_message() {
    let context = Context::new(&RustCrypto);
    for len in [64 * 1024, 1024 * 1024] {
        let record = array(&[array(&[]), int(7), int(2), int(0), map(&[])]);
        // As many records as items are read of one message, and the rest a nonce.
        let records = vec![record.clone(); 5000];
        let head = [&[0x9a][..], &(records.len() as u32).to_be_bytes()].concat();
        let records = [head, records.concat()].concat();
        let manifest = array(&[int(-16), bstr(&[0; 32])]);
        let reference = array(&[text("coap://a"), manifest]);
        let report = [
            &[0xa4][..],
            &[int(2), vec![0x5a], (len as u32).to_be_bytes().to_vec(), vec![0; len]].concat(),
            &[int(3), records].concat(),
            &[int(4), vec![0xf5]].concat(),
            &[vec![0x18, 99], reference].concat(),
        ]
        .concat();
        let message = Sign1Builder::new().sign(Content::Embedded(&report), &key_of(9)).unwrap();
        let publics: Vec<_> = (20..120).map(|byte| key_of(byte).public_key()).collect();
        let strangers: Vec<_> =
            publics.iter().map(|key| TrustedKey::new(key, &context).unwrap()).collect();
        let strangers = TrustStore::new(&strangers);
        let known = key_of(9).public_key();
        let known = [TrustedKey::new(&known, &context).unwrap()];
        let known = TrustStore::new(&known);
        let verify = |keys: &TrustStore<'_>| {
            let work = Work::new(&context.profile.limits, message.len());
            let metered = context.with_work(&work);
            let trust = Trust::keys(keys);
            let report = Report::verify(&message, ReportContainer::Tagged, &trust, &metered);
            (report.map(|report| report.value().records().into_iter().count()), work)
        };
        let (refused, work) = verify(&strangers);
        let limit = ErrorKind::Cose(CoseErrorKind::Limit(Limit::Candidates));
        assert_eq!(refused.unwrap_err().kind(), limit);
        assert!(work.checks() <= 8, "{} checks", work.checks());
        let (read, work) = verify(&known);
        assert_eq!(read.unwrap(), 5000);
        assert_eq!(work.checks(), 1);
        assert!(work.compared() <= 8 * message.len(), "{} compared", work.compared());
    }
}
