//! A second processor, which runs what stands under a prefix (trust domains 5.4.1): the policy word
//! `second-processor` of a dependency prefix.
//!
//! It has an authority and a processor of its own for each dependency that it has taken over. Its components are those
//! of the device that stand under the prefix, so that one list of effects shows what both processors do. It lets
//! the first processor set every parameter: which ones may cross is no question of these cases.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use suit_manifest::{
    Access, AccessControl, Authority, ComponentName, Delegated, Envelope, Failure, Fetch,
    ImageDigest, Limits, Manifest, Outcome, Platform, Procedure, Processor, Role, RunError,
    Section, Target,
    cose_ext::{
        Context, Digest, Verified, crypto::Algorithm, rustcrypto::RustCrypto, sign::Signers,
    },
    run,
};
use testkit::vectors::{Case, Trouble};

use crate::{
    device::{Device, Never},
    keys::Keys,
    policy::Policy,
    processing::{ARENA, COMPONENTS, DEPTH, section_of},
};

/// Prefixes as a processor takes them.
type Prefixes = &'static [&'static [&'static [u8]]];

/// How a section failed there: where, within which commands, and in which manifest.
pub(crate) type FailedThere = (Failure, Vec<Value>, Vec<usize>);

/// The two processors of a device.
pub(crate) struct Two {
    pub(crate) device: Device,
    keys: Keys,
    policy: Policy,
    /// By the component that holds a dependency, what stands before its components.
    prefixes: BTreeMap<String, String>,
    declared: Vec<Vec<Vec<u8>>>,
    taken: BTreeMap<String, Taken>,
    /// Parameters of components under a prefix, in the order in which they were set.
    parameters: Vec<(String, &'static [u8], bool)>,
    failed: Option<FailedThere>,
}

/// A dependency that was taken over.
struct Taken {
    bytes: &'static [u8],
    envelope: Envelope<'static>,
    manifest: Verified<Manifest<'static>, Signers>,
    processor: Processor<'static, COMPONENTS, DEPTH>,
}

/// Lets the first processor do what it wants.
struct Everything;

impl AccessControl for Everything {
    fn role(&self, _: &ComponentName<'_>, _: &Signers) -> Option<Role> {
        Some(Role(0))
    }

    fn unsigned_role(&self, _: &ComponentName<'_>, _: Role) -> Option<Role> {
        Some(Role(0))
    }

    fn permits(&self, _: Role, _: &Access<'_>) -> bool {
        true
    }
}

impl Two {
    /// A device whose second processor has declared the prefixes that manifests of the case give.
    pub(crate) fn new(
        case: &Case,
        device: Device,
        keys: Keys,
        policy: Policy,
    ) -> Result<Self, Trouble> {
        let (prefixes, declared, taken) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        let (parameters, failed) = (Vec::new(), None);
        let mut two = Self { device, keys, policy, prefixes, declared, taken, parameters, failed };
        two.declare(&case.bytes()?);
        let held = two.device.components.values().filter_map(|one| one.content.clone());
        let envelopes: Vec<_> = held.chain(two.device.network.values().cloned()).collect();
        envelopes.iter().for_each(|bytes| two.declare(bytes));
        Ok(two)
    }

    /// The prefixes for the first processor.
    pub(crate) fn declared(&self) -> Prefixes {
        let leak = |segments: &Vec<Vec<u8>>| -> &'static [&'static [u8]] {
            segments.iter().map(|one| &*one.clone().leak()).collect::<Vec<_>>().leak()
        };
        self.declared.iter().map(leak).collect::<Vec<_>>().leak()
    }

    /// Where a section failed that the first processor has asked for, if one did.
    pub(crate) fn failed(&mut self) -> Option<FailedThere> {
        self.failed.take()
    }

    /// A dependency with a prefix that was found intact, and not by this processor.
    pub(crate) fn missed(&self) -> Option<String> {
        let is_intact =
            |name: &String| self.device.effects.contains(&json!(["check-dependency", name, true]));
        let mut holders = self.prefixes.keys().filter(|name| is_intact(name));
        holders.find(|name| !self.taken.contains_key(*name)).cloned()
    }

    /// Notes which dependencies an envelope, or one in it, gives a prefix.
    fn declare(&mut self, bytes: &[u8]) {
        let context = Context::new(&RustCrypto);
        let Ok(envelope) = Envelope::decode(bytes, &context.profile) else { return };
        for one in envelope.integrated_payloads() {
            self.declare(one.payload);
        }
        let Ok(manifest) = envelope.danger_unverified_manifest(&context.profile) else { return };
        let common = manifest.common();
        for dependency in common.dependencies().iter() {
            let holder = common.components().at(dependency.index);
            let (Some(holder), Some(prefix)) = (holder, dependency.prefix) else { continue };
            let (holder, name) = (ComponentName::from(holder), ComponentName::from(prefix));
            self.prefixes.insert(holder.to_string(), name.to_string());
            self.declared.push(prefix.segments().map(<[u8]>::to_vec).collect());
        }
    }

    /// Verifies the dependency that a component holds.
    fn take_over(&mut self, holder: &str, digest: &Digest<'_>) -> Option<()> {
        let bytes = self.device.components.get(holder)?.content.clone()?;
        if self.taken.get(holder).is_some_and(|taken| taken.bytes == bytes) {
            return Some(());
        }
        self.taken.remove(holder);
        let context = Context::new(&RustCrypto);
        let bytes: &'static [u8] = bytes.leak();
        let envelope = Envelope::decode(bytes, &context.profile).ok()?;
        if envelope.authentication().digest() != *digest {
            return None;
        }
        let policy = &self.policy.authentication;
        let verified =
            self.keys.trusting(&context, |trust| envelope.verify(trust, policy, &context));
        let manifest = verified.ok()?.ok()?;
        let target = Target {
            components: self.device.components.len(),
            stored: None,
            limits: Limits::DEFAULT,
            readings: self.policy.readings,
        };
        let processor = Processor::new(
            &envelope,
            &manifest,
            Procedure::OnRequest,
            &target,
            vec![0; ARENA].leak(),
            &context,
        );
        let processor = processor.ok()?.with_access(&Everything, Role(0));
        let mut taken = Taken { bytes, envelope, manifest, processor };
        let prefix = self.prefixes.get(holder).cloned().unwrap_or_default();
        for (component, parameters, replaces) in &self.parameters {
            taken.set(&prefix, component, parameters, *replaces);
        }
        self.taken.insert(holder.to_owned(), taken);
        Some(())
    }

    /// Runs a section of a dependency that was taken over.
    fn run_section(&mut self, holder: &str, section: Section) -> bool {
        let Some(taken) = self.taken.get_mut(holder) else { return false };
        let context = Context::new(&RustCrypto);
        match taken.processor.request(&taken.envelope, &taken.manifest, section, &context) {
            Ok(true) => {}
            Ok(false) => return true,
            Err(_) => return false,
        }
        self.device.under = self.prefixes.get(holder).cloned();
        let policy = &self.policy.authentication;
        let (keys, device) = (&self.keys, &mut self.device);
        let ended = keys.trusting(&context, |trust| {
            run(&mut taken.processor, device, &Authority { trust, policy }, &context)
        });
        self.device.under = None;
        let ended = ended.unwrap();
        if let Err(RunError::Failed(failure)) = &ended {
            let section = section_of(failure);
            let within = taken.processor.around();
            let within = within.map(|one| json!([section, one.offset, one.command.code()]));
            let path = taken.processor.manifest_path().collect();
            self.failed = Some((*failure, within.collect(), path));
        }
        ended.is_ok()
    }
}

impl Taken {
    /// Sets parameters of a component, if it is one of the manifest's.
    fn set(&mut self, prefix: &str, component: &str, parameters: &'static [u8], replaces: bool) {
        let context = Context::new(&RustCrypto);
        let name = component.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('/'));
        let components = self.manifest.value().common().components();
        let known = components.iter().map(ComponentName::from);
        for known in known.filter(|known| name == Some(&known.to_string())) {
            // A source component is an index of the other manifest: that parameter does not cross.
            let _ = self.processor.set_parameters(&known, parameters, replaces, &context);
        }
    }
}

