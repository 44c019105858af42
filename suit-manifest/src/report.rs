//! SUIT_Report: what a manifest processor did (draft-ietf-suit-report-22).

mod capability;
mod conclusion;
mod log;
mod new_report;
mod protected;
mod reason;
mod record;
mod records;
mod reference;
mod system_properties;

use cose_ext::{
    Profile,
    cbor::{Map, Raw, Reader},
};

pub use capability::{Capabilities, CapabilityReport, ComponentCapability, Numbers};
pub use conclusion::{Conclusion, Failed};
pub use log::{NoReport, ReportLog, ReportSink};
pub use new_report::NewReport;
pub use protected::ReportContainer;
pub use reason::Reason;
pub use record::{ManifestPath, Property, Record, SHARED_SEQUENCE};
pub use records::{Noted, NotedIter, Records};
pub use reference::Reference;
pub use system_properties::{Properties, SystemProperties};

use crate::{
    Error, Rule,
    error::{Breaks, Fact},
    label::report,
};

/// A report: which manifest was processed, what was noted meanwhile, and how it ended. Parsed,
/// borrowed, untrusted until a [`Verified`](cose_ext::Verified) holds it.
///
/// # State, invariant, cost
///
/// The map as received, in any order of keys and any encoding that the profile accepts (devices
/// write reports as they go), of which every member that the specification knows has its type.
/// Members of extensions are kept and not looked into. Made in one pass over the map, without heap.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    map: Map<'a>,
    reference: Reference<'a>,
    nonce: Option<&'a [u8]>,
    records: Records<'a>,
    result: Conclusion<'a>,
    capabilities: Option<CapabilityReport<'a>>,
}

impl<'a> Report<'a> {
    /// Reads a report that is the whole of `bytes`. Nothing protects it here: it may be the payload
    /// of a message that does, and that was verified before. [`verify`](Self::verify) opens one in
    /// its own container.
    ///
    /// # Errors
    ///
    /// [`Rule::ReportForm`], [`Rule::ReferenceForm`], [`Rule::RecordForm`],
    /// [`Rule::PropertiesForm`], [`Rule::ResultForm`], [`Rule::CapabilityForm`]; those of digests
    /// and of the encoding, and for trailing bytes.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        Self::read(profile.item(bytes, 0)?, profile)
    }

    /// Reads the report that `item` is.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    pub fn read(item: Raw<'a>, profile: &Profile) -> Result<Self, Error> {
        let map = Map::new(&item).breaks(Rule::ReportForm)?;
        let (mut reference, mut nonce, mut records) = (None, None, None);
        let (mut result, mut capabilities) = (None, None);
        for (key, value) in &map {
            match key.read(Reader::int).breaks(Rule::ReportForm)?.to_i64() {
                Some(report::REFERENCE) => reference = Some(Reference::read(&value)?),
                Some(report::NONCE) => {
                    nonce = Some(value.read(Reader::bytes).breaks(Rule::ReportForm)?);
                }
                Some(report::RECORDS) => records = Some(Records::read(&value, profile)?),
                Some(report::RESULT) => result = Some(Conclusion::read(&value, profile)?),
                Some(report::CAPABILITY_REPORT) => {
                    capabilities = Some(CapabilityReport::read(&value)?);
                }
                _ => {}
            }
        }
        let absent = |name| Error::malformed(Rule::ReportForm, Fact::Name(name), item.offset());
        Ok(Self {
            map,
            reference: reference.ok_or(absent("suit-reference"))?,
            nonce,
            records: records.ok_or(absent("suit-report-records"))?,
            result: result.ok_or(absent("suit-report-result"))?,
            capabilities,
        })
    }

    /// Returns which manifest the report is about.
    #[must_use]
    pub const fn reference(&self) -> Reference<'a> {
        self.reference
    }

    /// Returns what makes the report fresh, if something in it does.
    #[must_use]
    pub const fn nonce(&self) -> Option<&'a [u8]> {
        self.nonce
    }

    /// Returns what was noted, in the order in which it happened.
    #[must_use]
    pub const fn records(&self) -> Records<'a> {
        self.records
    }

    /// Returns how the procedure ended.
    #[must_use]
    pub const fn result(&self) -> Conclusion<'a> {
        self.result
    }

    /// Returns what the processor can do, if the report says so.
    #[must_use]
    pub const fn capability_report(&self) -> Option<CapabilityReport<'a>> {
        self.capabilities
    }

    /// Returns the value under the key of an extension, which nobody has looked at.
    #[must_use]
    pub fn extension(&self, key: i64) -> Option<Raw<'a>> {
        self.map.find(key)
    }

    /// Returns the encoded report, as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.map.bytes()
    }
}
