//! The key that a name leads to, by the certificates of a message.

use core::ops::ControlFlow;

use cose_ext::{
    Context, Error as CoseError, Limits, Notes,
    crypto::PublicKey,
    cwt::Time,
    error::{PathFault, Policy},
    header::Certificates,
    key::{Candidate, CandidateKey, Identity, KeyHint, KeyOrigin, KeyResolver, Thumbprint},
    x509::{Certificate, PathRequest, PathValidator, Purpose, TrustAnchor, ValidatedPath, WebPki},
};

use super::{
    DidX509,
    extensions::{Extensions, MAX_PURPOSES},
};

/// How many certificates of a chain are looked at.
const MAX_CHAIN: usize = 10;

/// An issuer that is known by its `did:x509` alone.
///
/// It answers to messages that claim this name as their issuer where the signature covers it, and
/// come with a chain. Its keys are those of the certificates: the identity of a signer is the
/// thumbprint of the key.
#[derive(Clone, Copy, Debug)]
pub struct DidX509Issuer<'d> {
    did: DidX509<'d>,
    time: Option<Time>,
}

pub(super) fn fault(fault: PathFault) -> CoseError {
    CoseError::from(Policy::CertificationPath(fault))
}

impl<'d> DidX509Issuer<'d> {
    /// Believes the certificates that `did` means, valid at `time`. Without a time their validity
    /// is not checked, and the verdict says so.
    #[must_use]
    pub const fn new(did: DidX509<'d>, time: Option<Time>) -> Self {
        Self { did, time }
    }

    /// Resolves the name by `chain`: finds the authority, checks the path from the first
    /// certificate to it, and what the policies ask of that certificate. The chain is one, each
    /// certificate issued by the next, and the authority may have as many others below it as there
    /// are. The name says which purposes count, if it says anything of them; otherwise any does.
    ///
    /// # Errors
    ///
    /// `Policy` with the fault of the path; `OtherEndEntity` where a policy is not met.
    pub fn resolve<'c>(
        &self,
        chain: &Certificates<'c>,
        context: &Context<'_>,
    ) -> Result<ValidatedPath<'c>, CoseError> {
        if chain.len() > MAX_CHAIN {
            return Err(cose_ext::error::Limit::Certificates.into());
        }
        let authority = self.did.authority(chain.iter(), context)?;
        let anchor = chain.iter().nth(authority).ok_or(fault(PathFault::UnknownIssuer))?;
        // The authority came with the message: what it says of itself counts, too.
        let len = authority.saturating_sub(1);
        if !Extensions::of(anchor).is_authority_above(len) {
            return Err(fault(PathFault::PathLength));
        }
        check_order(chain)?;
        let mut between: [&[u8]; MAX_CHAIN] = [&[]; MAX_CHAIN];
        let intermediates = chain.iter().take(authority).skip(1);
        for (slot, certificate) in between.iter_mut().zip(intermediates) {
            *slot = certificate;
        }
        let anchors = [TrustAnchor::new(anchor).map_err(|_| fault(PathFault::Malformed))?];
        let request = PathRequest {
            end_entity: chain.first(),
            intermediates: between.get(..len).unwrap_or_default(),
            anchors: &anchors,
            time: self.time,
            limits: Limits::DEFAULT,
        };
        let extensions = Extensions::of(chain.first());
        let (purposes, len) = extensions.purposes();
        let mut accepted = [Purpose::new(&[]); MAX_PURPOSES];
        for (slot, purpose) in accepted.iter_mut().zip(purposes) {
            *slot = Purpose::new(purpose);
        }
        let accepted = accepted.get(..len).unwrap_or_default();
        let path = WebPki::new().for_purposes(accepted).validate(&request, context)?;
        let leaf = path.end_entity();
        if self.did.policies.iter().all(|policy| policy.is_met_by(leaf, &extensions)) {
            Ok(path)
        } else {
            Err(fault(PathFault::OtherEndEntity))
        }
    }

    fn signer<'c>(
        &self,
        hint: &KeyHint<'c>,
        context: &Context<'_>,
    ) -> Result<(PublicKey<'c>, Identity, KeyOrigin), CoseError> {
        let chain = hint.x5chain().ok_or(fault(PathFault::UnknownIssuer))?;
        let path = self.resolve(&chain, context)?;
        let end_entity = path.end_entity();
        let key = match hint.algorithm() {
            Some(algorithm) => end_entity.public_key_for(algorithm),
            None => end_entity.public_key(),
        };
        let key = key.map_err(|_| fault(PathFault::Malformed))?;
        let identity = Thumbprint::of(&key, context.provider)?.into();
        Ok((key, identity, KeyOrigin::Path { valid_at: path.validity().second() }))
    }
}

/// Each certificate of a chain was issued by the next one, by their names (RFC 9360 2).
fn check_order(chain: &Certificates<'_>) -> Result<(), CoseError> {
    let malformed = |_| fault(PathFault::Malformed);
    let mut issuer = None;
    for certificate in chain.iter() {
        let certificate = Certificate::decode(certificate).map_err(malformed)?;
        if issuer.is_some_and(|issuer| issuer != certificate.subject()) {
            return Err(fault(PathFault::UnknownIssuer));
        }
        issuer = Some(certificate.issuer());
    }
    Ok(())
}

impl KeyResolver for DidX509Issuer<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        let did = self.did.as_str();
        // It speaks for nobody who does not say that this is the name.
        if hint.issuer() != Some(did) {
            return;
        }
        let candidate = match self.signer(hint, context) {
            Ok((key, identity, origin)) => {
                let key = CandidateKey::Data(key);
                let notes = Notes::NOTHING;
                Candidate { key, identity, issuer: Some(did), named: true, origin, notes }
            }
            Err(error) => Candidate::unusable(error).for_issuer(did),
        };
        // One at most, so it does not matter whether more are wanted.
        let _ = each(candidate);
    }
}
