//! The component index: which components a command is about (draft-ietf-suit-manifest-37 6.5).

use cose_ext::cbor::{Array, Raw, Reader, Type};

use crate::{
    Error, Rule,
    error::{Breaks, Fact},
};

/// One component, all of them, or a list in its own order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Index<'m> {
    One(u8),
    All,
    List(Array<'m>),
}

impl<'m> Index<'m> {
    /// The index before any command sets it: the only component of a manifest with one.
    pub(super) const FIRST: Self = Self::One(0);

    /// Reads the argument of set-component-index, in a manifest of `components` components.
    pub(super) fn read(argument: &Raw<'m>, components: usize) -> Result<Self, Error> {
        match argument.data_type() {
            Type::Bool => {
                if argument.read(Reader::bool).breaks(Rule::ArgumentForm)? {
                    Ok(Self::All)
                } else {
                    Err(Error::malformed(Rule::ArgumentForm, Fact::None, argument.offset()))
                }
            }
            Type::Array => {
                let list = Array::new(argument).breaks(Rule::ArgumentForm)?;
                if list.is_empty() {
                    let none = Fact::Count(0);
                    return Err(Error::malformed(Rule::ArgumentForm, none, argument.offset()));
                }
                for index in &list {
                    component(&index, components)?;
                }
                Ok(Self::List(list))
            }
            _ => component(argument, components).map(Self::One),
        }
    }

    /// Returns the `at`-th component that a command is about, of `components`.
    pub(super) fn target(&self, at: u16, components: u8) -> Option<u8> {
        match self {
            Self::One(index) => (at == 0).then_some(*index),
            Self::All => u8::try_from(at).ok().filter(|index| *index < components),
            Self::List(list) => {
                let index = list.iter().nth(usize::from(at))?.read(Reader::uint).ok()?;
                u8::try_from(index).ok()
            }
        }
    }
}

/// Reads the index of one of `components` components.
pub(super) fn component(index: &Raw<'_>, components: usize) -> Result<u8, Error> {
    let beyond = Error::malformed(Rule::IndexListed, Fact::Count(components), index.offset());
    let at = index.read(Reader::uint).breaks(Rule::ArgumentForm)?;
    let at = u8::try_from(at).map_err(|_| beyond)?;
    if usize::from(at) < components { Ok(at) } else { Err(beyond) }
}
