//! COSE_Encrypt0: encrypted with a key that both sides know (RFC 9052 5.2).

#[cfg(feature = "alloc")]
mod builder;
mod content;

#[cfg(feature = "alloc")]
pub use builder::{DetachedCiphertext, Encrypt0Builder};

#[cfg(feature = "alloc")]
pub(crate) use builder::{Plaintext, check_unauthenticated, nonce_methods};
pub(crate) use content::{Content, authenticates_nothing};

use crate::{
    Context, EncStructure, Error, IssuerBinding, OpenInput, Profile, Rule, Signed, SignedBy,
    Supplied, Unauthenticated, Verified,
    cbor::Reader,
    crypto::KeyOperation,
    diag::{Message, shown_as},
    error::{Policy, Verification},
    frame::{Form, Frame, message_view},
    header::Headers,
    key::{Attribution, KeyHint, Refused, SecretCandidate, SecretResolver, SecretTries},
};

/// A COSE_Encrypt0 as it was received: parsed, borrowed, untrusted.
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto", feature = "aes"))] {
/// use cose_ext::{Context, Encrypt0, Input, encrypt0::Encrypt0Builder, rustcrypto::RustCrypto};
/// use cose_ext::crypto::{Algorithm, SecretKey, SymmetricKey};
/// use cose_ext::key::{HeldSecret, Identity};
///
/// let key = SymmetricKey { k: &[7; 16], algorithm: Some(Algorithm::A128GCM) };
/// let secret = SecretKey::symmetric(key, &RustCrypto);
/// // The nonce must never be used twice with this key.
/// let builder = Encrypt0Builder::new().iv(&[1; 12]);
/// let bytes = builder.encrypt(Algorithm::A128GCM, b"hello", &secret)?;
///
/// let context = Context::new(&RustCrypto);
/// let held = HeldSecret::new(secret, Identity::new([1; 32]));
/// let message = Encrypt0::decode(&bytes, &context.profile)?;
/// let mut plaintext = [0; 64];
/// let opened = message.decrypt(Input::embedded(), &held, &context, &mut plaintext)?;
/// assert_eq!(opened.value().payload(), b"hello");
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Encrypt0<'a> {
    bytes: &'a [u8],
    headers: Headers<'a>,
    ciphertext: Option<&'a [u8]>,
}

const FORM: Form = Form {
    tag: Encrypt0::TAG,
    elements: 3,
    structure: Rule::Encrypt0Structure,
    exempt: authenticates_nothing,
};

impl<'a> Encrypt0<'a> {
    message_view!(crate::tag::COSE_ENCRYPT0);

