//! Every length that a cut can leave of the index, and bits that a disk can change.
//!
//! On a file in memory, so that every length is tried in seconds. What a store and a log make of
//! such an index is tried in `tests/damage.rs`, on some lengths and bits.

use std::collections::HashMap;
use std::io;
use std::panic;
use std::println;
use std::string::ToString;
use std::sync::{Arc, Mutex, MutexGuard};
use std::vec::Vec;

use redb::StorageBackend;

use super::{FILE, Index};
use crate::store::Identity;
use crate::store::durable::DurableError;

const PAGE: u64 = 4096;

/// The first bytes of a file, and what was written over them.
#[derive(Debug)]
struct Cut {
    whole: Arc<Vec<u8>>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Bytes of `whole` that are there still.
    left: u64,
    length: u64,
    pages: HashMap<u64, Vec<u8>>,
}

impl Cut {
    fn new(whole: &Arc<Vec<u8>>, length: u64) -> Self {
        let state = State { left: length, length, pages: HashMap::new() };
        Self { whole: whole.clone(), state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn page(&self, state: &State, number: u64) -> Vec<u8> {
        if let Some(page) = state.pages.get(&number) {
            return page.clone();
        }
        let start = (number * PAGE).min(state.left) as usize;
        let end = (number * PAGE + PAGE).min(state.left) as usize;
        let mut page = self.whole[start..end].to_vec();
        page.resize(PAGE as usize, 0);
        page
    }
}

impl StorageBackend for Cut {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().length)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.state();
        if offset + out.len() as u64 > state.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut at = offset;
        let mut out = out;
        while !out.is_empty() {
            let (page, within) = (self.page(&state, at / PAGE), (at % PAGE) as usize);
            let count = out.len().min(page.len() - within);
            let (now, later) = out.split_at_mut(count);
            now.copy_from_slice(&page[within..within + count]);
            (out, at) = (later, at + count as u64);
        }
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut state = self.state();
        state.left = state.left.min(length);
        state.pages.retain(|page, _| page * PAGE < length);
        state.length = length;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        let (mut at, mut data) = (offset, data);
        while !data.is_empty() {
            let (mut page, within) = (self.page(&state, at / PAGE), (at % PAGE) as usize);
            let count = data.len().min(page.len() - within);
            page[within..within + count].copy_from_slice(&data[..count]);
            state.pages.insert(at / PAGE, page);
            (data, at) = (&data[count..], at + count as u64);
        }
        state.length = state.length.max(at);
        Ok(())
    }
}

fn identity(number: u64) -> Identity {
    let mut identity = [7; 32];
    identity[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    Identity::new(identity)
}

/// The bytes of an index of 300 entries, in batches of 100.
fn made() -> Vec<u8> {
    let file = Arc::new(Cut::new(&Arc::default(), 0));
    let index = Index::on(Shared(file.clone()), "unfinished.redb", Arc::default()).unwrap();
    for batch in 0..3 {
        let entries = (batch * 100..batch * 100 + 100).map(|number| (identity(number), number));
        index.write(&entries.collect()).unwrap();
    }
    drop(index);
    let mut bytes = std::vec![0; file.len().unwrap() as usize];
    file.read(0, &mut bytes).unwrap();
    bytes
}

#[derive(Debug)]
struct Shared(Arc<Cut>);

impl StorageBackend for Shared {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
}

/// What opening a store and asking for every entry comes to.
fn opened(file: Cut) -> Result<Vec<Option<u64>>, DurableError> {
    let index = Index::on(file, FILE, Arc::default())?;
    index.count()?;
    index.find(&(0..300).map(identity).collect::<Vec<_>>())
}

fn is_damage(found: &Result<Vec<Option<u64>>, DurableError>) -> bool {
    matches!(found, Err(error @ DurableError::Damaged { path: FILE, .. })
        if error.to_string().contains("rebuild_index"))
}

/// Panics of redb are caught, and not printed a million times.
fn quiet(run: impl FnOnce() + panic::UnwindSafe) {
    let hook = panic::take_hook();
    panic::set_hook(std::boxed::Box::new(|panic| {
        if panic.location().is_none_or(|location| !location.file().contains("redb")) {
            std::eprintln!("{panic}");
        }
    }));
    let outcome = panic::catch_unwind(run);
    panic::set_hook(hook);
    outcome.unwrap_or_else(|panic| panic::resume_unwind(panic));
}

#[test]
fn m114_every_length_of_the_index_is_damage() {
    let whole = Arc::new(made());
    let end = whole.len() as u64;
    let started = std::time::Instant::now();
    quiet(move || {
        for length in 0..end {
            let found = opened(Cut::new(&whole, length));
            let found_wrong = || found.as_ref().err().map(DurableError::to_string);
            assert!(is_damage(&found), "{length} of {end} bytes: {:?}", found_wrong());
        }
        assert!(opened(Cut::new(&whole, end)).unwrap().into_iter().eq((0..300).map(Some)));
        println!("{end} lengths in {:?}", started.elapsed());
    });
}

#[test]
fn m114_two_thousand_bits_of_the_index_are_damage_or_harmless() {
    let whole = made();
    quiet(move || {
        let (mut state, mut refused) = (0x9e37_79b9_7f4a_7c15_u64, 0);
        for flip in 0..2000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // Half of them in the header and the first pages, where most is.
            let within = if flip % 2 == 0 { 8192 } else { whole.len() as u64 };
            let bit = (state % (within * 8)) as usize;
            let mut changed = whole.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let changed = Arc::new(changed);
            let found = opened(Cut::new(&changed, changed.len() as u64));
            let same =
                found.as_ref().is_ok_and(|found| found.iter().copied().eq((0..300).map(Some)));
            assert!(same || is_damage(&found), "bit {bit}");
            refused += u32::from(!same);
        }
        assert!(refused > 0);
        println!("{refused} of 2000 single bits of {} bytes are damage", whole.len());
    });
}
