//! Logs in stores: what is acknowledged, what is written, and what a damaged or shared store does
//! to them.

#[path = "store/help.rs"]
mod help;

use help::{Shared, contents, entry, identity, sign, texts};
use merkle_proof::store::{
    Acknowledgement, CheckpointLock, DedupIndex, Entry, Log, LogError, MemoryStore, Object,
    ObjectStore, Swap, Unsigned, fsck, rebuild_index,
};
use merkle_proof::tlog::{Checkpoint, Tile, TileKind, TileReader};
use merkle_proof::{MemoryTree, Rule, Sha256Tree, TreeSize};

const ORIGIN: &str = "example.org/log";

fn log() -> Log<Sha256Tree, MemoryStore> {
    Log::create(MemoryStore::new(), Sha256Tree, ORIGIN, sign).unwrap()
}

/// A log of `size` entries that were appended in batches of odd sizes.
fn filled(size: usize) -> Log<Sha256Tree, MemoryStore> {
    let (mut log, texts) = (log(), texts(0..size));
    let (mut rest, mut step) = (&texts[..], 1);
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(step.min(rest.len()));
        append(&mut log, batch).unwrap();
        (rest, step) = (after, step * 3 % 331 + 1);
    }
    log
}

fn append<S: merkle_proof::store::LogStore>(
    log: &mut Log<Sha256Tree, S>,
    texts: &[String],
) -> Result<Vec<Acknowledgement>, LogError<S::Error>> {
    let batch: Vec<_> = texts.iter().map(|text| entry(text)).collect();
    log.append(&batch, sign)
}

fn check<S: merkle_proof::store::LogStore>(store: &S) -> Result<u64, LogError<S::Error>> {
    fsck(store, &Sha256Tree, ORIGIN, identity).map(|head| head.size)
}

#[test]
fn a_log_grows_by_batches_of_any_size() {
    for size in [0, 1, 2, 255, 256, 257, 511, 513, 1500] {
        let log = filled(size);
        let mut tree = MemoryTree::new(Sha256Tree);
        texts(0..size).iter().for_each(|text| _ = tree.append(&[text.as_bytes()]));
        assert_eq!(log.head(), tree.head(), "{size}");
        assert_eq!(check(log.store()), Ok(tree.size()));
        assert_eq!(contents(log.store(), tree.size()), texts(0..size));
    }
}

#[test]
fn the_third_row_of_tiles_is_written() {
    let size = 66_000;
    let mut log = log();
    let texts = texts(0..size);
    append(&mut log, &texts[..65_530]).unwrap();
    append(&mut log, &texts[65_530..65_600]).unwrap();
    append(&mut log, &texts[65_600..]).unwrap();
    assert_eq!(check(log.store()), Ok(66_000));
    let store = log.store();
    let reader = TileReader::new(&Sha256Tree, log.head());
    let mut fetch = |tile: &Tile, room: &mut [u8]| {
        let bytes = store.object(&tile.to_string())?.unwrap_or_default();
        room[..bytes.len()].copy_from_slice(&bytes);
        Ok::<_, std::convert::Infallible>(bytes.len())
    };
    for (level, index) in [(0, 0), (0, 257), (1, 0), (1, 1), (2, 0)] {
        assert!(reader.tile(level, index, &mut fetch).is_ok(), "{level} {index}");
    }
}

#[test]
fn m114_an_entry_enters_once() {
    let mut log = filled(300);
    let (appended, known) = (Acknowledgement::Appended, Acknowledgement::Known);
    let batch = ["7", "new", "299", "new", "newer", "7"].map(String::from);
    let acknowledged = append(&mut log, &batch).unwrap();
    assert_eq!(
        acknowledged,
        [known(7), appended(300), known(299), known(300), appended(301), known(7)]
    );
    assert_eq!(acknowledged[3].index(), 300);
    assert_eq!(append(&mut log, &batch[..1]), Ok(vec![known(7)]));
    assert_eq!(append(&mut log, &[]), Ok(vec![]));
    assert_eq!(check(log.store()), Ok(302));

    // An identity of the caller's own is what counts.
    let twice = [b"one", b"two"].map(|bytes| Entry { identity: identity(b"same"), bytes });
    assert_eq!(log.append(&twice, sign), Ok(vec![appended(302), known(302)]));
    assert_eq!(log.append(&twice[..1], sign), Ok(vec![known(302)]));
    let refused = corrupt("index", Rule::OneIndex);
    assert_eq!(check(log.store()), Err(refused));
}

