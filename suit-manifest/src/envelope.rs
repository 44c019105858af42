//! The envelope (SUIT manifest 8.2).

use cose_ext::{
    Context, Profile,
    cbor::{ErrorKind as CborErrorKind, Item, Limits, Map, Raw, Reader, Strictness, Type},
};

use crate::{
    Authentication, Error, ErrorKind, HistoricDraft, IntegratedPayloads, Manifest, Rule,
    cursor::{Cursor, Wrapped},
    error::{Breaks, Fact},
    label::{envelope, tag},
    manifest::SEVERABLE,
};

/// An envelope: the manifest with what authenticates it, severed members and integrated payloads.
/// Parsed, borrowed, untrusted.
///
/// # State, invariant, cost
///
/// The map as received, in deterministic encoding, of which every member is known; its wrapper was
/// read, its manifest was not looked into. [`verify`](Self::verify) climbs from here to a manifest.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    bytes: &'a [u8],
    is_tagged: bool,
    map: Raw<'a>,
    authentication: Authentication<'a>,
    wrapper: Raw<'a>,
    manifest: Raw<'a>,
    historic: Option<(HistoricDraft, usize)>,
    has_severed: bool,
}

impl<'a> Envelope<'a> {
    /// Reads an envelope that is the whole of `bytes`, with tag 107 or without a tag.
    ///
    /// Envelope and manifest have to be in deterministic encoding, whatever the profile accepts;
    /// the messages of the authentication blocks are read as it says.
    ///
    /// # Errors
    ///
    /// [`Rule::EnvelopeForm`], [`Rule::EnvelopeMember`], [`Rule::WrapperPresent`],
    /// [`Rule::ManifestPresent`], [`Rule::WrapperFirst`], [`Rule::WrapperForm`]; those of the
    /// digest, of the encoding, and for trailing bytes.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, Strictness::DETERMINISTIC);
        let is_tagged = reader.peek()? == Type::Tag;
        if is_tagged && reader.item()? != Item::Tag(tag::ENVELOPE) {
            return Err(Error::malformed(Rule::EnvelopeForm, Fact::None, 0));
        }
        let start = reader.position();
        let content = bytes.get(start..).unwrap_or_default();
        let members = Members::read(content, start, profile)
            .map_err(|error| encoding_first(content, start, profile, error))?;
        let Members { map, wrapper, manifest, historic, has_severed } = members;
        let absent = |rule| Error::malformed(rule, Fact::None, map.offset());
        let wrapper = wrapper.ok_or_else(|| absent(Rule::WrapperPresent))?;
        let manifest = manifest.ok_or_else(|| absent(Rule::ManifestPresent))?;
        let authentication = Authentication::read(&wrapper, profile)?;
        let wrapper = wrapper.item;
        Ok(Self { bytes, is_tagged, map, authentication, wrapper, manifest, historic, has_severed })
    }

    /// Returns the whole envelope as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns whether the envelope has its tag; TEEP carries envelopes without.
    #[must_use]
    pub const fn is_tagged(&self) -> bool {
        self.is_tagged
    }

    /// Returns what authenticates the manifest, not verified.
    #[must_use]
    pub const fn authentication(&self) -> &Authentication<'a> {
        &self.authentication
    }

    /// Returns the byte string that wraps the authentication wrapper.
    pub(crate) const fn wrapper_item(&self) -> Raw<'a> {
        self.wrapper
    }

    /// Returns the byte string that wraps the manifest, head included: what the digest covers.
    #[must_use]
    pub const fn manifest_item(&self) -> Raw<'a> {
        self.manifest
    }

    /// Returns the older draft that a member of the envelope belongs to, if one does. What only the
    /// manifest shows is not seen here.
    #[must_use]
    pub fn historic_draft(&self) -> Option<HistoricDraft> {
        self.historic.map(|(draft, _)| draft)
    }

    /// Refuses members that belong to an older draft.
    pub(crate) fn check_current(&self) -> Result<(), Error> {
        match self.historic {
            None => Ok(()),
            Some((draft, offset)) => Err(Error::new(ErrorKind::Historic(draft)).at(offset)),
        }
    }

    /// Reads the manifest, which nobody vouches for: for tools that show what an envelope holds.
    ///
    /// # Errors
    ///
    /// Those of [`Manifest::read`].
    pub fn danger_unverified_manifest(&self, profile: &Profile) -> Result<Manifest<'a>, Error> {
        Manifest::read(self.manifest, profile)
    }

    /// Checks the digest of the manifest and those of severed members, and reads the manifest,
    /// which nobody vouches for: anybody can write an envelope whose digests are right. For who
    /// carries and stores envelopes that others verify.
    ///
    /// It is no [`Verified`](cose_ext::Verified) manifest, and no
    /// [`Processor`](crate::Processor) runs it: [`verify`](Self::verify) gives one. The
    /// authentication blocks are not looked into.
    ///
    /// # Errors
    ///
    /// [`Rule::ManifestDigest`], [`Rule::SeveredDigest`], [`Rule::SeveredStated`];
    /// [`ErrorKind::Historic`] for members of older drafts; those of [`Manifest::read`].
    pub fn danger_unauthenticated_manifest(
        &self,
        context: &Context<'_>,
    ) -> Result<Manifest<'a>, Error> {
        context.begin(self.bytes.len(), |context| self.intact(context))
    }

    /// Returns the payloads and dependencies that the envelope brings along.
    #[must_use]
    pub fn integrated_payloads(&self) -> IntegratedPayloads<'a> {
        IntegratedPayloads::new(&self.members())
    }

    /// Returns the payload that the envelope brings along under `uri`; not verified.
    pub fn integrated_payload(&self, uri: &str) -> Option<&'a [u8]> {
        self.members().find_text(uri)?.read(Reader::bytes).ok()
    }

    /// Returns the severed members, each with its number.
    pub(crate) fn severed_members(&self) -> impl Iterator<Item = (i64, Raw<'a>)> {
        let labels: &[i64] = if self.has_severed { &SEVERABLE } else { &[] };
        labels.iter().filter_map(|label| Some((*label, self.severed_member(*label)?)))
    }

    /// Returns the severed member under `label`, as received.
    pub(crate) fn severed_member(&self, label: i64) -> Option<Raw<'a>> {
        self.members().find(label)
    }

    /// The members with their keys.
    fn members(&self) -> Map<'a> {
        // It was read as a map before.
        Map::new(&self.map).unwrap_or(Map::EMPTY)
    }
}

