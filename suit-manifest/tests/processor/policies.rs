//! What the texts leave to the policy of the device: signatures of dependencies, prefixes, unlink.

use super::*;
use suit_manifest::{
    DependencyPrefix, DependencySignature, Stored, UnlinkDirective, Unsupported, Verdict,
};

const PROCESS: fn() -> [(i64, Vec<u8>); 2] = || [(12, int(0)), (11, int(0))];

const WAIVED: Readings = Readings { dependency_signature: DependencySignature::Waived, ..plain() };

/// The readings of this project, as a constant.
const fn plain() -> Readings {
    Readings {
        nested_failure: suit_manifest::NestedFailure::Ends,
        dependency_index: suit_manifest::DependencyIndex::Component,
        dependency_signature: DependencySignature::Required,
        dependency_prefix: DependencyPrefix::Prepended,
        unlink: UnlinkDirective::Honoured,
    }
}

#[test]
fn the_default_is_the_strict_reading() {
    assert_eq!(Readings::default(), plain());
}

/// The envelope of a dependency with its digest and no block beside it.
fn unsigned(dependency: &Made) -> Vec<u8> {
    let manifest = dependency.manifest();
    let stated = array(&[int(-16), bstr(&procedures::sha256(&[&manifest]))]);
    let wrapper = bstr(&array(&[bstr(&stated)]));
    [vec![0xa2], int(2), wrapper, int(3), manifest].concat()
}

#[test]
fn a_signature_of_a_dependency_may_be_waived() {
    let dependency = dependency(20, &write(b"x"));
    let mut good = dependent(&dependency, &PROCESS());
    good.readings = WAIVED;
    let with = |envelope| Made { integrated: vec![("#dep", envelope)], ..good.clone() };
    let effects = [&RESOLVED[..], &["write 01", "commit-sequence 1"]].concat();
    let stranger = dependency.signed_by(&procedures::key_of(9));
    for envelope in [dependency.envelope(), stranger, unsigned(&dependency)] {
        succeeded(&with(envelope.clone()), two(), &effects);
        let strict = Made { readings: Readings::default(), ..with(envelope.clone()) };
        if envelope != dependency.envelope() {
            failed(&strict, two(), "P30", &RESOLVED);
        }
    }
    // The digests are not waived: another manifest, and a wrapper that states another digest.
    let other = Made { number: 2, ..dependency.clone() };
    failed(&with(other.envelope()), two(), "P30", &RESOLVED);
    let [mut wrong, taken] = [dependency.envelope(), other.manifest()];
    let end = wrong.len() - taken.len();
    wrong[end..].copy_from_slice(&taken);
    failed(&with(wrong), two(), "P30", &RESOLVED);
}

/// Says what may be done without a signature: nothing, or what the dependent may.
struct Trusting(bool);

impl AccessControl for Trusting {
    fn role(&self, _: &ComponentName<'_>, _: &Signers) -> Option<Role> {
        panic!("no signature is looked at")
    }

    fn unsigned_role(&self, component: &ComponentName<'_>, dependent: Role) -> Option<Role> {
        assert_eq!(component.to_string(), "00");
        self.0.then_some(dependent)
    }

    fn permits(&self, role: Role, _: &Access<'_>) -> bool {
        role == Role(5)
    }
}

/// Grants everything to whoever is signed, and says nothing of the others.
struct Silent;

impl AccessControl for Silent {
    fn role(&self, _: &ComponentName<'_>, _: &Signers) -> Option<Role> {
        Some(Role(5))
    }

    fn permits(&self, _: Role, _: &Access<'_>) -> bool {
        true
    }
}

