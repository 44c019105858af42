//! A disk that forgets: what was not synced may be there after a cut, or not, or in part.

use std::boxed::Box;
use std::collections::BTreeMap;
use std::fmt;
use std::format;
use std::io;
use std::string::{String, ToString};
use std::sync::{Arc, Mutex, MutexGuard};
use std::vec;
use std::vec::Vec;

use redb::StorageBackend;
use sha2::{Digest, Sha256};

use super::DurableError;
use super::file_system::{FileSystem, Job};

#[derive(Clone, Copy, PartialEq)]
enum Node {
    File(usize),
    Folder,
}

#[derive(Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write(at, written) => {
                let end = at + written.len();
                set_length(bytes, bytes.len().max(end));
                bytes[*at..end].copy_from_slice(written);
            }
            Self::Length(length) => set_length(bytes, *length),
        }
    }

    fn half(&self) -> Self {
        match self {
            Self::Write(at, written) => Self::Write(*at, written[..written.len() / 2].to_vec()),
            Self::Length(length) => Self::Length(*length),
        }
    }
}

/// `resize`, which takes most of a test's time where nothing is optimized.
fn set_length(bytes: &mut Vec<u8>, length: usize) {
    bytes.truncate(length);
    bytes.extend_from_slice(&vec![0; length - bytes.len()]);
}

#[derive(Clone, Default)]
struct File {
    shown: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<(usize, Change)>,
}

/// One thing that a program asks of a disk.
#[derive(Clone)]
pub(super) enum Step {
    Create(String),
    /// Offset, bytes, file.
    Change(usize, Arc<Vec<u8>>, usize),
    /// Length, file.
    Length(usize, usize),
    Sync(usize),
    Rename(String, String),
    Link(String, String),
    Remove(String),
    MakeFolder(String),
    SyncFolder(String),
}

/// Which syncs are told to have happened and have not: what a store looks like that leaves them
/// out.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub(super) enum Deaf {
    #[default]
    Nothing,
    Files,
    Folders,
    Database,
    /// What goes on beside is told to be done, and nothing of it is.
    Beside,
}

/// What happens to unsynced steps, of which the last is the one that the power was cut in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    Lost,
    Kept,
    LastKept,
    LastTorn,
    /// Each for itself: lost, kept or torn.
    Mixed(u64),
}

#[derive(PartialEq)]
enum Part {
    Nothing,
    Half,
    All,
}

impl Fate {
    fn of(self, step: usize, last: usize) -> Part {
        let all_if = |kept| if kept { Part::All } else { Part::Nothing };
        match self {
            Self::Lost => Part::Nothing,
            Self::Kept => Part::All,
            Self::LastKept => all_if(step == last),
            Self::LastTorn if step == last => Part::Half,
            Self::LastTorn => Part::All,
            Self::Mixed(seed) => {
                let mixed = (seed ^ step as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
                [Part::Nothing, Part::Half, Part::All].into_iter().nth(mixed as usize % 3).unwrap()
            }
        }
    }
}

/// A step that fails.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) at: usize,
    /// It failed, and was done all the same.
    pub(super) done: bool,
}

#[derive(Clone, Default)]
pub(super) struct World {
    files: Vec<File>,
    shown: BTreeMap<String, Node>,
    durable: BTreeMap<String, Node>,
    /// Step, folder, path, and what has the name from then on.
    pending: Vec<(usize, String, String, Option<Node>)>,
    deaf: Deaf,
    fault: Option<Fault>,
    pub(super) trace: Vec<Step>,
    beside: usize,
}

impl World {
    pub(super) fn deaf(deaf: Deaf) -> Self {
        Self { deaf, ..Self::default() }
    }

    pub(super) fn failing(fault: Fault) -> Self {
        Self { fault: Some(fault), ..Self::default() }
    }

    pub(super) fn mended(&self) -> Self {
        Self { fault: None, ..self.clone() }
    }

    /// What is there after the power was cut in `step`.
    pub(super) fn cut(&self, step: &Step, fate: Fate) -> Self {
        let last = self.trace.len();
        let mut world = self.clone();
        let sync = matches!(step, Step::Sync(_) | Step::SyncFolder(_));
        if !sync || fate.of(last, last) != Part::Nothing {
            world.apply(step);
        }
        world.fall(fate, last)
    }

