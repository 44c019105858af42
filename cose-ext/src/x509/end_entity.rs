//! Which certificate of a header is the signer's (RFC 9360 2).

use crate::{
    Context, Error,
    crypto::Algorithm,
    error::{Limit, Policy},
    header::{ArrayOfOne, Certificates, Headers, Label, X5t},
};

/// Most certificates of one message that are looked at, whatever the limits say: they stand on the
/// stack.
pub(super) const MAX_CERTIFICATES: usize = 16;

/// Where the certificates of a signer stand.
#[derive(Clone, Copy)]
pub(super) enum Source<'s> {
    /// In the headers: a chain under this label, or `x5bag` with `x5t`.
    Headers { chain: Label<'s>, array_of_one: ArrayOfOne },
    /// The caller brings them, and is responsible for where they come from.
    Named { end_entity: &'s [u8], others: &'s [&'s [u8]] },
}

impl Source<'_> {
    /// RFC 9360 2.
    pub(super) const STANDARD: Self =
        Self::Headers { chain: Label::X5CHAIN, array_of_one: ArrayOfOne::Refused };
}

/// The end entity's certificate and the others that came along, all untrusted.
pub(super) struct EndEntity<'a> {
    pub(super) certificate: &'a [u8],
    /// Whether the signature covers the certificate, or a digest that identifies it.
    pub(super) is_protected: bool,
    /// Whether the signature covers all of the others, too.
    pub(super) others_are_protected: bool,
    /// Whether it is the one certificate of an array.
    pub(super) is_array_of_one: bool,
    others: [&'a [u8]; MAX_CERTIFICATES],
    len: usize,
}

impl<'a> EndEntity<'a> {
    /// The certificate that `source` names.
    pub(super) fn find(
        source: &Source<'a>,
        headers: &Headers<'a>,
        context: &Context<'_>,
        limit: usize,
    ) -> Result<Option<Self>, Error> {
        match *source {
            Source::Headers { chain, array_of_one } => {
                Self::in_headers((chain, array_of_one), headers, context, limit)
            }
            Source::Named { end_entity, others } => {
                Self::named(end_entity, others, headers, context, limit).map(Some)
            }
        }
    }

    /// The certificate that the caller names; a digest in the header is one of it.
    fn named(
        certificate: &'a [u8],
        others: &[&'a [u8]],
        headers: &Headers<'a>,
        context: &Context<'_>,
        limit: usize,
    ) -> Result<Self, Error> {
        if others.len() >= limit.min(MAX_CERTIFICATES) {
            return Err(Error::from(Limit::Certificates));
        }
        let x5t = headers.protected().x5t()?.or(headers.unprotected().x5t()?);
        if let Some(x5t) = x5t
            && compare(&x5t, certificate, context)? == Match::None
        {
            return Err(Error::from(Policy::OtherCertificate));
        }
        let mut found = Self {
            certificate,
            is_protected: true,
            others_are_protected: true,
            is_array_of_one: false,
            others: [&[]; MAX_CERTIFICATES],
            len: others.len(),
        };
        for (slot, other) in found.others.iter_mut().zip(others) {
            *slot = other;
        }
        Ok(found)
    }

    /// The first certificate of the chain, or the one of `x5bag` that `x5t` identifies.
    fn in_headers(
        (label, array_of_one): (Label<'_>, ArrayOfOne),
        headers: &Headers<'a>,
        context: &Context<'_>,
        limit: usize,
    ) -> Result<Option<Self>, Error> {
        let (protected, unprotected) = (headers.protected(), headers.unprotected());
        let protected_chain = protected.certificates(label, array_of_one)?;
        let chain = match protected_chain {
            Some(chain) => Some(chain),
            None => unprotected.certificates(label, array_of_one)?,
        };
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
        let is_array_of_one = chain.as_ref().is_some_and(Certificates::is_array_of_one);
        let mut found = Self {
            certificate,
            is_protected,
            others_are_protected,
            is_array_of_one,
            others,
            len: 0,
        };
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
