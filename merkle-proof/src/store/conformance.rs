//! What a store has to do, for whoever writes another one.
//!
//! The suite calls a store as a [`Log`] does, and compares what it answers with the contract of the
//! traits. What survives a power cut it cannot see; it closes and opens the store in between, which
//! shows whether anything is kept at all.
//!
//! ```
//! # use merkle_proof::store::{MemoryStore, conformance};
//! // A store that outlives its handle is dropped and opened again from where it is kept; one in
//! // memory is handed on.
//! let checked = conformance::check(|| Ok(MemoryStore::new()), |store| Ok(store));
//! assert_eq!(checked, Ok(()));
//! ```

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use super::{
    Acknowledgement, AsyncLogStore, CreateError, Entry, Identity, Log, LogError, LogStore, Object,
    Swap, Unsigned, fsck_async,
};
use crate::tlog::Checkpoint;
use crate::tlog::ready::now;
use crate::{Rule, Sha256Tree};

/// What a store did that it must not do, or did not do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Departure<E> {
    /// It failed.
    Failed {
        /// In this case.
        case: &'static str,
        /// With this error.
        error: E,
    },
    /// It answered otherwise than the contract says.
    Answered {
        /// In this case.
        case: &'static str,
        /// The rule that the answer breaks.
        rule: Rule,
    },
    /// A log in it went wrong.
    Log {
        /// In this case.
        case: &'static str,
        /// Like this.
        error: LogError<E>,
    },
}

