//! The secret keys of a COSE_KeySet.

use core::{fmt, ops::ControlFlow};

use super::{CoseKey, HeldSecret, Identity, KeyHint, KeySet, SecretCandidate, SecretResolver};
use crate::crypto::{SecretKey, SecretProvider};

/// A key set whose secret keys are held: symmetric ones, and private ones that agree on secrets.
///
/// A secret says nothing of who shares it, and nothing is derived from it, since a digest of a weak
/// secret gives it away. Who a key is, is told by its kid ([`Identity::of_key_id`]) or by the
/// caller; keys of which neither tells are not offered, nor are those that cannot be read, have no
/// secret, or are of other types.
#[derive(Clone, Copy)]
pub struct SecretKeySetStore<'a> {
    set: KeySet<'a>,
    provider: &'a dyn SecretProvider,
    naming: Naming<'a>,
}

#[derive(Clone, Copy)]
enum Naming<'a> {
    KeyId,
    Caller(&'a (dyn Fn(&CoseKey<'_>) -> Option<Identity> + Send + Sync)),
}

impl<'a> KeySet<'a> {
    /// Holds the secret keys of the set, each known by its kid. A secret key without kid, and those
    /// that share one, belong to nobody in particular, and are not offered.
    pub const fn held_with(self, provider: &'a dyn SecretProvider) -> SecretKeySetStore<'a> {
        SecretKeySetStore { set: self, provider, naming: Naming::KeyId }
    }
}

impl<'a> SecretKeySetStore<'a> {
    /// Returns this set with identities of the caller's choice, such as one for all keys of a set
    /// that is shared with one peer. Keys to which `identify` gives none are not offered.
    #[must_use]
    pub const fn identified_by(
        mut self,
        identify: &'a (dyn Fn(&CoseKey<'_>) -> Option<Identity> + Send + Sync),
    ) -> Self {
        self.naming = Naming::Caller(identify);
        self
    }

    /// The secret of `key`, and who that is.
    fn held(&self, key: &CoseKey<'a>) -> Option<(SecretKey<'a>, Identity)> {
        let secret = key.secret_key(self.provider).ok()?;
        let identity = match self.naming {
            Naming::Caller(identify) => identify(key)?,
            Naming::KeyId => {
                let key_id = key.key_id().ok()??;
                let shares = |other: &CoseKey<'a>| {
                    other.key_id() == Ok(Some(key_id)) && other.secret_key(self.provider).is_ok()
                };
                if self.set.iter().flatten().filter(shares).count() != 1 {
                    return None;
                }
                Identity::of_key_id(key_id, self.provider).ok()?
            }
        };
        Some((secret, identity))
    }
}

impl SecretResolver for SecretKeySetStore<'_> {
    fn secrets(
        &self,
        hint: &KeyHint<'_>,
        each: &mut dyn FnMut(SecretCandidate<'_>) -> ControlFlow<()>,
    ) {
        for key in self.set.iter().flatten() {
            let Ok(key_id) = key.key_id() else { continue };
            // A kid of another key: not worth the looking.
            if hint.key_id().is_some_and(|named| key_id.is_some_and(|own| own != named)) {
                continue;
            }
            let Some((secret, identity)) = self.held(&key) else { continue };
            let mut flow = ControlFlow::Continue(());
            let held = HeldSecret::new(secret, identity);
            let held = key_id.map_or(held, |key_id| held.with_key_id(key_id));
            held.secrets(hint, &mut |candidate| {
                flow = each(candidate);
                flow
            });
            if flow.is_break() {
                return;
            }
        }
    }
}

impl fmt::Debug for SecretKeySetStore<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.set, f)
    }
}
