//! What running a manifest may cost: no heap, and a bounded number of steps.

#[path = "support/device.rs"]
mod device;
#[path = "support/procedures.rs"]
mod procedures;

use device::Device;
use procedures::{Made, TRUE, alternatives, array, bstr, digest, int, key, sequence, set};
#[cfg(feature = "trust-domains")]
use procedures::{run_with_room, text};
use suit_manifest::{
    Answer, AuthenticationPolicy, Envelope, Failure, Limits, Procedure, Processor, Readings, Rule,
    Step, Target,
    cose_ext::{
        Context, Trust,
        key::{TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
    },
};
use testkit::alloc_count::{Counting, allocations_during};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs an update whose every step succeeds, and counts the steps.
fn steps(bytes: &[u8], image: &[u8]) -> (usize, Result<(), Failure>) {
    steps_within(bytes, image, Limits::DEFAULT, 1)
}

/// Asks for each step so often; where that is more than once, a wrong answer comes first.
fn steps_within(
    bytes: &[u8],
    image: &[u8],
    limits: Limits,
    asked: usize,
) -> (usize, Result<(), Failure>) {
    let context = Context::new(&RustCrypto);
    let public = key().public_key();
    let trusted = [TrustedKey::new(&public, &context).unwrap()];
    let store = TrustStore::new(&trusted);
    let envelope = Envelope::decode(bytes, &context.profile).unwrap();
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify(&Trust::keys(&store), &policy, &context).unwrap();
    let readings = Readings::default();
    let target = Target { components: 4, stored: None, limits, readings };
    let mut arena = [0; 16];
    let mut processor = Processor::<4, 4>::new(
        &envelope,
        &manifest,
        Procedure::Update,
        &target,
        &mut arena,
        &context,
    )
    .unwrap();
    let mut steps = 0;
    loop {
        let step = processor.step(&context).unwrap();
        for _ in 1..asked {
            let wrong = match step {
                Step::Fetch { .. } | Step::Write { .. } | Step::Copy { .. } => Answer::Held(true),
                Step::Invoke { .. } | Step::Commit { .. } => Answer::Held(true),
                Step::CountReferences(_) => Answer::Held(true),
                _ => Answer::Done,
            };
            assert!(processor.answer(wrong).is_err(), "{wrong:?} to {step:?}");
            assert_eq!(processor.step(&context).unwrap(), step);
        }
        let answer = match step {
            Step::Ended(ended) => return (steps, ended),
            Step::DigestImage { .. } => Answer::Image { digest: image, size: 5 },
            Step::CountReferences(_) => Answer::Count(0),
            Step::Fetch { .. } | Step::Write { .. } | Step::Copy { .. } => Answer::Done,
            Step::Invoke { .. } | Step::Commit { .. } => Answer::Done,
            _ => Answer::Held(true),
        };
        processor.answer(answer).unwrap();
        steps += 1;
    }
}

#[test]
fn running_takes_nothing_from_the_heap() {
    let body = [set(&[(3, digest(b"image")), (18, bstr(b"x"))]), (18, int(0)), (3, int(15))];
    let tried = (15, alternatives(&[&[(32, bstr(&sequence(&body)))], &[]]));
    let bytes = Made::new(2, 20, &[(12, TRUE.to_vec()), tried]).envelope();
    let image = procedures::sha256(&[b"image"]);
    let ((steps, ended), allocations) = allocations_during(|| steps(&bytes, &image));
    assert_eq!(ended, Ok(()));
    // Two components to find; count, write and match for each; the number.
    assert_eq!(steps, 2 + 2 * 3 + 1);
    assert_eq!(allocations.count, 0);
}

/// All components in sequences in sequences, at 64 KiB: more to do than there are steps.
#[test]
fn loops_in_loops_are_bounded() {
    let all = (12, TRUE.to_vec());
    let mut body = vec![all.clone(), set(&[(18, bstr(b"x"))])];
    body.extend((0..2000).map(|_| (18, int(0))));
    for _ in 0..3 {
        let run = (32, bstr(&sequence(&body)));
        body = vec![all.clone(); 1];
        body.extend((0..2).map(|_| run.clone()));
    }
    let bytes = Made::new(4, 20, &body).envelope();
    let (steps, ended) = steps(&bytes, &[]);
    assert_eq!(ended.unwrap_err().rule, Rule::BoundedProcessing);
    // Each command is two steps of the caller at most.
    assert!(steps < 2 * 16_384, "{steps}");
}

/// What the limit is for is not what the limit refuses: the longest published shapes need a fraction.
#[test]
fn an_update_of_four_components_is_far_from_the_limit() {
    let each = [set(&[(18, bstr(&[7; 512]))]), (18, int(0)), (6, int(0))];
    let body = bstr(&sequence(&each));
    let made = Made::new(4, 20, &[(12, TRUE.to_vec()), (32, body)]);
    let mut device = Device::with_components(0..4);
    let limits = Limits::DEFAULT.with_steps(16_384 / 8);
    made.run_within(Procedure::Update, &mut device, limits, 0).unwrap();
}

/// A caller that asks again, say after its task was woken for another reason or its answer was refused, gets the step
/// that is due and pays for it once.
#[test]
fn a_step_that_is_asked_for_again_costs_nothing() {
    let body = [set(&[(3, digest(b"image")), (18, bstr(&[7; 200]))]), (18, int(0)), (3, int(15))];
    let failing = [set(&[(3, digest(b"other"))]), (3, int(0))];
    let tried = (15, alternatives(&[&failing, &[(32, bstr(&sequence(&body)))]]));
    let made = Made::new(2, 20, &[(12, TRUE.to_vec()), tried]);
    let made = made.with(7, &[(12, array(&[int(1), int(0)])), (3, int(15)), (6, int(0))]);
    let bytes = made.envelope();
    let image = procedures::sha256(&[b"image"]);
    let within =
        |steps, asked| steps_within(&bytes, &image, Limits::DEFAULT.with_steps(steps), asked);
    let enough = (1..).find(|steps| within(*steps, 1).1.is_ok()).unwrap();
    let once = within(enough, 1);
    assert_eq!(within(enough, 2), once);
    assert_eq!(within(enough, 100), once);
    // One less ends it at one and the same place.
    let ended = within(enough - 1, 1);
    assert_eq!(ended.1.unwrap_err().rule, Rule::BoundedProcessing);
    assert_eq!(within(enough - 1, 3), ended);
}

/// More components than a byte counts, where the machine has room for more: the procedure ends, and does not look for
/// the last one for ever.
#[test]
#[cfg(feature = "trust-domains")]
fn a_table_of_many_components_ends() {
    let named = |made: &mut Made, first: u8| {
        let names = (0..made.components).map(|at| (at, vec![vec![first], vec![at as u8]]));
        made.names = names.collect();
    };
    for (components, expected) in [(55, "P18"), (56, "P40"), (57, "P40")] {
        let mut inner = Made::new(components, 20, &[(12, int(0)), (14, int(0))]);
        named(&mut inner, 1);
        let found = set(&[(3, inner.digest()), (21, text("#d"))]);
        let resolve = [(12, int(0)), found, (21, int(0)), (7, int(0))];
        let mut outer = Made::new(200, 15, &resolve).with(20, &[(12, int(0)), (11, int(0))]);
        named(&mut outer, 0);
        outer.dependencies = vec![0];
        outer.integrated = vec![("#d", inner.envelope())];
        let mut device = Device::with_components([]);
        for (first, components) in [(0, 200), (1, components)] {
            for at in 0..components {
                device.components.insert(format!("{first:02x}/{at:02x}"), Default::default());
            }
        }
        let ended = run_with_room::<300>(&outer, Procedure::Update, &mut device);
        assert_eq!(ended.unwrap_err().rule(), expected, "{components}");
    }
}
