//! A token with all of its parts, and who vouches for each (RFC 9711 4.2.18).

#[cfg(feature = "json")]
mod json;
#[cfg(feature = "alloc")]
mod owned;

#[cfg(feature = "alloc")]
pub use owned::{Tree, TreeContent, TreePart};

use cose_ext::{Context, Digest, Trust, Verified, cbor::Raw, cwt::ClaimKey, sign::Signers};

use crate::{
    Bundle, Claims, Error, Part, PartContent, Path, Requirements, Rule, Step, Token, Uccs, Voucher,
    claim::{self, JsonSelector, Submodule},
    limits::MAX_NESTED_TOKENS,
    token::tag_of,
};

/// Takes parts as they are verified.
type Visit<'v, 'a> = dyn FnMut(&Part<'_, 'a>) + 'v;

impl<'a> Token<'a> {
    /// Verifies the token and everything within it, and hands each part to `visit` with who vouches
    /// for it: first the token itself, then its submodules in their order. Returns the claims of
    /// the token itself.
    ///
    /// Keys and secrets of `trust` serve the tokens within as well; who vouches for a part is in
    /// its `Verified`. A token within whose key is not enrolled is handed over as
    /// [`NotEvaluated`](PartContent::NotEvaluated); one whose signature is wrong refuses the whole.
    ///
    /// Nothing is inherited: a nonce, a debug status or an issuer of one part is never that of
    /// another.
    ///
    /// # State, invariant, cost
    ///
    /// Depth first. Parts handed over before an error are no result. One meter bounds the
    /// signatures and hashes of all parts; [`Limits`](crate::Limits) bound their number, and how
    /// deep tokens stand in tokens, each of which takes a frame of the stack.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify), for the token and each one within it; those of reading
    /// submodules; [`Rule::NestingBounded`].
    pub fn verify_tree(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
        visit: &mut dyn FnMut(&Part<'_, 'a>),
    ) -> Result<Verified<Claims<'a>, Signers>, Error> {
        context.begin(self.bytes().len(), |context| {
            let mut walk = Walk::new(trust, requirements, context, visit);
            let claims = self.verify(trust, requirements, context)?;
            walk.claims(claims, Voucher::OwnSignature, &Path::TOKEN)?;
            Ok(claims)
        })
    }
}

impl<'a> Bundle<'a> {
    /// Verifies the main token, lets its digests vouch for the detached claims sets, and hands each
    /// part to `visit` as [`Token::verify_tree`] does. A digest whose claims set is not in the
    /// bundle is handed over as not supplied.
    ///
    /// # Errors
    ///
    /// As [`Token::verify_tree`]; [`Rule::BundleMainToken`], [`Rule::BundleDigest`],
    /// [`Rule::BundleSurplus`], [`Rule::DetachedDigest`].
    pub fn verify_tree(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
        visit: &mut dyn FnMut(&Part<'_, 'a>),
    ) -> Result<Verified<Claims<'a>, Signers>, Error> {
        context.begin(self.bytes().len(), |context| {
            Walk::new(trust, requirements, context, visit).bundle(self, &Path::TOKEN)
        })
    }
}

/// What stays the same from part to part, and what is left.
///
/// # State, invariant, cost
///
/// `parts` and `nested` only fall, but that `nested` rises again on the way out of a token.
struct Walk<'w, 'v, 'a> {
    trust: &'w Trust<'w>,
    requirements: Requirements<'w>,
    context: &'w Context<'w>,
    visit: &'w mut Visit<'v, 'a>,
    parts: usize,
    nested: usize,
    allowed: usize,
}

impl<'w, 'v, 'a> Walk<'w, 'v, 'a> {
    fn new(
        trust: &'w Trust<'w>,
        requirements: &Requirements<'w>,
        context: &'w Context<'w>,
        visit: &'w mut Visit<'v, 'a>,
    ) -> Self {
        let limits = requirements.limits;
        let allowed = limits.nested_tokens.min(MAX_NESTED_TOKENS);
        Self {
            trust,
            requirements: requirements.nested(),
            context,
            visit,
            parts: limits.parts,
            nested: allowed,
            allowed,
        }
    }

    /// Hands over a claims set, and goes on to its submodules.
    fn claims(
        &mut self,
        claims: Verified<Claims<'a>, Signers>,
        voucher: Voucher,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        self.hand_over(path, voucher, PartContent::Claims(claims))?;
        let submodules = claims.try_map(|claims| claims.submodules())?.transpose();
        let Some(submodules) = submodules else { return Ok(()) };
        let above = path.then(Step::Claim(ClaimKey::SUBMODS));
        for entry in submodules.into_items() {
            let name = claim::text(&entry.value().0, Rule::Submods)?;
            let here = above.then(Step::Submodule(name));
            self.submodule(entry.map(|(_, value)| value), &here)?;
        }
        Ok(())
    }

