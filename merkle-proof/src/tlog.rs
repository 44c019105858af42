//! Tile logs after C2SP: tiles, entry bundles, signed checkpoints, cosignatures, and a witness.
//!
//! No sockets, files, clocks or keys in here: bytes in, verdicts out. What a signature is worth is asked of a
//! [`NoteCrypto`]; with feature `cose`, `CoseNoteCrypto` stands on a `Provider` of `cose-ext`.

mod base64;
mod checkpoint;
mod cosignature;
#[cfg(feature = "cose")]
mod crypto;
mod entry_bundle;
mod error;
mod key;
mod note;
mod tile;
mod tile_reader;
mod witness;

pub use base64::Base64;
pub use checkpoint::Checkpoint;
pub use cosignature::Cosignature;
#[cfg(feature = "cose")]
pub use crypto::CoseNoteCrypto;
pub use entry_bundle::EntryBundle;
pub use error::Error;
pub use key::{KeyKind, NoteCrypto, VerifierKey};
pub use note::{Note, NoteSignature};
pub use tile::{Tile, TileKind, tiles};
pub use tile_reader::{Fetch, ReadError, TileHashes, TileReader};
pub use witness::{Accepted, AddCheckpoint, Refusal};
