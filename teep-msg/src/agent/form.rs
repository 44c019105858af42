//! Messages of an Agent that need content from its surroundings.

use super::UpdateOutcome;
use crate::redacted::redacted;
use crate::{
    DataItems, Draft, Error, ErrorContent, InstalledTc, Misuse, Numbering, OptionName,
    QueryResponseContent, RequestedTc, Rule, SigningKey, SuccessContent, Token,
};

redacted!(ResponseForm, AgentAnswer, ReportForm);

/// A QueryResponse that lacks what the Agent has to say.
///
/// The TAM behind it is authenticated, and attested where this Agent asks for that: only then is a
/// form handed out, and with it the chance to show Evidence.
#[must_use]
pub struct ResponseForm<'o> {
    pub(super) out: &'o mut [u8],
    pub(super) numbering: Numbering,
    pub(super) key: SigningKey,
    pub(super) token: Option<Token>,
    pub(super) items: DataItems,
}

/// What an Agent says in a QueryResponse.
#[derive(Clone, Copy, Default)]
pub struct AgentAnswer<'a> {
    /// Evidence over the challenge, or an Attestation Result about the key that signs this message.
    pub attestation_payload: Option<&'a [u8]>,
    /// Its media type; none for a result of TEEP's own profile.
    pub attestation_payload_format: Option<&'a str>,
    /// The components that are installed.
    pub tc_list: &'a [InstalledTc<'a>],
    /// The extensions that are supported.
    pub ext_list: &'a [u32],
    /// The components that are wanted.
    pub requested: &'a [RequestedTc<'a>],
    /// The manifests that are not needed, by component identifiers, encoded.
    pub unneeded: &'a [&'a [u8]],
    /// SUIT Reports, encoded; their nonce is the token of the request, if it has one.
    pub suit_reports: &'a [&'a [u8]],
}

impl<'o> ResponseForm<'o> {
    /// Returns what the TAM asks for.
    #[must_use]
    pub const fn items(&self) -> DataItems {
        self.items
    }

    /// Returns the nonce for SUIT Reports.
    pub fn report_nonce(&self) -> Option<&[u8]> {
        self.token.as_ref().map(Token::as_bytes)
    }

    /// Writes the response, with the token of the request. Lists that were not asked for are left
    /// out.
    ///
    /// # Errors
    ///
    /// `Misuse` without the attestation payload that was asked for, and for a component whose
    /// binary is there without a sequence number; if the buffer is too short.
    pub fn write(self, answer: &AgentAnswer<'_>) -> Result<Draft<'o>, Error> {
        let asks = |item| self.items.contains(item);
        if asks(DataItems::ATTESTATION) && answer.attestation_payload.is_none() {
            return Err(Error::misuse(Misuse::Value(OptionName::AttestationPayload)));
        }
        let content = QueryResponseContent {
            token: self.token.as_ref().map(Token::as_bytes),
            selected_version: None,
            attestation_payload: answer
                .attestation_payload
                .filter(|_| asks(DataItems::ATTESTATION)),
            attestation_payload_format: answer
                .attestation_payload_format
                .filter(|_| asks(DataItems::ATTESTATION)),
            tc_list: if asks(DataItems::TRUSTED_COMPONENTS) { answer.tc_list } else { &[] },
            ext_list: if asks(DataItems::EXTENSIONS) { answer.ext_list } else { &[] },
            requested: answer.requested,
            unneeded: answer.unneeded,
            suit_reports: answer.suit_reports,
        };
        content.draft(self.numbering, &self.key, self.out)
    }
}

/// A Success or Error about an Update, which lacks its SUIT Reports.
#[must_use]
pub struct ReportForm<'o> {
    pub(super) out: &'o mut [u8],
    pub(super) numbering: Numbering,
    pub(super) key: SigningKey,
    pub(super) token: Option<Token>,
    pub(super) outcome: UpdateOutcome,
}

impl<'o> ReportForm<'o> {
    /// Returns the nonce for SUIT Reports: the token of the Update.
    pub fn report_nonce(&self) -> Option<&[u8]> {
        self.token.as_ref().map(Token::as_bytes)
    }

    /// Writes the message with SUIT Reports, each encoded, and a text for people.
    ///
    /// # Errors
    ///
    /// For a text that the message cannot carry; `Refused` for a report with another nonce; if the
    /// buffer is too short.
    pub fn write(self, suit_reports: &[&[u8]], text: Option<&str>) -> Result<Draft<'o>, Error> {
        let token = self.token.as_ref().map(Token::as_bytes);
        for report in suit_reports {
            check_nonce(report, token)?;
        }
        match self.outcome {
            UpdateOutcome::Done => {
                let content = SuccessContent { token, msg: text, suit_reports };
                content.draft(self.numbering, &self.key, self.out)
            }
            UpdateOutcome::Failed(code) => {
                let content =
                    ErrorContent { token, err_msg: text, suit_reports, ..ErrorContent::new(code) };
                content.draft(self.numbering, &self.key, self.out)
            }
        }
    }
}

/// A report whose nonce can be read has the token as its nonce (sections 4.5 and 4.6).
fn check_nonce(report: &[u8], token: Option<&[u8]>) -> Result<(), Error> {
    let Some(token) = token else { return Ok(()) };
    let profile = cose_ext::Profile::LENIENT;
    let item = profile.item(report, 0)?;
    let Ok(map) = cose_ext::cbor::Map::new(&item) else { return Ok(()) };
    let nonce = map.find(crate::suit_report::NONCE);
    let nonce = nonce.and_then(|nonce| crate::decode::read_bytes(&nonce));
    if nonce == Some(token) { Ok(()) } else { Err(Error::refused(Rule::ReportNonceOfUpdate)) }
}
