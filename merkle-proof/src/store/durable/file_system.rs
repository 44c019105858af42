//! The few operations on files that the durable store is made of, so that its tests can cut the power between any two.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::string::String;
use std::thread;
use std::vec::Vec;

use redb::backends::FileBackend;
use redb::{DatabaseError, StorageBackend};

/// Files of one folder. Paths are relative to it, their parts between slashes.
pub trait FileSystem {
    /// A file that was written and is not synced.
    type File;

    /// A file for a database.
    type RandomAccess: StorageBackend;

    /// The bytes of a file; `None` where there is none.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// Writes a file, in the place of one that is there.
    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<Self::File>;

    /// Waits until the bytes of files are durable. Their names are so after [`sync_folders`](Self::sync_folders).
    fn sync(&self, files: Vec<Self::File>) -> io::Result<()>;

    /// Gives a file a name, in the place of the file that had it.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file. That there is none is fine.
    fn remove(&self, path: &str) -> io::Result<()>;

    /// Makes a folder in one that is there. That it is there is fine.
    fn make_folder(&self, path: &str) -> io::Result<()>;

    /// Waits until the names in folders are durable.
    fn sync_folders(&self, paths: &[&str]) -> io::Result<()>;

    /// The names of the files in a folder.
    fn list(&self, path: &str) -> io::Result<Vec<String>>;

    /// Opens a file to be written here and there, or begins one. It is nobody else's as long as it is open.
    fn random_access(&self, path: &str) -> Result<Self::RandomAccess, DatabaseError>;
}

/// The operating system's files.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root }
    }
}

/// Waits for all, eight at a time: what is synced at once, a journal can commit at once.
fn at_once<I: Sync>(items: &[I], sync: impl Fn(&I) -> io::Result<()> + Sync) -> io::Result<()> {
    let (sync, each) = (&sync, items.len().div_ceil(8).max(1));
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
    type File = fs::File;
    type RandomAccess = FileBackend;

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        unless_missing(fs::read(self.root.join(path)))
    }

    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<fs::File> {
        let mut file = fs::File::create(self.root.join(path))?;
        file.write_all(bytes)?;
        Ok(file)
    }

    fn sync(&self, files: Vec<fs::File>) -> io::Result<()> {
        at_once(&files, fs::File::sync_all)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.root.join(from), self.root.join(to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        unless_missing(fs::remove_file(self.root.join(path))).map(|_| ())
    }

    fn make_folder(&self, path: &str) -> io::Result<()> {
        match fs::create_dir(self.root.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            result => result,
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
        let names = fs::read_dir(self.root.join(path))?;
        names.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    }

    fn random_access(&self, path: &str) -> Result<FileBackend, DatabaseError> {
        let mut options = fs::OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        FileBackend::new(options.open(self.root.join(path))?)
    }
}
