//! JSON within tokens in CBOR, CBOR within JSON, and all parts of both.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::mem;

use cose_ext::{Context, Profile, Trust, Verified, cwt::ClaimKey, sign::Signers};

use super::{Tree, TreeContent, TreePart, Walk, owned::joined};
use crate::{
    Bundle, Claims, Error, JsonBundle, Limits, NestedJson, OwnedClaims, Part, Path, Requirements,
    Rule, Step, Token, Uccs, Voucher, error::ErrorKind, jws::Jws, token::tag_of,
};

impl Token<'_> {
    /// Verifies the token and everything within it, in CBOR and in JSON, and keeps all parts with
    /// who vouches for each.
    ///
    /// # Errors
    ///
    /// As [`verify_tree`](Self::verify_tree) and [`Tree::open_json`].
    pub fn verify_all(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Tree, Error> {
        context.begin(self.bytes().len(), |context| {
            let tree = self.verify_to_tree(trust, requirements, context)?;
            tree.open_json(trust, requirements, context)
        })
    }
}

impl Bundle<'_> {
    /// Verifies the bundle and everything within it, in CBOR and in JSON, and keeps all parts with
    /// who vouches for each.
    ///
    /// # Errors
    ///
    /// As [`verify_tree`](Self::verify_tree) and [`Tree::open_json`].
    pub fn verify_all(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Tree, Error> {
        context.begin(self.bytes().len(), |context| {
            let tree = self.verify_to_tree(trust, requirements, context)?;
            tree.open_json(trust, requirements, context)
        })
    }
}

impl Jws<'_> {
    /// Verifies the token and everything within it, in JSON and in CBOR, and keeps all parts with
    /// who vouches for each.
    ///
    /// # Errors
    ///
    /// As [`verify_eat`](Self::verify_eat), [`Token::verify_tree`] and [`Tree::open_json`].
    pub fn verify_all(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Tree, Error> {
        context.begin(self.len(), |context| {
            let mut growth = Growth::new(trust, requirements, context);
            let claims = self.verify_eat(trust, requirements, context)?;
            growth.claims(&claims, Voucher::OwnSignature, "", 0)?;
            Ok(Tree { parts: growth.grown })
        })
    }
}

impl JsonBundle {
    /// Verifies the main token, lets its digests vouch for the detached claims sets, verifies
    /// everything within them, in JSON and in CBOR, and keeps all parts with who vouches for each.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify), [`Token::verify_tree`] and [`Tree::open_json`].
    pub fn verify_all(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Tree, Error> {
        context.begin(self.len(), |context| {
            let mut growth = Growth::new(trust, requirements, context);
            growth.bundle(self, requirements, "", 0)?;
            Ok(Tree { parts: growth.grown })
        })
    }
}

impl Tree {
    /// Puts what texts hold in their place: tokens, bundles and claims sets in JSON, and tokens in
    /// CBOR within JSON, each verified as [`Token::verify_tree`] verifies those in CBOR. A token of
    /// somebody whose key is not enrolled is not evaluated; one whose signature is wrong refuses
    /// the whole.
    ///
    /// # State, invariant, cost
    ///
    /// Depth first, by calls that go as deep as tokens stand in tokens: [`Limits`] bound that, and
    /// the number of parts, over both encodings. One meter bounds all signatures and hashes of the
    /// call.
    ///
    /// # Errors
    ///
    /// As [`Token::verify_tree`]; [`Rule::JsonSelector`] and those of reading JSON.
    pub fn open_json(
        mut self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let parts = mem::take(&mut self.parts);
        let len = parts.iter().fold(0_usize, |sum, part| match &part.content {
            TreeContent::Json(text) => sum.saturating_add(text.value().len()),
            _ => sum,
        });
        context.begin(len, |context| {
            let mut growth = Growth::new(trust, requirements, context);
            growth.take(parts)?;
            Ok(Self { parts: growth.grown })
        })
    }
}

/// What stays the same from part to part, and what has grown.
///
/// # Invariant
///
/// `grown` has no text in JSON that was not opened.
struct Growth<'g> {
    trust: &'g Trust<'g>,
    /// As for everything that is not the outermost token.
    requirements: Requirements<'g>,
    context: &'g Context<'g>,
    grown: Vec<TreePart>,
}

