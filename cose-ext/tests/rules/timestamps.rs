//! RFC 3161 timestamps (RFC 9921): carried, each in its bucket, and stamping what they are said to.

use cose_ext::header::TimestampMode;
use cose_ext::{Input, Label, Rule};

use crate::expect::{breaks, breaks_at};
use crate::messages::{decode, h, sign1, signed, unsigned, verify};

#[test]
fn c42_a_timestamp_then_cose_is_protected() {
    let message = signed("a2 0126 19010d 4130", "a0", b"x");
    let verified = verify(&message).unwrap();
    assert!(verified.value().protected().find(Label::TIMESTAMP_THEN_COSE).is_some());
    breaks_at(Rule::TimestampPlacement, 9, decode(&unsigned("a10126", "a1 19010d 4130")));
    breaks(Rule::TimestampPlacement, decode(&unsigned("a10126", "a1 1a0000010d 4130")));
}

#[test]
fn c42_a_cose_then_timestamp_is_unprotected() {
    let message = signed("a10126", "a1 19010e 4130", b"x");
    assert!(verify(&message).is_ok());
    assert!(
        decode(&message)
            .unwrap()
            .headers()
            .unprotected()
            .find(Label::COSE_THEN_TIMESTAMP)
            .is_some()
    );
    breaks_at(Rule::TimestampPlacement, 8, decode(&unsigned("a2 0126 19010e 4130", "a0")));
}

#[test]
fn c74_timestamps_are_byte_strings() {
    let then_cose = |value: &str| {
        let message = unsigned(&format!("a2 0126 19010d {value}"), "a0");
        let headers = *decode(&message).unwrap().headers();
        headers.protected().timestamp_then_cose().map(|found| found.unwrap().token().to_vec())
    };
    let cose_then = |value: &str| {
        let message = unsigned("a10126", &format!("a1 19010e {value}"));
        let headers = *decode(&message).unwrap().headers();
        headers.cose_then_timestamp().map(|found| found.unwrap().token().to_vec())
    };
    for read in [then_cose, cose_then] {
        assert_eq!(read("4130"), Ok(b"0".to_vec()));
        for wrong in ["6130", "00", "f6", "81 4130", "a0", "c0 4130"] {
            breaks(Rule::TimestampForm, read(wrong));
        }
    }
    let none = unsigned("a10126", "a0");
    let headers = *decode(&none).unwrap().headers();
    assert_eq!(
        (headers.protected().timestamp_then_cose(), headers.cose_then_timestamp()),
        (Ok(None), Ok(None))
    );
}

#[test]
fn c75_what_a_timestamp_covers() {
    let message =
        sign1(&h("a2 0126 19010d 4130"), &h("a1 19010e 4131"), Some(b"payload"), b"signature");
    for bytes in [message.clone(), [&[0xd2], &message[..]].concat()] {
        let message = decode(&bytes).unwrap();
        let before = message.headers().protected().timestamp_then_cose().unwrap().unwrap();
        assert_eq!((before.mode(), before.token()), (TimestampMode::TimestampThenCose, &b"0"[..]));
        assert_eq!(bytes[before.offset()], b'0');
        // Without its head.
        assert_eq!(before.covered(&message, &Input::embedded()), Ok(&b"payload"[..]));
        let after = message.headers().cose_then_timestamp().unwrap().unwrap();
        assert_eq!((after.mode(), after.token()), (TimestampMode::CoseThenTimestamp, &b"1"[..]));
        assert_eq!(bytes[after.offset()], b'1');
        // With its head.
        assert_eq!(after.covered(&message, &Input::embedded()), Ok(&b"\x49signature"[..]));
    }
    // The head as received, in an array without a length too.
    let chunky = h("9f 40 a1 19010e 4131 f6 5802 abcd ff");
    let message = decode(&chunky).unwrap();
    let after = message.headers().cose_then_timestamp().unwrap().unwrap();
    assert_eq!(after.covered(&message, &Input::embedded()), Ok(&h("5802 abcd")[..]));
    // A detached payload is named by the caller.
    let detached = sign1(&h("a2 0126 19010d 4130"), &h("a0"), None, b"s");
    let message = decode(&detached).unwrap();
    let before = message.headers().protected().timestamp_then_cose().unwrap().unwrap();
    assert_eq!(before.covered(&message, &Input::detached(b"apart")), Ok(&b"apart"[..]));
    breaks(Rule::PayloadNamed, before.covered(&message, &Input::embedded()));
}

#[cfg(feature = "timestamp")]
mod checked {
    use cose_ext::crypto::Algorithm;
    use cose_ext::cwt::Time;
    use cose_ext::error::{Error, ErrorKind, Policy, Unsupported};
    use cose_ext::key::Identity;
    use cose_ext::rustcrypto::RustCrypto;
    use cose_ext::timestamp::{TimestampAuthority, TimestampInfo, TimestampToken};
    use cose_ext::{Context, Verified};
    use sha2::Digest;