#[test]
fn m114_an_index_of_another_log_is_refused() {
    let mut store = Shared::new(filled(3).into_store());
    let mut log = Log::open(store.clone(), Sha256Tree, ORIGIN, sign).unwrap();
    store.insert(&[(identity(b"unheard of"), 3)]).unwrap();
    let refused = corrupt("index", Rule::OneIndex);
    assert_eq!(append(&mut log, &["unheard of".into()]), Err(refused.clone()));
    // It has one entry more than the log.
    assert_eq!(Log::open(store, Sha256Tree, ORIGIN, sign).err(), Some(refused));
}

/// An index that leads to another leaf is found out where the identity is the leaf hash: nothing is
/// acknowledged that was never logged.
#[test]
fn m114_a_known_entry_is_compared_with_its_leaf() {
    let store = Shared::new(filled(300).into_store());
    let mut log = Log::open(store.clone(), Sha256Tree, ORIGIN, sign).unwrap();
    store.clone().insert(&[(identity(b"never logged"), 7)]).unwrap();
    let refused = corrupt("index", Rule::OneIndex);
    assert_eq!(append(&mut log, &["never logged".into()]), Err(refused));
    // Its place in the index makes the log no longer.
    let mut log = Log::open(filled(300).into_store(), Sha256Tree, ORIGIN, sign).unwrap();
    assert_eq!(append(&mut log, &["299".into()]), Ok(vec![Acknowledgement::Known(299)]));
}

#[test]
fn m114_fsck_finds_an_identity_that_was_never_logged() {
    let mut store = filled(3).into_store();
    store.insert(&[(identity(b"never logged"), 0)]).unwrap();
    assert_eq!(check(&store), Err(corrupt("index", Rule::OneIndex)));
}

#[test]
fn an_entry_that_is_too_long_changes_nothing() {
    let mut log = filled(3);
    let (longest, longer) = ("x".repeat(65_535), "y".repeat(65_536));
    let refused = LogError::EntryTooLong { place: 1 };
    assert_eq!(append(&mut log, &[longest.clone(), longer]), Err(refused.clone()));
    assert_eq!(refused.rule(), Some(Rule::EntryBundle.to_ref()));
    assert_eq!(append(&mut log, &[longest]), Ok(vec![Acknowledgement::Appended(3)]));
    assert_eq!(check(log.store()), Ok(4));
}

#[test]
fn a_log_is_created_once_and_never_by_opening() {
    let open = |store| Log::open(store, Sha256Tree, ORIGIN, sign);
    assert_eq!(open(MemoryStore::new()).err(), Some(LogError::NoLog));
    let store = filled(5).into_store();
    assert_eq!(Log::create(store.clone(), Sha256Tree, ORIGIN, sign).err(), Some(LogError::Exists));
    assert_eq!(open(store).unwrap().head(), filled(5).head());
}

/// A store that has lost its state, with the checkpoint or without.
fn without_state(log: Log<Sha256Tree, MemoryStore>, with_checkpoint: bool) -> MemoryStore {
    let (size, old) = (log.head().size, log.into_store());
    let mut store = MemoryStore::new();
    for tile in
        (0..=3).filter_map(|level| Tile::in_tree(TileKind::Hashes { level }, 0, TreeSize(size)))
    {
        let name = tile.to_string();
        let Some(bytes) = old.object(&name).unwrap() else { continue };
        store.create(&[Object { name: &name, bytes: &bytes }]).unwrap();
    }
    if with_checkpoint {
        store.publish(&old.published().unwrap().unwrap()).unwrap();
    }
    store
}

