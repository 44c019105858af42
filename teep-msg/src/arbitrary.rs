//! Values for fuzz targets, made of the bytes that a fuzzer chooses.
//!
//! [`cose_ext::arbitrary`] says how to take them and what holds of all of them. A fuzz target for
//! code that reads messages:
//!
//! ```
//! use arbitrary::{Arbitrary, Unstructured};
//! use teep_msg::{Message, cose_ext::arbitrary::Encoded};
//!
//! // In a fuzz target: `fuzz_target!(|message: Encoded<Message<'static>>| { .. })`.
//! fn target(message: &Encoded<Message<'static>>) {
//!     let message = message.view().expect("made by the encoder");
//!     // The code to be tested takes `message` here.
//!     assert!(message.options().token().is_none_or(|token| token.len() >= 8));
//! }
//!
//! target(&Encoded::arbitrary(&mut Unstructured::new(&[7; 64]))?);
//! # Ok::<(), arbitrary::Error>(())
//! ```
//!
//! - [`Numbering`], [`MessageType`], [`OptionName`], [`ErrorCode`], [`FreshnessMechanism`],
//!   [`Suite`], [`SuitProfile`], [`DataItems`], [`Model`], [`WithoutStatus`], [`Standing`],
//!   [`Purpose`], [`Token`]: `Arbitrary`; registered values come more often than others.
//! - [`InstalledTc`], [`RequestedTc`], [`SuccessContent`], [`ErrorContent`],
//!   [`QueryRequestContent`]: `Arbitrary<'a>`; they borrow from the input, and their lists are
//!   among a few.
//! - [`Message`]: [`Encoded`](cose_ext::arbitrary::Encoded), which owns the bytes, in the numbering
//!   of IANA; [`transcode`](crate::transcode()) makes the other one. Manifests and reports in it
//!   are empty envelopes and messages.
//! - lists and options of a message ([`Options`](crate::Options), [`TcList`](crate::TcList),
//!   [`AttestationPayload`](crate::AttestationPayload), ...): not: read them out of the message.
//! - [`QueryResponseContent`](crate::QueryResponseContent),
//!   [`UpdateContent`](crate::UpdateContent): not: they borrow several lists; make their parts.
//! - opened messages, events, results of a check, [`InstallPermit`](crate::InstallPermit): never:
//!   only a check makes them.
//! - machines and their configurations, brokers, keys: not: the target decides whom it trusts.
//!
//! ```compile_fail,E0277
//! fn is_arbitrary<T: for<'a> arbitrary::Arbitrary<'a>>() {}
//! is_arbitrary::<teep_msg::InstallPermit>();
//! ```

mod content;
mod number;

use crate::{
    DataItems, ErrorCode, ErrorContent, FreshnessMechanism, InstalledTc, Message, MessageType,
    Model, Numbering, OptionName, Purpose, QueryRequestContent, RequestedTc, Standing,
    SuccessContent, SuitProfile, Suite, Token, WithoutStatus,
};
