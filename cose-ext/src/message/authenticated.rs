//! Any message that somebody authenticates, told apart by its tag.

use super::{
    Mac, Mac0, Sign, Sign1, Signed,
    sign::{SignPolicy, Signers},
};
use crate::{
    Context, Error, Input, OpenInput, Profile, Verified,
    cbor::{Item, Reader, Type},
    error::Fact,
    frame::Frame,
    header::Headers,
    key::{KeyResolver, SecretResolver},
    recipient::{Agreed, KnownSender},
};

/// A message that a signature or a tag authenticates: COSE_Sign1, COSE_Sign, COSE_Mac0 or COSE_Mac,
/// told apart by its CBOR tag and never guessed. Parsed, borrowed, untrusted.
///
/// SUIT authentication blocks, EATs and TEEP messages come as any of these, and one call verifies
/// them.
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto"))] {
/// use cose_ext::{Authenticated, Content, Context, Input, Trust, key::TrustedKey};
/// use cose_ext::{sign::SignPolicy, sign1::Sign1Builder};
/// use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
///
/// let key = P256SigningKey::from_bytes(&[7; 32])?;
/// let bytes = Sign1Builder::new().sign(Content::Embedded(b"hello"), &key)?;
///
/// let context = Context::new(&RustCrypto);
/// let public = key.public_key();
/// let trusted = TrustedKey::new(&public, &context)?;
/// // The tag says which message it is.
/// let message = Authenticated::decode_tagged(&bytes, &context.profile)?;
/// let trust = Trust::keys(&trusted);
/// let verified = message.verify(&Input::embedded(), &trust, &SignPolicy::All, &context)?;
/// assert_eq!(verified.value().payload(), b"hello");
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Authenticated<'a> {
    /// Tag 18.
    Sign1(Sign1<'a>),
    /// Tag 98.
    Sign(Sign<'a>),
    /// Tag 17.
    Mac0(Mac0<'a>),
    /// Tag 97.
    Mac(Mac<'a>),
}

/// Whom the verifier trusts: keys that verify, secrets that it shares, and what key agreement
/// needs.
#[derive(Clone, Copy)]
pub struct Trust<'t> {
    /// Keys that verify signatures.
    pub keys: &'t dyn KeyResolver,
    /// Secret keys that verify tags.
    pub secrets: &'t dyn SecretResolver,
    /// What both sides bind derived keys to without sending it (RFC 9053 5.2).
    pub agreed: Agreed<'t>,
    /// Static keys of senders that the receiver knows, for ECDH-SS.
    pub senders: &'t [KnownSender<'t>],
}

impl<'t> Trust<'t> {
    /// Trusts `keys` for signatures, and nobody for tags.
    pub const fn keys(keys: &'t dyn KeyResolver) -> Self {
        Self { keys, secrets: &NOBODY, agreed: Agreed::NOTHING, senders: &[] }
    }

    /// Trusts `secrets` for tags, and nobody for signatures.
    pub const fn secrets(secrets: &'t dyn SecretResolver) -> Self {
        Self { keys: &NO_KEYS, secrets, agreed: Agreed::NOTHING, senders: &[] }
    }

    /// Trusts `secrets` for tags, too.
    #[must_use]
    pub const fn and_secrets(mut self, secrets: &'t dyn SecretResolver) -> Self {
        self.secrets = secrets;
        self
    }
}

const NO_KEYS: crate::key::TrustStore<'static> = crate::key::TrustStore::new(&[]);
const NOBODY: crate::key::SecretStore<'static> = crate::key::SecretStore::new(&[]);

impl core::fmt::Debug for Trust<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Trust").finish_non_exhaustive()
    }
}

impl<'a> Authenticated<'a> {
    /// Reads a message that is the whole of `bytes` and says by its tag which one it is.
    ///
    /// # Errors
    ///
    /// For another tag or none, and those of the `decode` of each message.
    pub fn decode_tagged(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        let tag = match reader.peek()? {
            Type::Tag => match reader.item()? {
                Item::Tag(tag) => Some(tag),
                _ => None,
            },
            _ => None,
        };
        match tag {
            Some(Sign1::TAG) => Sign1::decode(bytes, profile).map(Self::Sign1),
            Some(Sign::TAG) => Sign::decode(bytes, profile).map(Self::Sign),
            Some(Mac0::TAG) => Mac0::decode(bytes, profile).map(Self::Mac0),
            Some(Mac::TAG) => Mac::decode(bytes, profile).map(Self::Mac),
            other => Err(Frame::another_tag(Fact::tag(other, Sign1::TAG))),
        }
    }

    /// Returns both header buckets; of a COSE_Sign those of the body.
    #[must_use]
    pub const fn headers(&self) -> &Headers<'a> {
        match self {
            Self::Sign1(message) => message.headers(),
            Self::Sign(message) => message.headers(),
            Self::Mac0(message) => message.headers(),
            Self::Mac(message) => message.headers(),
        }
    }

    /// Returns the whole message as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Sign1(message) => message.bytes(),
            Self::Sign(message) => message.bytes(),
            Self::Mac0(message) => message.bytes(),
            Self::Mac(message) => message.bytes(),
        }
    }

    /// Returns the embedded payload, not verified; `None` when it is detached.
    #[must_use]
    pub const fn danger_unverified_payload(&self) -> Option<&'a [u8]> {
        match self {
            Self::Sign1(message) => message.danger_unverified_payload(),
            Self::Sign(message) => message.danger_unverified_payload(),
            Self::Mac0(message) => message.danger_unverified_payload(),
            Self::Mac(message) => message.danger_unverified_payload(),
        }
    }

    /// Checks the signatures or the tag by those whom `trust` names, as `policy` asks: of messages
    /// with one signature or tag, the one that there is.
    ///
    /// # Errors
    ///
    /// Those of the `verify` of each message; `Verification` if the policy is not met.
    pub fn verify<'p>(
        &self,
        input: &Input<'p, '_>,
        trust: &Trust<'_>,
        policy: &SignPolicy<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Signed<'a, 'p>, Signers>, Error>
    where
        'a: 'p,
    {
        let one = match self {
            Self::Sign(message) => return message.verify(input, policy, trust.keys, context),
            Self::Sign1(message) => message.verify(input, trust.keys, context)?,
            Self::Mac0(message) => message.verify(input, trust.secrets, context)?,
            Self::Mac(message) => {
                let input = OpenInput::from(*input)
                    .with_agreed(trust.agreed)
                    .with_known_senders(trust.senders);
                message.verify(input, trust.secrets, context)?
            }
        };
        let one = one.by_several();
        policy.check_signers(one.by())?;
        Ok(one)
    }
}
