//! The issuers of one role as a resolver of keys.

use core::{fmt, ops::ControlFlow};

use cose_ext::{
    Context, Error as CoseError,
    error::Policy,
    key::{Candidate, CandidateKey, KeyHint, KeyResolver},
};

use super::{RelyingPartyStore, Role, StoredIssuer, StoredKey};
use crate::AtTime;

/// The issuers of a store that have one role, at one time: what a verifier takes as its issuers.
#[derive(Clone, Copy)]
pub struct Issuers<'s> {
    pub(super) store: &'s RelyingPartyStore,
    pub(super) role: Role,
    pub(super) time: AtTime,
}

/// Takes candidates.
type Each<'e> = dyn FnMut(Candidate<'_>) -> ControlFlow<()> + 'e;

impl Issuers<'_> {
    /// Offers a key. One that is not in force is offered as unusable, so that the verdict says why.
    fn offer_key(
        &self,
        (issuer, key): (&StoredIssuer, &StoredKey),
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut Each<'_>,
    ) -> ControlFlow<()> {
        let unusable = key
            .out_of_force(self.time)
            .map(|why| CandidateKey::Unusable(CoseError::from(Policy::KeyNotInForce(why))));
        let mut flow = ControlFlow::Continue(());
        let trusted = key.key.as_trusted_key().for_issuer(&issuer.issuer);
        trusted.candidates(hint, context, &mut |candidate| {
            let key = unusable.unwrap_or(candidate.key);
            flow = each(Candidate { key, ..candidate });
            flow
        });
        flow
    }
}

impl KeyResolver for Issuers<'_> {
    fn candidates(&self, hint: &KeyHint<'_>, context: &Context<'_>, each: &mut Each<'_>) {
        for issuer in self.store.issuers.iter().filter(|issuer| issuer.role == self.role) {
            // Nobody is asked about messages of somebody else.
            if hint.issuer().is_some_and(|claimed| claimed != issuer.issuer) {
                continue;
            }
            for key in &issuer.keys {
                if self.offer_key((issuer, key), hint, context, each).is_break() {
                    return;
                }
            }
            #[cfg(feature = "x509")]
            if certificates::offer(self, issuer, hint, context, each).is_break() {
                return;
            }
        }
    }
}

impl fmt::Debug for Issuers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuers")
            .field("role", &self.role)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "x509")]
mod certificates {
    use alloc::vec::Vec;

    use cose_ext::{
        cwt::Time,
        key::IssuerKeys,
        x509::{CertificationPaths, Purpose, TrustAnchor, WebPki},
    };

    use super::{
        Candidate, CandidateKey, Context, ControlFlow, CoseError, Each, Issuers, KeyHint,
        KeyResolver, StoredIssuer,
    };
    use crate::{DidX509, DidX509Issuer};

    /// Offers what the certificates of the message lead to, for issuers with anchors or a
    /// `did:x509`. A key that the store says something else of is offered as unusable.
    pub(super) fn offer(
        issuers: &Issuers<'_>,
        issuer: &StoredIssuer,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut Each<'_>,
    ) -> ControlFlow<()> {
        let Issuers { store, role, time } = *issuers;
        let mut flow = ControlFlow::Continue(());
        let mut forward = |candidate: Candidate<'_>| {
            let objection = match candidate.key {
                CandidateKey::Unusable(_) => None,
                _ => store.objection(candidate.identity, role, time),
            };
            flow = match objection {
                None => each(candidate),
                Some(why) => {
                    let key = CandidateKey::Unusable(CoseError::from(why));
                    each(Candidate { key, ..candidate })
                }
            };
            flow
        };
        let at = time.seconds.map(Time::Seconds);
        if !issuer.anchors.is_empty() && hint.x5chain().is_some() {
            let anchors = issuer.anchors.iter().filter_map(|der| TrustAnchor::new(der).ok());
            let anchors: Vec<_> = anchors.collect();
            let purposes: Vec<_> = issuer.purposes.iter().map(|oid| Purpose::new(oid)).collect();
            let validator = WebPki::new().for_purposes(&purposes);
            let paths = CertificationPaths::new(&validator, &anchors, at);
            IssuerKeys::new(&issuer.issuer, &paths).candidates(hint, context, &mut forward);
        }
        if issuer.resolves_did
            && let Ok(did) = DidX509::parse(&issuer.issuer)
        {
            DidX509Issuer::new(did, at).candidates(hint, context, &mut forward);
        }
        flow
    }
}
