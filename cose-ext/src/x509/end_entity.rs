//! Which certificate of a header is the signer's (RFC 9360 2).

use crate::{
    Context, Error,
    crypto::Algorithm,
    error::{Limit, Policy},
    header::{Certificates, Headers, X5t},
};

/// Most certificates of one message that are looked at, whatever the limits say: they stand on the
/// stack.
pub(super) const MAX_CERTIFICATES: usize = 16;

/// The end entity's certificate and the others that came along, all untrusted.
pub(super) struct EndEntity<'a> {
    pub(super) certificate: &'a [u8],
    /// Whether the signature covers the certificate, or a digest that identifies it.
    pub(super) is_protected: bool,
    /// Whether the signature covers all of the others, too.
    pub(super) others_are_protected: bool,
    others: [&'a [u8]; MAX_CERTIFICATES],
    len: usize,
}

impl<'a> EndEntity<'a> {
    /// The first certificate of `x5chain`, or the one of `x5bag` that `x5t` identifies.
    pub(super) fn find(
        headers: &Headers<'a>,
        context: &Context<'_>,
        limit: usize,
    ) -> Result<Option<Self>, Error> {
        let (protected, unprotected) = (headers.protected(), headers.unprotected());
        let protected_chain = protected.x5chain()?;
        let chain = protected_chain.or(unprotected.x5chain()?);
        let protected_bag = protected.x5bag()?;
        let bag = protected_bag.or(unprotected.x5bag()?);
        let protected_x5t = protected.x5t()?;
        let x5t = protected_x5t.or(unprotected.x5t()?);
        let count = |certificates: &Option<Certificates<'a>>| {
            certificates.as_ref().map_or(0, Certificates::len)
        };
        if count(&chain).saturating_add(count(&bag)) > limit.min(MAX_CERTIFICATES) {
            return Err(Error::from(Limit::Certificates));
        }
        let (certificate, by) = match (&chain, &bag, &x5t) {
            (Some(chain), _, None) => (chain.first(), Match::None),
            (Some(chain), _, Some(x5t)) => match compare(x5t, chain.first(), context)? {
                Match::None => return Err(Error::from(Policy::OtherCertificate)),
                by => (chain.first(), by),
            },
            (None, Some(bag), Some(x5t)) => {
                x5t.identifying_algorithm()?;
                let mut identified = None;
                for certificate in bag.iter() {
                    if compare(x5t, certificate, context)? == Match::Identified {
                        identified = Some(certificate);
                    }
                }
                let Some(certificate) = identified else { return Ok(None) };
                (certificate, Match::Identified)
            }
            (None, ..) => return Ok(None),
        };
        let by_digest = protected_x5t.is_some() && by == Match::Identified;
        let is_protected = protected_chain.is_some() || by_digest;
        let is_covered = |covered: bool, len: usize| covered || len == 0;
        let others_are_protected =
            is_covered(protected_chain.is_some(), count(&chain).saturating_sub(1))
                && is_covered(protected_bag.is_some(), count(&bag));
        let others = [&[][..]; MAX_CERTIFICATES];
        let mut found = Self { certificate, is_protected, others_are_protected, others, len: 0 };
        let rest = chain.iter().flat_map(|chain| chain.iter().skip(1));
        let rest = rest.chain(bag.iter().flat_map(Certificates::iter));
        for (slot, other) in found.others.iter_mut().zip(rest) {
            *slot = other;
            found.len = found.len.saturating_add(1);
        }
        Ok(Some(found))
    }

    /// Everything but the end entity, which may be among them again.
    pub(super) fn others(&self) -> &[&'a [u8]] {
        self.others.get(..self.len).unwrap_or_default()
    }
}

/// What an `x5t` says of a certificate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    /// It is the digest of another one, or there is none.
    None,
    /// It is a digest of this one that identifies it.
    Identified,
    /// It may be this one: the hash can only filter.
    Filtered,
}

pub(super) fn compare(
    x5t: &X5t<'_>,
    certificate: &[u8],
    context: &Context<'_>,
) -> Result<Match, Error> {
    let hash = |algorithm: Algorithm| context.hash(algorithm, &[certificate]);
    let is_same = match x5t.identifying_algorithm() {
        Ok(algorithm) => {
            return Ok(match hash(algorithm)?.as_ref() == x5t.digest() {
                true => Match::Identified,
                false => Match::None,
            });
        }
        Err(error) => match x5t.algorithm().to_i64().map(Algorithm::new) {
            // RFC 9054 3.2: the first 64 bits of SHA-256.
            Some(Algorithm::SHA256_64) => {
                hash(Algorithm::SHA256)?.as_ref().get(..8) == Some(x5t.digest())
            }
            // Not computed here: it says nothing for the certificate, and nothing against it.
            Some(Algorithm::SHA1) => true,
            _ => return Err(error),
        },
    };
    Ok(if is_same { Match::Filtered } else { Match::None })
}
