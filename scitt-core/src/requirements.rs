//! What RFC 9943 asks of headers.

use cose_ext::{Context, Sign1};

use crate::{Error, Rule, header_facts::HeaderFacts};

/// How much of RFC 9943 a statement and its receipts have to meet beyond signature, proof and
/// binding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Requirements {
    /// All of it.
    #[default]
    Rfc9943,
    /// What services in the field issue: what is not met is reported, not refused.
    Lenient,
}

impl Requirements {
    /// Refuses the first requirement that is not met, under [`Rfc9943`](Self::Rfc9943).
    pub(crate) fn check(self, mut unmet: impl Iterator<Item = Rule>) -> Result<(), Error> {
        match (self, unmet.next()) {
            (Self::Rfc9943, Some(rule)) => Err(Error::refused(rule)),
            _ => Ok(()),
        }
    }
}

/// The requirements of RFC 9943 6 that a statement with this header does not meet.
pub(crate) fn unmet_by_statement(
    is_tagged: bool,
    facts: &HeaderFacts<'_>,
) -> impl Iterator<Item = Rule> + use<> {
    let HeaderFacts { claims, issuer, subject, has_certificate, .. } = *facts;
    [
        (!is_tagged).then_some(Rule::StatementTagged),
        claims.is_none().then_some(Rule::StatementClaims),
        (claims.is_some() && issuer.is_none()).then_some(Rule::StatementIssuer),
        (claims.is_some() && subject.is_none()).then_some(Rule::StatementSubject),
        issuer.filter(|issuer| has_certificate && !is_uri(issuer)).map(|_| Rule::IssuerIsUri),
        issuer.filter(|issuer| !is_of_length(issuer)).map(|_| Rule::IssuerLength),
        (!facts.identifies_key()).then_some(Rule::KeyIdentified),
        facts.has_tagged_date.then_some(Rule::DatesUntagged),
    ]
    .into_iter()
    .flatten()
}

/// The requirements of RFC 9943 6 that a receipt with this header does not meet.
pub(crate) fn unmet_by_receipt(facts: &HeaderFacts<'_>) -> impl Iterator<Item = Rule> + use<> {
    let is_complete = facts.issuer.is_some() && facts.subject.is_some();
    [
        (!is_complete).then_some(Rule::ReceiptClaims),
        (!facts.identifies_key()).then_some(Rule::KeyIdentified),
        facts.has_tagged_date.then_some(Rule::DatesUntagged),
    ]
    .into_iter()
    .flatten()
}

/// Where both x5t and x5chain are there, one has to be the digest of the other's first certificate.
pub(crate) fn check_identifiers(statement: &Sign1<'_>, context: &Context<'_>) -> Result<(), Error> {
    let headers = statement.headers();
    let Some(x5t) = headers.protected().x5t()? else { return Ok(()) };
    let chain = match headers.protected().x5chain()? {
        Some(chain) => Some(chain),
        None => headers.unprotected().x5chain()?,
    };
    let Some(chain) = chain else { return Ok(()) };
    let digest = context.hash(x5t.identifying_algorithm()?, &[chain.first()])?;
    if digest.as_ref() == x5t.digest() {
        Ok(())
    } else {
        let offset = headers.protected().offset();
        Err(Error::broken(Rule::IdentifiersAgree, offset))
    }
}

/// StringOrURI of RFC 8392 2 with a colon: scheme, colon, and nothing that a URI cannot hold
/// (RFC 3986 2, 3.1).
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let mut letters = scheme.bytes();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        && rest.bytes().all(|byte| {
            byte.is_ascii_graphic()
                && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
        })
}

fn is_of_length(issuer: &str) -> bool {
    (1..=8192).contains(&issuer.chars().count())
}
