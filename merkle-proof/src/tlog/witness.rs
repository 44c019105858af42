//! A witness's side of add-checkpoint (C2SP tlog-witness after pull request 280, July 2026).

use core::fmt;

use spec_rules::RuleRef;

use super::base64::Spare;
use super::tile::decimal;
use super::{Checkpoint, Error, Note, NoteCrypto, VerifierKey, base64};
use crate::{Rfc9162Tree, Rule, TreeHash, TreeHead, verify_extension};

/// The most lines of a consistency proof.
const MOST_LINES: usize = 63;

type Head = TreeHead<Rfc9162Tree, [u8; 32]>;

/// A request to cosign a checkpoint, as it was received: read, untrusted.
///
/// The caller looks up the log by [`origin`](Self::origin), calls [`check`](Self::check) with what
/// it has of it, and *writes the accepted head down, if the one it had is still the latest*, before
/// it cosigns. Two requests at once must not both pass.
#[derive(Clone, Copy, Debug)]
pub struct AddCheckpoint<'r> {
    old_size: u64,
    proof: &'r str,
    note: Note<'r>,
    checkpoint: Checkpoint<'r>,
}

/// A checkpoint that may be cosigned once its head is written down.
#[derive(Clone, Copy, Debug)]
#[must_use = "write the head down before cosigning"]
pub struct Accepted<'r> {
    head: Head,
    text: &'r str,
}

/// What a witness answers instead of a cosignature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// 404: the origin is of no log that is known here.
    UnknownLog,
    /// 403: no key of the log signed it.
    NotSigned(Error),
    /// 400: the request is malformed, or its old size is above the checkpoint's.
    BadRequest(Error),
    /// 409: the witness has another size. The answer is that size.
    Conflict {
        /// What the witness has.
        latest: u64,
    },
    /// 422: the checkpoint does not extend the one that the witness has, or is of one size with it
    /// and has another root.
    NotConsistent(Error),
}

impl Refusal {
    /// Returns the HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::BadRequest(_) => 400,
            Self::NotSigned(_) => 403,
            Self::UnknownLog => 404,
            Self::Conflict { .. } => 409,
            Self::NotConsistent(_) => 422,
        }
    }

    /// Returns the media type of the answer's body, which is the text that the refusal prints as,
    /// and a newline.
    #[must_use]
    pub const fn content_type(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "text/x.tlog.size",
            _ => "text/plain; charset=utf-8",
        }
    }

    /// Returns the rule that was enforced, where there is one.
    #[must_use]
    pub const fn rule(&self) -> Option<RuleRef> {
        match self {
            Self::NotSigned(error) | Self::BadRequest(error) | Self::NotConsistent(error) => {
                error.rule()
            }
            Self::UnknownLog => Some(Rule::WitnessOrigin.to_ref()),
            Self::Conflict { .. } => Some(Rule::WitnessOldSize.to_ref()),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownLog => f.write_str("unknown log"),
            Self::Conflict { latest } => fmt::Display::fmt(latest, f),
            Self::NotSigned(error) | Self::BadRequest(error) | Self::NotConsistent(error) => {
                fmt::Display::fmt(error, f)
            }
        }
    }
}

impl core::error::Error for Refusal {}

impl<'r> AddCheckpoint<'r> {
    /// Reads the body of a request.
    ///
    /// # Errors
    ///
    /// [`Refusal::BadRequest`].
    pub fn parse(body: &'r [u8]) -> Result<Self, Refusal> {
        let malformed = Refusal::BadRequest(Error::malformed(Rule::WitnessRequest));
        let text = core::str::from_utf8(body).map_err(|_| malformed)?;
        let (first, rest) = text.split_once('\n').ok_or(malformed)?;
        let old_size = first.strip_prefix("old ").and_then(decimal).ok_or(malformed)?;
        let (proof, note) = match rest.strip_prefix('\n') {
            Some(note) => ("", note),
            None => rest.split_once("\n\n").ok_or(malformed)?,
        };
        let mut lines = proof.split_terminator('\n');
        if lines.clone().count() > MOST_LINES || lines.any(|line| line_hash(line).is_none()) {
            return Err(malformed);
        }
        let note = Note::parse(note.as_bytes()).map_err(Refusal::BadRequest)?;
        let checkpoint = Checkpoint::parse(note.danger_unverified_text());
        let checkpoint = checkpoint.map_err(Refusal::BadRequest)?;
        Ok(Self { old_size, proof, note, checkpoint })
    }

    /// Returns the log that the request says it is of.
    #[must_use]
    pub const fn origin(&self) -> &'r str {
        self.checkpoint.origin()
    }

    /// Decides whether the witness cosigns.
    ///
    /// `latest` is the head of the log that the witness cosigned last, the empty tree's where there
    /// is none.
    ///
    /// # Errors
    ///
    /// The refusal to answer with.
    pub fn check<T>(
        &self,
        tree: &T,
        keys: &[VerifierKey<'_>],
        latest: &Head,
        crypto: &dyn NoteCrypto,
    ) -> Result<Accepted<'r>, Refusal>
    where
        T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    {
        let text = self.note.verify(keys, crypto).map_err(Refusal::NotSigned)?;
        let head = self.checkpoint.head(self.origin()).map_err(Refusal::BadRequest)?;
        if self.old_size > head.size {
            let error = Error::Verification { rule: Rule::WitnessOldSize };
            return Err(Refusal::BadRequest(error));
        }
        if self.old_size != latest.size {
            return Err(Refusal::Conflict { latest: latest.size });
        }
        let path = self.proof.split_terminator('\n').filter_map(line_hash);
        verify_extension(tree, latest, &head, path)
            .map_err(|error| Refusal::NotConsistent(error.into()))?;
        Ok(Accepted { head, text })
    }
}

fn line_hash(line: &str) -> Option<[u8; 32]> {
    base64::decode_array(line.as_bytes(), Spare::Zero)
}

impl<'r> Accepted<'r> {
    /// Returns what is to be stored as the latest head of the log.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Returns the checkpoint's text, of which a [`NoteMessage`](super::NoteMessage) is cosigned.
    #[must_use]
    pub const fn text(&self) -> &'r str {
        self.text
    }
}