/// Runs an update with access control; the rule that ended it, and what was taken without a
/// signature.
fn granted(made: &Made, control: &dyn AccessControl) -> (Option<Rule>, Vec<String>) {
    let bytes = made.envelope();
    let context = Context::new(&RustCrypto);
    let public = procedures::key().public_key();
    let trusted = [TrustedKey::new(&public, &context).unwrap()];
    let store = TrustStore::new(&trusted);
    let trust = Trust::keys(&store);
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let manifest = envelope.verify(&trust, &policy, &context).unwrap();
    let (limits, readings) = (Limits::DEFAULT, made.readings);
    let target = Target { components: 4, stored: None::<Stored<'_>>, limits, readings };
    let mut arena = [0; 4096];
    let processor =
        Processor::<4, 4>::new(&envelope, &manifest, UPDATE, &target, &mut arena, &context);
    let mut processor = processor.unwrap().with_access(control, Role(5));
    let authority = Authority { trust: &trust, policy: &policy };
    let rule = match run(&mut processor, &mut two(), &authority, &context) {
        Ok(()) => None,
        Err(RunError::Failed(failure)) => Some(failure.rule),
        Err(error) => panic!("{error:?}"),
    };
    let unsigned = processor.unsigned_dependencies().map(|name| name.to_string()).collect();
    (rule, unsigned)
}

#[test]
fn a_waiver_is_named_and_grants_nothing_by_itself() {
    let mut made = dependent(&dependency(20, &write(b"x")), &PROCESS());
    made.readings = WAIVED;
    assert_eq!(granted(&made, &Trusting(true)), (None, vec!["00".to_owned()]));
    assert_eq!(granted(&made, &Trusting(false)), (Some(Rule::AccessGranted), vec![]));
    assert_eq!(granted(&made, &Silent), (Some(Rule::AccessGranted), vec![]));
    made.readings = Readings::default();
    assert_eq!(granted(&made, &Silent), (None, vec![]));
}

#[test]
fn a_prefix_is_prepended_or_ignored_or_refused() {
    let mut dependency = dependency(20, &write(b"x"));
    dependency.first = 1;
    let mut made = dependent(&dependency, &PROCESS());
    made.prefixes = vec![(0, vec![9])];
    let device = || {
        let mut device = two();
        device.components.insert("09/01".into(), device::Component::default());
        device
    };
    let effects = |write| [&RESOLVED[..], &[write, "commit-sequence 1"]].concat();
    succeeded(&made, device(), &effects("write 09/01"));
    made.readings.dependency_prefix = DependencyPrefix::Ignored;
    succeeded(&made, device(), &effects("write 01"));
    made.readings.dependency_prefix = DependencyPrefix::Refused;
    let mut device = device();
    let ended = made.run(UPDATE, &mut device).unwrap_err();
    let procedures::Ended::Refused(error) = ended else { panic!("{ended:?}") };
    assert_eq!(error.kind(), ErrorKind::Unsupported(Unsupported::Member(1)));
    assert_eq!(error.verdict(), Verdict::CannotEvaluate);
    assert!(device.effects.is_empty());
    // Without a prefix there is nothing to refuse.
    made.prefixes.clear();
    succeeded(&made, two(), &effects("write 01"));
}

#[test]
fn unlink_is_honoured_or_ignored() {
    let dependency = dependency(24, &write(b"")).with(20, &write(b"x"));
    let mut made = dependent(&dependency, &[(12, int(0)), (11, int(0)), (33, int(0))]);
    made.sections[0].1 = sequence(&[(12, int(0)), set(&[(3, dependency.digest())]), (7, int(0))]);
    let counted = || {
        let mut device = two();
        device.components.get_mut("00").unwrap().content = Some(dependency.envelope());
        device.components.get_mut("00").unwrap().references = 1;
        device
    };
    let before = ["check-dependency 00", "write 01"];
    let honoured = [&before[..], &["unlink 00", "write 01", "commit-sequence 1"]].concat();
    succeeded(&made, counted(), &honoured);
    made.readings.unlink = UnlinkDirective::Ignored;
    succeeded(&made, counted(), &[&before[..], &["commit-sequence 1"]].concat());
    // What is counted stays counted, and is not written over.
    let mut over = install(&[&[(33, int(0))][..], &write(b"y")].concat());
    over.readings.unlink = UnlinkDirective::Ignored;
    let mut device = one();
    device.components.get_mut("00").unwrap().references = 1;
    failed(&over, device, "P32", &[]);
}

/// A dependency at an index that is as large as the processor has room for.
#[test]
fn a_dependency_may_stand_at_any_index_that_there_is_room_for() {
    const MANY: usize = 64;
    let names: Vec<_> = (0..MANY as u8).collect();
    let dependency = dependency(20, &write(b"x"));
    for at in [31, 32, 40, 63] {
        let run = |install: &[(i64, Vec<u8>)]| {
            let resolve = [
                (12, int(at)),
                set(&[(3, dependency.digest()), (21, text("#dep"))]),
                (21, int(0)),
                (7, int(0)),
            ];
            let mut made = Made::new(MANY, 15, &resolve).with(20, install);
            made.dependencies = vec![at];
            made.integrated = vec![("#dep", dependency.envelope())];
            let mut device = Device::with_components(names.iter().copied());
            let ended = procedures::run_with_room::<MANY>(&made, UPDATE, &mut device);
            (ended.map_err(|ended| ended.rule()), device.log())
        };
        let processed = run(&[(12, int(at)), (11, int(0))]);
        let resolved = [format!("fetch {at:02x}"), format!("check-dependency {at:02x}")];
        let effects = ["write 01".to_owned(), "commit-sequence 1".to_owned()];
        assert_eq!(processed, (Ok(()), [&resolved[..], &effects].concat()));
        // That its section was not processed is seen there too.
        assert_eq!(run(&[(12, int(0))]), (Err("P31"), resolved.to_vec()));
    }
}
