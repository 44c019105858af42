//! The rules of sequences, their commands and dependencies: each is broken once, and where it is about an
//! order or a state, that is shown.

#[path = "support/device.rs"]
mod device;
#[path = "support/procedures.rs"]
mod procedures;

#[path = "processor/access.rs"]
mod access;
#[path = "processor/dependencies.rs"]
mod dependencies;
#[path = "processor/policies.rs"]
mod policies;

use device::Device;
use procedures::{
    DEPTH, FALSE, Made, NIL, TRUE, alternatives, array, bstr, digest, int, map, sequence, set, text,
};
use suit_manifest::{
    Access, AccessControl, Answer, AuthenticationPolicy, Authority, ComponentName, Condition,
    Envelope, ErrorKind, HistoricDraft, Limits, Misuse, Parameter, Procedure, Processor, Readings,
    Role, Rule, RunError, Section, Step, Target,
    cose_ext::{
        Context, Trust,
        key::{TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
        sign::Signers,
    },
    run,
};

const UPDATE: Procedure = Procedure::Update;
const INVOKE: Procedure = Procedure::Invoke;

/// write the content `x`.
fn write(content: &[u8]) -> [(i64, Vec<u8>); 2] {
    [set(&[(18, bstr(content))]), (18, int(0))]
}

fn install(commands: &[(i64, Vec<u8>)]) -> Made {
    Made::new(1, 20, commands)
}

fn one() -> Device {
    Device::with_components(0..1)
}

fn two() -> Device {
    Device::with_components(0..2)
}

/// Refused before anything was done, by this rule.
#[track_caller]
fn refused(made: &Made, mut device: Device, rule: &str) {
    let ended = made.run(UPDATE, &mut device).unwrap_err();
    assert!(ended.is_refused(), "{ended:?}");
    assert_eq!(ended.rule(), rule, "{ended:?}");
    assert!(device.effects.is_empty());
}

/// Failed by this rule, after these effects.
#[track_caller]
fn failed(made: &Made, mut device: Device, rule: &str, effects: &[&str]) {
    let ended = made.run(UPDATE, &mut device).unwrap_err();
    assert!(!ended.is_refused(), "{ended:?}");
    assert_eq!(ended.rule(), rule, "{ended:?}");
    assert_eq!(device.log(), effects);
}

/// Succeeded with these effects.
#[track_caller]
fn succeeded(made: &Made, mut device: Device, effects: &[&str]) {
    made.run(UPDATE, &mut device).unwrap();
    assert_eq!(device.log(), effects);
}

/// A dependent: component 0 holds the dependency that the envelope brings along, component 1 is the
/// payload's.
fn dependent(dependency: &Made, install: &[(i64, Vec<u8>)]) -> Made {
    let resolve = [
        (12, int(0)),
        set(&[(3, dependency.digest()), (21, text("#dep"))]),
        (21, int(0)),
        (7, int(0)),
    ];
    let mut made = Made::new(2, 15, &resolve).with(20, install);
    made.dependencies = vec![0];
    made.integrated = vec![("#dep", dependency.envelope())];
    made
}

/// A dependency about component 01 of the device.
fn dependency(section: i64, commands: &[(i64, Vec<u8>)]) -> Made {
    let mut made = Made::new(1, section, commands);
    made.first = 1;
    made
}

const RESOLVED: [&str; 2] = ["fetch 00", "check-dependency 00"];

#[test]
fn p1_a_sequence_is_commands_and_arguments() {
    let mut made = install(&write(b"x"));
    made.sections[0].1 = map(&[]);
    refused(&made, one(), "P1");
    made.sections[0].1 = array(&[int(18)]);
    refused(&made, one(), "P1");
    made.sections[0].1 = array(&[text("18"), int(0)]);
    refused(&made, one(), "P1");
}

#[test]
fn p2_an_unknown_command_is_refused_before_anything_is_done() {
    let [parameters, write] = write(b"x");
    refused(&install(&[parameters.clone(), write.clone(), (99, int(0))]), one(), "P2");
    let nested = alternatives(&[&[(14, int(0))], &[(-300, NIL.to_vec())]]);
    refused(&install(&[parameters, write, (15, nested)]), one(), "P2");
}

#[test]
fn commands_of_extensions_are_unsupported_and_named() {
    for (command, argument) in [(4, int(0)), (25, int(0)), (29, int(0)), (34, map(&[]))] {
        let made = install(&[write(b"x").to_vec(), vec![(command, argument)]].concat());
        let mut device = one();
        let ended = made.run(UPDATE, &mut device).unwrap_err();
        let procedures::Ended::Refused(error) = ended else { panic!("{ended:?}") };
        let unsupported = suit_manifest::Unsupported::Command(command);
        assert_eq!(error.kind(), suit_manifest::ErrorKind::Unsupported(unsupported));
        assert!(device.effects.is_empty());
    }
    for parameter in [4, 19, 30] {
        let ended = install(&[set(&[(parameter, int(0))])]).run(UPDATE, &mut one()).unwrap_err();
        let procedures::Ended::Refused(error) = ended else { panic!("{ended:?}") };
        let unsupported = suit_manifest::Unsupported::Parameter(parameter);
        assert_eq!(error.kind(), suit_manifest::ErrorKind::Unsupported(unsupported));
    }
}

#[test]
fn u27_commands_and_parameters_of_older_drafts_are_named() {
    let old = [
        ((13, int(0)), HistoricDraft::DependencyIndex),
        ((30, bstr(&sequence(&[]))), HistoricDraft::UpTo12),
        (set(&[(16, bstr(b"args"))]), HistoricDraft::UpTo28),
    ];
    for (command, draft) in old {
        let nested = alternatives(&[&[(14, int(0))], std::slice::from_ref(&command)]);
        for command in [command, (15, nested)] {
            let made = install(&[&write(b"x")[..], &[command]].concat());
            let mut device = one();
            let ended = made.run(UPDATE, &mut device).unwrap_err();
            let procedures::Ended::Refused(error) = ended else { panic!("{ended:?}") };
            assert_eq!(error.kind(), ErrorKind::Historic(draft));
            assert_eq!(error.rule(), Some(Rule::HistoricDraft.to_ref()));
            assert!(device.effects.is_empty());
        }
    }
}

#[test]
fn p3_an_unknown_parameter_is_refused_before_anything_is_done() {
    let unknown = set(&[(99, int(0))]);
    refused(&install(&[write(b"x").to_vec(), vec![unknown]].concat()), one(), "P3");
}

#[test]
fn p4_parameters_have_their_types() {
    for (parameter, value) in [
        (1, int(1)),
        (2, text("x")),
        (3, int(1)),
        (5, bstr(b"x")),
        (12, int(1)),
        (13, int(0)),
        (14, int(-1)),
        (18, text("x")),
        (21, bstr(b"x")),
        (22, TRUE.to_vec()),
        (23, text("x")),
    ] {
        refused(&install(&[set(&[(parameter, value)])]), one(), "P4");
    }
    refused(&install(&[set(&[])]), one(), "P4");
}

#[test]
fn p5_arguments_have_their_types() {
    for (command, argument) in [
        (12, FALSE.to_vec()),
        (12, array(&[])),
        (12, text("0")),
        (18, int(16)),
        (18, NIL.to_vec()),
        (32, array(&[])),
        (15, alternatives(&[&[]])),
        (15, array(&[NIL.to_vec(), bstr(&sequence(&[])), bstr(&sequence(&[]))])),
    ] {
        refused(&install(&[(command, argument)]), one(), "P5");
    }
}

#[test]
fn p6_the_shared_sequence_has_no_effects() {
    let made = install(&[]).shared(&write(b"x"));
    refused(&made, one(), "P6");
    let nested = bstr(&sequence(&write(b"x")));
    refused(&install(&[]).shared(&[(32, nested)]), one(), "P6");
}

#[test]
fn p7_with_two_components_a_sequence_begins_with_an_index() {
    refused(&Made::new(2, 20, &write(b"x")), two(), "P7");
    let nested = bstr(&sequence(&write(b"x")));
    succeeded(
        &Made::new(2, 20, &[(12, int(1)), (32, nested)]),
        two(),
        &["write 01", "commit-sequence 1"],
    );
}

#[test]
fn p8_an_index_names_a_component() {
    refused(&install(&[(12, int(1))]), one(), "P8");
    refused(&install(&[(12, array(&[int(0), int(1)]))]), one(), "P8");
    refused(&install(&[set(&[(22, int(1))])]), one(), "P8");
}

#[test]
fn p9_no_more_components_than_the_device_has() {
    refused(&Made::new(2, 20, &[]), one(), "P9");
}

#[test]
fn p10_the_device_has_every_component() {
    let mut made = Made::new(1, 20, &write(b"x"));
    made.first = 9;
    refused(&made, one(), "P10");
}

#[test]
fn p11_a_lower_number_is_refused() {
    let made = install(&write(b"x")).number(5);
    let at = |number| Device { number: Some(number), ..one() };
    refused(&made, at(6), "P11");
    // The same number with another manifest, or none that was kept.
    refused(&made, at(5), "P11");
    succeeded(&made, at(4), &["write 00", "commit-sequence 5"]);
    let invoked = Made::new(1, 9, &[(23, int(0))]).number(5);
    invoked.run(INVOKE, &mut at(5)).unwrap();
    assert_eq!(invoked.run(INVOKE, &mut at(6)).unwrap_err().rule(), "P11");
}

#[test]
fn p12_the_number_moves_after_the_last_section() {
    let made = install(&write(b"x")).with(7, &[(14, int(0))]);
    failed(&made, one(), "P18", &["write 00"]);
    let invoked = Made::new(1, 9, &[(23, int(0))]);
    let mut device = one();
    invoked.run(INVOKE, &mut device).unwrap();
    assert_eq!((device.log(), device.number), (vec!["invoke 00".into()], None));
}

#[test]
fn p13_the_shared_sequence_runs_before_every_section() {
    let vendor = [set(&[(1, bstr(&[1; 16]))]), (1, int(15))];
    let made = install(&write(b"x")).with(7, &[(6, int(0))]).shared(&vendor);
    let checked = ["check-vendor 00", "write 00", "check-vendor 00", "check-content 00"];
    succeeded(&made, one(), &[&checked[..], &["commit-sequence 1"]].concat());
    let ended = made.clone().run(UPDATE, &mut Device { vendor: vec![9; 16], ..one() }).unwrap_err();
    let procedures::Ended::Failed(failure) = ended else { panic!("{ended:?}") };
    assert_eq!((failure.section, failure.in_shared), (Section::Install, true));
}

#[test]
fn p14_sections_run_in_the_order_of_the_procedure() {
    let made = Made::new(1, 7, &[(6, int(0))])
        .with(8, &write(b"y"))
        .with(16, &write(b"x"))
        .with(20, &[(6, int(0))]);
    let update = ["write 00", "check-content 00", "check-content 00", "commit-sequence 1"];
    succeeded(&made, one(), &update);
}

#[test]
fn p15_an_index_of_several_runs_one_after_the_other() {
    let each = bstr(&sequence(&[write(b"x").to_vec(), vec![(6, int(0))]].concat()));
    let in_turn = ["write 01", "check-content 01", "write 00", "check-content 00"];
    let list = Made::new(2, 20, &[(12, array(&[int(1), int(0)])), (32, each)]);
    succeeded(&list, two(), &[&in_turn[..], &["commit-sequence 1"]].concat());
    let all = Made::new(2, 20, &[&[(12, TRUE.to_vec())][..], &write(b"x")].concat());
    succeeded(&all, two(), &["write 00", "write 01", "commit-sequence 1"]);
}

#[test]
fn p16_the_first_success_ends_a_try_each() {
    let made = install(&[(15, alternatives(&[&[(14, int(0))], &write(b"x"), &write(b"y")]))]);
    let mut device = one();
    made.run(UPDATE, &mut device).unwrap();
    assert_eq!(device.components["00"].content.as_deref(), Some(&b"x"[..]));
    let abort = bstr(&sequence(&[(14, int(0))]));
    let nil = install(&[(15, array(&[abort.clone(), abort, NIL.to_vec()]))]);
    succeeded(&nil, one(), &["commit-sequence 1"]);
}

#[test]
fn p17_an_exhausted_try_each_ends_the_procedure() {
    let exhausted = (15, alternatives(&[&[(14, int(0))], &[(14, int(0))]]));
    failed(&install(std::slice::from_ref(&exhausted)), one(), "P17", &[]);
    // Also inside of one that has another sequence left.
    let outer = (15, alternatives(&[&[exhausted], &write(b"x")]));
    failed(&install(&[outer]), one(), "P17", &[]);
}

#[test]
fn p18_a_failing_condition_ends_the_procedure() {
    failed(&install(&[&[(14, int(0))][..], &write(b"x")].concat()), one(), "P18", &[]);
    let hard = (32, bstr(&sequence(&[(14, int(0))])));
    failed(&install(&[hard]), one(), "P18", &[]);
}

#[test]
fn p19_soft_failure_belongs_to_its_sequence() {
    failed(&install(&[set(&[(13, FALSE.to_vec())])]), one(), "P19", &[]);
    failed(&install(&[]).shared(&[set(&[(13, TRUE.to_vec())])]), one(), "P19", &[]);
    let soft = (32, bstr(&sequence(&[set(&[(13, TRUE.to_vec())]), (14, int(0))])));
    succeeded(&install(std::slice::from_ref(&soft)), one(), &["commit-sequence 1"]);
    failed(&install(&[soft, (14, int(0))]), one(), "P18", &[]);
    // A run-sequence in an alternative starts hard.
    let hard = (32, bstr(&sequence(&[(14, int(0))])));
    failed(&install(&[(15, alternatives(&[&[hard], &[]]))]), one(), "P18", &[]);
}

#[test]
fn p20_a_missing_parameter_is_a_failure() {
    for condition in [1, 2, 3, 5, 6, 24] {
        failed(&install(&[(condition, int(0))]), one(), "P20", &[]);
        let tried = (15, alternatives(&[&[(condition, int(0))], &write(b"x")]));
        succeeded(&install(&[tried]), one(), &["write 00", "commit-sequence 1"]);
    }
    for directive in [18, 21, 22, 31] {
        let tried = (15, alternatives(&[&[(directive, int(0))], &write(b"x")]));
        failed(&install(&[tried]), one(), "P20", &[]);
    }
}

#[test]
fn p21_a_failing_directive_ends_the_procedure() {
    let fetch = [set(&[(21, text("http://example.com/x"))]), (21, int(0))];
    let tried = (15, alternatives(&[&fetch, &write(b"x")]));
    failed(&install(&[tried]), one(), "P21", &["fetch 00"]);
}

#[test]
fn p22_without_a_source_nothing_is_copied_or_swapped() {
    for directive in [22, 31] {
        let commands = [(12, int(1)), set(&[(22, int(0))]), (directive, int(0))];
        failed(&Made::new(2, 20, &commands), two(), "P22", &[]);
        let effect = if directive == 22 { "copy 00" } else { "swap 00" };
        let there = two().holding("00", b"x");
        succeeded(&Made::new(2, 20, &commands), there, &[effect, "commit-sequence 1"]);
    }
}

#[test]
fn p23_without_strict_order_a_sequence_sets_its_index_first_and_once() {
    let loose = set(&[(12, FALSE.to_vec()), (18, bstr(b"x"))]);
    let run = |commands: &[(i64, Vec<u8>)]| {
        let body = (32, bstr(&sequence(commands)));
        Made::new(2, 20, &[(12, int(0)), loose.clone(), body])
    };
    failed(&run(&[(18, int(0))]), two(), "P23", &[]);
    failed(&run(&[(12, int(0)), (18, int(0)), (12, int(1))]), two(), "P23", &["write 00"]);
    succeeded(&run(&[(12, int(0)), (18, int(0))]), two(), &["write 00", "commit-sequence 1"]);
}

#[test]
fn p24_without_strict_order_nothing_is_target_and_source() {
    let copies = |strict: &[u8]| {
        let source = |index, source| [(12, int(index)), set(&[(22, int(source))])];
        let commands = [
            &source(1, 0)[..],
            &source(2, 1),
            &[set(&[(12, strict.to_vec())])],
            &[(12, int(1)), (22, int(0)), (12, int(2)), (22, int(0))],
        ];
        Made::new(3, 20, &commands.concat())
    };
    let three = || Device::with_components(0..3).holding("00", b"x");
    failed(&copies(&FALSE), three(), "P24", &["copy 00"]);
    succeeded(&copies(&TRUE), three(), &["copy 00", "copy 01", "commit-sequence 1"]);
    // The source of a copy that is written afterwards.
    let loose = set(&[(12, FALSE.to_vec()), (18, bstr(b"y")), (22, int(0))]);
    let commands = [(12, array(&[int(0), int(1)])), loose, (12, int(1)), (22, int(0))];
    let written = [&commands[..], &[(12, int(0)), (18, int(0))]].concat();
    failed(&Made::new(3, 20, &written), three(), "P24", &["copy 00"]);
}

#[test]
fn p25_a_digest_matches_whole_and_with_its_size() {
    let matches = |parameters: &[(i64, Vec<u8>)]| install(&[set(parameters), (3, int(15))]);
    let there = || one().holding("00", b"image");
    let checked = ["check-image 00", "commit-sequence 1"];
    succeeded(&matches(&[(3, digest(b"image"))]), there(), &checked);
    succeeded(&matches(&[(3, digest(b"image")), (14, int(5))]), there(), &checked);
    failed(&matches(&[(3, digest(b"image")), (14, int(6))]), there(), "P18", &["check-image 00"]);
    failed(&matches(&[(3, digest(b"other"))]), there(), "P18", &["check-image 00"]);
    let truncated = bstr(&array(&[int(-16), bstr(&procedures::sha256(&[b"image"])[..16])]));
    failed(&matches(&[(3, truncated)]), there(), "P18", &["check-image 00"]);
    let other_algorithm = bstr(&array(&[int(-43), bstr(&procedures::sha256(&[b"image"]))]));
    failed(&matches(&[(3, other_algorithm)]), there(), "P18", &["check-image 00"]);
}

#[test]
fn p26_set_parameters_leaves_what_is_set() {
    let set_if_unset = |content: &[u8]| (19, map(&[(18, bstr(content))]));
    let made = install(&[set_if_unset(b"first"), set_if_unset(b"second"), (18, int(0))]);
    let mut device = one();
    made.run(UPDATE, &mut device).unwrap();
    assert_eq!(device.components["00"].content.as_deref(), Some(&b"first"[..]));
    let made = install(&[set_if_unset(b"first"), set(&[(18, bstr(b"over"))]), (18, int(0))]);
    made.run(UPDATE, &mut device).unwrap_err();
    let mut device = one();
    made.run(UPDATE, &mut device).unwrap();
    assert_eq!(device.components["00"].content.as_deref(), Some(&b"over"[..]));
}

#[test]
fn p27_parameters_persist_over_sections_and_failed_sequences() {
    let made = Made::new(1, 16, &[set(&[(18, bstr(b"x"))])]).with(20, &[(18, int(0))]);
    succeeded(&made, one(), &["write 00", "commit-sequence 1"]);
    let failing = [set(&[(18, bstr(b"x"))]), (14, int(0))];
    let tried = (15, alternatives(&[&failing, &[(18, int(0))]]));
    succeeded(&install(&[tried]), one(), &["write 00", "commit-sequence 1"]);
}

#[test]
fn p34_processing_is_bounded() {
    // Sequences inside of each other.
    let mut nested = write(b"x").to_vec();
    for _ in 1..DEPTH {
        nested = vec![(32, bstr(&sequence(&nested)))];
    }
    succeeded(&install(&nested), one(), &["write 00", "commit-sequence 1"]);
    nested = vec![(32, bstr(&sequence(&nested)))];
    refused(&install(&nested), one(), "P34");
    // Components.
    refused(&Made::new(5, 20, &[]), Device::with_components(0..5), "P34");
    // Commands that are run.
    let made = install(&[write(b"x"), write(b"y")].concat());
    let run = |steps| {
        let limits = Limits::DEFAULT.with_steps(steps);
        made.run_within(UPDATE, &mut one(), limits, 0).map_err(|ended| ended.rule())
    };
    assert_eq!(run(8), Ok(()));
    assert_eq!(run(3), Err("P34"));
    // Alternatives and indices.
    let limits = Limits::DEFAULT.with_alternatives(2).with_indices(1);
    let many = install(&[(15, alternatives(&[&[], &[], &[]]))]);
    assert_eq!(many.run_within(UPDATE, &mut one(), limits, 0).unwrap_err().rule(), "P34");
    let many = install(&[(12, array(&[int(0), int(0)]))]);
    assert_eq!(many.run_within(UPDATE, &mut one(), limits, 0).unwrap_err().rule(), "P34");
}

#[test]
fn a_failure_says_where() {
    let inner = sequence(&[set(&[(5, int(3))]), (5, int(0))]);
    let made = install(&[(15, alternatives(&[&[(32, bstr(&inner))], &[]]))]);
    let ended = made.run(UPDATE, &mut one()).unwrap_err();
    let procedures::Ended::Failed(failure) = ended else { panic!("{ended:?}") };
    assert_eq!((failure.section, failure.offset), (Section::Install, 13));
    let slot = suit_manifest::CommandKind::Condition(Condition::ComponentSlot);
    assert_eq!(failure.command, Some(slot));
    assert_eq!(
        failure.to_string(),
        "component-slot at byte 13 of install failed: the condition does not hold \
         (P18, SUIT manifest 8.4.9)"
    );
}

#[test]
fn u28_nested_sequences_are_deterministic() {
    // write with its number in two bytes.
    let long = [0x84, 0x14, 0xa1, 0x12, 0x41, b'x', 0x18, 0x12, 0x00];
    refused(&install(&[(32, bstr(&long))]), one(), "U28");
    let short = [0x84, 0x14, 0xa1, 0x12, 0x41, b'x', 0x12, 0x00];
    succeeded(&install(&[(32, bstr(&short))]), one(), &["write 00", "commit-sequence 1"]);
}

#[test]
fn a_step_is_the_same_until_it_is_answered() {
    let bytes = install(&write(b"x")).envelope();
    let context = Context::new(&RustCrypto);
    let key = procedures::key();
    let public = key.public_key();
    let trusted = [TrustedKey::new(&public, &context).unwrap()];
    let store = TrustStore::new(&trusted);
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify(&Trust::keys(&store), &policy, &context).unwrap();
    let target = Target {
        components: 1,
        stored: None,
        limits: Limits::DEFAULT,
        readings: Readings::default(),
    };
    let arena = &mut [];
    let mut processor =
        Processor::<1, 1>::new(&envelope, &manifest, UPDATE, &target, arena, &context).unwrap();
    let misuse = ErrorKind::Misuse(Misuse::Answer);
    let is_misuse = |processor: &mut Processor<'_, 1, 1>, answer| {
        processor.answer(answer).is_err_and(|error| error.kind() == misuse)
    };
    // Each step takes its own answers only, and stands until it has one.
    type IsIt = fn(&Step<'_>) -> bool;
    let steps: [(IsIt, Answer<'_>, Answer<'_>); 4] = [
        (|step| matches!(step, Step::FindComponent(_)), Answer::Done, Answer::Held(true)),
        (|step| matches!(step, Step::CountReferences(_)), Answer::Done, Answer::Count(0)),
        (|step| matches!(step, Step::Write { .. }), Answer::Count(0), Answer::Done),
        (|step| matches!(step, Step::Commit { .. }), Answer::Held(true), Answer::Done),
    ];
    assert!(is_misuse(&mut processor, Answer::Failed));
    for (is_it, wrong, right) in steps {
        let step = processor.step(&context).unwrap();
        assert!(is_it(&step), "{step:?}");
        assert!(is_misuse(&mut processor, wrong), "{step:?}");
        assert_eq!(processor.step(&context).unwrap(), step);
        processor.answer(right).unwrap();
    }
    assert_eq!(processor.step(&context).unwrap(), Step::Ended(Ok(())));
    assert!(is_misuse(&mut processor, Answer::Done));
}

#[test]
fn uninstall_runs_its_section_and_leaves_the_number() {
    let made = Made::new(1, 20, &write(b"x")).with(24, &[(33, int(0))]);
    let mut device = Device { number: Some(1), ..one() };
    device.components.get_mut("00").unwrap().references = 1;
    made.run(Procedure::Uninstall, &mut device).unwrap();
    assert_eq!((device.log(), device.number), (vec!["unlink 00".into()], Some(1)));
}
