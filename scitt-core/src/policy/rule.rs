//! What a policy asks of a statement.

use alloc::{string::String, vec::Vec};

use cose_ext::{
    Context, Value,
    crypto::Algorithm,
    cwt::{ClaimKey, Time},
    header::ContentType,
};

use super::Policy;
use crate::{Candidate, Error, OwnedContentType};

/// What a policy asks of a statement. A list that is empty asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyRule {
    pub(crate) issuers: Vec<String>,
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) subjects: Vec<String>,
    pub(crate) content_types: Vec<OwnedContentType>,
    pub(crate) types: Vec<OwnedContentType>,
    pub(crate) claims: Vec<OwnedClaimKey>,
    pub(crate) asks_validity: bool,
}

/// The key of a claim, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 8392 1.1 has no others")]
pub enum OwnedClaimKey {
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
}

impl OwnedClaimKey {
    fn borrow(&self) -> ClaimKey<'_> {
        match self {
            Self::Int(number) => (*number).into(),
            Self::Text(text) => text.as_str().into(),
        }
    }

    pub(crate) fn to_value(&self) -> Value<'_> {
        match self {
            Self::Int(number) => Value::from(*number),
            Self::Text(text) => Value::Text(text),
        }
    }
}

impl PolicyRule {
    /// Returns a rule that asks nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for `issuer`, or another that was named.
    #[must_use]
    pub fn issuer(mut self, issuer: &str) -> Self {
        self.issuers.push(issuer.into());
        self
    }

    /// Asks for this algorithm of the signature, or another that was named.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithms.push(algorithm);
        self
    }

    /// Asks for this subject, or another that was named. One that ends in `*` names all that begin
    /// so.
    #[must_use]
    pub fn subject(mut self, subject: &str) -> Self {
        self.subjects.push(subject.into());
        self
    }

    /// Asks for this content type of the payload, or of the preimage of a hash envelope, or another
    /// that was named.
    #[must_use]
    pub fn content_type(mut self, content_type: ContentType<'_>) -> Self {
        self.content_types.push(content_type.into());
        self
    }

    /// Asks for this `typ`, or another that was named.
    #[must_use]
    pub fn typ(mut self, typ: ContentType<'_>) -> Self {
        self.types.push(typ.into());
        self
    }

    /// Asks that this claim is there.
    #[must_use]
    pub fn claim(mut self, claim: OwnedClaimKey) -> Self {
        self.claims.push(claim);
        self
    }

    /// Asks that the statement is valid when it is decided upon: `exp` and `nbf` (RFC 8392 3.1).
    #[must_use]
    pub const fn valid_in_time(mut self) -> Self {
        self.asks_validity = true;
        self
    }

    pub(super) fn decide(&self, candidate: &Candidate<'_>, _: &Context<'_>) -> Result<(), Error> {
        let statement = candidate.statement.value();
        let protected = statement.protected();
        let typ = protected.typ()?.map(OwnedContentType::from);
        let content_type = statement.content_type().map(OwnedContentType::from);
        let is_named = |names: &[String], found: Option<&str>| {
            names.is_empty() || names.iter().any(|name| found == Some(name))
        };
        let algorithm = candidate.statement.by().algorithm();
        let subject = statement.subject().unwrap_or_default();
        let claims = statement.claims();
        let has = |claim: &OwnedClaimKey| {
            claims.is_some_and(|claims| claims.find(claim.borrow()).is_some())
        };
        let is_met = is_named(&self.issuers, statement.issuer())
            && (self.algorithms.is_empty() || self.algorithms.contains(&algorithm))
            && (self.subjects.is_empty() || self.subjects.iter().any(|it| covers(it, subject)))
            && is_among(&self.content_types, content_type.as_ref())
            && is_among(&self.types, typ.as_ref())
            && self.claims.iter().all(has);
        if !is_met {
            return Err(Policy::refused());
        }
        match claims.filter(|_| self.asks_validity) {
            Some(claims) => Ok(claims.check_time(Time::Seconds(candidate.at), 0)?),
            None => Ok(()),
        }
    }
}

fn is_among(names: &[OwnedContentType], found: Option<&OwnedContentType>) -> bool {
    names.is_empty() || names.iter().any(|name| Some(name) == found)
}

fn covers(pattern: &str, subject: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => subject.starts_with(beginning),
        None => pattern == subject,
    }
}
