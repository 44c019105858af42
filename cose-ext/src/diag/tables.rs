//! Places that are made of tables.

use super::{Field, Names, Secrecy};
use crate::IntOrText;

/// A map with integer labels: label, name, and place of the value.
#[derive(Clone, Copy)]
pub struct Labels<'n>(pub &'n [(i64, &'n str, &'n dyn Names)]);

impl Names for Labels<'_> {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        let entry = label.to_i64().and_then(|label| self.0.iter().find(|entry| entry.0 == label));
        entry.map_or(Field::UNKNOWN, |(_, name, names)| Field::new(name, *names))
    }
}

/// An array whose elements have a meaning by their position: name and place of each.
#[derive(Clone, Copy)]
pub struct Elements<'n>(pub &'n [(&'n str, &'n dyn Names)]);

impl Names for Elements<'_> {
    fn element(&self, index: u64, _len: Option<u64>) -> Field<'_> {
        let entry = usize::try_from(index).ok().and_then(|index| self.0.get(index));
        entry.map_or(Field::UNKNOWN, |(name, names)| Field::new(name, *names))
    }
}

/// An array whose elements are all of one kind.
#[derive(Clone, Copy)]
pub struct Each<'n>(pub &'n dyn Names);

impl Names for Each<'_> {
    fn element(&self, _index: u64, _len: Option<u64>) -> Field<'_> {
        Field::unnamed(self.0)
    }

    fn secrecy(&self) -> Secrecy {
        around(self.0)
    }
}

/// A byte string that wraps one data item. The same item without the byte string is described too.
#[derive(Clone, Copy)]
pub struct Wrapped<'n>(pub &'n dyn Names);

impl Names for Wrapped<'_> {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        self.0.label(label)
    }

    fn other_key(&self) -> Field<'_> {
        self.0.other_key()
    }

    fn element(&self, index: u64, len: Option<u64>) -> Field<'_> {
        self.0.element(index, len)
    }

    fn tag(&self, number: u64) -> Field<'_> {
        self.0.tag(number)
    }

    fn value(&self, value: IntOrText<'_>) -> Option<&str> {
        self.0.value(value)
    }

    fn wrapped(&self) -> Option<&dyn Names> {
        Some(self.0)
    }

    fn resolve(&self, item: &[u8]) -> Option<&dyn Names> {
        self.0.resolve(item)
    }

    fn secrecy(&self) -> Secrecy {
        self.0.secrecy()
    }
}

/// An integer or text whose values have names.
#[derive(Clone, Copy)]
pub struct Values(pub fn(IntOrText<'_>) -> Option<&'static str>);

impl Names for Values {
    fn value(&self, value: IntOrText<'_>) -> Option<&str> {
        (self.0)(value)
    }
}

/// The secrecy of what holds `names`.
fn around(names: &dyn Names) -> Secrecy {
    match names.secrecy() {
        Secrecy::Public => Secrecy::Public,
        Secrecy::Mixed | Secrecy::Secret => Secrecy::Mixed,
    }
}
