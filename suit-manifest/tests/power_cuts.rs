//! Updates whose power is cut at any operation of the flash, and then at any other.

#[path = "support/device.rs"]
mod device;
#[path = "support/flash_device.rs"]
mod flash_device;
#[path = "support/procedures.rs"]
mod procedures;

use flash_device::{FlashDevice, FlashJournal};
use procedures::{Made, alternatives, digest, int, key, set, text};
use suit_manifest::{
    AuthenticationPolicy, Authority, Envelope, Limits, Manifest, Procedure, Processor, Readings,
    Rule, RunError, Stored, Target,
    cose_ext::{
        Context, Trust, Verified,
        key::{TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
        sign::Signers,
    },
    report::ReportLog,
    run_journaled,
};
use testkit::nor_flash::PowerLoss;

const URI: &str = "http://example.com/image";

/// Images of more than a page.
fn old() -> Vec<u8> {
    (0..150).map(|byte| byte as u8 ^ 0x5a).collect()
}

fn new() -> Vec<u8> {
    (0..170).map(|byte| (byte * 7) as u8).collect()
}

/// An update, and where the new image is to be afterwards.
struct Case {
    name: &'static str,
    envelope: Vec<u8>,
    device: FlashDevice,
    /// The component that the new image is to be in.
    lands_in: usize,
    /// The component that holds the old image until the new one is whole.
    spares: Option<usize>,
}

fn expects_new() -> (i64, Vec<u8>) {
    set(&[(3, digest(&new())), (14, int(170)), (21, text(URI))])
}

fn device_with(images: &[(usize, Vec<u8>)]) -> FlashDevice {
    let mut device = FlashDevice::new(2);
    device.keeps_number = true;
    device.network.insert(URI.into(), new());
    for (place, image) in images {
        device.put(*place, image).unwrap();
    }
    device.flash.borrow_mut().power_on();
    device
}

/// What the published examples do: an image in place, one of two slots, download and copy; and a swap, and an image that is
/// installed by a dependency.
fn cases() -> Vec<Case> {
    let in_place =
        Made::new(1, 20, &[expects_new(), (21, int(2)), (3, int(15))]).with(7, &[(3, int(15))]);
    let write = |slot: i64, index: i64| [slot_part(slot, index), vec![(21, int(2))]].concat();
    let check = |slot: i64, index: i64| [slot_part(slot, index), vec![(3, int(15))]].concat();
    let two_slots =
        Made::new(2, 20, &[(12, int(0)), (15, alternatives(&[&write(0, 0), &write(1, 1)]))])
            .with(7, &[(12, int(0)), (15, alternatives(&[&check(0, 0), &check(1, 1)]))]);
    let download = Made::new(2, 16, &[(12, int(1)), expects_new(), (21, int(2)), (3, int(15))])
        .with(20, &[(12, int(0)), set(&[(3, digest(&new())), (22, int(1))]), (22, int(2))])
        .with(7, &[(12, int(0)), (3, int(15))]);
    let swap = Made::new(2, 16, &[(12, int(1)), expects_new(), (21, int(2)), (3, int(15))])
        .with(20, &[(12, int(0)), set(&[(3, digest(&new())), (22, int(1))]), (31, int(2))])
        .with(7, &[(12, int(0)), (3, int(15))]);
    let mut installs = Made::new(1, 20, &[expects_new(), (21, int(2)), (3, int(15))]);
    installs.first = 1;
    let mut by_dependency = Made::new(
        2,
        15,
        &[
            (12, int(0)),
            set(&[(3, installs.digest()), (21, text("#dependency"))]),
            (21, int(2)),
            (7, int(15)),
        ],
    )
    .with(20, &[(12, int(0)), (11, int(2))])
    .with(7, &[(12, int(1)), (3, int(15))]);
    by_dependency.dependencies = vec![0];
    by_dependency.integrated = vec![("#dependency", installs.envelope())];
    let case = |name, made: Made, device, lands_in, spares| Case {
        name,
        envelope: made.number(2).envelope(),
        device,
        lands_in,
        spares,
    };
    let mut second = device_with(&[(0, old())]);
    second.slot = 1;
    vec![
        case("in place", in_place, device_with(&[(0, old())]), 0, None),
        case("two slots", two_slots, second, 1, Some(0)),
        case("download and copy", download, device_with(&[(0, old())]), 0, None),
        case("swap", swap, device_with(&[(0, old())]), 0, None),
        case("by a dependency", by_dependency, device_with(&[(1, old())]), 1, None),
    ]
}

/// One slot: checks that it is the one to be written, and sets what its image has to be.
fn slot_part(slot: i64, index: i64) -> Vec<(i64, Vec<u8>)> {
    vec![(12, int(index)), set(&[(5, int(slot))]), (5, int(5)), expects_new()]
}

struct Bench<'a> {
    envelope: Envelope<'a>,
    manifest: Verified<Manifest<'a>, Signers>,
    trust: &'a Trust<'a>,
    context: &'a Context<'a>,
}