    /// What is there after the power was cut between two steps.
    pub(super) fn fall(mut self, fate: Fate, last: usize) -> Self {
        for file in &mut self.files {
            for (step, change) in file.pending.drain(..) {
                match fate.of(step, last) {
                    Part::Nothing => {}
                    Part::Half => change.half().apply(&mut file.durable),
                    Part::All => change.apply(&mut file.durable),
                }
            }
            file.shown.clone_from(&file.durable);
        }
        for (step, _, path, node) in self.pending.drain(..) {
            if fate.of(step, last) != Part::Nothing {
                name(&mut self.durable, path, node);
            }
        }
        let there = self.durable.clone();
        let reachable = |path: &String| {
            path.match_indices('/').all(|(end, _)| there.get(&path[..end]) == Some(&Node::Folder))
        };
        self.durable.retain(|path, _| reachable(path));
        self.shown.clone_from(&self.durable);
        self.trace.clear();
        self.fault = None;
        self
    }

    /// Returns a number that is equal for worlds of which equal parts survived.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        for (path, node) in &self.durable {
            digest.update(format!("\n{path} {}\n", path.len()));
            if let Node::File(file) = node {
                digest.update(&self.files[*file].durable);
            }
        }
        digest.finalize().into()
    }

    /// Does a step of a recorded run.
    pub(super) fn replay(&mut self, step: &Step) {
        self.apply(step);
        self.trace.push(step.clone());
    }

    fn step(&mut self, step: Step) -> io::Result<()> {
        let fault = self.fault.filter(|fault| fault.at == self.trace.len());
        if fault.is_none_or(|fault| fault.done) {
            self.apply(&step);
        }
        self.trace.push(step);
        fault.map_or(Ok(()), |_| Err(io::Error::other("an injected fault")))
    }

    fn change(&mut self, file: usize, change: Change) {
        let step = self.trace.len();
        change.apply(&mut self.files[file].shown);
        self.files[file].pending.push((step, change));
    }

    fn name(&mut self, path: &str, node: Option<Node>) {
        name(&mut self.shown, path.into(), node);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.pending.push((self.trace.len(), folder.into(), path.into(), node));
    }

    fn apply(&mut self, step: &Step) {
        match step {
            Step::Create(path) => {
                self.files.push(File::default());
                self.name(path, Some(Node::File(self.files.len() - 1)));
            }
            Step::Change(at, bytes, file) => self.change(*file, Change::Write(*at, bytes.to_vec())),
            Step::Length(length, file) => self.change(*file, Change::Length(*length)),
            Step::Sync(file) => {
                let file = &mut self.files[*file];
                file.pending.drain(..).for_each(|(_, change)| change.apply(&mut file.durable));
            }
            Step::Rename(from, to) => {
                let node = self.shown[from];
                self.name(to, Some(node));
                self.name(from, None);
            }
            Step::Link(from, to) => {
                let node = self.shown[from];
                self.name(to, Some(node));
            }
            Step::Remove(path) => self.name(path, None),
            Step::MakeFolder(path) => self.name(path, Some(Node::Folder)),
            Step::SyncFolder(folder) => {
                let (synced, rest) =
                    self.pending.drain(..).partition::<Vec<_>, _>(|(_, of, ..)| of == folder);
                self.pending = rest;
                for (_, _, path, node) in synced {
                    name(&mut self.durable, path, node);
                }
            }
        }
    }

    fn file(&self, path: &str) -> Option<usize> {
        match self.shown.get(path)? {
            Node::File(file) => Some(*file),
            Node::Folder => None,
        }
    }

    fn folder_of(&self, path: &str) -> io::Result<()> {
        match path.rsplit_once('/') {
            Some((folder, _)) if self.shown.get(folder) != Some(&Node::Folder) => {
                Err(io::ErrorKind::NotFound.into())
            }
            _ => Ok(()),
        }
    }
}

fn name(names: &mut BTreeMap<String, Node>, path: String, node: Option<Node>) {
    match node {
        Some(node) => _ = names.insert(path, node),
        None => _ = names.remove(&path),
    }
}

/// A folder of the simulated disk.
#[derive(Clone, Default)]
pub(super) struct Simulated(Arc<Mutex<World>>);

impl Simulated {
    pub(super) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    pub(super) fn steps(&self) -> usize {
        self.world().trace.len()
    }

    pub(super) fn syncs(&self) -> usize {
        let sync = |step: &&Step| matches!(step, Step::Sync(_) | Step::SyncFolder(_));
        self.world().trace.iter().filter(sync).count()
    }

    /// How many of them were asked for by work that goes on beside.
    pub(super) fn syncs_beside(&self) -> usize {
        self.world().beside
    }
}

