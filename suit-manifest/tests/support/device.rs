//! A device in memory that writes down what happens to it.

#![allow(dead_code)] // Each test file uses its part.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use suit_manifest::{
    CommandKind, ComponentName, Condition, Fetch, ImageDigest, Outcome, Platform,
    cose_ext::{Context, Digest, crypto::Algorithm, rustcrypto::RustCrypto},
};

/// What a component holds.
#[derive(Default)]
pub(crate) struct Component {
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) slot: Option<u64>,
    pub(crate) references: u64,
}

/// A device in memory that writes down what happens to it.
pub(crate) struct Device {
    pub(crate) vendor: Vec<u8>,
    pub(crate) class: Vec<u8>,
    pub(crate) device: Vec<u8>,
    pub(crate) components: BTreeMap<String, Component>,
    pub(crate) network: BTreeMap<String, Vec<u8>>,
    pub(crate) number: Option<u64>,
    /// The numbers of dependencies, by the component that holds each.
    pub(crate) numbers: BTreeMap<String, u64>,
    pub(crate) effects: Vec<Value>,
    /// Contents that stand in for images nobody has: the digest and the size of each.
    pub(crate) stand_ins: BTreeMap<Vec<u8>, (String, u64)>,
    /// The manifest in the flash is another one after it was hashed so often.
    pub(crate) changes_after: Option<usize>,
    /// What stands before the names of components, while a processor runs that does not say so itself.
    pub(crate) under: Option<String>,
}

/// The device does what it is told; nothing goes wrong in it.
#[derive(Debug)]
pub(crate) enum Never {}

impl Device {
    /// A device with components of one segment, named by these bytes, all absent.
    pub(crate) fn with_components(names: impl IntoIterator<Item = u8>) -> Self {
        let components =
            names.into_iter().map(|name| (format!("{name:02x}"), Component::default()));
        Self {
            vendor: vec![1; 16],
            class: vec![2; 16],
            device: vec![3; 16],
            components: components.collect(),
            network: BTreeMap::new(),
            number: None,
            numbers: BTreeMap::new(),
            effects: Vec::new(),
            stand_ins: BTreeMap::new(),
            changes_after: None,
            under: None,
        }
    }

    /// The SHA-256 of a content, which a stand-in states.
    fn sha256_of(&self, content: &[u8]) -> String {
        self.stand_ins.get(content).map_or_else(|| sha256(content), |(digest, _)| digest.clone())
    }

    /// Fills a component.
    pub(crate) fn holding(mut self, name: &str, content: &[u8]) -> Self {
        self.components.entry(name.into()).or_default().content = Some(content.to_vec());
        self
    }

    /// The names of the effects, each with its component.
    pub(crate) fn log(&self) -> Vec<String> {
        self.effects
            .iter()
            .map(|effect| {
                let parts = effect.as_array().unwrap();
                format!("{} {}", parts[0].as_str().unwrap(), parts[1]).replace('"', "")
            })
            .collect()
    }

    /// The name of a component on the device.
    fn name(&self, component: &ComponentName<'_>) -> String {
        let name = component.to_string();
        match self.under.as_ref().map(|prefix| format!("{prefix}/{name}")) {
            Some(whole) if self.components.contains_key(&whole) => whole,
            _ => name,
        }
    }

    pub(crate) fn content(&self, component: &ComponentName<'_>) -> Option<&Vec<u8>> {
        self.components.get(&self.name(component))?.content.as_ref()
    }

    fn put(&mut self, component: &ComponentName<'_>, content: Vec<u8>) {
        if let Some(component) = self.components.get_mut(&self.name(component)) {
            component.content = Some(content);
        }
    }

    pub(crate) fn final_contents(&self) -> Value {
        let contents = self.components.iter().map(|(id, component)| {
            let digest = component.content.as_ref().map(|content| self.sha256_of(content));
            (id.clone(), json!(digest))
        });
        Value::Object(contents.collect())
    }
}

impl Platform for Device {
    type Error = Never;

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Never> {
        Ok(self.components.contains_key(&self.name(component)))
    }

