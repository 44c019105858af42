//! Certificates that the verifier enrolled.

use core::{fmt, ops::ControlFlow};

use super::{
    Certificate,
    end_entity::{Match, compare},
};
#[cfg(feature = "alloc")]
use crate::key::OwnedTrustedKey;
use crate::{
    Context, Error, Notes,
    error::Policy,
    header::{ArrayOfOne, Certificates, Headers, Label},
    key::{Candidate, Identity, KeyHint, KeyResolver, TrustedKey},
};

/// A certificate that the verifier enrolled, and trusts without a path: its key is the signer's.
/// Whether it is valid now is for whoever enrolled it to know.
#[derive(Clone, Copy, Debug)]
pub struct TrustedCertificate<'a> {
    certificate: Certificate<'a>,
    key: TrustedKey<'a>,
}

impl<'a> TrustedCertificate<'a> {
    /// Trusts the key of the certificate in `der`; its identity is the key's thumbprint (RFC 9679),
    /// so that two certificates of one key are one signer.
    ///
    /// # Errors
    ///
    /// If it is not a certificate, or its key has no thumbprint.
    pub fn new(der: &'a [u8], context: &Context<'_>) -> Result<Self, Error> {
        let certificate = Certificate::decode(der)?;
        let key = TrustedKey::new(certificate.public_key()?, context)?;
        Ok(Self { certificate, key })
    }

    /// Binds the key to an issuer, as [`TrustedKey::for_issuer`] does.
    #[must_use]
    pub const fn for_issuer(mut self, issuer: &'a str) -> Self {
        self.key = self.key.for_issuer(issuer);
        self
    }

    /// Returns the identity of the key's owner.
    #[must_use]
    pub const fn identity(&self) -> Identity {
        self.key.identity()
    }
}

#[cfg(feature = "alloc")]
impl OwnedTrustedKey {
    /// Trusts the key of the certificate in `der` without a path. The kid, if there is one, has to
    /// be set: some formats use the first bytes of the certificate's digest.
    ///
    /// # Errors
    ///
    /// As [`TrustedCertificate::new`].
    pub fn from_certificate(der: &[u8], context: &Context<'_>) -> Result<Self, Error> {
        Self::new(Certificate::decode(der)?.public_key()?, context)
    }
}

/// Enrolled certificates, found by `x5t`, or by an `x5chain` that starts with one of them
/// (RFC 9360 2).
#[derive(Clone, Copy)]
pub struct CertificateStore<'a> {
    certificates: &'a [TrustedCertificate<'a>],
    chain: Label<'a>,
    array_of_one: ArrayOfOne,
}

impl<'a> CertificateStore<'a> {
    /// Trusts `certificates`.
    #[must_use]
    pub const fn new(certificates: &'a [TrustedCertificate<'a>]) -> Self {
        Self { certificates, chain: Label::X5CHAIN, array_of_one: ArrayOfOne::Refused }
    }

    /// Looks for the chain under `label` in place of `x5chain`: some formats have it under a text
    /// label.
    #[must_use]
    pub const fn under_label(mut self, label: Label<'a>) -> Self {
        self.chain = label;
        self
    }

    /// Accepts one certificate in an array, as some signers send it against RFC 9360 2, and the
    /// result notes it: [`Notes::ARRAY_OF_ONE_CERTIFICATE`].
    #[must_use]
    pub const fn accepting_an_array_of_one(mut self) -> Self {
        self.array_of_one = ArrayOfOne::Accepted;
        self
    }

    /// The chain that a message brings.
    fn chain<'c>(&self, headers: &Headers<'c>) -> Result<Option<Certificates<'c>>, Error> {
        let protected = headers.protected().certificates(self.chain, self.array_of_one)?;
        match protected {
            Some(chain) => Ok(Some(chain)),
            None => headers.unprotected().certificates(self.chain, self.array_of_one),
        }
    }

    /// Returns whether `headers`, and the chain in them, lead to `certificate`.
    fn is_named(
        certificate: &TrustedCertificate<'_>,
        chain: Option<&Certificates<'_>>,
        headers: &Headers<'_>,
        context: &Context<'_>,
    ) -> Result<bool, Error> {
        let (protected, unprotected) = (headers.protected(), headers.unprotected());
        let der = certificate.certificate.der();
        let is_first = chain.map(|chain| chain.first() == der);
        let Some(x5t) = protected.x5t()?.or(unprotected.x5t()?) else {
            return Ok(is_first.unwrap_or(false));
        };
        match (is_first, compare(&x5t, der, context)?) {
            (Some(true), Match::None) => Err(Error::from(Policy::OtherCertificate)),
            (Some(is_first), _) => Ok(is_first),
            (None, Match::Identified) => Ok(true),
            // It may be this one; that identifies nobody.
            (None, Match::Filtered) => x5t.identifying_algorithm().map(|_| false),
            (None, Match::None) => Ok(false),
        }
    }
}

impl KeyResolver for CertificateStore<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        let headers = hint.headers();
        let chain = match self.chain(headers) {
            Ok(chain) => chain,
            Err(error) => {
                // No certificate is looked at, so it does not matter whether more are wanted.
                let _ = self.certificates.first().map(|_| each(Candidate::unusable(error)));
                return;
            }
        };
        let is_array_of_one = chain.as_ref().is_some_and(Certificates::is_array_of_one);
        let notes = Notes::only_if(Notes::ARRAY_OF_ONE_CERTIFICATE, is_array_of_one);
        for certificate in self.certificates {
            let mut flow = ControlFlow::Continue(());
            match Self::is_named(certificate, chain.as_ref(), headers, context) {
                Ok(true) => certificate.key.candidates(hint, context, &mut |candidate| {
                    // The message named the certificate.
                    flow = each(Candidate { named: true, notes, ..candidate });
                    flow
                }),
                Ok(false) => {}
                Err(error) => flow = each(Candidate::unusable(error)),
            }
            if flow.is_break() {
                return;
            }
        }
    }
}

impl fmt::Debug for CertificateStore<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.certificates, f)
    }
}
