//! Who vouches for the claims of a CWT (RFC 8392 7.2).

use super::{Claims, Cwt};
use crate::{
    Authenticated, Context, Encrypt, Encrypt0, Error, Input, IssuerBinding, Message, Notes,
    OpenInput, Profile, Signed, Supplied, Trust, Verified,
    cbor::{Reader, Type},
    error::{Limit, Policy},
    header::Headers,
    sign::{SignPolicy, Signers},
};

impl<'a> Cwt<'a> {
    /// Checks the signatures or the tag of a token that is not encrypted, as
    /// [`open`](Self::open) does.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and `Misuse` if the token or one within it is encrypted.
    pub fn verify(
        &self,
        supplied: &Supplied<'_>,
        trust: &Trust<'_>,
        policy: &SignPolicy<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Claims<'a>, Signers>, Error> {
        self.open(supplied, trust, policy, context, &mut [])
    }

    /// Checks the signatures or the tag by those whom `trust` names, decrypts what is encrypted,
    /// and returns the claims set with who vouches for it. The claims agree with those of the
    /// headers of every layer (RFC 9597 2).
    ///
    /// Of a nested CWT every layer has to hold. Those who vouch signed the innermost layer, which
    /// alone covers the claims set itself; `policy` applies to them. Of the layers around it a
    /// COSE_Sign needs all of its signatures, and an encrypted one may be by anybody. External data
    /// belongs to the outermost layer.
    ///
    /// The issuer that the claims name is compared with the one that the key is enrolled for
    /// ([`SignedBy::issuer`](crate::SignedBy::issuer)), also where they are encrypted.
    ///
    /// Whether the claims are valid now and for this audience is not checked: call
    /// [`Claims::check_time`] and [`Claims::check_audience`].
    ///
    /// # State, invariant, cost
    ///
    /// `plaintext` takes what is decrypted: as long as the token always suffices for one encrypted
    /// layer, and as long as the layers together for several. Layers are bounded by
    /// [`Limits::nested_tokens`](crate::Limits::nested_tokens).
    ///
    /// # Errors
    ///
    /// Those of [`Authenticated::verify`], [`Encrypt0::decrypt`], [`Encrypt::decrypt`] and
    /// [`Claims::decode`]; `Malformed` if claims differ; `Policy` if the key is enrolled for an
    /// issuer and the token claims none, or if nobody in particular vouches for it; `Limit` if
    /// tokens nest too deep; `Misuse` if `plaintext` is too short.
    pub fn open<'o>(
        &self,
        supplied: &Supplied<'_>,
        trust: &Trust<'_>,
        policy: &SignPolicy<'_>,
        context: &Context<'_>,
        plaintext: &'o mut [u8],
    ) -> Result<Verified<Claims<'o>, Signers>, Error>
    where
        'a: 'o,
    {
        context.begin(self.bytes().len(), |context| {
            let call = Call { trust, policy, context };
            call.open(self, supplied, context.profile.limits.nested_tokens, plaintext)
        })
    }
}

/// What stays the same from layer to layer.
struct Call<'c> {
    trust: &'c Trust<'c>,
    policy: &'c SignPolicy<'c>,
    context: &'c Context<'c>,
}

