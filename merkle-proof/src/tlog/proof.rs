//! Proofs that stand alone, in `.tlog-proof` files (C2SP tlog-proof).

#[cfg(feature = "alloc")]
use super::Policy;
use super::base64::Spare;
use super::tile::decimal;
use super::{Checkpoint, Error, Note, NoteCrypto, VerifierKey, base64};
use crate::{LeafIndex, MAX_PATH, Rfc9162Tree, Rule, TreeHash, verify_inclusion};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1\n";

/// A proof that an entry is in a log, with the checkpoint it leads to, as it was received: read,
/// untrusted.
#[derive(Clone, Copy, Debug)]
pub struct TlogProof<'p> {
    extra: Option<&'p str>,
    index: u64,
    path: &'p str,
    note: Note<'p>,
    bytes: &'p [u8],
}

impl<'p> TlogProof<'p> {
    /// Reads a proof that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// [`Rule::TlogProof`]; [`Rule::NoteForm`].
    pub fn parse(bytes: &'p [u8]) -> Result<Self, Error> {
        let malformed = Error::malformed(Rule::TlogProof);
        let text = core::str::from_utf8(bytes).map_err(|_| malformed)?;
        let mut rest = text.strip_prefix(FIRST_LINE).ok_or(malformed)?;
        let mut extra = None;
        if let Some(after) = rest.strip_prefix("extra ") {
            let (line, after) = after.split_once('\n').ok_or(malformed)?;
            base64::decode(line.as_bytes(), Spare::Zero, &mut []).ok_or(malformed)?;
            (extra, rest) = (Some(line), after);
        }
        let (index, rest) = rest.split_once('\n').ok_or(malformed)?;
        let index = index.strip_prefix("index ").and_then(decimal).ok_or(malformed)?;
        let (path, note) = match rest.strip_prefix('\n') {
            Some(note) => ("", note),
            None => rest.split_once("\n\n").ok_or(malformed)?,
        };
        let mut lines = path.split_terminator('\n');
        if lines.clone().count() > MAX_PATH || lines.any(|line| hash(line).is_none()) {
            return Err(malformed);
        }
        let bytes = note.as_bytes();
        Ok(Self { extra, index, path, note: Note::parse(bytes)?, bytes })
    }

    /// Returns the leaf index that the proof is for. Only [`verify`](Self::verify) authenticates
    /// it.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Writes the extra data, which nobody signed, to the front of `out`, and returns its length.
    ///
    /// The length may be more than `out` has room for. `None` where there is no extra data.
    pub fn danger_unauthenticated_extra(&self, out: &mut [u8]) -> Option<usize> {
        base64::decode(self.extra?.as_bytes(), Spare::Zero, out)
    }

    /// Returns the checkpoint's note. It is not verified.
    #[must_use]
    pub const fn note(&self) -> &Note<'p> {
        &self.note
    }

    /// Returns the bytes of the checkpoint's note, for passing them on.
    #[must_use]
    pub const fn note_bytes(&self) -> &'p [u8] {
        self.bytes
    }

    /// Returns the inclusion path, from the leaf up.
    pub fn path(&self) -> impl Iterator<Item = [u8; 32]> + use<'p> {
        self.path.split_terminator('\n').filter_map(hash)
    }

    /// Verifies that the entry of this leaf hash is in the log that one of `keys` signs for, and
    /// returns the checkpoint.
    ///
    /// The origin is the name of the key. Cosignatures are not looked at: see `verify_by`, with
    /// feature `alloc`.
    ///
    /// # Errors
    ///
    /// Those of [`Note::verify`]; [`Rule::CheckpointForm`]; [`Rule::CheckpointOrigin`]; those of
    /// [`verify_inclusion`].
    pub fn verify<T>(
        &self,
        tree: &T,
        leaf: &[u8; 32],
        keys: &[VerifierKey<'_>],
        crypto: &dyn NoteCrypto,
    ) -> Result<Checkpoint<'p>, Error>
    where
        T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    {
        let checkpoint = Checkpoint::parse(self.note.verify(keys, crypto)?)?;
        // Of the keys that signed, one has the origin's name.
        let of_origin = |key: &&VerifierKey<'_>| {
            key.name() == checkpoint.origin() && self.note.signatures().any(|line| line.is_of(key))
        };
        let key = keys.iter().find(of_origin);
        let origin = key.ok_or(Error::Verification { rule: Rule::CheckpointOrigin })?.name();
        self.leads_to(tree, leaf, &checkpoint, origin)
    }

    /// Verifies that the entry of this leaf hash is in a log of the policy, whose checkpoint the
    /// policy's quorum has cosigned, and returns the checkpoint.
    ///
    /// # Errors
    ///
    /// Those of [`Policy::verify`] and of [`verify_inclusion`].
    #[cfg(feature = "alloc")]
    pub fn verify_by<T>(
        &self,
        tree: &T,
        leaf: &[u8; 32],
        policy: &Policy<'_>,
        crypto: &dyn NoteCrypto,
    ) -> Result<Checkpoint<'p>, Error>
    where
        T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    {
        let checkpoint = policy.verify(&self.note, crypto)?;
        self.leads_to(tree, leaf, &checkpoint, checkpoint.origin())
    }

    fn leads_to<T>(
        &self,
        tree: &T,
        leaf: &[u8; 32],
        checkpoint: &Checkpoint<'p>,
        origin: &str,
    ) -> Result<Checkpoint<'p>, Error>
    where
        T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
    {
        let head = checkpoint.head(origin)?;
        verify_inclusion(tree, leaf, LeafIndex(self.index), self.path(), &head)?;
        Ok(*checkpoint)
    }
}

fn hash(line: &str) -> Option<[u8; 32]> {
    base64::decode_array(line.as_bytes(), Spare::Zero)
}

/// Writes a `.tlog-proof` file: `extra` without what makes it trusted, the leaf index, the
/// inclusion path from the leaf up, and the signed note of a checkpoint.
///
/// # Errors
///
/// [`Rule::NoteForm`] where the note is not a note; [`Rule::TlogProof`] where the path is longer
/// than any.
#[cfg(feature = "alloc")]
pub fn write_tlog_proof(
    extra: Option<&[u8]>,
    leaf_index: LeafIndex,
    path: &[[u8; 32]],
    note: &[u8],
) -> Result<alloc::string::String, Error> {
    use core::fmt::Write;

    use super::Base64;

    let malformed = Error::malformed(Rule::TlogProof);
    Note::parse(note)?;
    let note = core::str::from_utf8(note).map_err(|_| malformed)?;
    if path.len() > MAX_PATH {
        return Err(malformed);
    }
    let mut text = alloc::string::String::from(FIRST_LINE);
    let mut write = || {
        if let Some(extra) = extra {
            writeln!(text, "extra {}", Base64(extra))?;
        }
        writeln!(text, "index {leaf_index}")?;
        path.iter().try_for_each(|hash| writeln!(text, "{}", Base64(hash)))?;
        write!(text, "\n{note}")
    };
    // A String takes everything.
    write().map_err(|_| malformed)?;
    Ok(text)
}
