//! What a TAM makes of a message (sections 4.1.2, 7.1.1 and 7.1.2).

use cose_ext::{Context, Verified, key::Thumbprint};

use super::{MOST_ROUNDS, ResultFreshness, Stage, TamConfig, TamEvent, TamSession, TamTrust};
use crate::{
    AttestationResult, DataItems, Error, ErrorCode, ErrorKind, InstallPermit, Limit, Message,
    MessageType, Opened, PayloadKind, Protection, ResultRules, Rule, SuitReport, Suite, Token,
    attestation_result::check_result, cipher_suite::MOST_SUITES, open, protection::peer_key,
};

impl TamSession {
    /// Takes a message that arrived: ProcessTeepMessage. `now` is in seconds since 1970. Nothing of
    /// the session changes for a message that is dropped.
    pub fn receive<'m>(
        &mut self,
        message: &'m [u8],
        now: u64,
        trust: &TamTrust<'_>,
        context: &Context<'_>,
    ) -> TamEvent<'m> {
        self.expire(now);
        let event = match self.receive_valid(message, now, trust, context) {
            Ok(event) => event,
            Err(error) => TamEvent::Dropped(error),
        };
        #[cfg(feature = "tracing")]
        super::log::took(&event, message.len());
        event
    }

    fn receive_valid<'m>(
        &mut self,
        bytes: &'m [u8],
        now: u64,
        trust: &TamTrust<'_>,
        context: &Context<'_>,
    ) -> Result<TamEvent<'m>, Error> {
        let mut suites = [Suite::Esp256; MOST_SUITES];
        let mut count = 0usize;
        for (slot, key) in suites.iter_mut().zip(self.config.keys.iter().flatten()) {
            *slot = key.suite;
            count = count.saturating_add(1);
        }
        let offered = suites.get(..count).unwrap_or_default();
        let locked = self.suite.as_slice();
        let protection = Protection {
            suites: if locked.is_empty() { offered } else { locked },
            ..Protection::new(self.config.numbering, trust.agents)
        };
        let opened = open(bytes, &protection, context)?;
        let key = peer_key(&opened)?;
        if self.agent.is_some_and(|agent| agent != *key.as_bytes()) {
            return Err(Error::refused(Rule::SessionAgentOnly));
        }
        match opened.message().value().message_type() {
            MessageType::QueryResponse => self.response(&opened, &key, now, trust, context),
            MessageType::Success => self.success(&opened, &key, context),
            MessageType::Error => self.error(&opened, &key),
            _ => Err(Error::refused(Rule::OtherRole)),
        }
    }

    fn response<'m>(
        &mut self,
        opened: &Opened<'m>,
        key: &Thumbprint,
        now: u64,
        trust: &TamTrust<'_>,
        context: &Context<'_>,
    ) -> Result<TamEvent<'m>, Error> {
        let request = self.request.ok_or(Error::refused(Rule::TokenOnce))?;
        let message = opened.message().value();
        let options = message.options();
        let config = self.config;
        let (token, challenge) = match request.handle {
            Some(handle) if config.has_token() => (Some(handle), None),
            handle => (None, handle),
        };
        match (options.token(), token) {
            (Some(found), Some(expected)) if expected.is(found) => {}
            (None, None) => {}
            _ => return Err(Error::refused(Rule::TokenCopied)),
        }
        // Whose nonce is that of another session answers another request. It is said once, and the
        // request stays open: whoever replays old responses could close it otherwise.
        let payload = options.attestation_payload();
        if let (Some(challenge), Some(payload)) = (challenge, payload)
            && let PayloadKind::Eat { nonce: Some(nonce), .. } = payload.kind(&context.profile)
            && !challenge.is(nonce)
        {
            if self.refused_once {
                return Err(Error::refused(Rule::ResponseOfOtherSession));
            }
            self.refused_once = true;
            self.settle(opened, key);
            self.stage = Stage::RefusalDue(ErrorCode::AttestationRequired);
            let (rule, code) = (Rule::ChallengeCopied, ErrorCode::AttestationRequired);
            return Ok(TamEvent::Refused { rule, code });
        }
        self.request = None;
        self.settle(opened, key);
        if let Some(rule) = lacks(&config, message, token.as_ref(), key, context) {
            let code = match rule {
                Rule::AttestationPresent => ErrorCode::AttestationRequired,
                _ => ErrorCode::PermanentError,
            };
            return Ok(self.refuse(rule, code));
        }
        let response = *opened.message();
        let Some(payload) = payload.filter(|_| config.asks_attestation()) else {
            self.stage = Stage::Deciding;
            return Ok(TamEvent::Checked { response, permit: InstallPermit::granted() });
        };
        if !payload.claims_to_be_result(config.eat_profile) {
            // The challenge is kept for the result.
            self.request = None;
            self.drawn = challenge;
            self.stage = Stage::Appraising;
            return Ok(TamEvent::Evidence { payload, response });
        }
        let nonce = challenge.as_ref().map(Token::as_bytes);
        Ok(match self.judge(payload.bytes(), key, nonce, now, trust, context) {
            Ok(result) => TamEvent::Passport { response, result, permit: InstallPermit::granted() },
            Err(rule) => self.refuse(rule, ErrorCode::AttestationRequired),
        })
    }

    /// The result if it affirms; else the rule that it breaks.
    pub(super) fn judge<'m>(
        &mut self,
        result: &'m [u8],
        key: &Thumbprint,
        nonce: Option<&[u8]>,
        now: u64,
        trust: &TamTrust<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<AttestationResult<'m>>, Rule> {
        let rules = ResultRules {
            verifiers: trust.verifiers,
            nonce,
            issued_within: match self.config.freshness {
                ResultFreshness::Nonce => None,
                ResultFreshness::IssuedWithin(most) => Some((now, most)),
            },
            without_status: self.config.without_status,
        };
        let result =
            check_result(result, key, &rules, context).map_err(|error| match error.kind() {
                ErrorKind::Refused(rule) => rule,
                _ => Rule::ResultChecked,
            })?;
        if !result.value().affirms(rules.without_status) {
            return Err(Rule::AffirmingStatus);
        }
        self.stage = Stage::Deciding;
        Ok(result)
    }

    pub(super) fn refuse<'m>(&mut self, rule: Rule, code: ErrorCode) -> TamEvent<'m> {
        self.stage = Stage::RefusalDue(code);
        TamEvent::Refused { rule, code }
    }

    fn success<'m>(
        &mut self,
        opened: &Opened<'m>,
        key: &Thumbprint,
        context: &Context<'_>,
    ) -> Result<TamEvent<'m>, Error> {
        let index = self.answered(opened, key, context)?;
        self.consume(index);
        Ok(TamEvent::Installed { success: *opened.message() })
    }

    fn error<'m>(&mut self, opened: &Opened<'m>, key: &Thumbprint) -> Result<TamEvent<'m>, Error> {
        let message = opened.message().value();
        let code = message.error_code().unwrap_or(ErrorCode::PermanentError).as_handled();
        let error = *opened.message();
        if message.options().token().is_some() {
            let profile = cose_ext::Profile::LENIENT;
            let index = self.answered_within(opened, key, &profile)?;
            self.consume(index);
            return Ok(TamEvent::Failed { code, error });
        }
        if self.request.is_none() {
            return Err(Error::refused(Rule::UpdateTokenRequired));
        }
        self.settle(opened, key);
        if code != ErrorCode::AttestationRequired {
            self.request = None;
            self.stage = Stage::Done;
            return Ok(TamEvent::Failed { code, error });
        }
        if self.rounds >= MOST_ROUNDS {
            return Err(Error::new(ErrorKind::Limit(Limit::AttestationRounds)));
        }
        self.rounds = self.rounds.saturating_add(1);
        self.request = None;
        self.attest = true;
        self.stage = Stage::RequestDue;
        Ok(TamEvent::AttestationDemanded { challenge: message.options().challenge() })
    }

    fn answered(
        &self,
        opened: &Opened<'_>,
        key: &Thumbprint,
        context: &Context<'_>,
    ) -> Result<usize, Error> {
        self.answered_within(opened, key, &context.profile)
    }

    /// Which Update a Success or Error answers: by its token, and its reports are about that one.
    fn answered_within(
        &self,
        opened: &Opened<'_>,
        key: &Thumbprint,
        profile: &cose_ext::Profile,
    ) -> Result<usize, Error> {
        let options = opened.message().value().options();
        let token = options.token().ok_or(Error::refused(Rule::UpdateTokenRequired))?;
        let mut updates = self.updates.iter().enumerate();
        let (index, update) = updates
            .find_map(|(index, slot)| {
                slot.as_ref().filter(|update| update.token.is(token)).map(|update| (index, update))
            })
            .ok_or(Error::refused(Rule::TokenOfUpdate))?;
        for element in options.suit_reports().iter().flat_map(|reports| reports.items()) {
            let report = SuitReport::of(&element, profile);
            let report = report.ok_or(Error::malformed(Rule::MessageForm, element.offset()))?;
            if !report.is_readable() {
                continue;
            }
            if !report.nonce().is_some_and(|nonce| update.token.is(nonce)) {
                return Err(Error::refused(Rule::ReportNonceChecked).at(element.offset()));
            }
            let is_ordered = match report.manifest_sha256() {
                Some(digest) => update.manifests.iter().flatten().any(|known| known == digest),
                None => false,
            };
            if !is_ordered && update.manifests.iter().flatten().next().is_some() {
                return Err(Error::refused(Rule::SuccessOfOtherUpdate).at(element.offset()));
            }
            if report.names_key(key) {
                return Err(Error::refused(Rule::ReportKeyOfSuccess).at(element.offset()));
            }
        }
        Ok(index)
    }

    fn consume(&mut self, index: usize) {
        if let Some(slot) = self.updates.get_mut(index) {
            *slot = None;
        }
    }

    /// The Agent and the suite are those of the first message that counts.
    fn settle(&mut self, opened: &Opened<'_>, key: &Thumbprint) {
        self.agent = Some(*key.as_bytes());
        self.suite = Some(opened.suite());
    }
}

/// The rule that a response breaks by what it lacks (section 7.1.1). An Agent without components or
/// extensions has no form to say so, and leaves the list out.
fn lacks(
    config: &TamConfig,
    message: &Message<'_>,
    token: Option<&Token>,
    key: &Thumbprint,
    context: &Context<'_>,
) -> Option<Rule> {
    let options = message.options();
    let wants = config.data_item_requested;
    if wants.contains(DataItems::ATTESTATION) && options.attestation_payload().is_none() {
        return Some(Rule::AttestationPresent);
    }
    for element in options.suit_reports().iter().flat_map(|reports| reports.items()) {
        let Some(report) = SuitReport::of(&element, &context.profile) else {
            return Some(Rule::MessageForm);
        };
        if let Some(token) = token
            && report.is_readable()
            && !report.nonce().is_some_and(|nonce| token.is(nonce))
        {
            return Some(Rule::ReportNonceOfRequest);
        }
        if report.names_key(key) {
            return Some(Rule::ReportKeyOfResponse);
        }
    }
    None
}
