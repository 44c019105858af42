//! Proofs of forks as data, for whoever trusts the service elsewhere.
//!
//! ```cddl
//! fork-proof = [1, older: head, newer: head, other-root: bstr, path: [* bstr]]
//! head = [form: 1 (COSE) / 2 (checkpoint), bstr]
//! ```

use alloc::vec::Vec;

use cose_ext::{
    Context, Value,
    cbor::{Array, Int, Limits, Raw, Reader, Strictness},
};

use super::ForkProof;
use crate::{Error, HeadForm, HeadVerifier, Rule};

/// The version of the form.
const VERSION: u64 = 1;
const COSE: u64 = 1;
const CHECKPOINT: u64 = 2;

const fn uint(number: u64) -> Value<'static> {
    Value::Int(Int::unsigned(number))
}

const fn head(form: HeadForm<'_>) -> [Value<'_>; 2] {
    match form {
        HeadForm::Cose(bytes) => [uint(COSE), Value::Bytes(bytes)],
        HeadForm::Checkpoint(bytes) => [uint(CHECKPOINT), Value::Bytes(bytes)],
    }
}

impl<'a> ForkProof<'a> {
    /// Returns the proof as one CBOR item. Whoever holds the keys of the service checks it by
    /// itself ([`from_bytes`](Self::from_bytes)).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let (older, newer) = (head(self.older.form()), head(self.newer.form()));
        let path: Vec<_> = self.path.iter().map(|hash| Value::Bytes(hash)).collect();
        Value::Array(&[
            uint(VERSION),
            Value::Array(&older),
            Value::Array(&newer),
            Value::Bytes(&self.other_root),
            Value::Array(&path),
        ])
        .to_bytes()
    }

    /// Reads a proof and checks all of it: both signatures, by the keys that the reader trusts, and
    /// the contradiction.
    ///
    /// # Errors
    ///
    /// [`Rule::ForkProofForm`] if it is none; otherwise as [`HeadVerifier::verify`] and
    /// [`between`](Self::between).
    pub fn from_bytes<'k: 'a>(
        bytes: &'a [u8],
        keys: &HeadVerifier<'k>,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let read = Read::of(bytes).ok_or(Error::broken(Rule::ForkProofForm, 0))?;
        context.begin(bytes.len(), |context| {
            let older = keys.verify(read.older, context)?;
            let newer = keys.verify(read.newer, context)?;
            if older.size() == newer.size() {
                return Self::of_one_size(&older, &newer);
            }
            Self::between(&older, &newer, read.other_root, &read.path, context)
        })
    }
}

/// What a proof says, before anything of it was checked.
struct Read<'a> {
    older: HeadForm<'a>,
    newer: HeadForm<'a>,
    other_root: [u8; 32],
    path: Vec<[u8; 32]>,
}

impl<'a> Read<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let raw = Raw::decode(bytes, 0, Strictness::DETERMINISTIC, &Limits::DEFAULT).ok()?;
        let [version, older, newer, other_root, path] = Array::new(&raw).ok()?.exactly().ok()?;
        if version.read(Reader::uint).ok()? != VERSION {
            return None;
        }
        let path = Array::new(&path).ok()?;
        Some(Self {
            older: form(&older)?,
            newer: form(&newer)?,
            other_root: hash(&other_root)?,
            path: path.iter().map(|element| hash(&element)).collect::<Option<_>>()?,
        })
    }
}

fn hash(raw: &Raw<'_>) -> Option<[u8; 32]> {
    raw.read(Reader::bytes).ok()?.try_into().ok()
}

fn form<'a>(raw: &Raw<'a>) -> Option<HeadForm<'a>> {
    let [form, bytes] = Array::new(raw).ok()?.exactly().ok()?;
    let bytes = bytes.read(Reader::bytes).ok()?;
    match form.read(Reader::uint).ok()? {
        COSE => Some(HeadForm::Cose(bytes)),
        CHECKPOINT => Some(HeadForm::Checkpoint(bytes)),
        _ => None,
    }
}
