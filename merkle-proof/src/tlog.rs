//! Tile logs after C2SP: tiles, entry bundles, signed checkpoints, cosignatures, and a witness.
//!
//! No sockets, files, clocks or keys in here: bytes in, verdicts out. What a signature is worth is
//! asked of a [`NoteCrypto`]; with feature `cose`, `CoseNoteCrypto` stands on a `Provider` of
//! `cose-ext`.

mod base64;
mod checkpoint;
mod cosignature;
#[cfg(feature = "cose")]
mod crypto;
mod ecdsa_key;
mod entry_bundle;
mod error;
mod key;
mod message;
mod note;
#[cfg(all(feature = "cose", feature = "alloc"))]
mod note_signer;
#[cfg(feature = "alloc")]
mod policy;
mod proof;
#[cfg(feature = "alloc")]
pub(crate) mod ready;
mod tile;
#[cfg(feature = "alloc")]
mod tile_nodes;
mod tile_reader;
mod tree_head_signature;
#[cfg(feature = "alloc")]
mod tree_reader;
mod witness;

pub use base64::Base64;
pub use checkpoint::Checkpoint;
pub use cosignature::Cosignature;
#[cfg(feature = "cose")]
pub use crypto::CoseNoteCrypto;
pub use entry_bundle::EntryBundle;
pub use error::Error;
pub use key::{KeyKind, NoteCrypto, NotePublicKey, VerifierKey};
pub use message::NoteMessage;
pub use note::{Note, NoteSignature};
#[cfg(all(feature = "cose", feature = "alloc"))]
pub use note_signer::NoteSigner;
#[cfg(feature = "alloc")]
pub use policy::{Party, Policy};
pub use proof::TlogProof;
#[cfg(feature = "alloc")]
pub use proof::write_tlog_proof;
pub use tile::{Tile, TileKind, TileScheme, tiles};
pub use tile_reader::{Fetch, ReadError, TileHashes, TileReader};
pub use tree_head_signature::TreeHeadSignature;
#[cfg(feature = "alloc")]
pub use tree_reader::{FetchTile, TreeReader};
pub use witness::{Accepted, AddCheckpoint, Refusal};