/// What the map of an envelope holds.
struct Members<'a> {
    map: Raw<'a>,
    wrapper: Option<Wrapped<'a>>,
    manifest: Option<Raw<'a>>,
    historic: Option<(HistoricDraft, usize)>,
    has_severed: bool,
}

impl<'a> Members<'a> {
    /// Reads the map that `content` is, at `start` of the envelope.
    fn read(content: &'a [u8], start: usize, profile: &Profile) -> Result<Self, Error> {
        let limits = &profile.limits.cbor;
        let mut cursor = Cursor::open(content, start, Rule::EnvelopeForm, limits)?;
        let mut keys = cursor.keys(Rule::EnvelopeForm)?;
        let (mut wrapper, mut manifest, mut historic) = (None, None, None);
        let mut has_severed = false;
        while keys.next() {
            if cursor.is_past_text(&mut keys, Rule::EnvelopeMember)? {
                cursor.bytes(Rule::EnvelopeForm)?;
                continue;
            }
            let offset = cursor.offset();
            match cursor.label(&mut keys, Rule::EnvelopeMember, Rule::EnvelopeMember)? {
                envelope::AUTHENTICATION_WRAPPER => {
                    wrapper = Some(cursor.wrapped(Rule::WrapperForm)?);
                }
                envelope::MANIFEST => manifest = Some(cursor.byte_string(Rule::ManifestPresent)?),
                label if SEVERABLE.contains(&label) => {
                    cursor.bytes(Rule::EnvelopeForm)?;
                    has_severed = true;
                }
                label => match HistoricDraft::of_envelope_member(label) {
                    Some(draft) => {
                        cursor.any(limits)?;
                        historic = historic.or(Some((draft, offset)));
                    }
                    None => {
                        let fact = Fact::Label(label);
                        return Err(Error::malformed(Rule::EnvelopeMember, fact, offset));
                    }
                },
            }
        }
        cursor.end()?;
        let map = cursor.item_since(0);
        Ok(Self { map, wrapper, manifest, historic, has_severed })
    }
}

/// Returns why the map of an envelope is refused: for its encoding, if that is wrong, and else for
/// `error`.
#[cold]
fn encoding_first(content: &[u8], start: usize, profile: &Profile, error: Error) -> Error {
    let limits = &profile.limits.cbor;
    let mut reader = Reader::new(content, Strictness::DETERMINISTIC);
    let read = Map::read(&mut reader, limits).map_err(|error| error.within(start));
    match read {
        Err(error)
            if error.kind() == CborErrorKind::KeyOrder
                && !wrapper_is_first(content, start, limits) =>
        {
            Error::malformed(Rule::WrapperFirst, Fact::None, error.offset())
        }
        read => {
            let end = || reader.end().map_err(|error| error.within(start).into());
            read.breaks(Rule::EnvelopeForm).and_then(|_| end()).err().unwrap_or(error)
        }
    }
}

/// Whether an envelope with keys out of order has its wrapper before its manifest all the same.
fn wrapper_is_first(content: &[u8], start: usize, limits: &Limits) -> bool {
    let Ok(map) = Map::decode(content, start, Strictness::LENIENT, limits) else { return true };
    match map.find_all([envelope::AUTHENTICATION_WRAPPER, envelope::MANIFEST]) {
        [Some(wrapper), Some(manifest)] => wrapper.offset() < manifest.offset(),
        _ => true,
    }
}
