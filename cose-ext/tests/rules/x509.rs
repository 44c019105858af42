//! Certificates as opaque carriers (RFC 9360).

use cose_ext::crypto::Algorithm;
use cose_ext::error::{Error, Policy};
use cose_ext::{Profile, Rule};

use crate::expect::{breaks, breaks_at};
use crate::messages::{decode, unsigned};

type Reading = Result<Vec<Vec<u8>>, Error>;

fn chain(value: &str) -> Reading {
    let message = unsigned(&format!("a2 0126 1821 {value}"), "a0");
    let chain = decode(&message)?.headers().protected().x5chain()?.expect("it is there");
    assert_eq!(chain.len(), chain.iter().count());
    assert_eq!(Some(chain.first()), chain.iter().next());
    Ok(chain.iter().map(<[u8]>::to_vec).collect())
}

fn bag(value: &str) -> Reading {
    let message = unsigned("a10126", &format!("a1 1820 {value}"));
    let bag = decode(&message)?.headers().unprotected().x5bag()?.expect("it is there");
    Ok(bag.iter().map(<[u8]>::to_vec).collect())
}

#[test]
fn c30_one_certificate_or_an_array_of_two_and_more() {
    for read in [chain, bag] {
        assert_eq!(read("4130"), Ok(vec![b"0".to_vec()]));
        assert_eq!(read("40"), Ok(vec![vec![]]));
        assert_eq!(read("82 4130 4131"), Ok(vec![b"0".to_vec(), b"1".to_vec()]));
        assert_eq!(read("9f 4130 4131 4132 ff").unwrap().len(), 3);
        for value in [
            "80",
            "81 4130",
            "9f4130ff",
            "9fff",
            "6130",
            "f6",
            "00",
            "a0",
            "82 4130 6130",
            "82 4130 8130",
            "82 4130 f6",
        ] {
            breaks(Rule::X5ChainForm, read(value));
        }
    }
    breaks_at(Rule::X5ChainForm, 7, chain("81 4130"));
}

/// What builders write reads back, in both buckets: one certificate alone is no array.
#[test]
fn c30_builders_write_one_certificate_or_an_array() {
    use cose_ext::{Content, MapBuilder, Sign1, sign1::Sign1Builder};

    let chains: [&[&[u8]]; 3] = [&[b"0"], &[b"0", b"1"], &[b"0", b"1", b"2"]];
    for certificates in chains {
        let builder = Sign1Builder::new().x5chain(certificates);
        let prepared = builder.prepare(Algorithm::ES256, Content::Embedded(b"x")).unwrap();
        let message = prepared.attach(&[0; 64]);
        let message = Sign1::decode(&message, &Profile::DETERMINISTIC).unwrap();
        let apart = message.with_unprotected(&MapBuilder::new().with(4, &b"1"[..])).unwrap();
        let apart = Sign1::decode(&apart, &Profile::DETERMINISTIC).unwrap();
        let read = apart.headers().protected().x5chain().unwrap().expect("it is there");
        assert!(read.iter().eq(certificates.iter().copied()));

        let bucket = MapBuilder::new().x5chain(certificates).to_bytes();
        let value = bucket.get(3..).expect("a map of one label of two bytes");
        assert_eq!(chain(&hex::encode(value)).unwrap(), certificates);
    }
    assert!(MapBuilder::new().x5chain(&[]).is_empty());
}

/// Algorithm, length of the digest, and what identifies by it.
type X5tReading = (Option<i64>, usize, Result<Algorithm, Error>);

fn thumbprint(value: &str) -> Result<X5tReading, Error> {
    let message = unsigned(&format!("a2 0126 1822 {value}"), "a0");
    let x5t = decode(&message)?.headers().protected().x5t()?.expect("it is there");
    Ok((x5t.algorithm().to_i64(), x5t.digest().len(), x5t.identifying_algorithm()))
}

fn zeros(len: usize) -> String {
    format!("58{len:02x}{}", "00".repeat(len))
}

#[test]
fn c31_x5t_is_a_hash_and_a_digest_of_its_length() {
    for (algorithm, value, len) in [
        ("2f", -16, 32),
        ("30", -17, 32),
        ("31", -18, 32),
        ("382a", -43, 48),
        ("382b", -44, 64),
        ("382c", -45, 64),
    ] {
        let read = |len| thumbprint(&format!("82 {algorithm} {}", zeros(len)));
        assert_eq!(read(len), Ok((Some(value), len, Ok(Algorithm::new(value)))));
        for other in [0, 8, 20, len - 1, len + 1] {
            breaks(Rule::X5tForm, read(other));
        }
    }
    let sha256 = zeros(32);
    for value in [
        "80".to_owned(),
        "81 2f".to_owned(),
        format!("83 2f {sha256} 00"),
        format!("82 {sha256} 2f"),
        "82 2f 6130".to_owned(),
        "82 2f f6".to_owned(),
        "82 f6 4130".to_owned(),
        "4130".to_owned(),
        "a1 2f 4130".to_owned(),
    ] {
        breaks(Rule::X5tForm, thumbprint(&value));
    }
}