#[test]
fn m113_a_log_that_lost_its_state_is_not_created_again() {
    for (size, with_checkpoint, name) in [
        (0, true, "checkpoint"),
        (1, true, "checkpoint"),
        (300, true, "checkpoint"),
        (1, false, "tile/0/000.p/1"),
        (255, false, "tile/0/000.p/255"),
        (256, false, "tile/0/000"),
        (70_000, false, "tile/0/000"),
    ] {
        let store = without_state(filled(size), with_checkpoint);
        let lost = Some(LogError::StateLost { name: name.into() });
        let unsigned = |_: &Checkpoint<'_>| panic!("signed a checkpoint of size 0 over {size}");
        let created = Log::create(store.clone(), Sha256Tree, ORIGIN, unsigned);
        assert_eq!(created.err(), lost, "{size}");
        let opened = Log::open(store, Sha256Tree, ORIGIN, unsigned);
        assert_eq!(opened.err(), lost, "{size}");
    }
    let lost = LogError::<std::convert::Infallible>::StateLost { name: "checkpoint".into() };
    assert_eq!(lost.rule(), Some(Rule::PublishedCheckpoint.to_ref()));
    // Under another name it would still be in the place of this one.
    let store = without_state(filled(5), true);
    assert!(Log::create(store, Sha256Tree, "example.org/other", sign).is_err());
}

#[test]
fn m107_a_log_is_opened_by_its_origin() {
    let opened = Log::open(filled(5).into_store(), Sha256Tree, "example.org/lag", sign);
    let refused = corrupt("state", Rule::LogOrigin);
    assert_eq!(opened.err(), Some(refused));
    for origin in ["", "two\nlines", &"x".repeat(256)] {
        let created = Log::create(MemoryStore::new(), Sha256Tree, origin, sign);
        assert_eq!(
            created.err().and_then(|error| error.rule()),
            Some(Rule::CheckpointForm.to_ref())
        );
    }
}

#[test]
fn m108_of_two_writers_one_goes_on() {
    let store = Shared::new(filled(5).into_store());
    let open = || Log::open(store.clone(), Sha256Tree, ORIGIN, sign).unwrap();
    let (mut one, mut two) = (open(), open());
    append(&mut one, &["from one".into()]).unwrap();
    assert_eq!(append(&mut two, &["from two".into()]), Err(LogError::Superseded));
    assert_eq!(append(&mut two, &["from two".into()]), Err(LogError::Interrupted));
    two = open();
    // The same batch on the same tree is staged under the same name, and the loser must not take it
    // away.
    assert_eq!(append(&mut two, &["both".into()]).unwrap()[0].index(), 6);
    let mut three = open();
    append(&mut two, &["third".into()]).unwrap();
    assert_eq!(append(&mut three, &["third".into()]), Err(LogError::Superseded));
    assert_eq!(open().head().size, 8);
    assert_eq!(check(&store), Ok(8));
}

#[test]
fn m113_a_state_behind_its_checkpoint_is_not_gone_on_from() {
    let mut log = filled(5);
    let backup = log.store().clone();
    append(&mut log, &["after the backup".into()]).unwrap();
    let published = log.store().published().unwrap().unwrap();
    let restored = |published: &[u8]| {
        let mut store = backup.clone();
        store.publish(published).unwrap();
        Log::open(store, Sha256Tree, ORIGIN, sign).err()
    };
    let refused = Some(corrupt("checkpoint", Rule::PublishedCheckpoint));
    assert_eq!(restored(&published), refused);
    assert_eq!(restored(b"no note"), refused);
    let mut other = Log::create(MemoryStore::new(), Sha256Tree, ORIGIN, sign).unwrap();
    append(&mut other, &texts(10..15)).unwrap();
    assert_eq!(restored(&other.store().published().unwrap().unwrap()), refused, "of equal size");
    let mut lag = Log::create(MemoryStore::new(), Sha256Tree, "lag", sign).unwrap();
    append(&mut lag, &["x".into()]).unwrap();
    assert_eq!(restored(&lag.store().published().unwrap().unwrap()), refused, "of another log");
}

