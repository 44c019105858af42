//! Power cuts and failing disks: the log is written on a simulated disk, and after every step the
//! power is cut.

use std::collections::BTreeSet;
use std::format;
use std::io;
use std::path::PathBuf;
use std::println;
use std::string::{String, ToString};
use std::sync::{Arc, Mutex};
use std::vec::Vec;

use super::file_system::{Disk, FileSystem};
use super::simulation::{Deaf, Fate, Fault, Simulated, World};
use super::{DurableError, DurableStore};
use crate::store::{Entry, Identity, Log, LogError, ObjectStore, fsck};
use crate::tlog::{Checkpoint, EntryBundle, Note, Tile, TileKind};
use crate::{MemoryTree, Sha256Tree, TreeHash, TreeSize};

type SimulatedLog = Log<Sha256Tree, DurableStore<Simulated>>;
type Signed = (u64, [u8; 32]);

const ORIGIN: &str = "example.org/log";

/// What the world outside knows of the log.
#[derive(Clone, Default)]
struct Known {
    signed: Vec<Signed>,
    acknowledged: Vec<(String, u64)>,
}

/// So many batches are staged at most.
const SLOTS: u64 = 4;

/// A small log: a first batch, one that fills a tile, one that has something twice and something
/// again.
fn batches() -> Vec<Vec<String>> {
    let texts = |numbers: std::ops::Range<u32>| numbers.map(|number| number.to_string()).collect();
    let mixed = ["1", "new", "258", "new", "257"].map(String::from).to_vec();
    let mut batches = Vec::from([texts(0..2), texts(2..258), mixed, texts(259..260)]);
    // As many more as it takes to write each place of a staged batch over.
    batches.extend((260..266).map(|number| texts(number..number + 1)));
    batches
}

fn note(checkpoint: &Checkpoint<'_>, signed: &mut Vec<Signed>) -> Vec<u8> {
    signed.push((checkpoint.size(), *checkpoint.root()));
    format!("{checkpoint}\n\u{2014} example.org/log AAAAAAAA\n").into_bytes()
}

fn identity(entry: &[u8]) -> Identity {
    Identity::new(Sha256Tree.leaf(&[entry]))
}

/// Opens the log, or begins one where there is none.
fn open(
    disk: &Simulated,
    signed: &mut Vec<Signed>,
) -> Result<SimulatedLog, LogError<DurableError>> {
    let store = || DurableStore::on(disk.clone(), SLOTS).map_err(LogError::Store);
    match Log::open(store()?, Sha256Tree, ORIGIN, |checkpoint| Ok(note(checkpoint, signed))) {
        Err(LogError::NoLog) => {
            Log::create(store()?, Sha256Tree, ORIGIN, |checkpoint| Ok(note(checkpoint, signed)))
        }
        opened => opened,
    }
}

fn append(
    log: &mut SimulatedLog,
    texts: &[String],
    known: &mut Known,
) -> Result<(), LogError<DurableError>> {
    let entries: Vec<_> =
        texts.iter().map(|text| Entry::new(&Sha256Tree, text.as_bytes())).collect();
    let acknowledged =
        log.append(&entries, |checkpoint| Ok(note(checkpoint, &mut known.signed)))?;
    let indexes = acknowledged.into_iter().map(|acknowledgement| acknowledgement.index());
    known.acknowledged.extend(texts.iter().cloned().zip(indexes));
    Ok(())
}

/// Opens or begins the log and appends all batches. After each of them, what is known is handed to
/// `then`.
fn run(
    disk: &Simulated,
    known: &mut Known,
    mut then: impl FnMut(&Known),
) -> Result<SimulatedLog, LogError<DurableError>> {
    let mut log = open(disk, &mut known.signed)?;
    then(known);
    for batch in batches() {
        append(&mut log, &batch, known)?;
        then(known);
    }
    Ok(log)
}

fn contents(log: &SimulatedLog) -> Vec<String> {
    let size = log.head().size;
    let mut texts = Vec::new();
    for index in 0..size.div_ceil(256) {
        let tile = Tile::in_tree(TileKind::Entries, index, TreeSize(size)).unwrap();
        let bytes = log.store().object(&tile.to_string()).unwrap().unwrap();
        let bundle = EntryBundle::new(&bytes, tile.width()).unwrap();
        texts.extend(bundle.entries().map(|entry| String::from_utf8(entry.into()).unwrap()));
    }
    texts
}

/// The run that is cut does what is new in the order of writes: checkpoints are written over files
/// that were made before, and keep a second name; tiles are files that get their names.
#[test]
fn the_run_that_is_cut_uses_files_made_before() {
    let (trace, _) = recorded(World::default());
    let renames = |part: &str| {
        let is = |step: &&super::simulation::Step| {
            matches!(step, super::simulation::Step::Rename(from, to)
                if from != "unfinished/0" && from != "unfinished/1" && to.starts_with(part))
        };
        trace.iter().filter(is).count()
    };
    let links = trace.iter().filter(|step| matches!(step, super::simulation::Step::Link(..)));
    let (checkpoints, tiles) = (renames("public/checkpoint"), renames("public/tile/"));
    println!("{checkpoints} checkpoints, {tiles} tiles");
    assert!(checkpoints >= 4 && tiles >= 12 && links.count() >= 8);
}

