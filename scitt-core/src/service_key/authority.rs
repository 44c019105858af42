//! The keys below the authority of a service.

use alloc::vec::Vec;
use core::{fmt, ops::ControlFlow};

use cose_ext::{
    Context, Error as CoseError,
    cwt::Time,
    error::Policy,
    key::{Candidate, CandidateKey, Identity, KeyHint, KeyResolver},
    x509::{CertificationPaths, Purpose, TrustAnchor, WebPki},
};

use crate::AtTime;

/// Says why a key that comes by a certificate does not count all the same.
pub(crate) trait KeyObjection: Send + Sync {
    /// Why the key signs no receipts at `time`; `None` if it does.
    fn objection_to_receipt_key(&self, key: Identity, time: AtTime) -> Option<Policy>;
}

/// The keys below an authority, at one time.
#[derive(Clone, Copy)]
pub(crate) struct AuthorityAt<'s> {
    /// The certificate of the authority, DER.
    pub(crate) anchor: &'s [u8],
    /// Object identifiers, as the content of their DER.
    pub(crate) purposes: &'s [Vec<u8>],
    pub(crate) time: AtTime,
    pub(crate) store: &'s dyn KeyObjection,
}

impl KeyResolver for AuthorityAt<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        let Ok(anchor) = TrustAnchor::new(self.anchor) else { return };
        let purposes: Vec<_> = self.purposes.iter().map(|oid| Purpose::new(oid)).collect();
        let validator = WebPki::new().for_purposes(&purposes);
        let at = self.time.seconds.map(Time::Seconds);
        let anchors = [anchor];
        let paths = CertificationPaths::new(&validator, &anchors, at);
        paths.candidates(hint, context, &mut |candidate| {
            let objection = match candidate.key {
                CandidateKey::Unusable(_) => None,
                _ => self.store.objection_to_receipt_key(candidate.identity, self.time),
            };
            match objection {
                None => each(candidate),
                Some(why) => {
                    let key = CandidateKey::Unusable(CoseError::from(why));
                    each(Candidate { key, ..candidate })
                }
            }
        });
    }
}

impl fmt::Debug for AuthorityAt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorityAt").field("time", &self.time).finish_non_exhaustive()
    }
}