impl<E: fmt::Display> fmt::Display for Departure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { case, error } => write!(f, "{case}: {error}"),
            Self::Answered { case, rule } => {
                write!(f, "{case}: {} ({})", rule.broken(), rule.id())
            }
            Self::Log { case, error } => write!(f, "{case}: {error}"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for Departure<E> {}

/// Runs every case. `make` makes an empty store, each time another; `reopen` closes a store and
/// opens it again, with what it has kept.
///
/// # Errors
///
/// The first [`Departure`].
pub fn check<S: LogStore>(
    mut make: impl FnMut() -> Result<S, S::Error>,
    mut reopen: impl FnMut(S) -> Result<S, S::Error>,
) -> Result<(), Departure<S::Error>> {
    now(check_async(async || make(), async |store| reopen(store)))
}

/// Checks a store that may have to be waited for, as [`check`] does.
///
/// # Errors
///
/// The first [`Departure`].
pub async fn check_async<S: AsyncLogStore>(
    mut make: impl AsyncFnMut() -> Result<S, S::Error>,
    mut reopen: impl AsyncFnMut(S) -> Result<S, S::Error>,
) -> Result<(), Departure<S::Error>> {
    let mut store = make().await.map_err(failed("made"))?;
    objects(&mut store).await?;
    staged(&mut store).await?;
    checkpoint(&mut store).await?;
    index(&mut store).await?;
    lock(&mut store).await?;
    store = reopen(store).await.map_err(failed("opened again"))?;
    kept(&store).await?;
    let store = make().await.map_err(failed("made a second time"))?;
    log(store, reopen).await
}

fn failed<E>(case: &'static str) -> impl FnOnce(E) -> Departure<E> {
    move |error| Departure::Failed { case, error }
}

fn expect<E>(case: &'static str, rule: Rule, holds: bool) -> Result<(), Departure<E>> {
    if holds { Ok(()) } else { Err(Departure::Answered { case, rule }) }
}

const TILE: &str = "tile/0/x001/x234/067.p/1";
const BUNDLE: &str = "tile/entries/x001/x234/067.p/1";
const STAGED: &str = "staged/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

const ORIGIN: &str = "example.org/log";

/// A note with a signature line that nobody verifies.
async fn sign(checkpoint: &Checkpoint<'_>) -> Result<Vec<u8>, Unsigned> {
    Ok(format!("{checkpoint}\n\u{2014} {ORIGIN} AAAAAAAA\n").into_bytes())
}

/// As large as a state can be asked to be.
const LARGEST: [u8; 4096] = [1; 4096];

/// Objects are there once they are created, and keep their bytes.
async fn objects<S: AsyncLogStore>(store: &mut S) -> Result<(), Departure<S::Error>> {
    let rule = Rule::ObjectImmutable;
    let case = "an object that was not created";
    expect(case, rule, store.object_async(TILE).await.map_err(failed(case))?.is_none())?;
    let both = [Object { name: TILE, bytes: &[7; 32] }, Object { name: BUNDLE, bytes: b"" }];
    for case in ["objects created", "objects created again with the same bytes"] {
        match store.create_async(&both).await {
            Ok(()) => {}
            Err(CreateError::Store(error)) => return Err(failed(case)(error)),
            Err(CreateError::Conflict { .. }) => return Err(Departure::Answered { case, rule }),
        }
        for Object { name, bytes } in both {
            let there = store.object_async(name).await.map_err(failed(case))?;
            expect(case, rule, there.as_deref() == Some(bytes))?;
        }
    }
    let case = "an object created with other bytes";
    for bytes in [&[8; 32][..], &[7; 31], &[7; 33], &[]] {
        let other = Object { name: TILE, bytes };
        let named = match store.create_async(&[both[1], other]).await {
            Ok(()) => false,
            Err(CreateError::Store(error)) => return Err(failed(case)(error)),
            Err(CreateError::Conflict { name }) => name == TILE,
        };
        let there = store.object_async(TILE).await.map_err(failed(case))?;
        expect(case, rule, named && there.as_deref() == Some(&[7; 32]))?;
    }
    let case = "objects removed";
    for name in [STAGED, STAGED] {
        store.remove_async(name).await.map_err(failed(case))?;
    }
    for bytes in [b"one", b"two"] {
        let object = Object { name: STAGED, bytes };
        if let Err(CreateError::Store(error)) = store.create_async(&[object]).await {
            return Err(failed(case)(error));
        }
        let there = store.object_async(STAGED).await.map_err(failed(case))?;
        expect(case, rule, there.as_deref() == Some(bytes))?;
        store.remove_async(STAGED).await.map_err(failed(case))?;
        expect(case, rule, store.object_async(STAGED).await.map_err(failed(case))?.is_none())?;
    }
    let case = "objects listed";
    let listed = store.list_async("tile/0/x001/x234").await.map_err(failed(case))?;
    expect(case, rule, listed.is_empty())?;
    let mut listed = store.list_async("tile/0/x001/x234/067.p").await.map_err(failed(case))?;
    listed.sort();
    expect(case, rule, listed == [TILE])?;
    let case = "objects replaced";
    for bytes in [&[8; 32], &[7; 32]] {
        match store.replace_async(&[Object { name: TILE, bytes }]).await {
            Ok(()) => {}
            Err(CreateError::Store(error)) => return Err(failed(case)(error)),
            Err(CreateError::Conflict { .. }) => return Err(Departure::Answered { case, rule }),
        }
        let there = store.object_async(TILE).await.map_err(failed(case))?;
        expect(case, rule, there.as_deref() == Some(bytes))?;
    }
    Ok(())
}

/// Staged batches are there until as many follow as the store has places for.
async fn staged<S: AsyncLogStore>(store: &mut S) -> Result<(), Departure<S::Error>> {
    let (case, rule) = ("batches staged", Rule::StagedBatch);
    let batch = |sequence: u64| {
        let length = usize::try_from(sequence.wrapping_mul(7919) % 300).unwrap_or(0);
        (format!("staged/{sequence:064x}"), alloc::vec![sequence.to_be_bytes()[7]; length])
    };
    let slots = store.slots_async();
    expect(case, rule, slots > 0)?;
    for sequence in 0..slots.saturating_mul(3) {
        let (name, bytes) = batch(sequence);
        let (front, back) = bytes.split_at_checked(bytes.len() / 2).unwrap_or_default();
        match store.stage_async(sequence, &name, &[front, back]).await {
            Ok(()) => {}
            Err(CreateError::Store(error)) => return Err(failed(case)(error)),
            Err(CreateError::Conflict { .. }) => return Err(Departure::Answered { case, rule }),
        }
        let oldest = sequence.saturating_add(1).saturating_sub(slots);
        for held in oldest..=sequence {
            let (name, bytes) = batch(held);
            let there = store.staged_async(held, &name).await.map_err(failed(case))?;
            expect(case, rule, there.is_some_and(|there| there.starts_with(&bytes)))?;
        }
        if sequence.saturating_add(1) >= slots {
            let (name, _) = batch(oldest);
            store.unstage_async(oldest, &name).await.map_err(failed(case))?;
        }
    }
    store.settle_async().await.map_err(failed(case))?;
    store.finish_settling_async().await.map_err(failed(case))?;
    let settled = store.settled_async().await.map_err(failed(case))?;
    expect(case, rule, settled)
}

/// The public checkpoint is the last one.
async fn checkpoint<S: AsyncLogStore>(store: &mut S) -> Result<(), Departure<S::Error>> {
    let (case, rule) = ("checkpoints published", Rule::PublishedCheckpoint);
    expect(case, rule, store.published_async().await.map_err(failed(case))?.is_none())?;
    for note in [&b"a longer note"[..], b"a note", b"kept"] {
        store.publish_async(note).await.map_err(failed(case))?;
        let public = store.published_async().await.map_err(failed(case))?;
        expect(case, rule, public.as_deref() == Some(note))?;
    }
    Ok(())
}

/// An identity has the index that it was given last.
async fn index<S: AsyncLogStore>(store: &mut S) -> Result<(), Departure<S::Error>> {
    let (case, rule) = ("identities indexed", Rule::OneIndex);
    let [one, two, three] = [1, 2, 3].map(|byte| Identity::new([byte; 32]));
    let nothing = store.find_async(&[one, two]).await.map_err(failed(case))?;
    expect(case, rule, nothing == [None, None])?;
    store.insert_async(&[(one, 7), (two, u64::MAX)]).await.map_err(failed(case))?;
    store.insert_async(&[(one, 0)]).await.map_err(failed(case))?;
    let found = store.find_async(&[two, three, one, two]).await.map_err(failed(case))?;
    expect(case, rule, found == [Some(u64::MAX), None, Some(0), Some(u64::MAX)])?;
    let count = store.count_async().await.map_err(failed(case))?;
    expect(case, rule, count == 2)?;
    let nothing = store.find_async(&[]).await.map_err(failed(case))?;
    expect(case, rule, nothing.is_empty())?;
    store.settle_async().await.map_err(failed(case))?;
    store.finish_settling_async().await.map_err(failed(case))
}

/// Values are compared before they are swapped, and whoever lost is told.
async fn lock<S: AsyncLogStore>(store: &mut S) -> Result<(), Departure<S::Error>> {
    let (case, rule) = ("states swapped", Rule::OneWriter);
    let loaded = store.load_async().await.map_err(failed(case))?;
    expect(case, rule, loaded.is_none())?;
    let swaps = [
        (Some(&b"one"[..]), &b"two"[..], Swap::Lost, None),
        (None, b"one", Swap::Won, Some(&b"one"[..])),
        (None, b"two", Swap::Lost, Some(b"one")),
        (Some(b"on"), b"two", Swap::Lost, Some(b"one")),
        (Some(b""), b"two", Swap::Lost, Some(b"one")),
        (Some(b"one"), &LARGEST, Swap::Won, Some(&LARGEST)),
        (Some(b"one"), b"three", Swap::Lost, Some(&LARGEST)),
        (Some(&LARGEST), &LARGEST, Swap::Won, Some(&LARGEST)),
    ];
    for (expected, new, winner, then) in swaps {
        let swapped = store.swap_async(expected, new).await.map_err(failed(case))?;
        let loaded = store.load_async().await.map_err(failed(case))?;
        expect(case, rule, swapped == winner && loaded.as_deref() == then)?;
    }
    Ok(())
}

/// What was there before the store was opened again, the index too, as it was settled.
async fn kept<S: AsyncLogStore>(store: &S) -> Result<(), Departure<S::Error>> {
    let case = "what a store has that was opened again";
    let there = store.object_async(TILE).await.map_err(failed(case))?;
    expect(case, Rule::ObjectImmutable, there.as_deref() == Some(&[7; 32]))?;
    let public = store.published_async().await.map_err(failed(case))?;
    expect(case, Rule::PublishedCheckpoint, public.as_deref() == Some(b"kept"))?;
    let state = store.load_async().await.map_err(failed(case))?;
    expect(case, Rule::OneWriter, state.as_deref() == Some(&LARGEST))?;
    let found = store.find_async(&[Identity::new([2; 32])]).await.map_err(failed(case))?;
    expect(case, Rule::OneIndex, found == [Some(u64::MAX)])
}

/// A log grows over several tiles, is opened again, has nothing twice, and is sound.
async fn log<S: AsyncLogStore>(
    store: S,
    mut reopen: impl AsyncFnMut(S) -> Result<S, S::Error>,
) -> Result<(), Departure<S::Error>> {
    let case = "a log";
    let wrong = |error| Departure::Log { case, error };
    let mut log = Log::create_async(store, Sha256Tree, ORIGIN, sign).await.map_err(wrong)?;
    let texts: Vec<_> = (0..600).map(|number: u64| number.to_string()).collect();
    for (first, last, known) in [(0, 3, 0), (1, 259, 2), (0, 600, 259), (0, 600, 600)] {
        let texts = texts.get(first..last).unwrap_or_default();
        let batch: Vec<_> =
            texts.iter().map(|text| Entry::new(&Sha256Tree, text.as_bytes())).collect();
        let acknowledged = log.append_async(&batch, sign).await.map_err(wrong)?;
        let known_now =
            acknowledged.iter().filter(|one| matches!(one, Acknowledgement::Known(_))).count();
        let in_place = acknowledged.iter().map(|one| one.index());
        let from = u64::try_from(first).unwrap_or(u64::MAX);
        expect(
            case,
            Rule::OneIndex,
            known_now == known && in_place.eq((from..).take(texts.len())),
        )?;
        let head = log.head();
        let store = reopen(log.into_store()).await.map_err(failed(case))?;
        log = Log::open_async(store, Sha256Tree, ORIGIN, sign).await.map_err(wrong)?;
        expect(case, Rule::AcknowledgedStays, log.head() == head)?;
    }
    let identity = |entry: &[u8]| Entry::new(&Sha256Tree, entry).identity;
    let head = fsck_async(log.store(), &Sha256Tree, ORIGIN, identity).await.map_err(wrong)?;
    expect(case, Rule::AcknowledgedStays, head == log.head())
}
