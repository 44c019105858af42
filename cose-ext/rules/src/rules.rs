//! The macro that makes an enum of rules.

/// Makes an enum of rules.
///
/// Each rule is one line: its name, its number, its clause, `holds` with what must hold, and
/// `broken` with what is wrong when it does not. Both sentences begin in lower case and end without
/// a full stop, since they are parts of longer messages.
///
/// The enum has `ALL`, `id()`, `clause()`, `holds()`, `broken()` and `to_ref()`. Each text is
/// looked up by itself, so a program that prints numbers alone does not carry the sentences.
#[macro_export]
macro_rules! rules {
    (
        $(#[$meta:meta])*
        $vis:vis enum $rule:ident {
            $(
                $(#[$doc:meta])*
                $name:ident = $id:literal, $clause:literal, holds $holds:literal, broken $broken:literal;
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $vis enum $rule {
            $(
                #[doc = concat!("`", $id, "`, ", $clause, ": ", $holds, ".")]
                $(#[doc = ""] #[$doc])*
                $name,
            )*
        }

        impl $rule {
            /// Every rule, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Returns the number that errors, tests and reports use.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// Returns the clause of the specification that states the rule.
            #[must_use]
            pub const fn clause(self) -> &'static str {
                match self { $(Self::$name => $clause,)* }
            }

            /// Returns what must hold, in one sentence.
            #[must_use]
            pub const fn holds(self) -> &'static str {
                match self { $(Self::$name => $holds,)* }
            }

            /// Returns what is wrong when the rule is broken, in one sentence.
            #[must_use]
            pub const fn broken(self) -> &'static str {
                match self { $(Self::$name => $broken,)* }
            }

            /// Returns the rule as the type that serves all crates.
            #[inline]
            #[must_use]
            pub const fn to_ref(self) -> $crate::RuleRef {
                $crate::RuleRef {
                    id: self.id(),
                    clause: self.clause(),
                    holds: self.holds(),
                    broken: self.broken(),
                }
            }
        }

        impl ::core::convert::From<$rule> for $crate::RuleRef {
            fn from(rule: $rule) -> Self {
                rule.to_ref()
            }
        }

        impl ::core::cmp::PartialEq<$rule> for $crate::RuleRef {
            fn eq(&self, rule: &$rule) -> bool {
                self.id == rule.id()
            }
        }
    };
}
