//! Whom a policy names, and by which keys.

use alloc::{string::String, vec::Vec};
use core::ops::ControlFlow;

use cose_ext::{
    Context,
    crypto::PublicKey,
    key::{Candidate, CoseKey, CoseKeyEncoder, KeyHint, KeyResolver, OwnedTrustedKey},
};

use crate::{Error, Rule};

/// Somebody whom a policy names: an issuer, and the keys or certificate authorities that speak for
/// it.
#[derive(Clone, Debug)]
pub struct PolicyIssuer {
    pub(crate) issuer: String,
    pub(crate) keys: Vec<PolicyKey>,
    /// Certificates of authorities, DER.
    pub(crate) anchors: Vec<Vec<u8>>,
}

/// A key as the policy has it, and as it is asked.
#[derive(Clone, Debug)]
pub(crate) struct PolicyKey {
    pub(crate) encoded: Vec<u8>,
    trusted: OwnedTrustedKey,
}

impl PartialEq for PolicyIssuer {
    fn eq(&self, other: &Self) -> bool {
        let keys = |of: &Self| of.keys.iter().map(|key| key.encoded.clone()).collect::<Vec<_>>();
        self.issuer == other.issuer && keys(self) == keys(other) && self.anchors == other.anchors
    }
}

impl Eq for PolicyIssuer {}

impl PolicyIssuer {
    /// Returns an issuer without keys.
    #[must_use]
    pub fn new(issuer: &str) -> Self {
        Self { issuer: issuer.into(), keys: Vec::new(), anchors: Vec::new() }
    }

    /// Trusts `key` for this issuer, and offers it to statements with this kid or with the
    /// thumbprint of the key.
    ///
    /// # Errors
    ///
    /// If the key cannot be written as a COSE_Key, or hashed.
    pub fn with_key<'k>(
        self,
        key: impl Into<PublicKey<'k>>,
        key_id: &[u8],
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let encoded = CoseKeyEncoder::new(key.into())?.with_key_id(key_id).to_vec();
        self.with_cose_key(encoded, context)
    }

    /// Trusts the certificates that lead to this one, of an authority that certifies no other
    /// issuer (RFC 9943 5.1.1.1). In builds with feature `x509` only.
    ///
    /// # Errors
    ///
    /// If it is not a certificate.
    #[cfg(feature = "x509")]
    pub fn with_anchor(mut self, der: &[u8]) -> Result<Self, Error> {
        cose_ext::x509::TrustAnchor::new(der)?;
        self.anchors.push(der.into());
        Ok(self)
    }

    /// Returns who the key with this kid is.
    #[cfg(feature = "x509")]
    fn named(&self, key_id: Option<&[u8]>) -> Option<cose_ext::key::Identity> {
        let keys = self.keys.iter().map(|key| key.trusted.as_trusted_key());
        let named =
            |key: &cose_ext::key::TrustedKey<'_>| key_id.is_some() && key.key_id() == key_id;
        keys.filter(named).map(|key| key.identity()).next()
    }

    pub(super) fn with_cose_key(
        mut self,
        encoded: Vec<u8>,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let malformed = |_| Error::broken(Rule::PolicyForm, 0);
        let key = CoseKey::decode(&encoded, &context.profile).map_err(malformed)?;
        let trusted = OwnedTrustedKey::from_cose_key(&key, context)?;
        let trusted = trusted.for_issuer(self.issuer.as_str());
        self.keys.push(PolicyKey { encoded, trusted });
        Ok(self)
    }
}

/// The keys of issuers at a time.
pub(crate) struct PolicyKeys<'p> {
    pub(crate) issuers: &'p [PolicyIssuer],
    #[cfg_attr(not(feature = "x509"), allow(dead_code))]
    pub(crate) at: i64,
}

impl KeyResolver for PolicyKeys<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        // An issuer that the statement does not claim has nothing to say about it.
        let claimed = |issuer: &&PolicyIssuer| hint.issuer().is_none_or(|it| it == issuer.issuer);
        for issuer in self.issuers.iter().filter(claimed) {
            let mut flow = ControlFlow::Continue(());
            let mut next = |candidate: Candidate<'_>| {
                flow = each(candidate);
                flow
            };
            for key in &issuer.keys {
                key.trusted.as_trusted_key().candidates(hint, context, &mut next);
            }
            // Of several identifiers each is checked: a kid that is enrolled for this issuer and a
            // certificate name one key (RFC 9943 5.1.1.1).
            #[cfg(feature = "x509")]
            {
                let by_key_id = issuer.named(hint.key_id());
                self.certified(issuer, hint, context, &mut |candidate| match by_key_id {
                    Some(identity) if identity != candidate.identity => ControlFlow::Continue(()),
                    _ => next(candidate),
                });
            }
            if flow.is_break() {
                return;
            }
        }
    }
}

#[cfg(feature = "x509")]
impl PolicyKeys<'_> {
    fn certified(
        &self,
        issuer: &PolicyIssuer,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        use cose_ext::{
            cwt::Time,
            key::IssuerKeys,
            x509::{CertificationPaths, TrustAnchor, WebPki},
        };
        if issuer.anchors.is_empty() {
            return;
        }
        let anchors: Vec<_> =
            issuer.anchors.iter().filter_map(|der| TrustAnchor::new(der).ok()).collect();
        let validator = WebPki::default();
        let paths = CertificationPaths::new(&validator, &anchors, Some(Time::Seconds(self.at)));
        IssuerKeys::new(&issuer.issuer, &paths).candidates(hint, context, each);
    }
}
