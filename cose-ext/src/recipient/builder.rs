//! Making recipients (RFC 9052 8.5).

use crate::{
    Label,
    crypto::{Algorithm, KeyAgreement, PublicKey, Secret},
    header::{HeadersBuilder, header_methods},
};

/// One recipient of a message that is made: how it gets the key (RFC 9052 8.5).
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto", feature = "aes"))] {
/// use cose_ext::{Context, Encrypt, Input, encrypt::EncryptBuilder, rustcrypto::RustCrypto};
/// use cose_ext::crypto::{Algorithm, SecretKey, SymmetricKey};
/// use cose_ext::{key::{HeldSecret, Identity}, recipient::{RecipientBuilder, Sealer}};
/// # let mut random = testkit::rng::seeded(1);
///
/// let key = SymmetricKey { k: &[7; 16], algorithm: Some(Algorithm::A128KW) };
/// let shared = SecretKey::symmetric(key, &RustCrypto);
/// let recipients = [RecipientBuilder::key_wrap(Algorithm::A128KW, &shared).key_id(b"shared")];
/// // `random` is any generator that is fit for keys.
/// let mut sealer = Sealer::new(&RustCrypto, &mut random);
/// let builder = EncryptBuilder::new().iv(&[1; 12]);
/// let bytes = builder.encrypt(Algorithm::A128GCM, b"hello", &recipients, &mut sealer)?;
///
/// let context = Context::new(&RustCrypto);
/// let held = HeldSecret::new(shared, Identity::new([1; 32])).with_key_id(b"shared");
/// let message = Encrypt::decode(&bytes, &context.profile)?;
/// let mut plaintext = [0; 64];
/// let opened = message.decrypt(Input::embedded(), &held, &context, &mut plaintext)?;
/// // Behind key wrap nobody in particular vouches for the content.
/// assert_eq!(opened.danger_unattributed().payload(), b"hello");
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RecipientBuilder<'a> {
    pub(super) headers: HeadersBuilder,
    pub(super) method: Method<'a>,
}

#[derive(Clone)]
pub(super) enum Method<'a> {
    Direct(&'a dyn Secret),
    DirectWithKdf(Algorithm, &'a dyn Secret),
    KeyWrap(Algorithm, &'a dyn Secret),
    KeyWrapThrough(Algorithm, &'a [RecipientBuilder<'a>]),
    Ephemeral(Algorithm, PublicKey<'a>),
    Static(Algorithm, &'a dyn KeyAgreement, PublicKey<'a>),
}

impl<'a> RecipientBuilder<'a> {
    /// Uses `key` itself as the key of the message (RFC 9053 6.1.1). Such a recipient is the only
    /// one.
    pub const fn direct(key: &'a dyn Secret) -> Self {
        Self::new(Method::Direct(key))
    }

    /// Derives the key of the message from `key` (RFC 9053 6.1.2). Such a recipient is the only
    /// one.
    ///
    /// Without a salt or a nonce of party U, a random nonce is made.
    pub const fn direct_with_kdf(algorithm: Algorithm, key: &'a dyn Secret) -> Self {
        Self::new(Method::DirectWithKdf(algorithm, key))
    }

    /// Wraps a random key of the message with `key` (RFC 9053 6.2).
    pub const fn key_wrap(algorithm: Algorithm, key: &'a dyn Secret) -> Self {
        Self::new(Method::KeyWrap(algorithm, key))
    }

    /// Wraps the key of the message with a random key, which each of `recipients` can decrypt.
    ///
    /// This adds one layer.
    #[must_use]
    pub const fn key_wrap_through(
        algorithm: Algorithm,
        recipients: &'a [RecipientBuilder<'a>],
    ) -> Self {
        Self::new(Method::KeyWrapThrough(algorithm, recipients))
    }

    /// Agrees on a secret by ECDH between a fresh key and `peer`.
    ///
    /// `algorithm` says whether key wrap follows (RFC 9053 6.3, 6.4). Without key wrap, such a
    /// recipient is the only one.
    #[must_use]
    pub const fn ecdh_es(algorithm: Algorithm, peer: PublicKey<'a>) -> Self {
        Self::new(Method::Ephemeral(algorithm, peer))
    }

    /// Agrees on a secret by ECDH between `own` and `peer`.
    ///
    /// `algorithm` says whether key wrap follows (RFC 9053 6.3, 6.4). The public key of `own` is
    /// sent as `static key`, unless the headers have a `static key id`. Without a salt or a nonce
    /// of party U, a random nonce is made.
    pub const fn ecdh_ss(
        algorithm: Algorithm,
        own: &'a dyn KeyAgreement,
        peer: PublicKey<'a>,
    ) -> Self {
        Self::new(Method::Static(algorithm, own, peer))
    }

    const fn new(method: Method<'a>) -> Self {
        Self { headers: HeadersBuilder::new(), method }
    }

    header_methods!();

    /// Sets `kid` of the key of the recipient, unprotected.
    #[must_use]
    pub fn key_id(self, key_id: &[u8]) -> Self {
        self.unprotected(Label::KID, key_id)
    }

    pub(super) const fn algorithm(&self) -> Algorithm {
        match self.method {
            Method::Direct(_) => Algorithm::DIRECT,
            Method::DirectWithKdf(algorithm, _)
            | Method::KeyWrap(algorithm, _)
            | Method::KeyWrapThrough(algorithm, _)
            | Method::Ephemeral(algorithm, _)
            | Method::Static(algorithm, _, _) => algorithm,
        }
    }
}

impl core::fmt::Debug for RecipientBuilder<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("RecipientBuilder")
            .field("algorithm", &self.algorithm())
            .field("headers", &self.headers)
            .finish()
    }
}
