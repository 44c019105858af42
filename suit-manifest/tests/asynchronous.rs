//! The asynchronous driver does what the other one does, on a device that keeps it waiting.

#[path = "support/device.rs"]
mod device;
#[path = "support/later_device.rs"]
mod later_device;
#[path = "support/procedures.rs"]
mod procedures;

use device::Device;
use later_device::{LaterDevice, wait_for};
use procedures::{Made, alternatives, bstr, digest, int, key, set, text};
use suit_manifest::{
    AuthenticationPolicy, Authority, Envelope, Limits, Procedure, Processor, Readings, Target,
    cose_ext::{
        Context, Trust,
        key::{TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
    },
    run_async,
};

/// Runs an update and an invocation by both drivers, and compares all that can be seen.
fn same(made: &Made, device: impl Fn() -> Device) {
    for procedure in [Procedure::Update, Procedure::Invoke] {
        let mut waited_for = device();
        let mut other = device();
        let expected = made.run(procedure, &mut other).is_ok();
        let bytes = made.envelope();
        let context = Context::new(&RustCrypto);
        let public = key().public_key();
        let trusted = [TrustedKey::new(&public, &context).unwrap()];
        let store = TrustStore::new(&trusted);
        let trust = Trust::keys(&store);
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
        let manifest = envelope.verify(&trust, &policy, &context).unwrap();
        let (limits, readings) = (Limits::DEFAULT, Readings::default());
        let target = Target { components: 4, stored: None, limits, readings };
        let mut arena = [0; 4096];
        let mut processor =
            Processor::<4, 4>::new(&envelope, &manifest, procedure, &target, &mut arena, &context)
                .unwrap();
        let mut later = LaterDevice { device: &mut waited_for, waits: 0 };
        let authority = Authority { trust: &trust, policy: &policy };
        let ended = wait_for(run_async(&mut processor, &mut later, &authority, &context));
        assert!(later.waits > 0);
        assert_eq!(ended.is_ok(), expected);
        assert_eq!(waited_for.effects, other.effects);
        assert_eq!(waited_for.final_contents(), other.final_contents());
        assert_eq!(waited_for.numbers, other.numbers);
    }
}

#[test]
fn both_drivers_do_the_same() {
    let two = || {
        let mut device = Device::with_components([0, 1]).holding("00", b"a longer content");
        device.network.insert("http://example.com/x".into(), b"image".to_vec());
        device
    };
    let fetched = [
        (12, int(1)),
        set(&[(3, digest(b"image")), (21, text("http://example.com/x"))]),
        (21, int(0)),
        (3, int(15)),
    ];
    let made = Made::new(2, 20, &fetched).with(9, &[(12, int(1)), (23, int(0))]);
    same(&made, two);
    for content in
        [&b"a longer content"[..], b"a longer", b"a longer content.", b"another content!"]
    {
        let checked = [(12, int(0)), set(&[(18, bstr(content))]), (6, int(0))];
        let tried = [(12, int(0)), (15, alternatives(&[&checked, &[(12, int(1)), (22, int(0))]]))];
        same(&Made::new(2, 7, &tried), two);
    }
    // A dependency, read in pieces.
    let mut inner = Made::new(1, 20, &[set(&[(18, bstr(b"x"))]), (18, int(0))]);
    inner.first = 1;
    let resolve = [
        (12, int(0)),
        set(&[(3, inner.digest()), (21, text("#dependency"))]),
        (21, int(0)),
        (7, int(0)),
    ];
    let mut made = Made::new(2, 15, &resolve).with(20, &[(12, int(0)), (11, int(0))]);
    made.dependencies = vec![0];
    made.integrated = vec![("#dependency", inner.envelope())];
    same(&made, two);
}
