//! A manifest run by every driver on the same device.

use std::collections::BTreeMap;

use cose_ext::{Context, Digest, Trust, crypto::Algorithm};
use suit_manifest::report::{Capabilities, NewReport, NoReport, Reference, ReportLog, ReportSink};
use suit_manifest::{
    AuthenticationPolicy, Authority, ComponentName, Delegated, Envelope, Error, Limits, Platform,
    Procedure, Processor, Readings, RunError, Section, Target, run, run_journaled, run_reporting,
};

use crate::board::{Board, Cut, Plain, Power, Records};
use crate::{Accept, with_keys};

type Machine<'m> = Processor<'m, 8, 4>;
type Ended = Result<(), RunError<Cut>>;

/// What somebody may have made a report of.
const CAPABILITIES: Capabilities<'static> = Capabilities {
    components: &[(&[b"app"], false), (&[b"tee", b""], true)],
    algorithms: &[-16, -9],
};

/// An image digest that some command of the manifest states, so that images can match.
fn stated(envelope: &Envelope<'_>) -> Vec<u8> {
    const HEAD: &[u8] = b"\x82\x2f\x58\x20";
    let bytes = envelope.manifest_item().bytes();
    let at = bytes.windows(HEAD.len()).position(|window| window == HEAD);
    let digest = at.and_then(|at| bytes.get(at + HEAD.len()..at + HEAD.len() + 32));
    digest.unwrap_or(&[0; 32]).into()
}

/// Runs a procedure of the manifest, by the sum of the choices, in every way, whose ends have to be the same. A run that was cut off
/// and taken up again ends as one that was not.
pub fn driven(envelope: &Envelope<'_>, choices: &[u8]) {
    by(envelope, choices, |course| course.in_every_way());
}

/// Runs a procedure of the manifest, by the sum of the choices, once, and hands over the reports.
pub fn reported(envelope: &Envelope<'_>, choices: &[u8], each: &mut dyn FnMut(&[u8])) {
    by(envelope, choices, |course| course.reported(each));
}

fn by(envelope: &Envelope<'_>, choices: &[u8], then: impl FnOnce(&Course<'_>)) {
    let context = Context::new(&Accept::ALL);
    with_keys(|keys| {
        let trust = Trust::keys(keys);
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let authority = Authority { trust: &trust, policy: &policy };
        assert!(!format!("{authority:?}").is_empty());
        let sum = choices.iter().fold(0, |sum: usize, byte| sum + usize::from(*byte));
        let procedure = [Procedure::Update, Procedure::Invoke, Procedure::Uninstall][sum % 3];
        then(&Course { envelope, choices, procedure, authority, context: &context });
    });
}

#[derive(Clone, Copy)]
struct Course<'d> {
    envelope: &'d Envelope<'d>,
    choices: &'d [u8],
    procedure: Procedure,
    authority: Authority<'d>,
    context: &'d Context<'d>,
}

