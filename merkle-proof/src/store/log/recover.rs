//! What a log does when it is taken up.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::append::{Writing, weight};
use super::{Held, Log};
use crate::store::derive::derive;
use crate::store::staged_batch::{self, StagedBatch};
use crate::store::{AsyncLogStore, LogError};
use crate::tlog::{EntryBundle, Tile, TreeReader};
use crate::{Rfc9162Tree, Rule, TreeHash, TreeHead};

impl<T, S> Log<T, S>
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + Clone,
    S: AsyncLogStore,
{
    /// Does again what follows from the staged batches that the state needs. Where one of them is
    /// gone, everything has to be there already.
    pub(super) async fn recover(&mut self) -> Result<(), LogError<S::Error>> {
        match self.staged_batches().await? {
            Ok(batches) => self.apply_again(batches).await?,
            Err(name) => {
                if !self.is_whole().await? {
                    return Err(LogError::corrupt(&name, Rule::StagedBatch));
                }
                self.store.settle_async().await.map_err(LogError::Store)?;
                self.store.finish_settling_async().await.map_err(LogError::Store)?;
                self.let_go(self.state.next).await?;
            }
        }
        let found = self.store.count_async().await.map_err(LogError::Store)?;
        if found != self.state.size() {
            return Err(LogError::corrupt("index", Rule::OneIndex));
        }
        self.settle_if_due().await
    }

    /// Whether everything is there that follows from the entries, and as many identities as there
    /// are entries.
    async fn is_whole(&self) -> Result<bool, LogError<S::Error>> {
        let (size, nothing) = (self.state.size(), async |_: u64, _: &EntryBundle<'_>| Ok(()));
        let derived = derive(&self.store, self.tree(), size, None, size, nothing).await;
        let root = match derived {
            Ok((_, root)) => root,
            Err(error @ LogError::Store(_)) => return Err(error),
            Err(_) => return Ok(false),
        };
        let found = self.store.count_async().await.map_err(LogError::Store)?;
        Ok(root == Some(self.state.range.root()) && found == size)
    }

    /// The batches that the state needs, from the oldest on; the name of one that is gone or
    /// another.
    async fn staged_batches(
        &self,
    ) -> Result<Result<Vec<(Held, Vec<u8>)>, alloc::string::String>, LogError<S::Error>> {
        let (mut batches, mut seal) = (Vec::new(), self.state.staged.unwrap_or_default());
        for sequence in (self.state.oldest..self.state.next).rev() {
            let name = staged_batch::name(&seal);
            let bytes = self.store.staged_async(sequence, &name).await.map_err(LogError::Store)?;
            let bytes = bytes.unwrap_or_default();
            let tree = self.tree().clone();
            let Some(batch) = StagedBatch::decode(tree, &bytes, sequence, &seal) else {
                return Ok(Err(name));
            };
            let weight = weight(bytes.len(), batch.entries.len());
            let held = Held { sequence, seal, weight };
            seal = batch.previous;
            batches.push((held, bytes));
        }
        batches.reverse();
        Ok(Ok(batches))
    }

    async fn apply_again(
        &mut self,
        batches: Vec<(Held, Vec<u8>)>,
    ) -> Result<(), LogError<S::Error>> {
        let (end, first) = (self.state.range.clone(), self.state.oldest);
        for (held, bytes) in batches {
            let name = staged_batch::name(&held.seal);
            let wrong = || LogError::corrupt(&name, Rule::StagedBatch);
            let tree = self.tree().clone();
            let batch = StagedBatch::decode(tree, &bytes, held.sequence, &held.seal);
            let batch = batch.ok_or_else(wrong)?;
            if held.sequence == first {
                self.state.range = batch.before;
            } else if !same(&self.state.range, &batch.before) {
                return Err(wrong());
            }
            self.apply(&batch.entries, &batch.leaves, Writing::Again).await?;
            self.held.push_back(held);
        }
        match same(&self.state.range, &end) {
            true => Ok(()),
            false => Err(LogError::corrupt("state", Rule::StagedBatch)),
        }
    }

    /// Whether the tree was that of `least`.
    pub(super) async fn goes_on_from(
        &self,
        least: &TreeHead<Rfc9162Tree, [u8; 32]>,
    ) -> Result<(), LogError<S::Error>> {
        if least.size == 0 {
            return Ok(());
        }
        let mut reader = TreeReader::new(self.tree(), self.head(), 0);
        let mut fetch = async |tile: &Tile| self.store.object_async(&tile.to_string()).await;
        let root = reader.root_at_async(least.size, &mut fetch).await?;
        match root == *least.root.hash() {
            true => Ok(()),
            false => Err(LogError::corrupt("state", Rule::PublishedCheckpoint)),
        }
    }
}

/// Whether two ranges are one tree.
fn same<T>(one: &crate::CompactRange<T>, two: &crate::CompactRange<T>) -> bool
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
{
    one.leaves() == two.leaves() && one.hashes().eq(two.hashes())
}
