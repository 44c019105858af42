use crate::{
    crypto::Algorithm,
    header::{Certificates, Headers, X5t},
};

/// What a message says about the key that it was signed with. All of it is a hint: none of it is
/// verified when a resolver sees it.
#[derive(Clone, Copy, Debug)]
pub struct KeyHint<'a> {
    algorithm: Algorithm,
    headers: Headers<'a>,
}

impl<'a> KeyHint<'a> {
    pub(crate) const fn new(algorithm: Algorithm, headers: &Headers<'a>) -> Self {
        Self { algorithm, headers: *headers }
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
    pub fn key_id(&self) -> Option<&'a [u8]> {
        let protected = self.headers.protected().key_id().ok().flatten();
        protected.or_else(|| self.headers.unprotected().key_id().ok().flatten())
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
    pub fn issuer(&self) -> Option<&'a str> {
        self.headers.protected().cwt_claims().ok().flatten()?.issuer().ok().flatten()
    }
}
