//! What the lock holds.

use alloc::vec::Vec;

use crate::tlog::Error;
use crate::{CompactRange, Rfc9162Tree, Rule, Subtree, TreeHash};

const FORMAT: &[u8] = b"merkle-proof log 2\n";

/// All a log has to know between two batches. Stored it is, in this order: the format's name; the
/// origin after its length in one byte; the size in eight; the hashes of the compact range, left to
/// right; the sequence numbers, in eight bytes each, of the oldest staged batch that is needed and
/// of the next batch to come; and, where a batch is needed, the seal of the last one. Under 2.4
/// KiB.
#[derive(Clone)]
pub(super) struct State<T: TreeHash> {
    pub(super) range: CompactRange<T>,
    /// Batches before this one are not needed any more: what follows from them is durable.
    pub(super) oldest: u64,
    /// The sequence number of the next batch.
    pub(super) next: u64,
    /// The seal of the last batch, as long as it is needed. It names the staged object.
    pub(super) staged: Option<[u8; 32]>,
}

impl<T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>> State<T> {
    pub(super) fn new(tree: T) -> Self {
        Self { range: CompactRange::new(tree), oldest: 0, next: 0, staged: None }
    }

    pub(super) fn size(&self) -> u64 {
        self.range.leaves().end()
    }

    /// Batches before `oldest` are not needed any more.
    pub(super) fn let_go(&mut self, oldest: u64) {
        self.oldest = oldest;
        if oldest == self.next {
            self.staged = None;
        }
    }

    /// # Errors
    ///
    /// [`Rule::CheckpointForm`] where the origin has more than 255 bytes.
    pub(super) fn encode(&self, origin: &str) -> Result<Vec<u8>, Error> {
        let length = u8::try_from(origin.len());
        let length = length.map_err(|_| Error::malformed(Rule::CheckpointForm))?;
        let mut bytes = Vec::from(FORMAT);
        bytes.push(length);
        bytes.extend_from_slice(origin.as_bytes());
        write_range(&self.range, &mut bytes);
        bytes.extend_from_slice(&self.oldest.to_be_bytes());
        bytes.extend_from_slice(&self.next.to_be_bytes());
        bytes.extend_from_slice(self.staged.as_ref().map_or(&[][..], |hash| hash));
        Ok(bytes)
    }

    /// # Errors
    ///
    /// [`Rule::LogState`]; [`Rule::LogOrigin`].
    pub(super) fn decode(tree: T, origin: &str, bytes: &[u8]) -> Result<Self, Rule> {
        let read = || {
            let (length, rest) = bytes.strip_prefix(FORMAT)?.split_first()?;
            let (of, rest) = rest.split_at_checked(usize::from(*length))?;
            let (range, rest) = read_range(tree, rest)?;
            let (oldest, rest) = rest.split_first_chunk()?;
            let (next, rest) = rest.split_first_chunk()?;
            let (oldest, next) = (u64::from_be_bytes(*oldest), u64::from_be_bytes(*next));
            let staged = match rest {
                [] => None,
                hash => Some(<[u8; 32]>::try_from(hash).ok()?),
            };
            let state = Self { range, oldest, next, staged };
            let sound = oldest <= next
                && staged.is_none() == (oldest == next)
                && (next == 0) == (state.size() == 0);
            sound.then_some((of, state))
        };
        match read() {
            Some((of, state)) if of == origin.as_bytes() => Ok(state),
            Some(_) => Err(Rule::LogOrigin),
            None => Err(Rule::LogState),
        }
    }
}

/// A size in eight bytes, and the hashes that it takes.
pub(super) fn write_range<T>(range: &CompactRange<T>, bytes: &mut Vec<u8>)
where
    T: TreeHash<Hash = [u8; 32]>,
{
    bytes.extend_from_slice(&range.leaves().end().to_be_bytes());
    range.hashes().for_each(|hash| bytes.extend_from_slice(hash));
}

/// The range, and what follows it.
pub(super) fn read_range<T>(tree: T, bytes: &[u8]) -> Option<(CompactRange<T>, &[u8])>
where
    T: TreeHash<Hash = [u8; 32]>,
{
    let (size, rest) = bytes.split_first_chunk()?;
    let leaves = Subtree::prefix(u64::from_be_bytes(*size));
    let (hashes, rest) = rest.split_at_checked(leaves.nodes().len().checked_mul(32)?)?;
    Some((CompactRange::from_hashes(tree, leaves, hashes.chunks_exact(32)).ok()?, rest))
}

#[cfg(all(test, feature = "rustcrypto"))]
mod tests {
    use super::*;
    use crate::Sha256Tree;

    fn state() -> State<Sha256Tree> {
        let mut state = State::new(Sha256Tree);
        (0..11_u8).for_each(|entry| _ = state.range.append(&[&[entry]]));
        (state.oldest, state.next, state.staged) = (3, 5, Some([7; 32]));
        state
    }

    #[test]
    fn m106_a_state_is_read_as_it_was_written_or_not_at_all() {
        let bytes = state().encode("log").unwrap();
        let read = State::decode(Sha256Tree, "log", &bytes).unwrap();
        assert_eq!((read.range.root(), read.staged), (state().range.root(), state().staged));
        assert_eq!(read.encode("log").unwrap(), bytes);

        let refused = |bytes: &[u8]| State::decode(Sha256Tree, "log", bytes).err();
        for cut in 0..bytes.len() {
            assert_eq!(refused(&bytes[..cut]), Some(Rule::LogState), "{cut}");
        }
        assert_eq!(refused(&[&bytes[..], &[0]].concat()), Some(Rule::LogState));
        let empty = State::new(Sha256Tree).encode("log").unwrap();
        assert_eq!(refused(&empty), None);
        assert_eq!(refused(&[empty, [7; 32].into()].concat()), Some(Rule::LogState));
        for (oldest, next, staged) in
            [(5, 5, Some([7; 32])), (3, 5, None), (6, 5, None), (0, 0, None)]
        {
            let odd = State { oldest, next, staged, ..state() };
            assert_eq!(
                refused(&odd.encode("log").unwrap()),
                Some(Rule::LogState),
                "{oldest} {next}"
            );
        }
    }

    #[test]
    fn m107_a_state_is_of_one_log() {
        let bytes = state().encode("log").unwrap();
        assert_eq!(State::decode(Sha256Tree, "lag", &bytes).err(), Some(Rule::LogOrigin));
        assert!(state().encode(&"x".repeat(256)).is_err());
    }

    #[test]
    fn the_largest_state_is_under_4_kib() {
        let leaves = Subtree::prefix(u64::MAX);
        let range = CompactRange::from_hashes(Sha256Tree, leaves, [[1; 32]; 64]).unwrap();
        let state = State { range, oldest: 3, next: 5, staged: Some([7; 32]) };
        assert!(state.encode(&"x".repeat(255)).unwrap().len() < 2400);
        assert!(size_of::<crate::store::Log<Sha256Tree, ()>>() < 2400);
    }
}
