//! All parts of a token, on the heap.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use cose_ext::{Context, Trust, Verified, sign::Signers};

use crate::{
    Bundle, Claims, Error, OwnedClaims, Part, PartContent, Path, Requirements, Token, Voucher,
    claim::JsonSelector,
};

/// A token with all of its parts, in the order in which they stand: first the token itself, then
/// its submodules, each before its own. Only verifying a token or a bundle makes one:
///
/// ```compile_fail,E0451
/// use rats_eat::{Tree, TreePart};
/// fn forge(parts: Vec<TreePart>) -> Tree {
///     Tree { parts } // the field is private
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Tree {
    pub(super) parts: Vec<TreePart>,
}

/// One part of a [`Tree`]: the owned twin of [`Part`].
///
/// ```compile_fail,E0308
/// use rats_eat::{OwnedClaims, TreeContent};
/// fn forge(claims: OwnedClaims) -> TreeContent {
///     TreeContent::Claims(claims) // nobody vouches for them
/// }
/// ```
#[derive(Clone, Debug)]
pub struct TreePart {
    /// Where it stands, as [`Path`] writes it: `submods/TEE`; nothing for the token itself.
    pub path: String,
    /// Who vouches for it.
    pub voucher: Voucher,
    /// What it is.
    pub content: TreeContent,
    /// How many tokens stand around it; of a token within, the token itself counts.
    pub tokens_around: usize,
}

/// What a [`TreePart`] is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TreeContent {
    /// A claims set, with those who vouch for it.
    Claims(Verified<OwnedClaims, Signers>),
    /// Something in JSON, as a text that the token around it vouches for. With `json`,
    /// `Tree::open_json` puts what it holds in its place.
    Json(Verified<String, Signers>),
    /// The digest of a claims set that was not supplied: the number of its algorithm, and its
    /// value.
    NotSupplied(Verified<(i64, Vec<u8>), Signers>),
    /// A token of somebody whose key nobody enrolled, and why nothing can be said of it.
    NotEvaluated(Error),
}

impl Tree {
    /// Returns the parts, the token itself first.
    #[must_use]
    pub fn parts(&self) -> &[TreePart] {
        &self.parts
    }

    /// Returns the part that stands at `path`, if it is there.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&TreePart> {
        self.parts.iter().find(|part| part.path == path)
    }

    /// Returns the claims of the token itself, with those who vouch for them.
    #[must_use]
    pub fn claims(&self) -> Option<&Verified<OwnedClaims, Signers>> {
        self.parts.first()?.claims()
    }
}

impl TreePart {
    /// Returns the claims of this part, if it is a claims set, with those who vouch for them.
    #[must_use]
    pub const fn claims(&self) -> Option<&Verified<OwnedClaims, Signers>> {
        match &self.content {
            TreeContent::Claims(claims) => Some(claims),
            _ => None,
        }
    }

    /// Takes a part that stands below `above`, within `around` tokens more.
    pub(super) fn of(part: &Part<'_, '_>, above: &str, around: usize) -> Self {
        let content = match part.content {
            PartContent::Claims(claims) => TreeContent::Claims(claims.map(OwnedClaims::from)),
            PartContent::Json(selector) => TreeContent::Json(selector.map(text_of)),
            PartContent::NotSupplied(digest) => TreeContent::NotSupplied(
                digest.map(|digest| (digest.algorithm().value(), digest.value().to_vec())),
            ),
            PartContent::NotEvaluated(error) => TreeContent::NotEvaluated(error),
        };
        Self {
            path: joined(above, part.path),
            voucher: part.voucher,
            content,
            tokens_around: part.tokens_around.saturating_add(around),
        }
    }
}

fn text_of(selector: JsonSelector<'_>) -> String {
    selector.text.into()
}

/// Returns `path`, which goes on from `above`.
pub(super) fn joined(above: &str, path: &Path<'_>) -> String {
    match (above, path.to_string()) {
        ("", path) => path,
        (above, path) if path.is_empty() => above.into(),
        (above, path) => format!("{above}/{path}"),
    }
}

impl Token<'_> {
    /// Verifies the token and everything in CBOR within it, as [`verify_tree`](Self::verify_tree)
    /// does, and keeps all parts.
    ///
    /// # Errors
    ///
    /// As [`verify_tree`](Self::verify_tree).
    pub fn verify_to_tree(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Tree, Error> {
        collected(|visit| self.verify_tree(trust, requirements, context, visit))
    }
}

impl Bundle<'_> {
    /// Verifies the bundle and everything in CBOR within it, as [`verify_tree`](Self::verify_tree)
    /// does, and keeps all parts.
    ///
    /// # Errors
    ///
    /// As [`verify_tree`](Self::verify_tree).
    pub fn verify_to_tree(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Tree, Error> {
        collected(|visit| self.verify_tree(trust, requirements, context, visit))
    }
}

type Verify<'a> = Result<Verified<Claims<'a>, Signers>, Error>;

fn collected<'a>(
    verify: impl FnOnce(&mut dyn FnMut(&Part<'_, 'a>)) -> Verify<'a>,
) -> Result<Tree, Error> {
    let mut parts = Vec::new();
    let _claims = verify(&mut |part| parts.push(TreePart::of(part, "", 0)))?;
    Ok(Tree { parts })
}
