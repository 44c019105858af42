//! Certificates, and whom they make a signer (RFC 9360, RFC 5280).
//!
//! Certificates in a header are untrusted input. They count when a [`PathValidator`] finds a path
//! from the end entity to a trust anchor, which is an argument, as is the time. The default one is
//! [`WebPki`].
//!
//! Who signed is then the *key* of the end entity: its thumbprint (RFC 9679), whichever certificate
//! of that key came along. An `x5chain` in the unprotected bucket can be replaced by anybody, by
//! another certificate for the same key too, with another name in it, if an authority does not ask
//! for proof of possession (RFC 9360 5). A name is therefore taken from a certificate only when the
//! signature covers it ([`CertificationPaths::by_subject`]).

mod certificate;
mod certificate_store;
mod end_entity;
#[cfg(feature = "x509-cert")]
mod name;
mod path;
mod paths;
mod web_pki;

pub use certificate::{Certificate, KeyUsage};
pub use certificate_store::{CertificateStore, TrustedCertificate};
pub use path::{PathRequest, PathValidator, TrustAnchor, ValidatedPath, ValidityCheck};
pub use paths::CertificationPaths;
pub use web_pki::{Purpose, WebPki};
