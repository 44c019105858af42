//! The options of messages and their two labels (section 6).

use crate::Numbering;

/// An option of a message, or a member of requested-tc-info, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum OptionName {
    /// `supported-teep-cipher-suites`, in an Error.
    SupportedTeepCipherSuites,
    /// `challenge`.
    Challenge,
    /// `versions`.
    Versions,
    /// `supported-suit-cose-profiles`, in an Error.
    SupportedSuitCoseProfiles,
    /// `selected-teep-cipher-suite`, of drafts before -18 only.
    SelectedTeepCipherSuite,
    /// `selected-version`.
    SelectedVersion,
    /// `attestation-payload`.
    AttestationPayload,
    /// `tc-list`.
    TcList,
    /// `ext-list`.
    ExtList,
    /// `manifest-list`.
    ManifestList,
    /// `msg`.
    Msg,
    /// `err-msg`.
    ErrMsg,
    /// `attestation-payload-format`.
    AttestationPayloadFormat,
    /// `requested-tc-list`.
    RequestedTcList,
    /// `unneeded-manifest-list`.
    UnneededManifestList,
    /// `component-id`, in requested-tc-info.
    ComponentId,
    /// `tc-manifest-sequence-number`, in requested-tc-info.
    TcManifestSequenceNumber,
    /// `have-binary`, in requested-tc-info.
    HaveBinary,
    /// `suit-reports`.
    SuitReports,
    /// `token`.
    Token,
    /// `supported-freshness-mechanisms`.
    SupportedFreshnessMechanisms,
    /// `err-lang`.
    ErrLang,
    /// `err-code`, in an Update.
    ErrCode,
}

use OptionName as O;

/// Name, label of the IANA registry, label up to draft -25.
const LABELS: [(OptionName, Option<u8>, u8); 23] = [
    (O::SupportedTeepCipherSuites, Some(1), 1),
    (O::Challenge, Some(2), 2),
    (O::Versions, Some(3), 3),
    (O::SupportedSuitCoseProfiles, Some(4), 4),
    (O::SelectedTeepCipherSuite, None, 5),
    (O::SelectedVersion, Some(5), 6),
    (O::AttestationPayload, Some(6), 7),
    (O::TcList, Some(7), 8),
    (O::ExtList, Some(8), 9),
    (O::ManifestList, Some(9), 10),
    (O::Msg, Some(10), 11),
    (O::ErrMsg, Some(11), 12),
    (O::AttestationPayloadFormat, Some(12), 13),
    (O::RequestedTcList, Some(13), 14),
    (O::UnneededManifestList, Some(14), 15),
    (O::ComponentId, Some(15), 16),
    (O::TcManifestSequenceNumber, Some(16), 17),
    (O::HaveBinary, Some(17), 18),
    (O::SuitReports, Some(18), 19),
    (O::Token, Some(19), 20),
    (O::SupportedFreshnessMechanisms, Some(20), 21),
    (O::ErrLang, Some(21), 22),
    (O::ErrCode, Some(22), 23),
];

impl OptionName {
    /// Returns the label on the wire; `None` for `selected-teep-cipher-suite` in the IANA
    /// numbering.
    #[must_use]
    pub fn label(self, numbering: Numbering) -> Option<u8> {
        let row = LABELS.iter().find(|(name, ..)| *name == self)?;
        match numbering {
            Numbering::Iana => row.1,
            Numbering::Draft25 => Some(row.2),
        }
    }

    /// Returns the name that a label has.
    #[must_use]
    pub fn from_label(label: u64, numbering: Numbering) -> Option<Self> {
        let label = u8::try_from(label).ok()?;
        LABELS.iter().map(|(name, ..)| *name).find(|name| name.label(numbering) == Some(label))
    }

    /// Tells whether it stands inside of requested-tc-info, and nowhere else.
    #[must_use]
    pub const fn is_of_requested_tc(self) -> bool {
        matches!(self, O::ComponentId | O::TcManifestSequenceNumber | O::HaveBinary)
    }

    /// Returns the name as the specification writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            O::SupportedTeepCipherSuites => "supported-teep-cipher-suites",
            O::Challenge => "challenge",
            O::Versions => "versions",
            O::SupportedSuitCoseProfiles => "supported-suit-cose-profiles",
            O::SelectedTeepCipherSuite => "selected-teep-cipher-suite",
            O::SelectedVersion => "selected-version",
            O::AttestationPayload => "attestation-payload",
            O::TcList => "tc-list",
            O::ExtList => "ext-list",
            O::ManifestList => "manifest-list",
            O::Msg => "msg",
            O::ErrMsg => "err-msg",
            O::AttestationPayloadFormat => "attestation-payload-format",
            O::RequestedTcList => "requested-tc-list",
            O::UnneededManifestList => "unneeded-manifest-list",
            O::ComponentId => "component-id",
            O::TcManifestSequenceNumber => "tc-manifest-sequence-number",
            O::HaveBinary => "have-binary",
            O::SuitReports => "suit-reports",
            O::Token => "token",
            O::SupportedFreshnessMechanisms => "supported-freshness-mechanisms",
            O::ErrLang => "err-lang",
            O::ErrCode => "err-code",
        }
    }
}
