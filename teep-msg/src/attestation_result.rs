//! Attestation Results (sections 5, 7.1.1.1 and 7.2.1.1).

use cose_ext::{
    Context, Input, Profile, Sign1, Signed, Verified,
    cbor::{Map, Raw, Reader},
    cwt::{ClaimKey, Claims},
    key::{KeyResolver, Thumbprint},
    tag,
};

use crate::{Error, Rule, decode::read_bytes};

/// How this side accepts Attestation Results about its peer.
#[derive(Clone, Copy)]
pub struct ResultRules<'r> {
    /// The keys of the Verifiers that are trusted, and of nobody else: what an attester signed is
    /// never a result.
    pub verifiers: &'r dyn KeyResolver,
    /// The nonce that was sent, if the result has to repeat one.
    pub nonce: Option<&'r [u8]>,
    /// The time in seconds since 1970, and the greatest age in seconds, if the time of issue
    /// counts.
    pub issued_within: Option<(u64, u32)>,
    /// What a result without a status is. The text names no claim for one, so this has no default.
    pub without_status: WithoutStatus,
}

/// See [`ResultRules::without_status`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WithoutStatus {
    /// Not an affirmation.
    Refused,
    /// As good as an affirmation: this side's Verifiers issue results for sound peers alone.
    Affirms,
}

/// What a Verifier says of a peer (AR4SI tiers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Standing {
    /// The peer is as it should be.
    Affirming,
    /// Nothing is said.
    None,
    /// Something is odd.
    Warning,
    /// The peer is not to be trusted.
    Contraindicated,
}

/// An Attestation Result: its claims, and the worst status that it states. Only [`check_result`]
/// makes one.
#[derive(Clone, Copy)]
pub struct AttestationResult<'a> {
    claims: Claims<'a>,
    standing: Option<Standing>,
}

impl core::fmt::Debug for AttestationResult<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let standing = &self.standing;
        f.debug_struct("AttestationResult").field("standing", standing).finish_non_exhaustive()
    }
}

impl<'a> AttestationResult<'a> {
    fn read(signed: Signed<'a, 'a>, profile: &Profile) -> Result<Self, Error> {
        let claims = Claims::of(&signed.payload_item(profile)?)?;
        let mut standing = claims.find(EAR_STATUS.into()).and_then(|status| read_standing(&status));
        let appraisals = claims.find(ClaimKey::SUBMODS).and_then(|submods| Map::new(&submods).ok());
        for (_, appraisal) in appraisals.iter().flatten() {
            let status = Map::new(&appraisal).ok().and_then(|appraisal| appraisal.find(EAR_STATUS));
            let own = status.and_then(|status| read_standing(&status));
            standing = standing.max(own);
        }
        Ok(Self { claims, standing })
    }

    /// Returns the claims.
    #[must_use]
    pub const fn claims(&self) -> &Claims<'a> {
        &self.claims
    }

    /// Returns the worst status that the result states, at the top or of an appraisal; `None`
    /// without any.
    #[must_use]
    pub const fn standing(&self) -> Option<Standing> {
        self.standing
    }

    /// Tells whether the result attests its subject.
    #[must_use]
    pub fn affirms(&self, without_status: WithoutStatus) -> bool {
        match self.standing {
            Some(standing) => standing == Standing::Affirming,
            None => without_status == WithoutStatus::Affirms,
        }
    }
}

/// `ear_status`, at the top of TEEP's own profile and in each appraisal of an EAR.
const EAR_STATUS: i64 = 1000;

fn read_standing(status: &Raw<'_>) -> Option<Standing> {
    Some(match status.read(Reader::int).ok()?.to_i64()? {
        -32..=-1 | 2..=31 => Standing::Affirming,
        -64..=-33 | 32..=95 => Standing::Warning,
        -128..=-65 | 96..=127 => Standing::Contraindicated,
        _ => Standing::None,
    })
}

/// Checks that a trusted Verifier signed `result`, that it confirms the key of `peer` which signed
/// the message at hand, and that it is fresh as `rules` ask.
///
/// What it says of the peer is not judged here: ask [`AttestationResult::affirms`].
///
/// # Errors
///
/// `Cose` if no trusted Verifier signed it; `Refused` with [`Rule::ResultChecked`] if it is about
/// another key, [`Rule::ChallengeCopied`] for another nonce or age.
pub fn check_result<'a>(
    result: &'a [u8],
    peer: &Thumbprint,
    rules: &ResultRules<'_>,
    context: &Context<'_>,
) -> Result<Verified<AttestationResult<'a>>, Error> {
    context.begin(result.len(), |context| {
        let item = context.profile.item(result, 0)?;
        let message = item.under_tag(tag::CWT).unwrap_or(item);
        let message = Sign1::decode(message.bytes(), &context.profile)?;
        let signed = message.verify(&Input::embedded(), rules.verifiers, context)?;
        let result = signed.try_map_within(&context.profile, AttestationResult::read)?;
        let claims = result.value().claims();
        confirms(claims, peer, context)?;
        if let Some(nonce) = rules.nonce {
            let found = claims.find(ClaimKey::EAT_NONCE).and_then(|found| read_bytes(&found));
            if found != Some(nonce) {
                return Err(Error::refused(Rule::ChallengeCopied));
            }
        }
        if let Some((now, most)) = rules.issued_within {
            check_age(claims, now, most)?;
        }
        Ok(result)
    })
}

/// Section 7.1.1.1: `cnf` names the key by its thumbprint, as a kid or as such, or holds the key
/// itself. All that is there has to be this key.
fn confirms(claims: &Claims<'_>, peer: &Thumbprint, context: &Context<'_>) -> Result<(), Error> {
    let other = Error::refused(Rule::ResultChecked);
    let confirmation = claims.confirmation()?.ok_or(other)?;
    let mut is_named = false;
    if let Some(key) = confirmation.key() {
        is_named = true;
        if Thumbprint::of(&key.public_key()?, context.provider)? != *peer {
            return Err(other);
        }
    }
    if let Some(thumbprint) = confirmation.thumbprint() {
        is_named = true;
        if thumbprint != *peer {
            return Err(other);
        }
    }
    if let Some(kid) = confirmation.key_id() {
        let is_thumbprint = kid == peer.as_bytes();
        if !is_thumbprint && (!is_named || kid.len() == peer.as_bytes().len()) {
            return Err(other);
        }
        is_named = true;
    }
    if is_named { Ok(()) } else { Err(other) }
}

fn check_age(claims: &Claims<'_>, now: u64, most: u32) -> Result<(), Error> {
    let old = Error::refused(Rule::ChallengeCopied);
    let issued = claims.issued_at()?.ok_or(old)?.time().floor();
    let age = i64::try_from(now).map_err(|_| old)?.saturating_sub(issued);
    // Two clocks may differ by a minute.
    if (-60..=i64::from(most)).contains(&age) { Ok(()) } else { Err(old) }
}
