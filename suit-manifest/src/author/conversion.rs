//! Manifests of older drafts, written as current ones.

use alloc::vec::Vec;

use cose_ext::{
    Context, Digest, Profile, Verified,
    cbor::{Array, Map, Raw, Reader, Strictness, Type},
    crypto::Algorithm,
};

use super::{
    EnvelopeBuilder, Sequence,
    encoded::{SortedMap, byte_string, digest, int, text},
    manifest_builder::assemble,
};
use crate::{
    CommandSequence, Envelope, Error, ErrorKind, HistoricDraft, Rule, Section, Unsupported,
    command::{Command, CommandKind, Directive},
    digest as suit_digest,
    error::{Breaks, Fact, Limit},
    label::{common, manifest, parameter},
};

/// Writes manifests of draft-ietf-suit-manifest-17 to -28 as current ones, to be signed anew.
///
/// What changed since, and is changed here:
///
/// | draft | then | now |
/// |---|---|---|
/// | up to -27 | install is member 17 | 20 |
/// | up to -28 | fetch-arguments is parameter 16 | 25 |
/// | up to -18 | encryption-info is parameter 18, which holds a COSE_Encrypt | 19 |
/// | up to -22 | texts are in no language | in the language of [`new`](Self::new) |
/// | trust domains up to -03 | a delegation chain in the envelope | left out |
///
/// Without the chain, the keys of who signs now count.
///
/// Drafts up to -16 used most numbers for something else, and those of trust domains -00 cannot be
/// told from later ones; the first are refused, the second are read as -01.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use suit_manifest::author::{Conversion, EnvelopeBuilder};
/// use suit_manifest::cose_ext::{Context, Trust};
/// use suit_manifest::{AuthenticationPolicy, Envelope, Error};
/// fn renewed(
///     old: &[u8],
///     trust: &Trust<'_>,
///     context: &Context<'_>,
/// ) -> Result<EnvelopeBuilder, Error> {
///     let old = Envelope::decode(old, &context.profile)?;
///     let manifest = old.authenticate(trust, &AuthenticationPolicy::ANY_BLOCK, context)?;
///     // Devices that have the old manifest take a greater number only.
///     Conversion::new("en").with_sequence_number(8).convert(&old, &manifest, context)
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Conversion<'c> {
    language: &'c str,
    sequence_number: Option<u64>,
    /// Encoded digests, and those that take their place.
    digests: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Sequences deeper inside of each other are not converted.
const DEEPEST: usize = 8;

/// What changed its number.
mod old {
    /// suit-install up to -27.
    pub(super) const INSTALL: i64 = 17;
    /// suit-parameter-fetch-arguments up to -28.
    pub(super) const FETCH_ARGUMENTS: i64 = 16;
    /// suit-parameter-encryption-info up to -18.
    pub(super) const ENCRYPTION_INFO: i64 = 18;
    /// What a tagged COSE_Encrypt begins with.
    pub(super) const COSE_ENCRYPT: [u8; 2] = [0xd8, 0x60];
}

impl<'c> Conversion<'c> {
    /// Makes a conversion that takes texts without a language for texts in `language`, a tag such
    /// as `en`.
    pub const fn new(language: &'c str) -> Self {
        Self { language, sequence_number: None, digests: Vec::new() }
    }

    /// Sets the sequence number of what is written. Without, it is that of the old manifest, which
    /// a device that has the old one refuses.
    pub const fn with_sequence_number(mut self, number: u64) -> Self {
        self.sequence_number = Some(number);
        self
    }

    /// Puts `new` in place of `old` wherever it is the digest of an image: for dependencies that
    /// were converted before, whose manifests have other digests now. The envelope of an integrated
    /// one goes to [`EnvelopeBuilder::integrate`], under its URI.
    pub fn with_digest(mut self, old: &Digest<'_>, new: &Digest<'_>) -> Self {
        self.digests.push((digest(old), digest(new)));
        self
    }