impl Platform for Two {
    type Error = Never;

    fn delegate(
        &mut self,
        component: &ComponentName<'_>,
        request: &Delegated<'_>,
    ) -> Result<bool, Never> {
        let holder = component.to_string();
        Ok(match request {
            Delegated::TakeOver { manifest } => self.take_over(&holder, manifest).is_some(),
            Delegated::SetParameters { parameters, replaces } => {
                let parameters: &'static [u8] = parameters.to_vec().leak();
                for (dependency, taken) in &mut self.taken {
                    let prefix = self.prefixes.get(dependency).cloned().unwrap_or_default();
                    taken.set(&prefix, &holder, parameters, *replaces);
                }
                self.parameters.push((holder, parameters, *replaces));
                true
            }
            Delegated::Run { section } => self.run_section(&holder, *section),
            Delegated::LacksSection { section } => self.taken.get(&holder).is_some_and(|taken| {
                taken.manifest.value().section(*section).is_ok_and(|section| section.is_none())
            }),
            other => panic!("{other:?}"),
        })
    }

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Never> {
        self.device.has_component(component)
    }

    fn is_vendor(&mut self, component: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, Never> {
        self.device.is_vendor(component, vendor)
    }

    fn is_class(&mut self, component: &ComponentName<'_>, class: &[u8]) -> Result<bool, Never> {
        self.device.is_class(component, class)
    }

    fn is_device(&mut self, component: &ComponentName<'_>, device: &[u8]) -> Result<bool, Never> {
        self.device.is_device(component, device)
    }

    fn is_slot(&mut self, component: &ComponentName<'_>, slot: u64) -> Result<bool, Never> {
        self.device.is_slot(component, slot)
    }

    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Never> {
        self.device.read(component, offset, out)
    }

    fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        size: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Never> {
        self.device.digest(component, algorithm, size, out)
    }

    fn fetch(&mut self, component: &ComponentName<'_>, fetch: &Fetch<'_>) -> Result<bool, Never> {
        self.device.fetch(component, fetch)
    }

    fn write(&mut self, component: &ComponentName<'_>, content: &[u8]) -> Result<bool, Never> {
        self.device.write(component, content)
    }

    fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Never> {
        self.device.copy(source, destination)
    }

    fn swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Never> {
        self.device.swap(source, destination)
    }

    fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> Result<bool, Never> {
        self.device.invoke(component, arguments)
    }

    fn references(&mut self, component: &ComponentName<'_>) -> Result<u64, Never> {
        self.device.references(component)
    }

    fn unlink(&mut self, component: &ComponentName<'_>) -> Result<Option<u64>, Never> {
        self.device.unlink(component)
    }

    fn dependency_number(&mut self, component: &ComponentName<'_>) -> Result<Option<u64>, Never> {
        self.device.dependency_number(component)
    }

    fn commit_dependency(
        &mut self,
        component: &ComponentName<'_>,
        sequence_number: u64,
    ) -> Result<bool, Never> {
        self.device.commit_dependency(component, sequence_number)
    }

    fn commit(&mut self, sequence_number: u64) -> Result<bool, Never> {
        self.device.commit(sequence_number)
    }

    fn noted(&mut self, outcome: &Outcome<'_>) {
        self.device.noted(outcome);
    }
}