/// Nothing is lost, nothing is there twice, nothing that was signed is contradicted.
fn compare(log: &SimulatedLog, known: &Known) -> Result<(), String> {
    fsck(log.store(), &Sha256Tree, ORIGIN, identity).map_err(|error| error.to_string())?;
    let texts = contents(log);
    for (text, index) in &known.acknowledged {
        if texts.get(*index as usize) != Some(text) {
            return Err(format!("{text} was acknowledged as leaf {index} and is not"));
        }
    }
    if texts.iter().collect::<BTreeSet<_>>().len() != texts.len() {
        return Err("something is there twice".into());
    }
    let mut tree = MemoryTree::new(Sha256Tree);
    texts.iter().for_each(|text| _ = tree.append(&[text.as_bytes()]));
    for (size, root) in &known.signed {
        if tree.head_at(*size).map(|head| *head.root.hash()) != Ok(*root) {
            return Err(format!("a root of size {size} was signed that is not the log's"));
        }
    }
    Ok(())
}

/// What readers see before anybody takes the disk up: no checkpoint, or a whole one.
fn public(disk: &Simulated) -> Result<Option<Signed>, String> {
    let Some(bytes) = disk.read("public/checkpoint").unwrap() else { return Ok(None) };
    let head = Note::parse(&bytes).ok().filter(|_| bytes.ends_with(b" AAAAAAAA\n"));
    let head = head
        .and_then(|note| Checkpoint::parse(note.danger_unverified_text()).ok()?.head(ORIGIN).ok());
    let head = head.ok_or_else(|| format!("{:?} is public", String::from_utf8_lossy(&bytes)))?;
    Ok(Some((head.size, *head.root.hash())))
}

/// Takes the disk up, compares it with what was known, and goes on to the end.
fn recovers(disk: &Simulated, known: &Known) -> Result<(), String> {
    let mut known = known.clone();
    known.signed.extend(public(disk)?);
    let log = open(disk, &mut known.signed).map_err(|error| error.to_string())?;
    compare(&log, &known)?;
    drop(log);
    let log = run(disk, &mut known, |_| ()).map_err(|error| error.to_string())?;
    compare(&log, &known)
}

/// A whole run, and what was known after each of its steps.
fn recorded(world: World) -> (Vec<super::simulation::Step>, Vec<Known>) {
    let disk = Simulated::new(world);
    let mut milestones = Vec::new();
    let log = run(&disk, &mut Known::default(), |known| {
        milestones.push((disk.steps(), known.clone()));
    });
    drop(log.unwrap());
    let trace = disk.world().trace.clone();
    let known = (0..trace.len()).map(|step| {
        let mut passed = milestones.iter().filter(|(at, _)| *at <= step);
        passed.next_back().map_or_else(Known::default, |(_, known)| known.clone())
    });
    let known = known.collect();
    (trace, known)
}

const FATES: [Fate; 6] =
    [Fate::Lost, Fate::Kept, Fate::LastKept, Fate::LastTorn, Fate::Mixed(1), Fate::Mixed(2)];

/// Cuts the power in every step of a run on `world`, and has `judge` look at each disk that can be
/// left, once.
fn cuts(
    world: World,
    fates: &[Fate],
    mut judge: impl FnMut(World, &Known) -> Result<(), String>,
) -> Result<(), String> {
    let (trace, known) = recorded(world.clone());
    let (mut before, mut seen) = (world, BTreeSet::new());
    for (place, (step, known)) in trace.iter().zip(&known).enumerate() {
        for fate in fates {
            let left = before.cut(step, *fate);
            if seen.insert((left.fingerprint(), known.signed.len(), known.acknowledged.len())) {
                judge(left, known).map_err(|error| format!("{fate:?} in step {place}: {error}"))?;
            }
        }
        before.replay(step);
    }
    println!("{} steps, {} disks left by a cut", trace.len(), seen.len());
    Ok(())
}

#[test]
fn m115_a_power_cut_in_any_step_loses_nothing_acknowledged() {
    let judge = |left, known: &Known| recovers(&Simulated::new(left), known);
    assert_eq!(cuts(World::default(), &FATES, judge), Ok(()));
}

/// Some of the disks that a cut left, each cut again while it is taken up.
#[test]
fn m115_a_second_cut_loses_nothing_acknowledged() {
    let mut disks = Vec::new();
    let keep = |left, known: &Known| {
        disks.push((left, known.clone()));
        Ok(())
    };
    assert_eq!(cuts(World::default(), &FATES, keep), Ok(()));
    for (left, first) in disks.into_iter().skip(90).step_by(180) {
        let judge = |left, second: &Known| {
            let mut known = first.clone();
            known.signed.extend_from_slice(&second.signed);
            known.acknowledged.extend_from_slice(&second.acknowledged);
            recovers(&Simulated::new(left), &known)
        };
        assert_eq!(cuts(left, &[Fate::Lost, Fate::Kept], judge), Ok(()));
    }
}

