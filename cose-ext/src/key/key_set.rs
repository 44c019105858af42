//! COSE_KeySet (RFC 9052 7).

use core::{fmt, ops::ControlFlow};

use super::{Candidate, CoseKey, KeyHint, KeyResolver, TrustedKey};
use crate::{
    Context, Error, Profile, Rule,
    cbor::{Array, ErrorKind, Raw, Reader, skip},
    error::Breaks,
};

/// A COSE_KeySet as it was received (RFC 9052 7).
#[derive(Clone, Copy)]
pub struct KeySet<'a> {
    keys: Array<'a>,
    profile: Profile,
}

impl<'a> KeySet<'a> {
    /// Reads a key set that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// If it is not an array of at least one item. A bad key among them is no error here: each key
    /// is read on its own (RFC 9052 7).
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        // Only as far as it takes to tell the keys apart: each is checked when it is read.
        if skip(&mut reader)? > profile.limits.cbor.items {
            return Err(reader.error(ErrorKind::ItemLimit, 0).into());
        }
        reader.end()?;
        let keys = Array::new(&Raw::new(bytes, 0)).breaks(Rule::KeySet)?;
        if keys.is_empty() {
            return Err(Error::malformed(Rule::KeySet, 0));
        }
        Ok(Self { keys, profile: *profile })
    }

    /// Returns the keys in order, each readable or not.
    pub fn iter(&self) -> impl Iterator<Item = Result<CoseKey<'a>, Error>> + use<'a> {
        let profile = self.profile;
        self.keys.iter().map(move |raw| {
            CoseKey::decode(raw.bytes(), &profile).map_err(|error| error.within(raw.offset()))
        })
    }

    /// Treats every key of the set as trusted. Call it only on a set that reached you over an
    /// authenticated channel.
    #[must_use]
    pub const fn trusted(self) -> KeySetStore<'a> {
        KeySetStore { set: self }
    }
}

/// Annotated diagnostic notation of the keys, secrets hidden.
impl fmt::Display for KeySet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::diag::print(self.keys.bytes(), &crate::diag::KeyNames, f)
    }
}

impl fmt::Debug for KeySet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A key set whose keys are trusted; identities are thumbprints (RFC 9679). A key of the set that
/// is malformed is ignored (RFC 9052 7), also one whose kid is.
#[derive(Clone, Copy)]
pub struct KeySetStore<'a> {
    set: KeySet<'a>,
}

impl fmt::Debug for KeySetStore<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.set, f)
    }
}

impl KeyResolver for KeySetStore<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        for key in self.set.iter().flatten() {
            // RFC 9052 7: "If a COSE_Key is malformed, it is ignored"; read as absent, a malformed
            // kid would answer to every message.
            let Ok(enrolled) = key.key_id() else { continue };
            let trusted = match key.public_key().and_then(|key| TrustedKey::new(key, context)) {
                Ok(trusted) => trusted,
                Err(error) => match (enrolled, hint.key_id()) {
                    (Some(enrolled), Some(named)) if enrolled != named => continue,
                    _ if each(Candidate::unusable(error)).is_break() => return,
                    _ => continue,
                },
            };
            let trusted = match enrolled {
                Some(key_id) => trusted.with_key_id(key_id),
                None => trusted,
            };
            let mut flow = ControlFlow::Continue(());
            trusted.candidates(hint, context, &mut |candidate| {
                flow = each(candidate);
                flow
            });
            if flow.is_break() {
                return;
            }
        }
    }
}
