use core::{fmt, ops::ControlFlow};

use super::{Candidate, CoseKey, KeyHint, KeyResolver, TrustedKey};
use crate::{
    Error, Profile, Rule,
    cbor::{Array, ErrorKind, Raw, Reader, skip},
    crypto::Provider,
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
    /// If it is no array of at least one item. A bad key among them is no error here: each key is
    /// read on its own (RFC 9052 7).
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

    /// The keys in order, each readable or not.
    pub fn iter(&self) -> impl Iterator<Item = Result<CoseKey<'a>, Error>> + use<'a> {
        let profile = self.profile;
        self.keys.iter().map(move |raw| {
            CoseKey::decode(raw.bytes(), &profile).map_err(|error| error.within(raw.offset()))
        })
    }

    /// Trusts all keys of the set: for whoever got it in a way that deserves it.
    pub const fn trusted_with(self, provider: &'a dyn Provider) -> KeySetStore<'a> {
        KeySetStore { set: self, provider }
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

/// A key set whose keys are trusted; identities are thumbprints (RFC 9679).
#[derive(Clone, Copy)]
pub struct KeySetStore<'a> {
    set: KeySet<'a>,
    provider: &'a dyn Provider,
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
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        for key in self.set.iter().flatten() {
            let enrolled = key.key_id().ok().flatten();
            let trusted = || key.public_key().and_then(|key| TrustedKey::new(key, self.provider));
            let trusted = match (enrolled, hint.key_id()) {
                // A kid of another key, unless it is the thumbprint of this one (RFC 9679).
                (Some(enrolled), Some(named)) if enrolled != named => match trusted() {
                    Ok(trusted) if trusted.has_thumbprint(named) => Ok(trusted),
                    _ => continue,
                },
                _ => trusted(),
            };
            let mut flow = ControlFlow::Continue(());
            match trusted {
                Ok(trusted) => trusted.candidates(hint, &mut |candidate| {
                    flow = each(candidate);
                    flow
                }),
                Err(error) => flow = each(Candidate::Unusable(error)),
            }
            if flow.is_break() {
                return;
            }
        }
    }
}
