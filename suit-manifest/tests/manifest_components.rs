//! Components that are manifests: one root manifest installs, checks and copies another one, on a device that
//! answers at once and on one that answers later.

#[path = "support/device.rs"]
mod device;
#[path = "support/later_device.rs"]
mod later_device;
#[path = "support/procedures.rs"]
mod procedures;

use device::{Component, Device, Never};
use later_device::{LaterDevice, wait_for};
use procedures::{COMPONENTS, DEPTH, Ended, Made, bstr, digest, int, key, key_of, set, text};
use suit_manifest::{
    AuthenticationPolicy, Authority, ComponentName, Envelope, Limits, Procedure, Processor,
    Readings, RunError, Target,
    cose_ext::{
        Context, Trust,
        crypto::{SecretKey, SymmetricKey},
        key::{TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
    },
    run, run_async,
    store::{
        AsyncManifestComponents, AsyncManifestStore, AsyncSlots, ManifestComponents, ManifestName,
        ManifestStore, Slots,
    },
};

const SLOT: usize = 1024;
const URI: &str = "http://maker.example/radio";

/// Slots in memory.
struct Memory(Vec<Vec<u8>>);

impl Slots for Memory {
    type Error = Never;

    fn count(&self) -> usize {
        self.0.len()
    }

    fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, Never> {
        let len = out.len().min(SLOT);
        out[..len].copy_from_slice(&self.0[slot][..len]);
        Ok(len)
    }

    fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, Never> {
        if record.len() > SLOT {
            return Ok(false);
        }
        self.0[slot][..record.len()].copy_from_slice(record);
        Ok(true)
    }

    fn erase(&mut self, slot: usize) -> Result<(), Never> {
        self.0[slot].fill(0xff);
        Ok(())
    }
}

impl AsyncSlots for Memory {
    type Error = Never;

    fn count(&self) -> usize {
        self.0.len()
    }

    async fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, Never> {
        Slots::read(self, slot, out)
    }

    async fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, Never> {
        Slots::write(self, slot, record)
    }

    async fn erase(&mut self, slot: usize) -> Result<(), Never> {
        Slots::erase(self, slot)
    }
}

/// A device whose component `aa` is a manifest, with a component `00` beside it.
struct Bench {
    device: Device,
    memory: Memory,
    answers_later: bool,
}

impl Bench {
    /// One bench for each driver.
    fn both() -> [Self; 2] {
        [false, true].map(Self::new)
    }

    fn new(answers_later: bool) -> Self {
        let mut device = Device::with_components([0]);
        // Room for an envelope that was fetched.
        device.components.insert("aa".into(), Component::default());
        Self { device, memory: Memory(vec![vec![0xff; SLOT]; 3]), answers_later }
    }

    /// Runs an update by a manifest about `aa` and `00`.
    fn update(&mut self, commands: &[(i64, Vec<u8>)], payload: Option<&Made>) -> Result<(), Ended> {
        let mut made = Made::new(2, 20, commands);
        made.names = vec![(0, vec![vec![0xaa]]), (1, vec![vec![0]])];
        made.integrated =
            payload.map(|payload| ("#radio", payload.envelope())).into_iter().collect();
        self.run(&made.envelope())
    }

    fn run(&mut self, bytes: &[u8]) -> Result<(), Ended> {
        self.device.effects.clear();
        let context = Context::new(&RustCrypto);
        let secret =
            SecretKey::symmetric(SymmetricKey { k: &[7; 32], algorithm: None }, &RustCrypto);
        let public = key().public_key();
        let trusted = [TrustedKey::new(&public, &context).unwrap()];
        let keys = TrustStore::new(&trusted);
        let trust = Trust::keys(&keys);
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let authority = Authority { trust: &trust, policy: &policy };
        let envelope = Envelope::decode(bytes, &context.profile).unwrap();
        let manifest = envelope.verify(&trust, &policy, &context).unwrap();
        let (limits, readings) = (Limits::DEFAULT, Readings::default());
        let target = Target { components: 2, stored: None, limits, readings };
        let mut processor = Processor::<COMPONENTS, DEPTH>::new(
            &envelope,
            &manifest,
            Procedure::Update,
            &target,
            &mut [],
            &context,
        )
        .map_err(Ended::Refused)?;
        let is_manifest = |name: &ComponentName<'_>| name.to_string() == "aa";
        let mut buffer = [0; 2 * SLOT];
        let ended = if self.answers_later {
            let mut later = LaterDevice { device: &mut self.device, waits: 0 };
            let mut store = AsyncManifestStore::new(&mut self.memory, &secret);
            let mut platform = AsyncManifestComponents::new(
                &mut later,
                &mut store,
                &is_manifest,
                &authority,
                &mut buffer,
                &context,
            );
            wait_for(run_async(&mut processor, &mut platform, &authority, &context))
        } else {
            let mut store = ManifestStore::new(&mut self.memory, &secret);
            let mut platform = ManifestComponents::new(
                &mut self.device,
                &mut store,
                &is_manifest,
                &authority,
                &mut buffer,
                &context,
            );
            run(&mut processor, &mut platform, &authority, &context)
        };
        ended.map_err(|error| match error {
            RunError::Refused(error) => Ended::Refused(error),
            RunError::Failed(failure) => Ended::Failed(failure),
            other => panic!("{other:?}"),
        })
    }

    /// The numbers of what is kept, with their names.
    fn kept(&mut self) -> Vec<(String, u64)> {
        let context = Context::new(&RustCrypto);
        let secret =
            SecretKey::symmetric(SymmetricKey { k: &[7; 32], algorithm: None }, &RustCrypto);
        let mut store = ManifestStore::new(&mut self.memory, &secret);
        let mut kept = Vec::new();
        let mut each = |one: &suit_manifest::store::Kept<'_>| {
            assert!(matches!(one.name(), ManifestName::Component(_)));
            kept.push((one.name().to_string(), one.sequence_number()));
        };
        store.list(&mut [0; SLOT], &context, &mut each).unwrap();
        kept
    }
}

