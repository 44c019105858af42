//! Why a log did not do what was asked.

use alloc::string::String;
use core::fmt;

use spec_rules::RuleRef;

use super::CreateError;
use crate::Rule;

/// Why a log did not do what was asked. `E` is the store's error.
///
/// After every error but [`NoLog`](Self::NoLog), [`StateLost`](Self::StateLost),
/// [`Exists`](Self::Exists), [`Behind`](Self::Behind) and [`EntryTooLong`](Self::EntryTooLong)
/// nothing is acknowledged and the log has to be [opened](super::Log::open) again, which finishes
/// what was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogError<E> {
    /// The store failed.
    Store(E),
    /// What is stored breaks a rule: it was changed, lost, or is of another log.
    Corrupt {
        /// The object; `state` for the value of the lock, `checkpoint` for the public checkpoint,
        /// `index` for the dedup index.
        name: String,
        /// The rule.
        rule: Rule,
    },
    /// Another writer moved the log on ([`Rule::OneWriter`]).
    Superseded,
    /// An earlier call failed half-way; the log has to be opened again.
    Interrupted,
    /// There is no log in the store.
    NoLog,
    /// Something of a log is public and its state is gone ([`Rule::PublishedCheckpoint`]): a store
    /// of another folder, or a copy without the state. Restore the state; a log that begins here
    /// would sign a second history.
    StateLost {
        /// The public object that was found; `checkpoint` for the public checkpoint.
        name: String,
    },
    /// There is a log in the store.
    Exists,
    /// The log is smaller than a checkpoint that is known from elsewhere: an old copy
    /// ([`Rule::PublishedCheckpoint`]).
    Behind {
        /// Its size.
        size: u64,
        /// The size that is known.
        least: u64,
    },
    /// An entry has more than 65 535 bytes ([`Rule::EntryBundle`]).
    EntryTooLong {
        /// Its place in the batch.
        place: usize,
    },
    /// The tree, or the origin, does not allow it.
    Tile(crate::tlog::Error),
    /// The signer signed nothing.
    Unsigned,
    /// The signer returned something else than a note of the checkpoint
    /// ([`Rule::PublishedCheckpoint`]).
    OtherNote,
}

/// The signer did not sign. It knows why; the log does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsigned;

impl<E> LogError<E> {
    pub(super) fn corrupt(name: &str, rule: Rule) -> Self {
        Self::Corrupt { name: name.into(), rule }
    }

    /// Returns the rule that was broken, where there is one.
    #[must_use]
    pub const fn rule(&self) -> Option<RuleRef> {
        match self {
            Self::Corrupt { rule, .. } => Some(rule.to_ref()),
            Self::Superseded => Some(Rule::OneWriter.to_ref()),
            Self::EntryTooLong { .. } => Some(Rule::EntryBundle.to_ref()),
            Self::OtherNote | Self::StateLost { .. } | Self::Behind { .. } => {
                Some(Rule::PublishedCheckpoint.to_ref())
            }
            Self::Tile(error) => error.rule(),
            _ => None,
        }
    }
}

impl<E> From<CreateError<E>> for LogError<E> {
    fn from(error: CreateError<E>) -> Self {
        match error {
            CreateError::Conflict { name } => Self::Corrupt { name, rule: Rule::ObjectImmutable },
            CreateError::Store(error) => Self::Store(error),
        }
    }
}

impl<E> From<crate::Error> for LogError<E> {
    fn from(error: crate::Error) -> Self {
        Self::Tile(error.into())
    }
}

impl<E> From<crate::tlog::Error> for LogError<E> {
    fn from(error: crate::tlog::Error) -> Self {
        Self::Tile(error)
    }
}

impl<E> From<crate::tlog::ReadError<E>> for LogError<E> {
    fn from(error: crate::tlog::ReadError<E>) -> Self {
        match error {
            crate::tlog::ReadError::Fetch(error) => Self::Store(error),
            crate::tlog::ReadError::Tile(error) => Self::Tile(error),
        }
    }
}

impl<E> From<Unsigned> for LogError<E> {
    fn from(_: Unsigned) -> Self {
        Self::Unsigned
    }
}

impl<E: fmt::Display> fmt::Display for LogError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => return fmt::Display::fmt(error, f),
            Self::Tile(error) => return fmt::Display::fmt(error, f),
            Self::Corrupt { name, rule } => write!(f, "{name}: {}", rule.broken())?,
            Self::Superseded => f.write_str("another writer moved the log on")?,
            Self::Interrupted => {
                f.write_str("an earlier call failed half-way, open the log again")?
            }
            Self::NoLog => f.write_str("there is no log in the store")?,
            Self::StateLost { name } => {
                write!(f, "{name} is public and the state of its log is gone: restore the state")?;
            }
            Self::Exists => f.write_str("there is a log in the store")?,
            Self::Behind { size, least } => {
                write!(f, "the log has {size} entries and had {least}: restore the newest copy")?;
            }
            Self::EntryTooLong { place } => {
                write!(f, "entry {place} of the batch has more than 65535 bytes")?;
            }
            Self::Unsigned => f.write_str("the checkpoint was not signed")?,
            Self::OtherNote => f.write_str("the note is not of the checkpoint to be signed")?,
        }
        match self.rule() {
            Some(rule) => write!(f, " ({rule})"),
            None => Ok(()),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for LogError<E> {}
