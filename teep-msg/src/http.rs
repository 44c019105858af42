//! TEEP over HTTP (draft-ietf-teep-otrp-over-http-15) as facts: what a client sends, what a server
//! answers, and what either makes of it. No sockets: whatever HTTP library is at hand carries them.

use crate::{Error, Rule};

/// The media type of messages, in both directions.
pub const MEDIA_TYPE: &str = "application/teep+cbor";

/// Headers that every response of a server has, and requests may have (section 4).
pub const PROTECTIVE_HEADERS: [(&str, &str); 3] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'"),
    ("Referrer-Policy", "no-referrer"),
];

/// Headers that nobody sends: a session is told by what the messages say.
pub const FORBIDDEN_HEADERS: [&str; 2] = ["Cookie", "Set-Cookie"];

/// What a client sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientRequest<'m> {
    /// `POST`, always.
    pub method: &'static str,
    /// The value of `Accept`.
    pub accept: &'static str,
    /// The value of `Content-Type`; none for the request that starts a session.
    pub content_type: Option<&'static str>,
    /// The body; empty in the request that starts a session.
    pub body: &'m [u8],
}

impl<'m> ClientRequest<'m> {
    /// Starts a session: an empty POST with `Accept` alone.
    #[must_use]
    pub const fn start() -> Self {
        Self { method: "POST", accept: MEDIA_TYPE, content_type: None, body: &[] }
    }

    /// Carries a message of the Agent.
    #[must_use]
    pub const fn message(message: &'m [u8]) -> Self {
        Self { content_type: Some(MEDIA_TYPE), body: message, ..Self::start() }
    }
}

/// Which media types of responses a client takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediaTypes {
    /// The registered one.
    #[default]
    Registered,
    /// Also `application/teep+cose`, which a server in the field sends.
    AlsoCose,
}

/// What a response means to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Received<'m> {
    /// A message for ProcessTeepMessage.
    Message(&'m [u8]),
    /// An empty response: the session is done.
    Done,
    /// For ProcessError: the session is over.
    Failed(HttpFailure),
}

/// Why an HTTP exchange failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpFailure {
    /// A redirect, which is not followed.
    Redirect(u16),
    /// A status that says that something is wrong.
    Status(u16),
    /// A body of another media type.
    MediaType,
    /// Nothing came back: a failure below HTTP.
    Transport,
}

/// Reads a response: its status, its `Content-Type` and its body.
#[must_use]
pub fn receive<'m>(
    status: u16,
    content_type: Option<&str>,
    body: &'m [u8],
    media_types: MediaTypes,
) -> Received<'m> {
    match status {
        300..=399 => Received::Failed(HttpFailure::Redirect(status)),
        200..=299 if body.is_empty() => Received::Done,
        200..=299 if is_message(content_type, media_types) => Received::Message(body),
        200..=299 => Received::Failed(HttpFailure::MediaType),
        _ => Received::Failed(HttpFailure::Status(status)),
    }
}

fn is_message(content_type: Option<&str>, media_types: MediaTypes) -> bool {
    let is = |name: &str| content_type.is_some_and(|found| is_type(found, name));
    is(MEDIA_TYPE) || (media_types == MediaTypes::AlsoCose && is("application/teep+cose"))
}

/// A media type without its parameters, in any case.
fn is_type(found: &str, name: &str) -> bool {
    found.split(';').next().is_some_and(|found| found.trim().eq_ignore_ascii_case(name))
}

/// What a request asks of a TAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum ServerCall<'m> {
    /// ProcessConnect.
    Connect,
    /// ProcessTeepMessage.
    Message(&'m [u8]),
}

/// What a server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerResponse<'m> {
    /// The status.
    pub status: u16,
    /// The value of `Content-Type`, if there is a body.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: &'m [u8],
}

impl<'m> ServerResponse<'m> {
    /// Answers with a message of the TAM, or with nothing: 200 with `Content-Type`, or 204.
    #[must_use]
    pub const fn of(message: &'m [u8]) -> Self {
        if message.is_empty() {
            return Self::status(204);
        }
        Self { status: 200, content_type: Some(MEDIA_TYPE), body: message }
    }

    /// Answers that the TAM failed.
    #[must_use]
    pub const fn failure() -> Self {
        Self::status(500)
    }

    const fn status(status: u16) -> Self {
        Self { status, content_type: None, body: &[] }
    }
}

/// Reads a request: its method, `Content-Type`, `Accept` and body.
///
/// # Errors
///
/// The response to a request that is none of TEEP: 405 for another method, 406 where `Accept` does
/// not take the media type, 415 for a body of another.
pub fn serve<'m>(
    method: &str,
    content_type: Option<&str>,
    accept: Option<&str>,
    body: &'m [u8],
) -> Result<ServerCall<'m>, ServerResponse<'static>> {
    if method != "POST" {
        return Err(ServerResponse::status(405));
    }
    // A range takes the media type as well as its name does (RFC 9110 12.5.1).
    let takes = |one: &str| [MEDIA_TYPE, "application/*", "*/*"].iter().any(|it| is_type(one, it));
    let accepts = |accept: &str| accept.split(',').any(takes);
    if !accept.is_some_and(accepts) {
        return Err(ServerResponse::status(406));
    }
    match content_type {
        _ if body.is_empty() => Ok(ServerCall::Connect),
        Some(found) if is_type(found, MEDIA_TYPE) => Ok(ServerCall::Message(body)),
        _ => Err(ServerResponse::status(415)),
    }
}

/// Checks that the URI of a TAM is `https`. The certificate is checked against its host by whoever
/// opens the connection (RFC 6125).
///
/// # Errors
///
/// For any other scheme.
pub fn check_uri(uri: &str) -> Result<(), Error> {
    let is_https = uri.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    if is_https && uri.len() > 8 { Ok(()) } else { Err(Error::refused(Rule::HttpsUri)) }
}
