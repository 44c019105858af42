//! The state, in a file of its own and beside the batch that led to it.

use std::string::{String, ToString};
use std::vec::Vec;

use redb::StorageBackend;
use sha2::{Digest, Sha256};

use super::{DurableError, FileSystem};
use crate::store::Swap;

pub(super) const FILE: &str = "state";
const UNFINISHED: &str = "unfinished.state";

const MAGIC: &[u8] = b"merkle-proof state 1\n";
/// So long is each place for a state; no write to one touches a block of another.
const PLACE: usize = 8192;
/// Where a staged batch begins in its file, behind the place of the state that it leads to.
pub(super) const BATCH: u64 = 8192;

/// A batch that was written and is not durable yet.
pub(super) struct Unsynced {
    pub(super) path: String,
    pub(super) length: u64,
    pub(super) digest: [u8; 32],
}

/// The value of the lock: of all places, the one with the highest number whose digests are right.
///
/// Places are the first 8 KiB of each staged batch's file, and two in the file `state`. A swap
/// after a batch was staged writes the place in front of the batch and syncs both at once; any
/// other swap writes the older place of `state`. A cut in it leaves that place or its batch torn,
/// and the value as it was: the digests are SHA-256, so nothing that is torn passes, whoever chose
/// the bytes.
///
/// In a place stand a magic word, the number in eight bytes, the length of the value in two, the
/// value, the length of the batch in eight, its digest, and the digest of all that.
pub(super) struct StateFile<F: FileSystem> {
    file: Option<F::RandomAccess>,
    number: u64,
    /// Whether the last value that `state` itself has is in its second place.
    second: bool,
    value: Option<Vec<u8>>,
}

/// What stands in a place.
struct Place {
    number: u64,
    value: Vec<u8>,
    length: u64,
    digest: [u8; 32],
}

impl Place {
    fn encode(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::from(MAGIC);
        bytes.extend_from_slice(&self.number.to_be_bytes());
        bytes.extend_from_slice(&u16::try_from(self.value.len()).ok()?.to_be_bytes());
        bytes.extend_from_slice(&self.value);
        bytes.extend_from_slice(&self.length.to_be_bytes());
        bytes.extend_from_slice(&self.digest);
        let digest = Sha256::digest(&bytes);
        bytes.extend_from_slice(&digest);
        (bytes.len() <= PLACE).then_some(bytes)
    }

    fn decode(place: &[u8]) -> Option<Self> {
        let (number, rest) = place.strip_prefix(MAGIC)?.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (value, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let (length, rest) = rest.split_first_chunk()?;
        let (of_batch, rest) = rest.split_first_chunk()?;
        let digested = place.len().checked_sub(rest.len())?;
        let right = Sha256::digest(place.get(..digested)?)[..] == rest.first_chunk::<32>()?[..];
        right.then(|| Self {
            number: u64::from_be_bytes(*number),
            value: value.into(),
            length: u64::from_be_bytes(*length),
            digest: *of_batch,
        })
    }

    /// Whether the batch behind this place is the one that it was written with.
    fn has_its_batch(&self, file: &[u8]) -> bool {
        let end = usize::try_from(self.length).ok().and_then(|length| length.checked_add(PLACE));
        let batch = end.and_then(|end| file.get(PLACE..end));
        batch.is_some_and(|batch| Sha256::digest(batch)[..] == self.digest[..])
    }
}

impl<F: FileSystem> StateFile<F> {
    /// `slots` are the files of staged batches.
    ///
    /// # Errors
    ///
    /// [`DurableError::Damaged`] where there is a file and neither of its places has a value.
    pub(super) fn open(files: &F, slots: &[String]) -> Result<Self, DurableError> {
        let io = |path: &str, error| DurableError::io(path, error);
        let mut beside = Vec::new();
        for path in slots {
            let file = files.random_access(path).map_err(|error| io(path, error))?;
            let mut place = std::vec![0; PLACE];
            if file.len().map_err(|error| io(path, error))? >= BATCH {
                file.read(0, &mut place).map_err(|error| io(path, error))?;
                beside.extend(Place::decode(&place).map(|place| (place, path)));
            }
        }
        // Numbers go on from the highest that was ever used, whatever became of the values.
        let highest = beside.iter().map(|(place, _)| place.number).max().unwrap_or(0);
        let Some(bytes) = files.read(FILE).map_err(|error| io(FILE, error))? else {
            return Ok(Self { file: None, number: highest, second: false, value: None });
        };
        let damaged = |why: &str| DurableError::Damaged { path: FILE, why: why.to_string() };
        if bytes.len() != 2 * PLACE {
            return Err(damaged("it has another length than it was made with"));
        }
        let own = bytes.chunks_exact(PLACE).zip([false, true]);
        let own = own.filter_map(|(bytes, second)| Some((Place::decode(bytes)?, second)));
        let own = own.max_by_key(|(place, _)| place.number);
        let (own, second) = own.ok_or_else(|| damaged("no state in it is whole"))?;
        let file = files.random_access(FILE).map_err(|error| io(FILE, error))?;
        let mut value = own.value;
        beside.retain(|(place, _)| place.number > own.number);
        beside.sort_by_key(|(place, _)| core::cmp::Reverse(place.number));
        for (place, path) in beside {
            let bytes = files.read(path).map_err(|error| io(path, error))?.unwrap_or_default();
            if place.has_its_batch(&bytes) {
                value = place.value;
                break;
            }
        }
        let number = highest.max(own.number);
        Ok(Self { file: Some(file), number, second, value: Some(value) })
    }