impl FileSystem for Simulated {
    type RandomAccess = SimulatedFile;
    type Lock = ();
    type Job = Later;

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let world = self.world();
        Ok(world.file(path).map(|file| world.files[file].shown.clone()))
    }

    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut world = self.world();
        world.folder_of(path)?;
        match world.file(path) {
            None => world.step(Step::Create(path.into()))?,
            Some(file) => world.step(Step::Length(0, file))?,
        }
        let file = world.file(path).unwrap();
        world.step(Step::Change(0, Arc::new(bytes.into()), file))
    }

    fn sync(&self, paths: &[String]) -> io::Result<()> {
        let mut world = self.world();
        if world.deaf == Deaf::Files {
            return Ok(());
        }
        for path in paths {
            if let Some(file) = world.file(path) {
                world.step(Step::Sync(file))?;
            }
        }
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut world = self.world();
        world.folder_of(to)?;
        world.step(Step::Rename(from.into(), to.into()))
    }

    fn link(&self, from: &str, to: &str) -> io::Result<()> {
        let mut world = self.world();
        world.folder_of(to)?;
        if world.file(from).is_none() {
            return Err(io::ErrorKind::NotFound.into());
        }
        world.step(Step::Link(from.into(), to.into()))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let mut world = self.world();
        match world.file(path) {
            Some(_) => world.step(Step::Remove(path.into())),
            None => Ok(()),
        }
    }

    fn remove_folder(&self, _: &str) {}

    fn make_folder(&self, path: &str) -> io::Result<bool> {
        let mut world = self.world();
        world.folder_of(path)?;
        match world.shown.get(path) {
            None => world.step(Step::MakeFolder(path.into())).map(|()| true),
            Some(_) => Ok(false),
        }
    }

    fn sync_folders(&self, paths: &[&str]) -> io::Result<()> {
        let mut world = self.world();
        if world.deaf == Deaf::Folders {
            return Ok(());
        }
        paths.iter().try_for_each(|path| world.step(Step::SyncFolder((*path).into())))
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let world = self.world();
        let within = |name: &String| match (path, name.rsplit_once('/')) {
            ("", None) => Some(name.clone()),
            (path, Some((folder, last))) if folder == path => Some(last.to_string()),
            _ => None,
        };
        let files = world.shown.iter().filter(|(_, node)| **node != Node::Folder);
        Ok(files.filter_map(|(name, _)| within(name)).collect())
    }

    fn random_access(&self, path: &str) -> io::Result<SimulatedFile> {
        let mut world = self.world();
        if world.file(path).is_none() {
            world.step(Step::Create(path.into()))?;
        }
        let file = world.file(path).unwrap();
        Ok(SimulatedFile { disk: self.clone(), file })
    }

    fn lock(&self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn begin(
        &self,
        work: impl FnOnce() -> Result<(), DurableError> + Send + 'static,
    ) -> io::Result<Later> {
        let disk = self.clone();
        let work = move || {
            if disk.world().deaf == Deaf::Beside {
                return Ok(());
            }
            let before = disk.syncs();
            let done = work();
            let more = disk.syncs() - before;
            disk.world().beside += more;
            done
        };
        Ok(Later(Mutex::new(Stage::Asked(false, Box::new(work)))))
    }
}

type Work = Box<dyn FnOnce() -> Result<(), DurableError> + Send>;

/// Work that is done when it is asked for the second time whether it is over, so that what goes on
/// meanwhile does so before it.
pub(super) struct Later(Mutex<Stage>);

enum Stage {
    Asked(bool, Work),
    Over(Result<(), DurableError>),
}

impl Job for Later {
    fn is_over(&self) -> bool {
        let mut stage = self.0.lock().unwrap();
        let before = std::mem::replace(&mut *stage, Stage::Over(Ok(())));
        *stage = match before {
            Stage::Asked(false, work) => Stage::Asked(true, work),
            Stage::Asked(true, work) => Stage::Over(work()),
            over => over,
        };
        matches!(*stage, Stage::Over(_))
    }

    fn wait(self) -> Result<(), DurableError> {
        match self.0.into_inner().unwrap() {
            Stage::Asked(_, work) => work(),
            Stage::Over(result) => result,
        }
    }
}

/// A file of the simulated disk that is written here and there.
pub(super) struct SimulatedFile {
    disk: Simulated,
    file: usize,
}

impl fmt::Debug for SimulatedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "simulated file {}", self.file)
    }
}

impl StorageBackend for SimulatedFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.disk.world().files[self.file].shown.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let world = self.disk.world();
        let end = offset as usize + out.len();
        let bytes = world.files[self.file].shown.get(offset as usize..end);
        out.copy_from_slice(bytes.ok_or(io::Error::from(io::ErrorKind::UnexpectedEof))?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.disk.world().step(Step::Length(len as usize, self.file))
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut world = self.disk.world();
        if world.deaf == Deaf::Database { Ok(()) } else { world.step(Step::Sync(self.file)) }
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.disk.world().step(Step::Change(offset as usize, Arc::new(data.into()), self.file))
    }
}
