//! The Broker: what carries messages between an Agent and its TAMs, outside of what is trusted
//! (RFC 9397 6.2.1).

use crate::{
    Error, ErrorKind, Limit,
    http::{ClientRequest, HttpFailure, MediaTypes, Received, receive},
};

/// What an Agent passes back from one of the five calls: a TAM to connect to, and what to send
/// there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgentData<'d> {
    /// The URI of a TAM. Of a message in a session it may differ from the one before.
    pub tam_uri: Option<&'d str>,
    /// A message; without one, a session is to be started.
    pub message: Option<&'d [u8]>,
}

/// A call to the Agent. RequestTA, UnrequestTA and RequestPolicyCheck are made by whoever owns the
/// broker, whose data goes to [`Broker::start`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum AgentCall<'m> {
    /// A message arrived; what the Agent passes back goes to [`Broker::go_on`].
    ProcessTeepMessage(&'m [u8]),
    /// The exchange failed, and its session is deleted.
    ProcessError(HttpFailure),
}

/// Names a session of a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BrokerSession(usize);

/// What a broker does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "whoever drives the machine has to handle each")]
pub enum BrokerStep<'d> {
    /// Send this to the URI of the session ([`Broker::uri`]), and give the response to
    /// [`Broker::receive`].
    Post(BrokerSession, ClientRequest<'d>),
    /// Nothing is to be sent: the session is done.
    Done,
}

/// One session for each TAM, told by its URI. It has no key, and what it does to messages the
/// machines of both sides stand.
///
/// # State, invariant, cost
///
/// At most `SESSIONS` URIs of at most `URI` bytes, each once. Looking one up compares with all.
#[derive(Clone, Debug)]
pub struct Broker<const SESSIONS: usize, const URI: usize = 256> {
    sessions: [Option<Uri<URI>>; SESSIONS],
    media_types: MediaTypes,
}

#[derive(Clone, Copy, Debug)]
struct Uri<const URI: usize> {
    bytes: [u8; URI],
    len: usize,
}

impl<const URI: usize> Uri<URI> {
    fn new(uri: &str) -> Result<Self, Error> {
        let mut bytes = [0; URI];
        let too_long = Error::new(ErrorKind::BufferTooShort { needed: uri.len() });
        bytes.get_mut(..uri.len()).ok_or(too_long)?.copy_from_slice(uri.as_bytes());
        Ok(Self { bytes, len: uri.len() })
    }

    fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.len).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl<const SESSIONS: usize, const URI: usize> Broker<SESSIONS, URI> {
    /// Has no session, and takes responses of `media_types`.
    #[must_use]
    pub const fn new(media_types: MediaTypes) -> Self {
        Self { sessions: [None; SESSIONS], media_types }
    }

    /// Takes what RequestTA, UnrequestTA or RequestPolicyCheck passed back: a session with that TAM
    /// begins, with an empty POST or with the Agent's message. Without a URI nothing is to be done.
    ///
    /// # Errors
    ///
    /// `Limit` if no session is free, and for a URI that is too long.
    pub fn start<'d>(&mut self, data: &AgentData<'d>) -> Result<BrokerStep<'d>, Error> {
        let Some(uri) = data.tam_uri else { return Ok(BrokerStep::Done) };
        let session = match self.find(uri) {
            Some(session) => session,
            None => {
                let free = self.sessions.iter().position(Option::is_none);
                let free = free.ok_or(Error::new(ErrorKind::Limit(Limit::Sessions)))?;
                if let Some(slot) = self.sessions.get_mut(free) {
                    *slot = Some(Uri::new(uri)?);
                }
                BrokerSession(free)
            }
        };
        let request = data.message.map_or(ClientRequest::start(), ClientRequest::message);
        Ok(BrokerStep::Post(session, request))
    }

    /// Takes what ProcessTeepMessage passed back: a further message, perhaps for another URI, or
    /// nothing.
    ///
    /// # Errors
    ///
    /// For a URI that is too long.
    pub fn go_on<'d>(
        &mut self,
        session: BrokerSession,
        data: &AgentData<'d>,
    ) -> Result<BrokerStep<'d>, Error> {
        let Some(message) = data.message else {
            self.end(session);
            return Ok(BrokerStep::Done);
        };
        if let Some(uri) = data.tam_uri
            && let Some(slot) = self.sessions.get_mut(session.0)
        {
            *slot = Some(Uri::new(uri)?);
        }
        Ok(BrokerStep::Post(session, ClientRequest::message(message)))
    }

    /// Takes an HTTP response: its status, its `Content-Type` and its body. `None` means that the
    /// session is done.
    pub fn receive<'m>(
        &mut self,
        session: BrokerSession,
        status: u16,
        content_type: Option<&str>,
        body: &'m [u8],
    ) -> Option<AgentCall<'m>> {
        match receive(status, content_type, body, self.media_types) {
            Received::Message(message) => Some(AgentCall::ProcessTeepMessage(message)),
            Received::Done => {
                self.end(session);
                None
            }
            Received::Failed(failure) => Some(self.failed(session, failure)),
        }
    }

    /// Ends a session whose exchange failed below HTTP, or otherwise.
    pub fn failed<'m>(&mut self, session: BrokerSession, failure: HttpFailure) -> AgentCall<'m> {
        self.end(session);
        AgentCall::ProcessError(failure)
    }

    /// Returns where the next request of a session goes.
    pub fn uri(&self, session: BrokerSession) -> Option<&str> {
        self.sessions.get(session.0)?.as_ref().map(Uri::as_str)
    }

    fn find(&self, uri: &str) -> Option<BrokerSession> {
        let is_it = |slot: &Option<Uri<URI>>| slot.as_ref().is_some_and(|it| it.as_str() == uri);
        self.sessions.iter().position(is_it).map(BrokerSession)
    }

    fn end(&mut self, session: BrokerSession) {
        if let Some(slot) = self.sessions.get_mut(session.0) {
            *slot = None;
        }
    }
}
