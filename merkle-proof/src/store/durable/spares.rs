//! Files that are made before they are needed.

use std::format;
use std::string::String;
use std::vec::Vec;

use redb::StorageBackend;

use super::DurableError;
use super::file_system::{FileSystem, Job};
use super::tile_files::UNFINISHED;

/// So many files for checkpoints are ready when some are made.
const NOTES: usize = 16;
/// Fewer than so many files for checkpoints are too few.
const FEW_NOTES: usize = 4;
/// So many empty files are made at once at least, and at most.
const LEAST: usize = 4;
const MOST: usize = 256;

// State: names of files in `unfinished/` that are free to be used (`files`, `notes`), those that a
// thread beside is making (`making`), those it is to remove (`old`) and to cut (`long`), and how
// many empty files the batch at hand has taken so far.
//
// Invariant: a name is handed out once, and nothing outside `unfinished/` has it before. A file for
// a checkpoint has the length of a checkpoint and is durable as zeros, so that writing over it
// changes no length and takes no block: its sync waits for its bytes alone, not for the journal
// with all tiles that were named since. Whatever of it a cut leaves is removed when the store is
// opened. A file that is to be cut holds nothing that is needed, and is written again only after it
// was cut, or after nobody will cut it any more.
//
// Cost: as many files as would be made anyway, beside the sync of the staged batch; 16 files of the
// length of a checkpoint, synced together, for each 12 or more checkpoints; the removal of one
// file for each checkpoint.
/// Empty files for tiles, and files for checkpoints.
pub(super) struct Spares<J> {
    files: Vec<String>,
    notes: Vec<String>,
    /// The length of each of `notes`.
    length: usize,
    making: Option<Making<J>>,
    /// What is to be removed.
    old: Vec<String>,
    /// What is to be cut to a length.
    long: Vec<(String, u64)>,
    /// The number of the next file.
    next: u64,
    /// Empty files that were asked for since the last call of `begin`.
    taken: usize,
}

struct Making<J> {
    job: J,
    files: Vec<String>,
    notes: Vec<String>,
    length: usize,
    long: Vec<(String, u64)>,
}

fn cut<F: FileSystem>(files: &F, long: &[(String, u64)]) -> Result<(), DurableError> {
    long.iter().try_for_each(|(path, length)| {
        let cut = files.random_access(path).and_then(|file| file.set_len(*length));
        cut.map_err(|error| DurableError::io(path, error))
    })
}

impl<J: Job> Spares<J> {
    pub(super) const fn new() -> Self {
        Self {
            files: Vec::new(),
            notes: Vec::new(),
            length: 0,
            making: None,
            old: Vec::new(),
            long: Vec::new(),
            next: 2,
            taken: 0,
        }
    }

    /// Begins to make what batches are likely to need, as much as the last one did for each, and
    /// to remove what is to be removed. Returns how many syncs that takes.
    pub(super) fn begin<F>(&mut self, files: &F) -> Result<usize, DurableError>
    where
        F: FileSystem<Job = J>,
    {
        // For the batch at hand and for the next one, which so never waits.
        let wanted = core::mem::take(&mut self.taken).saturating_mul(2).clamp(LEAST, MOST);
        self.take_up()?;
        let few_notes = self.length > 0 && self.notes.len() < FEW_NOTES;
        let enough =
            self.files.len() >= wanted && !few_notes && self.old.is_empty() && self.long.is_empty();
        if self.making.is_some() || enough {
            return Ok(0);
        }
        let more = if few_notes { NOTES.saturating_sub(self.notes.len()) } else { 0 };
        let empty = self.names(wanted.saturating_sub(self.files.len()));
        let (notes, length) = (self.names(more), self.length);
        let (disk, to_empty, to_notes) = (files.clone(), empty.clone(), notes.clone());
        let (old, long) = (core::mem::take(&mut self.old), core::mem::take(&mut self.long));
        let to_cut = long.clone();
        let job = files.begin(move || {
            let io = |error| DurableError::io(UNFINISHED, error);
            to_empty.iter().try_for_each(|path| disk.write(path, &[])).map_err(io)?;
            let zeros = std::vec![0; length];
            to_notes.iter().try_for_each(|path| disk.write(path, &zeros)).map_err(io)?;
            if !to_notes.is_empty() {
                disk.sync(&to_notes).map_err(io)?;
            }
            old.iter().try_for_each(|path| disk.remove(path)).map_err(io)?;
            cut(&disk, &to_cut)
        });
        let job = job.map_err(|error| DurableError::io(UNFINISHED, error))?;
        self.making = Some(Making { job, files: empty, notes, length, long });
        Ok(more)
    }

    fn name(&mut self) -> String {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        format!("{UNFINISHED}/{number}")
    }

    fn names(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.name()).collect()
    }

    /// Returns a name for a file that is to be removed.
    pub(super) fn old(&mut self) -> String {
        self.name()
    }

    /// Has a file removed beside, at the next call of `begin`.
    pub(super) fn remove_later(&mut self, old: String) {
        self.old.push(old);
    }

    /// Waits until what was begun is made.
    pub(super) fn wait(&mut self) -> Result<(), DurableError> {
        let Some(Making { job, files, notes, length, .. }) = self.making.take() else {
            return Ok(());
        };
        job.wait()?;
        self.files.extend(files);
        if length == self.length {
            self.notes.extend(notes);
        } else {
            self.files.extend(notes);
        }
        Ok(())
    }

    /// Has a file cut to a length beside, at the next call of `begin`, if it is not
    /// [kept](Self::keep) before.
    pub(super) fn cut_later(&mut self, path: String, length: u64) {
        self.long.push((path, length));
    }

    /// Sees to it that a file is not cut from now on.
    pub(super) fn keep(&mut self, path: &str) -> Result<(), DurableError> {
        self.long.retain(|(of, _)| of != path);
        let making = self.making.as_ref();
        match making.is_some_and(|making| making.long.iter().any(|(of, _)| of == path)) {
            true => self.wait(),
            false => Ok(()),
        }
    }

    /// Ends what was begun, and does what nothing was begun for.
    pub(super) fn finish<F>(&mut self, files: &F) -> Result<(), DurableError>
    where
        F: FileSystem<Job = J>,
    {
        self.wait()?;
        cut(files, &core::mem::take(&mut self.long))
    }

    /// Takes what was begun, if it is made.
    fn take_up(&mut self) -> Result<(), DurableError> {
        match self.making.as_ref().is_some_and(|making| making.job.is_over()) {
            true => self.wait(),
            false => Ok(()),
        }
    }

    /// Returns a file to be written whole, if one is ready.
    pub(super) fn file(&mut self) -> Result<Option<String>, DurableError> {
        self.taken = self.taken.saturating_add(1);
        if self.files.is_empty() {
            self.take_up()?;
        }
        Ok(self.files.pop())
    }

    /// Returns a file of this length to be written over, if one is ready.
    pub(super) fn note(&mut self, length: usize) -> Result<Option<String>, DurableError> {
        self.take_up()?;
        if length != self.length {
            self.length = length;
            self.files.append(&mut self.notes);
        }
        Ok(self.notes.pop())
    }
}