    pub(super) fn load(&self) -> Option<Vec<u8>> {
        self.value.clone()
    }

    pub(super) fn swap(
        &mut self,
        files: &F,
        staged: Option<Unsynced>,
        expected: Option<&[u8]>,
        new: &[u8],
        mut synced: impl FnMut(),
    ) -> Result<Swap, DurableError> {
        if self.value.as_deref() != expected {
            return Ok(Swap::Lost);
        }
        let io = |error| DurableError::io(FILE, error);
        let number = self.number.saturating_add(1);
        let (length, digest) = staged.as_ref().map_or_else(
            || (0, Sha256::digest([]).into()),
            |staged| (staged.length, staged.digest),
        );
        let place = Place { number, value: new.into(), length, digest }.encode();
        let place = place.ok_or_else(|| DurableError::Name(String::from(FILE)))?;
        match (&self.file, staged) {
            (Some(_), Some(staged)) => {
                let io = |error| DurableError::io(&staged.path, error);
                let file = files.random_access(&staged.path).map_err(io)?;
                file.write(0, &place).map_err(io)?;
                file.sync_data().map_err(io)?;
                synced();
            }
            (Some(file), None) => {
                // The place that does not have the last value.
                let second = !self.second;
                file.write(if second { BATCH } else { 0 }, &place).map_err(io)?;
                file.sync_data().map_err(io)?;
                synced();
                self.second = second;
            }
            (None, _) => {
                // A cut leaves either no file or a whole one.
                let mut both = std::vec![0; 2 * PLACE];
                both.iter_mut().zip(&place).for_each(|(to, from)| *to = *from);
                files.write(UNFINISHED, &both).map_err(io)?;
                files.sync(&[String::from(UNFINISHED)]).map_err(io)?;
                files.rename(UNFINISHED, FILE).map_err(io)?;
                files.sync_folders(&[""]).map_err(io)?;
                synced();
                synced();
                self.file = Some(files.random_access(FILE).map_err(io)?);
                self.second = false;
            }
        }
        (self.number, self.value) = (number, Some(new.into()));
        Ok(Swap::Won)
    }
}

#[cfg(all(test, feature = "rustcrypto"))]
mod tests {
    use super::*;
    use crate::store::durable::simulation::{Simulated, World};

    fn opened(bytes: &[u8]) -> Result<Option<Vec<u8>>, DurableError> {
        let disk = Simulated::new(World::default());
        disk.write(FILE, bytes).unwrap();
        Ok(StateFile::open(&disk, &[])?.load())
    }

    #[test]
    fn m106_every_length_of_the_state_is_damage() {
        let disk = Simulated::new(World::default());
        let mut state = StateFile::open(&disk, &[]).unwrap();
        _ = state.swap(&disk, None, None, b"one", || {}).unwrap();
        _ = state.swap(&disk, None, Some(b"one"), b"two", || {}).unwrap();
        let whole = disk.read(FILE).unwrap().unwrap();
        assert_eq!(opened(&whole).unwrap(), Some(b"two".to_vec()));
        for length in 0..whole.len() {
            let found = opened(&whole[..length]);
            let is_damage = matches!(found, Err(DurableError::Damaged { path: FILE, .. }));
            assert!(is_damage, "{length}");
        }
        // A bit of one place leaves the value of the other.
        for bit in (0..whole.len() * 8).step_by(13) {
            let mut changed = whole.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let found = opened(&changed).unwrap();
            let second = bit / 8 < PLACE;
            assert!(
                found.as_deref() == Some(b"two") || (!second && found.as_deref() == Some(b"one"))
            );
        }
    }
}
