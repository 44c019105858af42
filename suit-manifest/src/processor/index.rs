//! The component index: which components a command is about (draft-ietf-suit-manifest-37 6.5).

use cose_ext::cbor::{Array, Raw, Reader, Type};

use crate::{
    Error, Rule,
    error::{Breaks, Fact},
};

/// One component, all of them, or a list in its own order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Index<'m> {
    /// One, or all where none is named: written so that an index takes no more than the list.
    Plain(Option<u8>),
    /// The list as it stands in the manifest.
    List(Raw<'m>),
}

impl<'m> Index<'m> {
    /// The index before any command sets it: the only component of a manifest with one.
    pub(super) const FIRST: Self = Self::one(0);

    pub(super) const fn one(index: u8) -> Self {
        Self::Plain(Some(index))
    }

    pub(super) const fn is_one(&self) -> bool {
        matches!(self, Self::Plain(Some(_)))
    }

    pub(super) const fn is_all(&self) -> bool {
        matches!(self, Self::Plain(None))
    }

    /// Reads the argument of set-component-index, in a manifest of `components` components.
    pub(super) fn read(argument: &Raw<'m>, components: usize) -> Result<Self, Error> {
        match argument.data_type() {
            Type::Bool => {
                if argument.read(Reader::bool).breaks(Rule::ArgumentForm)? {
                    Ok(Self::Plain(None))
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
                Ok(Self::List(*argument))
            }
            _ => component(argument, components).map(Self::one),
        }
    }

    /// Returns the `at`-th component that a command is about, of `components`.
    #[inline]
    pub(super) fn target(&self, at: u16, components: u8) -> Option<u8> {
        match self {
            Self::Plain(Some(index)) => (at == 0).then_some(*index),
            Self::Plain(None) => u8::try_from(at).ok().filter(|index| *index < components),
            Self::List(list) => nth(list, at),
        }
    }
}

/// The `at`-th index of a list.
#[inline(never)]
fn nth(list: &Raw<'_>, at: u16) -> Option<u8> {
    let index = Array::new(list).ok()?.iter().nth(usize::from(at))?;
    u8::try_from(index.read(Reader::uint).ok()?).ok()
}

/// Reads the index of one of `components` components.
pub(super) fn component(index: &Raw<'_>, components: usize) -> Result<u8, Error> {
    let at = index.read(Reader::uint).breaks(Rule::ArgumentForm)?;
    listed(Some(at), index.offset(), components)
}

/// Checks that the index at byte `offset` is that of one of `components` components.
pub(super) fn listed(index: Option<u64>, offset: usize, components: usize) -> Result<u8, Error> {
    match index.map(u8::try_from) {
        Some(Ok(at)) if usize::from(at) < components => Ok(at),
        _ => Err(Error::malformed(Rule::IndexListed, Fact::Count(components), offset)),
    }
}
