//! Texts and files of others. A path of a tile has one spelling, and a note is its text and its lines.

use core::fmt::Debug;

use merkle_proof::tlog::{
    AddCheckpoint, Base64, Checkpoint, Cosignature, EntryBundle, Error, KeyKind, Note, NoteCrypto,
    NotePublicKey, Policy, Tile, TileScheme, TlogProof, TreeHeadSignature, VerifierKey,
    write_tlog_proof,
};
use merkle_proof::{LeafIndex, Rule, Sha256Tree, TreeHead, TrustedRoot};

const KINDS: [KeyKind; 5] = [
    KeyKind::Ed25519,
    KeyKind::Ecdsa,
    KeyKind::Ed25519Cosignature,
    KeyKind::Rfc6962,
    KeyKind::MlDsa44Cosignature,
];

/// Every signature is good, and every key has the ID that a line gives.
struct Anyone([u8; 4]);

impl NoteCrypto for Anyone {
    fn sha256(&self, _: &[&[u8]]) -> [u8; 32] {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&self.0);
        hash
    }

    fn verify(&self, _: &NotePublicKey<'_>, _: &[&[u8]], _: &[u8]) -> Result<(), Error> {
        Ok(())
    }
}

pub fn check(bytes: &[u8]) {
    if let Some(note) = taken(Note::parse(bytes)) {
        read_note(&note, bytes);
    }
    match AddCheckpoint::parse(bytes) {
        Ok(request) => read_request(&request, bytes),
        Err(refusal) => {
            assert_eq!(refusal.status(), 400);
            crate::refused(&refusal);
        }
    }
    if let Some(proof) = taken(TlogProof::parse(bytes)) {
        read_proof(&proof, bytes);
    }
    if let Some((width, bundle)) = bytes.split_first()
        && let Some(bundle) = taken(EntryBundle::new(bundle, u16::from(*width) + 1))
    {
        let mut again = Vec::new();
        for entry in bundle.entries() {
            EntryBundle::append(&mut again, entry).expect("as it was read");
        }
        assert_eq!(bundle.entries().count(), usize::from(*width) + 1);
        assert!(bytes[1..].starts_with(&again));
    }
    taken(Policy::parse(bytes, &Anyone(*b"\0\0\0\0")));
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    for scheme in [TileScheme::Tlog, TileScheme::SumDb, TileScheme::StaticCt] {
        if let Some(tile) = taken(Tile::parse_as(text, scheme)) {
            assert_eq!(tile.path(scheme).to_string(), text, "a path has one spelling");
            assert!(!tile.full().is_partial());
        }
    }
    if let Some(key) = taken(VerifierKey::parse(text, &crate::crypto())) {
        assert_eq!(key.to_string(), text, "a key has one spelling");
        assert!(key.is_key_of(&key));
    }
}

fn taken<T: Debug>(read: Result<T, Error>) -> Option<T> {
    if let Err(error) = &read {
        assert!(error.rule().is_some());
        crate::refused(error);
    }
    read.ok()
}

fn read_note(note: &Note<'_>, bytes: &[u8]) {
    let text = note.danger_unverified_text();
    assert!(text.ends_with('\n') && bytes.starts_with(text.as_bytes()));
    assert_ne!(note.signatures().count(), 0);
    let checkpoint = taken(Checkpoint::parse(text));
    if let Some(checkpoint) = &checkpoint {
        assert_eq!(checkpoint.to_string(), text, "a checkpoint has one spelling");
        let again = Checkpoint::new(checkpoint.origin(), checkpoint.size(), *checkpoint.root());
        assert!(text.starts_with(&again.expect("an origin").to_string()));
        let lines: usize = checkpoint.extensions().map(|line| line.len() + 1).sum();
        assert!(lines < text.len());
        assert!(checkpoint.head(checkpoint.origin()).is_ok() && checkpoint.head("").is_err());
    }
    for line in note.signatures().take(4) {
        // What a line has in base64 is its key's ID and a signature.
        let mut decoded = vec![0; line.decode(&mut [])];
        assert_eq!(line.decode(&mut decoded), decoded.len());
        assert_eq!(decoded.first_chunk(), Some(&line.key_id()));
        assert!(decoded.len() > 4 && !Base64(&decoded).to_string().is_empty());
        let crypto = Anyone(line.key_id());
        for kind in KINDS {
            let key = public(kind);
            let key = VerifierKey::new(line.name(), kind, &key, &crypto).expect("a name");
            read_as(note, &key, checkpoint.as_ref(), &crypto);
        }
    }
}