impl Bench<'_> {
    /// What the device does after each start, until the update has ended: runs it. Success is what the
    /// report says.
    fn start(&self, device: &mut FlashDevice) -> Result<bool, PowerLoss> {
        let mut journal = device.journal();
        match self.run(device, &mut journal) {
            Ok(is_success) => Ok(is_success),
            Err(RunError::Platform(power_loss)) => Err(power_loss),
            Err(error) => panic!("{error:?}"),
        }
    }

    fn run(
        &self,
        device: &mut FlashDevice,
        journal: &mut FlashJournal,
    ) -> Result<bool, RunError<PowerLoss>> {
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let authority = Authority { trust: self.trust, policy: &policy };
        loop {
            let digest = self.envelope.authentication().digest();
            let stored = device
                .committed()
                .map(|sequence_number| Stored { sequence_number, manifest: Some(digest) });
            let target = Target {
                components: flash_device::COMPONENTS,
                stored,
                limits: Limits::DEFAULT,
                readings: Readings::default(),
            };
            let mut arena = [0; 1024];
            let mut processor = Processor::<4, 4>::new(
                &self.envelope,
                &self.manifest,
                Procedure::Update,
                &target,
                &mut arena,
                self.context,
            )
            .unwrap();
            let mut buffer = [0; 512];
            let mut log = ReportLog::new(&mut buffer);
            let ended =
                run_journaled(&mut processor, device, journal, &mut log, &authority, self.context);
            return match ended {
                Ok(()) => Ok(log.is_success()),
                Err(RunError::Diverged) => continue,
                Err(error) => Err(error),
            };
        }
    }
}

