//! What one certificate has to say: version, times, key usage and purposes (RFC 5280 4).

use super::*;

#[test]
fn c80_key_usage_is_for_signing() {
    let middle = intermediate().sign(&key(1));
    let with = |bits: u8| {
        let leaf = Template::new("middle", "leaf", &ISSUER).with(key_usage(bits)).sign(&key(2));
        now(&[leaf, middle.clone()])
    };
    for signing in [0x80, 0x40, 0xc0, 0xa0] {
        assert!(with(signing).is_ok(), "{signing:x}");
    }
    // keyEncipherment, keyAgreement, keyCertSign, cRLSign.
    for other in [0x20, 0x08, 0x04, 0x02] {
        faults(PathFault::KeyUsage, with(other));
        breaks(Rule::CertificateKeyUsage, with(other));
    }
    let by = |bits: u8| {
        let middle =
            Template::new("root", "middle", &key(2)).with(authority(None)).with(key_usage(bits));
        now(&[leaf().sign(&key(2)), middle.sign(&key(1))])
    };
    assert!(by(0x06).is_ok());
    faults(PathFault::KeyUsage, by(0x80));
    faults(PathFault::KeyUsage, by(0x02));
}

#[test]
fn c81_certificates_are_for_a_purpose_of_the_verifier() {
    const SERVER: &str = "2b06010505070301";
    const CODE: &str = "2b06010505070303";
    const ANY: &str = "551d2500";
    let root = root();
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let verdict = |stated: &[&str], purposes: &[Purpose<'_>]| {
        let leaf =
            Template::new("root", "leaf", &ISSUER).with(extended_key_usage(stated)).sign(&key(1));
        let validator = WebPki::new().for_purposes(purposes);
        let paths = CertificationPaths::new(&validator, &anchors, Some(NOW));
        verify(&message(&[chain(&[&leaf])], &[]), &paths)
    };
    let code = [Purpose::CODE_SIGNING];
    assert!(verdict(&[CODE], &code).is_ok());
    assert!(verdict(&[SERVER, CODE], &code).is_ok());
    assert!(verdict(&[ANY], &code).is_ok());
    assert!(verdict(&[SERVER, ANY], &[]).is_ok());
    assert!(verdict(&[SERVER], &[Purpose::CODE_SIGNING, Purpose::new(&h(SERVER))]).is_ok());
    let (server, signing) = (StatedPurposes::SERVER_AUTH, StatedPurposes::CODE_SIGNING);
    for (stated, refused) in [
        (server, verdict(&[SERVER], &code)),
        (signing, verdict(&[CODE], &[])),
        (server.and(signing), verdict(&[SERVER, CODE], &[])),
    ] {
        faults(PathFault::ExtendedKeyUsage(stated), refused);
    }
    assert_eq!(
        verdict(&[SERVER, CODE], &[]).unwrap_err().to_string(),
        "a certificate is for other purposes: serverAuth, codeSigning (C81, RFC 5280 4.2.1.12)"
    );
    breaks(Rule::CertificatePurpose, verdict(&[SERVER], &[]));
}

fn times(leaf: (&str, &str), middle: (&str, &str), time: Option<Time>) -> Result<Identity, Error> {
    let leaf = self::leaf().valid(leaf.0, leaf.1).sign(&key(2));
    let middle = intermediate().valid(middle.0, middle.1).sign(&key(1));
    at(time, &message(&[chain(&[&leaf, &middle])], &[]))
}

#[test]
fn c82_certificates_are_valid_at_the_time() {
    const ALL: (&str, &str) = ("250101000000Z", "261231235959Z");
    let second = |seconds: i64| Some(Time::Seconds(seconds));
    // 2025-01-01T00:00:00Z and 2026-12-31T23:59:59Z.
    let (first, last) = (1_735_689_600, 1_798_761_599);
    for inside in
        [second(first), second(last), Some(NOW), Some(Time::Fractional(last as f64 + 0.5))]
    {
        assert!(times(ALL, ALL, inside).is_ok(), "{inside:?}");
    }
    for before in [second(first - 1), second(0), second(-1), second(i64::MIN)] {
        faults(PathFault::NotYetValid, times(ALL, ALL, before));
    }
    for after in [second(last + 1), second(i64::MAX)] {
        faults(PathFault::Expired, times(ALL, ALL, after));
    }
    // Each certificate of the path.
    faults(PathFault::Expired, times(ALL, ("250101000000Z", "260101000000Z"), Some(NOW)));
    faults(PathFault::NotYetValid, times(ALL, ("260701000000Z", "270101000000Z"), Some(NOW)));
    breaks(Rule::CertificateTime, times(("250101000000Z", "260101000000Z"), ALL, Some(NOW)));
}

