//! What an Agent makes of a QueryRequest (section 7.2.1).

use cose_ext::{Context, key::Thumbprint};

use super::{AgentEvent, AgentSession, AgentTrust, Challenge, Stage, TamAttestation};
use crate::{
    DataItems, Error, ErrorCode, FreshnessMechanism, Message, Opened, ResultRules, Rule,
    SuitProfile, SuitReport, Suite, Token, attestation_result::check_result, protection::peer_key,
};

impl AgentSession {
    pub(super) fn query<'m>(
        &mut self,
        opened: &Opened<'m>,
        trust: &AgentTrust<'_>,
        context: &Context<'_>,
    ) -> Result<AgentEvent<'m>, (Error, ErrorCode)> {
        let message = opened.message().value();
        let key = peer_key(opened).map_err(|error| (error, ErrorCode::PermanentError))?;
        self.suite = Some(opened.suite());
        self.tam = Some(*key.as_bytes());
        self.token = None;
        self.challenge = Challenge::NONE;
        self.may_be_unsolicited = false;
        self.check_query(message, opened.suite())?;
        let options = message.options();
        self.items =
            message.query_request().map_or(DataItems::NOTHING, |it| it.data_item_requested);
        self.token = options.token().and_then(Token::new);
        self.challenge = options.challenge().map_or(Challenge::NONE, Challenge::new);
        let request = *opened.message();
        if self.config.tam_attestation == TamAttestation::Required {
            let required =
                (Error::refused(Rule::TamAttestationRequired), ErrorCode::AttestationRequired);
            let payload = options.attestation_payload().ok_or(required);
            let (payload, asked) = match (payload, self.asked) {
                (Ok(payload), Some(asked)) => (payload, asked),
                _ => {
                    self.asked = None;
                    return Err(required);
                }
            };
            if !payload.claims_to_be_result(self.config.eat_profile) {
                self.stage = Stage::Appraising;
                return Ok(AgentEvent::TamEvidence { payload });
            }
            self.asked = None;
            self.judge(payload.bytes(), &key, &asked, trust, context)
                .map_err(|error| (error, ErrorCode::AttestationRequired))?;
        }
        self.stage = Stage::ResponseDue;
        self.answered_strangers = false;
        self.may_be_unsolicited = options.token().is_none() && options.challenge().is_none();
        Ok(AgentEvent::Query { request, items: self.items })
    }

    /// What this Agent cannot do for a request (section 4.6).
    fn check_query(&self, message: &Message<'_>, suite: Suite) -> Result<(), (Error, ErrorCode)> {
        let options = message.options();
        let cannot = |rule, code| Err((Error::refused(rule), code));
        if options.versions().is_some_and(|versions| !versions.contains(0)) {
            return cannot(Rule::ErrorVersions, ErrorCode::UnsupportedMsgVersion);
        }
        let Some(request) = message.query_request() else { return Ok(()) };
        if !request.supported_teep_cipher_suites.offers(suite) {
            return cannot(Rule::SuiteUsed, ErrorCode::UnsupportedCipherSuites);
        }
        let freshness = options.supported_freshness_mechanisms();
        let is_supported = freshness.is_none_or(|list| {
            let has_time =
                self.config.has_clock && list.contains(FreshnessMechanism::TIMESTAMP.value());
            list.contains(FreshnessMechanism::NONCE.value()) || has_time
        });
        // A passport carries its own time of issue.
        let is_passport = options.challenge().is_none();
        let asks = request.data_item_requested.contains(DataItems::ATTESTATION);
        if asks && !is_passport && !is_supported {
            return cannot(Rule::ErrorFreshness, ErrorCode::UnsupportedFreshnessMechanisms);
        }
        let profile = cose_ext::Profile::LENIENT;
        for element in options.suit_reports().iter().flat_map(|reports| reports.items()) {
            let report = SuitReport::of(&element, &profile);
            let algorithm = report.and_then(|report| report.algorithm());
            let is_known = |algorithm| {
                SuitProfile::MANDATORY.iter().any(|profile| profile.authentication == algorithm)
            };
            if algorithm.is_some_and(|algorithm| !is_known(algorithm)) {
                return cannot(Rule::ReportProfile, ErrorCode::UnsupportedSuitReport);
            }
        }
        Ok(())
    }

    pub(super) fn judge(
        &self,
        result: &[u8],
        tam: &Thumbprint,
        asked: &Token,
        trust: &AgentTrust<'_>,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        let rules = ResultRules {
            verifiers: trust.verifiers,
            nonce: Some(asked.as_bytes()),
            issued_within: None,
            without_status: self.config.without_status,
        };
        let result = check_result(result, tam, &rules, context)?;
        if result.value().affirms(rules.without_status) {
            Ok(())
        } else {
            Err(Error::refused(Rule::AffirmingStatus))
        }
    }
}
