//! Runs the manifests of envelopes whose signatures are all good, on a device whose answers the input chooses: the
//! machine ends, asks for nothing that was not asked before in the same place, and says where it failed. Dependencies
//! under a prefix are processed here, and handed to a second processor, which runs sections on request.
#![no_main]

use cose_ext::{Context, Profile, Trust, Verified};
use fuzz::{AcceptAll, with_keys};
use libfuzzer_sys::fuzz_target;
use suit_manifest::report::{NewReport, Reference, Report, ReportLog, ReportSink};
use suit_manifest::{
    Answer, AuthenticationPolicy, Authority, Delegated, Envelope, Limits, Manifest, Procedure,
    Processor, Readings, Section, Step, Stored, Target,
};

/// The most steps of a run: more than the limits below allow.
const STEPS: usize = 4096;

fuzz_target!(|bytes: &[u8]| {
    // A last byte, behind the envelope, chooses; without it everything goes well.
    let Some((last, front)) = bytes.split_last() else { return };
    let (envelope, choices) = match Envelope::decode(bytes, &Profile::LENIENT) {
        Ok(envelope) => (envelope, &0),
        Err(_) => match Envelope::decode(front, &Profile::LENIENT) {
            Ok(envelope) => (envelope, last),
            Err(_) => return,
        },
    };
    for procedure in [Procedure::Update, Procedure::Invoke, Procedure::Uninstall] {
        process(&envelope, procedure, *choices);
    }
});

/// The sections that a second processor is asked for, in the order of an update that starts.
const SECTIONS: [Section; 4] =
    [Section::Install, Section::Validate, Section::Load, Section::Invoke];

fn process(envelope: &Envelope<'_>, procedure: Procedure, choices: u8) {
    let context = Context::new(&AcceptAll);
    with_keys(|keys| {
        let trust = Trust::keys(keys);
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let Ok(manifest) = envelope.verify(&trust, &policy, &context) else { return };
        let limits = Limits::DEFAULT.with_steps(512);
        let target = Target { components: 8, stored: None, limits, readings: Readings::default() };
        numbers(envelope, &manifest, &target, &context);
        let authority = Authority { trust: &trust, policy: &policy };
        let dependencies = manifest.value().common().dependencies();
        let prefix = dependencies.into_iter().find_map(|dependency| dependency.prefix);
        let prefix: Vec<&[u8]> = prefix.into_iter().flat_map(|it| it.segments()).collect();
        let prefixes = [prefix.as_slice()];
        for second in [&[][..], &prefixes] {
            let (mut arena, arena_on_request) = ([0; 2048], &mut []);
            let processor = Processor::<8, 4>::new(
                envelope, &manifest, procedure, &target, &mut arena, &context,
            );
            let Ok(processor) = processor else { return };
            let mut processor = processor.with_second_processor(second);
            drive(&mut processor, envelope, manifest.value(), &authority, choices, &context);

            let processor = Processor::<8, 4>::new(
                envelope,
                &manifest,
                Procedure::OnRequest,
                &target,
                arena_on_request,
                &context,
            );
            let Ok(processor) = processor else { continue };
            let mut processor = processor.with_second_processor(second);
            for section in SECTIONS {
                match processor.request(envelope, &manifest, section, &context) {
                    Ok(true) => {
                        let manifest = manifest.value();
                        drive(&mut processor, envelope, manifest, &authority, choices, &context);
                    }
                    Ok(false) => {}
                    Err(_) => break,
                }
            }
        }
    });
}

