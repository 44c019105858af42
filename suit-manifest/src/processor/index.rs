//! The component index: which components a command is about (draft-ietf-suit-manifest-37 6.5).

use cose_ext::cbor::Raw;

use crate::{Error, Rule, cursor::Cursor, error::Fact};

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
    pub(super) fn next(cursor: &mut Cursor<'m>, components: usize) -> Result<Self, Error> {
        let (start, offset) = (cursor.position(), cursor.offset());
        let broken = |fact| Err(Error::malformed(Rule::ArgumentForm, fact, offset));
        match cursor.first() {
            // True and false.
            Some(0xf5) => cursor.skip().map(|()| Self::Plain(None)),
            Some(0xf4) => broken(Fact::None),
            Some(first) if first >> 5 == 4 => {
                let len = cursor.array(Rule::ArgumentForm)?;
                if len == 0 {
                    return broken(Fact::Count(0));
                }
                for _ in 0..len {
                    component(cursor, components)?;
                }
                Ok(Self::List(cursor.item_since(start)))
            }
            _ => component(cursor, components).map(Self::one),
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
    let mut cursor = Cursor::checked(list);
    let len = cursor.array(Rule::ArgumentForm).ok()?;
    for _ in 0..at {
        cursor.uint(Rule::ArgumentForm).ok()?;
    }
    let index = cursor.uint(Rule::ArgumentForm).ok().filter(|_| u64::from(at) < len)?;
    u8::try_from(index).ok()
}

/// Reads the index of one of `components` components.
#[inline]
fn component(cursor: &mut Cursor<'_>, components: usize) -> Result<u8, Error> {
    let at = cursor.offset();
    listed(cursor.uint(Rule::ArgumentForm)?, at, components)
}

/// Checks that the index at byte `offset` is that of one of `components` components.
pub(super) fn listed(index: u64, offset: usize, components: usize) -> Result<u8, Error> {
    match u8::try_from(index) {
        Ok(at) if usize::from(at) < components => Ok(at),
        _ => Err(Error::malformed(Rule::IndexListed, Fact::Count(components), offset)),
    }
}
