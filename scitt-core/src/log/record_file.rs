//! What the leaves of a durable log stand for, in one file.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
    path::Path,
    vec::Vec,
};

use merkle_proof::{Sha256Tree, TreeHash};

/// Index, length and checksum in front of each record.
const HEAD: usize = 8 + 4 + 32;

/// A record is no longer than this: a service takes statements of 1 MiB, unless it says otherwise.
const LONGEST: u32 = 1 << 28;

/// Records one after the other, each with the index of its leaf and a checksum.
///
/// # State, invariant, cost
///
/// Records are written and synced before the log commits their leaves. A cut between both leaves
/// records behind the last leaf, which opening the file removes; a record of a committed leaf that
/// is missing or torn is damage. In memory is the place of each record, eight bytes a leaf.
#[derive(Debug)]
pub(super) struct RecordFile {
    file: File,
    /// Where each record begins; the last one is the end of the file.
    places: Vec<u64>,
}

impl RecordFile {
    /// Opens the file of a log with `leaves` leaves, and makes it where there is none.
    ///
    /// # Errors
    ///
    /// Those of the file system; [`io::ErrorKind::InvalidData`] where a record of a leaf is missing
    /// or damaged.
    pub(super) fn open(path: &Path, leaves: u64) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        let mut places = Vec::new();
        places.push(0);
        let mut reader = BufReader::new(&mut file);
        let mut end = 0_u64;
        for index in 0..leaves {
            let record = read_record(&mut reader, index)?;
            let record = record.ok_or(io::Error::from(io::ErrorKind::InvalidData))?;
            end = end.saturating_add(length(record.len));
            places.push(end);
        }
        file.set_len(end)?;
        file.sync_all()?;
        Ok(Self { file, places })
    }

    /// Writes the records of the next leaves, and syncs them.
    pub(super) fn append<'r>(&mut self, records: impl Iterator<Item = &'r [u8]>) -> io::Result<()> {
        let start = self.end();
        let mut bytes = Vec::new();
        let mut places = Vec::new();
        let first = self.places.len().saturating_sub(1);
        for (place, record) in records.enumerate() {
            let index = u64::try_from(first.saturating_add(place)).map_err(io::Error::other)?;
            let len = u32::try_from(record.len()).ok().filter(|len| *len <= LONGEST);
            let len = len.ok_or(io::Error::from(io::ErrorKind::InvalidInput))?;
            bytes.extend_from_slice(&index.to_be_bytes());
            bytes.extend_from_slice(&len.to_be_bytes());
            bytes.extend_from_slice(&checksum(index, record));
            bytes.extend_from_slice(record);
            let end = u64::try_from(bytes.len()).map_err(io::Error::other)?;
            places.push(start.saturating_add(end));
        }
        self.file.seek(SeekFrom::Start(start))?;
        self.file.write_all(&bytes)?;
        self.file.sync_data()?;
        self.places.append(&mut places);
        Ok(())
    }

    /// Returns the record of a leaf; `None` where there is no such leaf.
    pub(super) fn record(&self, index: u64) -> io::Result<Option<Vec<u8>>> {
        let place = usize::try_from(index).ok();
        let Some(start) = place.and_then(|place| {
            let _ = self.places.get(place.checked_add(1)?)?;
            self.places.get(place)
        }) else {
            return Ok(None);
        };
        let mut file = &self.file;
        file.seek(SeekFrom::Start(*start))?;
        match read_record(&mut file, index)? {
            Some(record) => Ok(record.content),
            None => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// Erases the record of a leaf for good: its place stays, filled with zeros. Returns whether
    /// there was one that was not erased yet.
    pub(super) fn erase(&mut self, index: u64) -> io::Result<bool> {
        let Some(record) = self.record(index)? else { return Ok(false) };
        let place = usize::try_from(index).ok().and_then(|place| self.places.get(place).copied());
        let Some(start) = place else { return Ok(false) };
        let sum = erased(index);
        let before = u64::try_from(HEAD.saturating_sub(sum.len())).map_err(io::Error::other)?;
        // Once the head says so, what follows counts for nothing, whenever it is gone.
        self.file.seek(SeekFrom::Start(start.saturating_add(before)))?;
        self.file.write_all(&sum)?;
        self.file.sync_data()?;
        let mut left = record.len();
        let zeros = [0; 4096];
        while left > 0 {
            let piece = zeros.get(..left.min(zeros.len())).unwrap_or(&zeros);
            self.file.write_all(piece)?;
            left = left.saturating_sub(piece.len());
        }
        self.file.sync_data()?;
        Ok(true)
    }

    fn end(&self) -> u64 {
        self.places.last().copied().unwrap_or(0)
    }
}

/// A record, as far as it is there.
struct Record {
    len: usize,
    /// `None`: it was erased.
    content: Option<Vec<u8>>,
}

/// The record that begins here; `None` if there is no record, or one of another leaf.
fn read_record(reader: &mut impl Read, index: u64) -> io::Result<Option<Record>> {
    let mut head = [0; HEAD];
    match reader.read_exact(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let Some((of, rest)) = head.split_first_chunk::<8>() else { return Ok(None) };
    let Some((len, sum)) = rest.split_first_chunk::<4>() else { return Ok(None) };
    let len = u32::from_be_bytes(*len);
    if u64::from_be_bytes(*of) != index || len > LONGEST {
        return Ok(None);
    }
    // Not allocated by what the head announces: a damaged one ends with the file.
    let mut record = Vec::new();
    reader.take(u64::from(len)).read_to_end(&mut record)?;
    if u32::try_from(record.len()) != Ok(len) {
        return Ok(None);
    }
    let len = record.len();
    let content = if checksum(index, &record)[..] == *sum {
        Some(record)
    } else if erased(index)[..] == *sum {
        None
    } else {
        return Ok(None);
    };
    Ok(Some(Record { len, content }))
}

/// What stands in place of the checksum of a record that was erased.
fn erased(index: u64) -> [u8; 32] {
    Sha256Tree.leaf(&[b"scitt-core erased record\0", &index.to_be_bytes()])
}

fn checksum(index: u64, record: &[u8]) -> [u8; 32] {
    Sha256Tree.leaf(&[b"scitt-core record\0", &index.to_be_bytes(), record])
}

/// What a record takes in the file.
fn length(record: usize) -> u64 {
    u64::try_from(record.saturating_add(HEAD)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> std::path::PathBuf {
        let folder =
            std::env::temp_dir().join(std::format!("records-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn records_behind_the_last_leaf_are_removed() {
        let folder = folder("behind");
        let path = folder.join("records");
        let mut file = RecordFile::open(&path, 0).unwrap();
        file.append([&b"one"[..], b"two", b"three"].into_iter()).unwrap();
        drop(file);
        let mut file = RecordFile::open(&path, 2).unwrap();
        assert_eq!(file.record(1).unwrap().as_deref(), Some(&b"two"[..]));
        assert_eq!(file.record(2).unwrap(), None);
        file.append([&b"third"[..]].into_iter()).unwrap();
        drop(file);
        let file = RecordFile::open(&path, 3).unwrap();
        assert_eq!(file.record(2).unwrap().as_deref(), Some(&b"third"[..]));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn an_erased_record_is_gone_and_the_others_stay() {
        let folder = folder("erased");
        let path = folder.join("records");
        let mut file = RecordFile::open(&path, 0).unwrap();
        let long = [7; 10_000];
        file.append([&b"one"[..], &long, b"three"].into_iter()).unwrap();
        assert!(file.erase(1).unwrap());
        assert!(!file.erase(1).unwrap());
        assert!(!file.erase(3).unwrap());
        drop(file);
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(2).any(|pair| pair == [7, 7]));
        let file = RecordFile::open(&path, 3).unwrap();
        assert_eq!(file.record(1).unwrap(), None);
        assert_eq!(file.record(0).unwrap().as_deref(), Some(&b"one"[..]));
        assert_eq!(file.record(2).unwrap().as_deref(), Some(&b"three"[..]));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_record_of_a_leaf_that_is_torn_or_changed_is_damage() {
        let folder = folder("torn");
        let path = folder.join("records");
        let mut file = RecordFile::open(&path, 0).unwrap();
        file.append([&b"one"[..], b"two"].into_iter()).unwrap();
        drop(file);
        let whole = std::fs::read(&path).unwrap();
        for cut in 0..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let error = RecordFile::open(&path, 2).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{cut}");
        }
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            assert!(RecordFile::open(&path, 2).is_err(), "{at}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
