//! The maker's auditor: replays every decision of a log, and watches the releases in it.

use cose_ext::{Input, Label, Processed, Profile, key::TrustStore};
use merkle_proof::Sha256Tree;
use scitt_core::{AuditedEntry, Auditor, Evidence, Governance};
use transparent_suit::{Alarm, ClassUrn, FirmwareMonitor, profile};

use crate::{
    Trouble,
    cast::{CLASS_ID, IMAGE_6, IMAGE_7, IMAGE_8, IMAGE_9, VENDOR, context, manifest},
    service::{Service, bootstrap},
};

/// What a replay found.
pub(crate) struct Replayed {
    pub(crate) alarms: Vec<Alarm>,
    /// Whether every decision is as the policies in the log want it, and the root is the one of the service.
    pub(crate) agrees: bool,
}

/// Replays a log. Keys, policies and rules stand in the log itself: the auditor has nothing but the operator's key and the
/// list of what the maker released.
pub(crate) fn replay(service: &Service, place: usize) -> Result<Replayed, Trouble> {
    let context = context();
    let nobody = TrustStore::new(&[]);
    let class = ClassUrn::new(&CLASS_ID);
    let expected = [(VENDOR, class.as_str())];
    let own = [(6, IMAGE_6), (7, IMAGE_7), (8, IMAGE_8), (9, IMAGE_9)];
    let own = own.iter().map(|(number, image)| manifest(*number, image));
    let own = own.collect::<Result<Vec<_>, _>>()?;
    let mut governance = Governance::new(service.issuer, bootstrap(place)?);
    let monitor = FirmwareMonitor::new(&nobody, &expected).under(&mut governance);
    let mut monitor = monitor.knowing(own.iter().map(|envelope| envelope.digest()));
    let mut auditor = Auditor::new(Sha256Tree, profile::ENTRY_RULE);
    let input = Input::embedded().with_processed(Processed::new(&[Label::TYP]));
    for evidence in service.evidence()? {
        let evidence = Evidence::decode(&evidence, &Profile::LENIENT)?;
        let entry = AuditedEntry::statement(evidence.submitted, input);
        auditor.replay(&entry.decided_at(evidence.decided_at), &mut monitor, &context)?;
    }
    let head = service.governed.service().head();
    let agrees = auditor.head().root.hash() == head.root.hash() && auditor.report().faulty() == 0;
    Ok(Replayed { alarms: monitor.alarms().to_vec(), agrees })
}
