//! The arrays that these messages are.

use cose_ext::cbor::Head;
use cose_ext::error::{Error, ErrorKind, Limit};
use cose_ext::{Encrypt, Encrypt0, Limits, Mac, Mac0, Profile, Rule};

use crate::expect::{breaks, breaks_at};
use crate::keys::h;

/// A direct recipient.
const RECIPIENT: &str = "83 40 a10125 40";

fn with_recipients(start: &str, recipients: &str) -> Vec<u8> {
    h(&format!("{start} {recipients}"))
}

#[test]
fn c48_a_mac_has_five_elements() {
    let good = with_recipients("d861 85 43a10105 a0 4170 41aa 81", RECIPIENT);
    assert!(Mac::decode_tagged(&good, &Profile::LENIENT).is_ok());
    assert!(Mac::decode_untagged(&good[2..], &Profile::LENIENT).is_ok());
    breaks_at(
        Rule::MacStructure,
        0,
        Mac::decode(&h("84 43a10105 a0 4170 41aa"), &Profile::LENIENT),
    );
    breaks(Rule::MacStructure, Mac::decode(&h("85 43a10105 a0 4170 01 80"), &Profile::LENIENT));
    breaks(Rule::MacStructure, Mac::decode(&h("85 43a10105 a0 6170 41aa 80"), &Profile::LENIENT));
    breaks(Rule::Tag, Mac::decode_tagged(&good[2..], &Profile::LENIENT));
    breaks(Rule::Tag, Mac::decode_untagged(&good, &Profile::LENIENT));
}

#[test]
fn c49_a_mac0_has_four_elements() {
    assert!(Mac0::decode_tagged(&h("d1 84 43a10105 a0 4170 41aa"), &Profile::LENIENT).is_ok());
    for broken in
        ["83 43a10105 a0 4170", "85 43a10105 a0 4170 41aa 80", "a0", "84 43a10105 a0 4170 f6"]
    {
        breaks(Rule::Mac0Structure, Mac0::decode(&h(broken), &Profile::LENIENT));
    }
    breaks(Rule::Tag, Mac0::decode(&h("d2 84 43a10105 a0 4170 41aa"), &Profile::LENIENT));
}

#[test]
fn c51_an_encrypt_has_four_elements() {
    let good = with_recipients("d860 84 43a10101 a0 4170 81", RECIPIENT);
    assert!(Encrypt::decode_tagged(&good, &Profile::LENIENT).is_ok());
    breaks(Rule::EncryptStructure, Encrypt::decode(&h("83 43a10101 a0 4170"), &Profile::LENIENT));
    breaks(Rule::EncryptStructure, Encrypt::decode(&h("84 43a10101 a0 01 80"), &Profile::LENIENT));
    breaks(Rule::Tag, Encrypt::decode(&h("d0 84 43a10101 a0 4170 80"), &Profile::LENIENT));
}

#[test]
fn c52_an_encrypt0_has_three_elements() {
    assert!(Encrypt0::decode_tagged(&h("d0 83 43a10101 a0 4170"), &Profile::LENIENT).is_ok());
    for broken in ["82 43a10101 a0", "84 43a10101 a0 4170 80", "83 43a10101 a0 a0"] {
        breaks(Rule::Encrypt0Structure, Encrypt0::decode(&h(broken), &Profile::LENIENT));
    }
}

#[test]
fn c55_a_recipient_has_three_or_four_elements() {
    let mac = |recipients: &str| {
        let bytes = with_recipients("85 43a10105 a0 4170 41aa", recipients);
        Mac::decode(&bytes, &Profile::LENIENT).map(|_| ())
    };
    assert_eq!(mac(&format!("81 {RECIPIENT}")), Ok(()));
    assert_eq!(mac(&format!("81 84 40 a10122 40 81 {RECIPIENT}")), Ok(()));
    assert_eq!(mac(&format!("9f {RECIPIENT} {RECIPIENT} ff")), Ok(()));
    for broken in [
        "80",
        "9f ff",
        "a0",
        "81 82 40 a10125",
        "81 85 40 a10125 40 80 80",
        "81 83 40 a10125 a0",
        "81 84 40 a10122 40 80",
        "81 9f 40 a10125 40 80 ff",
    ] {
        breaks(Rule::RecipientStructure, mac(broken));
    }
}

#[test]
fn recipients_are_bounded_in_number_and_depth() {
    let mac = |recipients: &[u8], limits: Limits| {
        let bytes = [&h("85 43a10105 a0 4170 41aa")[..], recipients].concat();
        Mac::decode(&bytes, &Profile::LENIENT.with_limits(limits)).map(|_| ())
    };
    let many = |count: usize| [Head::array(count).as_bytes(), &h(RECIPIENT).repeat(count)].concat();
    assert_eq!(mac(&many(256), Limits::DEFAULT), Ok(()));
    let too_many = Err(Error::from(Limit::Recipients).at(10));
    assert_eq!(mac(&many(257), Limits::DEFAULT), too_many);
    assert_eq!(mac(&many(3), Limits::DEFAULT.with_recipients(2)), too_many);
    let deep =
        |depth: usize| [h("81 84 40 a10122 40").repeat(depth - 1), h("81"), h(RECIPIENT)].concat();
    assert_eq!(mac(&deep(4), Limits::DEFAULT), Ok(()));
    assert!(matches!(
        mac(&deep(5), Limits::DEFAULT).map_err(|error| error.kind()),
        Err(ErrorKind::Limit(Limit::RecipientDepth))
    ));
    // Nested ones count as well.
    assert_eq!(mac(&deep(3), Limits::DEFAULT.with_recipients(3)), Ok(()));
    assert!(mac(&deep(3), Limits::DEFAULT.with_recipients(2)).is_err());
}