    use super::*;
    use crate::messages::bstr;

    /// Of "This is the content.", by OpenSSL's time stamping command.
    const OPENSSL: &str = concat!(
        "308201ca06092a864886f70d010702a08201bb308201b7020103310f300d060960864801650304020105003065060b2a864886f70d0109",
        "100104a0560454305202010106032a03043031300d06096086480165030402010500042009e638d4aa95fd7271866203595303bce232f4",
        "62a94d38e393773cd3aae3f6b0020102180f32303236313132333037343430305a0101ff31820138308201340201013024300c310a3008",
        "06035504030c0154021465a2fc9ee878db6dd549cef4d7f9f3b992226d32300d06096086480165030402010500a081a4301a06092a8648",
        "86f70d010903310d060b2a864886f70d0109100104301c06092a864886f70d010905310f170d3236313132333037343430305a302f0609",
        "2a864886f70d01090431220420fcd654820b9bb2926ca11fc0ef587afb63968f0ef5099d67c271886653dc0c263037060b2a864886f70d",
        "010910022f3128302630243022042077e19826e0c7dcf309fd844142ae07d3f3143e83b791627fd74f5e9624a55051300a06082a8648ce",
        "3d04030204473045022100c802adf4f60ebe828292ba0a3eec8c5d21e85b89c1afe7d3b2558a818fba57d502205ec58c924f8c84b9fb23",
        "525edb2cc96ea17c57c1c060cb1f313c3028f8c40007",
    );

    /// Trusts whatever it is asked.
    struct Anybody;

    impl TimestampAuthority for Anybody {
        fn verify(&self, token: &TimestampToken<'_>) -> Result<Identity, Error> {
            assert!(!token.der().is_empty());
            Ok(Identity::new([9; 32]))
        }
    }

    struct Nobody;

