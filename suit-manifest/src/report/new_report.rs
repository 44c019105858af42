//! A report in the making.

use cose_ext::{cbor::Writer, crypto::BufferTooShort};

use super::{Capabilities, Reference, ReportLog, log::Ending};
use crate::label::report;

/// A report in the making: what was noted, and what belongs around it.
///
/// Without heap it is written into memory of the caller, in deterministic encoding, and can be
/// signed where it stands:
///
/// ```
/// use suit_manifest::cose_ext::{self, crypto::{Algorithm, Signer}, sign1::Draft};
/// use suit_manifest::report::NewReport;
/// fn signed<'o>(
///     report: &NewReport<'_>,
///     signer: &dyn Signer,
///     out: &'o mut [u8],
/// ) -> Result<&'o [u8], cose_ext::Error> {
///     let draft = Draft::write(out, Algorithm::ESP256, 0, |_| {}).room_for(64);
///     let draft = draft.payload(|payload| report.write(payload));
///     draft?.sign(signer)
/// }
/// ```
///
/// A report that nobody protects belongs into a message that is protected, as those of TEEP are.
/// Where a policy wants reports authenticated, none is to be sent that is not, and no part of one.
#[derive(Clone, Copy, Debug)]
pub struct NewReport<'r> {
    /// Which manifest was processed.
    pub reference: Reference<'r>,
    /// What makes the report fresh: what the receiver asked for. `None` where the message around it
    /// is fresh by itself.
    pub nonce: Option<&'r [u8]>,
    /// What was noted, and how it ended.
    pub log: &'r ReportLog<'r>,
    /// What the processor can do: if the receiver asked, or if the manifest wants something that it
    /// cannot.
    pub capabilities: Option<&'r Capabilities<'r>>,
}

impl NewReport<'_> {
    /// Writes the report.
    pub fn write(&self, writer: &mut Writer<'_>) {
        let optional = usize::from(self.nonce.is_some())
            .saturating_add(usize::from(self.capabilities.is_some()));
        writer.map(optional.saturating_add(3));
        if let Some(nonce) = self.nonce {
            writer.int(report::NONCE).bytes(nonce);
        }
        writer.int(report::RECORDS).array(self.log.count()).encoded(self.log.items());
        writer.int(report::RESULT);
        match self.log.ending() {
            Ending::Success => {
                writer.bool(true);
            }
            Ending::Failed { record, code, reason } => {
                writer.map(3).int(report::RESULT_CODE).int(code).int(report::RESULT_RECORD);
                match record {
                    Some(len) => writer.encoded(self.log.last(len)),
                    // There was no room for it: a place that no manifest has.
                    None => writer.array(5).array(0).int(0).int(0).int(0).map(0),
                };
                writer.int(report::RESULT_REASON).int(reason.number());
            }
        }
        if let Some(capabilities) = self.capabilities {
            writer.int(report::CAPABILITY_REPORT);
            capabilities.write(writer);
        }
        writer.int(report::REFERENCE);
        self.reference.write(writer);
    }

    /// Writes the report, as the whole of what is written, into `out`.
    ///
    /// # Errors
    ///
    /// If the buffer is too short.
    pub fn write_to<'o>(&self, out: &'o mut [u8]) -> Result<&'o mut [u8], BufferTooShort> {
        let mut writer = Writer::new(out);
        self.write(&mut writer);
        writer.finish()
    }
}