/// What is shown here can be seen: without any one kind of sync, a cut does harm.
#[test]
fn a_store_that_leaves_out_syncs_is_found_out() {
    for deaf in [Deaf::Files, Deaf::Folders, Deaf::Database, Deaf::Beside] {
        let world = World::deaf(deaf);
        let harm = cuts(world, &FATES, |left, known| {
            // redb stops with a panic where its file is not what its syncs made it.
            let recovers = || recovers(&Simulated::new(left), known);
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(recovers))
                .unwrap_or_else(|_| Err("stopped".into()))
        });
        println!("{harm:?}");
        assert!(harm.is_err(), "{deaf:?}");
    }
}

/// Every step in turn fails, done or not; then the process starts again, on the disk as it is or
/// after a cut.
#[test]
fn m115_a_step_that_fails_loses_nothing_acknowledged() {
    let (trace, _) = recorded(World::default());
    let mut seen = BTreeSet::new();
    for (at, done) in (0..trace.len()).flat_map(|at| [(at, true), (at, false)]) {
        let disk = Simulated::new(World::failing(Fault { at, done }));
        let mut known = Known::default();
        // Only what a store does when it is dropped may fail without a word.
        let result = run(&disk, &mut known, |_| ());
        drop(result);
        let world = disk.world().mended();
        let steps = world.trace.len();
        let cut = world.clone().fall(Fate::Lost, steps);
        let same = (cut.fingerprint(), known.signed.len(), known.acknowledged.len());
        for left in seen.insert(same).then_some(cut).into_iter().chain([world]) {
            let recovered = recovers(&Simulated::new(left), &known);
            assert_eq!(recovered, Ok(()), "step {at}, done: {done}");
        }
    }
}

/// A disk on which somebody else opens the store while the first one is about to begin its index.
#[derive(Clone)]
struct Overtaken {
    disk: Disk,
    folder: PathBuf,
    other: Arc<Mutex<Option<Result<DurableStore, DurableError>>>>,
}

impl FileSystem for Overtaken {
    type RandomAccess = <Disk as FileSystem>::RandomAccess;
    type Lock = <Disk as FileSystem>::Lock;
    type Job = <Disk as FileSystem>::Job;

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        self.disk.read(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.disk.write(path, bytes)
    }

    fn sync(&self, paths: &[String]) -> io::Result<()> {
        self.disk.sync(paths)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn link(&self, from: &str, to: &str) -> io::Result<()> {
        self.disk.link(from, to)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let other = DurableStore::open(&self.folder);
        self.other.lock().unwrap().get_or_insert(other);
        self.disk.remove(path)
    }

    fn remove_folder(&self, path: &str) {
        self.disk.remove_folder(path);
    }

    fn make_folder(&self, path: &str) -> io::Result<bool> {
        self.disk.make_folder(path)
    }

    fn sync_folders(&self, paths: &[&str]) -> io::Result<()> {
        self.disk.sync_folders(paths)
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        self.disk.list(path)
    }

    fn random_access(&self, path: &str) -> io::Result<Self::RandomAccess> {
        self.disk.random_access(path)
    }

    fn lock(&self, path: &str) -> io::Result<Self::Lock> {
        self.disk.lock(path)
    }

    fn begin(
        &self,
        work: impl FnOnce() -> Result<(), DurableError> + Send + 'static,
    ) -> io::Result<Self::Job> {
        self.disk.begin(work)
    }
}

#[test]
fn m108_of_two_who_find_no_state_one_begins_it() {
    let folder = std::env::temp_dir().join(format!("merkle-proof-{}-two", std::process::id()));
    _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let disk = Disk::new(folder.clone());
    let files = Overtaken { disk, folder: folder.clone(), other: Arc::default() };
    let store = DurableStore::on(files.clone(), SLOTS).unwrap();
    let other = files.other.lock().unwrap().take().expect("the index is begun");
    assert!(matches!(other, Err(DurableError::Locked)), "{other:?}");
    drop(store);
    DurableStore::open(&folder).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A service's threads share a store, and a log moves between them.
#[test]
fn a_store_is_send_and_sync() {
    fn shared<T: Send + Sync>() {}
    shared::<DurableStore>();
    shared::<Log<Sha256Tree, DurableStore>>();
    shared::<DurableError>();
}

/// However large a batch, at most five syncs are waited for until it is acknowledged.
#[test]
fn m115_five_syncs_lead_to_an_acknowledgement() {
    for size in [1, 256, 3000] {
        let disk = Simulated::new(World::default());
        let mut known = Known::default();
        let mut log = open(&disk, &mut known.signed).unwrap();
        for batch in 0..10 {
            let texts: Vec<_> = (0..size).map(|number| format!("{batch} {number}")).collect();
            let (before, settled) = (disk.syncs(), disk.syncs_beside());
            append(&mut log, &texts, &mut known).unwrap();
            let syncs = disk.syncs() - before - (disk.syncs_beside() - settled);
            assert!(syncs <= 5, "{syncs} syncs for batch {batch} of {size}");
        }
    }
}
