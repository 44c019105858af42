//! The asynchronous driver does what the other one does, on a device that keeps it waiting.

#[path = "support/device.rs"]
mod device;
#[path = "support/procedures.rs"]
mod procedures;

use core::{
    future::Future,
    pin::pin,
    task::{Context as Waking, Poll, Waker},
};

use device::{Device, Never};
use procedures::{Made, alternatives, bstr, digest, int, key, set, text};
use suit_manifest::{
    AsyncPlatform, AuthenticationPolicy, Authority, ComponentName, Envelope, Fetch, ImageDigest,
    Limits, Outcome, Platform, Procedure, Processor, Readings, Target,
    cose_ext::{
        Context, Trust,
        crypto::Algorithm,
        key::{TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
    },
    run_async,
};

/// Waits once before each answer.
struct Later<'d> {
    device: &'d mut Device,
    waits: usize,
}

/// Comes back at the second look.
struct Once(bool);

impl Future for Once {
    type Output = ();

    fn poll(mut self: core::pin::Pin<&mut Self>, waking: &mut Waking<'_>) -> Poll<()> {
        if core::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        waking.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Later<'_> {
    async fn wait(&mut self) -> &mut Device {
        self.waits += 1;
        Once(false).await;
        self.device
    }
}

impl AsyncPlatform for Later<'_> {
    type Error = Never;

    async fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Never> {
        self.wait().await.has_component(component)
    }

    async fn is_vendor(&mut self, id: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, Never> {
        self.wait().await.is_vendor(id, vendor)
    }

    async fn is_class(&mut self, id: &ComponentName<'_>, class: &[u8]) -> Result<bool, Never> {
        self.wait().await.is_class(id, class)
    }

    async fn is_slot(&mut self, id: &ComponentName<'_>, slot: u64) -> Result<bool, Never> {
        self.wait().await.is_slot(id, slot)
    }

    async fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Never> {
        self.wait().await.read(component, offset, out)
    }

    async fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Never> {
        self.wait().await.digest(component, algorithm, size, out)
    }

    async fn fetch(&mut self, id: &ComponentName<'_>, fetch: &Fetch<'_>) -> Result<bool, Never> {
        self.wait().await.fetch(id, fetch)
    }

    async fn write(&mut self, id: &ComponentName<'_>, content: &[u8]) -> Result<bool, Never> {
        self.wait().await.write(id, content)
    }

    async fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Never> {
        self.wait().await.copy(source, destination)
    }

    async fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> Result<bool, Never> {
        self.wait().await.invoke(component, arguments)
    }

    async fn references(&mut self, component: &ComponentName<'_>) -> Result<u64, Never> {
        self.wait().await.references(component)
    }

    async fn dependency_number(&mut self, id: &ComponentName<'_>) -> Result<Option<u64>, Never> {
        self.wait().await.dependency_number(id)
    }

    async fn commit_dependency(
        &mut self,
        component: &ComponentName<'_>,
        sequence_number: u64,
    ) -> Result<bool, Never> {
        self.wait().await.commit_dependency(component, sequence_number)
    }

    async fn commit(&mut self, sequence_number: u64) -> Result<bool, Never> {
        self.wait().await.commit(sequence_number)
    }

    fn noted(&mut self, outcome: &Outcome<'_>) {
        self.device.noted(outcome);
    }
}

fn wait_for<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut waking = Waking::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut waking) {
            return output;
        }
    }
}

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
        let mut later = Later { device: &mut waited_for, waits: 0 };
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
