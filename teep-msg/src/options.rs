//! The options of a message.

use cose_ext::{
    Profile,
    cbor::{Map, Raw, Reader, Type},
    tag,
};

use crate::{
    ByteStrings, CipherSuites, ComponentIds, Error, ErrorCode, Numbering, Numbers, OptionName,
    RequestedTcList, Rule, SuitProfiles, SystemProperties, TcList,
    attestation_payload::AttestationPayload,
    decode::{self, read_bytes, read_text, read_uint},
    list::RequestedTcInfo,
};

/// The options of a message: a map of which every known member was checked when it was decoded.
/// Borrowed, untrusted.
///
/// Labels that nothing is known of are kept ([`unknown`](Self::unknown)).
#[derive(Clone, Copy)]
pub struct Options<'a> {
    map: Map<'a>,
    numbering: Numbering,
}

/// An option whose label has no meaning here.
#[derive(Clone, Copy)]
pub struct UnknownOption<'a> {
    /// Its label.
    pub label: u64,
    /// Its value.
    pub value: Raw<'a>,
}

use OptionName as O;

impl core::fmt::Debug for Options<'_> {
    /// Shows which options are there.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let labels = self.map.iter().filter_map(|(label, _)| read_uint(&label));
        let names = labels.map(|label| {
            OptionName::from_label(label, self.numbering).map_or("unknown", OptionName::name)
        });
        f.debug_set().entries(names).finish()
    }
}

impl core::fmt::Debug for UnknownOption<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("UnknownOption").field("label", &self.label).finish_non_exhaustive()
    }
}

impl<'a> Options<'a> {
    pub(crate) fn check(
        raw: &Raw<'a>,
        numbering: Numbering,
        profile: &Profile,
    ) -> Result<Self, Error> {
        let map = decode::map(raw, Rule::MessageForm)?;
        for (label, value) in &map {
            let label = decode::uint(&label, Rule::MessageForm)?;
            if let Some(name) = OptionName::from_label(label, numbering) {
                check(name, &value, numbering, profile)?;
            }
        }
        Ok(Self { map, numbering })
    }

