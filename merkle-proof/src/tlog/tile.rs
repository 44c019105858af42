//! Where tiles stand (C2SP tlog-tiles).

use core::fmt;

use super::Error;
use crate::{Node, Rule, TreeSize};

/// Hashes in a full tile, and entries in a full bundle.
pub(super) const WIDTH: u64 = 256;
/// Rows of the tree in a tile.
const HEIGHT: u32 = 8;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "c2sp.org/tlog-tiles has no others")]
pub enum TileKind {
    /// Hashes of the row of this level, times eight.
    Hashes {
        /// 0 for leaf hashes, up to 63.
        level: u8,
    },
    /// Entries.
    Entries,
}

/// How a log spells the paths of its tiles. All of them are of height 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TileScheme {
    /// `tile/<level>/...` and `tile/entries/...` (C2SP tlog-tiles).
    Tlog,
    /// `tile/<level>/...` and `tile/data/...` (C2SP static-ct-api): the logs of certificates.
    /// Levels are at most 5.
    StaticCt,
    /// `tile/8/<level>/...` and `tile/8/data/...`: the checksum database of Go modules.
    SumDb,
}

impl TileScheme {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Tlog | Self::StaticCt => "tile/",
            Self::SumDb => "tile/8/",
        }
    }

    const fn entries(self) -> &'static str {
        match self {
            Self::Tlog => "entries",
            Self::StaticCt | Self::SumDb => "data",
        }
    }

    const fn highest_level(self) -> u8 {
        match self {
            Self::Tlog | Self::SumDb => 63,
            Self::StaticCt => 5,
        }
    }
}

/// The place of a tile or an entry bundle. It prints as its path.
///
/// ```
/// # use merkle_proof::tlog::{Tile, TileKind};
/// let tile = Tile::parse("tile/0/x001/x234/067.p/112").unwrap();
/// assert_eq!((tile.index(), tile.width()), (1_234_067, 112));
/// assert_eq!(tile.to_string(), "tile/0/x001/x234/067.p/112");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    kind: TileKind,
    index: u64,
    width: u16,
}

impl Tile {
    /// Returns the tile of `kind` number `index` in a tree of `tree_size` leaves, full or partial,
    /// or `None` where the tree has none.
    #[must_use]
    pub fn in_tree(kind: TileKind, index: u64, tree_size: TreeSize) -> Option<Self> {
        let level = match kind {
            TileKind::Hashes { level } => u32::from(level),
            TileKind::Entries => 0,
        };
        let row = tree_size.0.checked_shr(level.checked_mul(HEIGHT)?).unwrap_or(0);
        let width = row.checked_sub(index.checked_mul(WIDTH)?)?.min(WIDTH);
        let width = u16::try_from(width).ok().filter(|width| *width > 0)?;
        Some(Self { kind, index, width })
    }

    /// Returns the tile whose hashes make the node, in a tree of `tree_size` leaves, with the first
    /// of these hashes and their number.
    ///
    /// `None` where the tree has no such node.
    #[must_use]
    pub fn of_node(node: Node, tree_size: TreeSize) -> Option<(Self, u16, u16)> {
        let (level, rows) = (node.level.checked_div(HEIGHT)?, node.level.checked_rem(HEIGHT)?);
        let count = 1_u16.checked_shl(rows)?;
        let first = node.index.checked_mul(u64::from(count))?;
        let kind = TileKind::Hashes { level: u8::try_from(level).ok()? };
        let tile = Self::in_tree(kind, first.checked_div(WIDTH)?, tree_size)?;
        let first = u16::try_from(first.checked_rem(WIDTH)?).ok()?;
        (first.checked_add(count)? <= tile.width).then_some((tile, first, count))
    }

    /// Returns what it holds.
    #[must_use]
    pub const fn kind(&self) -> TileKind {
        self.kind
    }

    /// Returns its number in its row.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Returns how many hashes or entries it holds, 1 to 256.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Returns whether the tree has not filled it yet. Once there is a full tile, it may stand in
    /// place of the partial one.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        u64::from(self.width) < WIDTH
    }

    /// Returns the full tile in its place.
    #[must_use]
    pub const fn full(self) -> Self {
        Self { width: 256, ..self }
    }

    /// Reads a path of C2SP tlog-tiles; a path has one spelling.
    ///
    /// # Errors
    ///
    /// [`Rule::TilePath`].
    pub fn parse(path: &str) -> Result<Self, Error> {
        Self::parse_as(path, TileScheme::Tlog)
    }

    /// Reads a path as the logs of `scheme` spell it.
    ///
    /// # Errors
    ///
    /// [`Rule::TilePath`].
    pub fn parse_as(path: &str, scheme: TileScheme) -> Result<Self, Error> {
        Self::read(path, scheme).ok_or(Error::malformed(Rule::TilePath))
    }

    /// Returns the path as the logs of `scheme` spell it.
    #[must_use]
    pub fn path(&self, scheme: TileScheme) -> impl fmt::Display + use<> {
        TilePath { tile: *self, scheme }
    }

    fn read(path: &str, scheme: TileScheme) -> Option<Self> {
        let (level, mut rest) = path.strip_prefix(scheme.prefix())?.split_once('/')?;
        let kind = match level {
            level if level == scheme.entries() => TileKind::Entries,
            level => {
                let level = decimal(level).and_then(|level| u8::try_from(level).ok());
                TileKind::Hashes { level: level.filter(|level| *level <= scheme.highest_level())? }
            }
        };
        let mut width = 256;
        if let Some((full, partial)) = rest.split_once(".p/") {
            rest = full;
            width = decimal(partial).and_then(|width| u16::try_from(width).ok())?;
            if !(1..=255).contains(&width) {
                return None;
            }
        }
        let mut index = 0_u64;
        let mut groups = rest.split('/').peekable();
        let is_long = rest.contains('/');
        while let Some(group) = groups.next() {
            let digits = if groups.peek().is_some() { group.strip_prefix('x')? } else { group };
            if digits.len() != 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
                return None;
            }
            if is_long && index == 0 && digits == "000" {
                // Three leading zeros are one spelling too many.
                return None;
            }
            index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        }
        Some(Self { kind, index, width })
    }
}

