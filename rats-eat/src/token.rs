//! Tokens that somebody protects (RFC 9711 3, RFC 8392).

use core::fmt;

use cose_ext::{
    Authenticated, Context, Input, IssuerBinding, Message, Profile, Signed, Trust, Verified,
    cbor::{Item, Raw, Reader, Strictness, Type},
    cwt::{ClaimKey, Cwt},
    error::Policy,
    sign::Signers,
};

use crate::{
    Claims, EatProfile, Error, ErrorKind, Requirements, Rule,
    label::{BUNDLE_TAG, UCCS_TAG},
    profile::Protection,
};

/// An EAT or another CWT as it was received: signed, MACed or encrypted, with tag 61 or without.
/// Untrusted: its claims can be had by [`verify`](Self::verify) and [`open`](Self::open), or by a
/// method whose name says that they are not verified.
///
/// ```compile_fail,E0308
/// use rats_eat::{Claims, Token, cose_ext::{Profile, Verified, sign::Signers}};
/// fn read<'a>(token: &Token<'a>) -> Verified<Claims<'a>, Signers> {
///     token.danger_unverified_claims(&Profile::LENIENT).unwrap() // nobody vouches for them
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Token<'a> {
    cwt: Cwt<'a>,
}

impl<'a> Token<'a> {
    /// Reads a token that is the whole of `bytes`. Its tag says which message it is.
    ///
    /// # Errors
    ///
    /// [`Rule::Protected`] for claims that nobody protects (tag 601, see [`Uccs`](crate::Uccs)) and
    /// for a bundle (tag 602, see [`Bundle`](crate::Bundle)); those of [`Cwt::decode`].
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        match tag_of(bytes) {
            Some(UCCS_TAG | BUNDLE_TAG) => Err(Error::broken(Rule::Protected, 0)),
            _ => Ok(Self { cwt: Cwt::decode(bytes, profile)? }),
        }
    }

    /// Returns the token as the CWT that it is.
    #[must_use]
    pub const fn cwt(&self) -> &Cwt<'a> {
        &self.cwt
    }

    /// Returns the whole token as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.cwt.bytes()
    }

    /// Returns the claims, which nobody has verified: for choosing a key, never for acting.
    ///
    /// # Errors
    ///
    /// If the token is encrypted, contains another token, or its content is not a claims set.
    pub fn danger_unverified_claims(&self, profile: &Profile) -> Result<Claims<'a>, Error> {
        let payload = self.cwt.message().danger_unverified_payload();
        Claims::decode(payload.ok_or(NO_PAYLOAD)?, profile)
    }

    /// Checks the signatures or the tag, and that the keys speak for the issuer that the token
    /// claims.
    ///
    /// Whether the claims are as RFC 9711 or a profile want them is asked of them:
    /// [`Claims::validate`], [`EatProfile::check`]; whether they are fresh, a
    /// [`Freshness`](crate::Freshness).
    ///
    /// # Errors
    ///
    /// Those of [`Cwt::verify`]; [`Rule::IssuerBound`].
    pub fn verify(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Claims<'a>, Signers>, Error> {
        self.open(trust, requirements, context, &mut [])
    }

    /// Checks the token as [`verify`](Self::verify) does, and decrypts what is encrypted into
    /// `plaintext`, which is as long as the token.
    ///
    /// # Errors
    ///
    /// Those of [`Cwt::open`]; [`Rule::IssuerBound`].
    pub fn open<'o>(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
        plaintext: &'o mut [u8],
    ) -> Result<Verified<Claims<'o>, Signers>, Error>
    where
        'a: 'o,
    {
        let Requirements { supplied, policy, .. } = requirements;
        let claims = self.cwt.open(supplied, trust, policy, context, plaintext)?;
        let claims = claims.map(Claims::of_cwt);
        requirements.check_issuer(claims.value(), claims.by())?;
        Ok(claims)
    }

    /// Checks a token whose claims set stands under a tag of its own, `content_tag`, as some
    /// profiles with private tags have it. A token with another tag there, or none, is refused.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); [`Rule::ContentTag`]; `Misuse` for an encrypted token.
    pub fn verify_under_tag(
        &self,
        content_tag: u64,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Claims<'a>, Signers>, Error> {
        let Message::Authenticated(message) = self.cwt.message() else {
            return Err(Error::refused(Rule::ContentTag));
        };
        let payload = message.danger_unverified_payload().ok_or(NO_PAYLOAD)?;
        // A hint for choosing the key: what is no claims set shows below.
        let hint = untag(payload, 0, &context.profile);
        let hint = hint.ok().and_then(|tagged| Claims::of(&tagged.content).ok());
        let mut supplied = requirements.supplied;
        supplied.claimed_issuer = hint.and_then(|claims| claims.issuer().ok().flatten());
        let input = Input::embedded().with_supplied(supplied);
        context.begin(self.bytes().len(), |context| {
            let signed = message.verify(&input, trust, &requirements.policy, context)?;
            if signed.by().iter().any(|by| by.issuer() == IssuerBinding::NotClaimed) {
                return Err(cose_ext::Error::from(Policy::IssuerNotClaimed).into());
            }
            let tagged = signed.try_map_within(&context.profile, untag_signed)?;
            if tagged.value().tag != Some(content_tag) {
                let at = tagged.value().content.offset();
                return Err(Error::broken(Rule::ContentTag, at));
            }
            let claims = tagged.try_map(|tagged| Claims::of(&tagged.content))?;
            requirements.check_issuer(claims.value(), claims.by())?;
            Ok(claims)
        })
    }

    /// Checks that the token is protected as `profile` says, and names its key if the profile wants
    /// that: by kid, or by a `ueid`.
    ///
    /// # Errors
    ///
    /// [`Rule::ProtectionOfProfile`], [`Rule::KeyNamed`].
    pub fn check_protection(&self, profile: &EatProfile) -> Result<(), Error> {
        let Message::Authenticated(message) = self.cwt.message() else {
            return Err(Error::refused(Rule::ProtectionOfProfile));
        };
        let is_right = match message {
            Authenticated::Sign1(_) => true,
            Authenticated::Mac0(_) => profile.protection == Protection::Sign1OrMac0,
            _ => false,
        };
        let algorithm = message.headers().algorithm()?;
        if !is_right || !profile.permits(algorithm) {
            return Err(Error::refused(Rule::ProtectionOfProfile));
        }
        let headers = message.headers();
        let has_kid = headers.protected().key_id()?.or(headers.unprotected().key_id()?).is_some();
        let has_ueid = || {
            let claims = self.danger_unverified_claims(&profile.decoding());
            claims.is_ok_and(|claims| claims.find(ClaimKey::UEID).is_some())
        };
        if profile.names_key && !has_kid && !has_ueid() {
            return Err(Error::refused(Rule::KeyNamed));
        }
        Ok(())
    }
}

