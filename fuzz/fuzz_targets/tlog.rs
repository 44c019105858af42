//! Texts and files of tile logs. A path of a tile has one spelling, a note is its text and its lines, and a witness moves
//! forward only.
#![no_main]

use libfuzzer_sys::fuzz_target;
use merkle_proof::tlog::{
    AddCheckpoint, Checkpoint, EntryBundle, Note, Tile, TileScheme, TlogProof,
};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(note) = Note::parse(bytes) {
        let text = note.danger_unverified_text();
        assert!(text.ends_with('\n') && bytes.starts_with(text.as_bytes()));
        assert_ne!(note.signatures().count(), 0);
        if let Ok(checkpoint) = Checkpoint::parse(text) {
            assert_eq!(checkpoint.to_string(), text, "a checkpoint has one spelling");
        }
    }
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert!(!request.origin().is_empty());
    }
    if let Ok(proof) = TlogProof::parse(bytes) {
        let _ = proof.path().count();
        assert!(Note::parse(proof.note_bytes()).is_ok());
    }
    if let Some((width, bundle)) = bytes.split_first()
        && let Ok(bundle) = EntryBundle::new(bundle, u16::from(*width) + 1)
    {
        assert_eq!(bundle.entries().count(), usize::from(*width) + 1);
    }
    if let Ok(path) = core::str::from_utf8(bytes) {
        for scheme in [TileScheme::Tlog, TileScheme::SumDb, TileScheme::StaticCt] {
            if let Ok(tile) = Tile::parse_as(path, scheme) {
                assert_eq!(tile.path(scheme).to_string(), path, "a path has one spelling");
            }
        }
    }
});