impl Call<'_> {
    fn open<'o>(
        &self,
        token: &Cwt<'o>,
        supplied: &Supplied<'_>,
        layers: usize,
        plaintext: &'o mut [u8],
    ) -> Result<Verified<Claims<'o>, Signers>, Error> {
        let layers = layers.checked_sub(1).ok_or(Error::from(Limit::NestedTokens))?;
        let claims = self
            .open_layer(token, supplied, layers, plaintext)
            .map_err(|error| error.within(token.message_offset()))?;
        self.check_headers(token.message().headers(), claims.value())?;
        Ok(claims)
    }

    fn open_layer<'o>(
        &self,
        token: &Cwt<'o>,
        supplied: &Supplied<'_>,
        layers: usize,
        plaintext: &'o mut [u8],
    ) -> Result<Verified<Claims<'o>, Signers>, Error> {
        match token.message() {
            Message::Authenticated(message) => self.verify(message, supplied, layers, plaintext),
            Message::Encrypt0(message) => self.decrypt0(message, supplied, layers, plaintext),
            Message::Encrypt(message) => self.decrypt(message, supplied, layers, plaintext),
        }
    }

    fn verify<'o>(
        &self,
        message: &Authenticated<'o>,
        supplied: &Supplied<'_>,
        layers: usize,
        plaintext: &'o mut [u8],
    ) -> Result<Verified<Claims<'o>, Signers>, Error> {
        let payload = Input::embedded().resolve(message.danger_unverified_payload())?;
        let nested = is_nested(payload);
        let input = Input::embedded().with_supplied(Supplied {
            // A hint for choosing the key, and no more: what is not a claims set shows below.
            claimed_issuer: claimed_issuer(payload, &self.context.profile).filter(|_| !nested),
            ..*supplied
        });
        let policy = if nested { &SignPolicy::All } else { self.policy };
        let signed = message.verify(&input, self.trust, policy, self.context)?;
        if nested {
            return self.open_nested(signed.value(), supplied, layers, plaintext);
        }
        self.claims(signed)
    }

    fn decrypt0<'o>(
        &self,
        message: &Encrypt0<'o>,
        supplied: &Supplied<'_>,
        layers: usize,
        plaintext: &'o mut [u8],
    ) -> Result<Verified<Claims<'o>, Signers>, Error> {
        let (front, rest) = split(plaintext, message.ciphertext());
        let input = self.open_input(supplied);
        let (keys, context) = (self.trust.secrets, self.context);
        let signed = message.decrypt_claiming(&input, keys, context, claimed_issuer, front)?;
        if is_nested(signed.value().payload()) {
            return self.open_nested(signed.value(), supplied, layers, rest);
        }
        let signed = signed.by_several();
        self.policy.check_signers(signed.by())?;
        self.claims(signed)
    }

    fn decrypt<'o>(
        &self,
        message: &Encrypt<'o>,
        supplied: &Supplied<'_>,
        layers: usize,
        plaintext: &'o mut [u8],
    ) -> Result<Verified<Claims<'o>, Signers>, Error> {
        let (front, rest) = split(plaintext, message.ciphertext());
        let input = self.open_input(supplied);
        let (keys, context) = (self.trust.secrets, self.context);
        let opened = message.decrypt_claiming(&input, keys, context, claimed_issuer, front)?;
        if is_nested(opened.danger_unattributed().payload()) {
            return self.open_nested(opened.danger_unattributed(), supplied, layers, rest);
        }
        let signed = opened.verified()?.by_several();
        self.policy.check_signers(signed.by())?;
        self.claims(signed)
    }

    /// Opens the token that is the content of another one, whose signature, tag or cipher holds.
    fn open_nested<'o>(
        &self,
        content: &Signed<'_, 'o>,
        supplied: &Supplied<'_>,
        layers: usize,
        plaintext: &'o mut [u8],
    ) -> Result<Verified<Claims<'o>, Signers>, Error> {
        let offset = content.payload_offset();
        let supplied = Supplied { external_aad: &[], ..*supplied };
        Cwt::decode(content.payload(), &self.context.profile)
            .and_then(|token| self.open(&token, &supplied, layers, plaintext))
            .map_err(|error| content.count(error.within(offset)))
    }

    fn claims<'o>(
        &self,
        signed: Verified<Signed<'o, 'o>, Signers>,
    ) -> Result<Verified<Claims<'o>, Signers>, Error> {
        if signed.by().iter().any(|by| by.issuer() == IssuerBinding::NotClaimed) {
            return Err(Policy::IssuerNotClaimed.into());
        }
        let claims = signed.claims(self.context)?;
        let tagged = Notes::only_if(Notes::TAGGED_DATE, claims.value().has_tagged_date());
        let by = claims.by().with_notes(tagged);
        Ok(Verified::new(claims.into_value(), by))
    }

    /// Claims of a header can only take away, whether somebody signed them or not.
    fn check_headers(&self, headers: &Headers<'_>, claims: &Claims<'_>) -> Result<(), Error> {
        for bucket in [&**headers.protected(), headers.unprotected()] {
            if let Some(header) = bucket.cwt_claims()? {
                header.check_agreement(claims, self.context)?;
            }
        }
        Ok(())
    }

    fn open_input<'s>(&'s self, supplied: &Supplied<'s>) -> OpenInput<'s, 's> {
        OpenInput::from(Input::embedded().with_supplied(*supplied))
            .with_agreed(self.trust.agreed)
            .with_known_senders(self.trust.senders)
    }
}

/// Whether the content of a token is another one: it starts with a tag, which no claims set does
/// (RFC 8392 7.2, step 6).
fn is_nested(content: &[u8]) -> bool {
    Reader::new(content, crate::cbor::Strictness::LENIENT).peek() == Ok(Type::Tag)
}

/// Returns the issuer that a claims set names, if it is one.
fn claimed_issuer<'p>(payload: &'p [u8], profile: &Profile) -> Option<&'p str> {
    Claims::decode(payload, profile).ok().and_then(|claims| claims.issuer().ok().flatten())
}

/// Splits off what a ciphertext needs at most.
fn split<'o>(plaintext: &'o mut [u8], ciphertext: Option<&[u8]>) -> (&'o mut [u8], &'o mut [u8]) {
    let len = ciphertext.map_or(0, <[u8]>::len).min(plaintext.len());
    plaintext.split_at_mut_checked(len).unwrap_or_default()
}

impl<'p, B> Verified<Signed<'_, 'p>, B> {
    /// Reads the payload as the claims set of a CWT, which agrees with the claims of the protected
    /// header (RFC 9597 2).
    ///
    /// # Errors
    ///
    /// If the payload is not a claims set, or a claim has another value in the protected header.
    pub fn claims(self, context: &Context<'_>) -> Result<Verified<Claims<'p>, B>, Error> {
        let header = self.value().protected().cwt_claims()?;
        let claims = self.try_map_within(&context.profile, |signed, profile| {
            Claims::of(&signed.payload_item(profile)?)
        })?;
        if let Some(header) = header {
            header.check_agreement(claims.value(), context)?;
        }
        Ok(claims)
    }
}
