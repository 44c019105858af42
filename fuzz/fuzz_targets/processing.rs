//! Runs the manifests of envelopes whose signatures are all good, on a device whose answers the input chooses: the
//! machine ends, asks for nothing that was not asked before in the same place, and says where it failed. Dependencies
//! under a prefix are processed here, and handed to a second processor, which runs sections on request. A wrong answer is none.
#![no_main]

#[path = "../../suit-manifest/tests/support/device.rs"]
mod device;
#[path = "../../suit-manifest/tests/support/procedures.rs"]
mod procedures;

use std::collections::BTreeMap;

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::crypto::Algorithm;
use cose_ext::{Context, Profile, Trust, arbitrary::Encoded, sign::Signers};
use fuzz::{Accept, AnySigner, Chosen, told, with_keys};
use libfuzzer_sys::fuzz_target;
use procedures::{Made, alternatives, bstr, digest, int, map, text};
use rand_core::Rng;
use suit_manifest::report::{NewReport, Reference, Report, ReportLog, ReportSink};
use suit_manifest::{
    Access, AccessControl, Answer, AuthenticationPolicy, Authority, ComponentName, Delegated,
    DependencyIndex, DependencyPrefix, DependencySignature, Envelope, Limits, Manifest,
    NestedFailure, Procedure, Processor, Readings, ReportingPolicy, Role, Section, Step, Stored,
    Target,
};

/// The most steps of a run: more than the limits below allow.
const STEPS: usize = 4096;
const PROCEDURES: [Procedure; 5] = [
    Procedure::Update,
    Procedure::Invoke,
    Procedure::Uninstall,
    Procedure::Staging,
    Procedure::Installation,
];

// The bytes as they are, with a last byte that chooses; as the choices that make an envelope; and as those that make manifests
// within manifests.
fuzz_target!(|bytes: &[u8]| {
    let Some((last, front)) = bytes.split_last() else { return };
    let read = match Envelope::decode(bytes, &Profile::LENIENT) {
        Ok(envelope) => Some((envelope, &0)),
        Err(_) => Envelope::decode(front, &Profile::LENIENT).ok().map(|it| (it, last)),
    };
    let procedure = PROCEDURES[usize::from(*last) % PROCEDURES.len()];
    if let Some((envelope, choices)) = read {
        for procedure in PROCEDURES {
            targets(&envelope, procedure);
            process(&envelope, procedure, How::by(*choices));
        }
    } else if last & 32 == 0 {
        let made = Encoded::<Envelope<'static>>::arbitrary(&mut Unstructured::new(bytes));
        let Ok(made) = made else { return };
        let envelope = made.view().expect("made by the builder");
        targets(&envelope, procedure);
        process(&envelope, procedure, How::by(*last));
    } else {
        let mut rng = Chosen::by(bytes);
        let how = How::chosen(&mut rng);
        let made = nested(&mut rng).signed_by(&SIGNER);
        let envelope = Envelope::decode(&made, &Profile::LENIENT).expect("an envelope of ours");
        process(&envelope, procedure, how);
    }
});

const SIGNER: AnySigner = AnySigner(Algorithm::ES256);

/// How a device runs a manifest.
#[derive(Clone, Copy, Debug)]
struct How {
    /// Rights, limits and memory, by bit.
    choices: u8,
    /// Each answer is another bit, again and again; all are good if none is.
    answers: u32,
    readings: Readings,
}

impl How {
    fn by(choices: u8) -> Self {
        let answers = u32::from_be_bytes([choices; 4]);
        Self { choices, answers, readings: Readings::default() }
    }

    fn chosen(rng: &mut Chosen<'_>) -> Self {
        let choices = rng.byte();
        // Mostly good: what comes late is reached then.
        let mut bits = || u32::from_be_bytes([rng.byte(), rng.byte(), rng.byte(), rng.byte()]);
        let answers = bits() | bits() | bits();
        let readings = Readings {
            nested_failure: rng.one_of([NestedFailure::Ends, NestedFailure::Condition]),
            dependency_index: rng
                .one_of([DependencyIndex::Component, DependencyIndex::ComponentOrNext]),
            dependency_signature: rng
                .one_of([DependencySignature::Required, DependencySignature::Waived]),
            dependency_prefix: rng.one_of([
                DependencyPrefix::Prepended,
                DependencyPrefix::Prepended,
                DependencyPrefix::Ignored,
                DependencyPrefix::Refused,
            ]),
            ..Readings::default()
        };
        Self { choices, answers, readings }
    }
}