#[test]
fn m113_what_is_published_is_what_was_signed() {
    let mut log = filled(5);
    let batch = [entry("more")];
    let other = |_: &merkle_proof::tlog::Checkpoint<'_>| {
        Ok(filled(5).store().published().unwrap().unwrap())
    };
    assert_eq!(log.append(&batch, other), Err(LogError::OtherNote));
    let mut log = Log::open(log.into_store(), Sha256Tree, ORIGIN, sign).unwrap();
    assert_eq!(log.head().size, 6, "it was committed before it was to be signed");

    let unsigned = log.append(&[entry("still more")], |_| Err(Unsigned));
    assert_eq!(unsigned, Err(LogError::Unsigned));
    let store = log.into_store();
    assert_eq!(
        Log::open(store.clone(), Sha256Tree, ORIGIN, |_| Err(Unsigned)).err(),
        Some(LogError::Unsigned)
    );
    let mut log = Log::open(store, Sha256Tree, ORIGIN, sign).unwrap();
    assert_eq!(log.append(&[entry("still more")], sign), Ok(vec![Acknowledgement::Known(6)]));
    assert_eq!(check(log.store()), Ok(7));
}

#[test]
fn an_open_log_whose_checkpoint_is_public_needs_no_signature() {
    let log = Log::open(filled(5).into_store(), Sha256Tree, ORIGIN, |_| Err(Unsigned));
    assert_eq!(log.unwrap().head().size, 5);
}

#[test]
fn m109_the_staged_batch_is_needed_where_something_is_missing() {
    let log = filled(5);
    let name = help::staged(log.store());
    let refused = Some(corrupt(&name, Rule::StagedBatch));
    let reopened = |bytes: Option<&[u8]>, lost: Option<&str>| {
        let mut store = log.store().clone();
        store.remove(&name).unwrap();
        if let Some(bytes) = bytes {
            store.create(&[Object { name: &name, bytes }]).unwrap();
        }
        if let Some(lost) = lost {
            store.remove(lost).unwrap();
        }
        Log::open(store, Sha256Tree, ORIGIN, sign).map(|log| log.head().size)
    };
    let bytes = log.store().object(&name).unwrap().unwrap();
    for staged in [Some(&bytes[..]), None, Some(&bytes[1..])] {
        assert_eq!(reopened(staged, None), Ok(5), "everything that follows from it is there");
    }
    for lost in ["tile/0/000.p/5", "tile/entries/000.p/5"] {
        assert_eq!(reopened(Some(&bytes), Some(lost)), Ok(5), "it is made again");
        assert_eq!(reopened(None, Some(lost)).err(), refused);
        assert_eq!(reopened(Some(&bytes[1..]), Some(lost)).err(), refused);
    }
}

#[test]
fn a_log_whose_staged_batch_is_gone_goes_on() {
    let log = filled(300);
    let name = help::staged(log.store());
    let mut store = log.into_store();
    store.remove(&name).unwrap();
    let mut log = Log::open(store, Sha256Tree, ORIGIN, sign).unwrap();
    assert_eq!(append(&mut log, &["more".into()]), Ok(vec![Acknowledgement::Appended(300)]));
    let log = Log::open(log.into_store(), Sha256Tree, ORIGIN, sign).unwrap();
    assert_eq!(check(log.store()), Ok(301));
}

#[test]
fn staged_batches_are_removed_once_what_follows_from_them_is_durable() {
    let mut log = filled(5);
    let before = help::staged(log.store());
    append(&mut log, &["more".into()]).unwrap();
    assert_eq!(log.store().object(&before), Ok(None));
    let last = help::staged(log.store());
    assert!(log.store().object(&last).unwrap().is_some());
    log.settle().unwrap();
    assert_eq!(log.store().list("staged"), Ok(vec![]));
    let mut log = Log::open(log.into_store(), Sha256Tree, ORIGIN, sign).unwrap();
    append(&mut log, &["still more".into()]).unwrap();
    assert_eq!(check(log.store()), Ok(7));
}