#[test]
fn c82_without_a_time_validity_is_reported_as_not_checked() {
    let old = ("250101000000Z", "250201000000Z");
    assert!(times(old, old, None).is_ok());
    // Issued when the authority was young, or renewed since.
    assert!(times(("250105000000Z", "250201000000Z"), old, None).is_ok());
    assert!(
        times(("250101000000Z", "250201000000Z"), ("250110000000Z", "250301000000Z"), None).is_ok()
    );
    // Never valid together.
    let never = times(old, ("250301000000Z", "250401000000Z"), None);
    breaks(Rule::CertificateTime, never);

    let root = root();
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    let leaf = Template::new("root", "leaf", &ISSUER).sign(&key(1));
    let message = message(&[chain(&[&leaf])], &[]);
    let headers = *decode(&message).unwrap().headers();
    let path = |time| {
        let paths = CertificationPaths::new(&validator, &anchors, time);
        paths.path(&headers, &Context::new(&RustCrypto)).unwrap().unwrap()
    };
    assert_eq!(path(None).validity(), ValidityCheck::NotChecked);
    assert_eq!(path(Some(NOW)).validity(), ValidityCheck::At(NOW));
    assert_eq!((path(None).anchor(), path(None).end_entity().der()), (0, &leaf[..]));
}

#[test]
fn c83_certificates_are_der_of_version_3() {
    let good = Template::new("root", "leaf", &ISSUER).with(key_usage(0x80));
    let whole = good.sign(&key(1));
    let read = Certificate::decode(&whole).unwrap();
    assert_eq!((read.issuer(), read.subject()), (&name("root")[..], &name("leaf")[..]));
    assert_eq!(read.public_key().unwrap(), crate::messages::p256_key(&ISSUER));
    assert!(
        read.key_usage().is_some_and(|usage| usage.signs_messages() && !usage.signs_certificates())
    );
    assert_eq!(read.not_before(), Time::Seconds(1_735_689_600));
    assert_eq!(read.not_after(), Time::Seconds(1_798_761_599));
    for len in 0..whole.len() {
        breaks(Rule::CertificateForm, Certificate::decode(&whole[..len]));
    }
    breaks(Rule::CertificateForm, Certificate::decode(&[&whole[..], &[0]].concat()));
    let twice = good.clone().with(key_usage(0x80)).sign(&key(1));
    breaks(Rule::CertificateForm, Certificate::decode(&twice));
    breaks(Rule::CertificateForm, now(&[twice]));
    breaks(Rule::CertificateForm, now(&[b"no certificate".to_vec()]));
    breaks(Rule::CertificateForm, now(&[whole[..whole.len() - 1].to_vec()]));
    let mut version1 = good.clone();
    (version1.version, version1.extensions) = (vec![], vec![]);
    faults(PathFault::Version, now(&[version1.sign(&key(1))]));
    // An anchor may be of version 1.
    let mut root = Template::new("root", "root", &key(1));
    root.version = vec![];
    let root = root.sign(&key(1));
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    let paths = CertificationPaths::new(&validator, &anchors, Some(NOW));
    assert!(verify(&message(&[chain(&[&whole])], &[]), &paths).is_ok());
}

#[test]
fn c77_x5t_is_of_the_first_certificate() {
    let (leaf, middle) = (leaf().sign(&key(2)), intermediate().sign(&key(1)));
    let with = |x5t: Vec<u8>| {
        let chain = chain(&[&leaf, &middle]);
        let verdict = at(Some(NOW), &message(&[x5t.clone()], &[chain.clone()]));
        // The bucket does not matter.
        assert_eq!(at(Some(NOW), &message(&[chain.clone(), x5t.clone()], &[])), verdict);
        assert_eq!(at(Some(NOW), &message(&[chain], &[x5t])), verdict);
        verdict
    };
    let digest = sha2::Sha256::digest(&leaf);
    assert!(with(x5t_sha256(&leaf)).is_ok());
    assert!(with(x5t("382b", &sha2::Sha512::digest(&leaf))).is_ok());
    breaks(Rule::X5tMatches, with(x5t_sha256(&middle)));
    breaks(Rule::X5tMatches, with(x5t("2f", &[0; 32])));
    // A filter filters.
    assert!(with(x5t("2e", &digest[..8])).is_ok());
    breaks(Rule::X5tMatches, with(x5t("2e", &[0; 8])));
    breaks(Rule::X5tMatches, with(x5t("2e", &digest)));
    // SHA-1 says nothing either way.
    assert!(with(x5t("2d", &[0; 20])).is_ok());
    // What is no hash is not passed over, nor what cannot be computed, nor what is malformed.
    breaks(Rule::X5tIdentifies, with(x5t("26", &digest)));
    let shake = with(x5t("31", &[0; 32]));
    // By a provider that has it, it is the digest of another one.
    assert!(matches!(
        shake.map_err(|error| error.kind()),
        Err(ErrorKind::Unsupported(Unsupported::Hash(_))
            | ErrorKind::Policy(Policy::OtherCertificate))
    ));
    let malformed = message(&[h("1822 80"), chain(&[&leaf, &middle])], &[]);
    breaks(Rule::X5tForm, at(Some(NOW), &malformed));
}

