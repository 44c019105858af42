//! What a message says of the key that it was signed with.

use crate::{
    Error, Supplied,
    cbor::{Map, Raw, Reader},
    crypto::Algorithm,
    error::Policy,
    header::{ArrayOfOne, Certificates, Headers, Label, X5t},
    label::ClaimKey,
};

/// What a message says about the key that it was signed with. All of it is a hint: none of it is
/// verified when a resolver sees it.
#[derive(Clone, Copy, Debug)]
pub struct KeyHint<'a> {
    algorithm: Option<Algorithm>,
    headers: &'a Headers<'a>,
    key_id: Option<&'a [u8]>,
    issuer: Option<&'a str>,
}

impl<'a> KeyHint<'a> {
    /// Reads what a message says of its key, in its headers and in what is supplied beside it.
    ///
    /// # Errors
    ///
    /// If a kid is not a byte string: read as absent, it would lead to every key. If the protected
    /// header claims another issuer than the payload.
    pub(crate) fn new(
        algorithm: Option<Algorithm>,
        headers: &'a Headers<'a>,
        supplied: &Supplied<'a>,
    ) -> Result<Self, Error> {
        let claimed = claimed_issuer(headers, supplied)?;
        Self::with_issuer(algorithm, headers, claimed)
    }

    /// Reads the hints of one signature of several, whose claims stand in the body: `issuer` is
    /// what [`claimed_issuer`] said of it.
    pub(crate) fn with_issuer(
        algorithm: Option<Algorithm>,
        headers: &'a Headers<'a>,
        issuer: Option<&'a str>,
    ) -> Result<Self, Error> {
        let key_id = match headers.protected().key_id()? {
            Some(key_id) => Some(key_id),
            None => headers.unprotected().key_id()?,
        };
        Ok(Self { algorithm, headers, key_id, issuer })
    }

    /// Returns the hint of a signature without headers: whose key it is, its context says.
    pub(crate) const fn without_headers(algorithm: Algorithm) -> Self {
        let algorithm = Some(algorithm);
        Self { algorithm, headers: &Headers::EMPTY, key_id: None, issuer: None }
    }

    /// Adds what a message without headers says of its key by other means.
    pub(crate) const fn named(mut self, key_id: Option<&'a [u8]>, issuer: Option<&'a str>) -> Self {
        self.key_id = key_id;
        self.issuer = issuer;
        self
    }

    /// Returns `alg` of the message, or what the caller says is implied; `None` where the key
    /// states it ([`ImpliedAlgorithm::OfKey`](crate::ImpliedAlgorithm)).
    #[must_use]
    pub const fn algorithm(&self) -> Option<Algorithm> {
        self.algorithm
    }

    /// Returns both header buckets, for hints that have no method here.
    #[must_use]
    pub const fn headers(&self) -> &'a Headers<'a> {
        self.headers
    }

    /// Returns `kid`, from either bucket.
    #[must_use]
    pub const fn key_id(&self) -> Option<&'a [u8]> {
        self.key_id
    }

    /// Returns `x5t`, from either bucket.
    #[must_use]
    pub fn x5t(&self) -> Option<X5t<'a>> {
        let protected = self.headers.protected().x5t().ok().flatten();
        protected.or_else(|| self.headers.unprotected().x5t().ok().flatten())
    }

    /// Returns `x5chain`, from either bucket.
    #[must_use]
    pub fn x5chain(&self) -> Option<Certificates<'a>> {
        let protected = self.headers.protected().x5chain().ok().flatten();
        protected.or_else(|| self.headers.unprotected().x5chain().ok().flatten())
    }

    /// Returns the certificates under `label`, from either bucket: for chains that stand elsewhere
    /// than in `x5chain`, or with one certificate in an array, as some signers send it against
    /// RFC 9360 2. `None` where they are malformed, too.
    #[must_use]
    pub fn certificates(
        &self,
        label: Label<'_>,
        array_of_one: ArrayOfOne,
    ) -> Option<Certificates<'a>> {
        let protected = self.headers.protected().certificates(label, array_of_one).ok().flatten();
        let unprotected = || self.headers.unprotected().certificates(label, array_of_one);
        protected.or_else(|| unprotected().ok().flatten())
    }

    /// Returns the issuer that the message claims where the signature covers it: `iss` of the CWT
    /// claims in the protected bucket, or of the payload where the caller says so.
    #[must_use]
    pub const fn issuer(&self) -> Option<&'a str> {
        self.issuer
    }
}

/// Returns the issuer that is claimed where the signature covers it.
///
/// # Errors
///
/// If header and payload claim different ones (RFC 9597 2).
pub(crate) fn claimed_issuer<'a>(
    headers: &Headers<'a>,
    supplied: &Supplied<'a>,
) -> Result<Option<&'a str>, Error> {
    let header = headers.protected().find(Label::CWT_CLAIMS).and_then(|claims| issuer_in(&claims));
    match (header, supplied.claimed_issuer) {
        (Some(header), Some(payload)) if header != payload => Err(Policy::IssuerDisagrees.into()),
        (header, payload) => Ok(header.or(payload)),
    }
}

/// Looks `iss` up, and nothing else: the claims are decoded by whoever relies on them.
fn issuer_in<'a>(claims: &Raw<'a>) -> Option<&'a str> {
    let issuer = Map::new(claims).ok()?.find(ClaimKey::ISS.to_i64()?)?;
    issuer.read(Reader::text).ok()
}
