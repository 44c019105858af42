//! Values for fuzz targets, made of the bytes that a fuzzer chooses.
//!
//! With these, a fuzz target takes what it wants as an argument, and the fuzzer's bytes become a
//! message with headers, a claims set or a key instead of being refused at the first byte:
//!
//! ```
//! use arbitrary::{Arbitrary, Unstructured};
//! use cose_ext::{Sign1, arbitrary::Encoded};
//!
//! // In a fuzz target: `fuzz_target!(|message: Encoded<Sign1<'static>>| { .. })`.
//! fn target(message: &Encoded<Sign1<'static>>) {
//!     let message = message.view().expect("made by the builder");
//!     // The code to be tested takes `message` here.
//!     assert!(message.headers().algorithm().is_ok());
//! }
//!
//! let chosen_by_the_fuzzer = [7; 64];
//! target(&Encoded::arbitrary(&mut Unstructured::new(&chosen_by_the_fuzzer))?);
//! # Ok::<(), arbitrary::Error>(())
//! ```
//!
//! Every value keeps what its type promises, since it comes out of the public constructors and
//! builders: a digest is as long as its hash, a claim has its registered type, a message can be
//! decoded. It is not *true*: signatures, tags and ciphertexts are chosen by the fuzzer, so no
//! honest provider accepts them. A provider that accepts everything lets a fuzzer pass; it belongs
//! into the fuzz target alone.
//!
//! Sizes are bounded by the input: a value takes some times as much memory as the bytes that it was
//! made of, and never more nesting than the default limits let a reader follow.
//!
//! - numbers, labels, ids and small enums ([`Algorithm`](crate::crypto::Algorithm),
//!   [`Label`](crate::Label), [`ClaimKey`](crate::cwt::ClaimKey),
//!   [`Identity`](crate::key::Identity), ...): `Arbitrary`; registered values come more often
//!   than others.
//! - what borrows plain bytes or text ([`Digest`](crate::Digest),
//!   [`ContentType`](crate::header::ContentType), [`HashEnvelope`](crate::header::HashEnvelope),
//!   [`PublicKey`](crate::crypto::PublicKey), [`Content`](crate::Content), ...): `Arbitrary<'a>`;
//!   it borrows from the input.
//! - [`MapBuilder`](crate::MapBuilder), [`ClaimsBuilder`](crate::cwt::ClaimsBuilder) and the
//!   builders of messages: `Arbitrary`.
//! - [`Profile`](crate::Profile), [`Limits`](crate::Limits),
//!   [`Strictness`](crate::cbor::Strictness): `Arbitrary`; no limit is above its default.
//! - views of encoded things: the six messages, [`Message`](crate::Message),
//!   [`Cwt`](crate::cwt::Cwt), [`Claims`](crate::cwt::Claims), [`CoseKey`](crate::key::CoseKey),
//!   [`KeySet`](crate::key::KeySet), [`Countersignature`](crate::Countersignature),
//!   [`Raw`](crate::cbor::Raw), [`Array`](crate::cbor::Array), [`Map`](crate::cbor::Map):
//!   [`Encoded`], which owns the bytes.
//! - parts of views: [`Headers`](crate::header::Headers), [`Bucket`](crate::header::Bucket),
//!   [`Recipient`](crate::Recipient), [`X5t`](crate::header::X5t), ...: not: read them out of a
//!   message.
//! - [`Verified`](crate::Verified), [`SignedBy`](crate::SignedBy), [`Notes`](crate::Notes),
//!   [`Opened`](crate::Opened): never: only a verification makes one, and a verified value is not
//!   arbitrary.
//! - trust: [`TrustedKey`](crate::key::TrustedKey), trust stores, policies of algorithms and
//!   signers, [`Context`](crate::Context), [`Work`](crate::Work): not: the target decides whom it
//!   trusts, and the provider computes the thumbprints.
//! - what borrows several other values ([`Input`](crate::Input), [`Supplied`](crate::Supplied),
//!   encoders, the `recipient` builders and `KdfContext`, drafts): not: make its parts.
//! - certificates, PEM, PKCS#8, JWK, timestamps: not: their texts come from other writers, and
//!   bytes from a corpus reach deeper.
//! - errors, rules: not: they are results.
//!
//! A verified value cannot be made so:
//!
//! ```compile_fail,E0277
//! fn is_arbitrary<T: for<'a> arbitrary::Arbitrary<'a>>() {}
//! is_arbitrary::<cose_ext::Verified<u8>>();
//! ```

mod cwt;
mod encoded;
mod header;
mod item;
mod key;
mod message;
mod number;
mod profile;

pub use encoded::{Encoded, View};
pub use item::{bytes, few, text};
