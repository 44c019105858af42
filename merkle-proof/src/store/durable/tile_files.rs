//! Immutable objects as files.

use core::cell::{Cell, RefCell};
use std::borrow::ToOwned;
use std::collections::BTreeSet;
use std::format;
use std::io;
use std::string::String;
use std::vec::Vec;

use super::{DurableError, FileSystem};
use crate::store::{CreateError, Object};

const PUBLIC: &str = "public";
const STAGED: &str = "staged";
/// Files on their way to their names. Whatever is here at the start is of a cut.
const UNFINISHED: &str = "unfinished";
const CHECKPOINT: &str = "public/checkpoint";

/// So many folders are remembered as made and synced; more begin a new list.
const REMEMBERED: usize = 64;

/// Files that have their names only when their bytes are durable.
pub(super) struct TileFiles<F> {
    files: F,
    /// Folders that were made, and synced up to the root, since the store was opened.
    settled: RefCell<BTreeSet<String>>,
    /// A write or a sync failed. What the operating system shows from then on need not be what the disk has, so it
    /// cannot be gone on from (Rebello et al., Can Applications Recover from fsync Failures?, USENIX ATC 2020).
    broken: Cell<bool>,
    syncs: Cell<u64>,
}

impl<F: FileSystem> TileFiles<F> {
    pub(super) fn open(files: F) -> Result<Self, DurableError> {
        let store = Self {
            files,
            settled: RefCell::default(),
            broken: Cell::new(false),
            syncs: Cell::new(0),
        };
        store.guarded(UNFINISHED, || {
            for folder in [PUBLIC, STAGED, UNFINISHED] {
                store.settle(folder)?;
            }
            for name in store.files.list(UNFINISHED)? {
                store.files.remove(&format!("{UNFINISHED}/{name}"))?;
            }
            Ok(())
        })?;
        Ok(store)
    }

    pub(super) fn object(&self, name: &str) -> Result<Option<Vec<u8>>, DurableError> {
        let path = path(name)?;
        self.reading(&path)
    }

    pub(super) fn published(&self) -> Result<Option<Vec<u8>>, DurableError> {
        self.reading(CHECKPOINT)
    }

    fn reading(&self, path: &str) -> Result<Option<Vec<u8>>, DurableError> {
        self.check()?;
        self.files.read(path).map_err(|error| DurableError::io(path, error))
    }

    pub(super) fn create(&self, objects: &[Object<'_>]) -> Result<(), CreateError<DurableError>> {
        let mut placed = Vec::new();
        for object in objects {
            let path = path(object.name)?;
            match self.reading(&path)? {
                Some(there) if there != object.bytes => {
                    return Err(CreateError::Conflict { name: object.name.to_owned() });
                }
                there => placed.push((path, object.bytes, there.is_some())),
            }
        }
        // What is there may be so only for now: its folder is synced too.
        let missing = placed.iter().filter(|(.., there)| !there);
        let missing: Vec<_> = missing.map(|(path, bytes, _)| (path.as_str(), *bytes)).collect();
        let folders: BTreeSet<_> = placed.iter().map(|(path, ..)| folder(path)).collect();
        let folders = Vec::from_iter(folders);
        let first = placed.first().map_or("", |(path, ..)| path);
        self.guarded(first, || {
            folders.iter().try_for_each(|folder| self.settle(folder))?;
            self.place(&missing)?;
            self.sync_folders(&folders)
        })?;
        Ok(())
    }

    pub(super) fn publish(&self, checkpoint: &[u8]) -> Result<(), DurableError> {
        self.guarded(CHECKPOINT, || {
            self.place(&[(CHECKPOINT, checkpoint)])?;
            self.sync_folders(&[PUBLIC])
        })
    }

    pub(super) fn remove(&self, name: &str) -> Result<(), DurableError> {
        let path = path(name)?;
        self.guarded(&path, || self.files.remove(&path))
    }

    /// Writes all, syncs all, and only then names them.
    fn place(&self, files: &[(&str, &[u8])]) -> io::Result<()> {
        let (mut written, mut named) = (Vec::new(), Vec::new());
        for ((path, bytes), number) in files.iter().zip(0_u64..) {
            let unfinished = format!("{UNFINISHED}/{number}");
            written.push(self.files.write(&unfinished, bytes)?);
            named.push((unfinished, path));
        }
        self.count_syncs(written.len());
        self.files.sync(written)?;
        named.iter().try_for_each(|(unfinished, path)| self.files.rename(unfinished, path))
    }

    /// Makes a folder and those it is in, with durable names.
    fn settle(&self, folder: &str) -> io::Result<()> {
        let mut settled = self.settled.borrow_mut();
        if settled.contains(folder) {
            return Ok(());
        }
        if settled.len() >= REMEMBERED {
            settled.clear();
        }
        let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
        for part in ends.filter_map(|end| folder.get(..end)) {
            if !settled.contains(part) {
                self.files.make_folder(part)?;
                self.sync_folders(&[self::folder(part)])?;
                settled.insert(part.to_owned());
            }
        }
        Ok(())
    }

    fn sync_folders(&self, folders: &[&str]) -> io::Result<()> {
        self.count_syncs(folders.len());
        self.files.sync_folders(folders)
    }

    fn count_syncs(&self, more: usize) {
        let more = u64::try_from(more).unwrap_or(u64::MAX);
        self.syncs.set(self.syncs.get().saturating_add(more));
    }

    pub(super) fn syncs(&self) -> u64 {
        self.syncs.get()
    }

    fn check(&self) -> Result<(), DurableError> {
        if self.broken.get() { Err(DurableError::Broken) } else { Ok(()) }
    }

    fn guarded(
        &self,
        path: &str,
        write: impl FnOnce() -> io::Result<()>,
    ) -> Result<(), DurableError> {
        self.check()?;
        self.broken.set(true);
        write().map_err(|error| DurableError::io(path, error))?;
        self.broken.set(false);
        Ok(())
    }
}

/// The file of an object.
fn path(name: &str) -> Result<String, DurableError> {
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