/// A number without leading zeros.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let plain = text == "0" || !text.starts_with('0');
    (plain && text.bytes().all(|digit| digit.is_ascii_digit())).then(|| text.parse().ok())?
}

struct TilePath {
    tile: Tile,
    scheme: TileScheme,
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tile, scheme } = self;
        match tile.kind {
            TileKind::Hashes { level } => write!(f, "{}{level}/", scheme.prefix())?,
            TileKind::Entries => write!(f, "{}{}/", scheme.prefix(), scheme.entries())?,
        }
        tile.write_index(f)
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.path(TileScheme::Tlog), f)
    }
}

impl Tile {
    fn write_index(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // u64 has seven groups of three digits.
        let mut begun = false;
        for group in (0..7_u32).rev() {
            let thousands = 1000_u64.checked_pow(group).unwrap_or(1);
            let digits =
                self.index.checked_div(thousands).unwrap_or(0).checked_rem(1000).unwrap_or(0);
            begun |= digits != 0;
            match (group, begun) {
                (0, _) => write!(f, "{digits:03}")?,
                (_, true) => write!(f, "x{digits:03}/")?,
                (_, false) => {}
            }
        }
        if self.is_partial() { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

/// Returns the hash tiles of a tree: for each level how many are full, and how wide the partial one
/// is, 0 where there is none.
pub fn tiles(tree_size: u64) -> impl Iterator<Item = (u8, u64, u16)> {
    let mut row = tree_size;
    (0..8_u8).map_while(move |level| {
        let (full, partial) = (row.checked_div(WIDTH)?, row.checked_rem(WIDTH)?);
        let here = (row > 0).then_some((level, full, u16::try_from(partial).ok()?));
        row = full;
        here
    })
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn m90_a_path_has_one_spelling() {
        for path in [
            "tile/0/000",
            "tile/63/999",
            "tile/1/x001/000",
            "tile/0/x001/x234/067.p/8",
            "tile/entries/x001/234.p/255",
            "tile/0/x018/x446/x744/x073/x709/x551/615",
        ] {
            assert_eq!(Tile::parse(path).unwrap().to_string(), path);
        }
        for path in [
            "",
            "tile/0/",
            "tile/0/0",
            "tile/00/000",
            "tile/64/000",
            "tile/-1/000",
            "tile/0/x000/001",
            "tile/0/001/000",
            "tile/0/x001",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
            "tile/data/000",
            "tile/0/+00",
            "tile/0/000.p/",
        ] {
            assert_eq!(Tile::parse(path), Err(Error::malformed(Rule::TilePath)), "{path}");
        }
    }

    #[test]
    fn m90_other_logs_spell_paths_otherwise() {
        let schemes = [
            (TileScheme::StaticCt, "tile/5/x001/234.p/7", "tile/data/000", "tile/6/000"),
            (TileScheme::SumDb, "tile/8/63/x001/234.p/7", "tile/8/data/000", "tile/0/000"),
        ];
        for (scheme, hashes, entries, other) in schemes {
            for path in [hashes, entries] {
                let tile = Tile::parse_as(path, scheme).unwrap();
                assert_eq!(tile.path(scheme).to_string(), path);
                assert_eq!(tile.kind() == TileKind::Entries, path == entries);
            }
            for path in [other, "tile/entries/000"] {
                let refused = Err(Error::malformed(Rule::TilePath));
                assert_eq!(Tile::parse_as(path, scheme), refused, "{path}");
            }
        }
    }

    #[test]
    fn nodes_stand_in_tiles() {
        let node = |level, index| Tile::of_node(Node { level, index }, TreeSize(70_000));
        let (tile, first, count) = node(0, 69_999).unwrap();
        assert_eq!((tile.to_string().as_str(), first, count), ("tile/0/273.p/112", 111, 1));
        assert_eq!(node(0, 70_000), None);
        let (tile, first, count) = node(9, 3).unwrap();
        assert_eq!((tile.to_string().as_str(), first, count), ("tile/1/000", 6, 2));
        let (tile, first, count) = node(16, 0).unwrap();
        assert_eq!((tile.to_string().as_str(), first, count), ("tile/2/000.p/1", 0, 1));
        assert_eq!(node(17, 0), None);
        assert_eq!(node(u32::MAX, u64::MAX), None);
    }
}
