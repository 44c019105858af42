//! The header parameters of COSE Receipts (RFC 9942).

use cose_ext::Content;
use cose_ext::cbor::Int;
use cose_ext::header::{Vdp, Vds};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{IntOrText, Label, Rule};

use crate::expect::{breaks, breaks_at};
use crate::messages::{decode, issuer, unsigned};

#[test]
fn c33_vds_is_a_protected_integer() {
    let vds = |value: &str| {
        let message = unsigned(&format!("a2 0126 19018b {value}"), "a0");
        decode(&message).unwrap().headers().protected().vds()
    };
    assert_eq!(vds("01"), Ok(Some(Vds::RFC9162_SHA256)));
    assert_eq!(vds("02"), Ok(Some(Vds::CCF_LEDGER_SHA256)));
    assert_eq!(vds("1801"), Ok(Some(Vds::RFC9162_SHA256)));
    assert_eq!(vds("20"), Ok(Some(Vds::new(Int::new(-1)))));
    // Beyond 64 bits signed it is not -1, and nothing that anybody knows.
    let beyond = vds("1bffffffffffffffff").unwrap().unwrap();
    assert_ne!(beyond, Vds::new(Int::new(-1)));
    assert_eq!(beyond.name(), None);
    assert!(
        Vds::RFC9162_SHA256.is_registered()
            && !Vds::CCF_LEDGER_SHA256.is_registered()
            && !beyond.is_registered()
    );
    for value in ["6131", "4101", "f6", "8101", "f93c00"] {
        breaks_at(Rule::VdsProtected, 8, vds(value));
    }
    breaks(Rule::VdsProtected, decode(&unsigned("a10126", "a1 19018b 01")));
    assert_eq!(decode(&unsigned("a10126", "a0")).unwrap().headers().protected().vds(), Ok(None));
    let builder = Sign1Builder::new().unprotected(Label::VDS, 1);
    breaks(Rule::VdsProtected, builder.sign(Content::Detached(b""), &issuer()));
}

#[test]
fn c34_vdp_is_an_unprotected_map_of_proofs() {
    let proofs = |vdp: &str, kind: IntOrText<'_>| {
        let message = unsigned("a2 0126 19018b 01", &format!("a1 19018c {vdp}"));
        let message = decode(&message)?;
        let vdp = message.headers().vdp()?.expect("it is there");
        vdp.proofs(kind).map(|proofs| proofs.map(|proofs| proofs.len()))
    };
    assert_eq!(proofs("a1 20 814130", Vdp::INCLUSION), Ok(Some(1)));
    assert_eq!(proofs("a1 20 814130", Vdp::CONSISTENCY), Ok(None));
    assert_eq!(proofs("a2 21 824130 4131 20 814130", Vdp::CONSISTENCY), Ok(Some(2)));
    assert_eq!(proofs("a1 3800 9f4130ff", Vdp::INCLUSION), Ok(Some(1)));
    assert_eq!(proofs("a0", Vdp::INCLUSION), Ok(None));
    // 2^64 - 1 is not -1.
    assert_eq!(proofs("a1 1bffffffffffffffff 814130", Vdp::INCLUSION), Ok(None));
    for vdp in [
        "80",
        "4130",
        "f6",
        "00",
        "a1 20 80",
        "a1 20 9fff",
        "a1 20 4130",
        "a1 20 a0",
        "a1 4130 814130",
    ] {
        breaks(Rule::VdpUnprotected, proofs(vdp, Vdp::INCLUSION));
    }
    breaks(Rule::VdpUnprotected, decode(&unsigned("a2 0126 19018c a0", "a0")));
    breaks(Rule::UniqueKeys, proofs("a2 20 814130 3800 814131", Vdp::INCLUSION));
}

#[test]
fn c35_receipts_are_byte_strings_at_least_one() {
    let receipts = |value: &str| {
        let message = unsigned("a10126", &format!("a1 19018a {value}"));
        let message = decode(&message)?;
        let receipts = message.headers().unprotected().receipts()?.expect("it is there");
        let found: Vec<(usize, Vec<u8>)> =
            receipts.iter().map(|(at, receipt)| (at, receipt.to_vec())).collect();
        assert_eq!(receipts.len(), found.len());
        for (at, receipt) in &found {
            assert_eq!(&message.bytes()[*at..at + receipt.len()], receipt);
        }
        Ok(found.len())
    };
    assert_eq!(receipts("81 41d2"), Ok(1));
    assert_eq!(receipts("83 40 580131 41d2"), Ok(3));
    assert_eq!(receipts("9f 41d2 ff"), Ok(1));
    for value in
        ["80", "9fff", "41d2", "f6", "a0", "81 6131", "81 d284 40 a0 f6 40", "82 40 00", "81 8140"]
    {
        breaks(Rule::ReceiptsForm, receipts(value));
    }
    // A chunked receipt is valid CBOR that cannot be handed out.
    assert!(receipts("81 5f41d2ff").is_err_and(|error| error.rule().is_none()));
}
