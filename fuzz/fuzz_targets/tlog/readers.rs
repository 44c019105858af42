//! Readers of tiles: what they return is what the tree has, whoever served the tiles; and they return it if nobody lied.

use core::fmt;

use fuzz::Chosen;
use merkle_proof::tlog::{
    EntryBundle, ReadError, Tile, TileKind, TileReader, TileScheme, TlogProof, TreeReader, tiles,
};
use merkle_proof::{LeafIndex, Node, Sha256Tree, TreeHead, TreeSize, TrustedRoot};

use crate::{LEAVES, entry, head, log, policies, refused, size};

/// A server of tiles of the log at its full size.
struct Server {
    /// Which answer is wrong, how, and how many there were.
    wrong: u8,
    how: u8,
    answered: u8,
    /// Nothing was wrong with any answer.
    honest: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Down;

impl fmt::Display for Down {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("down")
    }
}

impl Server {
    fn lying(chosen: &mut Chosen<'_>) -> Self {
        Self { wrong: chosen.byte(), how: chosen.byte(), answered: 0, honest: true }
    }

    fn fetch(&mut self, tile: &Tile) -> Result<Option<Vec<u8>>, Down> {
        let path = tile.to_string();
        assert_eq!(Tile::parse(&path), Ok(*tile));
        assert!(tile.path(TileScheme::SumDb).to_string().starts_with("tile/8/"));
        let is_wrong = self.answered == self.wrong;
        self.answered = self.answered.saturating_add(1);
        let Some(mut bytes) = bytes_of(tile) else { return Ok(None) };
        if !is_wrong {
            return Ok(Some(bytes));
        }
        let place = usize::from(self.how) * 31 % bytes.len();
        match self.how % 6 {
            // Only the full tile is there any more, if it ever was.
            0 => {
                self.honest &= tile.is_partial() && bytes_of(&tile.full()).is_some();
                return Ok(None);
            }
            1 => {
                self.honest = false;
                return Err(Down);
            }
            2 => bytes.truncate(place),
            3 => bytes.push(7),
            4 => bytes = bytes_of(&tile.full()).unwrap_or(bytes),
            _ => bytes[place] ^= self.how | 1,
        }
        self.honest &= self.how % 6 == 4;
        Ok(Some(bytes))
    }
}

/// A tile as the log has it.
fn bytes_of(tile: &Tile) -> Option<Vec<u8>> {
    let first = tile.index() * 256;
    let mut bytes = Vec::new();
    for place in first..first + u64::from(tile.width()) {
        match tile.kind() {
            TileKind::Entries if place >= LEAVES => return None,
            TileKind::Entries => EntryBundle::append(&mut bytes, &entry(place))?,
            TileKind::Hashes { level } => {
                let node = Node { level: u32::from(level) * 8, index: place };
                bytes.extend_from_slice(log().node(node)?);
            }
        }
    }
    Some(bytes)
}

pub fn check(chosen: &mut Chosen<'_>) {
    let size = size(chosen);
    let counted: Vec<_> = tiles(size).collect();
    for (level, full, partial) in counted {
        assert_eq!(full * 256 + u64::from(partial), size >> (8 * u32::from(level)));
    }
    if chosen.byte().is_multiple_of(2) {
        small(chosen, size);
    } else {
        large(chosen, size);
    }
}

/// Each answer is the tree's, and there is one if the server was honest.
fn answered<T: PartialEq + fmt::Debug>(
    answer: Result<T, ReadError<Down>>,
    right: Option<T>,
    server: &Server,
) {
    match answer {
        Ok(answer) => assert_eq!(Some(answer), right),
        Err(error) => {
            assert!(!server.honest || right.is_none(), "{error}");
            refused(&error);
        }
    }
}

/// The reader without heap.
fn small(chosen: &mut Chosen<'_>, size: u64) {
    let mut server = Server::lying(chosen);
    let wrong_head = chosen.byte() == 255;
    let head = match wrong_head {
        true => TreeHead::new(size, TrustedRoot::vouched_for([7; 32])),
        false => head(size),
    };
    server.honest = !wrong_head;
    let reader = TileReader::new(&Sha256Tree, head);
    for _ in 0..3 {
        let level = chosen.one_of([0, 0, 1, 2, 3, 64]);
        let index = chosen.below(300) as u64;
        let mut fetch = |tile: &Tile, room: &mut [u8]| {
            let Some(bytes) = server.fetch(tile)? else { return Err(Down) };
            let len = bytes.len().min(room.len());
            room[..len].copy_from_slice(&bytes[..len]);
            Ok(bytes.len())
        };
        let read = reader.tile(level, index, &mut fetch);
        let tile = Tile::in_tree(TileKind::Hashes { level }, index, TreeSize(size));
        let right = tile.and_then(|tile| bytes_of(&tile)).filter(|_| !wrong_head);
        if let (Ok(hashes), Some(tile)) = (&read, tile) {
            // The entries below it are those that the log has, and no others.
            let bundle = Tile::in_tree(TileKind::Entries, index, TreeSize(size));
            if let (0, Some(bundle)) = (level, bundle.and_then(|tile| bytes_of(&tile))) {
                let bundle = EntryBundle::new(&bundle, tile.width()).expect("as it was made");
                assert!(bundle.verify(&Sha256Tree, hashes).is_ok());
                let fewer = EntryBundle::new(&[], 0).expect("none");
                assert!(fewer.verify(&Sha256Tree, hashes).is_err());
            }
            assert!(format!("{hashes:?}").contains("width"));
        }
        // It does not ask for the full tile itself.
        server.honest &= server.answered <= server.wrong || server.how % 6 == 4;
        answered(read.map(|hashes| hashes.as_slice().concat()), right, &server);
    }
}