fn one_of<T: Copy>(rng: &mut dyn Rng, all: &[T]) -> T {
    let index = usize::try_from(rng.next_u32()).expect("32 bits") % all.len();
    all[index]
}

/// A command with its argument in the form that it has to have.
fn command(rng: &mut dyn Rng, depth: usize) -> (i64, Vec<u8>) {
    let policy = int(i64::from(rng.next_u32() % 16));
    match rng.next_u32() % 12 {
        0 => (12, int(i64::from(rng.next_u32() % 3))),
        1 => (12, [0xf5].into()),
        2 => (12, procedures::array(&[int(0), int(1)])),
        3 | 4 => {
            let all = [
                (1, bstr(&[1; 16])),
                (2, bstr(&[2; 16])),
                (3, digest(b"image")),
                (5, int(0)),
                (12, [0xf4].into()),
                (13, [0xf5].into()),
                (14, int(5)),
                (18, bstr(b"content")),
                (21, text("https://a.example")),
                (22, int(1)),
                (23, bstr(b"arguments")),
                (24, bstr(&[3; 16])),
                (28, bstr(b"range")),
            ];
            let first = usize::try_from(rng.next_u32()).expect("32 bits") % all.len();
            (one_of(rng, &[19, 20]), map(&all[first..all.len().min(first + 3)]))
        }
        5 if depth > 0 => {
            let (one, other) = (commands(rng, depth - 1), commands(rng, depth - 1));
            (15, alternatives(&[&one, &other]))
        }
        6 if depth > 0 => (32, bstr(&procedures::sequence(&commands(rng, depth - 1)))),
        7 => (one_of(rng, &[18, 21, 22, 23, 31, 33]), policy),
        8 => (one_of(rng, &[7, 8, 11]), policy),
        9 => (14, policy),
        _ => (one_of(rng, &[1, 2, 3, 5, 6, 24]), policy),
    }
}

fn commands(rng: &mut dyn Rng, depth: usize) -> Vec<(i64, Vec<u8>)> {
    (0..1 + rng.next_u32() % 4).map(|_| command(rng, depth)).collect()
}

/// A manifest whose first sections are these commands, with some others.
fn one(rng: &mut dyn Rng, components: usize, first: u8) -> Made {
    let mut made = Made::default();
    (made.components, made.number, made.first) = (components, 1, first);
    for section in [7, 8, 9, 16, 18, 20, 24] {
        if rng.next_u32() & 1 == 1 {
            made = made.with(section, &commands(rng, 1));
        }
    }
    made
}

/// A manifest that depends on `inner`, whose envelope it brings along: it is fetched, checked and, sometimes, processed, in
/// several sections.
fn dependent(rng: &mut dyn Rng, inner: &Made, uri: &'static str) -> Made {
    let components = 1 + usize::try_from(rng.next_u32() % 2).expect("small");
    let mut made = one(rng, components, 0);
    let with_digest = [(3, inner.digest()), (21, text(uri))];
    let mut resolve = vec![(12, int(0)), (20, map(&with_digest)), (21, int(15))];
    if rng.next_u32() & 3 != 3 {
        resolve.push((7, int(15)));
    }
    if rng.next_u32() & 1 == 1 {
        resolve.push((11, int(15)));
    }
    made = made.with(15, &resolve);
    for (key, content) in &mut made.sections {
        if *key != 15 && rng.next_u32() & 3 != 3 {
            let mut process = vec![(12, int(0)), (20, map(&with_digest[..1])), (7, int(15))];
            if rng.next_u32() & 1 == 1 {
                process.push((8, int(15)));
            }
            if rng.next_u32() & 3 == 1 {
                process.push((3, int(15)));
            }
            process.push((11, int(15)));
            *content = procedures::sequence(&process);
        }
    }
    if rng.next_u32() & 1 == 1 {
        let unlink = [(12, int(0)), (20, map(&with_digest[..1])), (7, int(2)), (33, int(2))];
        made.sections.retain(|(key, _)| *key != 24);
        made = made.with(24, &unlink);
    }
    made.dependencies = vec![0];
    if rng.next_u32() & 1 == 1 {
        made.prefixes = vec![(0, vec![0xa1; 1 + usize::from(rng.next_u32() & 1 == 1) * 600])];
    }
    made.integrated = vec![(uri, inner.signed_by(&SIGNER))];
    made
}

