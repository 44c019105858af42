//! The Agent in a device (section 7.2).

mod challenge;
mod config;
mod event;
mod form;
#[cfg(feature = "tracing")]
mod log;
mod query;
mod state;
mod update_cache;

use cose_ext::{
    Context,
    crypto::Algorithm,
    error::PathFault,
    key::{KeyResolver, Thumbprint},
};

use challenge::Challenge;
pub use config::{AgentConfig, TamAttestation};
pub use event::{AgentEvent, UpdateOrder, UpdateOutcome, UpdateStep};
pub use form::{AgentAnswer, ReportForm, ResponseForm};
pub use update_cache::{SeenUpdates, UpdateCache};

use crate::{
    DataItems, Draft, Error, ErrorCode, ErrorContent, ErrorKind, FreshnessMechanism, MessageType,
    Misuse, Opened, Protection, Rule, SigningKey, SuitProfile, Suite, Token,
    cipher_suite::MOST_SUITES,
    open,
    protection::{Envelope, path_fault, peer_key},
};

/// Whom an Agent trusts. The stores are apart: a key of one role says nothing in another.
#[derive(Clone, Copy)]
pub struct AgentTrust<'t> {
    /// The keys of its TAM.
    pub tams: &'t dyn KeyResolver,
    /// The keys of the Verifiers that attest a TAM.
    pub verifiers: &'t dyn KeyResolver,
}

impl core::fmt::Debug for AgentTrust<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("AgentTrust").finish_non_exhaustive()
    }
}