    /// Writes the manifest, which [`Envelope::authenticate`] returned, and what stands beside it in
    /// `received`: severed members, whose digests are compared, and integrated payloads, as they
    /// are. Nobody vouches for what comes back until somebody signs it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Historic`] for what drafts up to -16 wrote; [`Unsupported::SeveredAbsent`] for
    /// a severed sequence or text that is not there to be converted; [`Rule::SeveredDigest`]; those
    /// of the form, for what no draft since -17 had; [`Limit::Depth`].
    pub fn convert<B>(
        &self,
        received: &Envelope<'_>,
        manifest: &Verified<Raw<'_>, B>,
        context: &Context<'_>,
    ) -> Result<EnvelopeBuilder, Error> {
        // Some of these drafts' authors put map entries into the order of their calls.
        let mut profile = context.profile;
        profile.strictness = Strictness::LENIENT;
        let content = profile.embedded(manifest.value()).breaks(Rule::ManifestForm)?;
        let work = Work { conversion: self, received, profile, context };
        let (mut members, mut severed) = (SortedMap::new(), Vec::new());
        let map = Map::new(&content).breaks(Rule::ManifestForm)?;
        // By a draft older still, every number means something else.
        for (key, _) in &map {
            check_draft(label_of(&key)?, &key)?;
        }
        for (key, value) in &map {
            let label = label_of(&key)?;
            let (now, item, algorithm) = work.member(label, &key, &value)?;
            if members.value_mut(&int(now)).is_some() {
                let fact = Fact::Label(label);
                return Err(Error::malformed(Rule::ManifestMember, fact, key.offset()));
            }
            members.set(int(now), item);
            severed.extend(algorithm.map(|algorithm| (now, Some(algorithm))));
        }
        if let Some(number) = self.sequence_number {
            members.set(int(manifest::SEQUENCE_NUMBER), int(number));
        }
        let algorithm = received.authentication().digest().algorithm();
        let envelope = assemble(members, None, &severed, algorithm, context)?;
        let payloads = received.integrated_payloads();
        Ok(payloads.fold(envelope, |envelope, one| envelope.integrate(one.uri, one.payload)))
    }
}

/// Refuses a member of drafts up to -16.
fn check_draft(label: i64, key: &Raw<'_>) -> Result<(), Error> {
    match HistoricDraft::of_manifest_member(label) {
        None | Some(HistoricDraft::From17To27) => Ok(()),
        Some(draft) => Err(Error::new(ErrorKind::Historic(draft)).at(key.offset())),
    }
}

/// The number of a member now, its item, and the algorithm of its digest if it is severed.
type Converted = (i64, Vec<u8>, Option<Algorithm>);

/// A conversion that is under way.
struct Work<'w> {
    conversion: &'w Conversion<'w>,
    received: &'w Envelope<'w>,
    profile: Profile,
    context: &'w Context<'w>,
}

