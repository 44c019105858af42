//! The tc-list of a device that keeps its manifests (section 4.3).

use core::mem;

use cose_ext::{
    Context, Profile,
    cbor::{Array, Map, Raw, Reader, Type},
};
use suit_manifest::{
    CommandKind, CommandSequence, Directive, Manifest, Parameter,
    store::{ManifestStore, Slots, StoreError},
};

use crate::{
    InstalledTc,
    decode::{read_bytes, read_uint},
};

/// The components that are installed, by the manifests that a device keeps: of each name the
/// latest, and of that every component, with digest and size of its image where the shared sequence
/// sets them.
///
/// # State, invariant, cost
///
/// At most `N` components, whose bytes stand in memory that the caller lent. Reading goes over the
/// store twice and checks a MAC and a hash for each manifest, no signature.
#[derive(Clone, Copy)]
pub struct Inventory<'r, const N: usize> {
    list: [InstalledTc<'r>; N],
    len: usize,
}

impl<const N: usize> core::fmt::Debug for Inventory<'_, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Inventory").field("len", &self.len).finish_non_exhaustive()
    }
}

/// The latest manifest of a name.
#[derive(Clone, Copy, Default)]
struct Latest<'r> {
    /// The encoded name; empty for the manifests that have none.
    name: &'r [u8],
    slot: usize,
    sequence_number: u64,
}

impl<'r, const N: usize> Inventory<'r, N> {
    /// Reads the store. `buffer` takes the longest record; `room` takes the names of manifests and
    /// the identifiers and digests of components.
    ///
    /// # Errors
    ///
    /// `TooLong` for more components or manifests than `N`, and if `room` is too short; if the
    /// device fails.
    pub fn read<S: Slots>(
        store: &mut ManifestStore<'_, S>,
        buffer: &mut [u8],
        room: &'r mut [u8],
        context: &Context<'_>,
    ) -> Result<Self, StoreError<S::Error>> {
        let mut room = room;
        let mut latest: [Option<Latest<'r>>; N] = [None; N];
        let mut fits = true;
        store.list(buffer, context, &mut |kept| {
            let Ok((_, manifest)) = kept.open(context) else { return };
            let name = manifest.value().manifest_component_id();
            let name = name.as_ref().map_or(&[][..], |id| id.bytes());
            let found =
                Latest { name: &[], slot: kept.slot(), sequence_number: kept.sequence_number() };
            let known = latest.iter_mut().flatten().find(|known| known.name == name);
            if let Some(known) = known {
                if known.sequence_number < found.sequence_number {
                    *known = Latest { name: known.name, ..found };
                }
                return;
            }
            let free = latest.iter_mut().find(|slot| slot.is_none());
            match (copied(&mut room, name), free) {
                (Some(name), Some(free)) => *free = Some(Latest { name, ..found }),
                _ => fits = false,
            }
        })?;
        let mut inventory = Self { list: [InstalledTc::default(); N], len: 0 };
        store.list(buffer, context, &mut |kept| {
            let is_latest = latest.iter().flatten().any(|latest| latest.slot == kept.slot());
            if let (true, Ok((_, manifest))) = (is_latest, kept.open(context)) {
                fits &= inventory.add(manifest.value(), &mut room, &context.profile).is_some();
            }
        })?;
        if fits { Ok(inventory) } else { Err(StoreError::TooLong) }
    }

    /// Returns the components, for [`AgentAnswer::tc_list`](crate::AgentAnswer::tc_list).
    #[must_use]
    pub fn components(&self) -> &[InstalledTc<'r>] {
        self.list.get(..self.len).unwrap_or_default()
    }

    fn add(
        &mut self,
        manifest: &Manifest<'_>,
        room: &mut &'r mut [u8],
        profile: &Profile,
    ) -> Option<()> {
        for (index, id) in manifest.common().components().iter().enumerate() {
            let image = image(manifest, u64::try_from(index).ok()?, profile);
            let digest = match image.digest {
                Some(digest) => Some(copied(room, digest)?),
                None => None,
            };
            let component_id = copied(room, id.bytes())?;
            *self.list.get_mut(self.len)? = InstalledTc {
                component_id,
                image_digest: digest,
                image_size: image.size,
                version: None,
            };
            self.len = self.len.saturating_add(1);
        }
        Some(())
    }
}

/// Copies `bytes` to the front of `room`, and takes that off.
fn copied<'r>(room: &mut &'r mut [u8], bytes: &[u8]) -> Option<&'r [u8]> {
    let (taken, rest) = mem::take(room).split_at_mut_checked(bytes.len())?;
    taken.copy_from_slice(bytes);
    *room = rest;
    Some(taken)
}

/// What the shared sequence says of the image of a component.
#[derive(Clone, Copy, Default)]
struct Image<'a> {
    /// A SUIT_Digest, encoded.
    digest: Option<&'a [u8]>,
    size: Option<u64>,
}

impl<'a> Image<'a> {
    fn read(parameters: &Raw<'a>) -> Self {
        let Ok(parameters) = Map::new(parameters) else { return Self::default() };
        let value = |parameter: Parameter| parameters.find(parameter.code());
        Self {
            digest: value(Parameter::ImageDigest).and_then(|raw| read_bytes(&raw)),
            size: value(Parameter::ImageSize).and_then(|raw| read_uint(&raw)),
        }
    }

    const fn or(self, other: Self) -> Self {
        Self {
            digest: if self.digest.is_some() { self.digest } else { other.digest },
            size: if self.size.is_some() { self.size } else { other.size },
        }
    }
}

/// Follows the commands of the shared sequence that always run: those within `try-each` may not.
fn image<'a>(manifest: &Manifest<'a>, component: u64, profile: &Profile) -> Image<'a> {
    let mut image = Image::default();
    // What cannot be read states nothing.
    let Ok(Some(item)) = manifest.common().shared_sequence(profile) else { return image };
    let Ok(sequence) = CommandSequence::new(&item) else { return image };
    let mut is_meant = component == 0;
    for command in sequence.iter() {
        let Ok(command) = command else { return image };
        let argument = command.argument();
        match command.kind() {
            Some(CommandKind::Directive(Directive::SetComponentIndex)) => {
                is_meant = names(&argument, component);
            }
            Some(CommandKind::Directive(Directive::OverrideParameters)) if is_meant => {
                image = Image::read(&argument).or(image);
            }
            // What is set already stays.
            Some(CommandKind::Directive(Directive::SetParameters)) if is_meant => {
                image = image.or(Image::read(&argument));
            }
            _ => {}
        }
    }
    image
}

/// Whether the argument of set-component-index means a component: its number, a list with it, or
/// all components.
fn names(argument: &Raw<'_>, component: u64) -> bool {
    match argument.data_type() {
        Type::Bool => argument.read(Reader::bool) == Ok(true),
        Type::Array => Array::new(argument)
            .is_ok_and(|list| list.iter().any(|one| read_uint(&one) == Some(component))),
        _ => read_uint(argument) == Some(component),
    }
}
