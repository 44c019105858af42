//! A least verifier: what a token says was measured, compared with a table of what may be there.
//!
//! It needs neither endorsements in a format of their own nor a policy language: a table of
//! reference values, and where they are known the devices and the implementations. What comes out
//! is a vector of AR4SI, a status and the time from which on neither holds; with a heap, an
//! attestation result.
//!
//! ```
//! use cose_ext::{Digest, Verified, sign::Signers};
//! use rats_eat::{Claims, Error, ar4si::Tier, appraisal::{Appraiser, Reference, Verdict}};
//!
//! fn appraise(
//!     claims: &Verified<Claims<'_>, Signers>, // of a token that was verified, and is fresh
//!     boot_loader: Digest<'_>,
//!     now: i64,
//! ) -> Result<Verdict, Error> {
//!     let references = [
//!         Reference::digest("BL", boot_loader).until(1_900_000_000),
//!         Reference::signed("PRoT", &[0x5a; 32], "1.3"), // any of this signer from 1.3 on
//!     ];
//!     let verdict = Appraiser::new(&references).at(now).appraise(claims, &mut |component| {
//!         println!("{}: {:?}", component.name, component.outcome);
//!     })?;
//!     assert!(verdict.status != Tier::Affirming || verdict.matched > 0);
//!     Ok(verdict)
//! }
//! ```

mod appraiser;
mod measured;
mod reference;
mod verdict;
mod version_order;

pub use appraiser::Appraiser;
pub use measured::Measured;
pub use reference::{Compared, Outcome, Reference};
pub use verdict::Verdict;
