//! `Debug` that shows no Evidence, no token and no message: logs must not hold them.

/// Shows the name of a type and nothing of its content.
macro_rules! redacted {
    ($($type:ident),* $(,)?) => {
        $(impl core::fmt::Debug for $type<'_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($type)).finish_non_exhaustive()
            }
        })*
    };
}
pub(crate) use redacted;
