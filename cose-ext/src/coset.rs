//! Types of the crate `coset`, the ecosystem's type set, from views and into builders.
//!
//! A view becomes a coset type by `TryFrom`, and what coset cannot hold is refused with the reason
//! ([`IntoCosetError`]). The bytes of the protected bucket go along, so that coset signs, tags and
//! authenticates what this crate does; an empty map that came as `h'a0'` goes as `h''`, since coset
//! would hash the bytes as they came, against RFC 9052 4.4. The CBOR tag of a message is for the
//! caller of coset to choose again.
//!
//! A coset type becomes a *builder*: its headers go along, in the encoding of the builder. Payload,
//! signature, tag, ciphertext and recipients do not: the message is made anew, and `alg` is the one
//! that it is made with.
//!
//! ```
//! use cose_ext::{Content, Profile, Sign1, rustcrypto::Ed25519SigningKey, sign1::Sign1Builder};
//!
//! # let signer = Ed25519SigningKey::from_bytes(&[7; 32])?;
//! let message = Sign1Builder::new().key_id(b"7").sign(Content::Embedded(b"hello"), &signer)?;
//! let theirs = coset::CoseSign1::try_from(&Sign1::decode(&message, &Profile::LENIENT)?)?;
//! assert_eq!(theirs.protected.header.key_id, b"7");
//!
//! let again = Sign1Builder::try_from(&theirs)?;
//! assert_eq!(again.sign(Content::Embedded(b"hello"), &signer)?, message);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing is verified by any of it: a coset type is as untrusted as a view.

mod builders;
mod claims;
mod error;
mod header;
mod key;
mod messages;
mod value;

pub use error::{FromCosetError, IntoCosetError, Registry};
pub use key::encode_key;