    /// Returns the value of an option as it stands.
    #[must_use]
    pub fn find(&self, name: OptionName) -> Option<Raw<'a>> {
        self.map.find(i64::from(name.label(self.numbering)?))
    }

    /// Returns all members, known or not, in the order of the message.
    #[must_use]
    pub const fn map(&self) -> Map<'a> {
        self.map
    }

    /// Returns the token, 8 to 64 bytes (section 4.2).
    #[must_use]
    pub fn token(&self) -> Option<&'a [u8]> {
        read_bytes(&self.find(O::Token)?)
    }

    /// Returns the challenge, 8 to 512 bytes (section 4.2).
    #[must_use]
    pub fn challenge(&self) -> Option<&'a [u8]> {
        read_bytes(&self.find(O::Challenge)?)
    }

    /// Returns the versions that the sender supports, each at most 4 bytes; an absent list means
    /// version 0 (section 4.2).
    #[must_use]
    pub fn versions(&self) -> Option<Numbers<'a>> {
        self.numbers(O::Versions)
    }

    /// Returns the version that the Agent selected; 0 where the option is absent.
    #[must_use]
    pub fn selected_version(&self) -> u64 {
        self.find(O::SelectedVersion).and_then(|raw| read_uint(&raw)).unwrap_or(0)
    }

    /// Returns the attestation payload with its format.
    #[must_use]
    pub fn attestation_payload(&self) -> Option<AttestationPayload<'a>> {
        let bytes = self.find(O::AttestationPayload)?;
        let format = self.find(O::AttestationPayloadFormat);
        AttestationPayload::new(&bytes, format.and_then(|raw| read_text(&raw)))
    }

    /// Returns the components that the Agent has, at least one: an Agent without components leaves
    /// the list out (section 4.3).
    pub fn tc_list(&self) -> Option<TcList<'a>> {
        decode::array(&self.find(O::TcList)?, Rule::MessageForm).ok().map(TcList)
    }

    /// Returns the numbers of the extensions that the Agent supports, each at most 4 bytes (section
    /// 4.3).
    #[must_use]
    pub fn ext_list(&self) -> Option<Numbers<'a>> {
        self.numbers(O::ExtList)
    }

    /// Returns the manifests of an Update, each an encoded SUIT envelope whose signature nobody has
    /// looked at (section 4.4).
    #[must_use]
    pub fn manifest_list(&self) -> Option<ByteStrings<'a>> {
        self.byte_strings(O::ManifestList)
    }

    /// Returns the components that the Agent wants (section 4.3).
    #[must_use]
    pub fn requested_tc_list(&self) -> Option<RequestedTcList<'a>> {
        let array = decode::array(&self.find(O::RequestedTcList)?, Rule::MessageForm).ok()?;
        Some(RequestedTcList::new(array, self.numbering))
    }

    /// Returns the manifests that are not needed any more, each by its manifest-component-id
    /// (sections 4.3 and 4.4).
    pub fn unneeded_manifest_list(&self) -> Option<ComponentIds<'a>> {
        decode::array(&self.find(O::UnneededManifestList)?, Rule::MessageForm)
            .ok()
            .map(ComponentIds)
    }

    /// Returns the SUIT Reports, each encoded; whether one is signed or encrypted shows when it is
    /// read.
    #[must_use]
    pub fn suit_reports(&self) -> Option<ByteStrings<'a>> {
        self.byte_strings(O::SuitReports)
    }

    /// Returns the freshness mechanisms that the sender supports.
    #[must_use]
    pub fn supported_freshness_mechanisms(&self) -> Option<Numbers<'a>> {
        self.numbers(O::SupportedFreshnessMechanisms)
    }

    /// Returns the suites of an Error.
    #[must_use]
    pub fn supported_teep_cipher_suites(&self) -> Option<CipherSuites<'a>> {
        CipherSuites::check(&self.find(O::SupportedTeepCipherSuites)?).ok()
    }

    /// Returns the profiles of an Error.
    #[must_use]
    pub fn supported_suit_cose_profiles(&self) -> Option<SuitProfiles<'a>> {
        SuitProfiles::check(&self.find(O::SupportedSuitCoseProfiles)?).ok()
    }

    /// Returns the text of a Success, 1 to 128 bytes, for people.
    #[must_use]
    pub fn msg(&self) -> Option<&'a str> {
        read_text(&self.find(O::Msg)?)
    }

    /// Returns the text of an error, 1 to 128 bytes, for people.
    #[must_use]
    pub fn err_msg(&self) -> Option<&'a str> {
        read_text(&self.find(O::ErrMsg)?)
    }

    /// Returns the language of [`err_msg`](Self::err_msg) as a tag of RFC 5646, 1 to 35 bytes.
    #[must_use]
    pub fn err_lang(&self) -> Option<&'a str> {
        read_text(&self.find(O::ErrLang)?)
    }

    /// Returns the error that an Update reports. Of an Error message the code stands behind the
    /// options.
    #[must_use]
    pub fn err_code(&self) -> Option<ErrorCode> {
        ErrorCode::from_wire(read_uint(&self.find(O::ErrCode)?)?, self.numbering)
    }

    /// Returns the options whose labels have no meaning in this place.
    pub fn unknown(&self) -> impl Iterator<Item = UnknownOption<'a>> + use<'a> {
        let numbering = self.numbering;
        self.map.iter().filter_map(move |(label, value)| {
            let label = read_uint(&label)?;
            let known = OptionName::from_label(label, numbering);
            let known = known.filter(|name| !name.is_of_requested_tc());
            known.is_none().then_some(UnknownOption { label, value })
        })
    }

    fn numbers(&self, name: OptionName) -> Option<Numbers<'a>> {
        decode::array(&self.find(name)?, Rule::MessageForm).ok().map(Numbers)
    }

    fn byte_strings(&self, name: OptionName) -> Option<ByteStrings<'a>> {
        decode::array(&self.find(name)?, Rule::MessageForm).ok().map(ByteStrings)
    }
}

