//! The protected header of a block (docs/transparent-suit.md 3.1).

use cose_ext::{
    Label, Sign1,
    cbor::Reader,
    crypto::Algorithm,
    header::{ContentType, Protected},
};

use crate::{
    Error, Rule,
    profile::{CONTENT_TYPE, SUIT_SEQUENCE, is_fully_specified},
};

/// What the claims of a block say, each of its type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockClaims<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) sequence: u64,
}

/// Checks the form of a block, whoever signed it: payload and all of the header but the claims.
///
/// # Errors
///
/// [`Rule::BlockIsSign1`], [`Rule::PayloadNil`], and those of [`check_header`].
#[inline(never)]
pub(crate) fn check_form(message: &Sign1<'_>, typ: ContentType<'_>) -> Result<(), Error> {
    if !message.is_tagged() {
        return Err(Error::broken(Rule::BlockIsSign1));
    }
    if message.danger_unverified_payload().is_some() {
        return Err(Error::broken(Rule::PayloadNil));
    }
    check_header(message.headers().protected(), typ)
}

/// Checks all of the protected header but the claims.
///
/// # Errors
///
/// [`Rule::AlgorithmFullySpecified`], [`Rule::ContentTypeCbor`], [`Rule::TypStated`],
/// [`Rule::KeyIdentified`], [`Rule::NoHashEnvelope`], [`Rule::CriticalTypOnly`].
pub(crate) fn check_header(protected: &Protected<'_>, typ: ContentType<'_>) -> Result<(), Error> {
    let broken = |rule| Error::broken(rule).at(protected.offset());
    let algorithm = protected.algorithm()?.and_then(|algorithm| algorithm.to_i64());
    if !algorithm.map(Algorithm::new).is_some_and(is_fully_specified) {
        return Err(broken(Rule::AlgorithmFullySpecified));
    }
    if protected.content_type()? != Some(CONTENT_TYPE) {
        return Err(broken(Rule::ContentTypeCbor));
    }
    if protected.typ()? != Some(typ) {
        return Err(broken(Rule::TypStated));
    }
    if protected.key_id()?.is_none() {
        return Err(broken(Rule::KeyIdentified));
    }
    for label in
        [Label::PAYLOAD_HASH_ALG, Label::PAYLOAD_PREIMAGE_CONTENT_TYPE, Label::PAYLOAD_LOCATION]
    {
        if protected.find(label).is_some() {
            return Err(broken(Rule::NoHashEnvelope));
        }
    }
    if let Some(crit) = protected.crit()?
        && !crit.labels().all(|label| label == Label::TYP)
    {
        return Err(broken(Rule::CriticalTypOnly));
    }
    Ok(())
}

/// Reads the claims of a header.
///
/// # Errors
///
/// [`Rule::ClaimsStated`].
#[inline(never)]
pub(crate) fn read_claims<'a>(protected: &Protected<'a>) -> Result<BlockClaims<'a>, Error> {
    let absent = Error::broken(Rule::ClaimsStated).at(protected.offset());
    let claims = protected.cwt_claims()?.ok_or(absent)?;
    let sequence = claims.find(SUIT_SEQUENCE).ok_or(absent)?;
    Ok(BlockClaims {
        issuer: claims.issuer()?.filter(|issuer| is_uri(issuer)).ok_or(absent)?,
        subject: claims.subject()?.ok_or(absent)?,
        sequence: sequence.read(Reader::uint).map_err(|_| absent)?,
    })
}

/// Returns whether the text begins as a URI does: with a scheme and a colon (RFC 3986 3.1).
pub(crate) fn is_uri(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else { return false };
    let mut letters = scheme.bytes();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}