/// Two or three manifests within each other.
fn nested(rng: &mut dyn Rng) -> Made {
    let inner = one(rng, 2, 7);
    let middle = if rng.next_u32() & 1 == 1 { dependent(rng, &inner, "#inner") } else { inner };
    dependent(rng, &middle, "#middle")
}

/// The sections that a second processor is asked for, in the order of an update that starts.
const SECTIONS: [Section; 4] =
    [Section::Install, Section::Validate, Section::Load, Section::Invoke];

/// Rights by a bit mask: of signers by how many they are, of commands by their number.
#[derive(Debug)]
struct Rights(u8);

impl AccessControl for Rights {
    fn role(&self, component: &ComponentName<'_>, signers: &Signers) -> Option<Role> {
        let known = component.segments().count() + signers.iter().count();
        (self.0 & 1 == 0 || known > 2).then_some(Role(1))
    }

    fn permits(&self, role: Role, access: &Access<'_>) -> bool {
        let asked = access.command.code().unsigned_abs() + u64::from(role.0);
        let parameter = access.parameter.map_or(0, |parameter| parameter.code().unsigned_abs());
        let bit = (asked + parameter) % 31;
        self.0 & 2 == 0 || bit != u64::from(self.0 >> 3)
    }
}

/// What a device has stored is older, newer, the same, or of another manifest.
fn targets(envelope: &Envelope<'_>, procedure: Procedure) {
    let context = Context::new(&Accept::ALL);
    let digest = Some(envelope.authentication().digest());
    with_keys(|keys| {
        let (trust, policy) = (Trust::keys(keys), AuthenticationPolicy::ANY_BLOCK);
        let Some(manifest) = told(envelope.verify(&trust, &policy, &context)) else { return };
        let number = manifest.value().sequence_number();
        let with = |components, stored| {
            let (limits, readings) = (Limits::DEFAULT, Readings::default());
            let target = Target { components, stored, limits, readings };
            let arena = &mut [];
            let processor =
                Processor::<8, 4>::new(envelope, &manifest, procedure, &target, arena, &context);
            told(processor).is_some()
        };
        let fresh = with(8, None);
        let is_update = !matches!(procedure, Procedure::Invoke | Procedure::Uninstall);
        let stored = |sequence_number, manifest| Some(Stored { sequence_number, manifest });
        assert_eq!(with(8, stored(number, digest)), fresh);
        assert_eq!(with(8, stored(number, None)), fresh && !is_update);
        if let Some(newer) = number.checked_add(1) {
            assert!(!with(8, stored(newer, digest)));
        }
        if let Some(older) = number.checked_sub(1) {
            assert_eq!(with(8, stored(older, None)), fresh);
        }
        assert!(!with(0, None) || manifest.value().common().components().len() == 0);
    });
}