#[test]
fn m105_an_object_keeps_its_bytes() {
    let mut log = filled(300);
    let mut store = log.store().clone();
    // A tile of the next size is there, with something else in it.
    store.create(&[Object { name: "tile/0/001.p/45", bytes: b"other" }]).unwrap();
    log = Log::open(store, Sha256Tree, ORIGIN, sign).unwrap();
    let refused = corrupt("tile/0/001.p/45", Rule::ObjectImmutable);
    assert_eq!(append(&mut log, &["more".into()]), Err(refused));
    // The batch is committed, and what a cut may have torn is made again from it.
    let log = Log::open(log.into_store(), Sha256Tree, ORIGIN, sign).unwrap();
    assert_eq!(check(log.store()), Ok(301));
}

#[test]
fn m113_a_log_goes_on_from_a_checkpoint_that_is_known_from_elsewhere() {
    let log = filled(300);
    let open = |store, least: &_| {
        let opened = Log::open_at_least(store, Sha256Tree, ORIGIN, least, sign);
        opened.map(|log| log.head().size)
    };
    let store = log.store().clone();
    let mut tree = MemoryTree::new(Sha256Tree);
    texts(0..301).iter().for_each(|text| _ = tree.append(&[text.as_bytes()]));
    for size in [0, 1, 255, 256, 299, 300] {
        assert_eq!(open(store.clone(), &tree.head_at(size).unwrap()), Ok(300), "{size}");
    }
    let behind = LogError::Behind { size: 300, least: 301 };
    assert_eq!(open(store.clone(), &tree.head()), Err(behind.clone()));
    assert!(behind.to_string().contains("restore"), "{behind}");
    let mut other = MemoryTree::new(Sha256Tree);
    texts(1..300).iter().for_each(|text| _ = other.append(&[text.as_bytes()]));
    let refused = corrupt("state", Rule::PublishedCheckpoint);
    assert_eq!(open(store, &other.head()), Err(refused), "another tree of that size");
}

#[test]
fn a_checkpoint_is_published_again() {
    let mut log = filled(5);
    let lines = |log: &Log<Sha256Tree, MemoryStore>| {
        let note = log.store().published().unwrap().unwrap();
        note.iter().filter(|byte| **byte == b'\n').count()
    };
    let cosigned = |checkpoint: &Checkpoint<'_>| {
        let mut note = sign(checkpoint)?;
        note.extend_from_slice("\u{2014} witness AAAAAAAA\n".as_bytes());
        Ok(note)
    };
    assert_eq!(lines(&log), 5);
    log.publish_again(cosigned).unwrap();
    assert_eq!(lines(&log), 6);
    assert_eq!(log.publish_again(|_| Err(Unsigned)), Err(LogError::Unsigned));
    let log = Log::open(log.into_store(), Sha256Tree, ORIGIN, sign).unwrap();
    assert_eq!(check(log.store()), Ok(5));
}

fn corrupt<E>(name: &str, rule: Rule) -> LogError<E> {
    LogError::Corrupt { name: name.into(), rule }
}

/// What `fsck` says of a log of 600 entries of which one object was changed.
fn damaged(name: &str, change: impl FnOnce(&mut Vec<u8>)) -> LogError<std::convert::Infallible> {
    let mut store = filled(600).into_store();
    assert_eq!(check(&store), Ok(600));
    let mut bytes = store.object(name).unwrap().expect(name);
    change(&mut bytes);
    store.remove(name).unwrap();
    store.create(&[Object { name, bytes: &bytes }]).unwrap();
    check(&store).unwrap_err()
}