/// Checks the value of one option against the CDDL.
fn check(
    name: OptionName,
    value: &Raw<'_>,
    numbering: Numbering,
    profile: &Profile,
) -> Result<(), Error> {
    const RULE: Rule = Rule::MessageForm;
    match name {
        O::Token => decode::bytes_within(value, (8, 64), RULE),
        O::Challenge => decode::bytes_within(value, (8, 512), RULE),
        O::Versions | O::ExtList => decode::some(value, RULE)?
            .iter()
            .try_for_each(|number| decode::uint32(&number, RULE).map(drop)),
        O::SupportedFreshnessMechanisms => decode::some(value, RULE)?
            .iter()
            .try_for_each(|number| decode::uint(&number, RULE).map(drop)),
        O::SelectedVersion => decode::uint(value, RULE).map(drop),
        O::AttestationPayload => decode::bytes(value, RULE).map(drop),
        O::AttestationPayloadFormat => {
            value.read(Reader::text).map_err(decode::broken(RULE)).map(drop)
        }
        O::TcList => {
            decode::some(value, RULE)?.iter().try_for_each(|raw| SystemProperties::check(&raw))
        }
        O::RequestedTcList => decode::some(value, RULE)?
            .iter()
            .try_for_each(|raw| RequestedTcInfo::check(&raw, numbering)),
        O::UnneededManifestList => {
            decode::some(value, RULE)?.iter().try_for_each(|id| decode::component_id(&id, RULE))
        }
        O::ManifestList => decode::some(value, RULE)?
            .iter()
            .try_for_each(|raw| wrapped(&raw, profile, &[SUIT_ENVELOPE])),
        O::SuitReports => decode::some(value, RULE)?
            .iter()
            .try_for_each(|raw| wrapped(&raw, profile, PROTECTED_REPORT)),
        O::Msg => decode::text_within(value, 128, RULE),
        O::ErrMsg => decode::text_within(value, 128, Rule::ErrMsgForm),
        O::ErrLang => decode::text_within(value, 35, RULE),
        O::ErrCode => match decode::uint(value, RULE)? {
            0 => Err(Error::malformed(Rule::UpdateErrorNotZero, value.offset())),
            _ => Ok(()),
        },
        O::SupportedTeepCipherSuites => CipherSuites::check(value).map(drop),
        O::SupportedSuitCoseProfiles => SuitProfiles::check(value).map(drop),
        // Drafts before -18 said it; nothing depends on it, and members of requested-tc-info have
        // no meaning here.
        O::SelectedTeepCipherSuite
        | O::ComponentId
        | O::TcManifestSequenceNumber
        | O::HaveBinary => Ok(()),
    }
}

/// SUIT_Envelope_Tagged.
const SUIT_ENVELOPE: u64 = 107;
/// SUIT_Report_Protected: signed, authenticated or encrypted.
const PROTECTED_REPORT: &[u64] = &[
    tag::COSE_SIGN1,
    tag::COSE_SIGN,
    tag::COSE_MAC0,
    tag::COSE_MAC,
    tag::COSE_ENCRYPT0,
    tag::COSE_ENCRYPT,
];

/// A byte string that holds a map, or an item under one of `tags`.
fn wrapped(raw: &Raw<'_>, profile: &Profile, tags: &[u64]) -> Result<(), Error> {
    let content = profile.embedded(raw).map_err(decode::broken(Rule::MessageForm))?;
    let tagged = || tags.iter().any(|tag| content.under_tag(*tag).is_ok());
    match content.data_type() {
        Type::Map => Ok(()),
        Type::Tag if tagged() => Ok(()),
        _ => Err(Error::malformed(Rule::MessageForm, raw.offset())),
    }
}
