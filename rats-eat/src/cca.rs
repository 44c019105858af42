//! Tokens of Arm CCA: a platform token and a realm token, bound to each other.

mod key;

use core::ops::ControlFlow;

use cose_ext::{
    Context, Digest, Notes, Profile, Trust, Verified,
    cbor::{Map, Raw, Reader, Type},
    crypto::{Algorithm, PublicKey},
    cwt::ClaimKey,
    key::{Candidate, CandidateKey, Identity, KeyHint, KeyOrigin, KeyResolver},
    sign::Signers,
};

use crate::{
    Claims, EatProfile, Error, Requirements, Rule, Token,
    claim::{self, Nonces},
    error::Breaks,
    hash_name::hash_named,
    label::cca,
    token::untag,
};

use key::RealmKey;

/// A CCA token as it was received: a platform token and a realm token. Untrusted.
///
/// ```compile_fail,E0616
/// use rats_eat::{Token, cca::CcaToken};
/// fn read<'a>(token: CcaToken<'a>) -> Token<'a> {
///     token.realm.token // private: its key is bound by the platform, and found by verifying
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CcaToken<'a> {
    bytes: &'a [u8],
    platform: Member<'a>,
    realm: Member<'a>,
}

#[derive(Clone, Copy, Debug)]
struct Member<'a> {
    token: Token<'a>,
    offset: usize,
}

/// What a CCA token says, and who vouches for it.
///
/// ```compile_fail,E0308
/// use rats_eat::{Claims, cca::CcaEvidence};
/// fn forge<'a>(platform: Claims<'a>, realm: Claims<'a>) -> CcaEvidence<'a> {
///     CcaEvidence { platform, realm } // nobody vouches for them
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct CcaEvidence<'a> {
    /// Claims of the platform, for which its key vouches.
    pub platform: Verified<Claims<'a>, Signers>,
    /// Claims of the realm, for which the realm's key vouches, for whose hash the platform vouches.
    pub realm: Verified<Claims<'a>, Signers>,
}

const FORM: Rule = Rule::CcaCollection;

impl<'a> CcaToken<'a> {
    /// Reads a token that is the whole of `bytes`: tag 399 around two tokens, or tag 907 around two
    /// pairs of content format and token, as TF-M writes it.
    ///
    /// # Errors
    ///
    /// [`Rule::CcaCollection`]; those of [`Token::decode`].
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let tagged = untag(bytes, 0, profile)?;
        let is_pairs = match tagged.tag {
            Some(cca::COLLECTION_TAG) => false,
            Some(cca::PAIRS_TAG) => true,
            _ => return Err(Error::broken(FORM, 0)),
        };
        let members = Map::new(&tagged.content).breaks(FORM)?;
        let [platform, realm] = members.find_all([cca::PLATFORM, cca::REALM]);
        let (Some(platform), Some(realm)) = (platform, realm) else {
            return Err(Error::broken(FORM, tagged.content.offset()));
        };
        let read = |member| Member::read(&member, is_pairs, profile);
        Ok(Self { bytes, platform: read(platform)?, realm: read(realm)? })
    }

    /// Returns the platform token, to find its key by what it says
    /// ([`DeviceHint`](crate::DeviceHint)).
    #[must_use]
    pub const fn platform(&self) -> &Token<'a> {
        &self.platform.token
    }

    /// Checks the platform token by those whom `trust` names, that its challenge is the hash of the
    /// realm's key, the realm token by that key, and both by their profiles.
    ///
    /// Whether the realm's challenge is the one that was sent is asked of a
    /// [`Freshness`](crate::Freshness).
    ///
    /// # Errors
    ///
    /// As [`Token::verify`]; the first rule of [`EatProfile::CCA_PLATFORM`] or
    /// [`EatProfile::CCA_REALM`] that is broken; [`Rule::CcaBinding`], [`Rule::CcaRealmKey`].
    pub fn verify(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<CcaEvidence<'a>, Error> {
        context.begin(self.bytes.len(), |context| {
            let platform = self.platform.verify(trust, requirements, context)?;
            EatProfile::CCA_PLATFORM.check(platform.value())?;
            let (unverified, offset) = self.realm.danger_unverified_claims(context)?;
            let within = |error: Error| error.within(offset);
            let key = key_that_is_bound(&platform, &unverified, context).map_err(within)?;
            let key = RealmKey::read(key.value(), &context.profile)?;
            let identity = Identity::of_key_id(key.bytes(), context.provider)?;
            let bound = BoundKey { key: key.public_key(), identity };
            let realm = self.realm.verify(&Trust::keys(&bound), requirements, context)?;
            EatProfile::CCA_REALM.check(realm.value())?;
            Ok(CcaEvidence { platform, realm })
        })
    }
}