const NO_PAYLOAD: Error = Error::new(ErrorKind::Refused(Rule::Payload));

/// Returns the tag that `bytes` start with.
pub(crate) fn tag_of(bytes: &[u8]) -> Option<u64> {
    let mut reader = Reader::new(bytes, Strictness::LENIENT);
    match reader.peek() {
        Ok(Type::Tag) => match reader.item() {
            Ok(Item::Tag(tag)) => Some(tag),
            _ => None,
        },
        _ => None,
    }
}

/// An item, and the tag that stands before it.
#[derive(Clone, Copy)]
pub(crate) struct Tagged<'a> {
    pub(crate) tag: Option<u64>,
    pub(crate) content: Raw<'a>,
}

/// Reads the item that is the whole of `bytes`, which stand at byte `offset`, without its outermost
/// tag.
pub(crate) fn untag<'a>(
    bytes: &'a [u8],
    offset: usize,
    profile: &Profile,
) -> Result<Tagged<'a>, Error> {
    let Some(tag) = tag_of(bytes) else {
        return Ok(Tagged { tag: None, content: profile.item(bytes, offset)? });
    };
    let mut reader = Reader::new(bytes, profile.strictness);
    reader.item()?;
    let head = reader.position();
    let (_, content) = bytes.split_at_checked(head).unwrap_or_default();
    Ok(Tagged { tag: Some(tag), content: profile.item(content, offset.saturating_add(head))? })
}

fn untag_signed<'p>(signed: Signed<'_, 'p>, profile: &Profile) -> Result<Tagged<'p>, Error> {
    untag(signed.payload(), signed.payload_offset(), profile)
}

impl fmt::Debug for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.cwt, f)
    }
}

/// Writes diagnostic notation.
impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.cwt, f)
    }
}
