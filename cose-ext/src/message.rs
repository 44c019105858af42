//! The six messages of COSE (RFC 9052) and the structures that they sign, authenticate and encrypt.

mod any_message;
mod authenticated;
mod bare;
#[cfg(feature = "alloc")]
mod content;
mod draft;
mod enc_structure;
pub mod encrypt;
pub mod encrypt0;
pub mod mac;
pub mod mac0;
mod mac_structure;
mod nonce;
mod sig_structure;
pub mod sign;
pub mod sign1;
mod signed;
mod unauthenticated;
#[cfg(feature = "alloc")]
mod with_unprotected;

pub use any_message::{Message, MessageKind, Shapes};
pub use authenticated::{Authenticated, Trust};
pub use bare::Bare;
#[cfg(feature = "alloc")]
pub use content::Content;
pub use draft::{DraftBody, DraftHeader};
pub use enc_structure::EncStructure;
pub use encrypt::Encrypt;
pub use encrypt0::Encrypt0;
pub use mac::Mac;
pub use mac_structure::MacStructure;
pub use mac0::Mac0;
pub use sig_structure::SigStructure;
pub use sign::Sign;
pub use sign1::Sign1;
pub use signed::Signed;
pub use unauthenticated::Unauthenticated;