fn without(name: &str) -> LogError<std::convert::Infallible> {
    let mut store = filled(600).into_store();
    store.remove(name).unwrap();
    check(&store).unwrap_err()
}

#[test]
fn m110_fsck_names_the_tile_that_is_wrong() {
    for name in ["tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"] {
        let wrong = corrupt(name, Rule::StoredTile);
        assert_eq!(damaged(name, |bytes| *bytes.last_mut().unwrap() ^= 1), wrong);
        assert_eq!(damaged(name, |bytes| _ = bytes.pop()), wrong);
        assert_eq!(without(name), wrong);
    }
}

#[test]
fn m111_fsck_names_the_bundle_that_is_wrong() {
    for name in ["tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"] {
        let wrong = corrupt(name, Rule::StoredEntries);
        assert_eq!(damaged(name, |bytes| *bytes.last_mut().unwrap() ^= 1), wrong);
        assert_eq!(without(name), wrong);
        let cut = damaged(name, |bytes| _ = bytes.pop());
        assert_eq!(cut, corrupt(name, Rule::EntryBundle));
    }
}

#[test]
fn m112_fsck_compares_the_state() {
    // All of it is of another log, but for the state.
    let mut other = log();
    append(&mut other, &texts(600..1200)).unwrap();
    let state = filled(600).store().load().unwrap().unwrap();
    let mut store = other.into_store();
    let theirs = store.load().unwrap();
    assert_eq!(store.swap(theirs.as_deref(), &state), Ok(Swap::Won));
    assert_eq!(check(&store), Err(corrupt("state", Rule::StoredRoot)));
    let torn = &state[..state.len() - 1];
    assert_eq!(store.swap(Some(&state), torn), Ok(Swap::Won));
    assert_eq!(check(&store), Err(corrupt("state", Rule::LogState)));
}

#[test]
fn m113_fsck_compares_the_public_checkpoint() {
    let older = filled(5).store().published().unwrap().unwrap();
    let mut log = filled(5);
    append(&mut log, &["more".into()]).unwrap();
    let with = |published: &[u8]| {
        let mut store = log.store().clone();
        store.publish(published).unwrap();
        check(&store)
    };
    assert_eq!(with(&older), Ok(6), "behind, as between commit and publication");
    let refused = corrupt("checkpoint", Rule::PublishedCheckpoint);
    let mut other = Log::create(MemoryStore::new(), Sha256Tree, ORIGIN, sign).unwrap();
    for texts in [texts(10..15), texts(15..16), texts(16..17)] {
        append(&mut other, &texts).unwrap();
        let note = other.store().published().unwrap().unwrap();
        assert_eq!(with(&note), Err(refused.clone()), "{}", other.head().size);
    }
}

#[test]
fn m114_an_index_is_made_again() {
    let log = filled(300);
    let mut store = log.into_store();
    store.insert(&[(identity(b"7"), 8)]).unwrap();
    let refused = corrupt("index", Rule::OneIndex);
    assert_eq!(check(&store), Err(refused));
    rebuild_index(&mut store, &Sha256Tree, ORIGIN, identity).unwrap();
    assert_eq!(check(&store), Ok(300));
}

/// Partial tiles are read again before they are gone on from, and compared with the state.
#[test]
fn m110_a_log_does_not_grow_on_damaged_tiles() {
    for (name, rule) in [
        ("tile/0/001.p/44", Rule::StoredTile),
        ("tile/1/000.p/1", Rule::StoredTile),
        ("tile/entries/001.p/44", Rule::StoredEntries),
    ] {
        for missing in [true, false] {
            let mut store = Shared::new(filled(300).into_store());
            let mut log = Log::open(store.clone(), Sha256Tree, ORIGIN, sign).unwrap();
            let mut bytes = store.object(name).unwrap().unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            store.remove(name).unwrap();
            if !missing {
                store.create(&[Object { name, bytes: &bytes }]).unwrap();
            }
            let refused = corrupt(name, rule);
            assert_eq!(append(&mut log, &["more".into()]), Err(refused));
        }
    }
}
