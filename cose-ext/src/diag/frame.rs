//! Items that are open while the printer walks.

use core::num::NonZeroU32;

use super::{Names, Unnamed};

/// An item that is open: its content is being written.
#[derive(Clone, Copy)]
pub(super) struct Frame<'n> {
    pub(super) kind: Kind,
    /// Items that the head announced; `None` up to a break. Keys and values count one each.
    pub(super) len: Option<u64>,
    /// Items that were begun.
    pub(super) begun: u64,
    /// The place of the item itself.
    pub(super) names: &'n dyn Names,
    /// The place of what comes next: a map's value, a tag's content.
    pub(super) next: &'n dyn Names,
    /// Where the element begun last stands in the input, of an array. Behind 4 GiB nothing is known
    /// of it.
    pub(super) latest: Option<NonZeroU32>,
    /// The encoding indicator of the head, which for what is wrapped stands at the end.
    pub(super) indicator: Option<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Array,
    Map,
    Tag,
    Wrapped,
}

impl<'n> Frame<'n> {
    pub(super) const EMPTY: Frame<'static> = Frame::new(Kind::Array, Some(0), &Unnamed, &Unnamed);

    pub(super) const fn new(
        kind: Kind,
        len: Option<u64>,
        names: &'n dyn Names,
        next: &'n dyn Names,
    ) -> Self {
        Self { kind, len, begun: 0, names, next, latest: None, indicator: None }
    }

    /// Whether a key comes next, in a map.
    pub(super) const fn is_at_key(&self) -> bool {
        matches!(self.kind, Kind::Map) && self.begun & 1 == 0
    }

    /// Whether the content is written as a list, which a layout may break into lines.
    pub(super) const fn is_list(&self) -> bool {
        matches!(self.kind, Kind::Array | Kind::Map)
    }

    pub(super) const fn opening(&self) -> &'static str {
        match (self.kind, self.len) {
            (Kind::Array, Some(_)) => "[",
            (Kind::Array, None) => "[_",
            (Kind::Map, Some(_)) => "{",
            (Kind::Map, None) => "{_",
            (Kind::Tag, _) => "(",
            (Kind::Wrapped, _) => "<< ",
        }
    }

    pub(super) const fn closing(&self) -> &'static str {
        match self.kind {
            Kind::Array => "]",
            Kind::Map => "}",
            Kind::Tag => ")",
            Kind::Wrapped => " >>",
        }
    }
}
