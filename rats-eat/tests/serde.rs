//! Claims sets in formats of others.

use cose_ext::Profile;
use rats_eat::{Claims, OwnedClaims};

const LENIENT: &Profile = &Profile::LENIENT;

#[test]
fn in_json_claims_have_their_names() {
    let text = r#"{"iat":1790000000,"ueid":"AQIDBAUGBw","oemid":64242,"location":{"latitude":1.5,"longitude":-2.0},"submods":{"TEE":{"swname":"os"}},"x":[null,true,18446744073709551615,-3]}"#;
    let claims: OwnedClaims = serde_json::from_str(text).unwrap();
    let view = claims.claims(LENIENT).unwrap();
    assert_eq!(view.issued_at(), Ok(Some(1_790_000_000)));
    assert_eq!(view.ueid().unwrap().unwrap().bytes(), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(serde_json::to_string(&claims).unwrap(), text);
    assert_eq!(claims, OwnedClaims::from_json(text.as_bytes(), LENIENT).unwrap());
}

#[test]
fn what_is_refused_in_json_is_refused_here() {
    for (bad, why) in [
        (r#"{"iat":1790000000.0}"#, "E4"),
        (r#"{"a":1,"a":2}"#, "a member is there twice"),
        ("[]", "E291"),
        (r#"{"submods":{"a":1}}"#, "E25"),
    ] {
        let error = serde_json::from_str::<OwnedClaims>(bad).unwrap_err().to_string();
        assert!(error.contains(why), "{bad}: {error}");
    }
    let deep = format!("{}{}", r#"{"a":"#.repeat(100), "1".to_owned() + &"}".repeat(100));
    assert!(serde_json::from_str::<OwnedClaims>(&deep).is_err());
    // A claim that JSON has no form of.
    let bytes = [0xa1, 0x3a, 0x00, 0x01, 0x11, 0x29, 0x01];
    let claims = OwnedClaims::from(Claims::decode(&bytes, LENIENT).unwrap());
    assert!(serde_json::to_string(&claims).unwrap_err().to_string().contains("E294"));
}
