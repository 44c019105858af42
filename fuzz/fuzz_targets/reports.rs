//! SUIT reports, from anybody.
#![no_main]

use cose_ext::Profile;
use libfuzzer_sys::fuzz_target;
use suit_manifest::report::{Conclusion, Noted, Report};

fuzz_target!(|bytes: &[u8]| {
    for profile in [Profile::LENIENT, Profile::DETERMINISTIC] {
        let Ok(report) = Report::decode(bytes, &profile) else { continue };
        assert_eq!(report.bytes(), bytes);
        assert_eq!(
            report.records().into_iter().count(),
            report.records().len(),
            "each was read before"
        );
        for noted in report.records() {
            if let Noted::Record(record) = noted {
                let _ = (record.manifest_id().count(), record.properties().image_size());
            }
        }
        if let Conclusion::Failed(failed) = report.result() {
            let _ = failed.record.is_shared();
        }
        if let Some(capabilities) = report.capability_report() {
            assert!(capabilities.components().count() > 0);
        }
    }
});
