//! The few operations on files that the durable store is made of, so that its tests can cut the
//! power between any two.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::string::String;
use std::sync::Arc;
use std::thread;
use std::vec::Vec;

use redb::StorageBackend;
use redb::backends::FileBackend;

use super::DurableError;

/// Files of one folder. Paths are relative to it, their parts between slashes. Copies are of the
/// same folder.
pub trait FileSystem: Clone + Send + Sync + 'static {
    /// A file that is written here and there.
    type RandomAccess: StorageBackend;

    /// A file that is nobody else's as long as this is not dropped.
    type Lock: Send + Sync;

    /// Work that goes on beside.
    type Job: Job;

    /// Returns the bytes of a file, or `None` where there is no such file.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// Writes a file, in the place of one that is there.
    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// Waits until the bytes of files are durable; those that are not there any more are skipped.
    /// Their names are so after [`sync_folders`](Self::sync_folders).
    fn sync(&self, paths: &[String]) -> io::Result<()>;

    /// Gives a file a name, in the place of the file that had it.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Gives a file one more name, which no file has.
    fn link(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file. That there is none is fine.
    fn remove(&self, path: &str) -> io::Result<()>;

    /// Removes a folder, if it is there and empty.
    fn remove_folder(&self, path: &str);

    /// Makes a folder in one that is there. Tells whether it was not there.
    fn make_folder(&self, path: &str) -> io::Result<bool>;

    /// Waits until the names in folders are durable.
    fn sync_folders(&self, paths: &[&str]) -> io::Result<()>;

    /// The names of the files in a folder; none where there is no such folder.
    fn list(&self, path: &str) -> io::Result<Vec<String>>;

    /// Opens a file to be written here and there, or begins one.
    fn random_access(&self, path: &str) -> io::Result<Self::RandomAccess>;

    /// Makes a file one's own, or begins one; fails where it is somebody else's.
    fn lock(&self, path: &str) -> io::Result<Self::Lock>;

    /// Begins work that may go on beside.
    fn begin(
        &self,
        work: impl FnOnce() -> Result<(), DurableError> + Send + 'static,
    ) -> io::Result<Self::Job>;
}

/// Work that goes on beside.
pub trait Job: Send + Sync {
    /// Whether it is over.
    fn is_over(&self) -> bool;

    /// Waits until it is over, and tells how it went.
    fn wait(self) -> Result<(), DurableError>;
}

/// The operating system's files.
#[derive(Clone, Debug)]
pub struct Disk {
    root: Arc<PathBuf>,
}

impl Disk {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root: Arc::new(root) }
    }
}

/// So many syncs are asked for at once.
const AT_ONCE: usize = 64;

/// Waits for all, many at a time: what is synced at once, a journal commits at once, and a disk
/// empties its cache for once.
fn at_once<I: Sync>(items: &[I], sync: impl Fn(&I) -> io::Result<()> + Sync) -> io::Result<()> {
    let (sync, each) = (&sync, items.len().div_ceil(AT_ONCE).max(1));
    if let [item] = items {
        return sync(item);
    }
    thread::scope(|scope| {
        let parts = items.chunks(each).map(|items| {
            let sync_each = move || items.iter().try_for_each(sync);
            thread::Builder::new().spawn_scoped(scope, sync_each)
        });
        // Started, all of them, before the first is waited for.
        let started: Vec<_> = parts.collect();
        started.into_iter().try_for_each(|started| {
            started?.join().unwrap_or_else(|_| Err(io::Error::other("a sync was abandoned")))
        })
    })
}

fn unless_missing<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl FileSystem for Disk {
    type RandomAccess = FileBackend;
    type Lock = fs::File;
    type Job = thread::JoinHandle<Result<(), DurableError>>;

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        unless_missing(fs::read(self.root.join(path)))
    }

    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        fs::File::create(self.root.join(path))?.write_all(bytes)
    }

    fn sync(&self, paths: &[String]) -> io::Result<()> {
        at_once(paths, |path| match unless_missing(fs::File::open(self.root.join(path)))? {
            Some(file) => file.sync_data(),
            None => Ok(()),
        })
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.root.join(from), self.root.join(to))
    }

    fn link(&self, from: &str, to: &str) -> io::Result<()> {
        fs::hard_link(self.root.join(from), self.root.join(to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        unless_missing(fs::remove_file(self.root.join(path))).map(|_| ())
    }

    fn remove_folder(&self, path: &str) {
        // One that is not empty stays.
        _ = fs::remove_dir(self.root.join(path));
    }

    fn make_folder(&self, path: &str) -> io::Result<bool> {
        match fs::create_dir(self.root.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            result => result.map(|()| true),
        }
    }

    /// Where a folder cannot be opened as a file, names are left to the file system's journal.
    fn sync_folders(&self, paths: &[&str]) -> io::Result<()> {
        if !cfg!(unix) {
            return Ok(());
        }
        at_once(paths, |path| fs::File::open(self.root.join(path))?.sync_all())
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let Some(names) = unless_missing(fs::read_dir(self.root.join(path)))? else {
            return Ok(Vec::new());
        };
        let mut files = Vec::new();
        for entry in names {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                files.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        Ok(files)
    }

    fn random_access(&self, path: &str) -> io::Result<FileBackend> {
        let mut options = fs::OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        FileBackend::new(options.open(self.root.join(path))?).map_err(io::Error::other)
    }

    fn lock(&self, path: &str) -> io::Result<fs::File> {
        let mut options = fs::OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).open(self.root.join(path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    fn begin(
        &self,
        work: impl FnOnce() -> Result<(), DurableError> + Send + 'static,
    ) -> io::Result<Self::Job> {
        thread::Builder::new().name("log settles".into()).spawn(work)
    }
}

impl Job for thread::JoinHandle<Result<(), DurableError>> {
    fn is_over(&self) -> bool {
        self.is_finished()
    }

    fn wait(self) -> Result<(), DurableError> {
        self.join().unwrap_or(Err(DurableError::Broken))
    }
}
