//! Keys that messages name by their thumbprint and that no file of a case holds.
//!
//! Some published cases list key files that are not the keys which signed them: the kid of such a message is an RFC 9679
//! thumbprint, and no file has it. What can be had of such a key without its file:
//!
//! - P-256: an ECDSA signature and what it signs lead to at most four public keys. One of them is taken if its thumbprint *is* the
//!   kid. As the thumbprint is a SHA-256 digest of the key, that is the one key which the message names, and a message whose
//!   content or signature was changed leads to another. So these cases show everything but one thing: that the key
//!   is in the file which the case names.
//! - Ed25519: nothing leads from a signature to its key. A stand-in says of each signature what the facts of the case say. So
//!   these cases show how messages are read, judged and answered, and *nothing* about their authenticity; what the facts
//!   say of this key is not compared, as that would only repeat them.

use std::{ops::ControlFlow, sync::Mutex};

use cose_ext::{
    Context, Notes,
    crypto::{
        Algorithm, Curve, KeyMaterial, KeyProfile, KeyType, PublicKey, SignatureVerifier,
        VerifyError, YCoordinate,
    },
    key::{
        Candidate, CandidateKey, Identity, KeyHint, KeyOrigin, KeyResolver, OwnedTrustStore,
        Thumbprint,
    },
    rustcrypto::RustCrypto,
};
use p256::ecdsa::{RecoveryId, Signature, VerifyingKey};

/// A key of which only the thumbprint is known.
#[derive(Clone)]
pub(crate) struct Absent {
    pub(crate) kid: [u8; 32],
    pub(crate) curve: Curve,
    /// Of an Ed25519 key: the signatures that the facts call good.
    pub(crate) stated: Vec<Vec<u8>>,
}

/// The keys of one role: those that files hold, and those that have none.
#[derive(Clone, Default)]
pub(crate) struct Keys {
    pub(crate) held: OwnedTrustStore,
    pub(crate) absent: Vec<Absent>,
}

impl KeyResolver for Keys {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        let mut flow = ControlFlow::Continue(());
        self.held.candidates(hint, context, &mut |candidate| {
            flow = each(candidate);
            flow
        });
        for absent in &self.absent {
            if flow.is_continue() && hint.key_id() == Some(&absent.kid) {
                let verifier = StandIn { absent, found: Mutex::new(None) };
                flow = each(Candidate {
                    key: CandidateKey::Verifier(&verifier),
                    identity: Identity::new(absent.kid),
                    issuer: None,
                    named: true,
                    origin: KeyOrigin::Enrolled,
                    notes: Notes::NOTHING,
                });
            }
        }
    }
}

struct StandIn<'a> {
    absent: &'a Absent,
    found: Mutex<Option<VerifyingKey>>,
}

fn with_key<T>(key: &VerifyingKey, then: impl FnOnce(&PublicKey<'_>) -> T) -> T {
    let point = key.to_sec1_point(false);
    let (x, y) = (point.x().unwrap(), point.y().unwrap());
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x, y: YCoordinate::Value(y) };
    then(&PublicKey { material, algorithm: None })
}

/// The key whose thumbprint is `kid`, if the signature leads to it.
fn recovered(kid: &[u8; 32], message: &[&[u8]], signature: &[u8]) -> Option<VerifyingKey> {
    let signature = Signature::from_slice(signature).ok()?;
    let context = Context::new(&RustCrypto);
    let hash = context.hash(Algorithm::SHA256, message).unwrap();
    let mut tries = (0..=RecoveryId::MAX)
        .filter_map(RecoveryId::from_byte)
        .filter_map(|id| VerifyingKey::recover_from_prehash(hash.as_ref(), &signature, id).ok());
    tries.find(|key| {
        let thumbprint = with_key(key, |key| Thumbprint::of(key, &RustCrypto).unwrap());
        thumbprint.as_bytes() == kid
    })
}

impl SignatureVerifier for StandIn<'_> {
    fn profile(&self) -> KeyProfile {
        let key_type = if self.absent.curve == Curve::P256 { KeyType::EC2 } else { KeyType::OKP };
        KeyProfile { key_type, curve: Some(self.absent.curve), algorithm: None }
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        if let Some(key) = &*self.found.lock().unwrap() {
            with_key(key, then);
        }
    }

    fn verify(&self, _: Algorithm, message: &[&[u8]], signature: &[u8]) -> Result<(), VerifyError> {
        if self.absent.curve != Curve::P256 {
            let is_stated = self.absent.stated.iter().any(|stated| stated == signature);
            return if is_stated { Ok(()) } else { Err(VerifyError::InvalidSignature) };
        }
        let key = recovered(&self.absent.kid, message, signature);
        let key = key.ok_or(VerifyError::InvalidSignature)?;
        *self.found.lock().unwrap() = Some(key);
        Ok(())
    }
}
