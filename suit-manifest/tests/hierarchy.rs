//! Dependencies under prefixes of several levels, and in the hands of a second processor.

#[path = "support/device.rs"]
mod device;
#[path = "support/procedures.rs"]
mod procedures;

use device::{Component, Device, Never};
use procedures::{COMPONENTS, DEPTH, Ended, Made, bstr, digest, int, key, key_of, map, set, text};
use suit_manifest::{
    AuthenticationPolicy, Authority, ComponentName, Delegated, Envelope, ErrorKind, Fetch,
    ImageDigest, Limits, Misuse, Outcome, Platform, Procedure, Processor, Readings, Rule, RunError,
    Section, Target,
    cose_ext::{
        Context, Trust,
        crypto::Algorithm,
        key::{TrustStore, TrustedKey},
        rustcrypto::{P256SigningKey, RustCrypto},
    },
    run,
};

const UPDATE: Procedure = Procedure::Update;

/// Component 0 holds the dependency, which is processed in `install`.
fn dependent(inner: &Made, uri: &'static str, prefix: &[u8]) -> Made {
    let resolve = [
        (12, int(0)),
        set(&[(3, inner.digest()), (21, text(uri))]),
        (21, int(2)),
        (7, int(15)),
        (11, int(2)),
    ];
    let mut outer = Made::new(1, 15, &resolve).with(20, &[(12, int(0)), (11, int(2))]);
    outer.dependencies = vec![0];
    outer.prefixes = vec![(0, prefix.to_vec())];
    outer.integrated = vec![(uri, inner.envelope())];
    outer
}

/// Writes one component.
fn writes(content: &[u8]) -> Made {
    Made::new(1, 20, &[set(&[(18, bstr(content))]), (18, int(2))])
}

fn named(names: &[&str]) -> Device {
    let mut device = Device::with_components([]);
    for name in names {
        device.components.insert((*name).into(), Component::default());
    }
    device
}

#[test]
fn prefixes_stand_before_each_other() {
    let inner = writes(b"x");
    let middle = dependent(&inner, "#inner", &[0xb2]);
    let outer = dependent(&middle, "#middle", &[0xa1]);
    let mut device = named(&["00", "a1/00", "a1/b2/00"]);
    outer.run(UPDATE, &mut device).unwrap();
    assert_eq!(
        device.log(),
        [
            "fetch 00",
            "check-dependency 00",
            "fetch a1/00",
            "check-dependency a1/00",
            "write a1/b2/00",
            "commit-sequence 1"
        ]
    );
}

#[test]
fn a_level_without_a_prefix_adds_nothing() {
    let mut inner = writes(b"x");
    inner.first = 7;
    let mut middle = dependent(&inner, "#inner", &[]);
    middle.prefixes.clear();
    let outer = dependent(&middle, "#middle", &[0xa1]);
    let mut device = named(&["00", "a1/00", "a1/07"]);
    outer.run(UPDATE, &mut device).unwrap();
    assert!(device.log().contains(&"write a1/07".to_owned()));
}

#[test]
fn three_levels_have_three_prefixes() {
    let mut made = writes(b"x");
    let uris = ["#inner", "#middle", "#outer"];
    for (uri, prefix) in uris.into_iter().zip([0xc3, 0xb2, 0xa1]) {
        made = dependent(&made, uri, &[prefix]);
    }
    let mut device = named(&["00", "a1/00", "a1/b2/00", "a1/b2/c3/00"]);
    made.run(UPDATE, &mut device).unwrap();
    assert!(device.log().contains(&"write a1/b2/c3/00".to_owned()));
}

#[test]
fn a_prefix_that_no_arena_takes_ends_the_procedure() {
    let inner = writes(b"x");
    let middle = dependent(&inner, "#inner", &[2; 200]);
    let outer = dependent(&middle, "#middle", &[1; 200]);
    let (one, two) = (hex::encode([1; 200]), hex::encode([2; 200]));
    let mut device = named(&["00", &format!("{one}/00"), &format!("{one}/{two}/00")]);
    let ended = outer.run(UPDATE, &mut device).unwrap_err();
    assert_eq!(ended.rule(), "P35");
    assert!(!device.log().iter().any(|effect| effect.starts_with("write")));
}