/// The reader that makes proofs.
fn large(chosen: &mut Chosen<'_>, size: u64) {
    let mut server = Server::lying(chosen);
    let most = chosen.one_of([0, 1 << 15, 1 << 20]);
    let mut reader = TreeReader::new(Sha256Tree, head(size), most);
    for _ in 0..6 {
        let size = reader.head().size;
        let (leaf, older) = (chosen.below(65_536) as u64, crate::size(chosen));
        let (leaf, older) = match chosen.byte() % 8 {
            0 => (leaf, older),
            _ => (leaf % size.max(1), older.min(size)),
        };
        let step = chosen.byte() % 7;
        let mut fetch = |tile: &Tile| server.fetch(tile);
        let within = |size: u64| size <= reader.head().size;
        match step {
            0 => {
                let tree = if within(older) { older } else { size };
                let right = log().inclusion_path(LeafIndex(leaf), TreeSize(tree)).ok();
                let path = reader.inclusion_path(LeafIndex(leaf), TreeSize(tree), &mut fetch);
                answered(path, right, &server);
            }
            1 => {
                let right = log().consistency_path(TreeSize(older), TreeSize(size)).ok();
                let path = reader.consistency_path(TreeSize(older), TreeSize(size), &mut fetch);
                answered(path, right, &server);
            }
            2 => {
                let right = within(older).then(|| *head(older).root.hash());
                answered(reader.root_at(older, &mut fetch), right, &server);
            }
            3 => {
                let right = (leaf < size).then(|| entry(leaf));
                answered(reader.entry(LeafIndex(leaf), &mut fetch), right, &server);
            }
            4 => {
                let node = Node { level: (older % 18) as u32, index: leaf >> (older % 18) };
                let whole = (node.index + 1) << node.level <= size;
                let right = log().node(node).copied().filter(|_| whole);
                answered(reader.node(node, &mut fetch), right, &server);
            }
            5 => {
                let new = match leaf % 4 {
                    0 => TreeHead::new(older, TrustedRoot::vouched_for([7; 32])),
                    _ => head(older.max(leaf)),
                };
                let before = *reader.head();
                // Whatever it is, it extends the empty tree; later it turns out to be none.
                let is_true = leaf % 4 != 0;
                let right =
                    (new.size >= before.size && (is_true || before.size == 0)).then_some(());
                let moved = reader.advance(new, &mut fetch);
                assert_eq!(*reader.head(), if moved.is_ok() { new } else { before });
                server.honest &= is_true || moved.is_err();
                answered(moved, right, &server);
            }
            _ => {
                let note = policies::note(size, &[]);
                let index = LeafIndex(leaf % size.max(1));
                let right = log().inclusion_path(index, TreeSize(size)).ok();
                let proof = reader.tlog_proof(index, note.as_bytes(), &mut fetch);
                let path = |file: String| {
                    TlogProof::parse(file.as_bytes()).expect("it was made").path().collect()
                };
                answered(proof.map(path), right, &server);
                let other = policies::note(size + 1, &[]);
                assert!(
                    reader
                        .tlog_proof(index, other.as_bytes(), &mut |tile: &Tile| server.fetch(tile))
                        .is_err()
                );
            }
        }
        assert!(format!("{reader:?}").contains("kept"));
    }
    beside_tiles(chosen, size);
}

/// A node stands in one tile, at its place.
fn beside_tiles(chosen: &mut Chosen<'_>, size: u64) {
    let node = Node { level: u32::from(chosen.byte()), index: chosen.below(65_536) as u64 };
    let Some((tile, first, count)) = Tile::of_node(node, TreeSize(size)) else { return };
    assert!(first + count <= tile.width());
    assert_eq!((tile.index() * 256 + u64::from(first)) / u64::from(count), node.index);
    assert_eq!(tile.is_partial(), tile.width() < 256);
}
