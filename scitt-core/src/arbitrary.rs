//! Values for fuzz targets, made of the bytes that a fuzzer chooses.
//!
//! [`cose_ext::arbitrary`] says how to take them and what holds of all of them. A fuzz target for
//! code that reads transparent statements:
//!
//! ```
//! use arbitrary::{Arbitrary, Unstructured};
//! use scitt_core::{TransparentStatement, cose_ext::arbitrary::Encoded};
//!
//! // In a fuzz target: `fuzz_target!(|it: Encoded<TransparentStatement<'static>>| { .. })`.
//! fn target(statement: &Encoded<TransparentStatement<'static>>) {
//!     let statement = statement.view().expect("made by the builder");
//!     // The code to be tested takes `statement` here.
//!     assert_eq!(statement.statement().unmet_requirements().count(), 0);
//! }
//!
//! target(&Encoded::arbitrary(&mut Unstructured::new(&[7; 64]))?);
//! # Ok::<(), arbitrary::Error>(())
//! ```
//!
//! - [`Requirements`](crate::Requirements), [`EntryRule`](crate::EntryRule),
//!   [`Role`](crate::Role), [`KeyState`](crate::KeyState), [`KeyStatus`](crate::KeyStatus),
//!   [`KeyValidity`](crate::KeyValidity), [`LogProfile`](crate::LogProfile),
//!   [`StatementSignature`](crate::StatementSignature), [`Supersession`](crate::Supersession),
//!   [`AtTime`](crate::AtTime), [`LedgerParts`](crate::LedgerParts), the limits: `Arbitrary`; no
//!   limit is above its default.
//! - [`Subject`](crate::Subject), [`Purl`](crate::Purl),
//!   [`OwnedContentType`](crate::OwnedContentType), [`OwnedClaimKey`](crate::OwnedClaimKey):
//!   `Arbitrary`; with feature `sbom` `VersionRange`, `VersionOrder`, `DocumentKind` and
//!   `VexStatus` too.
//! - [`Policy`](crate::Policy), [`PolicyIssuer`](crate::PolicyIssuer),
//!   [`PolicyRule`](crate::PolicyRule): `Arbitrary`; keys are as arbitrary as
//!   [`PublicKey`](cose_ext::crypto::PublicKey), and no certificate authority is named.
//! - [`StatementBuilder`](crate::StatementBuilder): `Arbitrary`; it meets the requirements of
//!   RFC 9943 6.
//! - [`SignedStatement`](crate::SignedStatement),
//!   [`TransparentStatement`](crate::TransparentStatement), [`Evidence`](crate::Evidence), with
//!   feature `x509` `DidX509`: [`Encoded`](cose_ext::arbitrary::Encoded), which owns the bytes.
//!   Receipts alone are those of [`merkle_proof::arbitrary`].
//! - [`Statement`](crate::Statement), [`Included`](crate::Included),
//!   [`Transparent`](crate::Transparent), [`SignedHead`](crate::SignedHead),
//!   [`StatementId`](crate::StatementId), fork proofs, discrepancies: never: only a verification
//!   or a comparison makes them.
//! - trust ([`TrustedService`](crate::TrustedService), [`ServiceKey`](crate::ServiceKey),
//!   [`RelyingPartyStore`](crate::RelyingPartyStore), [`ReceiptKey`](crate::ReceiptKey)): not: the
//!   target decides whom it trusts.
//! - services, logs, auditors, monitors: not: they hold what was done to them.
//! - documents about software: not: their texts come from other writers, and bytes from a corpus
//!   reach deeper.
//!
//! What is logged cannot be made so:
//!
//! ```compile_fail,E0277
//! fn is_arbitrary<T: for<'a> arbitrary::Arbitrary<'a>>() {}
//! is_arbitrary::<scitt_core::Transparent<'static>>();
//! ```

mod name;
mod policy;
mod reading;
mod statement;

/// Enums without fields, and other types of few values.
macro_rules! one_of {
    ($($type:ty: $values:expr;)*) => {
        $(impl<'a> arbitrary::Arbitrary<'a> for $type {
            fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
                Ok(*u.choose(&$values)?)
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (1, Some(1))
            }
        })*
    };
}

use one_of;