#[test]
fn c32_filters_identify_nobody() {
    let refused = |value: &str, algorithm: i64| {
        let (_, _, identifying) = thumbprint(value).unwrap();
        let refusal = breaks(Rule::X5tIdentifies, identifying);
        assert_eq!(refusal, Error::from(Policy::FilterOnlyHash(Algorithm::new(algorithm))));
    };
    refused(&format!("82 2d {}", zeros(20)), -14);
    refused(&format!("82 2e {}", zeros(8)), -15);
    // Nor does what is no hash: ES256, a number beyond 64 bits, a name.
    refused(&format!("82 26 {}", zeros(32)), -7);
    refused(&format!("82 3bfffffffffffffff0 {}", zeros(32)), 0);
    refused(&format!("82 67 5348412d323536 {}", zeros(32)), 0);
    let (_, _, identifying) = thumbprint(&format!("82 2f {}", zeros(32))).unwrap();
    assert_eq!(identifying, Ok(Algorithm::SHA256));
}

#[test]
fn c72_x5u_is_a_text_with_its_tag_or_without() {
    let read = |label: &str, value: &str| {
        let message = unsigned(&format!("a2 0126 {label} {value}"), "a0");
        let headers = *decode(&message).unwrap().headers();
        let found = headers.protected().x5u().transpose();
        found.or(headers.protected().x5u_sender().transpose()).unwrap().map(str::to_owned)
    };
    for label in ["1823", "381b"] {
        assert_eq!(read(label, "63 613a62"), Ok("a:b".to_owned()));
        assert_eq!(read(label, "d820 63 613a62"), Ok("a:b".to_owned()));
        for wrong in
            ["43 613a62", "d821 63 613a62", "d820 43 613a62", "d820 d820 63 613a62", "00", "f6"]
        {
            breaks(Rule::X5uForm, read(label, wrong));
        }
    }
}

#[test]
fn c30_senders_certificates_are_read_like_others() {
    let message = unsigned(&format!("a3 0126 381a 82 2f {} 381c 82 4130 4131", zeros(32)), "a0");
    let protected = *decode(&message).unwrap().headers().protected();
    assert_eq!(
        protected.x5t_sender().unwrap().unwrap().identifying_algorithm(),
        Ok(Algorithm::SHA256)
    );
    assert_eq!(protected.x5chain_sender().unwrap().unwrap().len(), 2);
    assert_eq!((protected.x5t(), protected.x5u()), (Ok(None), Ok(None)));
    let message = unsigned("a3 0126 381a 00 381c 81 4130", "a0");
    let protected = *decode(&message).unwrap().headers().protected();
    breaks(Rule::X5tForm, protected.x5t_sender());
    breaks(Rule::X5ChainForm, protected.x5chain_sender());
}

#[test]
fn c73_kccs_names_a_key() {
    let read = |value: &str| {
        let message = unsigned("a10126", &format!("a1 0e {value}"));
        let headers = *decode(&message).unwrap().headers();
        headers
            .unprotected()
            .kccs()
            .map(|claims| claims.unwrap().subject().map(|sub| sub.is_some()))
    };
    assert_eq!(read("a2 02 6173 08 a1 01 a1 01 01"), Ok(Ok(true)));
    breaks(Rule::KccsForm, read("a1 02 6173"));
    breaks(Rule::KccsForm, read("a1 08 a1 03 4131"));
    breaks(Rule::ClaimsForm, read("80"));
    breaks(Rule::ConfirmationForm, read("a1 08 a1 01 00"));
}

#[test]
fn c71_kcwt_is_a_token() {
    let read = |value: &str| {
        let message = unsigned("a10126", &format!("a1 0d {value}"));
        let headers = *decode(&message).unwrap().headers();
        headers.unprotected().kcwt(&Profile::LENIENT).map(|token| {
            let claims = token.unwrap().danger_unverified_claims(&Profile::LENIENT).unwrap();
            claims.confirmation().unwrap().unwrap().key().is_some()
        })
    };
    for prefix in ["", "d2", "d83d d2"] {
        let token = "84 43 a10126 a0 47 a1 08 a1 01 a1 01 01 41 00";
        assert_eq!(read(&format!("{prefix} {token}")), Ok(true), "{prefix}");
    }
    breaks(Rule::CwtTag, read("d83d 84 43 a10126 a0 47 a1 08 a1 01 a1 01 01 41 00"));
    breaks(Rule::Structure, read("a0"));
    breaks_at(Rule::Tag, 7, {
        let message = unsigned("a10126", "a1 0d c1 84 43 a10126 a0 47 a1 08 a1 01 a1 01 01 41 00");
        let headers = *decode(&message).unwrap().headers();
        headers.unprotected().kcwt(&Profile::LENIENT).map(|_| ())
    });
}
