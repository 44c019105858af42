//! Tile logs: notes, checkpoints, cosignatures, tiles and the witness, with keys and trees made here.

use std::collections::HashMap;
use std::convert::Infallible;

use cose_ext::crypto::Signer;
use cose_ext::rustcrypto::{Ed25519SigningKey, RustCrypto};
use merkle_proof::tlog::{
    AddCheckpoint, Base64, Checkpoint, CoseNoteCrypto, Cosignature, EntryBundle, Error, KeyKind,
    Note, NoteCrypto, NoteMessage, ReadError, Refusal, Tile, TileKind, TileReader, VerifierKey,
    tiles,
};
use merkle_proof::{MemoryTree, Node, Rfc9162Tree, Rule, Sha256Tree, TreeHash, TreeHead, TreeSize};
use proptest::prelude::*;
use proptest::sample::Index;
use testkit::fixed_keys::{ED25519_RFC8032_1, ED25519_RFC8032_2};

type Head = TreeHead<Rfc9162Tree, [u8; 32]>;

const LOG: &str = "example.org/log";
const WITNESS: &str = "example.org/witness";

fn crypto() -> CoseNoteCrypto<'static> {
    CoseNoteCrypto::new(&RustCrypto).unwrap()
}

fn key(name: &'static str, kind: KeyKind) -> VerifierKey<'static> {
    let public = match name {
        LOG => &ED25519_RFC8032_1.public,
        _ => &ED25519_RFC8032_2.public,
    };
    VerifierKey::new(name, kind, public, &crypto()).unwrap()
}

fn sign(private: &[u8; 32], message: &[&[u8]]) -> [u8; 64] {
    let mut signature = [0; 64];
    Ed25519SigningKey::from_bytes(private).unwrap().sign(message, &mut signature).unwrap();
    signature
}

fn line(key: &VerifierKey<'_>, signature: &[u8]) -> String {
    format!("\u{2014} {} {}\n", key.name(), Base64(&[&key.id(), signature].concat()))
}

fn log_line(text: &str) -> String {
    let signature = sign(&ED25519_RFC8032_1.private, &[text.as_bytes()]);
    line(&key(LOG, KeyKind::Ed25519), &signature)
}

fn signed(text: &str) -> String {
    format!("{text}\n{}", log_line(text))
}

fn checkpoint(head: &Head) -> String {
    Checkpoint::new(LOG, head.size, *head.root.hash()).unwrap().to_string()
}

#[test]
fn m93_a_note_is_text_an_empty_line_and_signatures() {
    let log = key(LOG, KeyKind::Ed25519);
    let note = signed("one\n\ntwo\n");
    let parsed = Note::parse(note.as_bytes()).unwrap();
    assert_eq!(parsed.verify(&[log], &crypto()), Ok("one\n\ntwo\n"));
    let good = log_line("text\n");
    for bad in [
        String::new(),
        "text\n".into(),
        format!("text{good}"),
        format!("text\n{good}"),
        format!("text\n\n{}", good.trim_end()),
        format!("text\n\n{good}\n"),
        format!("text\n\n{good}other\n"),
        format!("te\txt\n\n{good}"),
        "text\n\n\u{2014} name AAAA\n".into(),
        "text\n\n\u{2014} na+me AAAAAAAA\n".into(),
        "text\n\n- name AAAAAAAA\n".into(),
        format!("text\n\n{}", good.repeat(101)),
    ] {
        let refused = Error::Malformed { rule: Rule::NoteForm };
        assert_eq!(Note::parse(bad.as_bytes()).err(), Some(refused), "{bad:?}");
    }
    assert!(Note::parse(b"te\xffxt\n\n").is_err());
}

#[test]
fn m94_a_note_is_signed_by_a_known_key() {
    let note = signed("text\n");
    let note = Note::parse(note.as_bytes()).unwrap();
    let refused = Err(Error::Verification { rule: Rule::NoteKnownKey });
    let other_name =
        VerifierKey::new("other", KeyKind::Ed25519, &ED25519_RFC8032_1.public, &crypto());
    for keys in [&[][..], &[key(WITNESS, KeyKind::Ed25519)], &[other_name.unwrap()]] {
        assert_eq!(note.verify(keys, &crypto()), refused);
    }
    // A key for cosignatures signs no text.
    assert_eq!(note.verify(&[key(LOG, KeyKind::Ed25519Cosignature)], &crypto()), refused);
}

#[test]
fn m95_a_wrong_signature_of_a_known_key_spoils_the_note() {
    let keys = [key(LOG, KeyKind::Ed25519), key(WITNESS, KeyKind::Ed25519)];
    let (good, wrong) = (log_line("text\n"), line(&keys[1], &[7; 64]));
    let verify = |lines: &[&str], keys: &[VerifierKey<'_>]| {
        let note = format!("text\n\n{}", lines.concat());
        Note::parse(note.as_bytes()).unwrap().verify(keys, &crypto()).map(str::to_owned)
    };
    assert!(verify(&[&wrong, &good], &keys[..1]).is_ok(), "unknown keys are passed over");
    let refused = Err(Error::Verification { rule: Rule::NoteSignature });
    for lines in [[&good[..], &wrong], [&wrong, &good]] {
        assert_eq!(verify(&lines, &keys), refused);
    }
    assert_eq!(verify(&[&line(&keys[0], &[7; 63])], &keys), refused);
    assert_eq!(verify(&[&log_line("other\n")], &keys), refused);
}

#[test]
fn m96_a_verifier_key_says_whose_it_is() {
    let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let parsed = VerifierKey::parse(text, &crypto()).unwrap();
    assert_eq!((parsed.name(), parsed.id()), ("example.com/foo", [0x53, 0x0d, 0x90, 0x3a]));
    let refused = Error::Malformed { rule: Rule::VerifierKey };
    for bad in [
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U",
        "example.com/foo+530d903a",
        "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "",
    ] {
        assert_eq!(VerifierKey::parse(bad, &crypto()).err(), Some(refused), "{bad}");
    }
    assert_eq!(parsed.to_string(), text);
    let made = VerifierKey::new("log", KeyKind::Ed25519, &[7; 32], &crypto()).unwrap();
    let printed = made.to_string();
    let read = VerifierKey::parse(&printed, &crypto()).unwrap();
    assert!(read.is_key_of(&made) && read.id() == made.id() && !read.is_key_of(&parsed));
    assert!(VerifierKey::new("log", KeyKind::Ed25519, &[7; 31], &crypto()).is_err());
}

#[test]
fn m117_a_key_of_another_type_is_named_as_such() {
    for code in [0, 3, 7, 0xff] {
        let other_kind = format!("name+00000000+{}", Base64(&[code; 33]));
        let unsupported = Error::Unsupported { rule: Rule::VerifierKeyType };
        let error = VerifierKey::parse(&other_kind, &crypto()).unwrap_err();
        assert_eq!(error, unsupported);
        assert!(error.to_string().contains("type"), "{error}");
    }
}

#[test]
fn m99_a_cosignature_is_over_time_and_checkpoint() {
    let text = Checkpoint::new(LOG, 7, [3; 32]).unwrap().to_string();
    let witness = key(WITNESS, KeyKind::Ed25519Cosignature);
    let cosign = |time: u64, said: u64| {
        let header = format!("cosignature/v1\ntime {time}\n");
        let message = [header.as_bytes(), text.as_bytes()];
        if let Ok(made) = NoteMessage::new(&witness, &text, Some(time)) {
            assert_eq!(made.parts().concat(), message.concat());
        }
        let signature = sign(&ED25519_RFC8032_2.private, &message);
        line(&witness, &[&said.to_be_bytes()[..], &signature].concat())
    };
    let verify = |lines: &str| {
        let note = format!("{text}\n{}{lines}", log_line(&text));
        Cosignature::verify(&Note::parse(note.as_bytes()).unwrap(), &witness, &crypto())
    };
    let latest = i64::MAX.unsigned_abs();
    for time in [0, 1_700_000_000, latest] {
        assert_eq!(verify(&cosign(time, time)).unwrap().unwrap().time(), time);
    }
    assert_eq!(verify(""), Ok(None));
    let refused = Err(Error::Verification { rule: Rule::Cosignature });
    for time in [latest + 1, u64::MAX] {
        assert_eq!(verify(&cosign(time, time)), refused, "{time}");
    }
    // Every line of the witness counts, wherever it stands; of several the latest is told.
    let (good, later, wrong) = (cosign(5, 5), cosign(9, 9), cosign(5, 6));
    assert_eq!(verify(&format!("{later}{good}")).unwrap().unwrap().time(), 9);
    for lines in [format!("{good}{wrong}"), format!("{wrong}{good}")] {
        assert_eq!(verify(&lines), refused);
    }
    assert_eq!(verify(&cosign(5, 6)), refused);
    assert_eq!(verify(&line(&witness, &[0; 64])), refused, "without a time");
}

/// A log's tiles, as files.
struct Files {
    tree: MemoryTree<Sha256Tree>,
    files: HashMap<String, Vec<u8>>,
}

fn files(size: u64) -> Files {
    let mut tree = MemoryTree::new(Sha256Tree);
    (0..size).for_each(|entry| {
        tree.append(&[&entry.to_be_bytes()]);
    });
    let mut files = HashMap::new();
    for (level, full, partial) in tiles(size) {
        for index in 0..full + u64::from(partial > 0) {
            let tile = Tile::in_tree(TileKind::Hashes { level }, index, TreeSize(size)).unwrap();
            let first = index * 256;
            let hashes = (first..first + u64::from(tile.width()))
                .map(|index| *tree.node(Node { level: u32::from(level) * 8, index }).unwrap());
            files.insert(tile.to_string(), hashes.flatten().collect());
        }
    }
    Files { tree, files }
}

impl Files {
    fn read(&self, level: u8, index: u64) -> Result<Vec<[u8; 32]>, ReadError<Infallible>> {
        let reader = TileReader::new(&Sha256Tree, self.tree.head());
        let mut fetched = 0;
        let hashes = reader.tile(level, index, &mut |tile, room| {
            fetched += 1;
            let Some(bytes) = self.files.get(&tile.to_string()) else { return Ok(0) };
            let length = bytes.len().min(room.len());
            room[..length].copy_from_slice(&bytes[..length]);
            Ok(bytes.len())
        });
        assert!(fetched <= 16);
        hashes.map(|hashes| hashes.as_slice().to_vec())
    }
}

const AUTHENTICATED: ReadError<Infallible> =
    ReadError::Tile(Error::Verification { rule: Rule::TileAuthenticated });

#[test]
fn m100_every_tile_leads_to_the_root() {
    for size in [1, 2, 255, 256, 257, 511, 65_535, 65_536, 66_000] {
        let files = files(size);
        for (level, full, partial) in tiles(size) {
            let last = (full + u64::from(partial > 0)).saturating_sub(1);
            for index in [0, 1, last / 2, last].into_iter().filter(|index| *index <= last) {
                let hashes = files.read(level, index).unwrap();
                let expected = (0..hashes.len() as u64).map(|hash| {
                    let index = index * 256 + hash;
                    *files.tree.node(Node { level: u32::from(level) * 8, index }).unwrap()
                });
                assert!(expected.eq(hashes), "tile {index} of level {level} of {size}");
            }
            assert_eq!(files.read(level, last + 1), Err(AUTHENTICATED));
        }
        assert_eq!(files.read(7, 0), Err(AUTHENTICATED));
    }
}

#[test]
fn m100_a_changed_byte_of_any_tile_on_the_way_is_refused() {
    let mut changed = files(66_000);
    let names: Vec<_> = changed.files.keys().cloned().collect();
    // Tile 3 of level 0, and what is above it and on the border.
    let way = ["tile/0/003", "tile/0/257.p/208", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"];
    assert!(way.iter().all(|name| names.iter().any(|known| known == name)));
    for name in way {
        for byte in [0, 31, 32 * 3 + 5] {
            let length = changed.files[name].len();
            changed.files.get_mut(name).unwrap()[byte % length] ^= 1;
            assert_eq!(changed.read(0, 3), Err(AUTHENTICATED), "{name}");
            changed.files.get_mut(name).unwrap()[byte % length] ^= 1;
        }
    }
    assert!(changed.read(0, 3).is_ok());
}

#[test]
fn m91_a_tile_holds_as_many_hashes_as_it_is_wide() {
    let mut short = files(300);
    let refused = Err(ReadError::Tile(Error::Malformed { rule: Rule::TileLength }));
    short.files.get_mut("tile/0/000").unwrap().truncate(255 * 32);
    assert_eq!(short.read(0, 0), refused);
    short.files.remove("tile/0/000");
    assert_eq!(short.read(0, 0), refused, "not there");
    // The full tile in place of a partial one is fine: it begins with it.
    let (mut early, later) = (files(300), files(512));
    let full = later.files["tile/0/001"].clone();
    early.files.insert("tile/0/001.p/44".into(), full);
    assert_eq!(early.read(0, 1).unwrap().len(), 44);
}

#[test]
fn m101_entries_have_the_hashes_of_their_tile() {
    let files = files(3);
    let reader = TileReader::new(&Sha256Tree, files.tree.head());
    let hashes = reader.tile(0, 0, &mut |tile, room| {
        let bytes = &files.files[&tile.to_string()];
        room[..bytes.len()].copy_from_slice(bytes);
        Ok::<_, Infallible>(bytes.len())
    });
    let hashes = hashes.unwrap();
    let mut bundle = Vec::new();
    for entry in 0..3_u64 {
        EntryBundle::append(&mut bundle, &entry.to_be_bytes()).unwrap();
    }
    assert_eq!(EntryBundle::new(&bundle, 3).unwrap().verify(&Sha256Tree, &hashes), Ok(()));
    let refused = Err(Error::Verification { rule: Rule::EntryHashes });
    *bundle.last_mut().unwrap() ^= 1;
    assert_eq!(EntryBundle::new(&bundle, 3).unwrap().verify(&Sha256Tree, &hashes), refused);
    let two = EntryBundle::new(&bundle[..20], 2).unwrap();
    assert_eq!(two.verify(&Sha256Tree, &hashes), refused);
    assert_eq!(EntryBundle::append(&mut bundle, &[0; 65_536]), None);
}

/// A witness with its memory of one log.
fn ask(body: &str, latest: &Head) -> Result<Head, Refusal> {
    let request = AddCheckpoint::parse(body.as_bytes())?;
    if request.origin() != LOG {
        return Err(Refusal::UnknownLog);
    }
    let keys = [key(LOG, KeyKind::Ed25519)];
    request.check(&Sha256Tree, &keys, latest, &crypto()).map(|accepted| *accepted.head())
}

fn request(old_size: u64, path: &[[u8; 32]], text: &str) -> String {
    let lines: String = path.iter().map(|hash| format!("{}\n", Base64(hash))).collect();
    format!("old {old_size}\n{lines}\n{}", signed(text))
}

#[test]
fn m102_a_request_is_old_size_proof_and_checkpoint() {
    let Files { tree, .. } = files(8);
    let (latest, head) = (tree.head_at(3).unwrap(), tree.head());
    let path = tree.consistency_path(TreeSize(3), TreeSize(8)).unwrap();
    let good = request(3, &path, &checkpoint(&head));
    assert_eq!(ask(&good, &latest), Ok(head));
    for bad in [
        good.replace("old 3", "old 03"),
        good.replace("old 3", "old"),
        good.replace("old 3", "3"),
        good.replacen('=', "", 1),
        format!("old 3\n{}", good.split_once("\n\n").unwrap().1),
        request(3, &[[0; 32]; 64], &checkpoint(&head)),
        request(3, &path, "no checkpoint\n"),
        good.replacen("=\n", "=\r\n", 2),
        good.replacen("old 3\n", "old 3\r\n", 1),
        String::new(),
    ] {
        assert_eq!(ask(&bad, &latest).unwrap_err().status(), 400, "{bad}");
    }
    let most = ask(&request(3, &[[0; 32]; 63], &checkpoint(&head)), &latest);
    assert_eq!(most.unwrap_err().status(), 422);
}

#[test]
fn m103_a_log_that_is_not_known_is_not_cosigned() {
    let Files { tree, .. } = files(8);
    let (three, eight) = (tree.head_at(3).unwrap(), tree.head());
    let path = tree.consistency_path(TreeSize(3), TreeSize(8)).unwrap();
    let elsewhere = Checkpoint::new("elsewhere", 8, *eight.root.hash()).unwrap().to_string();
    let refused = ask(&request(3, &path, &elsewhere), &three).unwrap_err();
    assert_eq!((refused.status(), refused.rule()), (404, Some(Rule::WitnessOrigin.to_ref())));
}

#[test]
fn m104_a_witness_cosigns_what_extends_its_log() {
    let Files { tree, .. } = files(8);
    let (empty, three, eight) =
        (TreeHead::empty(&Sha256Tree), tree.head_at(3).unwrap(), tree.head());
    assert_eq!(ask(&request(0, &[], &checkpoint(&three)), &empty), Ok(three));
    assert_eq!(ask(&request(3, &[], &checkpoint(&three)), &three), Ok(three), "the same again");
    assert_eq!(ask(&request(0, &[], &checkpoint(&empty)), &empty), Ok(empty));
    let path = tree.consistency_path(TreeSize(3), TreeSize(8)).unwrap();
    let conflict = Refusal::Conflict { latest: 8 };
    assert_eq!(ask(&request(3, &path, &checkpoint(&eight)), &eight), Err(conflict));
    let printed = (conflict.to_string(), conflict.status(), conflict.content_type());
    assert_eq!(printed, ("8".into(), 409, "text/x.tlog.size"));
    let fork = checkpoint(&TreeHead::new(8, three.root));
    let refused = ask(&request(8, &[], &fork), &eight).unwrap_err();
    assert_eq!(refused.status(), 422, "another root of that size");
    let no_empty_tree = checkpoint(&TreeHead::new(0, three.root));
    let refused = ask(&request(0, &[], &no_empty_tree), &empty).unwrap_err();
    assert_eq!((refused.status(), refused.rule()), (422, Some(Rule::EmptyTreeRoot.to_ref())));
    let refused = ask(&request(8, &[], &checkpoint(&three)), &eight).unwrap_err();
    assert_eq!((refused.status(), refused.rule()), (400, Some(Rule::WitnessOldSize.to_ref())));
    let refused = ask(&request(3, &path[1..], &checkpoint(&eight)), &three).unwrap_err();
    assert_eq!(refused.status(), 422);
    let unsigned = request(3, &path, &checkpoint(&eight)).replace("\u{2014} ", "\u{2014} other/");
    let refused = ask(&unsigned, &three).unwrap_err();
    assert_eq!((refused.status(), refused.rule()), (403, Some(Rule::NoteKnownKey.to_ref())));
}

#[test]
fn hashes_of_the_provider_are_sha256() {
    assert_eq!(crypto().sha256(&[b"", b""]), Sha256Tree.empty());
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(
        changes in proptest::collection::vec((any::<Index>(), any::<u8>()), 0..4),
        end: Index, path in "tile/(entries|[0-9]{1,2})(/x?[0-9]{2,3}){1,4}(\\.p/[0-9]{1,3})?",
    ) {
        let Files { tree, .. } = files(5);
        let latest = tree.head_at(3).unwrap();
        let proof = tree.consistency_path(TreeSize(3), TreeSize(5)).unwrap();
        let mut body = request(3, &proof, &checkpoint(&tree.head())).into_bytes();
        for (at, value) in changes {
            let at = at.index(body.len());
            body[at] = value;
        }
        if let Ok(text) = std::str::from_utf8(&body) {
            let answer = ask(text, &latest);
            prop_assert!(answer.is_err() || answer == Ok(tree.head()));
            if let Ok(checkpoint) = Checkpoint::parse(text.split_once("\n\n").map_or("", |two| two.1)) {
                prop_assert!(text.contains(&checkpoint.to_string()));
            }
        }
        body.truncate(end.index(body.len()));
        prop_assert!(AddCheckpoint::parse(&body).is_err());
        let _ = Note::parse(&body);
        let _ = EntryBundle::new(&body, 3);
        if let Ok(tile) = Tile::parse(&path) {
            prop_assert_eq!(tile.to_string(), path);
        }
    }
}
