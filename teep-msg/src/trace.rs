//! Events for logs; feature `tracing`.
//!
//! An event has names, rules, codes, lengths and offsets. It never has a part of a message, of
//! Evidence, of a result, a token, a challenge, a random number, a key or a thumbprint, whatever
//! the level. Steps are `DEBUG`, outcomes `INFO`, what was refused is `WARN`. The targets are
//! `teep_msg::agent` and `teep_msg::tam`.

use crate::{Error, ErrorCode, Numbering};

/// Writes one event of a machine: a level, the target, what happened, and fields.
macro_rules! event {
    ($level:ident, $target:expr, $what:expr $(, $($fields:tt)*)?) => {
        tracing::$level!(target: $target, what = $what $(, $($fields)*)?)
    };
}
pub(crate) use event;

/// Returns the identifier of the rule that was enforced, and the offset where bytes are to blame.
pub(crate) fn cause(error: &Error) -> (Option<&'static str>, Option<u64>) {
    let offset = error.offset().and_then(|offset| u64::try_from(offset).ok());
    (error.rule().map(|rule| rule.id), offset)
}

/// Returns a code as the registry of IANA has it, whatever numbering the session speaks.
pub(crate) fn number(code: ErrorCode) -> u64 {
    code.to_wire(Numbering::Iana)
}