    /// Reads a message that is the whole of `bytes`, with tag 16 or without.
    ///
    /// # Errors
    ///
    /// For CBOR that is not well-formed, another structure, and headers that break a rule.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        let frame = Frame::open(&mut reader, &FORM, profile)?;
        frame.close(&mut reader, &FORM)?;
        let Frame { headers, content: ciphertext, .. } = frame;
        Ok(Self { bytes, headers, ciphertext })
    }

    /// Returns both header buckets.
    #[must_use]
    pub const fn headers(&self) -> &Headers<'a> {
        &self.headers
    }

    /// Returns the ciphertext as received, or `None` when it is detached.
    #[must_use]
    pub const fn ciphertext(&self) -> Option<&'a [u8]> {
        self.ciphertext
    }

    /// Returns the additional data that is authenticated (RFC 9052 5.3), in parts. `profile` says
    /// in which form an empty protected map enters.
    #[must_use]
    pub fn enc_structure<'s>(&self, supplied: &Supplied<'s>, profile: &Profile) -> EncStructure<'s>
    where
        'a: 's,
    {
        let protected = self.headers.protected().as_authenticated(profile);
        EncStructure::encrypt0(protected, supplied.external_aad)
    }

    /// Checks the tag, and decrypts to the front of `plaintext`.
    ///
    /// `plaintext` must be at least as long as the ciphertext without its tag; the length of the
    /// ciphertext always suffices. Whoever knows the key can have made the message, the receiver
    /// included.
    ///
    /// After an error, `plaintext` holds nothing of the message.
    ///
    /// # Errors
    ///
    /// `Verification` if no key opens it, `Unsupported` if it could not be tried, `Policy` if no
    /// permitted key answers, the cipher authenticates nothing, or `crit` names what this call and
    /// its caller do not process; `Misuse` if `plaintext` is too short.
    pub fn decrypt<'o, 'c, 's>(
        &self,
        input: impl Into<OpenInput<'c, 's>>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        plaintext: &'o mut [u8],
    ) -> Result<Verified<Signed<'a, 'o>>, Error> {
        self.decrypt_claiming(&input.into(), keys, context, |_, _| None, plaintext)
    }

    /// Decrypts as [`decrypt`](Self::decrypt) does, and binds the key to the issuer that `claimed`
    /// reads in the plaintext. A key of another issuer is refused.
    pub(crate) fn decrypt_claiming<'o>(
        &self,
        input: &OpenInput<'_, '_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        claimed: for<'p> fn(&'p [u8], &Profile) -> Option<&'p str>,
        plaintext: &'o mut [u8],
    ) -> Result<Verified<Signed<'a, 'o>>, Error> {
        let content = Content::new(&self.headers, self.ciphertext, input)?;
        let additional = self.enc_structure(input.input.supplied(), &context.profile);
        let (by, len) = context.begin(self.len(input), |context| {
            self.open(&content, input, keys, context, &mut |candidate, attribution| {
                let len = content.decrypt(&additional, candidate.secret, plaintext)?;
                let opened = plaintext.get(..len).unwrap_or_default();
                if attribution.issuer == IssuerBinding::NotClaimed
                    && let Some(issuer) = claimed(opened, &context.profile)
                {
                    let Some(binding) = IssuerBinding::of(candidate.issuer, Some(issuer)) else {
                        plaintext.fill(0);
                        return Err(Error::from(Policy::OtherIssuer).into());
                    };
                    attribution.issuer = binding;
                }
                Ok(len)
            })
        })?;
        let plaintext = plaintext.get(..len).unwrap_or_default();
        Ok(Verified::new(Signed::new(self.headers, plaintext, 0), by))
    }

    /// Decrypts a message whose cipher authenticates nothing (RFC 9459), to the front of
    /// `plaintext`, which is as long as the ciphertext. A wrong key gives wrong bytes, or an error.
    ///
    /// # Errors
    ///
    /// As [`decrypt`](Self::decrypt), and for authenticated ciphers, protected parameters and
    /// external data.
    pub fn decrypt_unauthenticated<'o, 'c, 's>(
        &self,
        input: impl Into<OpenInput<'c, 's>>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        plaintext: &'o mut [u8],
    ) -> Result<Unauthenticated<&'o [u8]>, Error> {
        let input = &input.into();
        let content = Content::unauthenticated(&self.headers, self.ciphertext, input)?;
        let (_, len) = context.begin(self.len(input), |context| {
            self.open(&content, input, keys, context, &mut |candidate, _| {
                content.decrypt_unauthenticated(candidate.secret, plaintext)
            })
        })?;
        Ok(Unauthenticated::new(plaintext.get(..len).unwrap_or_default()))
    }

    /// Returns how many bytes the message and what the caller brings have together.
    fn len(&self, input: &OpenInput<'_, '_>) -> usize {
        self.bytes.len().saturating_add(input.input.len())
    }

    fn open(
        &self,
        content: &Content<'_>,
        input: &OpenInput<'_, '_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        decrypt: &mut Decrypt<'_>,
    ) -> Result<(SignedBy, usize), Error> {
        let supplied = input.input.supplied();
        self.headers.check_critical(&supplied.processed)?;
        let algorithm = content.algorithm();
        let hint = KeyHint::new(Some(algorithm), &self.headers, supplied)?;
        let mut tries = SecretTries::new(context.profile.limits.candidates);
        let mut opened = None;
        let notes = self.headers.notes(&context.profile);
        let usage = (Some(algorithm), KeyOperation::Decrypt);
        tries.try_each(&hint, usage, keys, context, &mut |candidate, mut attribution, _| {
            let len = decrypt(candidate, &mut attribution)?;
            opened = Some((SignedBy::new(attribution, algorithm, 0, notes), len));
            Ok(())
        });
        tries.conclude(|tried| Verification::NotDecrypted { tried })?;
        opened.ok_or(Verification::NotDecrypted { tried: 0 }.into())
    }
}

/// Decrypts with a key, and may say more of how it relates to the issuer.
type Decrypt<'d> = dyn FnMut(&SecretCandidate<'_>, &mut Attribution) -> Result<usize, Refused> + 'd;

shown_as!(Encrypt0, Message::ENCRYPT0);