fn process(envelope: &Envelope<'_>, procedure: Procedure, how: How) {
    let How { choices, readings, .. } = how;
    let context = Context::new(&Accept::ALL);
    with_keys(|keys| {
        let trust = Trust::keys(keys);
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let Some(manifest) = told(envelope.verify(&trust, &policy, &context)) else { return };
        let limits = Limits::DEFAULT.with_steps(if choices & 64 == 0 { 512 } else { 6 });
        let target = Target { components: 8, stored: None, limits, readings };
        let authority = Authority { trust: &trust, policy: &policy };
        let dependencies = manifest.value().common().dependencies();
        let prefix = dependencies.into_iter().find_map(|dependency| dependency.prefix);
        let prefix: Vec<&[u8]> = prefix.into_iter().flat_map(|it| it.segments()).collect();
        let prefixes = [prefix.as_slice()];
        let rights = Rights(choices);
        for second in [&[][..], &prefixes] {
            let mut arena = vec![0; if choices & 128 == 0 { 2048 } else { 512 }];
            let processor = Processor::<8, 4>::new(
                envelope, &manifest, procedure, &target, &mut arena, &context,
            );
            let Some(processor) = told(processor) else { return };
            let mut processor = processor.with_second_processor(second);
            if choices & 4 == 4 {
                processor = processor.with_access(&rights, Role(0));
            }
            if choices & 8 == 8 {
                processor = processor.with_rehash();
            }
            assert!(!format!("{processor:?}").is_empty());
            drive(&mut processor, envelope, manifest.value(), &authority, how, &context);
            assert!(
                readings.dependency_signature == DependencySignature::Waived
                    || processor.unsigned_dependencies().count() == 0
            );
            on_request(envelope, &manifest, &authority, &target, second, (how, &rights));
        }
    });
}

/// Parameters that a first processor asks a second one to set: a harmless one, others, and what is no map.
const ASKED: [(&[u8], bool); 5] = [
    (b"\xa1\x15\x61a", true),
    (b"\xa1\x12\x41a", false),
    (b"\xa1\x0c\xf5", false),
    (b"\xa1\x16\x01", false),
    (b"\x80", false),
];

fn on_request<B: Copy>(
    envelope: &Envelope<'_>,
    manifest: &cose_ext::Verified<Manifest<'_>, B>,
    authority: &Authority<'_>,
    target: &Target<'_>,
    second: &[&[&[u8]]],
    (how, rights): (How, &Rights),
) {
    let context = Context::new(&Accept::ALL);
    let on_request = Procedure::OnRequest;
    let processor =
        Processor::<8, 4>::new(envelope, manifest, on_request, target, &mut [], &context);
    let Some(processor) = told(processor) else { return };
    let mut processor = processor.with_second_processor(second);
    let has_rights = how.choices & 4 == 4;
    if has_rights {
        processor = processor.with_access(rights, Role(0));
    }
    for component in manifest.value().common().components().iter() {
        let name = ComponentName::from(component);
        for (parameters, is_harmless) in ASKED {
            for replaces in [false, true] {
                let set = processor.set_parameters(&name, parameters, replaces, &context);
                assert!(told(set).is_some() == is_harmless || has_rights);
            }
        }
    }
    for section in SECTIONS {
        match told(processor.request(envelope, manifest, section, &context)) {
            Some(true) => {
                let manifest = manifest.value();
                drive(&mut processor, envelope, manifest, authority, how, &context);
            }
            Some(false) => {}
            None => break,
        }
    }
}

