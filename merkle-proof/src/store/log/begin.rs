//! How a log begins, and how it is taken up.

use alloc::collections::VecDeque;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::{Log, Phase};
use crate::store::state::State;
use crate::store::{AsyncLogStore, LogError, Swap, Unsigned};
use crate::tlog::{Checkpoint, Note, Tile, TileKind};
use crate::{Rfc9162Tree, Rule, TreeHash, TreeHead, TreeSize};

type Head = TreeHead<Rfc9162Tree, [u8; 32]>;

impl<T, S> Log<T, S>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + Clone,
    S: AsyncLogStore,
{
    /// Creates a log as [`create`](Self::create) does, in a store that may have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`create`](Self::create).
    pub async fn create_async(
        mut store: S,
        tree: T,
        origin: &str,
        sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Self, LogError<S::Error>> {
        let state = State::new(tree);
        Checkpoint::new(origin, 0, state.range.root())?;
        match without_state(&store).await? {
            LogError::NoLog => {}
            refused => return Err(refused),
        }
        let encoded = state.encode(origin)?;
        match store.swap_async(None, &encoded).await.map_err(LogError::Store)? {
            Swap::Won => {}
            Swap::Lost => return Err(LogError::Exists),
        }
        let mut log = Self::of(store, origin, state);
        log.publish(sign).await?;
        Ok(log)
    }

    /// Opens a log as [`open`](Self::open) does, in a store that may have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub async fn open_async(
        store: S,
        tree: T,
        origin: &str,
        sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Self, LogError<S::Error>> {
        let least = TreeHead::empty(&tree);
        Self::open_at_least_async(store, tree, origin, &least, sign).await
    }

    /// Opens or creates a log as [`open_or_create`](Self::open_or_create) does, in a store that may
    /// have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`open_or_create`](Self::open_or_create).
    pub async fn open_or_create_async(
        store: S,
        tree: T,
        origin: &str,
        sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Self, LogError<S::Error>> {
        match store.load_async().await.map_err(LogError::Store)? {
            Some(_) => Self::open_async(store, tree, origin, sign).await,
            None => Self::create_async(store, tree, origin, sign).await,
        }
    }

    /// Opens a log as [`open_at_least`](Self::open_at_least) does, in a store that may have to be
    /// waited for.
    ///
    /// # Errors
    ///
    /// Those of [`open_at_least`](Self::open_at_least).
    pub async fn open_at_least_async(
        store: S,
        tree: T,
        origin: &str,
        least: &Head,
        sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<Self, LogError<S::Error>> {
        let Some(stored) = store.load_async().await.map_err(LogError::Store)? else {
            return Err(without_state(&store).await?);
        };
        let state = State::decode(tree, origin, &stored)
            .map_err(|rule| LogError::corrupt("state", rule))?;
        if state.size() < least.size {
            return Err(LogError::Behind { size: state.size(), least: least.size });
        }
        let mut log = Self::of(store, origin, state);
        log.refuse_rollback().await?;
        log.recover().await?;
        log.goes_on_from(least).await?;
        log.publish(sign).await?;
        Ok(log)
    }

    pub(super) fn of(store: S, origin: &str, state: State<T>) -> Self {
        Self {
            store,
            origin: origin.into(),
            state,
            held: VecDeque::new(),
            settling: None,
            phase: Phase::Settled,
        }
    }

    /// Publishes the checkpoint of what is committed, if it is not the one that is public.
    pub(super) async fn publish(
        &mut self,
        sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<(), LogError<S::Error>> {
        let root = self.state.range.root();
        let text = Checkpoint::new(&self.origin, self.state.size(), root)?.to_string();
        let public = self.store.published_async().await.map_err(LogError::Store)?;
        if public.is_some_and(|note| is_note_of(&note, &text)) {
            return Ok(());
        }
        self.sign_and_publish(sign).await
    }

    async fn sign_and_publish(
        &mut self,
        mut sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<(), LogError<S::Error>> {
        let root = self.state.range.root();
        let checkpoint = Checkpoint::new(&self.origin, self.state.size(), root)?;
        let note = sign(&checkpoint).await?;
        if !is_note_of(&note, &checkpoint.to_string()) {
            return Err(LogError::OtherNote);
        }
        self.store.publish_async(&note).await.map_err(LogError::Store)
    }

    /// Publishes a checkpoint as [`publish_again`](Self::publish_again) does, in a store that may
    /// have to be waited for.
    ///
    /// # Errors
    ///
    /// Those of [`publish_again`](Self::publish_again).
    pub async fn publish_again_async(
        &mut self,
        sign: impl AsyncFnMut(&Checkpoint<'_>) -> Result<Vec<u8>, Unsigned>,
    ) -> Result<(), LogError<S::Error>> {
        if self.phase == Phase::Interrupted {
            return Err(LogError::Interrupted);
        }
        self.phase = Phase::Interrupted;
        self.sign_and_publish(sign).await?;
        self.phase = Phase::Settled;
        Ok(())
    }

    /// A state behind the public checkpoint is an old one; to go on from it would fork the log.
    async fn refuse_rollback(&self) -> Result<(), LogError<S::Error>> {
        let Some(public) = self.store.published_async().await.map_err(LogError::Store)? else {
            return Ok(());
        };
        let head = self.head();
        match public_head(&public, &self.origin) {
            Some(public) if public.size < head.size || public == head => Ok(()),
            _ => Err(LogError::corrupt("checkpoint", Rule::PublishedCheckpoint)),
        }
    }
}

fn is_note_of(note: &[u8], text: &str) -> bool {
    Note::parse(note).is_ok_and(|note| note.danger_unverified_text() == text)
}

/// Tells what a store is that may have no state: it has one after all, it lost one, or it never had
/// a log.
async fn without_state<S: AsyncLogStore>(
    store: &S,
) -> Result<LogError<S::Error>, LogError<S::Error>> {
    if store.load_async().await.map_err(LogError::Store)?.is_some() {
        return Ok(LogError::Exists);
    }
    let lost = |name: &str| Ok(LogError::StateLost { name: name.into() });
    if store.published_async().await.map_err(LogError::Store)?.is_some() {
        return lost("checkpoint");
    }
    // The first tile is there from the first batch on, of the width that the first batch gave it or
    // of a later one.
    for size in 1..=256 {
        let tile = Tile::in_tree(TileKind::Hashes { level: 0 }, 0, TreeSize(size));
        let Some(name) = tile.map(|tile| tile.to_string()) else { continue };
        if store.object_async(&name).await.map_err(LogError::Store)?.is_some() {
            return lost(&name);
        }
    }
    Ok(LogError::NoLog)
}

/// What a public checkpoint says, whoever signed it.
pub(in crate::store) fn public_head(note: &[u8], origin: &str) -> Option<Head> {
    let note = Note::parse(note).ok()?;
    Checkpoint::parse(note.danger_unverified_text()).ok()?.head(origin).ok()
}