impl<'g> Growth<'g> {
    fn new(
        trust: &'g Trust<'g>,
        requirements: &Requirements<'g>,
        context: &'g Context<'g>,
    ) -> Self {
        Self { trust, requirements: requirements.nested(), context, grown: Vec::new() }
    }

    /// Takes parts, and opens those that are texts.
    fn take(&mut self, parts: Vec<TreePart>) -> Result<(), Error> {
        for part in parts {
            match part.content {
                TreeContent::Json(text) => {
                    let around = part.tokens_around;
                    self.open(&text, &part.path, around)?;
                }
                _ => self.push(part)?,
            }
        }
        Ok(())
    }

    fn push(&mut self, part: TreePart) -> Result<(), Error> {
        if self.grown.len() >= self.requirements.limits.parts {
            return Err(Error::limit(Rule::NestingBounded));
        }
        self.grown.push(part);
        Ok(())
    }

    /// Opens a text that `around` tokens stand around.
    fn open(
        &mut self,
        text: &Verified<String, Signers>,
        path: &str,
        around: usize,
    ) -> Result<(), Error> {
        let profile = &self.context.profile;
        match NestedJson::of_text(text.value(), profile)? {
            NestedJson::Unsecured(_) => {
                let claims = text.clone().try_map_within(profile, unsecured)?;
                self.claims(&claims, Voucher::OuterSignature, path, around)
            }
            nested => {
                let around = around.saturating_add(1);
                if around > self.requirements.limits.nested_tokens {
                    return Err(Error::limit(Rule::NestingBounded));
                }
                match nested {
                    NestedJson::Jwt(token) => self.jwt(&token, path, around),
                    NestedJson::Bundle(bundle) => {
                        let requirements = self.requirements;
                        let done = self.bundle(&bundle, &requirements, path, around);
                        self.unless_not_evaluated(done, path, around)
                    }
                    NestedJson::Cbor(token) => self.cbor(&token, text, path, around),
                    NestedJson::Unsecured(_) => Ok(()),
                }
            }
        }
    }

    fn jwt(&mut self, token: &str, path: &str, around: usize) -> Result<(), Error> {
        let jws = Jws::decode(token, &self.context.profile)?;
        match jws.verify_eat(self.trust, &self.requirements, self.context) {
            Ok(claims) => self.claims(&claims, Voucher::OwnSignature, path, around),
            Err(error) => self.unless_not_evaluated(Err(error), path, around),
        }
    }

    fn cbor(
        &mut self,
        bytes: &[u8],
        text: &Verified<String, Signers>,
        path: &str,
        around: usize,
    ) -> Result<(), Error> {
        let profile = &self.context.profile;
        match tag_of(bytes) {
            Some(Uccs::TAG) => {
                let claims = text.clone().try_map_within(profile, unsecured)?;
                self.claims(&claims, Voucher::OuterSignature, path, around)
            }
            Some(Bundle::TAG) => {
                let bundle = Bundle::decode(bytes, profile)?;
                let mut parts = Vec::new();
                let requirements = self.within(around);
                let mut visit = |part: &Part<'_, '_>| parts.push(TreePart::of(part, path, around));
                let done = bundle.verify_tree(self.trust, &requirements, self.context, &mut visit);
                match done {
                    Ok(_) => self.take(parts),
                    Err(error) => self.unless_not_evaluated(Err(error), path, around),
                }
            }
            Some(cose_ext::tag::CWT) => {
                let token = Token::decode(bytes, profile)?;
                match token.verify(self.trust, &self.requirements, self.context) {
                    Ok(claims) => self.view(claims, Voucher::OwnSignature, path, around),
                    Err(error) => self.unless_not_evaluated(Err(error), path, around),
                }
            }
            _ => Err(Error::new(ErrorKind::Broken(Rule::NestedTokenTag))),
        }
    }

