//! A bill of materials, read. `serde_json::Value` is what people read such documents with; it keeps the last of two equal
//! members.

use std::hint::black_box;

use scitt_core::{Document, DocumentLimits};

use crate::work::Work;

/// Returns a bill of materials of so many parts.
pub fn bill_of_materials(parts: u64) -> String {
    let component = |n| {
        format!(
            r#"{{"type": "library", "name": "part-{n}", "version": "1.{n}.0", "purl": "pkg:cargo/part-{n}@1.{n}.0"}}"#
        )
    };
    let components: Vec<_> = (0..parts).map(component).collect();
    format!(r#"{{"bomFormat": "CycloneDX", "components": [{}]}}"#, components.join(","))
}

/// Returns the works of this benchmark.
pub fn audit() -> Vec<Work> {
    let what = "bill of materials of 5000 parts read";
    let bom: &'static str = bill_of_materials(5000).leak();
    vec![
        Work::new(what, "scitt-core", move || {
            Document::read(black_box(bom.as_bytes()), &DocumentLimits::DEFAULT).expect("read")
        }),
        Work::new(what, "serde_json, a Value", move || {
            serde_json::from_slice::<serde_json::Value>(black_box(bom.as_bytes())).expect("read")
        }),
    ]
}
