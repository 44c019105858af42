//! The manifest (SUIT manifest 8.4).

use cose_ext::{
    Digest, Profile,
    cbor::{Int, Map, Raw, Reader, Type},
};

use crate::{
    Common, ComponentId, Error, ErrorKind, HistoricDraft, Rule, Section,
    cursor::{Cursor, Keys},
    digest,
    error::{Breaks, Fact},
    label::manifest,
    strictness::embedded,
};

/// The version of the form that this crate reads (SUIT manifest 8.4.1).
const VERSION: u64 = 1;

/// A manifest: parsed, borrowed, untrusted until a [`Verified`](cose_ext::Verified) holds it.
///
/// # State, invariant, cost
///
/// The map as received, of which every member is known and of its type, and what every processor
/// needs of it, read once. Members are looked for in the map, which has at most a few entries. The
/// contents of sections, the shared one among them, are not looked into before they are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Manifest<'a> {
    map: Raw<'a>,
    sequence_number: u64,
    common: Common<'a>,
}

/// A member of a manifest that can be severed, as it stands there.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum SectionBytes<'a> {
    /// In the manifest: a byte string whose content nobody has looked at.
    Inline(Raw<'a>),
    /// Severed: the digest of the byte string that may stand in the envelope.
    Severed(Digest<'a>),
}

impl<'a> Manifest<'a> {
    /// Reads the manifest inside of `raw`, the byte string of the envelope.
    ///
    /// The encoding has to be deterministic, whatever the profile accepts.
    ///
    /// What is checked here is the map and that of the common member, to the last byte, but not
    /// what is inside of the byte strings that hold command sequences, text and the other members
    /// that are maps or arrays of their own. Each is checked by the method that hands it out
    /// ([`Common::shared_sequence`], [`Envelope::section`](crate::Envelope::section) and its kin),
    /// and by [`Processor::new`](crate::Processor::new) before its first step.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Historic`] for members of older drafts; [`Rule::ManifestForm`],
    /// [`Rule::ManifestMember`], [`Rule::ManifestVersion`], [`Rule::ManifestComplete`], and those
    /// of the common member.
    pub fn read(raw: Raw<'a>, profile: &Profile) -> Result<Self, Error> {
        Self::read_with_mud::<NO_LABEL>(raw, profile)
    }

    /// Reads the manifest as [`read`](Self::read) does, and takes the member `MUD` for the MUD
    /// container, whose number is not assigned yet (draft-ietf-suit-mud).
    ///
    /// # Errors
    ///
    /// Those of [`read`](Self::read).
    #[inline(never)] // Its frame is not in that of a caller, who may check signatures.
    pub fn read_with_mud<const MUD: i64>(raw: Raw<'a>, profile: &Profile) -> Result<Self, Error> {
        Self::read_once::<MUD>(&raw, profile).map_err(|error| reason(&raw, profile, error))
    }

    fn read_once<const MUD: i64>(raw: &Raw<'a>, profile: &Profile) -> Result<Self, Error> {
        let mut cursor = Cursor::inside(raw, Rule::ManifestForm, &profile.limits.cbor)?;
        let mut keys = cursor.keys(Rule::ManifestForm)?;
        let (mut version, mut sequence_number, mut common) = (None, None, None);
        while keys.next() {
            let at_key = cursor.offset();
            match cursor.label(&mut keys, Rule::ManifestMember, Rule::ManifestMember)? {
                manifest::VERSION => {
                    version = Some((cursor.offset(), cursor.uint(Rule::ManifestForm)?));
                }
                manifest::SEQUENCE_NUMBER => {
                    sequence_number = Some(cursor.uint(Rule::ManifestForm)?);
                }
                manifest::COMMON => common = Some(cursor.wrapped(Rule::CommonForm)?),
                label => pass_member::<MUD>(label, at_key, &mut cursor)?,
            }
        }
        cursor.end()?;
        let incomplete = || Error::malformed(Rule::ManifestComplete, Fact::None, cursor.base());
        let (at_version, version) = version.ok_or_else(incomplete)?;
        if version != VERSION {
            return Err(Error::malformed(Rule::ManifestVersion, Fact::None, at_version));
        }
        let sequence_number = sequence_number.ok_or_else(incomplete)?;
        let common = Common::read(&common.ok_or_else(incomplete)?, profile)?;
        Ok(Self { map: cursor.item_since(0), sequence_number, common })
    }

    /// Returns the number that grows with each manifest of its kind.
    #[must_use]
    pub const fn sequence_number(&self) -> u64 {
        self.sequence_number
    }

    /// Returns what all sequences share.
    #[must_use]
    pub const fn common(&self) -> Common<'a> {
        self.common
    }

    /// Returns where the whole manifest can be found, severed members included.
    pub fn reference_uri(&self) -> Option<&'a str> {
        // Its type was checked before.
        self.member(manifest::REFERENCE_URI)?.read(Reader::text).ok()
    }

    /// Returns the component that the manifest itself is (trust domains).
    #[must_use]
    pub fn manifest_component_id(&self) -> Option<ComponentId<'a>> {
        ComponentId::read(&self.member(manifest::COMPONENT_ID)?).ok()
    }

    /// Returns the version that the manifest sets (update management): a byte string whose content
    /// nobody has looked at.
    #[must_use]
    pub fn set_version(&self) -> Option<Raw<'a>> {
        self.member(manifest::SET_VERSION)
    }

    /// Returns the section as it stands in the manifest; `None` if it has none.
    ///
    /// # Errors
    ///
    /// [`Rule::ManifestForm`] and those of digests; none for a manifest that was read.
    pub fn section(&self, section: Section) -> Result<Option<SectionBytes<'a>>, Error> {
        self.severable(section.label())
    }

    /// Returns the text as it stands in the manifest; `None` if it has none.
    ///
    /// # Errors
    ///
    /// As [`section`](Self::section).
    pub fn text(&self) -> Result<Option<SectionBytes<'a>>, Error> {
        self.severable(manifest::TEXT)
    }

    /// Returns the software identifier as it stands in the manifest (update management); `None` if
    /// it has none.
    ///
    /// # Errors
    ///
    /// As [`section`](Self::section).
    pub fn coswid(&self) -> Result<Option<SectionBytes<'a>>, Error> {
        self.severable(manifest::COSWID)
    }

    /// Returns a member that can be severed, as it stands in the manifest.
    pub(crate) fn severable(&self, label: i64) -> Result<Option<SectionBytes<'a>>, Error> {
        self.member(label).map(|value| SectionBytes::read(&value)).transpose()
    }

    fn member(&self, label: i64) -> Option<Raw<'a>> {
        for member in self.members() {
            if member.label == label {
                return Some(member.value);
            }
        }
        None
    }

    /// Returns the members in the order of the manifest, each with its number.
    #[must_use]
    pub fn members(&self) -> Members<'a> {
        let mut cursor = Cursor::checked(&self.map);
        // The head was read before; an error here would show as an empty map.
        let keys = cursor.keys(Rule::ManifestForm).unwrap_or(Keys::NONE);
        Members { cursor, keys }
    }

    /// Returns the encoded map, as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.map.bytes()
    }

    /// Returns where the map starts in the envelope, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.map.offset()
    }
}