    /// Takes the claims of the main token, and in place of digests what they vouch for.
    fn bundle(
        &mut self,
        bundle: &JsonBundle,
        requirements: &Requirements<'_>,
        path: &str,
        around: usize,
    ) -> Result<(), Error> {
        let mut detached = Vec::new();
        let main = bundle.verify(self.trust, requirements, self.context, &mut |name, set| {
            detached.extend(set.map(|set| (below(path, name), set)));
        })?;
        for part in self.parts(&main, Voucher::OwnSignature, path, around)? {
            let supplied = detached.iter().find(|(place, _)| *place == part.path);
            match (&part.content, supplied) {
                (TreeContent::NotSupplied(_), Some((place, set))) => {
                    self.claims(set, Voucher::Digest, place, around)?;
                }
                _ => self.take(alloc::vec![part])?,
            }
        }
        Ok(())
    }

    /// Takes a claims set and what is within it.
    fn claims(
        &mut self,
        claims: &Verified<Vec<u8>, Signers>,
        voucher: Voucher,
        path: &str,
        around: usize,
    ) -> Result<(), Error> {
        let parts = self.parts(claims, voucher, path, around)?;
        self.take(parts)
    }

    fn parts(
        &mut self,
        claims: &Verified<Vec<u8>, Signers>,
        voucher: Voucher,
        path: &str,
        around: usize,
    ) -> Result<Vec<TreePart>, Error> {
        let view = claims
            .as_ref()
            .try_map_within(&self.context.profile, |cbor, profile| Claims::decode(cbor, profile))?;
        self.walk(view, voucher, path, around)
    }

    fn view(
        &mut self,
        claims: Verified<Claims<'_>, Signers>,
        voucher: Voucher,
        path: &str,
        around: usize,
    ) -> Result<(), Error> {
        let parts = self.walk(claims, voucher, path, around)?;
        self.take(parts)
    }

    fn walk(
        &self,
        claims: Verified<Claims<'_>, Signers>,
        voucher: Voucher,
        path: &str,
        around: usize,
    ) -> Result<Vec<TreePart>, Error> {
        let mut parts = Vec::new();
        let mut visit = |part: &Part<'_, '_>| parts.push(TreePart::of(part, path, around));
        let requirements = self.within(around);
        Walk::new(self.trust, &requirements, self.context, &mut visit).claims(
            claims,
            voucher,
            &Path::TOKEN,
        )?;
        Ok(parts)
    }

    /// What is left of the limits where `around` tokens stand around.
    fn within(&self, around: usize) -> Requirements<'g> {
        let Limits { nested_tokens, parts } = self.requirements.limits;
        let limits = Limits::DEFAULT
            .with_nested_tokens(nested_tokens.saturating_sub(around))
            .with_parts(parts.saturating_sub(self.grown.len()));
        self.requirements.with_limits(limits)
    }

    /// A token that nobody here can judge is a part of which nothing is said.
    fn unless_not_evaluated(
        &mut self,
        done: Result<(), Error>,
        path: &str,
        tokens_around: usize,
    ) -> Result<(), Error> {
        match done {
            Err(error) if error.is_not_evaluated() => {
                let (path, content) = (path.to_string(), TreeContent::NotEvaluated(error));
                self.push(TreePart { path, voucher: Voucher::Nobody, content, tokens_around })
            }
            done => done,
        }
    }
}

fn below(path: &str, name: &str) -> String {
    let above = Path::TOKEN.then(Step::Claim(ClaimKey::SUBMODS));
    joined(path, &above.then(Step::Submodule(name)))
}

/// Reads the claims of a text that the token around it vouches for.
fn unsecured(text: String, profile: &Profile) -> Result<Vec<u8>, Error> {
    match NestedJson::of_text(&text, profile)? {
        NestedJson::Unsecured(claims) => Ok(claims),
        NestedJson::Cbor(token) => {
            let uccs = Uccs::decode(&token, profile)?;
            Ok(OwnedClaims::from(*uccs.danger_unsecured_claims()).into_bytes())
        }
        _ => Err(Error::new(ErrorKind::Broken(Rule::JsonSelector))),
    }
}
