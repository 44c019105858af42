//! Labels: what stands before a value in the maps of COSE and CWT. One type for each IANA registry,
//! with its numbers and names, so that a header label finds no claim although both are 1.

mod claim_key;
mod confirmation_method;
mod header_label;
mod int_or_text;
mod key_label;

pub use claim_key::ClaimKey;
pub use confirmation_method::ConfirmationMethod;
pub use header_label::Label;
pub use int_or_text::IntOrText;
pub use key_label::KeyLabel;
pub(crate) use key_label::{AKP, EC2, HSS_LMS, OKP, RSA, SYMMETRIC};

/// One registered number with its name.
pub(crate) type Named = (i64, &'static str);

/// A type of labels, with its registered numbers as constants and their names as a table.
macro_rules! label_type {
    (
        $(#[$type_doc:meta])* $type:ident;
        $($(#[$doc:meta])* $name:ident = $value:literal, $text:literal;)*
    ) => {
        $(#[$type_doc])*
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub struct $type<'a>($crate::label::IntOrText<'a>);

        impl $type<'_> {
            $($(#[$doc])* pub const $name: Self = Self::int($value);)*

            /// The registered numbers and their names, for the lookup of the registry.
            pub(crate) const NAMES: &'static [$crate::label::Named] = &[$(($value, $text)),*];
        }

        impl<'a> $type<'a> {
            /// Makes the label with the number `value`.
            pub const fn int(value: i64) -> Self {
                Self($crate::label::IntOrText::int(value))
            }

            /// Makes the label that is the text `value`.
            pub const fn text(value: &'a str) -> Self {
                Self($crate::label::IntOrText::Text(value))
            }

            /// Returns the integer or text that stands on the wire.
            pub const fn value(self) -> $crate::label::IntOrText<'a> {
                self.0
            }

            /// Returns the label as a small integer, if it is one.
            pub const fn to_i64(self) -> Option<i64> {
                self.0.to_i64()
            }

            /// Reads a label that is the whole of `raw`; anything but an integer or text breaks
            /// `rule`.
            pub(crate) fn read_raw(
                raw: &$crate::cbor::Raw<'a>,
                rule: $crate::Rule,
            ) -> Result<Self, $crate::Error> {
                $crate::label::IntOrText::read_raw(raw, rule).map(Self)
            }
        }

        impl From<i64> for $type<'_> {
            fn from(value: i64) -> Self {
                Self::int(value)
            }
        }

        impl<'a> From<&'a str> for $type<'a> {
            fn from(value: &'a str) -> Self {
                Self::text(value)
            }
        }

        impl<'a> From<$crate::label::IntOrText<'a>> for $type<'a> {
            fn from(value: $crate::label::IntOrText<'a>) -> Self {
                Self(value)
            }
        }

        impl<'a> From<$type<'a>> for $crate::label::IntOrText<'a> {
            fn from(label: $type<'a>) -> Self {
                label.0
            }
        }

        impl core::fmt::Display for $type<'_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl core::fmt::Debug for $type<'_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

use label_type;