impl Work<'_> {
    fn member(&self, label: i64, key: &Raw<'_>, value: &Raw<'_>) -> Result<Converted, Error> {
        let now = if label == old::INSTALL { manifest::INSTALL } else { label };
        if let Some(section) = Section::from_label(now) {
            if value.data_type() == Type::Array && !section.is_severable() {
                let draft = ErrorKind::Historic(HistoricDraft::UpTo16);
                return Err(Error::new(draft).at(key.offset()));
            }
            let (item, algorithm) = self.severable(label, value)?;
            let item = self.profile.item(&item, value.offset())?;
            return Ok((now, self.sequence(&item, 0)?.wrapped(), algorithm));
        }
        match label {
            manifest::COMMON => Ok((now, self.common(value)?, None)),
            manifest::TEXT => {
                let (item, algorithm) = self.severable(label, value)?;
                let item = self.profile.item(&item, value.offset())?;
                Ok((now, self.text(&item)?, algorithm))
            }
            // Nobody looks into it here: absent, it stays its digest.
            manifest::COSWID => match self.severable(label, value) {
                Ok((item, algorithm)) => Ok((now, item, algorithm)),
                Err(error) if matches!(error.kind(), ErrorKind::Unsupported(_)) => {
                    Ok((now, value.bytes().to_vec(), None))
                }
                Err(error) => Err(error),
            },
            manifest::VERSION
            | manifest::SEQUENCE_NUMBER
            | manifest::REFERENCE_URI
            | manifest::COMPONENT_ID
            | manifest::SET_VERSION => Ok((now, value.bytes().to_vec(), None)),
            _ => Err(Error::malformed(Rule::ManifestMember, Fact::Label(label), key.offset())),
        }
    }

    /// The byte string that a member is, from the manifest or, by its digest, from the envelope.
    fn severable(
        &self,
        label: i64,
        value: &Raw<'_>,
    ) -> Result<(Vec<u8>, Option<Algorithm>), Error> {
        if value.data_type() != Type::Array {
            return Ok((value.bytes().to_vec(), None));
        }
        let stated = suit_digest::read(value)?;
        let absent = ErrorKind::Unsupported(Unsupported::SeveredAbsent(label));
        let severed = self.received.severed_member(label).ok_or(Error::new(absent))?;
        let computed = self.context.hash(stated.algorithm(), &[severed.bytes()])?;
        if computed.as_ref() != stated.value() {
            let kind = ErrorKind::Verification(Rule::SeveredDigest);
            return Err(Error::new(kind).at(severed.offset()));
        }
        Ok((severed.bytes().to_vec(), Some(stated.algorithm())))
    }

    fn common(&self, wrapped: &Raw<'_>) -> Result<Vec<u8>, Error> {
        let content = self.profile.embedded(wrapped).breaks(Rule::CommonForm)?;
        let mut members = SortedMap::new();
        for (key, value) in &Map::new(&content).breaks(Rule::CommonForm)? {
            let label = label_of(&key)?;
            let item = match label {
                common::SHARED_SEQUENCE => self.sequence(&value, 0)?.wrapped(),
                _ => value.bytes().to_vec(),
            };
            members.set(int(label), item);
        }
        Ok(byte_string(&members.to_bytes()))
    }

    fn sequence(&self, wrapped: &Raw<'_>, depth: usize) -> Result<Sequence, Error> {
        if depth > DEEPEST {
            return Err(Error::new(ErrorKind::Limit(Limit::Depth)).at(wrapped.offset()));
        }
        let content = self.profile.embedded(wrapped).breaks(Rule::SequenceForm)?;
        let mut written = Sequence::new();
        for command in CommandSequence::new(&content)? {
            written = self.command(written, &command?, depth)?;
        }
        Ok(written)
    }

    fn command(
        &self,
        written: Sequence,
        command: &Command<'_>,
        depth: usize,
    ) -> Result<Sequence, Error> {
        let (argument, below) = (command.argument(), depth.saturating_add(1));
        let Some(kind) = command.kind() else {
            let fact = command.code().to_i64().map_or(Fact::None, Fact::Label);
            return Err(Error::malformed(Rule::CommandKnown, fact, command.offset()));
        };
        Ok(match kind {
            CommandKind::Directive(Directive::RunSequence) => {
                written.run_sequence(&self.sequence(&argument, below)?)
            }
            CommandKind::Directive(Directive::TryEach) => {
                let (mut sequences, mut ends_with_nil) = (Vec::new(), false);
                for alternative in &Array::new(&argument).breaks(Rule::ArgumentForm)? {
                    if ends_with_nil {
                        let offset = alternative.offset();
                        return Err(Error::malformed(Rule::ArgumentForm, Fact::None, offset));
                    }
                    ends_with_nil = alternative.data_type() == Type::Null;
                    if !ends_with_nil {
                        sequences.push(self.sequence(&alternative, below)?);
                    }
                }
                match ends_with_nil {
                    true => written.try_each_or_none(&sequences),
                    false => written.try_each(&sequences),
                }
            }
            CommandKind::Directive(Directive::OverrideParameters | Directive::SetParameters) => {
                written.encoded(kind.code(), &self.parameters(&argument)?)
            }
            kind => written.encoded(kind.code(), argument.bytes()),
        })
    }

    fn parameters(&self, argument: &Raw<'_>) -> Result<Vec<u8>, Error> {
        let mut parameters = SortedMap::new();
        for (key, value) in &Map::new(argument).breaks(Rule::ParameterForm)? {
            let number = key.read(Reader::int).breaks(Rule::ParameterForm)?;
            let content = value.read(Reader::bytes).ok();
            let (now, item) = match (number.to_i64(), content) {
                (Some(old::FETCH_ARGUMENTS), _) => {
                    (parameter::FETCH_ARGUMENTS.into(), value.bytes().to_vec())
                }
                (Some(old::ENCRYPTION_INFO), Some(content))
                    if content.starts_with(&old::COSE_ENCRYPT) =>
                {
                    (parameter::ENCRYPTION_INFO.into(), value.bytes().to_vec())
                }
                (Some(parameter::IMAGE_DIGEST), Some(content)) => {
                    let mut replaced = self.conversion.digests.iter();
                    match replaced.find(|(old, _)| old == content) {
                        Some((_, new)) => (number, byte_string(new)),
                        None => (number, value.bytes().to_vec()),
                    }
                }
                _ => (number, value.bytes().to_vec()),
            };
            if parameters.value_mut(&int(now)).is_some() {
                let fact = number.to_i64().map_or(Fact::None, Fact::Label);
                return Err(Error::malformed(Rule::ParameterForm, fact, key.offset()));
            }
            parameters.set(int(now), item);
        }
        Ok(parameters.to_bytes())
    }

    /// Texts by language; those without one are taken to be in that of the conversion.
    fn text(&self, wrapped: &Raw<'_>) -> Result<Vec<u8>, Error> {
        let content = self.profile.embedded(wrapped).breaks(Rule::TextForm)?;
        let map = Map::new(&content).breaks(Rule::TextForm)?;
        if map.is_empty() || map.iter().any(|(key, _)| key.data_type() == Type::Text) {
            return Ok(wrapped.bytes().to_vec());
        }
        let mut languages = SortedMap::new();
        languages.set(text(self.conversion.language), content.bytes().to_vec());
        Ok(byte_string(&languages.to_bytes()))
    }
}

/// The label that a key is.
fn label_of(key: &Raw<'_>) -> Result<i64, Error> {
    let label = key.int().breaks(Rule::ManifestMember)?.to_i64();
    label.ok_or_else(|| Error::malformed(Rule::ManifestMember, Fact::None, key.offset()))
}