    fn is_vendor(&mut self, _: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, Never> {
        Ok(self.vendor == vendor)
    }

    fn is_class(&mut self, _: &ComponentName<'_>, class: &[u8]) -> Result<bool, Never> {
        Ok(self.class == class)
    }

    fn is_device(&mut self, _: &ComponentName<'_>, device: &[u8]) -> Result<bool, Never> {
        Ok(self.device == device)
    }

    fn is_slot(&mut self, component: &ComponentName<'_>, slot: u64) -> Result<bool, Never> {
        Ok(self.components[&self.name(component)].slot == Some(slot))
    }

    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Never> {
        let Some(content) = self.content(component) else { return Ok(None) };
        let rest = content.get(offset..).unwrap_or_default();
        // Short reads, so that the pieces are put together.
        let len = rest.len().min(out.len()).min(5);
        out[..len].copy_from_slice(&rest[..len]);
        Ok(Some(len))
    }

    fn digest(
        &mut self,
        component: &ComponentName<'_>,
        algorithm: Algorithm,
        _: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Never> {
        let Some(content) = self.content(component) else { return Ok(None) };
        if let Some((digest, size)) = self.stand_ins.get(content) {
            // Of what it stands in for, no other digest is known.
            let Algorithm::SHA256 = algorithm else { return Ok(None) };
            let digest = hex::decode(digest).unwrap();
            out[..digest.len()].copy_from_slice(&digest);
            return Ok(Some(ImageDigest { len: digest.len(), size: *size }));
        }
        let Ok(digest) = Context::new(&RustCrypto).hash(algorithm, &[content]) else {
            return Ok(None);
        };
        let digest = digest.as_ref();
        out[..digest.len()].copy_from_slice(digest);
        Ok(Some(ImageDigest { len: digest.len(), size: content.len() as u64 }))
    }

    fn fetch(&mut self, component: &ComponentName<'_>, fetch: &Fetch<'_>) -> Result<bool, Never> {
        let id = self.name(component);
        let source = if fetch.integrated.is_some() { "integrated" } else { "network" };
        let payload = fetch.integrated.map(<[u8]>::to_vec);
        let payload = payload.or_else(|| self.network.get(fetch.uri).cloned());
        let digest = payload.as_ref().map(|payload| self.sha256_of(payload));
        self.effects.push(json!(["fetch", id, fetch.uri, source, digest]));
        let Some(payload) = payload else { return Ok(false) };
        self.put(component, payload);
        Ok(true)
    }

    fn write(&mut self, component: &ComponentName<'_>, content: &[u8]) -> Result<bool, Never> {
        self.effects.push(json!(["write", self.name(component), sha256(content)]));
        self.put(component, content.to_vec());
        Ok(true)
    }

    fn copy(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Never> {
        let Some(content) = self.content(source).cloned() else { return Ok(false) };
        self.effects.push(json!(["copy", self.name(source), self.name(destination)]));
        self.put(destination, content);
        Ok(true)
    }

    fn swap(
        &mut self,
        source: &ComponentName<'_>,
        destination: &ComponentName<'_>,
    ) -> Result<bool, Never> {
        let Some(content) = self.content(source).cloned() else { return Ok(false) };
        self.effects.push(json!(["swap", self.name(source), self.name(destination)]));
        let other = self.content(destination).cloned();
        if let Some(source) = self.components.get_mut(&self.name(source)) {
            source.content = other;
        }
        self.put(destination, content);
        Ok(true)
    }

    fn invoke(
        &mut self,
        component: &ComponentName<'_>,
        arguments: Option<&[u8]>,
    ) -> Result<bool, Never> {
        self.effects.push(json!(["invoke", self.name(component), arguments.map(hex::encode)]));
        Ok(true)
    }

    fn references(&mut self, component: &ComponentName<'_>) -> Result<u64, Never> {
        Ok(self.components[&self.name(component)].references)
    }

    fn unlink(&mut self, component: &ComponentName<'_>) -> Result<Option<u64>, Never> {
        let id = self.name(component);
        let Some(component) = self.components.get_mut(&id) else { return Ok(None) };
        if let Some(fewer) = component.references.checked_sub(1) {
            component.references = fewer;
            self.effects.push(json!(["unlink", id]));
        }
        Ok(Some(component.references))
    }

    fn dependency_number(&mut self, component: &ComponentName<'_>) -> Result<Option<u64>, Never> {
        Ok(self.numbers.get(&self.name(component)).copied())
    }

    fn commit_dependency(
        &mut self,
        component: &ComponentName<'_>,
        sequence_number: u64,
    ) -> Result<bool, Never> {
        self.numbers.insert(self.name(component), sequence_number);
        Ok(true)
    }

    fn is_manifest(&mut self, _: &Digest<'_>) -> Result<bool, Never> {
        self.changes_after = self.changes_after.and_then(|left| left.checked_sub(1));
        Ok(self.changes_after.is_some())
    }

    fn commit(&mut self, sequence_number: u64) -> Result<bool, Never> {
        self.effects.push(json!(["commit-sequence", sequence_number]));
        self.number = Some(sequence_number);
        Ok(true)
    }

    fn noted(&mut self, outcome: &Outcome<'_>) {
        let CommandKind::Condition(condition) = outcome.command else { return };
        let name = match condition {
            Condition::VendorIdentifier => "check-vendor",
            Condition::ClassIdentifier => "check-class",
            Condition::DeviceIdentifier => "check-device",
            Condition::ImageMatch => "check-image",
            Condition::ComponentSlot => "check-slot",
            Condition::CheckContent => "check-content",
            Condition::DependencyIntegrity => "check-dependency",
            _ => return,
        };
        self.effects.push(json!([name, self.name(&outcome.component), outcome.succeeded]));
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Context::new(&RustCrypto).hash(Algorithm::SHA256, &[bytes]).unwrap().as_ref())
}
