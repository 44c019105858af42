//! The state in a file of its own.

use std::format;
use std::string::String;
use std::vec::Vec;

use redb::StorageBackend;
use sha2::{Digest, Sha256};

use super::{DurableError, FileSystem};
use crate::store::Swap;

pub(super) const FILE: &str = "state";
const UNFINISHED: &str = "unfinished.state";

const MAGIC: &[u8] = b"merkle-proof state 1\n";
/// So long is each of the two places; no write to one touches a block of the other.
const PLACE: usize = 8192;

/// The value of the lock: two places, of which the one with the higher number is it, as long as its
/// digest is right.
///
/// A swap writes the other place and syncs once. A cut in it leaves that place torn, and the value
/// as it was: the digest is SHA-256, so nothing that is torn passes, whoever chose the bytes. In a
/// place stand a magic word, the number in eight bytes, the length of the value in two, the value,
/// and the digest of all that.
pub(super) struct StateFile<F: FileSystem> {
    file: Option<F::RandomAccess>,
    number: u64,
    value: Option<Vec<u8>>,
}

fn encode(number: u64, value: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::from(MAGIC);
    bytes.extend_from_slice(&number.to_be_bytes());
    bytes.extend_from_slice(&u16::try_from(value.len()).ok()?.to_be_bytes());
    bytes.extend_from_slice(value);
    let digest = Sha256::digest(&bytes);
    bytes.extend_from_slice(&digest);
    (bytes.len() <= PLACE).then_some(bytes)
}

fn decode(place: &[u8]) -> Option<(u64, Vec<u8>)> {
    let (number, rest) = place.strip_prefix(MAGIC)?.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (value, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let digest = rest.first_chunk::<32>()?;
    let digested = place.len().checked_sub(rest.len())?;
    let right = Sha256::digest(place.get(..digested)?)[..] == digest[..];
    right.then(|| (u64::from_be_bytes(*number), value.into()))
}

impl<F: FileSystem> StateFile<F> {
    /// # Errors
    ///
    /// [`DurableError::Damaged`] where neither place has a value.
    pub(super) fn open(files: &F) -> Result<Self, DurableError> {
        let io = |error| DurableError::io(FILE, error);
        let Some(bytes) = files.read(FILE).map_err(io)? else {
            return Ok(Self { file: None, number: 0, value: None });
        };
        let damaged = |why: &str| DurableError::Damaged { path: FILE, why: why.into() };
        if bytes.len() != 2 * PLACE {
            return Err(damaged("it has another length than it was made with"));
        }
        let places = bytes.chunks_exact(PLACE).filter_map(decode);
        let last = places.max_by_key(|(number, _)| *number);
        let (number, value) = last.ok_or_else(|| damaged("no state in it is whole"))?;
        let file = files.random_access(FILE).map_err(io)?;
        Ok(Self { file: Some(file), number, value: Some(value) })
    }

    pub(super) fn load(&self) -> Option<Vec<u8>> {
        self.value.clone()
    }

    pub(super) fn swap(
        &mut self,
        files: &F,
        expected: Option<&[u8]>,
        new: &[u8],
        mut synced: impl FnMut(),
    ) -> Result<Swap, DurableError> {
        if self.value.as_deref() != expected {
            return Ok(Swap::Lost);
        }
        let io = |error| DurableError::io(FILE, error);
        let number = self.number.saturating_add(1);
        let too_long = || DurableError::Name(format!("{FILE} of {} bytes", new.len()));
        let place = encode(number, new).ok_or_else(too_long)?;
        match &self.file {
            Some(file) => {
                let second = !number.is_multiple_of(2);
                let offset = if second { u64::try_from(PLACE).unwrap_or(0) } else { 0 };
                file.write(offset, &place).map_err(io)?;
                file.sync_data().map_err(io)?;
                synced();
            }
            None => {
                // A cut leaves either no file or a whole one.
                let mut both = std::vec![0; 2 * PLACE];
                let start = if number.is_multiple_of(2) { 0 } else { PLACE };
                for (to, from) in both.iter_mut().skip(start).zip(&place) {
                    *to = *from;
                }
                files.write(UNFINISHED, &both).map_err(io)?;
                files.sync(&[String::from(UNFINISHED)]).map_err(io)?;
                files.rename(UNFINISHED, FILE).map_err(io)?;
                files.sync_folders(&[""]).map_err(io)?;
                synced();
                synced();
                self.file = Some(files.random_access(FILE).map_err(io)?);
            }
        }
        (self.number, self.value) = (number, Some(new.into()));
        Ok(Swap::Won)
    }
}
