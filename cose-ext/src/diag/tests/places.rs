//! How a crate describes its own format.

use super::{CoseNames, Each, Elements, Field, Labels, Names, Unnamed, Values, Wrapped, shown};
use crate::IntOrText;

/// A format with a message inside, after the manner of SUIT.
const ENVELOPE: Labels<'_> = Labels(&[
    (2, "authentication", &Wrapped(&AUTHENTICATION)),
    (3, "manifest", &Wrapped(&Manifest)),
]);

const AUTHENTICATION: Elements<'_> =
    Elements(&[("digest", &Wrapped(&Unnamed)), ("block", &Wrapped(&CoseNames))]);

struct Manifest;

impl Names for Manifest {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        match label {
            IntOrText::Int(version) if version == 1 => Field::new("version", &Values(version_name)),
            IntOrText::Text("note") => Field::named("for people"),
            _ => Field::UNKNOWN,
        }
    }

    fn other_key(&self) -> Field<'_> {
        Field::unnamed(&Version)
    }
}

struct Version;

impl Names for Version {
    fn value(&self, value: IntOrText<'_>) -> Option<&str> {
        version_name(value)
    }

    fn tag(&self, number: u64) -> Field<'_> {
        if number == 107 { Field::new("the envelope's own", &ENVELOPE) } else { Field::UNKNOWN }
    }
}

fn version_name(value: IntOrText<'_>) -> Option<&'static str> {
    (value == IntOrText::int(1)).then_some("first/only")
}

#[test]
fn places_of_different_formats_link_to_each_other() {
    assert_eq!(
        shown("a3 02 4b 82 42 8120 46 d28440a0f640 03 43 a10101 1b8000000000000001 00", &ENVELOPE),
        "{2 / authentication /: << [/ digest / << [-1] >>, / block / << 18([/ protected / h'', \
         / unprotected / {}, / payload / null, / signature / h'']) >>] >>, \
         3 / manifest /: << {1 / version /: 1 / first//only /} >>, 9223372036854775809: 0}"
    );
}

#[test]
fn keys_of_every_kind() {
    assert_eq!(
        shown("a5 01 02 646e6f7465 01 8101 01 7f646e6f7465ff 01 80 d86b a0", &Manifest),
        "{1 / version /: 2, \"note\" / for people /: 1, [1]: 1 / first//only /, \
         (_ \"note\"): 1 / first//only /, []: 107(/ the envelope's own / {})}"
    );
}

#[test]
fn each_element() {
    assert_eq!(shown("9f 01 02 ff", &Each(&Values(version_name))), "[_ 1 / first//only /, 2]");
}
