use cose_ext::{
    Sign1,
    crypto::{Algorithm, Provider},
    cwt::Claims,
    header::Protected,
};

use crate::{Error, Rule};

/// How much of RFC 9943 a statement and its receipts have to meet beyond signature, proof and
/// binding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Requirements {
    /// All of it.
    #[default]
    Rfc9943,
    /// What services in the field issue: gaps are reported, not refused.
    Lenient,
}

impl Requirements {
    /// Refuses the first gap under [`Rfc9943`](Self::Rfc9943).
    pub(crate) fn check(self, mut gaps: impl Iterator<Item = Rule>) -> Result<(), Error> {
        match (self, gaps.next()) {
            (Self::Rfc9943, Some(rule)) => Err(Error::refused(rule)),
            _ => Ok(()),
        }
    }
}

/// The requirements of RFC 9943 6 that the header of `statement` does not meet.
pub(crate) fn statement_gaps(statement: &Sign1<'_>) -> impl Iterator<Item = Rule> + use<> {
    let protected = statement.headers().protected();
    let claims = protected.cwt_claims().ok().flatten();
    let issuer = claims.and_then(|claims| claims.issuer().ok().flatten());
    let has_subject = claims.is_some_and(|claims| matches!(claims.subject(), Ok(Some(_))));
    let has_certificate = has_certificate(protected);
    [
        (!statement.is_tagged()).then_some(Rule::StatementTagged),
        claims.is_none().then_some(Rule::StatementClaims),
        (claims.is_some() && issuer.is_none()).then_some(Rule::StatementIssuer),
        (claims.is_some() && !has_subject).then_some(Rule::StatementSubject),
        issuer.filter(|issuer| has_certificate && !is_uri(issuer)).map(|_| Rule::IssuerIsUri),
        issuer.filter(|issuer| !is_of_length(issuer)).map(|_| Rule::IssuerLength),
        (!has_certificate && !has_key_id(protected)).then_some(Rule::KeyIdentified),
        claims.filter(has_tagged_date).map(|_| Rule::DatesUntagged),
    ]
    .into_iter()
    .flatten()
}

/// The requirements of RFC 9943 6 that the header of a receipt does not meet.
pub(crate) fn receipt_gaps(receipt: &Sign1<'_>) -> impl Iterator<Item = Rule> + use<> {
    let protected = receipt.headers().protected();
    let claims = protected.cwt_claims().ok().flatten();
    let complete = claims.is_some_and(|claims| {
        matches!((claims.issuer(), claims.subject()), (Ok(Some(_)), Ok(Some(_))))
    });
    let identified = has_certificate(protected) || has_key_id(protected);
    [
        (!complete).then_some(Rule::ReceiptClaims),
        (!identified).then_some(Rule::KeyIdentified),
        claims.filter(has_tagged_date).map(|_| Rule::DatesUntagged),
    ]
    .into_iter()
    .flatten()
}

/// Where both x5t and x5chain are there, one has to be the digest of the other's first certificate.
pub(crate) fn check_identifiers(
    statement: &Sign1<'_>,
    provider: &dyn Provider,
) -> Result<(), Error> {
    let headers = statement.headers();
    let Some(x5t) = headers.protected().x5t()? else { return Ok(()) };
    let chain = match headers.protected().x5chain()? {
        Some(chain) => Some(chain),
        None => headers.unprotected().x5chain()?,
    };
    let Some(chain) = chain else { return Ok(()) };
    let algorithm: Algorithm = x5t.identifying_algorithm()?;
    let unsupported = cose_ext::error::Unsupported::Hash(algorithm);
    let function = provider.hash_function(algorithm);
    let function = function.ok_or(cose_ext::Error::from(unsupported))?;
    if function.hash(&[chain.first()]).as_ref() == x5t.digest() {
        Ok(())
    } else {
        let offset = headers.protected().offset();
        Err(Error::broken(Rule::IdentifiersAgree, offset))
    }
}

fn has_certificate(protected: &Protected<'_>) -> bool {
    matches!(protected.x5t(), Ok(Some(_))) || matches!(protected.x5chain(), Ok(Some(_)))
}

fn has_key_id(protected: &Protected<'_>) -> bool {
    matches!(protected.key_id(), Ok(Some(_)))
}

fn has_tagged_date(claims: &Claims<'_>) -> bool {
    [claims.expires_at(), claims.not_before(), claims.issued_at()]
        .iter()
        .any(|date| matches!(date, Ok(Some(date)) if date.is_tagged()))
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