#[test]
fn c30_enrolled_certificates_are_found_in_an_array_of_one_by_choice() {
    let mine = Template::new("x", "me", &ISSUER).sign(&key(9));
    let enrolled = [TrustedCertificate::new(&mine, &Context::new(&RustCrypto)).unwrap()];
    let store = CertificateStore::new(&enrolled);
    let verdict = |message: &[u8], store: &CertificateStore<'_>| {
        let context = Context::new(&RustCrypto);
        let verified = decode(message)?.verify(&Input::embedded(), store, &context)?;
        Ok((verified.by().identity(), verified.by().notes()))
    };
    let me = trusted_issuer().identity();
    let in_array = [h("1821 81"), bstr(&mine)].concat();
    for message in [
        message(&[in_array.clone()], &[]),
        message(&[], &[in_array.clone()]),
        message(&[in_array.clone(), x5t_sha256(&mine)], &[]),
    ] {
        breaks(Rule::X5ChainForm, verdict(&message, &store));
        let lenient = verdict(&message, &store.accepting_an_array_of_one());
        assert_eq!(lenient, Ok((me, Notes::ARRAY_OF_ONE_CERTIFICATE)));
    }
    // Whoever accepts it reads the right form too, and notes nothing.
    let usual = message(&[chain(&[&mine])], &[]);
    assert_eq!(verdict(&usual, &store.accepting_an_array_of_one()), Ok((me, Notes::NOTHING)));
    let other = Template::new("x", "other", &STRANGER).sign(&key(9));
    let of_another = message(&[[h("1821 81"), bstr(&other)].concat()], &[]);
    breaks(Rule::Enrolled, verdict(&of_another, &store.accepting_an_array_of_one()));
    let none = message(&[h("1821 80")], &[]);
    breaks(Rule::X5ChainForm, verdict(&none, &store.accepting_an_array_of_one()));
}

#[test]
fn c78_a_path_through_an_array_of_one_is_noted() {
    let leaf = Template::new("root", "leaf", &ISSUER).with(key_usage(0x80)).sign(&key(1));
    let root = root();
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    let paths = CertificationPaths::new(&validator, &anchors, Some(NOW));
    let paths = paths.accepting_an_array_of_one();
    let notes = |message: &[u8]| {
        let context = Context::new(&RustCrypto);
        let verified = decode(message)?.verify(&Input::embedded(), &paths, &context)?;
        Ok::<_, Error>(verified.by().notes())
    };
    let in_array = message(&[[h("1821 81"), bstr(&leaf)].concat()], &[]);
    assert_eq!(notes(&in_array), Ok(Notes::ARRAY_OF_ONE_CERTIFICATE));
    assert_eq!(notes(&message(&[chain(&[&leaf])], &[])), Ok(Notes::NOTHING));
}

#[test]
fn c78_enrolled_certificates_are_found_under_a_label_of_the_caller() {
    let mine = Template::new("x", "me", &ISSUER).sign(&key(9));
    let enrolled = [TrustedCertificate::new(&mine, &Context::new(&RustCrypto)).unwrap()];
    let store = CertificateStore::new(&enrolled);
    let under_text = store.under_label(Label::text("x5chain"));
    let me = Ok(trusted_issuer().identity());
    let text = message(&[[h("67"), b"x5chain".to_vec(), bstr(&mine)].concat()], &[]);
    breaks(Rule::Enrolled, verify(&text, &store));
    assert_eq!(verify(&text, &under_text), me);
    let usual = message(&[chain(&[&mine])], &[]);
    assert_eq!(verify(&usual, &store), me);
    breaks(Rule::Enrolled, verify(&usual, &under_text));
    let headers = *decode(&text).unwrap().headers();
    assert!(headers.protected().certificates(Label::text("x5chain"), ArrayOfOne::Refused).is_ok());
}

/// A name is for people to read: what would not show is spelt out.
#[cfg(feature = "x509-cert")]
#[test]
fn c79_names_of_certificates_are_shown() {
    let shown = |subject: &str| {
        let der = Template::new("root", subject, &ISSUER).sign(&key(1));
        let certificate = Certificate::decode(&der).unwrap();
        assert_eq!(certificate.issuer_text().as_deref(), Ok("CN=root"));
        certificate.subject_text().unwrap()
    };
    assert_eq!(shown("leaf"), "CN=leaf");
    assert_eq!(shown(""), "");
    assert_eq!(shown("a,b+c"), "CN=a\\,b\\+c");
    assert_eq!(shown("line\nbreak"), "CN=line\\0abreak");
    assert_eq!(shown("a\u{202e}b"), "CN=a\\e2\\80\\aeb");
    assert_eq!(shown("\u{e4}"), "CN=\u{e4}");
}