#[test]
fn staging_and_installation_are_an_update_in_two_trust_domains() {
    let fetch = [
        (12, int(1)),
        set(&[(3, digest(b"image")), (21, text("http://maker.example/1"))]),
        (21, int(2)),
        (3, int(15)),
    ];
    let verify = [(12, int(1)), (3, int(15))];
    let install = [(12, int(0)), set(&[(22, int(1))]), (22, int(2))];
    let made = Made::new(2, 16, &fetch).with(18, &verify).with(20, &install).number(5);
    let mut device = Device::with_components([0, 1]);
    device.network.insert("http://maker.example/1".into(), b"image".to_vec());
    made.run(Procedure::Staging, &mut device).unwrap();
    assert_eq!(device.log(), ["fetch 01", "check-image 01"]);
    assert_eq!(device.number, None);
    device.effects.clear();
    // The digest was set by a procedure that has ended.
    let ended = made.run(Procedure::Installation, &mut device).unwrap_err();
    assert_eq!(ended.rule(), "P20");
    let verify = [(12, int(1)), set(&[(3, digest(b"image"))]), (3, int(15))];
    let made = Made::new(2, 16, &fetch).with(18, &verify).with(20, &install).number(5);
    made.run(Procedure::Installation, &mut device).unwrap();
    assert_eq!(device.log(), ["check-image 01", "copy 01", "commit-sequence 5"]);
    device.number = Some(6);
    for procedure in [Procedure::Staging, Procedure::Installation] {
        assert_eq!(made.run(procedure, &mut device).unwrap_err().rule(), "P11");
    }
}

/// The prefix of the second processor.
const TEE: &[&[&[u8]]] = &[&[&[0xee]]];

/// A device with two processors: what stands under the prefix is the second one's.
struct Two {
    first: Device,
    second: Device,
    /// Whom the second processor trusts.
    trusts: P256SigningKey,
    /// The envelope that was taken over.
    envelope: Option<Vec<u8>>,
    /// Parameters of the first processor, each with what they are for.
    parameters: Vec<(Vec<u8>, bool)>,
    asked: Vec<String>,
}

impl Two {
    fn new(second: Device) -> Self {
        let mut first = Device::with_components([0]);
        first.components.insert("ee/00".into(), Component::default());
        let (envelope, parameters, asked) = (None, Vec::new(), Vec::new());
        Self { first, second, trusts: key_of(9), envelope, parameters, asked }
    }

    /// Runs one section of the envelope that was taken over.
    fn run_section(&mut self, section: Section) -> Result<bool, Ended> {
        let Some(bytes) = self.envelope.clone() else { return Ok(false) };
        let context = Context::new(&RustCrypto);
        let public = self.trusts.public_key();
        let trusted = [TrustedKey::new(&public, &context).unwrap()];
        let store = TrustStore::new(&trusted);
        let trust = Trust::keys(&store);
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
        let manifest = envelope.verify(&trust, &policy, &context).map_err(Ended::Refused)?;
        let (limits, readings) = (Limits::DEFAULT, Readings::default());
        let target = Target { components: 1, stored: None, limits, readings };
        let parameters = self.parameters.clone();
        let mut processor = Processor::<COMPONENTS, DEPTH>::new(
            &envelope,
            &manifest,
            Procedure::OnRequest,
            &target,
            &mut [],
            &context,
        )
        .map_err(Ended::Refused)?;
        let component = manifest.value().common().components().at(0).unwrap();
        for (parameters, replaces) in &parameters {
            processor
                .set_parameters(&component.into(), parameters, *replaces, &context)
                .map_err(Ended::Refused)?;
        }
        let asked = processor.request(&envelope, &manifest, section, &context);
        if !asked.map_err(Ended::Refused)? {
            return Ok(true);
        }
        let authority = Authority { trust: &trust, policy: &policy };
        run(&mut processor, &mut self.second, &authority, &context).map_err(
            |error| match error {
                RunError::Refused(error) => Ended::Refused(error),
                RunError::Failed(failure) => Ended::Failed(failure),
                other => panic!("{other:?}"),
            },
        )?;
        Ok(true)
    }

