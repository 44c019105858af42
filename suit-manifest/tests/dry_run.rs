//! A dry run tells all effects, and has none.

#[path = "support/device.rs"]
mod device;
#[path = "support/procedures.rs"]
mod procedures;

use device::{Device, Never};
use procedures::{COMPONENTS, DEPTH, Made, bstr, digest, int, key, set, text};
use suit_manifest::{
    AuthenticationPolicy, Authority, Envelope, Foreseen, Limits, Procedure, Processor, Readings,
    RunError, Step, Target,
    cose_ext::{
        Context, Trust,
        key::{TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
    },
    dry_run,
};

/// What would be done, and how it would end: everything, up to a component, or a failure.
fn foreseen(made: &Made, device: &mut Device) -> (Vec<String>, Result<String, &'static str>) {
    let bytes = made.envelope();
    let context = Context::new(&RustCrypto);
    let public = key().public_key();
    let trusted = [TrustedKey::new(&public, &context).unwrap()];
    let store = TrustStore::new(&trusted);
    let trust = Trust::keys(&store);
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let manifest = envelope.verify(&trust, &policy, &context).unwrap();
    let target = Target {
        components: device.components.len(),
        stored: None,
        limits: Limits::DEFAULT,
        readings: Readings::default(),
    };
    let mut arena = vec![0; 4096];
    let processor = Processor::<COMPONENTS, DEPTH>::new(
        &envelope,
        &manifest,
        Procedure::Update,
        &target,
        &mut arena,
        &context,
    )
    .unwrap();
    let authority = Authority { trust: &trust, policy: &policy };
    let mut effects = Vec::new();
    let mut told = |step: &Step<'_>| {
        effects.push(match step {
            Step::Fetch { component, uri, .. } => format!("fetch {component} {uri}"),
            Step::Write { component, content } => format!("write {component} {}", content.len()),
            Step::Copy { source, destination } => format!("copy {source} {destination}"),
            Step::Swap { source, destination } => format!("swap {source} {destination}"),
            Step::Unlink(component) => format!("unlink {component}"),
            Step::CommitDependency { component, .. } => format!("commit-dependency {component}"),
            Step::Commit { sequence_number } => format!("commit {sequence_number}"),
            other => panic!("{other:?}"),
        });
    };
    let ended = match dry_run(processor, device, &mut told, &authority, &context) {
        Ok(Foreseen::All) => Ok("all".to_owned()),
        Ok(Foreseen::Until(component)) => Ok(format!("until {component}")),
        Ok(other) => panic!("{other:?}"),
        Err(RunError::<Never>::Failed(failure)) => Err(failure.rule.to_ref().id),
        Err(other) => panic!("{other:?}"),
    };
    assert!(device.effects.is_empty(), "{:?}", device.effects);
    (effects, ended)
}

fn unchanged(components: u8) -> Device {
    Device::with_components(0..components)
}

#[test]
fn every_effect_is_told_and_none_is_there() {
    let fetch = [
        (12, int(1)),
        set(&[(3, digest(b"image")), (14, int(5)), (21, text("http://maker.example/1"))]),
        (21, int(2)),
        (3, int(15)),
    ];
    let install = [
        (12, int(0)),
        set(&[(3, digest(b"image")), (22, int(1))]),
        (22, int(2)),
        (3, int(15)),
        (12, int(2)),
        set(&[(18, bstr(b"config"))]),
        (18, int(2)),
        (6, int(15)),
    ];
    let made = Made::new(3, 16, &fetch).with(20, &install);
    let mut device = unchanged(3).holding("00", b"old");
    let (effects, ended) = foreseen(&made, &mut device);
    assert_eq!(
        effects,
        ["fetch 01 http://maker.example/1", "copy 01 00", "write 02 6", "commit 1"]
    );
    assert_eq!(ended, Ok("all".into()));
    assert_eq!(device.components["00"].content.as_deref(), Some(&b"old"[..]));
    assert_eq!(device.number, None);
    // The network is not asked: it has nothing.
    assert!(device.network.is_empty());
}

#[test]
fn a_condition_that_fails_is_foreseen() {
    // On what the device has.
    let made = Made::new(1, 20, &[set(&[(1, bstr(&[9; 16]))]), (1, int(15))]);
    assert_eq!(foreseen(&made, &mut unchanged(1)), (vec![], Err("P18")));
    // On what would be written.
    let write = [set(&[(3, digest(b"y")), (18, bstr(b"x"))]), (18, int(2)), (3, int(15))];
    let made = Made::new(1, 20, &write);
    assert_eq!(foreseen(&made, &mut unchanged(1)), (vec!["write 00 1".into()], Err("P18")));
    // On what would be moved.
    let swap = |content: &[u8]| {
        let content = set(&[(18, bstr(content)), (22, int(1))]);
        Made::new(2, 20, &[(12, int(0)), content, (31, int(2)), (6, int(15))])
    };
    let device = || unchanged(2).holding("00", b"a").holding("01", b"b");
    assert_eq!(foreseen(&swap(b"b"), &mut device()).1, Ok("all".into()));
    assert_eq!(foreseen(&swap(b"a"), &mut device()).1, Err("P18"));
    // Of a source that is not there.
    let made = swap(b"b");
    assert_eq!(foreseen(&made, &mut unchanged(2).holding("00", b"a")).1, Err("P22"));
}

#[test]
fn a_dependency_is_followed_as_far_as_it_is_known() {
    let mut inner = Made::new(1, 20, &[set(&[(18, bstr(b"x"))]), (18, int(2))]);
    inner.first = 1;
    let outer = |uri: &'static str| {
        let resolve = [
            (12, int(0)),
            set(&[(3, inner.digest()), (21, text(uri))]),
            (21, int(2)),
            (7, int(15)),
        ];
        let mut outer = Made::new(2, 15, &resolve).with(20, &[(12, int(0)), (11, int(2))]);
        outer.dependencies = vec![0];
        outer.integrated = vec![("#inner", inner.envelope())];
        outer
    };
    let (effects, ended) = foreseen(&outer("#inner"), &mut unchanged(2));
    assert_eq!(effects, ["fetch 00 #inner", "write 01 1", "commit-dependency 00", "commit 1"]);
    assert_eq!(ended, Ok("all".into()));
    let (effects, ended) = foreseen(&outer("http://maker.example/inner"), &mut unchanged(2));
    assert_eq!(effects, ["fetch 00 http://maker.example/inner"]);
    assert_eq!(ended, Ok("until 00".into()));
}

#[test]
fn a_count_that_would_be_lowered_is_lowered() {
    let write = set(&[(18, bstr(b"x"))]);
    let device = |references| {
        let mut device = unchanged(1);
        device.components.get_mut("00").unwrap().references = references;
        device
    };
    let made = Made::new(1, 20, &[write.clone(), (33, int(0)), (33, int(0)), (18, int(0))]);
    let (effects, ended) = foreseen(&made, &mut device(1));
    assert_eq!(
        (effects, ended),
        (vec!["unlink 00".into(), "write 00 1".into(), "commit 1".into()], Ok("all".into()))
    );
    assert_eq!(foreseen(&made, &mut device(2)).1, Err("P32"));
    let made = Made::new(1, 20, &[write, (18, int(0))]);
    assert_eq!(foreseen(&made, &mut device(1)), (vec![], Err("P32")));
}