/// An answer that does not belong to the step.
fn wrong(step: &Step<'_>) -> Option<Answer<'static>> {
    Some(match step {
        Step::Ended(_)
        | Step::FindComponent(_)
        | Step::CheckVendor { .. }
        | Step::CheckClass { .. }
        | Step::CheckDevice { .. }
        | Step::CheckSlot { .. }
        | Step::CheckContent { .. }
        | Step::HashManifest { .. } => Answer::Done,
        Step::Fetch { .. }
        | Step::Write { .. }
        | Step::Copy { .. }
        | Step::Swap { .. }
        | Step::Invoke { .. }
        | Step::Commit { .. }
        | Step::CommitDependency { .. } => Answer::Held(true),
        _ => return None,
    })
}

/// A step stands until it is answered, however often it is asked for.
fn stands(processor: &mut Processor<'_, 8, 4>, step: &Step<'_>, context: &Context<'_>) {
    assert_eq!(processor.step(context), Ok(*step), "a step stands until it is answered");
}

/// A wrong answer is none, and takes nothing.
fn stands_beside(
    wrong: Answer<'_>,
    processor: &mut Processor<'_, 8, 4>,
    step: &Step<'_>,
    context: &Context<'_>,
) {
    assert!(told(processor.answer(wrong)).is_none(), "{wrong:?} to {step:?}");
    assert_eq!(processor.step(context), Ok(*step), "a wrong answer is none");
}

/// Answers a processor until it has ended.
fn drive(
    processor: &mut Processor<'_, 8, 4>,
    envelope: &Envelope<'_>,
    manifest: &Manifest<'_>,
    authority: &Authority<'_>,
    how: How,
    context: &Context<'_>,
) {
    let mut buffer = [0; 256];
    let mut log = ReportLog::new(&mut buffer);
    let mut turn = how.answers;
    let mut contents: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for _ in 0..STEPS {
        turn = turn.rotate_left(1);
        let rarely = |bit| turn & bit == 0 && turn != 0;
        let good = !rarely(1);
        let Some(step) = told(processor.step(context)) else { return };
        stands(processor, &step, context);
        if let Some(wrong) = wrong(&step) {
            stands_beside(wrong, processor, &step, context);
        }
        let loads = matches!(
            step,
            Step::LoadDependency(_)
                | Step::HashManifest { .. }
                | Step::DigestImage { .. }
                | Step::Delegate { .. }
                | Step::Ended(_)
        );
        assert!(loads || told(processor.loaded(0, None, authority, context)).is_none(), "{step:?}");
        let place = processor.current_place();
        let outcome = match step {
            Step::Ended(ended) => {
                if let Err(failure) = ended {
                    assert!(!failure.to_string().is_empty());
                    let around = processor.around().count();
                    assert!(around < 16, "{around}");
                    let path: Vec<u8> = processor
                        .manifest_path()
                        .map(|index| u8::try_from(index).expect("a component"))
                        .collect();
                    log.failed(&failure, &path);
                }
                return report(envelope, manifest, &log);
            }
            Step::LoadDependency(component) => {
                let payload = contents.get(&component.to_string()).cloned();
                // What nobody fetched here was fetched before: on the level above, or below it.
                let payload = payload.or_else(|| inner(envelope.bytes(), rarely(2)));
                let len = payload.as_ref().map_or(0, Vec::len);
                match processor.arena().get_mut(..len) {
                    Some(place) if good => {
                        place.copy_from_slice(payload.as_deref().unwrap_or_default());
                        let stored = rarely(4).then_some(u64::MAX);
                        processor.loaded(len, stored, authority, context)
                    }
                    None if good => processor.loaded(len, None, authority, context),
                    _ => processor.answer(Answer::Held(false)),
                }
            }
            Step::Fetch { component, integrated: Some(payload), .. } if good => {
                contents.insert(component.to_string(), payload.into());
                processor.answer(Answer::Done)
            }
            Step::DigestImage { .. } if rarely(2) => processor.answer(Answer::Held(false)),
            Step::DigestImage { algorithm, .. } => {
                let image = context.hash(algorithm, &[b"image"]);
                let digest = image.as_ref().map_or(&[0; 32][..], |image| image.as_ref());
                processor.answer(Answer::Image { digest, size: 5 })
            }
            Step::CountReferences(_) => processor.answer(Answer::Count(u64::from(!good))),
            Step::Unlink(_) => processor.answer(Answer::Count(u64::from(turn & 4 == 0))),
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
            Step::Commit { .. } | Step::CommitDependency { .. } => {
                processor.answer(if good { Answer::Done } else { Answer::Failed })
            }
            _ => processor.answer(Answer::Held(good)),
        };
        let Some(outcome) = told(outcome) else { return };
        if let Some(outcome) = outcome {
            let policy = outcome.policy.and(ReportingPolicy::RECORD_ON_FAILURE);
            assert!(policy.asks_for_record(false));
            assert_eq!(Some(outcome.place), place, "an outcome is that of the step");
            log.noted(&outcome, &[], &[]);
        }
    }
    panic!("more than {STEPS} steps");
}

/// The first payload that an envelope brings along, or the first one of that.
fn inner(envelope: &[u8], is_deeper: bool) -> Option<Vec<u8>> {
    let envelope = Envelope::decode(envelope, &Profile::LENIENT).ok()?;
    let payload = envelope.integrated_payloads().next()?.payload;
    let deeper = is_deeper.then(|| inner(payload, false)).flatten();
    Some(deeper.unwrap_or_else(|| payload.into()))
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
