//! The algorithms under which a peer processes manifests and reports (suit-mti).

use cose_ext::{
    cbor::{Array, Raw, Reader},
    crypto::Algorithm,
};

use crate::{Error, Rule, decode, list::list};

/// A suit-cose-profile: digest, signature, key exchange and encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuitProfile {
    /// The digest of manifests and of key thumbprints.
    pub digest: Algorithm,
    /// The signature.
    pub authentication: Algorithm,
    /// The key exchange.
    pub key_exchange: Algorithm,
    /// The encryption of content.
    pub encryption: Algorithm,
}

impl SuitProfile {
    /// The four profiles that a TAM has to support.
    pub const MANDATORY: &'static [Self] = &[
        Self::of(Algorithm::ESP256, Algorithm::A128CTR),
        Self::of(Algorithm::ED25519, Algorithm::A128CTR),
        Self::of(Algorithm::ESP256, Algorithm::A128GCM),
        Self::of(Algorithm::ED25519, Algorithm::CHACHA20_POLY1305),
    ];

    const fn of(authentication: Algorithm, encryption: Algorithm) -> Self {
        Self {
            digest: Algorithm::SHA256,
            authentication,
            key_exchange: Algorithm::ECDH_ES_A128KW,
            encryption,
        }
    }

    /// Returns the four numbers in the order of the wire.
    #[must_use]
    pub const fn numbers(&self) -> [i64; 4] {
        [
            self.digest.value(),
            self.authentication.value(),
            self.key_exchange.value(),
            self.encryption.value(),
        ]
    }
}

list! {
    /// `supported-suit-cose-profiles`: profiles of a peer.
    SuitProfiles
}

impl<'a> SuitProfiles<'a> {
    pub(crate) fn check(raw: &Raw<'a>) -> Result<Self, Error> {
        const RULE: Rule = Rule::MessageForm;
        let profiles = decode::some(raw, RULE)?;
        for profile in profiles {
            for number in decode::some(&profile, RULE)? {
                number.read(Reader::int).map_err(decode::broken(RULE))?;
            }
        }
        Ok(Self(profiles))
    }

    /// Returns the profiles of the present form; those of older drafts have two numbers and are
    /// left out.
    pub fn iter(&self) -> impl Iterator<Item = SuitProfile> + use<'a> {
        self.raw().filter_map(|raw| {
            let numbers = Array::new(&raw).ok()?.exactly::<4>().ok()?;
            let [digest, authentication, key_exchange, encryption] = numbers.map(|raw| {
                let number = raw.read(Reader::int).ok().and_then(|number| number.to_i64());
                number.map(Algorithm::new)
            });
            Some(SuitProfile {
                digest: digest?,
                authentication: authentication?,
                key_exchange: key_exchange?,
                encryption: encryption?,
            })
        })
    }

    /// Returns the profiles as they stand, each an array of numbers.
    pub fn raw(&self) -> impl Iterator<Item = Raw<'a>> + use<'a> {
        self.0.iter()
    }
}
