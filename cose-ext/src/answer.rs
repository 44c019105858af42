//! What a key answered that was lent to a closure.

/// Returns the answer that `lend` has put in place of `unanswered`.
///
/// Keys are lent, never handed out (`with_mac` and its kin), and nothing comes back from there but
/// what the closure writes down. A provider that does not call the closure leaves `unanswered`.
///
/// # Errors
///
/// What `lend` fails with, and the answer where that is an error.
pub(crate) fn answer<T, E, L: Into<E>>(
    unanswered: E,
    lend: impl FnOnce(&mut Result<T, E>) -> Result<(), L>,
) -> Result<T, E> {
    let mut answer = Err(unanswered);
    lend(&mut answer).map_err(Into::into)?;
    answer
}
