//! What governs, as data: to go on in another process.
//!
//! ```cddl
//! governance = [1, service: tstr, in-force: [policy: bstr, since: uint / nil] / nil,
//!     keys: [* [key: bstr .cbor COSE_Key, since: uint]]]
//! ```

use alloc::vec::Vec;

use cose_ext::Context;

use super::{Bootstrap, Governance, InForce};
use crate::{
    Error, KeyInUse, Policy, ReceiptKey, Rule,
    checkpoint::{Decoder, Encoder},
};

/// The version of the form.
const VERSION: u64 = 1;

impl Governance {
    /// Returns which policy is in force and which receipt keys were endorsed, as one CBOR item in
    /// deterministic encoding: for an audit that goes on later ([`resume`](Self::resume)). It is as
    /// trustworthy as the place where it is kept.
    #[must_use]
    pub fn checkpoint(&self) -> Vec<u8> {
        let mut to = Encoder::default();
        to.array(4).uint(VERSION).text(&self.service);
        to.optional(self.policy.as_ref(), |to, InForce { policy, since }| {
            to.array(2).bytes(&policy.encode()).optional_uint(*since);
        });
        // Keys come from endorsements, so their public keys are known.
        let keys = self.keys.iter().filter_map(|key| Some((key.key.to_cose_key()?, key.since)));
        let keys: Vec<_> = keys.collect();
        to.list(keys.iter(), |to, (key, since)| {
            to.array(2).bytes(key).uint(*since);
        });
        to.into_bytes()
    }

    /// Goes on where [`checkpoint`](Self::checkpoint) was made. `issuer` and `bootstrap` are as for
    /// [`new`](Self::new).
    ///
    /// # Errors
    ///
    /// [`Rule::AuditCheckpoint`] if the bytes are something else, or of another service.
    pub fn resume(
        issuer: &str,
        bootstrap: Bootstrap,
        checkpoint: &[u8],
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let mut from = Decoder::new(checkpoint, Rule::AuditCheckpoint);
        from.array_of(4)?;
        let broken = from.broken();
        if from.uint()? != VERSION || from.text()? != issuer {
            return Err(broken);
        }
        let policy = from.optional(|from| {
            from.array_of(2)?;
            let broken = from.broken();
            let encoded = from.bytes()?;
            let policy = Policy::decode(encoded, context).map_err(|_| broken)?;
            // One form, as it is written.
            if policy.encode() != encoded {
                return Err(broken);
            }
            Ok(InForce { policy, since: from.optional(Decoder::uint)? })
        })?;
        let keys = from.list(|from| {
            from.array_of(2)?;
            let broken = from.broken();
            let encoded = from.bytes()?;
            let key = ReceiptKey::from_payload(encoded, &context.profile);
            let key = key.filter(|key| key.to_cose_key().as_deref() == Some(encoded));
            Ok(KeyInUse { key: key.ok_or(broken)?, since: from.uint()? })
        })?;
        from.end()?;
        Ok(Self { service: issuer.into(), bootstrap, policy, keys })
    }
}
