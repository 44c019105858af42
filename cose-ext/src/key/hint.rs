use crate::{
    Error,
    crypto::Algorithm,
    header::{Certificates, Headers, X5t},
};

/// What a message says about the key that it was signed with. All of it is a hint: none of it is
/// verified when a resolver sees it.
#[derive(Clone, Copy, Debug)]
pub struct KeyHint<'a> {
    algorithm: Algorithm,
    headers: Headers<'a>,
    key_id: Option<&'a [u8]>,
    issuer: Option<&'a str>,
}

impl<'a> KeyHint<'a> {
    /// # Errors
    /// If a kid is no byte string: read as absent, it would lead to every key.
    pub(crate) fn new(algorithm: Algorithm, headers: &Headers<'a>) -> Result<Self, Error> {
        let key_id = match headers.protected().key_id()? {
            Some(key_id) => Some(key_id),
            None => headers.unprotected().key_id()?,
        };
        let claims = headers.protected().cwt_claims().ok().flatten();
        let issuer = claims.and_then(|claims| claims.issuer().ok().flatten());
        Ok(Self { algorithm, headers: *headers, key_id, issuer })
    }

    /// The hint of a signature without headers: whose key it is, its context says.
    pub(crate) const fn without_headers(algorithm: Algorithm) -> Self {
        Self { algorithm, headers: Headers::EMPTY, key_id: None, issuer: None }
    }

    /// The hints of one signature of a COSE_Sign, whose claims stand in the body.
    pub(crate) fn of_signer(signer: &Headers<'a>, body: &Headers<'a>) -> Result<Self, Error> {
        let hint = Self::new(signer.algorithm()?, signer)?;
        let claims = body.protected().cwt_claims().ok().flatten();
        let issuer = claims.and_then(|claims| claims.issuer().ok().flatten());
        Ok(Self { issuer, ..hint })
    }

    /// `alg` of the message.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Both header buckets, for hints that are not named here.
    pub const fn headers(&self) -> &Headers<'a> {
        &self.headers
    }

    /// `kid`, from either bucket.
    pub const fn key_id(&self) -> Option<&'a [u8]> {
        self.key_id
    }

    /// `x5t`, from either bucket.
    pub fn x5t(&self) -> Option<X5t<'a>> {
        let protected = self.headers.protected().x5t().ok().flatten();
        protected.or_else(|| self.headers.unprotected().x5t().ok().flatten())
    }

    /// `x5chain`, from either bucket.
    pub fn x5chain(&self) -> Option<Certificates<'a>> {
        let protected = self.headers.protected().x5chain().ok().flatten();
        protected.or_else(|| self.headers.unprotected().x5chain().ok().flatten())
    }

    /// `iss` of the CWT claims in the protected bucket.
    pub const fn issuer(&self) -> Option<&'a str> {
        self.issuer
    }
}
