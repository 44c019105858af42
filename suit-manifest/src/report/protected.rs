//! Reports in a container of their own (SUIT report 8).

use cose_ext::{
    Authenticated, Context, Input, Profile, Trust, Verified,
    cbor::{Raw, Type},
    mac0::Mac0,
    sign::{SignPolicy, Signers},
    sign1::Sign1,
};

use super::Report;
use crate::{
    Error, ErrorKind, Rule,
    error::{Fact, Unsupported},
};

/// In which message a report comes: its sender and its receiver have agreed on that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum ReportContainer {
    /// A COSE_Sign1 or COSE_Mac0 that its tag tells.
    Tagged,
    /// A COSE_Sign1, with its tag or without.
    Sign1,
    /// A COSE_Mac0, with its tag or without.
    Mac0,
}

impl<'a> Report<'a> {
    /// Reads a report in a container of its own, and checks who made it, before a byte of the
    /// report is read. Offsets of errors in the report count in the message.
    ///
    /// # Errors
    ///
    /// [`Rule::ReportContainer`]; those of the message; [`Unsupported::EncryptedReport`]; those of
    /// [`decode`](Self::decode).
    pub fn verify(
        bytes: &'a [u8],
        container: ReportContainer,
        trust: &Trust<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Self, Signers>, Error> {
        context.begin(bytes.len(), |context| {
            let profile = &context.profile;
            let message = match container {
                ReportContainer::Tagged => Authenticated::decode_tagged(bytes, profile)?,
                ReportContainer::Sign1 => Authenticated::Sign1(Sign1::decode(bytes, profile)?),
                ReportContainer::Mac0 => Authenticated::Mac0(Mac0::decode(bytes, profile)?),
            };
            let carries = message.danger_unverified_payload().is_some();
            let is_single = matches!(message, Authenticated::Sign1(_) | Authenticated::Mac0(_));
            if !carries || !is_single {
                return Err(Error::malformed(Rule::ReportContainer, Fact::None, 0));
            }
            let by = SignPolicy::All;
            let signed = message.verify(&Input::embedded(), trust, &by, context)?;
            let item = signed.try_map_within(profile, |signed, profile| {
                signed.payload_item(profile).map_err(Error::from)
            })?;
            item.try_map_within(profile, unencrypted)
        })
    }
}

/// The payload may be a COSE_Encrypt0 around the report, with its tag or without.
fn unencrypted<'a>(item: Raw<'a>, profile: &Profile) -> Result<Report<'a>, Error> {
    match item.data_type() {
        Type::Array | Type::Tag => {
            let kind = ErrorKind::Unsupported(Unsupported::EncryptedReport);
            Err(Error::new(kind).at(item.offset()))
        }
        _ => Report::read(item, profile),
    }
}
