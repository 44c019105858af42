//! Checkpoints (C2SP tlog-checkpoint).

use super::base64::Spare;
use core::fmt;

use super::tile::decimal;
use super::{Base64, Error, base64};
use crate::{Rfc9162Tree, Rule, TreeHead, TrustedRoot};

/// The body of a checkpoint. It prints as the text of its note.
///
/// ```
/// use merkle_proof::tlog::Checkpoint;
///
/// let checkpoint = Checkpoint::new("example.org/log", 1, [0; 32])?;
/// let text = checkpoint.to_string();
/// assert_eq!(text, "example.org/log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
/// assert_eq!(Checkpoint::parse(&text)?, checkpoint);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint<'c> {
    origin: &'c str,
    size: u64,
    root: [u8; 32],
    extensions: &'c str,
}

impl<'c> Checkpoint<'c> {
    /// Makes a checkpoint without extension lines.
    ///
    /// # Errors
    ///
    /// [`Rule::CheckpointForm`] where the origin is not a line.
    pub fn new(origin: &'c str, size: u64, root: [u8; 32]) -> Result<Self, Error> {
        if origin.is_empty() || origin.bytes().any(|byte| byte < 0x20) {
            return Err(Error::malformed(Rule::CheckpointForm));
        }
        Ok(Self { origin, size, root, extensions: "" })
    }

    /// Reads the text of a note: [`Note::verify`](super::Note::verify) gives a verified one.
    ///
    /// # Errors
    ///
    /// [`Rule::CheckpointForm`].
    pub fn parse(text: &'c str) -> Result<Self, Error> {
        let read = || {
            let (origin, rest) = text.split_once('\n')?;
            let (size, rest) = rest.split_once('\n')?;
            let (root, extensions) = rest.split_once('\n')?;
            let whole = extensions.is_empty()
                || (extensions.ends_with('\n')
                    && !extensions.starts_with('\n')
                    && !extensions.contains("\n\n"));
            let root = base64::decode_array(root.as_bytes(), Spare::Zero)?;
            let body = Self { origin, size: decimal(size)?, root, extensions };
            let plain = |text: &str| text.bytes().all(|byte| byte >= 0x20 || byte == b'\n');
            (whole && !origin.is_empty() && plain(origin) && plain(extensions)).then_some(body)
        };
        read().ok_or(Error::malformed(Rule::CheckpointForm))
    }

    /// Returns the log's name.
    #[must_use]
    pub const fn origin(&self) -> &'c str {
        self.origin
    }

    /// Returns the number of leaves of the tree.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Returns the tree's root.
    #[must_use]
    pub const fn root(&self) -> &[u8; 32] {
        &self.root
    }

    /// Returns the lines after the root, whose meaning the log defines.
    pub fn extensions(&self) -> impl Iterator<Item = &'c str> + use<'c> {
        self.extensions.split_terminator('\n')
    }

    /// Returns the tree's head, if it is of the log `origin`.
    ///
    /// The caller vouches for it: call this only after the note has been verified.
    ///
    /// # Errors
    ///
    /// [`Rule::CheckpointOrigin`].
    pub fn head(&self, origin: &str) -> Result<TreeHead<Rfc9162Tree, [u8; 32]>, Error> {
        if self.origin == origin {
            Ok(TreeHead::new(self.size, TrustedRoot::vouched_for(self.root)))
        } else {
            Err(Error::Verification { rule: Rule::CheckpointOrigin })
        }
    }
}

impl fmt::Display for Checkpoint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n{}", self.origin, self.size, Base64(&self.root), self.extensions)
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    const ROOT: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    #[test]
    fn m97_a_checkpoint_is_origin_size_root_and_extensions() {
        for text in
            [std::format!("log\n0\n{ROOT}\n"), std::format!("a log\n12\n{ROOT}\nmore\nand more\n")]
        {
            let checkpoint = Checkpoint::parse(&text).unwrap();
            assert_eq!(checkpoint.to_string(), text);
        }
        let body = |size: &str, tail: &str| std::format!("log\n{size}\n{ROOT}{tail}");
        for text in [
            body("01", "\n"),
            body("+1", "\n"),
            body("-1", "\n"),
            body("", "\n"),
            body(" 1", "\n"),
            body("18446744073709551616", "\n"),
            body("1", ""),
            body("1", "\n\n"),
            body("1", "\nx"),
            body("1", "\nx\n\ny\n"),
            std::format!("\n1\n{ROOT}\n"),
            "log\n1\nAAAA\n".into(),
            std::format!("l\tog\n1\n{ROOT}\n"),
            body("1", "\nmore\r\n"),
            "log".into(),
        ] {
            let refused = Error::malformed(Rule::CheckpointForm);
            assert_eq!(Checkpoint::parse(&text), Err(refused), "{text:?}");
        }
        assert!(Checkpoint::new("two\nlines", 0, [0; 32]).is_err());
        // What a note may hold, an origin may.
        let odd = Checkpoint::new("\u{7f}\u{85}", 0, [0; 32]).unwrap().to_string();
        assert_eq!(Checkpoint::parse(&odd).unwrap().origin(), "\u{7f}\u{85}");
    }

    #[test]
    fn m98_a_head_is_of_its_log() {
        let checkpoint = Checkpoint::new("log", 7, [3; 32]).unwrap();
        assert_eq!(checkpoint.head("log").unwrap().size, 7);
        let refused = Error::Verification { rule: Rule::CheckpointOrigin };
        assert_eq!(checkpoint.head("other").err(), Some(refused));
    }
}
