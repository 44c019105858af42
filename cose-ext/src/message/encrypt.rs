//! COSE_Encrypt: encrypted, with recipients who can get the key (RFC 9052 5.1).

#[cfg(feature = "alloc")]
mod builder;
#[cfg(feature = "alloc")]
pub use builder::EncryptBuilder;

use crate::{
    Context, EncStructure, Error, IssuerBinding, OpenInput, Opened, Profile, Rule, Signed,
    Supplied, Unauthenticated,
    cbor::Reader,
    crypto::{KeyOperation, Secret},
    diag::{Message, shown_as},
    encrypt0::{Content, authenticates_nothing},
    error::{Policy, Verification},
    frame::{Form, Frame, message_view},
    header::Headers,
    key::{Refused, SecretResolver, SecretTries, claimed_issuer},
    recipient::{KeySearch, Opening, Recipients},
};

/// A COSE_Encrypt as it was received: parsed, borrowed, untrusted.
#[derive(Clone, Copy)]
pub struct Encrypt<'a> {
    bytes: &'a [u8],
    headers: Headers<'a>,
    ciphertext: Option<&'a [u8]>,
    recipients: Recipients<'a>,
}

const FORM: Form = Form {
    tag: Encrypt::TAG,
    elements: 4,
    structure: Rule::EncryptStructure,
    exempt: authenticates_nothing,
};

impl<'a> Encrypt<'a> {
    message_view!(crate::tag::COSE_ENCRYPT);

    /// Reads a message that is the whole of `bytes`, with tag 96 or without.
    ///
    /// # Errors
    ///
    /// For CBOR that is not well-formed, another structure, and headers that break a rule.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        let frame = Frame::open(&mut reader, &FORM, profile)?;
        let recipients = Recipients::read(&mut reader, profile)?;
        frame.close(&mut reader, &FORM)?;
        let Frame { headers, content: ciphertext, .. } = frame;
        Ok(Self { bytes, headers, ciphertext, recipients })
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

    /// Returns the recipients, at least one.
    #[must_use]
    pub const fn recipients(&self) -> &Recipients<'a> {
        &self.recipients
    }

    /// Returns the additional data that is authenticated (RFC 9052 5.3), in parts. `profile` says
    /// in which form an empty protected map enters.
    #[must_use]
    pub fn enc_structure<'s>(&self, supplied: &Supplied<'s>, profile: &Profile) -> EncStructure<'s>
    where
        'a: 's,
    {
        let protected = self.headers.protected().as_authenticated(profile);
        EncStructure::encrypt(protected, supplied.external_aad)
    }

    /// Finds the content key through any of the recipients, checks the tag, and decrypts to the
    /// front of `plaintext`.
    ///
    /// `keys` answers with the keys that may open a recipient. `plaintext` must be at least as long
    /// as the ciphertext without its tag; the length of the ciphertext always suffices.
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
    ) -> Result<Opened<Signed<'a, 'o>>, Error> {
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
    ) -> Result<Opened<Signed<'a, 'o>>, Error> {
        let content = Content::new(&self.headers, self.ciphertext, input)?;
        let additional = self.enc_structure(input.input.supplied(), &context.profile);
        let (opening, len) = context.begin(self.len(input), |context| {
            self.open(&content, input, keys, context, &mut |secret, opening, enrolled| {
                let len = content.decrypt(&additional, secret, plaintext)?;
                let opened = plaintext.get(..len).unwrap_or_default();
                if let Some(sender) = &mut opening.sender
                    && sender.issuer == IssuerBinding::NotClaimed
                    && let Some(issuer) = claimed(opened, &context.profile)
                {
                    let Some(binding) = IssuerBinding::of(enrolled, Some(issuer)) else {
                        plaintext.fill(0);
                        return Err(Error::from(Policy::OtherIssuer).into());
                    };
                    sender.issuer = binding;
                }
                Ok(len)
            })
        })?;
        let plaintext = plaintext.get(..len).unwrap_or_default();
        let signed = Signed::new(self.headers, plaintext, 0);
        let notes = self.headers.notes(&context.profile);
        Ok(Opened::new(signed, opening, content.algorithm(), notes))
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
            self.open(&content, input, keys, context, &mut |secret, _, _| {
                content.decrypt_unauthenticated(secret, plaintext)
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
    ) -> Result<(Opening, usize), Error> {
        let supplied = input.input.supplied();
        self.headers.check_critical(&supplied.processed)?;
        let algorithm = content.algorithm();
        let issuer = claimed_issuer(&self.headers, supplied)?;
        let search = KeySearch { input, issuer, keys, context };
        let mut tries = SecretTries::new(context.profile.limits.secret_candidates);
        let mut opened = None;
        let usage = (algorithm, KeyOperation::Decrypt);
        search.through(
            &self.recipients,
            usage,
            &mut tries,
            &mut |secret, mut opening, enrolled| {
                let len = decrypt(secret, &mut opening, enrolled)?;
                opened = Some((opening, len));
                Ok(())
            },
        );
        tries.conclude(|tried| Verification::NotDecrypted { tried })?;
        opened.ok_or(Verification::NotDecrypted { tried: 0 }.into())
    }
}

/// Decrypts with a content key, and may say more of how its sender relates to the issuer, from the
/// one that the sender's key is enrolled for.
type Decrypt<'d> =
    dyn FnMut(&dyn Secret, &mut Opening, Option<&str>) -> Result<usize, Refused> + 'd;

shown_as!(Encrypt, Message::ENCRYPT);
