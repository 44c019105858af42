//! A message for each line of the list: a line that nothing shows is none.

use cose_ext::Rule;

use super::{Fared, Kind, LISTED, Side, compare};
use crate::messages::{bstr, h, sign1};

/// A message of each kind with nothing special about it, and its protected bucket.
fn plain(kind: Kind, protected: &str, unprotected: &str) -> Vec<u8> {
    let (protected, unprotected) = (bstr(&h(protected)), h(unprotected));
    let recipients = h("81 83 40 a1 01 25 40");
    let (tag, head, rest) = match kind {
        Kind::Sign1 => ("d2", 0x84, bstr(&[0; 64])),
        Kind::Sign => ("d862", 0x84, [&h("81 83 43a10126 a0")[..], &bstr(&[0; 64])].concat()),
        Kind::Mac0 => ("d1", 0x84, bstr(&[0; 32])),
        Kind::Mac => ("d861", 0x85, [bstr(&[0; 32]), recipients].concat()),
        Kind::Encrypt0 => ("d0", 0x83, Vec::new()),
        Kind::Encrypt => ("d860", 0x84, recipients),
    };
    [&h(tag)[..], &[head], &protected, &unprotected, &bstr(b"content"), &rest].concat()
}

/// One of each kind.
pub fn each_kind() -> Vec<Vec<u8>> {
    Kind::ALL.map(|kind| plain(kind, "a10126", "a0")).into()
}

fn with(protected: &str, unprotected: &str) -> Vec<u8> {
    sign1(&h(protected), &h(unprotected), Some(b"x"), &[0; 64])
}

#[test]
fn each_stricter_rule_has_its_message() {
    let messages = [
        (Kind::Sign1, Rule::Structure, h("84 43a10126 a0 f7 40")),
        (Kind::Sign, Rule::SignStructure, h("84 43a10126 a0 4101 80")),
        (Kind::Mac0, Rule::Mac0Structure, h("84 43a10105 a0 f7 40")),
        (Kind::Mac, Rule::MacStructure, h("85 43a10105 a0 f7 40 81 83 40 a1 01 25 40")),
        (Kind::Encrypt0, Rule::Encrypt0Structure, h("83 43a10101 a0 f7")),
        (Kind::Encrypt, Rule::EncryptStructure, h("84 43a10101 a0 f7 81 83 40 a1 01 25 40")),
        (Kind::Encrypt, Rule::RecipientStructure, h("84 43a10101 a0 4101 80")),
        (Kind::Sign1, Rule::UniqueKeys, with("a2 0126 182a a2 0100 180100", "a0")),
        (Kind::Sign1, Rule::OneBucket, with("a2 0126 044131", "a1 044131")),
        (Kind::Sign1, Rule::AlgorithmProtected, with("", "a10126")),
        (Kind::Sign1, Rule::CritProtected, with("a10126", "a1 02 8101")),
        (Kind::Sign1, Rule::OneIv, with("a2 0126 0541aa", "a1 0641bb")),
        (Kind::Sign1, Rule::VdsProtected, with("a10126", "a1 19018b 01")),
        (Kind::Sign1, Rule::VdpUnprotected, with("a2 0126 19018c a0", "a0")),
        (Kind::Sign1, Rule::HashEnvelopeProtected, with("a10126", "a1 190102 2f")),
        (Kind::Sign1, Rule::TimestampPlacement, with("a10126", "a1 19010d 40")),
        (Kind::Sign1, Rule::CountersignaturePlacement, with("a2 0126 0c 40", "a0")),
        (Kind::Sign1, Rule::LabelForm, with("a2 0126 c24161 00", "a0")),
    ];
    for (kind, rule, message) in &messages {
        let fared = Fared::TheirsAlone(Some(format!("{rule:?}")));
        assert_eq!(compare(*kind, message), Ok(fared), "{}", rule.id());
    }
    for listed in LISTED.on(Side::Stricter) {
        let shown = messages.iter().any(|(_, rule, _)| format!("{rule:?}") == listed);
        assert!(shown, "{listed} is listed, and nothing shows it");
    }
}

#[test]
fn each_wider_reading_has_its_message() {
    let messages = [
        ("IntegerRange", with("a2 0126 1bffffffffffffffff 00", "a0")),
        ("Unregistered Algorithms", with("a1 01 3902e7", "a0")),
        ("Unregistered HeaderParameters", with("a3 0126 02 81 19018a 19018a 8140", "a0")),
        ("Unregistered ContentFormats", with("a2 0126 03 19fffe", "a0")),
        ("EmptyMeansAbsent", with("a2 0126 0440", "a0")),
        ("Malformed", with("a2 0126 0401", "a0")),
        ("Malformed", with("a2 0126 0201", "a0")),
        ("Malformed", with("a1 0126", "a1 07 01")),
        ("empty tstr, not non-empty tstr", with("a2 0126 0360", "a0")),
        (
            "leading/trailing whitespace, not no leading/trailing whitespace",
            with("a2 0126 03 64 20 612f61", "a0"),
        ),
        ("arbitrary text, not text of form type/subtype", with("a2 0126 03 6161", "a0")),
        ("SimpleValue", with("a2 0126 182a f0", "a0")),
    ];
    for (reason, message) in &messages {
        assert_eq!(compare(Kind::Sign1, message), Ok(Fared::OursAlone((*reason).into())));
    }
    for listed in LISTED.on(Side::Wider) {
        let shown = messages.iter().any(|(reason, _)| *reason == listed);
        assert!(shown, "{listed} is listed, and nothing shows it");
    }
}

#[test]
fn empty_maps_are_authenticated_as_rfc_9052_4_4_says() {
    for kind in Kind::ALL {
        for protected in ["a0", "b800", "bfff"] {
            let fared = compare(kind, &plain(kind, protected, "a0"));
            assert_eq!(fared, Ok(Fared::BothButAnEmptyMapIsHashed), "{kind:?} {protected}");
        }
    }
    assert!(LISTED.find(Side::Meaning, "EmptyProtected"));
    assert_eq!(LISTED.on(Side::Meaning).count(), 1);
}