/// The radio's own root manifest, which calls itself `aa`.
fn radio(number: i64) -> Made {
    let mut made = Made::new(1, 7, &[(3, int(15))]).number(number);
    made.own_name = Some(vec![vec![0xaa]]);
    made
}

fn fetched(uri: &str, radio: &Made) -> Vec<(i64, Vec<u8>)> {
    vec![(12, int(0)), set(&[(3, radio.digest()), (21, text(uri))]), (21, int(2)), (3, int(15))]
}

#[test]
fn a_manifest_is_fetched_into_the_store_and_checked_there() {
    for mut bench in Bench::both() {
        bench.device.network.insert(URI.into(), radio(4).envelope());
        bench.update(&fetched(URI, &radio(4)), None).unwrap();
        assert_eq!(bench.kept(), [("aa".to_owned(), 4)]);
        // From the envelope, a later one.
        bench.update(&fetched("#radio", &radio(5)), Some(&radio(5))).unwrap();
        assert_eq!(bench.kept(), [("aa".to_owned(), 4), ("aa".to_owned(), 5)]);
        // The digest is that of the latest manifest, whatever was cut off its envelope.
        let checked = |radio: &Made| [(12, int(0)), set(&[(3, radio.digest())]), (3, int(15))];
        bench.update(&checked(&radio(5)), None).unwrap();
        assert_eq!(bench.update(&checked(&radio(4)), None).unwrap_err().rule(), "P18");
        // The same once more changes nothing.
        bench.update(&fetched("#radio", &radio(5)), Some(&radio(5))).unwrap();
        assert_eq!(bench.kept().len(), 2);
    }
}

#[test]
fn a_manifest_is_written_and_copied() {
    for mut bench in Bench::both() {
        let write = [(12, int(0)), set(&[(18, bstr(&radio(4).envelope()))]), (18, int(2))];
        bench.update(&write, None).unwrap();
        assert_eq!(bench.kept(), [("aa".to_owned(), 4)]);
        // Out of the store, into a component.
        let out = [(12, int(1)), set(&[(22, int(0))]), (22, int(2))];
        bench.update(&out, None).unwrap();
        assert_eq!(bench.device.components["00"].content, Some(tagged(&radio(4).envelope())));
        // And out of a component into the store.
        bench.device.components.get_mut("00").unwrap().content = Some(radio(6).envelope());
        let back = [(12, int(0)), set(&[(22, int(1))]), (22, int(2))];
        bench.update(&back, None).unwrap();
        assert_eq!(bench.kept(), [("aa".to_owned(), 4), ("aa".to_owned(), 6)]);
    }
}

/// The envelope as the store writes it.
fn tagged(envelope: &[u8]) -> Vec<u8> {
    [&[0xd8, 107][..], envelope].concat()
}

#[test]
fn what_the_device_does_not_trust_is_not_installed() {
    let mut named = radio(4);
    named.own_name = Some(vec![vec![0xab]]);
    let mut unnamed = radio(4);
    unnamed.own_name = None;
    let stranger = radio(4).signed_by(&key_of(9));
    let broken = radio(4).envelope()[..40].to_vec();
    let image = b"no envelope".to_vec();
    for payload in [named.envelope(), unnamed.envelope(), stranger, broken, image] {
        for mut bench in Bench::both() {
            bench.device.network.insert(URI.into(), payload.clone());
            let ended = bench.update(&fetched(URI, &radio(4)), None).unwrap_err();
            assert_eq!(ended.rule(), "P21");
            assert_eq!(bench.kept(), []);
        }
    }
}

#[test]
fn numbers_of_manifests_do_not_go_back() {
    for mut bench in Bench::both() {
        bench.update(&fetched("#radio", &radio(5)), Some(&radio(5))).unwrap();
        let mut another = radio(5);
        another.components = 2;
        let another = another.with(9, &[(12, int(0)), (23, int(2))]);
        for older in [radio(4), another] {
            let ended = bench.update(&fetched("#radio", &older), Some(&older)).unwrap_err();
            assert_eq!(ended.rule(), "P21");
            assert_eq!(bench.kept(), [("aa".to_owned(), 5)]);
        }
    }
}

#[test]
fn a_manifest_is_neither_exchanged_nor_started() {
    for mut bench in Bench::both() {
        bench.update(&fetched("#radio", &radio(5)), Some(&radio(5))).unwrap();
        bench.device.components.get_mut("00").unwrap().content = Some(radio(6).envelope());
        let swap = [(12, int(0)), set(&[(22, int(1))]), (31, int(2))];
        assert_eq!(bench.update(&swap, None).unwrap_err().rule(), "P22");
        assert_eq!(bench.update(&[(12, int(0)), (23, int(2))], None).unwrap_err().rule(), "P21");
        assert_eq!(bench.kept(), [("aa".to_owned(), 5)]);
        // Other components are the platform's own.
        let write =
            [(12, int(1)), set(&[(3, digest(b"x")), (18, bstr(b"x"))]), (18, int(2)), (3, int(15))];
        bench.update(&write, None).unwrap();
        assert_eq!(bench.device.components["00"].content.as_deref(), Some(&b"x"[..]));
    }
}