    fn submodule(
        &mut self,
        value: Verified<Raw<'a>, Signers>,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let outer = Voucher::OuterSignature;
        match Submodule::read(value.value())? {
            Submodule::Claims(_) => {
                let claims = value.try_map(|value| Claims::of(&value))?;
                self.claims(claims, outer, path)
            }
            Submodule::Json(_) => {
                let selector = value.try_map(|value| JsonSelector::read(&value))?;
                self.hand_over(path, outer, PartContent::Json(selector))
            }
            Submodule::Digest(_) => {
                let digest = value.try_map(|value| claim::digest(&value))?;
                self.digest(digest, path)
            }
            Submodule::Token(_) => self.token(value, path),
        }
    }

    fn digest(
        &mut self,
        digest: Verified<Digest<'a>, Signers>,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        self.hand_over(path, Voucher::OuterSignature, PartContent::NotSupplied(digest))
    }

    /// Goes into a token that stands in a byte string.
    fn token(&mut self, value: Verified<Raw<'a>, Signers>, path: &Path<'_>) -> Result<(), Error> {
        let raw = *value.value();
        let bytes = claim::bytes(&raw, Rule::NestedTokenTag)?;
        let start = raw.offset().saturating_add(raw.bytes().len().saturating_sub(bytes.len()));
        let left = self.nested.checked_sub(1);
        let left = left.ok_or(Error::limit(Rule::NestingBounded).at(raw.offset()))?;
        self.nested = left;
        let profile = &self.context.profile;
        match tag_of(bytes) {
            Some(cose_ext::tag::CWT) => {
                let token = Token::decode(bytes, profile).map_err(|error| error.within(start))?;
                match token.verify(self.trust, &self.requirements, self.context) {
                    Ok(claims) => self.claims(claims, Voucher::OwnSignature, path)?,
                    Err(error) if error.is_not_evaluated() => {
                        let content = PartContent::NotEvaluated(error.within(start));
                        self.hand_over(path, Voucher::Nobody, content)?;
                    }
                    Err(error) => return Err(error.within(start)),
                }
            }
            Some(Uccs::TAG) => {
                let claims = value.try_map_within(profile, |value, profile| {
                    let bytes = claim::bytes(&value, Rule::NestedTokenTag)?;
                    let head = value.bytes().len().saturating_sub(bytes.len());
                    let uccs = Uccs::at(bytes, value.offset().saturating_add(head), profile)?;
                    Ok::<_, Error>(*uccs.danger_unsecured_claims())
                })?;
                self.claims(claims, Voucher::OuterSignature, path)?;
            }
            Some(Bundle::TAG) => {
                let bundle = Bundle::decode(bytes, profile).map_err(|error| error.within(start))?;
                let _claims = self.bundle(&bundle, path).map_err(|error| error.within(start))?;
            }
            _ => return Err(Error::broken(Rule::NestedTokenTag, raw.offset())),
        }
        self.nested = left.saturating_add(1);
        Ok(())
    }

    /// Verifies the main token of a bundle, and lets its digests vouch for what is detached.
    fn bundle(
        &mut self,
        bundle: &Bundle<'a>,
        path: &Path<'_>,
    ) -> Result<Verified<Claims<'a>, Signers>, Error> {
        let claims = bundle.verify_main(self.trust, &self.requirements, self.context)?;
        self.hand_over(path, Voucher::OwnSignature, PartContent::Claims(claims))?;
        let submodules = claims.try_map(|claims| claims.submodules())?.transpose();
        let missing = Error::broken(Rule::BundleDigest, bundle.main_offset());
        let submodules = submodules.ok_or(missing)?;
        bundle.check_names(submodules.value())?;
        let above = path.then(Step::Claim(ClaimKey::SUBMODS));
        for entry in submodules.into_items() {
            let name = claim::text(&entry.value().0, Rule::Submods)?;
            let here = above.then(Step::Submodule(name));
            let value = entry.map(|(_, value)| value);
            let detached = bundle.find(name);
            match (Submodule::read(value.value())?, detached) {
                (Submodule::Digest(_), Some(detached)) => {
                    let digest = value.try_map(|value| claim::digest(&value))?;
                    let claims = bundle.vouched(&digest, &detached, self.context)?;
                    self.claims(claims, Voucher::Digest, &here)?;
                }
                _ => self.submodule(value, &here)?,
            }
        }
        Ok(claims)
    }

    fn hand_over(
        &mut self,
        path: &Path<'_>,
        voucher: Voucher,
        content: PartContent<'a>,
    ) -> Result<(), Error> {
        self.parts = self.parts.checked_sub(1).ok_or(Error::limit(Rule::NestingBounded))?;
        let tokens_around = self.allowed.saturating_sub(self.nested);
        (self.visit)(&Part { path, voucher, content, tokens_around });
        Ok(())
    }
}
