//! Proofs out of stored logs and foreign ones: each verifies, none is made of a tile that does not
//! lead to the root.

use std::cell::Cell;

use merkle_proof::store::{Entry, Log, MemoryStore, ObjectStore, Unsigned};
use merkle_proof::tlog::{
    Base64, Checkpoint, Error, Note, ReadError, Tile, TileKind, TlogProof, TreeReader,
};
use merkle_proof::{
    LeafIndex, MemoryTree, Rfc9162Tree, Rule, Sha256Tree, TreeHead, TreeSize, TrustedRoot,
};

type Head = TreeHead<Rfc9162Tree, [u8; 32]>;

const ORIGIN: &str = "example.org/log";

fn sign(checkpoint: &Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> {
    Ok(format!("{checkpoint}\n\u{2014} {ORIGIN} AAAAAAAA\n").into_bytes())
}

/// A log that grew in steps, and the tree that it should be.
fn made(sizes: &[u64]) -> (MemoryStore, MemoryTree<Sha256Tree>) {
    let mut log = Log::create(MemoryStore::new(), Sha256Tree, ORIGIN, sign).unwrap();
    let mut tree = MemoryTree::new(Sha256Tree);
    for size in sizes {
        let texts: Vec<_> = (tree.size()..*size).map(|number| number.to_string()).collect();
        let batch: Vec<_> =
            texts.iter().map(|text| Entry::new(&Sha256Tree, text.as_bytes())).collect();
        log.append(&batch, sign).unwrap();
        texts.iter().for_each(|text| _ = tree.append(&[text.as_bytes()]));
    }
    (log.into_store(), tree)
}

type Read<T> = Result<T, ReadError<std::convert::Infallible>>;

fn refused<T>(rule: Rule) -> Read<T> {
    Err(ReadError::Tile(Error::Verification { rule }))
}

#[test]
fn every_proof_of_small_logs_is_the_one_of_the_definition() {
    for size in [1, 2, 5, 255, 256, 257, 300] {
        let (store, tree) = made(&[size]);
        let mut reader = TreeReader::new(Sha256Tree, tree.head(), 0);
        let mut fetch = |tile: &Tile| store.object(&tile.to_string());
        for newer in (1..=size).filter(|newer| newer % 7 == 1 || *newer == size) {
            for index in (0..newer).filter(|index| index % 5 == 0 || newer - index < 3) {
                let path = reader.inclusion_path(LeafIndex(index), TreeSize(newer), &mut fetch);
                assert_eq!(
                    path,
                    Ok(tree.inclusion_path(LeafIndex(index), TreeSize(newer)).unwrap())
                );
                if index > 0 {
                    let path =
                        reader.consistency_path(TreeSize(index), TreeSize(newer), &mut fetch);
                    assert_eq!(
                        path,
                        Ok(tree.consistency_path(TreeSize(index), TreeSize(newer)).unwrap())
                    );
                }
            }
            let root = reader.root_at(newer, &mut fetch);
            assert_eq!(root, Ok(*tree.head_at(newer).unwrap().root.hash()));
        }
        assert!(reader.inclusion_path(LeafIndex(size), TreeSize(size), &mut fetch).is_err());
        assert_eq!(
            reader.inclusion_path(LeafIndex(0), TreeSize(size + 1), &mut fetch),
            refused(Rule::TileAuthenticated)
        );
        assert!(reader.consistency_path(TreeSize(0), TreeSize(size), &mut fetch).is_err());
    }
}

#[test]
fn three_rows_of_tiles_lead_to_proofs() {
    let (store, tree) = made(&[65_000, 66_000, 70_000]);
    // A cache of three tiles has to give some of them up.
    for most in [0, 3 * 511 * 32, 16 << 20] {
        let mut reader = TreeReader::new(Sha256Tree, tree.head(), most);
        let fetched = Cell::new(0);
        let mut fetch = |tile: &Tile| {
            fetched.set(fetched.get() + 1);
            store.object(&tile.to_string())
        };
        for number in 0..200_u64 {
            let index = number * 7919 % 70_000;
            let path = reader.inclusion_path(LeafIndex(index), TreeSize(70_000), &mut fetch);
            assert_eq!(path, Ok(tree.inclusion_path(LeafIndex(index), TreeSize(70_000)).unwrap()));
            let path = reader.consistency_path(TreeSize(index + 1), TreeSize(70_000), &mut fetch);
            assert_eq!(
                path,
                Ok(tree.consistency_path(TreeSize(index + 1), TreeSize(70_000)).unwrap())
            );
        }
        if most == 16 << 20 {
            assert!(fetched.get() <= 274 + 2 + 3, "{}", fetched.get());
        }
    }
}

#[test]
fn m100_no_proof_is_made_of_a_changed_tile() {
    let (store, tree) = made(&[66_000]);
    let names =
        ["tile/0/003", "tile/0/257.p/208", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"];
    for name in names {
        let mut fetch = |tile: &Tile| {
            let mut bytes = store.object(&tile.to_string())?.unwrap();
            if tile.to_string() == name {
                bytes[7] ^= 1;
            }
            Ok(Some(bytes))
        };
        let mut reader = TreeReader::new(Sha256Tree, tree.head(), 0);
        let path = reader.inclusion_path(LeafIndex(3 * 256 + 5), TreeSize(66_000), &mut fetch);
        assert_eq!(path, refused(Rule::TileAuthenticated), "{name}");
    }
    let head = TreeHead::new(66_000, TrustedRoot::vouched_for([7; 32]));
    let mut reader = TreeReader::new(Sha256Tree, head, 0);
    let path = reader.inclusion_path(LeafIndex(0), TreeSize(66_000), &mut |tile| {
        store.object(&tile.to_string())
    });
    assert_eq!(path, refused(Rule::TileAuthenticated), "another root");
    let mut reader = TreeReader::new(Sha256Tree, tree.head(), 0);
    let short: Read<_> =
        reader.inclusion_path(LeafIndex(0), TreeSize(66_000), &mut |_| Ok(Some(vec![0; 31])));
    assert_eq!(short, Err(ReadError::Tile(Error::Malformed { rule: Rule::TileLength })));
}

#[test]
fn m122_a_full_tile_stands_for_a_partial_one_and_nothing_for_a_full_one() {
    let (store, tree) = made(&[300, 600]);
    let head = tree.head_at(300).unwrap();
    let without = |gone: &'static [&'static str]| {
        let store = store.clone();
        move |tile: &Tile| match gone.contains(&tile.to_string().as_str()) {
            true => Ok(None),
            false => store.object(&tile.to_string()),
        }
    };
    let gone = &["tile/0/001.p/44", "tile/entries/001.p/44", "tile/1/000.p/1"][..2];
    let mut reader = TreeReader::new(Sha256Tree, head, 0);
    let path = reader.inclusion_path(LeafIndex(299), TreeSize(300), &mut without(gone));
    assert_eq!(path, Ok(tree.inclusion_path(LeafIndex(299), TreeSize(300)).unwrap()));
    assert_eq!(reader.entry(LeafIndex(299), &mut without(gone)), Ok(b"299".to_vec()));
    let mut reader = TreeReader::new(Sha256Tree, head, 0);
    let path = reader.inclusion_path(LeafIndex(0), TreeSize(300), &mut without(&["tile/0/000"]));
    assert_eq!(path, refused(Rule::TileMissing));
    let mut reader = TreeReader::new(Sha256Tree, head, 0);
    let path =
        reader.inclusion_path(LeafIndex(0), TreeSize(300), &mut without(&["tile/1/000.p/1"]));
    assert_eq!(path, refused(Rule::TileMissing), "nor is the full one there");
}

#[test]
fn a_reader_goes_on_to_heads_of_its_log_only() {
    let (store, tree) = made(&[300, 70_000]);
    let mut fetch = |tile: &Tile| store.object(&tile.to_string());
    let mut reader = TreeReader::new(Sha256Tree, tree.head_at(300).unwrap(), 1 << 20);
    assert!(reader.inclusion_path(LeafIndex(7), TreeSize(300), &mut fetch).is_ok());
    let other = |size: u64| Head::new(size, TrustedRoot::vouched_for([7; 32]));
    assert_eq!(reader.advance(other(70_000), &mut fetch), refused(Rule::TileAuthenticated));
    let older = tree.head_at(299).unwrap();
    assert_eq!(reader.advance(older, &mut fetch), refused(Rule::OlderSizeNotAbove));
    assert_eq!(reader.head(), &tree.head_at(300).unwrap());
    assert!(reader.inclusion_path(LeafIndex(299), TreeSize(300), &mut fetch).is_ok());
    assert_eq!(reader.advance(tree.head(), &mut fetch), Ok(()));
    let path = reader.inclusion_path(LeafIndex(299), TreeSize(70_000), &mut fetch);
    assert_eq!(path, Ok(tree.inclusion_path(LeafIndex(299), TreeSize(70_000)).unwrap()));

    // The tiles of another log, whose head is trusted, do not extend what was read before.
    let mut fork = Log::create(MemoryStore::new(), Sha256Tree, ORIGIN, sign).unwrap();
    let texts: Vec<_> = (1..400).map(|number| number.to_string()).collect();
    let batch: Vec<_> = texts.iter().map(|text| Entry::new(&Sha256Tree, text.as_bytes())).collect();
    fork.append(&batch, sign).unwrap();
    let mut forked = |tile: &Tile| fork.store().object(&tile.to_string());
    let mut reader = TreeReader::new(Sha256Tree, tree.head_at(300).unwrap(), 1 << 20);
    assert_eq!(reader.advance(fork.head(), &mut forked), refused(Rule::NewerRoot));
    assert_eq!(reader.head().size, 300);
}

#[test]
fn m101_an_entry_has_the_hash_of_its_leaf() {
    let (store, tree) = made(&[600]);
    let mut reader = TreeReader::new(Sha256Tree, tree.head(), 0);
    for index in [0, 255, 256, 599] {
        let entry = reader.entry(LeafIndex(index), &mut |tile| store.object(&tile.to_string()));
        assert_eq!(entry, Ok(index.to_string().into_bytes()));
    }
    let changed = reader.entry(LeafIndex(257), &mut |tile| {
        let mut bytes = store.object(&tile.to_string())?.unwrap();
        if tile.kind() == TileKind::Entries {
            bytes[2 + 3 + 2] ^= 1;
        }
        Ok::<_, std::convert::Infallible>(Some(bytes))
    });
    assert_eq!(changed, refused(Rule::EntryHashes));
    assert!(reader.entry(LeafIndex(600), &mut |tile| store.object(&tile.to_string())).is_err());
}

#[test]
fn a_tlog_proof_comes_out_of_a_stored_log() {
    let (store, tree) = made(&[600]);
    let note = store.published().unwrap().unwrap();
    let mut reader = TreeReader::new(Sha256Tree, tree.head(), 1 << 20);
    let mut fetch = |tile: &Tile| store.object(&tile.to_string());
    let file = reader.tlog_proof(LeafIndex(257), &note, &mut fetch).unwrap();
    let proof = TlogProof::parse(file.as_bytes()).unwrap();
    assert_eq!((proof.index(), proof.note_bytes()), (257, &note[..]));
    assert!(proof.path().eq(tree.inclusion_path(LeafIndex(257), TreeSize(600)).unwrap()));
    // The note of another checkpoint is none for it.
    let older = Checkpoint::new(ORIGIN, 599, *tree.head_at(599).unwrap().root.hash()).unwrap();
    let older = sign(&older).unwrap();
    assert_eq!(reader.tlog_proof(LeafIndex(257), &older, &mut fetch), refused(Rule::TlogProof));
    assert!(Note::parse(&older).is_ok());
    assert!(file.contains(&Base64(tree.head().root.hash()).to_string()));
}