impl<'a> SectionBytes<'a> {
    /// Reads a member that can be severed.
    #[inline]
    pub(crate) fn read(value: &Raw<'a>) -> Result<Self, Error> {
        Self::next(&mut Cursor::checked(value))
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn next(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        match cursor.first() {
            Some(first) if first >> 5 == 4 => digest::next(cursor).map(Self::Severed),
            _ => cursor.byte_string(Rule::ManifestForm).map(Self::Inline),
        }
    }
}

/// Members whose content can stand in the envelope, and its digest in the manifest.
pub(crate) const SEVERABLE: [i64; 6] = [
    manifest::COSWID,
    manifest::DEPENDENCY_RESOLUTION,
    manifest::PAYLOAD_FETCH,
    manifest::CANDIDATE_VERIFICATION,
    manifest::INSTALL,
    manifest::TEXT,
];

/// No member has this number.
pub(crate) const NO_LABEL: i64 = 0;

/// Returns why a manifest is refused: for its encoding, if that is wrong; else because it follows
/// an older draft, by which every number means something else; else for `error`.
#[cold]
fn reason(raw: &Raw<'_>, profile: &Profile, error: Error) -> Error {
    let item = match embedded(raw, profile).breaks(Rule::ManifestForm) {
        Ok(item) => item,
        Err(encoding) => return encoding,
    };
    let Ok(map) = Map::new(&item) else { return error };
    for (key, value) in &map {
        let label = key.int().ok().and_then(Int::to_i64);
        if let Some(draft) = label.and_then(|label| draft_of(label, &value)) {
            return Error::new(ErrorKind::Historic(draft)).at(key.offset());
        }
    }
    error
}

/// The draft of a member that no manifest has today, or that stands there as an older draft had it.
fn draft_of(label: i64, value: &Raw<'_>) -> Option<HistoricDraft> {
    match HistoricDraft::of_manifest_member(label) {
        // They cannot be severed today.
        None if matches!(label, manifest::VALIDATE | manifest::LOAD | manifest::INVOKE)
            && value.data_type() == Type::Array =>
        {
            Some(HistoricDraft::UpTo16)
        }
        draft => draft,
    }
}

/// Goes past a member, which has to be known, and of the type that it has to be.
#[inline]
fn pass_member<const MUD: i64>(
    label: i64,
    at_key: usize,
    cursor: &mut Cursor<'_>,
) -> Result<(), Error> {
    match label {
        manifest::REFERENCE_URI => cursor.text(Rule::ManifestForm).map(drop),
        manifest::COMPONENT_ID => ComponentId::next(cursor).map(drop),
        manifest::SET_VERSION
        | manifest::VALIDATE
        | manifest::LOAD
        | manifest::INVOKE
        | manifest::UNINSTALL => cursor.bytes(Rule::ManifestForm).map(drop),
        _ if SEVERABLE.contains(&label) => SectionBytes::next(cursor).map(drop),
        _ if MUD != NO_LABEL
            && label == MUD
            && HistoricDraft::of_manifest_member(label).is_none() =>
        {
            cursor.bytes(Rule::ManifestForm).map(drop)
        }
        _ => Err(Error::malformed(Rule::ManifestMember, Fact::Label(label), at_key)),
    }
}

/// A member of a manifest.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// Its number, of [`label::manifest`](crate::label::manifest).
    pub label: i64,
    /// What stands under it.
    pub value: Raw<'a>,
}

/// Iterator over the members of a [`Manifest`].
#[derive(Clone, Debug)]
pub struct Members<'a> {
    cursor: Cursor<'a>,
    keys: Keys<'a>,
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn next(&mut self) -> Option<Member<'a>> {
        if !self.keys.next() {
            return None;
        }
        // Every member was read before.
        let label = self.cursor.int(Rule::ManifestMember).ok()??;
        let start = self.cursor.position();
        self.cursor.skip().ok()?;
        Some(Member { label, value: self.cursor.item_since(start) })
    }
}

/// Lets verified members be picked from a verified manifest:
/// [`Verified::into_items`](cose_ext::Verified::into_items).
impl<'a> IntoIterator for Manifest<'a> {
    type Item = Member<'a>;
    type IntoIter = Members<'a>;

    fn into_iter(self) -> Members<'a> {
        self.members()
    }
}
