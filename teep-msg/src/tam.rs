//! The Trusted Application Manager (section 7.1).

mod config;
mod event;
mod form;
#[cfg(feature = "tracing")]
mod log;
mod receive;
mod state;

use cose_ext::{
    Context,
    key::{KeyResolver, Thumbprint},
};

pub use config::{ResultFreshness, TamConfig};
pub use event::TamEvent;
pub use form::{RequestForm, UpdateForm};

use crate::{
    Draft, Error, ErrorCode, InstallPermit, Misuse, Rule, SigningKey, Suite, Token, UpdateContent,
};
use form::Request;

/// Whom a TAM trusts. The stores are apart: a key of one role says nothing in another.
#[derive(Clone, Copy)]
pub struct TamTrust<'t> {
    /// The keys of its Agents.
    pub agents: &'t dyn KeyResolver,
    /// The keys of its Verifiers.
    pub verifiers: &'t dyn KeyResolver,
}

impl core::fmt::Debug for TamTrust<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("TamTrust").finish_non_exhaustive()
    }
}

/// What a TAM has to do next.
#[derive(Debug)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "whoever drives the machine has to handle each")]
pub enum TamOutput<'o> {
    /// Draw so many random bytes from a cryptographic source, and give them to
    /// [`TamSession::random`].
    Random {
        /// How many.
        len: usize,
    },
    /// Sign the message and send it.
    Sign(Draft<'o>),
    /// Supply the attestation payload that the Agent asked for; then sign and send.
    Attest(RequestForm<'o>),
    /// Say what the Agent is to do; then sign and send.
    Update(UpdateForm<'o>),
    /// Nothing: an empty response.
    Idle,
}

/// One session of a TAM with one Agent, from ProcessConnect on. It holds no key and no message, and
/// does not know the time: each is an argument.
///
/// # State, invariant, cost
///
/// `request` is the one request that a response may answer; it is taken when a valid one comes, and
/// so no token or challenge is answered twice. Each Update has a token of its own among `updates`,
/// oldest first. `agent` and `suite` are those of the first message that counted, and no other
/// Agent or suite does later. A message costs one signature check, and a result another.
#[derive(Clone, Debug)]
pub struct TamSession {
    config: TamConfig,
    stage: Stage,
    suite: Option<Suite>,
    /// The thumbprint of the Agent's key.
    agent: Option<[u8; 32]>,
    request: Option<Outstanding>,
    /// Random bytes that were given for the next message.
    drawn: Option<Token>,
    /// The digests of the manifests of the next Update.
    ordered: [Option<[u8; 32]>; 4],
    updates: [Option<PendingUpdate>; MOST_UPDATES],
    /// How often the Agent asked for attestation of the TAM.
    rounds: u8,
    attest: bool,
    /// Whether a response with another nonce was refused with a message before.
    refused_once: bool,
}

/// Updates of one session that wait for an answer; a further one replaces the oldest.
const MOST_UPDATES: usize = 4;
/// How often one Agent may ask for attestation in a session: a fresh request each time.
const MOST_ROUNDS: u8 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    New,
    RequestDue,
    RequestOut,
    Appraising,
    Deciding,
    UpdateDue,
    RefusalDue(ErrorCode),
    UpdatesOut,
    Done,
}

#[derive(Clone, Copy, Debug)]
struct Outstanding {
    /// The token or the challenge; `None` in the passport model.
    handle: Option<Token>,
    sent_at: u64,
}

#[derive(Clone, Copy, Debug)]
struct PendingUpdate {
    token: Token,
    sent_at: u64,
    manifests: [Option<[u8; 32]>; 4],
}

impl TamSession {
    /// Starts a session that nobody has connected to.
    #[must_use]
    pub const fn new(config: TamConfig) -> Self {
        Self {
            config,
            stage: Stage::New,
            suite: config.agent_suite,
            agent: None,
            request: None,
            drawn: None,
            ordered: [None; 4],
            updates: [None; MOST_UPDATES],
            rounds: 0,
            attest: false,
            refused_once: false,
        }
    }

    /// Answers ProcessConnect: a QueryRequest is due.
    ///
    /// # Errors
    ///
    /// `Misuse` in a session that has begun.
    pub fn connect(&mut self) -> Result<(), Error> {
        if self.stage != Stage::New {
            return Err(Error::misuse(Misuse::NotNow));
        }
        self.stage = Stage::RequestDue;
        Ok(())
    }

    /// Expects a response that the Agent sends of its own accord (section 7.2, RequestTA), in
    /// answer to a request of an earlier session that had neither token nor challenge.
    ///
    /// # Errors
    ///
    /// `Misuse` in a session that has begun, and if this TAM's requests have a token or challenge.
    pub fn expect_unsolicited(&mut self, now: u64) -> Result<(), Error> {
        let has_handle = self.config.has_token() || self.config.has_challenge();
        if self.stage != Stage::New || has_handle {
            return Err(Error::misuse(Misuse::NotNow));
        }
        self.request = Some(Outstanding { handle: None, sent_at: now });
        self.stage = Stage::RequestOut;
        Ok(())
    }

    /// Returns whether nothing more is expected or due.
    #[must_use]
    pub fn is_done(&self) -> bool {
        match self.stage {
            Stage::Done => true,
            Stage::UpdatesOut => self.updates.iter().flatten().next().is_none(),
            _ => false,
        }
    }

    /// Returns the suite, once the Agent has chosen one.
    #[must_use]
    pub const fn suite(&self) -> Option<Suite> {
        self.suite
    }

    /// Returns the thumbprint of the Agent's key, once a message of its counted.
    #[must_use]
    pub const fn agent(&self) -> Option<&[u8; 32]> {
        self.agent.as_ref()
    }

    /// Returns the tokens and challenges under which answers to this session come, for a table of
    /// sessions: see [`handle_of`](crate::handle_of).
    pub fn handles(&self) -> impl Iterator<Item = &[u8]> {
        let request = self.request.iter().filter_map(|request| request.handle.as_ref());
        let updates = self.updates.iter().flatten().map(|update| &update.token);
        request.chain(updates).map(Token::as_bytes)
    }

    /// Returns how many Updates wait for an answer.
    #[must_use]
    pub fn outstanding_updates(&self) -> usize {
        self.updates.iter().flatten().count()
    }

    /// Forgets requests and Updates that were not answered within [`TamConfig::lifetime`]. `now` is
    /// in seconds since 1970. [`receive`](Self::receive) does it by itself.
    pub fn expire(&mut self, now: u64) {
        let lifetime = self.config.lifetime;
        let is_old = |sent_at: u64| now.saturating_sub(sent_at) > lifetime;
        #[cfg(feature = "tracing")]
        let before = self.handles().count();
        if self.request.is_some_and(|request| is_old(request.sent_at)) {
            self.request = None;
        }
        for slot in &mut self.updates {
            if slot.is_some_and(|update| is_old(update.sent_at)) {
                *slot = None;
            }
        }
        #[cfg(feature = "tracing")]
        log::expired(before.saturating_sub(self.handles().count()));
    }

    /// Takes random bytes that [`TamOutput::Random`] asked for.
    ///
    /// # Errors
    ///
    /// `Misuse` for another number of bytes; `Refused` for bytes that were drawn before: a source
    /// that repeats itself is none.
    pub fn random(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.wanted() != Some(bytes.len()) {
            return Err(Error::misuse(Misuse::RandomLength));
        }
        let drawn = Token::new(bytes).ok_or(Error::misuse(Misuse::RandomLength))?;
        if self.handles().any(|known| drawn.is(known)) || self.drawn == Some(drawn) {
            return Err(Error::refused(Rule::TokensDiffer));
        }
        self.drawn = Some(drawn);
        Ok(())
    }

    /// How many random bytes the next message needs.
    fn wanted(&self) -> Option<usize> {
        let config = &self.config;
        match self.stage {
            Stage::RequestDue if config.has_challenge() => Some(usize::from(config.challenge_len)),
            Stage::RequestDue if config.has_token() => Some(usize::from(config.token_len)),
            Stage::UpdateDue => Some(usize::from(config.token_len)),
            _ => None,
        }
    }

    /// Says what is to be done next, writing into `out`. 768 bytes suffice for a message beside the
    /// payload, manifests and texts that the caller supplies. A message counts as sent at `now`,
    /// in seconds since 1970; if `out` was too short, or the message was lost before it left,
    /// [`again`](Self::again) makes it due once more.
    ///
    /// # Errors
    ///
    /// `BufferTooShort` with the length that is needed; `Misuse` with `NoSigningKey` without a key
    /// for the suite of the session.
    pub fn poll<'o>(&mut self, out: &'o mut [u8], now: u64) -> Result<TamOutput<'o>, Error> {
        let output = self.due(out, now)?;
        #[cfg(feature = "tracing")]
        log::due(&output);
        Ok(output)
    }

    fn due<'o>(&mut self, out: &'o mut [u8], now: u64) -> Result<TamOutput<'o>, Error> {
        if let (Some(len), None) = (self.wanted(), self.drawn) {
            return Ok(TamOutput::Random { len });
        }
        match self.stage {
            Stage::RequestDue => self.request(out, now),
            Stage::UpdateDue => {
                let token = self.drawn.ok_or(Error::misuse(Misuse::NotNow))?;
                let (numbering, key) = (self.config.numbering, self.key()?);
                self.remember(PendingUpdate { token, sent_at: now, manifests: self.ordered });
                self.drawn = None;
                self.stage = Stage::UpdatesOut;
                Ok(TamOutput::Update(UpdateForm { out, token, numbering, key }))
            }
            Stage::RefusalDue(code) => {
                let content = UpdateContent::failing(code);
                let draft = content.draft(self.config.numbering, &self.key()?, out)?;
                let goes_on = self.request.is_some();
                self.stage = if goes_on { Stage::RequestOut } else { Stage::Done };
                Ok(TamOutput::Sign(draft))
            }
            _ => Ok(TamOutput::Idle),
        }
    }

    fn request<'o>(&mut self, out: &'o mut [u8], now: u64) -> Result<TamOutput<'o>, Error> {
        let key = match self.suite {
            Some(_) => Some(self.key()?),
            None => None,
        };
        let request = Request { config: self.config, handle: self.drawn, key };
        let output = if self.attest {
            TamOutput::Attest(RequestForm { out, request })
        } else {
            TamOutput::Sign(request.write(out, None, None)?)
        };
        self.request = Some(Outstanding { handle: self.drawn, sent_at: now });
        self.drawn = None;
        self.stage = Stage::RequestOut;
        Ok(output)
    }

    /// Makes the message due once more that was polled last: it did not leave.
    pub fn again(&mut self) {
        match self.stage {
            Stage::RequestOut => {
                self.drawn = self.request.take().and_then(|request| request.handle);
                self.stage = Stage::RequestDue;
            }
            Stage::UpdatesOut => {
                let last = self.updates.iter_mut().rev().find(|slot| slot.is_some());
                if let Some(update) = last.and_then(Option::take) {
                    (self.drawn, self.ordered) = (Some(update.token), update.manifests);
                    self.stage = Stage::UpdateDue;
                }
            }
            _ => {}
        }
    }

    /// Orders an Update, whose content is supplied when it is polled. `manifests` are the SHA-256
    /// digests of the manifests in it, which reports are compared with: at most four, and none for
    /// no comparison.
    ///
    /// # Errors
    ///
    /// `Misuse` before the Agent has answered.
    pub fn order(&mut self, manifests: &[[u8; 32]]) -> Result<(), Error> {
        let may = matches!(
            self.stage,
            Stage::Deciding | Stage::RefusalDue(_) | Stage::UpdatesOut | Stage::Done
        );
        if !may || self.agent.is_none() {
            return Err(Error::misuse(Misuse::NotNow));
        }
        self.ordered = [None; 4];
        for (slot, digest) in self.ordered.iter_mut().zip(manifests) {
            *slot = Some(*digest);
        }
        self.request = None;
        self.stage = Stage::UpdateDue;
        Ok(())
    }

    /// Ends the session without an Update: nothing has to change.
    pub fn nothing_to_do(&mut self) {
        if matches!(self.stage, Stage::Deciding | Stage::RefusalDue(_)) {
            self.stage = Stage::Done;
        }
    }

    /// Writes an Update that passes the Attestation Result back to the Agent where nothing has to
    /// change (section 7.1.1.1); it has no token, since it asks for nothing.
    ///
    /// # Errors
    ///
    /// `Misuse` unless the Agent is attested; if `out` is too short.
    pub fn pass_back<'o>(
        &mut self,
        result: &[u8],
        format: Option<&str>,
        out: &'o mut [u8],
    ) -> Result<Draft<'o>, Error> {
        if self.stage != Stage::Deciding {
            return Err(Error::misuse(Misuse::NotNow));
        }
        let content = UpdateContent::passing_back(result, format);
        let draft = content.draft(self.config.numbering, &self.key()?, out)?;
        self.stage = Stage::Done;
        Ok(draft)
    }

    /// Takes the Verifier's result about the Evidence that the Agent sent.
    ///
    /// # Errors
    ///
    /// `Misuse` unless Evidence waits for a result.
    pub fn attestation_result<'m>(
        &mut self,
        result: &'m [u8],
        now: u64,
        trust: &TamTrust<'_>,
        context: &Context<'_>,
    ) -> Result<TamEvent<'m>, Error> {
        let key = self.agent.filter(|_| self.stage == Stage::Appraising);
        let key = Thumbprint::from_bytes(key.ok_or(Error::misuse(Misuse::NotNow))?);
        let challenge = self.drawn.take();
        let nonce = challenge.as_ref().map(Token::as_bytes);
        let event = match self.judge(result, &key, nonce, now, trust, context) {
            Ok(result) => TamEvent::Attested { result, permit: InstallPermit::granted() },
            Err(rule) => self.refuse(rule, ErrorCode::AttestationRequired),
        };
        #[cfg(feature = "tracing")]
        log::took(&event, result.len());
        Ok(event)
    }

    /// Says that the Verifier gave no result: the Agent is not attested.
    ///
    /// # Errors
    ///
    /// `Misuse` unless Evidence waits for a result.
    pub fn no_attestation_result(&mut self) -> Result<TamEvent<'static>, Error> {
        if self.stage != Stage::Appraising {
            return Err(Error::misuse(Misuse::NotNow));
        }
        self.drawn = None;
        Ok(self.refuse(Rule::AttestationFailed, ErrorCode::AttestationRequired))
    }

    fn remember(&mut self, update: PendingUpdate) {
        if self.updates.iter().all(Option::is_some) {
            self.updates.rotate_left(1);
            if let Some(last) = self.updates.last_mut() {
                *last = None;
            }
        }
        if let Some(free) = self.updates.iter_mut().find(|slot| slot.is_none()) {
            *free = Some(update);
        }
        self.ordered = [None; 4];
    }

    fn key(&self) -> Result<SigningKey, Error> {
        let suite = self.suite.ok_or(Error::misuse(Misuse::NoSigningKey))?;
        let found = self.config.keys.iter().flatten().find(|key| key.suite == suite);
        found.copied().ok_or(Error::misuse(Misuse::NoSigningKey))
    }
}
