//! How a format tells the printer its names.

use super::recognised::key_in;
use crate::IntOrText;

/// What a format knows of one place in it: the names of what stands there, and the places below.
///
/// Every method has a default that knows nothing; a place implements those that fit the data items
/// it expects. Object safe, no heap: places are unit structs, or tables in constants.
pub trait Names {
    /// Of a map: the name of `label`, and the place of its value.
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        let _ = label;
        Field::UNKNOWN
    }

    /// Of a map: the place of the value under a key that is neither an integer nor definite text.
    fn other_key(&self) -> Field<'_> {
        Field::UNKNOWN
    }

    /// Of an array: the name and place of the element at `index`, counted from 0. `len` is the
    /// number of elements when the array states it.
    fn element(&self, index: u64, len: Option<u64>) -> Field<'_> {
        let _ = (index, len);
        Field::UNKNOWN
    }

    /// Of an array: as [`element`](Self::element), where it depends on the element before, an
    /// integer or a text: the argument of a command, for example. `before` is `None` for the first
    /// element, and behind one of another type.
    fn element_after(
        &self,
        index: u64,
        len: Option<u64>,
        before: Option<IntOrText<'_>>,
    ) -> Field<'_> {
        let _ = before;
        self.element(index, len)
    }

    /// Of a tag: the name and place of its content.
    fn tag(&self, number: u64) -> Field<'_> {
        let _ = number;
        Field::UNKNOWN
    }

    /// Of an integer or text: the name of the value.
    fn value(&self, value: IntOrText<'_>) -> Option<&str> {
        let _ = value;
        None
    }

    /// Of a byte string: the place of the data item it wraps, if it wraps one.
    fn wrapped(&self) -> Option<&dyn Names> {
        None
    }

    /// A better description of this place, found by a look at what stands there; asked once for
    /// every data item. `item` starts at its head and ends where the input does, and may be broken.
    ///
    /// For what only the data tells: a type field ([`integer_under`](super::integer_under)), an
    /// untagged structure known by its shape.
    fn resolve(&self, item: &[u8]) -> Option<&dyn Names> {
        let _ = item;
        None
    }

    /// How much of this place may be shown.
    fn secrecy(&self) -> Secrecy {
        Secrecy::Public
    }
}

/// See [`Names::secrecy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Secrecy {
    /// All of it.
    Public,
    /// What the places below it say. A string that stands here itself is not shown, nor a key that
    /// is not a label, nor bytes that cannot be read while such a place is open: a secret may be
    /// among them.
    Mixed,
    /// Nothing.
    Secret,
}

/// An entry of a map, an element of an array or the content of a tag: its name, and the place that
/// describes what stands there.
#[derive(Clone, Copy)]
pub struct Field<'n> {
    pub(super) name: Option<&'n str>,
    pub(super) names: &'n dyn Names,
}

impl<'n> Field<'n> {
    /// No name, and nothing known below.
    pub const UNKNOWN: Field<'static> = Field { name: None, names: &Unnamed };

    /// Names the field, and says how to read what stands below it.
    pub const fn new(name: &'n str, names: &'n dyn Names) -> Self {
        Self { name: Some(name), names }
    }

    /// Names the field; nothing is known of what stands below it.
    #[must_use]
    pub const fn named(name: &'n str) -> Self {
        Self { name: Some(name), names: &Unnamed }
    }

    /// Gives the field no name, and says how to read what stands below it.
    pub const fn unnamed(names: &'n dyn Names) -> Self {
        Self { name: None, names }
    }
}

/// A place of which nothing is known: plain diagnostic notation. A COSE_Key is recognised by its
/// shape all the same, so that its secrets do not show.
#[derive(Clone, Copy, Debug)]
pub struct Unnamed;

impl Names for Unnamed {
    fn resolve(&self, item: &[u8]) -> Option<&dyn Names> {
        key_in(item)
    }
}

/// A place of which nothing is shown.
pub(super) struct Hidden;

impl Names for Hidden {
    fn secrecy(&self) -> Secrecy {
        Secrecy::Secret
    }
}