impl<'a> Member<'a> {
    fn read(value: &Raw<'a>, is_pair: bool, profile: &Profile) -> Result<Self, Error> {
        let value = if is_pair {
            let [format, token] = claim::array(value, FORM)?.exactly().breaks(FORM)?;
            // A content format by number, or a media type.
            match format.data_type() {
                Type::Int => claim::uint(&format, FORM).map(|_| ())?,
                _ => claim::text(&format, FORM).map(|_| ())?,
            }
            token
        } else {
            *value
        };
        let bytes = value.read(Reader::bytes).breaks(FORM)?;
        let head = value.bytes().len().saturating_sub(bytes.len());
        let offset = value.offset().saturating_add(head);
        let token = Token::decode(bytes, profile).map_err(|error| error.within(offset))?;
        Ok(Self { token, offset })
    }

    fn verify(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Claims<'a>, Signers>, Error> {
        let claims = self.token.verify(trust, requirements, context);
        claims.map_err(|error| error.within(self.offset))
    }

    fn danger_unverified_claims(
        &self,
        context: &Context<'_>,
    ) -> Result<(Claims<'a>, usize), Error> {
        let claims = self.token.danger_unverified_claims(&context.profile);
        Ok((claims.map_err(|error| error.within(self.offset))?, self.offset))
    }
}

/// The key of a realm, to which the platform is bound: whatever the realm token says of its key,
/// this is the one, so that a signature which is wrong under it is broken and not merely unknown.
struct BoundKey<'k> {
    key: PublicKey<'k>,
    identity: Identity,
}

impl KeyResolver for BoundKey<'_> {
    fn candidates(
        &self,
        _: &KeyHint<'_>,
        _: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        let key = CandidateKey::Data(self.key);
        let origin = KeyOrigin::Enrolled;
        // One at most, so it does not matter whether more are wanted.
        let (identity, notes) = (self.identity, Notes::NOTHING);
        let _ = each(Candidate { key, identity, issuer: None, named: true, origin, notes });
    }
}

/// Lets the challenge of the platform token, which is the hash of the realm's key, vouch for that
/// key.
fn key_that_is_bound<'a>(
    platform: &Verified<Claims<'a>, Signers>,
    realm: &Claims<'a>,
    context: &Context<'_>,
) -> Result<Verified<&'a [u8], Signers>, Error> {
    let missing = |rule| Error::broken(rule, realm.offset());
    let key = realm.find(ClaimKey::int(cca::PUBLIC_KEY)).ok_or(missing(Rule::CcaRealmKey))?;
    let name = realm.find(ClaimKey::int(cca::PUBLIC_KEY_HASH)).ok_or(missing(Rule::CcaHash))?;
    let algorithm = hash_named(claim::text(&name, Rule::CcaHash)?);
    let digest = platform.try_map(challenge)?;
    let unbound = Error::broken(Rule::CcaBinding, key.offset());
    if algorithm != Some(digest.value().algorithm()) {
        return Err(unbound);
    }
    let bytes = claim::bytes(&key, Rule::CcaRealmKey)?;
    digest.vouch_for_bytes(bytes, context).map_err(|_| unbound)
}

/// Reads the challenge of a platform token as the digest that it is; its length tells which.
fn challenge(claims: Claims<'_>) -> Result<Digest<'_>, Error> {
    let at = claims.find(ClaimKey::EAT_NONCE).map_or(claims.offset(), |nonce| nonce.offset());
    let broken = Error::broken(Rule::CcaChallenge, at);
    let challenge = claims.nonces()?.as_ref().and_then(Nonces::only).ok_or(broken)?;
    let algorithm = match challenge.len() {
        32 => Algorithm::SHA256,
        48 => Algorithm::SHA384,
        64 => Algorithm::SHA512,
        _ => return Err(broken),
    };
    Digest::new(algorithm, challenge).map_err(|_| broken)
}
