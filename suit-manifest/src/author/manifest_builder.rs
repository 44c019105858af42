//! A manifest in the making.

use alloc::vec::Vec;

use cose_ext::{Context, Digest, cbor::Head, crypto::Algorithm};

use super::{
    EnvelopeBuilder, Sequence, TextBuilder,
    component_name::component_name,
    encoded::{SortedMap, array, byte_string, digest, headed, int, text},
};
use crate::{
    CommandSequence, Error, Manifest, Mud, Section, SectionBytes,
    label::{common, dependency, manifest, mud, tag},
    strictness,
};

mod of;

/// The version of the form that is written (SUIT manifest 8.4.1).
const VERSION: u64 = 1;

/// Makes a manifest: components first, since commands name them by their index, then sequences.
///
/// Every map is written in deterministic encoding, whatever the order of the calls.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct ManifestBuilder {
    members: SortedMap,
    components: Vec<Vec<u8>>,
    dependencies: SortedMap,
    shared: Option<Sequence>,
    /// What stands in the envelope, each with the algorithm of its digest if that is not the one of
    /// the manifest.
    severed: Vec<(i64, Option<Algorithm>)>,
    /// The MUD container, under the number that its member has.
    mud: Option<(i64, Vec<u8>)>,
}

impl ManifestBuilder {
    /// Begins the manifest with this sequence number.
    pub fn new(sequence_number: u64) -> Self {
        let mut members = SortedMap::new();
        members.set(int(manifest::VERSION), int(VERSION));
        members.set(int(manifest::SEQUENCE_NUMBER), int(sequence_number));
        Self {
            members,
            components: Vec::new(),
            dependencies: SortedMap::new(),
            shared: None,
            severed: Vec::new(),
            mud: None,
        }
    }

    /// Adds a component, under the next index.
    pub fn component<S: AsRef<[u8]>>(mut self, segments: &[S]) -> Self {
        self.components.push(component_name(segments));
        self
    }

    /// Says that the component `index` is a dependency (trust domains).
    pub fn dependency(mut self, index: u64) -> Self {
        self.dependencies.set(int(index), SortedMap::new().to_bytes());
        self
    }

    /// Says that the component `index` is a dependency whose components stand under `prefix` (trust
    /// domains).
    pub fn dependency_under<S: AsRef<[u8]>>(mut self, index: u64, prefix: &[S]) -> Self {
        let mut metadata = SortedMap::new();
        metadata.set(int(dependency::PREFIX), component_name(prefix));
        self.dependencies.set(int(index), metadata.to_bytes());
        self
    }

    /// Sets the sequence that runs before every other; an empty one is left out.
    pub fn shared(mut self, sequence: Sequence) -> Self {
        self.shared = Some(sequence).filter(|sequence| !sequence.is_empty());
        self
    }

    /// Sets a section.
    pub fn section(mut self, section: Section, sequence: Sequence) -> Self {
        self.members.set(int(section.label()), sequence.wrapped());
        self
    }

    /// Puts the content of `section` into the envelope, and its digest into the manifest, if it is
    /// one that can be severed.
    pub fn severed(mut self, section: Section) -> Self {
        if section.is_severable() {
            self.severed.push((section.label(), None));
        }
        self
    }

    /// Sets the texts, in the manifest.
    pub fn text(mut self, texts: &TextBuilder) -> Self {
        if !texts.is_empty() {
            self.members.set(int(manifest::TEXT), texts.wrapped());
        }
        self
    }

    /// Sets the texts, in the envelope; their digest stands in the manifest.
    pub fn severed_text(mut self, texts: &TextBuilder) -> Self {
        self.severed.push((manifest::TEXT, None));
        self.text(texts)
    }

    /// Sets where the whole manifest can be found.
    pub fn reference_uri(mut self, uri: &str) -> Self {
        self.members.set(int(manifest::REFERENCE_URI), text(uri));
        self
    }

    /// Sets the component that the manifest itself is (trust domains).
    pub fn manifest_component_id<S: AsRef<[u8]>>(mut self, segments: &[S]) -> Self {
        self.members.set(int(manifest::COMPONENT_ID), component_name(segments));
        self
    }

    /// Sets where the MUD file of the device is found, an https URL, and the thumbprint of the key
    /// that signs it, under the member `label`: its number is not assigned yet.
    pub fn mud(mut self, label: i64, url: &str, key: &Digest<'_>) -> Self {
        let mut container = SortedMap::new();
        container.set(int(mud::URL), headed(Head::tag(tag::URI), &text(url)));
        container.set(int(mud::SKI), digest(key));
        self.mud = Some((label, byte_string(&container.to_bytes())));
        self
    }

    /// Writes the manifest, with digests by `algorithm`, and reads it again as a device will.
    ///
    /// # Errors
    ///
    /// Those of [`Manifest::read`], [`CommandSequence::new`] and [`Mud::read`];
    /// [`Unsupported::Hash`](cose_ext::error::Unsupported::Hash).
    pub fn build(
        mut self,
        algorithm: Algorithm,
        context: &Context<'_>,
    ) -> Result<EnvelopeBuilder, Error> {
        self.members.set(int(manifest::COMMON), byte_string(&self.common().to_bytes()));
        assemble(self.members, self.mud, &self.severed, algorithm, context)
    }

    fn common(&self) -> SortedMap {
        let mut map = SortedMap::new();
        if !self.dependencies.is_empty() {
            map.set(int(common::DEPENDENCIES), self.dependencies.to_bytes());
        }
        map.set(int(common::COMPONENTS), array(self.components.iter().map(Vec::as_slice)));
        if let Some(shared) = &self.shared {
            map.set(int(common::SHARED_SEQUENCE), shared.wrapped());
        }
        map
    }
}

/// Writes a manifest of these members, each of them whole, and takes out what is severed.
pub(super) fn assemble(
    mut members: SortedMap,
    mud: Option<(i64, Vec<u8>)>,
    labels: &[(i64, Option<Algorithm>)],
    algorithm: Algorithm,
    context: &Context<'_>,
) -> Result<EnvelopeBuilder, Error> {
    // What is severed has to be read like the rest, before only its digest is left.
    check(&byte_string(&members.to_bytes()), context)?;
    if let Some((label, container)) = mud {
        let item = strictness::item(&container, 0, &context.profile)?;
        Mud::read(strictness::embedded(&item, &context.profile)?)?;
        members.set(int(label), container);
    }
    let mut severed = Vec::new();
    for (label, other) in labels {
        let Some(value) = members.value_mut(&int(*label)) else { continue };
        let algorithm = other.unwrap_or(algorithm);
        let hash = context.hash(algorithm, &[value])?;
        let stated = digest(&Digest::new(algorithm, hash.as_ref())?);
        severed.push((*label, core::mem::replace(value, stated)));
    }
    let item = byte_string(&members.to_bytes());
    let hash = context.hash(algorithm, &[&item])?;
    let digest = digest(&Digest::new(algorithm, hash.as_ref())?);
    Ok(EnvelopeBuilder::new(item, digest, severed))
}

/// Reads a manifest, and the commands of its sequences, as a device will.
fn check(item: &[u8], context: &Context<'_>) -> Result<(), Error> {
    let profile = &context.profile;
    let manifest = Manifest::read(strictness::item(item, 0, profile)?, profile)?;
    if let Some(shared) = manifest.common().shared_sequence(profile)? {
        CommandSequence::new(&shared)?;
    }
    for section in Section::ALL {
        if let Some(SectionBytes::Inline(content)) = manifest.section(section)? {
            CommandSequence::new(&strictness::embedded(&content, profile)?)?;
        }
    }
    Ok(())
}
