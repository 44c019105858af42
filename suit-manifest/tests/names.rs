//! Envelopes and reports in annotated diagnostic notation.

#[path = "support/made.rs"]
mod made;

use made::{array, bstr, int, members, numbered, signed, text, with};
use suit_manifest::{EnvelopeNames, ReportNames, cose_ext::diag};

fn shown(bytes: &[u8], names: &dyn diag::Names) -> String {
    let mut shown = String::new();
    diag::print(bytes, names, &mut shown).unwrap();
    shown
}

#[test]
fn everything_in_an_envelope_has_its_name() {
    let inner = array(&[int(20), numbered(&[(21, text("coap://a"))]), int(21), int(2)]);
    let tried = array(&[bstr(&inner), bstr(&array(&[]))]);
    let install = bstr(&array(&[int(12), int(0), int(15), tried, int(32), bstr(&inner)]));
    let shown = shown(&made::envelope(&signed(&with(members(), 20, install))), &EnvelopeNames);
    for name in [
        "SUIT_Envelope",
        "authentication-wrapper",
        "digest",
        "block",
        "sequence-number",
        "shared-sequence",
        "components",
        "validate",
        "image-match",
        "install",
        "set-component-index",
        "try-each",
        "run-sequence",
        "override-parameters",
        "uri",
        "fetch",
        "policy",
    ] {
        assert!(shown.contains(name), "{name} in {shown}");
    }
    // In the nested sequences too.
    assert_eq!(shown.matches("uri").count(), 2, "{shown}");
}

#[test]
fn everything_in_a_report_has_its_name() {
    let record = array(&[array(&[]), int(7), int(2), int(0), numbered(&[(14, int(5))])]);
    let properties = numbered(&[(0, array(&[bstr(b"app")])), (14, int(5))]);
    let result = numbered(&[(5, int(-1)), (6, record.clone()), (7, int(10))]);
    let reference = array(&[text(""), made::digest(b"manifest")]);
    let report = numbered(&[(99, reference), (3, array(&[record, properties])), (4, result)]);
    let shown = shown(&report, &ReportNames);
    for name in
        ["reference", "records", "section", "component", "image-size", "reason", "condition-failed"]
    {
        assert!(shown.contains(name), "{name} in {shown}");
    }
}
