//! Objects as files.

use std::borrow::ToOwned;
use std::collections::BTreeSet;
use std::format;
use std::io;
use std::string::String;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::vec::Vec;

use redb::StorageBackend;
use sha2::{Digest, Sha256};

use super::spares::Spares;
use super::state_file::{BATCH, Unsynced};
use super::{DurableError, FileSystem};
use crate::store::{CreateError, Object};

const PUBLIC: &str = "public";
const STAGED: &str = "staged";
/// Files on their way to their names. Whatever is here at the start is of a cut.
pub(super) const UNFINISHED: &str = "unfinished";
const CHECKPOINT: &str = "public/checkpoint";

/// So many folders are remembered as made; more begin a new list.
const REMEMBERED: usize = 64;

/// A file of a staged batch that is longer gives its space back when it is not needed any more.
const LONG: u64 = 1 << 20;

/// So many bytes of a staged batch are written at a time: few enough to be in a processor's cache
/// still.
const PIECE: usize = 256 << 10;

/// What is written to a file.
enum Write<'b> {
    /// There is no such file.
    New(&'b [u8]),
    /// In the place of the one that may be there.
    Over(&'b [u8]),
}

/// Files that are written at once, and durable later.
pub(super) struct TileFiles<F: FileSystem> {
    pub(super) files: F,
    spares: Spares<F::Job>,
    slots: u64,
    /// Folders that are there.
    made: BTreeSet<String>,
    /// Written and not durable yet.
    unsettled: Unsettled,
    /// A write or a sync failed. What the operating system shows from then on need not be what the
    /// disk has, so it cannot be gone on from (Rebello et al., Can Applications Recover from fsync
    /// Failures?, USENIX ATC 2020).
    broken: AtomicBool,
    syncs: AtomicU64,
}

/// Files whose bytes, and folders whose names, are not durable yet.
#[derive(Default)]
pub(super) struct Unsettled {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl Unsettled {
    /// Waits until all are durable.
    pub(super) fn settle<F: FileSystem>(self, files: &F) -> Result<(), DurableError> {
        let first = self.files.first().cloned().unwrap_or_default();
        let io = |error| DurableError::io(&first, error);
        let paths = Vec::from_iter(self.files);
        files.sync(&paths).map_err(io)?;
        let folders: Vec<_> = self.folders.iter().map(String::as_str).collect();
        files.sync_folders(&folders).map_err(io)
    }

    pub(super) fn syncs(&self) -> usize {
        self.files.len().saturating_add(self.folders.len())
    }
}

impl<F: FileSystem> TileFiles<F> {
    pub(super) fn open(files: F, slots: u64) -> Result<Self, DurableError> {
        let mut store = Self {
            files,
            spares: Spares::new(),
            slots,
            made: BTreeSet::new(),
            unsettled: Unsettled::default(),
            broken: AtomicBool::new(false),
            syncs: AtomicU64::new(0),
        };
        store.guarded(UNFINISHED, |store| {
            for folder in [PUBLIC, STAGED, UNFINISHED] {
                store.files.make_folder(folder)?;
                store.made.insert(folder.to_owned());
            }
            // Left over from a cut: never named, so never part of the log.
            for name in store.files.list(UNFINISHED)? {
                store.files.remove(&format!("{UNFINISHED}/{name}"))?;
            }
            // The places of staged batches have their names before a batch is in one of them.
            let there = BTreeSet::from_iter(store.files.list(STAGED)?);
            let is_there = |path: &String| there.iter().any(|name| path.ends_with(name));
            for path in slot_paths(store.slots).iter().filter(|path| !is_there(path)) {
                drop(store.files.random_access(path)?);
            }
            store.files.sync_folders(&["", STAGED])
        })?;
        Ok(store)
    }

    pub(super) fn object(&self, name: &str) -> Result<Option<Vec<u8>>, DurableError> {
        let path = path(name)?;
        self.reading(&path)
    }

    pub(super) fn list(&self, folder: &str) -> Result<Vec<String>, DurableError> {
        self.check()?;
        let path = path(folder)?;
        let names = self.files.list(&path).map_err(|error| DurableError::io(&path, error))?;
        Ok(names.iter().map(|name| format!("{folder}/{name}")).collect())
    }

    pub(super) fn published(&self) -> Result<Option<Vec<u8>>, DurableError> {
        self.reading(CHECKPOINT)
    }

    fn reading(&self, path: &str) -> Result<Option<Vec<u8>>, DurableError> {
        self.check()?;
        self.files.read(path).map_err(|error| DurableError::io(path, error))
    }

    pub(super) fn create(
        &mut self,
        objects: &[Object<'_>],
    ) -> Result<(), CreateError<DurableError>> {
        let mut placed = Vec::new();
        for object in objects {
            let path = path(object.name)?;
            match self.reading(&path)? {
                Some(there) if there != object.bytes => {
                    return Err(CreateError::Conflict { name: object.name.to_owned() });
                }
                // Equal bytes need not be written, but they may not be durable yet: they are
                // settled, too.
                there => placed.push((path, there.is_none().then_some(Write::New(object.bytes)))),
            }
        }
        Ok(self.write_all(placed)?)
    }

    pub(super) fn replace(&mut self, objects: &[Object<'_>]) -> Result<(), DurableError> {
        let mut placed = Vec::new();
        for object in objects {
            placed.push((path(object.name)?, Some(Write::Over(object.bytes))));
        }
        self.write_all(placed)
    }

    /// Writes files. What is there already may be so only for now: it is settled too.
    ///
    /// A new file is a spare one that gets its name, or is written under it: nothing that is public
    /// names it yet, and a cut that leaves it torn leaves the staged batch that it follows from.
    /// What takes the place of another file takes it whole.
    fn write_all(&mut self, placed: Vec<(String, Option<Write<'_>>)>) -> Result<(), DurableError> {
        let first = placed.first().map_or_else(String::new, |(path, _)| path.clone());
        self.guarded_by(|store| {
            let io = |error| DurableError::io(&first, error);
            for (path, write) in placed {
                let folder = folder(&path);
                store.make(folder).map_err(io)?;
                store.unsettled.folders.insert(folder.to_owned());
                match write {
                    None => {}
                    Some(Write::New(bytes)) => match store.spares.file()? {
                        Some(spare) => store.write_named(&spare, bytes, &path).map_err(io)?,
                        None => store.files.write(&path, bytes).map_err(io)?,
                    },
                    Some(Write::Over(bytes)) => {
                        let unfinished = format!("{UNFINISHED}/0");
                        store.write_named(&unfinished, bytes, &path).map_err(io)?;
                    }
                }
                store.unsettled.files.insert(path);
            }
            Ok(())
        })
    }

    fn write_named(&self, unfinished: &str, bytes: &[u8], path: &str) -> io::Result<()> {
        self.files.write(unfinished, bytes)?;
        self.files.rename(unfinished, path)
    }

    /// Begins to make the files that the next batch is likely to need.
    pub(super) fn begin_spares(&mut self) -> Result<(), DurableError> {
        self.guarded_by(|store| {
            let syncs = store.spares.begin(&store.files)?;
            store.count_syncs(syncs);
            Ok(())
        })
    }

    pub(super) fn finish_spares(&mut self) -> Result<(), DurableError> {
        self.spares.finish(&self.files)
    }

    pub(super) fn publish(&mut self, checkpoint: &[u8]) -> Result<(), DurableError> {
        self.guarded_by(|store| {
            let io = |error| DurableError::io(CHECKPOINT, error);
            // The bytes before the name: a name that points to nothing would be a checkpoint of
            // nothing.
            let unfinished = match store.spares.note(checkpoint.len())? {
                Some(spare) => {
                    let file = store.files.random_access(&spare).map_err(io)?;
                    file.write(0, checkpoint).map_err(io)?;
                    file.sync_data().map_err(io)?;
                    spare
                }
                None => {
                    let unfinished = format!("{UNFINISHED}/1");
                    store.files.write(&unfinished, checkpoint).map_err(io)?;
                    store.files.sync(core::slice::from_ref(&unfinished)).map_err(io)?;
                    unfinished
                }
            };
            store.count_syncs(1);
            // The file that loses its name keeps another one until it is removed beside: to remove
            // a file that was synced takes a disk's file system as long as to sync one. Where there
            // are no links, it takes that time here.
            let old = store.spares.old();
            if store.files.link(CHECKPOINT, &old).is_ok() {
                store.spares.remove_later(old);
            }
            store.files.rename(&unfinished, CHECKPOINT).map_err(io)?;
            // A cut that takes the new name away leaves the old checkpoint, and the state publishes
            // the new one again.
            store.unsettled.folders.insert(PUBLIC.to_owned());
            Ok(())
        })
    }

    pub(super) fn remove(&mut self, name: &str) -> Result<(), DurableError> {
        let path = path(name)?;
        self.guarded(&path, |store| {
            store.files.remove(&path)?;
            let folder = folder(&path);
            if folder.ends_with(".p") {
                store.files.remove_folder(folder);
                store.made.remove(folder);
                // What is not there any more is not waited for.
                store.unsettled.folders.remove(folder);
            }
            Ok(())
        })
    }

    pub(super) const fn slots(&self) -> u64 {
        self.slots
    }

    /// Writes a batch behind the place of its state. It is durable with that.
    pub(super) fn stage(
        &mut self,
        sequence: u64,
        parts: &[&[u8]],
    ) -> Result<Unsynced, DurableError> {
        let path = self.place(sequence);
        self.guarded_by(|store| {
            store.spares.keep(&path)?;
            let io = |error| DurableError::io(&path, error);
            let file = store.files.random_access(&path).map_err(io)?;
            let (mut piece, mut offset) = (Vec::with_capacity(PIECE), BATCH);
            let mut digest = Sha256::new();
            let mut write = |piece: &mut Vec<u8>| {
                file.write(offset, piece).map_err(io)?;
                digest.update(&*piece);
                offset = offset.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
                piece.clear();
                Ok(())
            };
            for part in parts {
                piece.extend_from_slice(part);
                if piece.len() >= PIECE {
                    write(&mut piece)?;
                }
            }
            write(&mut piece)?;
            let length = offset.saturating_sub(BATCH);
            Ok(Unsynced { path: path.clone(), length, digest: digest.finalize().into() })
        })
    }

    pub(super) fn unstage(&mut self, sequence: u64) -> Result<(), DurableError> {
        let path = self.place(sequence);
        self.guarded(&path, |store| {
            let file = store.files.random_access(&path)?;
            // To give blocks back takes a disk's file system as long as to sync a file.
            if file.len()? > LONG {
                store.spares.cut_later(path.clone(), BATCH);
            }
            Ok(())
        })
    }

    /// The file of a staged batch.
    fn place(&self, sequence: u64) -> String {
        slot_path(sequence.checked_rem(self.slots).unwrap_or(0))
    }

    pub(super) fn staged(&self, sequence: u64) -> Result<Option<Vec<u8>>, DurableError> {
        let file = self.reading(&self.place(sequence))?;
        Ok(file.map(|mut file| {
            let batch = usize::try_from(BATCH).unwrap_or(usize::MAX).min(file.len());
            file.drain(..batch);
            file
        }))
    }

    /// Takes what is not durable yet, for somebody to settle.
    pub(super) fn leave(&mut self) -> Unsettled {
        let unsettled = core::mem::take(&mut self.unsettled);
        self.count_syncs(unsettled.syncs());
        unsettled
    }

    /// Makes a folder and those it is in.
    fn make(&mut self, folder: &str) -> io::Result<()> {
        if self.made.contains(folder) {
            return Ok(());
        }
        if self.made.len() >= REMEMBERED {
            self.made.clear();
        }
        let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
        for part in ends.filter_map(|end| folder.get(..end)) {
            if !self.made.contains(part) {
                self.files.make_folder(part)?;
                // It may be there only for now, whoever made it.
                self.unsettled.folders.insert(self::folder(part).to_owned());
                self.made.insert(part.to_owned());
            }
        }
        Ok(())
    }

    pub(super) fn count_syncs(&self, more: usize) {
        let more = u64::try_from(more).unwrap_or(u64::MAX);
        self.syncs.fetch_add(more, Ordering::Relaxed);
    }

    pub(super) fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::Relaxed)
    }

    pub(super) fn check(&self) -> Result<(), DurableError> {
        if self.broken.load(Ordering::Relaxed) { Err(DurableError::Broken) } else { Ok(()) }
    }

    pub(super) fn guarded(
        &mut self,
        path: &str,
        write: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> Result<(), DurableError> {
        self.guarded_by(|store| write(store).map_err(|error| DurableError::io(path, error)))
    }

    /// Nothing goes on after a write that failed.
    pub(super) fn guarded_by<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<T, DurableError>,
    ) -> Result<T, DurableError> {
        self.check()?;
        self.broken.store(true, Ordering::Relaxed);
        let value = write(self)?;
        self.broken.store(false, Ordering::Relaxed);
        Ok(value)
    }
}

fn slot_path(slot: u64) -> String {
    format!("{STAGED}/{slot:03}")
}

/// The files of staged batches.
pub(super) fn slot_paths(count: u64) -> Vec<String> {
    (0..count).map(slot_path).collect()
}

/// The file of an object.
pub(super) fn path(name: &str) -> Result<String, DurableError> {
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.');
    let known = name.starts_with("tile/") || name.starts_with("staged/");
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'/' || byte == b'.';
    if !known || !name.split('/').all(plain) || !name.bytes().all(safe) {
        return Err(DurableError::Name(name.to_owned()));
    }
    Ok(if name.starts_with("tile/") { format!("{PUBLIC}/{name}") } else { name.to_owned() })
}

/// The folder a path is in; empty for the root.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