fn with_bench(case: &Case, test: impl FnOnce(&Bench<'_>)) {
    let context = Context::new(&RustCrypto);
    let public = key().public_key();
    let trusted = [TrustedKey::new(&public, &context).unwrap()];
    let store = TrustStore::new(&trusted);
    let trust = Trust::keys(&store);
    let envelope = Envelope::decode(&case.envelope, &context.profile).unwrap();
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify(&trust, &policy, &context).unwrap();
    test(&Bench { envelope, manifest, trust: &trust, context: &context });
}

/// After whatever cuts: the new image is whole where it belongs, and the report says so; while it was not, the
/// old one was where the manifest spares it.
#[test]
fn a_cut_anywhere_and_another_one_end_with_a_whole_image() {
    let every = if std::env::var("SECOND_CUTS").as_deref() == Ok("all") { 1 } else { 3 };
    for case in cases() {
        with_bench(&case, |bench| {
            let mut uncut = case.device.clone();
            assert_eq!(bench.start(&mut uncut), Ok(true), "{}", case.name);
            let operations = uncut.flash.borrow().operations();
            assert!(operations > 30, "{}: {operations}", case.name);
            for first in 0..operations {
                let mut once = case.device.clone();
                once.flash.borrow_mut().cut_at(first, first as u64);
                assert_eq!(bench.start(&mut once), Err(PowerLoss), "{} {first}", case.name);
                once.flash.borrow_mut().power_on();
                let mut restarted = once.clone();
                finish(&case, bench, &mut restarted, first);
                let left = restarted.flash.borrow().operations();
                // Every second cut if `SECOND_CUTS` says `all`, else a third, another third each time.
                for second in (first % every..left).step_by(every) {
                    let mut twice = once.clone();
                    twice.flash.borrow_mut().cut_at(second, (first * second) as u64);
                    assert_eq!(bench.start(&mut twice), Err(PowerLoss), "{}", case.name);
                    twice.flash.borrow_mut().power_on();
                    finish(&case, bench, &mut twice, second);
                }
            }
        });
    }
}

fn finish(case: &Case, bench: &Bench<'_>, device: &mut FlashDevice, cut: usize) {
    if let Some(spared) = case.spares {
        assert_eq!(device.content(spared), Ok(Some(old())), "{} {cut}", case.name);
    }
    assert_eq!(bench.start(device), Ok(true), "{} {cut}", case.name);
    assert_eq!(device.content(case.lands_in), Ok(Some(new())), "{} {cut}", case.name);
    assert_eq!(device.committed(), Some(2));
    if let Some(spared) = case.spares {
        assert_eq!(device.content(spared), Ok(Some(old())), "{} {cut}", case.name);
    }
}

/// What had ended before the cut is not done again.
#[test]
fn an_update_goes_on_where_it_was() {
    let case = cases().into_iter().find(|case| case.name == "download and copy").unwrap();
    with_bench(&case, |bench| {
        let mut uncut = case.device.clone();
        bench.start(&mut uncut).unwrap();
        let operations = uncut.flash.borrow().operations();
        // In the copy: it is begun again, and the fetch before it is not.
        let cut = |at| {
            let mut device = case.device.clone();
            device.flash.borrow_mut().cut_at(at, 1);
            bench.start(&mut device).unwrap_err();
            device
        };
        let mut device = (0..operations).map(cut).find(|device| device.effects == 2).unwrap();
        device.flash.borrow_mut().power_on();
        device.network.clear();
        assert_eq!(bench.start(&mut device), Ok(true));
        assert_eq!(device.effects, 3);
    });
}

/// The new image after success, the old one after a swap that was refused.
fn is_whole(device: &FlashDevice, ended: Result<bool, Option<Rule>>, records: usize) {
    let expected = match ended {
        Ok(true) => new(),
        Err(Some(Rule::SourcePresent)) => old(),
        other => panic!("{records}: {other:?}"),
    };
    assert_eq!(device.content(0), Ok(Some(expected)), "{records}");
}

/// In a journal that has room for a few records, everything else is done again; a swap cannot be.
#[test]
fn a_swap_that_cannot_be_noted_is_not_begun() {
    let case = cases().into_iter().find(|case| case.name == "swap").unwrap();
    with_bench(&case, |bench| {
        let run = |device: &mut FlashDevice, records| {
            let mut journal = device.journal();
            journal.records = records;
            match bench.run(device, &mut journal) {
                Ok(is_success) => Ok(is_success),
                Err(RunError::Failed(failure)) => Err(Some(failure.rule)),
                Err(RunError::Platform(PowerLoss)) => Err(None),
                Err(error) => panic!("{error:?}"),
            }
        };
        let mut refused = 0;
        for records in 0..8 {
            let mut uncut = case.device.clone();
            let ended = run(&mut uncut, records);
            refused += usize::from(ended.is_err());
            is_whole(&uncut, ended, records);
            // Wherever the power goes meanwhile. A record that was cut off takes room too, so that one
            // more may be refused then.
            let operations = uncut.flash.borrow().operations();
            for cut in (records % 5..operations).step_by(5) {
                let mut device = case.device.clone();
                device.flash.borrow_mut().cut_at(cut, cut as u64);
                assert_eq!(run(&mut device, records), Err(None));
                device.flash.borrow_mut().power_on();
                let restarted = run(&mut device, records);
                assert!(restarted == ended || restarted.is_err(), "{records} {cut}");
                is_whole(&device, restarted, records);
            }
        }
        assert!((1..8).contains(&refused), "{refused}");
    });
}

/// A journal that another manifest left says nothing about this one.
#[test]
fn the_journal_of_another_manifest_is_cleared() {
    let [first, .., last] = <[Case; 5]>::try_from(cases()).ok().unwrap();
    let mut device = last.device.clone();
    device.put(0, &old()).unwrap();
    device.flash.borrow_mut().power_on();
    let mut uncut = device.clone();
    with_bench(&last, |bench| assert_eq!(bench.start(&mut uncut), Ok(true)));
    let half = uncut.flash.borrow().operations() / 2;
    device.flash.borrow_mut().cut_at(half, 1);
    with_bench(&last, |bench| assert!(bench.start(&mut device).is_err()));
    device.flash.borrow_mut().power_on();
    with_bench(&first, |bench| assert_eq!(bench.start(&mut device), Ok(true)));
    assert_eq!(device.content(0), Ok(Some(new())));
}