/// What an Agent has to do next.
#[derive(Debug)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "whoever drives the machine has to handle each")]
pub enum AgentOutput<'o> {
    /// Draw so many random bytes from a cryptographic source, and give them to
    /// [`AgentSession::random`].
    Random {
        /// How many.
        len: usize,
    },
    /// Say what the TAM asked for, with Evidence over [`AgentSession::challenge`]; then sign and
    /// send.
    Respond(ResponseForm<'o>),
    /// Supply reports about the Update; then sign and send.
    Report(ReportForm<'o>),
    /// Sign the message and send it.
    Sign(Draft<'o>),
    /// Nothing: no message.
    Idle,
}

/// One session of an Agent with one TAM. It holds no key and no message.
///
/// # State, invariant, cost
///
/// A QueryResponse of this Agent's own opens the door for one Update, which closes it again, and so
/// does any other request. The suite of the first message that counted is the only one after it. A
/// message costs one signature check, an Update one hash more.
#[derive(Clone, Debug)]
pub struct AgentSession {
    config: AgentConfig,
    stage: Stage,
    suite: Option<Suite>,
    /// The thumbprint of the TAM's key.
    tam: Option<[u8; 32]>,
    /// The token of the request, or of the Update that is worked on.
    token: Option<Token>,
    challenge: Challenge,
    items: DataItems,
    /// The challenge that this Agent sent to the TAM.
    asked: Option<Token>,
    /// Whether an exchange has begun, and bytes that nobody authenticated were answered in it.
    answered_strangers: bool,
    /// Whether the last request had neither token nor challenge, and nothing failed since.
    may_be_unsolicited: bool,
}

/// How many bytes this Agent's own challenges have.
const CHALLENGE: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Idle,
    /// The TAM's Evidence waits for a result.
    Appraising,
    ResponseDue,
    AwaitingUpdate,
    Updating,
    ReportDue(UpdateOutcome),
    ErrorDue(ErrorCode),
}

impl AgentSession {
    /// Starts a session without any message yet.
    #[must_use]
    pub const fn new(config: AgentConfig) -> Self {
        Self {
            config,
            stage: Stage::Idle,
            suite: None,
            tam: None,
            token: None,
            challenge: Challenge::NONE,
            items: DataItems::NOTHING,
            asked: None,
            answered_strangers: false,
            may_be_unsolicited: false,
        }
    }

    /// Returns the challenge of the request, which Evidence has to repeat; `None` without one.
    #[must_use]
    pub fn challenge(&self) -> Option<&[u8]> {
        Some(self.challenge.as_bytes()).filter(|challenge| !challenge.is_empty())
    }

    /// Returns the suite of the session.
    #[must_use]
    pub const fn suite(&self) -> Option<Suite> {
        self.suite
    }

    /// Returns whether this Agent waits for an Update, or works on one.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::AwaitingUpdate | Stage::Updating)
    }

    /// Tells the session that the transport failed: ProcessError. Nothing of the exchange counts
    /// any more.
    pub fn transport_failed(&mut self) {
        #[cfg(feature = "tracing")]
        log::lost();
        self.stage = Stage::Idle;
        self.token = None;
        self.challenge = Challenge::NONE;
        self.may_be_unsolicited = false;
    }

    /// Makes a QueryResponse due that nobody asked for, to speed up a request for a component
    /// (section 7.2).
    ///
    /// # Errors
    ///
    /// `Refused` unless the last request of this TAM had neither token nor challenge, and nothing
    /// failed since. Whether the TAM's key is still valid is the caller's to know.
    pub const fn respond_unsolicited(&mut self) -> Result<(), Error> {
        if !self.may_be_unsolicited || !matches!(self.stage, Stage::Idle | Stage::AwaitingUpdate) {
            return Err(Error::refused(Rule::RequestTa));
        }
        self.stage = Stage::ResponseDue;
        Ok(())
    }

    /// Takes random bytes that [`AgentOutput::Random`] asked for.
    ///
    /// # Errors
    ///
    /// `Misuse` for another number of bytes; `Refused` for bytes that were drawn before.
    pub fn random(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let drawn = Token::new(bytes).filter(|_| bytes.len() == CHALLENGE);
        let drawn = drawn.ok_or(Error::misuse(Misuse::RandomLength))?;
        if !self.needs_random() {
            return Err(Error::misuse(Misuse::NotNow));
        }
        if self.token == Some(drawn) {
            return Err(Error::refused(Rule::TokensDiffer));
        }
        self.asked = Some(drawn);
        Ok(())
    }

    fn needs_random(&self) -> bool {
        self.stage == Stage::ErrorDue(ErrorCode::AttestationRequired) && self.asked.is_none()
    }

    /// Says what is to be done next, writing into `out`. 512 bytes suffice for a message beside the
    /// payload, lists, reports and text that the caller supplies.
    ///
    /// # Errors
    ///
    /// `BufferTooShort` with the length that is needed; `Misuse` with `NoSigningKey` without a key
    /// for the suite of the session.
    pub fn poll<'o>(&mut self, out: &'o mut [u8]) -> Result<AgentOutput<'o>, Error> {
        let output = self.due(out)?;
        #[cfg(feature = "tracing")]
        log::due(&output);
        Ok(output)
    }

    fn due<'o>(&mut self, out: &'o mut [u8]) -> Result<AgentOutput<'o>, Error> {
        if self.needs_random() {
            return Ok(AgentOutput::Random { len: CHALLENGE });
        }
        let numbering = self.config.numbering;
        match self.stage {
            Stage::ResponseDue => {
                let (key, token, items) = (self.key()?, self.token, self.items);
                self.stage = Stage::AwaitingUpdate;
                Ok(AgentOutput::Respond(ResponseForm { out, numbering, key, token, items }))
            }
            Stage::ReportDue(outcome) => {
                let (key, token) = (self.key()?, self.token.take());
                self.stage = Stage::Idle;
                Ok(AgentOutput::Report(ReportForm { out, numbering, key, token, outcome }))
            }
            Stage::ErrorDue(code) => {
                let draft = self.error(code)?.draft(numbering, &self.key()?, out)?;
                self.stage = Stage::Idle;
                Ok(AgentOutput::Sign(draft))
            }
            _ => Ok(AgentOutput::Idle),
        }
    }

    /// An Error with what the text wants beside its code.
    fn error(&self, code: ErrorCode) -> Result<ErrorContent<'_>, Error> {
        const NONCE: &[FreshnessMechanism] = &[FreshnessMechanism::NONCE];
        const NONCE_AND_TIME: &[FreshnessMechanism] =
            &[FreshnessMechanism::NONCE, FreshnessMechanism::TIMESTAMP];
        let freshness = if self.config.has_clock { NONCE_AND_TIME } else { NONCE };
        let mut content = ErrorContent::new(code);
        match code {
            ErrorCode::UnsupportedCipherSuites => content.suites = self.own_suites(),
            ErrorCode::UnsupportedMsgVersion => content.versions = &[0],
            ErrorCode::UnsupportedFreshnessMechanisms => content.freshness = freshness,
            ErrorCode::UnsupportedSuitReport => content.profiles = SuitProfile::MANDATORY,
            ErrorCode::AttestationRequired => {
                content.freshness = NONCE;
                content.challenge = self.asked.as_ref().map(Token::as_bytes);
            }
            _ => {}
        }
        Ok(content)
    }

    /// The mandatory suites of this Agent as a list for an Error.
    fn own_suites(&self) -> &'static [Suite] {
        match (self.has(Suite::Esp256), self.has(Suite::Ed25519)) {
            (true, true) => Suite::MANDATORY,
            (false, true) => &[Suite::Ed25519],
            (true, false) => &[Suite::Esp256],
            (false, false) => Suite::OLDER,
        }
    }

    fn has(&self, suite: Suite) -> bool {
        self.config.keys.iter().flatten().any(|key| key.suite == suite)
    }

    /// The key of the session's suite; before there is one, that of a mandatory suite (section
    /// 8.1).
    fn key(&self) -> Result<SigningKey, Error> {
        let mut keys = self.config.keys.iter().flatten();
        let found = match self.suite {
            Some(suite) => keys.find(|key| key.suite == suite),
            None => {
                let mandatory = keys.clone().find(|key| key.suite.is_mandatory());
                mandatory.or_else(|| keys.next())
            }
        };
        found.copied().ok_or(Error::misuse(Misuse::NoSigningKey))
    }

    /// Takes a message that arrived: ProcessTeepMessage. An empty one has no meaning, and is not
    /// passed on.
    pub fn receive<'m>(
        &mut self,
        message: &'m [u8],
        trust: &AgentTrust<'_>,
        seen: &mut dyn SeenUpdates,
        context: &Context<'_>,
    ) -> AgentEvent<'m> {
        let event = self.take(message, trust, seen, context);
        #[cfg(feature = "tracing")]
        log::took(&event, message.len());
        event
    }

    fn take<'m>(
        &mut self,
        message: &'m [u8],
        trust: &AgentTrust<'_>,
        seen: &mut dyn SeenUpdates,
        context: &Context<'_>,
    ) -> AgentEvent<'m> {
        let opened = match self.open(message, trust, context) {
            Ok(opened) => opened,
            Err(error) => {
                self.answer_strangers(message, &error, context);
                return AgentEvent::Refused(error);
            }
        };
        match self.authenticated(&opened, trust, seen, context) {
            Ok(event) => event,
            Err((error, code)) => {
                self.stage = Stage::ErrorDue(code);
                AgentEvent::Refused(error)
            }
        }
    }

    fn open<'m>(
        &self,
        bytes: &'m [u8],
        trust: &AgentTrust<'_>,
        context: &Context<'_>,
    ) -> Result<Opened<'m>, Error> {
        let mut suites = [Suite::Esp256; MOST_SUITES];
        let mut count = 0usize;
        for (slot, key) in suites.iter_mut().zip(self.config.keys.iter().flatten()) {
            *slot = key.suite;
            count = count.saturating_add(1);
        }
        let own = suites.get(..count).unwrap_or_default();
        let locked = self.suite.as_slice();
        let protection = Protection {
            suites: if locked.is_empty() { own } else { locked },
            empty_protected: self.config.empty_protected,
            ..Protection::new(self.config.numbering, trust.tams)
        };
        open(bytes, &protection, context)
    }

    /// Bytes that nobody authenticated are answered with a code and lists alone, and within an
    /// exchange once.
    fn answer_strangers(&mut self, message: &[u8], error: &Error, context: &Context<'_>) {
        let is_idle = matches!(self.stage, Stage::Idle | Stage::ErrorDue(_));
        if !is_idle && self.answered_strangers {
            return;
        }
        self.answered_strangers = !is_idle;
        let code = match certificate_error(error) {
            Some(code) => code,
            None if self.names_other_suites(message, context) => ErrorCode::UnsupportedCipherSuites,
            None => ErrorCode::PermanentError,
        };
        self.stage = Stage::ErrorDue(code);
    }

    /// Whether no signature of a message is of a suite of this Agent.
    fn names_other_suites(&self, message: &[u8], context: &Context<'_>) -> bool {
        let is_own = |algorithm: Result<Algorithm, _>| {
            let suite = algorithm.ok().and_then(Suite::from_algorithm);
            suite.is_some_and(|suite| self.has(suite))
        };
        match Envelope::decode(message, &context.profile) {
            Ok(Envelope::One(message)) => !is_own(message.algorithm()),
            Ok(Envelope::Several(message)) => !message
                .signatures()
                .iter()
                .any(|signature| is_own(signature.headers().algorithm())),
            Err(_) => false,
        }
    }

    fn authenticated<'m>(
        &mut self,
        opened: &Opened<'m>,
        trust: &AgentTrust<'_>,
        seen: &mut dyn SeenUpdates,
        context: &Context<'_>,
    ) -> Result<AgentEvent<'m>, (Error, ErrorCode)> {
        let permanent = |error| (error, ErrorCode::PermanentError);
        match opened.message().value().message_type() {
            MessageType::QueryRequest => self.query(opened, trust, context),
            MessageType::Update => self.update(opened, seen, context).map_err(permanent),
            _ => Err(permanent(Error::refused(Rule::OtherRole))),
        }
    }

    /// Takes the Verifier's result about the TAM's Evidence. An error means that an Error is due.
    ///
    /// # Errors
    ///
    /// `Misuse` unless Evidence of the TAM waits for a result; `Cose` and `Refused` if the result
    /// does not attest the TAM.
    pub fn attestation_result(
        &mut self,
        result: &[u8],
        trust: &AgentTrust<'_>,
        context: &Context<'_>,
    ) -> Result<AgentEvent<'static>, Error> {
        let waiting = self.tam.zip(self.asked).filter(|_| self.stage == Stage::Appraising);
        let (tam, asked) = waiting.ok_or(Error::misuse(Misuse::NotNow))?;
        self.asked = None;
        if let Err(error) = self.judge(result, &Thumbprint::from_bytes(tam), &asked, trust, context)
        {
            self.stage = Stage::ErrorDue(ErrorCode::AttestationRequired);
            #[cfg(feature = "tracing")]
            log::refused(&error, result.len());
            return Err(error);
        }
        self.stage = Stage::ResponseDue;
        let event = AgentEvent::TamAttested { items: self.items };
        #[cfg(feature = "tracing")]
        log::took(&event, result.len());
        Ok(event)
    }

    fn update<'m>(
        &mut self,
        opened: &Opened<'m>,
        seen: &mut dyn SeenUpdates,
        context: &Context<'_>,
    ) -> Result<AgentEvent<'m>, Error> {
        let message = opened.message().value();
        let digest = context.hash(Algorithm::SHA256, &[message.bytes()])?;
        let digest: [u8; 32] = digest.as_ref().try_into().unwrap_or_default();
        if seen.has(&digest) {
            return Err(Error::refused(Rule::ReplayedUpdate));
        }
        if self.stage != Stage::AwaitingUpdate {
            return Err(Error::refused(Rule::OneUpdate));
        }
        if self.tam.is_none_or(|tam| peer_key(opened).is_ok_and(|key| *key.as_bytes() != tam)) {
            return Err(Error::refused(Rule::OtherRole));
        }
        let options = message.options();
        if options.manifest_list().is_some() || options.unneeded_manifest_list().is_some() {
            seen.insert(&digest);
            self.token = options.token().and_then(Token::new);
            self.stage = Stage::Updating;
            return Ok(AgentEvent::Update(UpdateOrder { update: *opened.message() }));
        }
        self.stage = Stage::Idle;
        if let Some(code) = message.error_code() {
            let update = *opened.message();
            return Ok(AgentEvent::TamFailed { code: code.as_handled(), update });
        }
        Ok(match options.attestation_payload() {
            Some(payload) => AgentEvent::ResultPassedBack { payload },
            None => AgentEvent::Nothing,
        })
    }

    /// Says how the Update ended: a Success or an Error is due.
    ///
    /// # Errors
    ///
    /// `Misuse` unless an Update is worked on.
    pub fn finish(&mut self, outcome: UpdateOutcome) -> Result<(), Error> {
        if self.stage != Stage::Updating {
            return Err(Error::misuse(Misuse::NotNow));
        }
        self.stage = Stage::ReportDue(outcome);
        #[cfg(feature = "tracing")]
        log::finished(outcome);
        Ok(())
    }
}

/// The code for a certificate that does not hold (section 4.6).
const fn certificate_error(error: &Error) -> Option<ErrorCode> {
    let ErrorKind::Cose(kind) = error.kind() else { return None };
    match path_fault(kind) {
        Some(PathFault::Expired) => Some(ErrorCode::CertificateExpired),
        Some(_) => Some(ErrorCode::BadCertificate),
        None => None,
    }
}