    impl TimestampAuthority for Nobody {
        fn verify(&self, _: &TimestampToken<'_>) -> Result<Identity, Error> {
            Err(Error::from(Policy::TimestampAuthority))
        }
    }

    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let len = content.len();
        let head = match len {
            0..=127 => vec![tag, len as u8],
            128..=255 => vec![tag, 0x81, len as u8],
            _ => vec![tag, 0x82, (len >> 8) as u8, len as u8],
        };
        [head, content.to_vec()].concat()
    }

    const SHA256: &str = "0609608648016503040201";

    /// `hash` is an OID, `time` what stands in genTime.
    fn token(hash: &str, digest: &[u8], time: &str) -> Vec<u8> {
        let algorithm = der(0x30, &h(&format!("{hash} 0500")));
        let imprint = der(0x30, &[algorithm, der(4, digest)].concat());
        let info =
            [h("020101 06032a0304"), imprint, h("020105"), der(0x18, time.as_bytes())].concat();
        wrapped("060b2a864886f70d0109100104", &der(0x30, &info))
    }

    fn wrapped(content_type: &str, info: &[u8]) -> Vec<u8> {
        let content = [h(content_type), der(0xa0, &der(4, info))].concat();
        let signed = [h("020103 3100"), der(0x30, &content), h("3100")].concat();
        der(0x30, &[h("06092a864886f70d010702"), der(0xa0, &der(0x30, &signed))].concat())
    }

    fn before(token: &[u8], payload: &[u8]) -> Vec<u8> {
        let protected = [h("a2 0126 19010d"), bstr(token)].concat();
        sign1(&protected, &h("a0"), Some(payload), b"signature")
    }

    fn after(token: &[u8], signature: &[u8]) -> Vec<u8> {
        let unprotected = [h("a1 19010e"), bstr(token)].concat();
        sign1(&h("a10126"), &unprotected, Some(b"payload"), signature)
    }

    fn check<'a>(
        message: &'a [u8],
        authority: &dyn TimestampAuthority,
    ) -> Result<Verified<TimestampInfo<'a>, Identity>, Error> {
        let message = decode(message)?;
        let headers = message.headers();
        let found = headers.protected().timestamp_then_cose()?.or(headers.cose_then_timestamp()?);
        let context = Context::new(&RustCrypto);
        found.expect("a timestamp").verify(&message, &Input::embedded(), authority, &context)
    }

    #[test]
    fn c75_a_token_of_openssl_stamps_its_payload() {
        let message = before(&h(OPENSSL), b"This is the content.");
        let checked = check(&message, &Anybody).unwrap();
        assert_eq!(checked.by(), &Identity::new([9; 32]));
        // 2026-11-23T07:44:00Z
        assert_eq!(checked.value().time(), Time::Seconds(1_795_419_840));
        assert_eq!(checked.value().policy(), [0x2a, 3, 4]);
        assert_eq!(checked.value().serial_number(), [2]);
        assert!(!checked.value().has_fraction());
        breaks(
            Rule::TimestampImprint,
            check(&before(&h(OPENSSL), b"This is the content!"), &Anybody),
        );
        // It stamps no signature field that holds the same bytes.
        breaks(
            Rule::TimestampImprint,
            check(&after(&h(OPENSSL), b"This is the content."), &Anybody),
        );
    }

    #[test]
    fn c75_a_token_stamps_the_signature_with_its_head() {
        let digest = |bytes: &[u8]| sha2::Sha256::digest(bytes).to_vec();
        let of = |bytes: &[u8]| token(SHA256, &digest(bytes), "20260102030405Z");
        assert!(check(&after(&of(b"\x49signature"), b"signature"), &Anybody).is_ok());
        breaks(Rule::TimestampImprint, check(&after(&of(b"signature"), b"signature"), &Anybody));
        breaks(
            Rule::TimestampImprint,
            check(&after(&of(b"\x49signature"), b"Signature"), &Anybody),
        );
        assert!(check(&before(&of(b"payload"), b"payload"), &Anybody).is_ok());
        breaks(Rule::TimestampImprint, check(&before(&of(b"\x47payload"), b"payload"), &Anybody));
    }

    #[test]
    fn c75_hashes_are_the_ones_that_may_protect() {
        let payload = b"payload";
        let with = |hash: &str, digest: &[u8]| {
            check(&before(&token(hash, digest, "20260102030405Z"), payload), &Anybody).map(|_| ())
        };
        assert_eq!(with("0609608648016503040202", &sha2::Sha384::digest(payload)), Ok(()));
        assert_eq!(with("0609608648016503040203", &sha2::Sha512::digest(payload)), Ok(()));
        assert_eq!(with("0609608648016503040206", &sha2::Sha512_256::digest(payload)), Ok(()));
        let sha1 = with("06052b0e03021a", &[0; 20]);
        assert_eq!(sha1, Err(Error::from(Policy::FilterOnlyHash(Algorithm::SHA1))));
        let md5 = with("06082a864886f70d0205", &[0; 16]);
        assert!(
            matches!(
                md5.map_err(|error| error.kind()),
                Err(ErrorKind::Unsupported(Unsupported::AlgorithmName))
            ),
            "{md5:?}"
        );
        breaks(Rule::TimestampForm, with(SHA256, &sha2::Sha256::digest(payload)[..31]));
        breaks(Rule::TimestampForm, with(SHA256, b""));
    }

    #[test]
    fn c76_the_authority_has_the_last_word() {
        let message = before(&h(OPENSSL), b"This is the content.");
        breaks(Rule::TimestampAuthority, check(&message, &Nobody));
    }

    #[test]
    fn c74_tokens_are_der() {
        let whole = h(OPENSSL);
        assert!(TimestampToken::decode(&whole).is_ok());
        for len in 0..whole.len() {
            breaks(Rule::TimestampForm, TimestampToken::decode(&whole[..len]));
        }
        breaks(Rule::TimestampForm, TimestampToken::decode(&[&whole[..], &[0]].concat()));
        // A TimeStampResp: a status before the token.
        let response = der(0x30, &[h("3003020100"), whole].concat());
        breaks(Rule::TimestampForm, TimestampToken::decode(&response));
        // Data that is signed and no TSTInfo; TSTInfo of another version.
        let info = der(0x30, &h("020101"));
        breaks(
            Rule::TimestampForm,
            TimestampToken::decode(&wrapped("06092a864886f70d010701", &info)),
        );
        breaks(
            Rule::TimestampForm,
            TimestampToken::decode(&wrapped("060b2a864886f70d0109100104", &info)),
        );
        // Errors name the byte in the message.
        let message = before(b"\x30\x03\x02\x01\x00", b"x");
        let error = breaks(Rule::TimestampForm, check(&message, &Anybody));
        assert_eq!(error.offset(), Some(9), "{error:?}");
    }

    #[test]
    fn c74_times_are_of_greenwich() {
        let time = |text: &str| {
            let token = token(SHA256, &[0; 32], text);
            TimestampToken::decode(&token).map(|token| {
                let info = *token.danger_unverified_info();
                (info.time(), info.has_fraction())
            })
        };
        let new_year = Time::Seconds(1_767_225_600);
        assert_eq!(time("20260101000000Z"), Ok((new_year, false)));
        assert_eq!(time("20260101000000.5Z"), Ok((new_year, true)));
        assert_eq!(time("20260101000000.034Z"), Ok((new_year, true)));
        for wrong in [
            "",
            "Z",
            "20260101000000",
            "20260101000000.Z",
            "20260101000000.0Z",
            "20260101000000.50Z",
            "20260101000000+0100",
            "202601010000Z",
            "20261301000000Z",
            "20260101240000Z",
            "2026010100000xZ",
            "+2260101000000Z",
            "20260101000000.x5Z",
        ] {
            breaks(Rule::TimestampForm, time(wrong));
        }
    }
}
