//! Where in a token a claim stands.

use core::fmt;

use cose_ext::{cwt::ClaimKey, registry};

/// The place of a claim: the names of the submodules that lead to it, and its own.
///
/// A path borrows the one it goes on from, so that none is ever built on a heap. `Display` writes
/// it with slashes: `submods/TEE/oemboot`. In the names of submodules `~1` stands for a slash and
/// `~0` for a tilde, as in JSON pointers (RFC 6901 3), so that no two places are written alike.
#[derive(Clone, Copy, Debug)]
pub struct Path<'p> {
    above: Option<&'p Path<'p>>,
    step: Step<'p>,
}

/// One step of a [`Path`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step<'p> {
    /// The claims set of the token itself.
    Token,
    /// A claim.
    Claim(ClaimKey<'p>),
    /// A submodule of this name.
    Submodule(&'p str),
    /// An element of an array.
    Element(usize),
}

impl<'p> Path<'p> {
    /// The claims set of the token itself.
    pub const TOKEN: Self = Self { above: None, step: Step::Token };

    /// Returns the path that goes on from this one by `step`.
    #[must_use]
    pub const fn then(&'p self, step: Step<'p>) -> Self {
        Self { above: Some(self), step }
    }

    /// Returns the last step.
    #[must_use]
    pub const fn step(&self) -> Step<'p> {
        self.step
    }

    /// Returns how many submodules the path leads through.
    pub fn depth(&self) -> usize {
        let above = self.above.map_or(0, Path::depth);
        above.saturating_add(usize::from(matches!(self.step, Step::Submodule(_))))
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            fmt::Display::fmt(above, f)?;
            if !matches!(above.step, Step::Token) {
                f.write_str("/")?;
            }
        }
        match self.step {
            Step::Token => Ok(()),
            Step::Claim(key) => match key.to_i64().and_then(|key| registry::CWT_CLAIMS.name(key)) {
                Some(name) => f.write_str(name),
                None => fmt::Display::fmt(&key, f),
            },
            Step::Submodule(name) => write_name(name, f),
            Step::Element(index) => write!(f, "{index}"),
        }
    }
}

fn write_name(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut pieces = name.split_inclusive(['~', '/']);
    pieces.try_for_each(|piece| match piece.split_at_checked(piece.len().saturating_sub(1)) {
        Some((plain, "~")) => write!(f, "{plain}~0"),
        Some((plain, "/")) => write!(f, "{plain}~1"),
        _ => f.write_str(piece),
    })
}