    fn run(&mut self, made: &Made) -> Result<(), Ended> {
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
        let mut processor = Processor::<COMPONENTS, DEPTH>::new(
            &envelope,
            &manifest,
            UPDATE,
            &target,
            &mut [],
            &context,
        )
        .unwrap()
        .with_second_processor(TEE);
        let authority = Authority { trust: &trust, policy: &policy };
        run(&mut processor, self, &authority, &context).map_err(|error| match error {
            RunError::Refused(error) => Ended::Refused(error),
            RunError::Failed(failure) => Ended::Failed(failure),
            other => panic!("{other:?}"),
        })
    }
}

impl Platform for Two {
    type Error = Never;

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Never> {
        self.first.has_component(component)
    }

    fn is_vendor(&mut self, id: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, Never> {
        self.first.is_vendor(id, vendor)
    }

    fn is_class(&mut self, id: &ComponentName<'_>, class: &[u8]) -> Result<bool, Never> {
        self.first.is_class(id, class)
    }

    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Never> {
        self.first.read(component, offset, out)
    }

    fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Never> {
        self.first.digest(component, algorithm, size, out)
    }

    fn fetch(&mut self, component: &ComponentName<'_>, fetch: &Fetch<'_>) -> Result<bool, Never> {
        self.first.fetch(component, fetch)
    }

    fn write(&mut self, component: &ComponentName<'_>, content: &[u8]) -> Result<bool, Never> {
        self.first.write(component, content)
    }

    fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Never> {
        self.first.copy(source, destination)
    }

    fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> Result<bool, Never> {
        self.first.invoke(component, arguments)
    }

    fn delegate(
        &mut self,
        component: &ComponentName<'_>,
        request: &Delegated<'_>,
    ) -> Result<bool, Never> {
        let context = Context::new(&RustCrypto);
        Ok(match request {
            Delegated::TakeOver { manifest } => {
                self.asked.push(format!("take over {component}"));
                let Some(bytes) = self.first.content(component).cloned() else { return Ok(false) };
                let public = self.trusts.public_key();
                let trusted = [TrustedKey::new(&public, &context).unwrap()];
                let store = TrustStore::new(&trusted);
                let policy = AuthenticationPolicy::ANY_BLOCK;
                let is_it = Envelope::decode(&bytes, &context.profile).is_ok_and(|envelope| {
                    envelope.authentication().digest() == *manifest
                        && envelope.verify(&Trust::keys(&store), &policy, &context).is_ok()
                });
                self.envelope = is_it.then_some(bytes);
                is_it
            }
            Delegated::SetParameters { parameters, replaces } => {
                self.asked.push(format!("set parameters of {component}"));
                self.parameters.push((parameters.to_vec(), *replaces));
                true
            }
            Delegated::Run { section } => {
                self.asked.push(format!("run {section} of {component}"));
                self.run_section(*section).unwrap_or(false)
            }
            Delegated::LacksSection { section } => {
                self.asked.push(format!("lacks {section} of {component}"));
                let Some(bytes) = &self.envelope else { return Ok(false) };
                let envelope = Envelope::decode(bytes, &context.profile).unwrap();
                let manifest = envelope.danger_unverified_manifest(&context.profile).unwrap();
                manifest.section(*section).is_ok_and(|section| section.is_none())
            }
            other => panic!("{other:?}"),
        })
    }

    fn commit(&mut self, sequence_number: u64) -> Result<bool, Never> {
        self.first.commit(sequence_number)
    }

    fn noted(&mut self, outcome: &Outcome<'_>) {
        self.first.noted(outcome);
    }
}

/// The trusted application's manifest: fetches from where the first processor says, and compares.
fn application() -> Made {
    let fetch = [set(&[(3, digest(b"trusted"))]), (21, int(2)), (3, int(15))];
    Made::new(1, 20, &fetch).with(7, &[set(&[(3, digest(b"trusted"))]), (3, int(15))])
}

/// Its dependent, which the first processor runs: sets the URI of the application's component.
fn carrier(application: &Made, signer: &P256SigningKey, uri: &'static str) -> Made {
    let resolve = [
        (12, int(0)),
        set(&[(3, application.digest()), (21, text("#application"))]),
        (21, int(2)),
        (7, int(15)),
    ];
    let install = [(12, int(1)), set(&[(21, text(uri))]), (12, int(0)), (11, int(2))];
    let mut made = Made::new(2, 15, &resolve)
        .with(20, &install)
        .with(7, &[(12, int(0)), (7, int(15)), (11, int(2))]);
    made.dependencies = vec![0];
    made.prefixes = vec![(0, vec![0xee])];
    made.names = vec![(1, vec![vec![0xee], vec![0]])];
    made.integrated = vec![("#application", application.signed_by(signer))];
    made
}

fn second() -> Device {
    let mut device = Device::with_components([0]);
    device.network.insert("http://maker.example/ta".into(), b"trusted".to_vec());
    device
}

#[test]
fn a_second_processor_verifies_and_runs_what_stands_under_its_prefix() {
    let made = carrier(&application(), &key_of(9), "http://maker.example/ta");
    let mut two = Two::new(second());
    two.run(&made).unwrap();
    assert_eq!(
        two.asked,
        [
            "take over 00",
            // The application needs no dependency.
            "lacks dependency-resolution of 00",
            "set parameters of ee/00",
            "run install of 00",
            "take over 00",
            "run validate of 00"
        ]
    );
    assert_eq!(two.second.log(), ["fetch 00", "check-image 00", "check-image 00"]);
    assert_eq!(two.second.components["00"].content.as_deref(), Some(&b"trusted"[..]));
    // The first one has fetched the envelope, and nothing of what it describes.
    assert_eq!(
        two.first.log(),
        ["fetch 00", "check-dependency 00", "check-dependency 00", "commit-sequence 1"]
    );
}

#[test]
fn the_second_processor_trusts_its_own_keys() {
    // The key that the first processor trusts is nobody to the second.
    let made = carrier(&application(), &key(), "http://maker.example/ta");
    let mut two = Two::new(second());
    assert_eq!(two.run(&made).unwrap_err().rule(), "P30");
    assert!(two.second.effects.is_empty());
    // Another manifest of the right signer is not the one that is meant.
    let mut made = carrier(&application(), &key_of(9), "http://maker.example/ta");
    made.integrated = vec![("#application", application().number(2).signed_by(&key_of(9)))];
    let mut two = Two::new(second());
    assert_eq!(two.run(&made).unwrap_err().rule(), "P30");
}

#[test]
fn a_section_that_fails_there_ends_the_procedure_here() {
    let made = carrier(&application(), &key_of(9), "http://maker.example/nothing");
    let mut two = Two::new(second());
    assert_eq!(two.run(&made).unwrap_err().rule(), "P21");
    assert_eq!(two.first.number, None);
}

#[test]
fn p29_what_was_not_taken_over_is_not_run() {
    let mut made = carrier(&application(), &key_of(9), "http://maker.example/ta");
    made.sections.retain(|(section, _)| *section != 15);
    made.integrated.clear();
    let mut two = Two::new(second());
    assert_eq!(two.run(&made).unwrap_err().rule(), "P29");
    assert_eq!(two.asked, ["set parameters of ee/00"]);
    // Nor what was changed since.
    let mut made = carrier(&application(), &key_of(9), "http://maker.example/ta");
    let install = [(12, int(0)), (21, int(2)), (11, int(2))];
    made.sections.retain(|(section, _)| *section != 20);
    let made = made.with(20, &install);
    let mut two = Two::new(second());
    assert_eq!(two.run(&made).unwrap_err().rule(), "P29");
    assert_eq!(two.asked, ["take over 00", "lacks dependency-resolution of 00"]);
}

#[test]
fn p31_a_section_that_the_second_processor_was_not_asked_to_run_is_noticed() {
    // The application would be fetched, and never compared.
    let mut made = carrier(&application(), &key_of(9), "http://maker.example/ta");
    made.sections.retain(|(section, _)| *section != 7);
    let made = made.with(7, &[(12, int(0)), (7, int(15))]);
    let mut two = Two::new(second());
    let ended = two.run(&made).unwrap_err();
    assert_eq!(ended.rule(), "P31");
    let Ended::Failed(failure) = ended else { panic!("{ended:?}") };
    assert_eq!((failure.section, failure.command), (Section::Validate, None));
    assert_eq!(two.asked.last().unwrap(), "lacks validate of 00");
    assert_eq!(two.first.number, None);

    // Without such a section there is nothing to run.
    let mut installed = application();
    installed.sections.retain(|(section, _)| *section != 7);
    let mut made = carrier(&installed, &key_of(9), "http://maker.example/ta");
    made.sections.retain(|(section, _)| *section != 7);
    let made = made.with(7, &[(12, int(0)), (7, int(15))]);
    let mut two = Two::new(second());
    two.run(&made).unwrap();
    assert_eq!(two.first.number, Some(1));
}

/// What a processor on request does with parameters and sections that it is asked for.
fn on_request(
    test: impl FnOnce(
        &mut dyn FnMut(Vec<u8>) -> Option<&'static str>,
        &mut dyn FnMut(Section) -> Result<bool, ErrorKind>,
    ),
) {
    let bytes = application().envelope();
    let context = Context::new(&RustCrypto);
    let public = key().public_key();
    let trusted = [TrustedKey::new(&public, &context).unwrap()];
    let store = TrustStore::new(&trusted);
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let manifest = envelope.verify(&Trust::keys(&store), &policy, &context).unwrap();
    let (limits, readings) = (Limits::DEFAULT, Readings::default());
    let target = Target { components: 1, stored: None, limits, readings };
    let processor = Processor::<COMPONENTS, DEPTH>::new(
        &envelope,
        &manifest,
        Procedure::OnRequest,
        &target,
        &mut [],
        &context,
    );
    let processor = std::cell::RefCell::new(processor.unwrap());
    let component = manifest.value().common().components().at(0).unwrap();
    test(
        &mut |parameters| {
            let parameters = Vec::leak(parameters);
            let set = processor.borrow_mut().set_parameters(
                &component.into(),
                parameters,
                true,
                &context,
            );
            set.err().map(|error| error.rule().map_or("none", |rule| rule.id))
        },
        &mut |section| {
            let asked = processor.borrow_mut().request(&envelope, &manifest, section, &context);
            asked.map_err(|error| error.kind())
        },
    );
}

#[test]
fn a_first_processor_sets_what_is_harmless() {
    on_request(|set, _| {
        let uri = (21, text("http://maker.example/ta"));
        assert_eq!(set(map(std::slice::from_ref(&uri))), None);
        assert_eq!(set(map(&[uri, (25, bstr(b"arguments"))])), None);
        for parameter in [(3, digest(b"other")), (14, int(5)), (18, bstr(b"x")), (22, int(0))] {
            let parameters = [parameter.clone()];
            assert_eq!(set(map(&parameters)), Some(Rule::AccessGranted.to_ref().id));
        }
        assert_eq!(set(map(&[(12, vec![0xf4])])), Some(Rule::AccessGranted.to_ref().id));
        assert_eq!(set(map(&[(21, int(5))])), Some(Rule::ParameterForm.to_ref().id));
    });
}

#[test]
fn a_section_is_asked_for_when_the_one_before_has_ended() {
    on_request(|_, ask| {
        assert_eq!(ask(Section::Load), Ok(false));
        assert_eq!(ask(Section::Install), Ok(true));
    });
    // Of another procedure, there is nothing to ask for.
    let bytes = application().envelope();
    let context = Context::new(&RustCrypto);
    let public = key().public_key();
    let trusted = [TrustedKey::new(&public, &context).unwrap()];
    let store = TrustStore::new(&trusted);
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let manifest = envelope.verify(&Trust::keys(&store), &policy, &context).unwrap();
    let (limits, readings) = (Limits::DEFAULT, Readings::default());
    let target = Target { components: 1, stored: None, limits, readings };
    let mut processor = Processor::<COMPONENTS, DEPTH>::new(
        &envelope,
        &manifest,
        UPDATE,
        &target,
        &mut [],
        &context,
    )
    .unwrap();
    let asked = processor.request(&envelope, &manifest, Section::Install, &context);
    assert_eq!(asked.unwrap_err().kind(), ErrorKind::Misuse(Misuse::Answer));
}