/// After a manifest of a number, an update has a higher one or is that manifest; nothing has a lower one.
fn numbers<B: Copy>(
    envelope: &Envelope<'_>,
    manifest: &Verified<Manifest<'_>, B>,
    target: &Target<'_>,
    context: &Context<'_>,
) {
    let number = manifest.value().sequence_number();
    let own = envelope.authentication().digest();
    for sequence_number in [number.saturating_sub(1), number, number.saturating_add(1)] {
        for stored in [None, Some(own)] {
            let is_lower = number < sequence_number;
            let is_other = number == sequence_number && stored.is_none();
            let stored = Some(Stored { sequence_number, manifest: stored });
            let target = Target { stored, ..*target };
            for procedure in [Procedure::Update, Procedure::Invoke] {
                let is_refused = is_lower || (is_other && procedure == Procedure::Update);
                let made = Processor::<8, 4>::new(
                    envelope,
                    manifest,
                    procedure,
                    &target,
                    &mut [],
                    context,
                );
                assert!(!is_refused || made.is_err(), "{procedure:?}: {number}, {stored:?}");
            }
        }
    }
}

/// Answers a processor until it has ended.
fn drive(
    processor: &mut Processor<'_, 8, 4>,
    envelope: &Envelope<'_>,
    manifest: &Manifest<'_>,
    authority: &Authority<'_>,
    choices: u8,
    context: &Context<'_>,
) {
    let mut buffer = [0; 256];
    let mut log = ReportLog::new(&mut buffer);
    let mut turn = choices;
    for _ in 0..STEPS {
        // Each answer is another bit, again and again.
        turn = turn.rotate_left(1);
        let good = turn & 1 == 1 || choices == 0;
        let Ok(step) = processor.step(context) else { return };
        assert_eq!(processor.step(context), Ok(step), "a step stands until it is answered");
        let place = processor.current_place();
        let outcome = match step {
            Step::Ended(ended) => {
                if let Err(failure) = ended {
                    let path: Vec<u8> = processor
                        .manifest_path()
                        .map(|index| u8::try_from(index).expect("a component"))
                        .collect();
                    log.failed(&failure, &path);
                }
                return report(envelope, manifest, &log);
            }
            Step::LoadDependency(_) => {
                let payload = envelope.integrated_payloads().next().map(|one| one.payload);
                let arena = processor.arena();
                match payload.and_then(|payload| Some((payload, arena.get_mut(..payload.len())?))) {
                    Some((payload, place)) if good => {
                        place.copy_from_slice(payload);
                        processor.loaded(payload.len(), None, authority, context)
                    }
                    _ => processor.answer(Answer::Held(false)),
                }
            }
            Step::DigestImage { .. } => {
                processor.answer(Answer::Image { digest: &[0; 32], size: 0 })
            }
            Step::CountReferences(_) => processor.answer(Answer::Count(u64::from(!good))),
            Step::Unlink(_) => processor.answer(Answer::Count(u64::from(good))),
            Step::Delegate {
                request: Delegated::SetParameters { .. } | Delegated::Run { .. },
                ..
            }
            | Step::Fetch { .. }
            | Step::Write { .. }
            | Step::Copy { .. }
            | Step::Swap { .. }
            | Step::Invoke { .. } => {
                processor.answer(if good { Answer::Done } else { Answer::Failed })
            }
            Step::Commit { .. } | Step::CommitDependency { .. } => processor.answer(Answer::Done),
            _ => processor.answer(Answer::Held(good)),
        };
        let Ok(outcome) = outcome else { return };
        if let Some(outcome) = outcome {
            assert_eq!(Some(outcome.place), place, "an outcome is that of the step");
            log.noted(&outcome, &[], &[]);
        }
    }
    panic!("more than {STEPS} steps");
}

/// What is written can be read.
fn report(envelope: &Envelope<'_>, manifest: &Manifest<'_>, log: &ReportLog<'_>) {
    let reference = Reference::of(envelope, manifest);
    let report = NewReport { reference, nonce: None, log, capabilities: None };
    let mut out = vec![0; 1024 + envelope.bytes().len()];
    let written = report.write_to(&mut out).expect("there is room");
    let read = Report::decode(written, &Profile::DETERMINISTIC).expect("a report of ours");
    assert_eq!(read.reference(), reference);
    assert_eq!(read.records().len(), log.count());
}