impl Course<'_> {
    /// Hands over a processor that is ready.
    fn with<R>(&self, then: impl FnOnce(&mut Machine<'_>) -> R) -> Result<R, Error> {
        let Authority { trust, policy } = self.authority;
        let manifest = self.envelope.verify(trust, policy, self.context)?;
        let limits = Limits::DEFAULT.with_steps(512);
        let target = Target { components: 8, stored: None, limits, readings: Readings::default() };
        let mut arena = vec![0; 4096];
        let processor = Machine::new(
            self.envelope,
            &manifest,
            self.procedure,
            &target,
            &mut arena,
            self.context,
        )?;
        let dependencies = manifest.value().common().dependencies();
        let prefix = dependencies.into_iter().find_map(|dependency| dependency.prefix);
        let prefix: Vec<&[u8]> = prefix.into_iter().flat_map(|it| it.segments()).collect();
        let prefixes = [prefix.as_slice()];
        let first = self.choices.first().copied().unwrap_or(0);
        let processor = if first & 1 == 1 { processor.with_rehash() } else { processor };
        let second = if first & 2 == 2 && !prefix.is_empty() { &prefixes[..] } else { &[] };
        let mut processor = processor.with_second_processor(second);
        Ok(then(&mut processor))
    }

    fn reported(&self, each: &mut dyn FnMut(&[u8])) {
        let (power, mut buffer) = (Power::default(), self.buffer());
        let mut board = Board::by(self.choices, &stated(self.envelope), &power);
        let mut log = ReportLog::new(&mut buffer);
        let (authority, context) = (&self.authority, self.context);
        let ended = self
            .with(|processor| run_reporting(processor, &mut board, &mut log, authority, context));
        match ended {
            Ok(ended) => assert_eq!(log.is_success(), ended.is_ok()),
            Err(error) => log.refused(&error),
        }
        self.report(&log, each);
    }

    /// Memory of a log, which may be too short for it.
    fn buffer(&self) -> Vec<u8> {
        let short =
            self.choices.len() % 3 == 0 || self.choices.last().is_some_and(|last| last % 8 == 7);
        vec![0; if short { 64 } else { 8192 }]
    }

    fn in_every_way(&self) {
        let digest = stated(self.envelope);
        let power = Power::default();
        let board = Board::by(self.choices, &digest, &power);
        let (authority, context) = (&self.authority, self.context);
        let mut buffer = self.buffer();

        let mut device = board.clone();
        let plain = self.with(|processor| run(processor, &mut device, authority, context));
        let Ok(plain) = plain else { return };
        told(&plain);

        let mut log = ReportLog::new(&mut buffer);
        let mut other = board.clone();
        let reporting = self
            .with(|processor| run_reporting(processor, &mut other, &mut log, authority, context));
        assert_eq!(reporting, Ok(plain), "a report changes nothing");
        assert_eq!(other.contents, device.contents);
        assert_eq!(log.is_success(), plain.is_ok());

        let mut poor = Plain(board.clone());
        let mut nobody = NoReport;
        let poor = self
            .with(|processor| run_reporting(processor, &mut poor, &mut nobody, authority, context));
        told(&poor.expect("it was ready before"));

        self.defaults(&mut Plain(board.clone()));
        {
            let room = if self.choices.len() % 2 == 0 { 4096 } else { 5 };
            let mut records = Records::new(room, &power);
            let mut other = board.clone();
            let mut log = ReportLog::new(&mut buffer);
            let journaled = self.with(|processor| {
                run_journaled(processor, &mut other, &mut records, &mut log, authority, context)
            });
            assert_eq!(journaled, Ok(plain), "a journal changes nothing");
            assert_eq!(other.contents, device.contents);
        }
        let board = Board::by(&[], &digest, &power);
        self.cut_off(&board, |board| &board.contents, &power, &mut buffer);
        self.cut_off(&Plain(board), |plain| &plain.0.contents, &power, &mut buffer);
    }

    /// What a device does not do, it says.
    fn defaults(&self, device: &mut Plain<'_>) {
        let manifest = self.envelope.danger_unverified_manifest(&self.context.profile);
        let component = manifest.ok().and_then(|manifest| manifest.common().components().at(0));
        let Some(name) = component.map(ComponentName::from) else { return };
        assert_eq!(device.is_device(&name, &[3; 16]), Ok(false));
        assert_eq!(device.is_slot(&name, 0), Ok(false));
        assert_eq!(device.swap(&name, &name), Ok(false));
        assert_eq!(device.resume_swap(&name, &name), Ok(false));
        assert_eq!(device.references(&name), Ok(0));
        assert_eq!(device.unlink(&name), Ok(None));
        assert_eq!(device.dependency_number(&name), Ok(None));
        assert_eq!(device.commit_dependency(&name, 1), Ok(true));
        let request = Delegated::LacksSection { section: Section::Invoke };
        assert_eq!(device.delegate(&name, &request), Ok(false));
    }

    /// On a device that answers the same again, a run ends as it would have ended.
    fn cut_off<P: Platform<Error = Cut> + Clone>(
        &self,
        board: &P,
        contents: fn(&P) -> &BTreeMap<String, Vec<u8>>,
        power: &Power,
        buffer: &mut [u8],
    ) {
        let (authority, context) = (&self.authority, self.context);
        let mut run = |device: &mut P, records: &mut Records| -> Ended {
            let mut log = ReportLog::new(buffer);
            self.with(|processor| {
                run_journaled(processor, device, records, &mut log, authority, context)
            })
            .expect("it was ready before")
        };
        let mut whole = board.clone();
        let ended = run(&mut whole, &mut Records::new(4096, power));
        for operations in self.choices.iter().take(3).map(|byte| usize::from(byte & 63)) {
            let (mut device, mut records) = (board.clone(), Records::new(4096, power));
            power.set(Some(operations));
            let first = run(&mut device, &mut records);
            power.set(None);
            if first != Err(RunError::Platform(Cut)) {
                assert_eq!(first, ended, "after {operations} it was over");
                continue;
            }
            assert_eq!(run(&mut device, &mut records), ended, "cut off after {operations}");
            assert_eq!(contents(&device), contents(&whole), "cut off after {operations}");
        }
    }

    fn report(&self, log: &ReportLog<'_>, each: &mut dyn FnMut(&[u8])) {
        let digest = Digest::new(Algorithm::SHA256, &[0x5a; 32]).expect("as long as it has to be");
        let manifest = self.envelope.danger_unverified_manifest(&self.context.profile);
        let reference = match &manifest {
            Ok(manifest) => Reference::of(self.envelope, manifest),
            Err(_) => Reference::new("https://device.example/other", digest),
        };
        let _ = log.omitted();
        for (nonce, capabilities) in [(None, None), (Some(&[7; 8][..]), Some(&CAPABILITIES))] {
            let report = NewReport { reference, nonce, log, capabilities };
            let mut out = vec![0; 16_384];
            each(report.write_to(&mut out).expect("there is room"));
            assert!(report.write_to(&mut [0; 8]).is_err());
        }
    }
}

/// Has a run say how it ended.
fn told(ended: &Ended) {
    if let Err(error) = ended {
        assert!(!error.to_string().is_empty());
    }
}