/// A key of the right length for its kind.
fn public(kind: KeyKind) -> Vec<u8> {
    match kind {
        KeyKind::Ed25519 | KeyKind::Ed25519Cosignature => vec![0x81; 32],
        KeyKind::MlDsa44Cosignature => vec![0x81; 1312],
        _ => crate::signers::P256.to_vec(),
    }
}

fn read_as(
    note: &Note<'_>,
    key: &VerifierKey<'_>,
    checkpoint: Option<&Checkpoint<'_>>,
    crypto: &Anyone,
) {
    let of_heads = matches!(key.kind(), KeyKind::Rfc6962 | KeyKind::MlDsa44Cosignature);
    match note.verify(&[*key], crypto) {
        Ok(text) => {
            assert_eq!(text, note.danger_unverified_text());
            assert_ne!(key.kind(), KeyKind::Ed25519Cosignature, "it signs no text");
            // What signs a head does not sign what else a text may hold.
            let plain = checkpoint.is_some_and(|it| it.extensions().next().is_none());
            assert!(plain || !of_heads);
        }
        Err(error) => crate::refused(&error),
    }
    let witness = matches!(key.kind(), KeyKind::Ed25519Cosignature | KeyKind::MlDsa44Cosignature);
    match Cosignature::verify(note, key, crypto) {
        Ok(found) => {
            let found = found.expect("this line is of the key");
            assert!(witness && found.time() <= i64::MAX as u64);
        }
        Err(Error::Unsupported { .. }) => assert!(!witness),
        Err(error) => crate::refused(&error),
    }
    match TreeHeadSignature::verify(note, key, crypto) {
        Ok(found) => {
            let found = found.expect("this line is of the key");
            assert!(key.kind() == KeyKind::Rfc6962 && found.timestamp().to_string().len() <= 20);
        }
        Err(error) => crate::refused(&error),
    }
}

fn read_request(request: &AddCheckpoint<'_>, bytes: &[u8]) {
    assert!(!request.origin().is_empty());
    let note = bytes.windows(2).position(|two| two == b"\n\n").map(|at| &bytes[at + 2..]);
    let line = note.and_then(|note| Note::parse(note).ok()).and_then(|it| it.signatures().next());
    let Some(line) = line else { return };
    let crypto = Anyone(line.key_id());
    let key = VerifierKey::new(line.name(), KeyKind::Ed25519, &[1; 32], &crypto).expect("a name");
    for size in [0, 1, 3] {
        let latest = TreeHead::new(size, TrustedRoot::vouched_for(*crate::head(size).root.hash()));
        match request.check(&Sha256Tree, &[key], &latest, &crypto) {
            // It moves forward only.
            Ok(accepted) => assert!(accepted.head().size >= size && !accepted.text().is_empty()),
            Err(refusal) => {
                assert!(refusal.status() >= 400 && !refusal.content_type().is_empty());
                assert!(refusal.rule().is_some());
                crate::refused(&refusal);
            }
        }
    }
}

fn read_proof(proof: &TlogProof<'_>, bytes: &[u8]) {
    let path: Vec<_> = proof.path().collect();
    let note = Note::parse(proof.note_bytes()).expect("it was read");
    let text = proof.note().danger_unverified_text();
    assert_eq!(note.danger_unverified_text(), text);
    let mut extra = vec![0; proof.danger_unauthenticated_extra(&mut []).unwrap_or(0)];
    let extra = proof.danger_unauthenticated_extra(&mut extra).map(|_| &extra[..]);
    let index = LeafIndex(proof.index());
    let again = write_tlog_proof(extra, index, &path, proof.note_bytes()).expect("as it was read");
    assert_eq!(again.as_bytes(), bytes, "a proof has one spelling");
    let Some(line) = note.signatures().next() else { return };
    let crypto = Anyone(line.key_id());
    let key = VerifierKey::new(line.name(), KeyKind::Ed25519, &[1; 32], &crypto).expect("a name");
    let leaf = path.first().copied().unwrap_or_default();
    match proof.verify(&Sha256Tree, &leaf, &[key], &crypto) {
        Ok(checkpoint) => assert!(proof.index() < checkpoint.size()),
        Err(error) => {
            assert_ne!(error, Error::Verification { rule: Rule::NoteSignature });
            crate::refused(&error);
        }
    }
}
