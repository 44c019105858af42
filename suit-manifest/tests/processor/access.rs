//! What a signer may do with a component, and a manifest that changes while it is processed.

use super::*;

/// Grants the root everything, and a dependency writing to component 01 only.
struct Grants {
    dependency: Option<Role>,
}

impl AccessControl for Grants {
    fn role(&self, _: &ComponentName<'_>, signers: &Signers) -> Option<Role> {
        assert_eq!(signers.keys(), 1);
        self.dependency
    }

    fn permits(&self, role: Role, access: &Access<'_>) -> bool {
        let is_own = access.component.segments().eq([&[1][..]]);
        let may_set = access.parameter.is_none_or(|parameter| parameter == Parameter::Content);
        role == Role(0) || (is_own && may_set)
    }
}

/// Runs an update of the envelope under these grants, and gives the rule that ended it.
fn granted(made: &Made, grants: &Grants, device: &mut Device) -> Option<Rule> {
    with_processor(made, |processor, authority, context| {
        let mut processor = processor.with_access(grants, Role(0));
        match run(&mut processor, device, authority, context) {
            Ok(()) => None,
            Err(RunError::Failed(failure)) => Some(failure.rule),
            Err(error) => panic!("{error:?}"),
        }
    })
}

fn with_processor<R>(
    made: &Made,
    with: impl for<'m> FnOnce(Processor<'m, 4, 4>, &Authority<'_>, &Context<'_>) -> R,
) -> R {
    let bytes = made.envelope();
    let context = Context::new(&RustCrypto);
    let key = procedures::key();
    let public = key.public_key();
    let trusted = [TrustedKey::new(&public, &context).unwrap()];
    let store = TrustStore::new(&trusted);
    let trust = Trust::keys(&store);
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let manifest = envelope.verify(&trust, &policy, &context).unwrap();
    let (limits, readings) = (Limits::DEFAULT, Readings::default());
    let target = Target { components: 4, stored: None, limits, readings };
    let mut arena = [0; 4096];
    let processor =
        Processor::new(&envelope, &manifest, UPDATE, &target, &mut arena, &context).unwrap();
    with(processor, &Authority { trust: &trust, policy: &policy }, &context)
}

#[test]
fn p37_a_manifest_does_what_its_signer_may() {
    let process = [(12, int(0)), (11, int(0))];
    let one = Grants { dependency: Some(Role(1)) };
    let made = dependent(&dependency(20, &write(b"x")), &process);
    assert_eq!(granted(&made, &one, &mut two()), None);
    // Another parameter than it may set, and another component than its own.
    let sets = [set(&[(14, int(1)), (18, bstr(b"x"))]), (18, int(0))];
    let made = dependent(&dependency(20, &sets), &process);
    let mut device = two();
    assert_eq!(granted(&made, &one, &mut device), Some(Rule::AccessGranted));
    assert_eq!(device.log(), RESOLVED);
    let mut elsewhere = dependency(20, &write(b"x"));
    elsewhere.first = 0;
    let made = dependent(&elsewhere, &process);
    assert_eq!(granted(&made, &one, &mut two()), Some(Rule::AccessGranted));
    assert_eq!(granted(&made, &Grants { dependency: Some(Role(0)) }, &mut two()), None);
    // A swap changes its source, which belongs to another one.
    let content = [set(&[(18, bstr(b"x"))]), (18, int(0))];
    let swap = [(12, int(1)), (31, int(0))];
    let mut swaps = dependency(20, &[&[(12, int(1))][..], &content, &swap].concat());
    (swaps.components, swaps.first) = (2, 0);
    let mut made = dependent(&swaps, &process);
    made.components = 2;
    let at = made.sections.iter().position(|(section, _)| *section == 20).unwrap();
    made.sections[at].1 =
        sequence(&[(12, int(1)), set(&[(22, int(0))]), (12, int(0)), (11, int(0))]);
    let swapped = Grants { dependency: Some(Role(1)) };
    let mut device = two();
    assert_eq!(granted(&made, &swapped, &mut device), Some(Rule::AccessGranted));
    assert!(!device.log().iter().any(|effect| effect.starts_with("swap")), "{:?}", device.log());
    let all = Grants { dependency: Some(Role(0)) };
    let mut device = two();
    assert_eq!(granted(&made, &all, &mut device), None);
    assert!(device.log().contains(&"swap 00".to_owned()), "{:?}", device.log());
    // A signer without any role.
    let made = dependent(&dependency(20, &write(b"x")), &process);
    let nobody = Grants { dependency: None };
    assert_eq!(granted(&made, &nobody, &mut two()), Some(Rule::AccessGranted));
}

#[test]
fn p38_a_manifest_that_changes_is_not_run_on() {
    let made = Made::new(1, 16, &write(b"x")).with(20, &write(b"y"));
    for changes_after in [0, 1, 2, 9] {
        let mut device = one();
        device.changes_after = Some(changes_after);
        let ended = with_processor(&made, |processor, authority, context| {
            run(&mut processor.with_rehash(), &mut device, authority, context)
        });
        let written = device.log().iter().filter(|effect| effect.starts_with("write")).count();
        assert_eq!(written, changes_after.min(2));
        match ended {
            Ok(()) => assert!(changes_after >= 2),
            Err(RunError::Failed(failure)) => {
                assert_eq!(failure.rule, Rule::ManifestUnchanged);
                assert!(changes_after < 2);
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}
