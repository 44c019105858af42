//! The rules that one message can keep or break.

#[path = "support/parties.rs"]
mod parties;

use cose_ext::{Profile, crypto::Algorithm};
use parties::*;
use teep_msg::{
    CipherSuites, DataItems, ErrorCode, ErrorContent, Exchange, FreshnessMechanism, InstallPermit,
    InstalledTc, Known, Message, Model, Numbering, OptionName, Protection, QueryRequestContent,
    QueryResponseContent, RequestedTc, Rule, SuccessContent, SuitProfile, Suite, Token,
    UpdateContent, detect, open, transcode,
};

const TOKEN: [u8; 16] = [7; 16];
const OTHER: [u8; 16] = [8; 16];

fn findings(payload: &[u8], exchange: &Exchange<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    read(payload).validate(exchange, &Profile::LENIENT, &mut |finding| rules.push(finding.rule));
    rules
}

fn unknown(payload: &[u8]) -> Vec<Rule> {
    findings(payload, &Exchange::UNKNOWN)
}

fn request<'a>() -> QueryRequestContent<'a> {
    QueryRequestContent {
        data_item_requested: DataItems::ATTESTATION,
        suites: Suite::MANDATORY,
        profiles: SuitProfile::MANDATORY,
        token: None,
        challenge: Some(&[1; 8]),
        versions: &[],
        freshness: &[],
        attestation_payload: None,
        attestation_payload_format: None,
        suit_reports: &[],
    }
}

macro_rules! encoded {
    ($content:expr) => {
        $content.encode(Numbering::Iana, &mut [0; 1024]).unwrap().to_vec()
    };
}

/// The rule that decoding names.
fn decoding(payload: &[u8]) -> &'static str {
    let error = Message::decode(payload, Numbering::Iana, &Profile::LENIENT).unwrap_err();
    error.rule().map_or("none", |rule| rule.id)
}

#[test]
fn tm3_a_message_names_algorithm_and_key_in_its_header() {
    let mut out = [0; 512];
    let draft =
        request().draft(Numbering::Iana, &TAM.signing_key(Suite::Esp256), &mut out).unwrap();
    let message = TAM.sign(draft);
    let signed = cose_ext::Sign1::decode(&message, &Profile::DETERMINISTIC).unwrap();
    assert_eq!(signed.algorithm().unwrap(), Algorithm::ESP256);
    let kid = signed.headers().unprotected().key_id().unwrap();
    assert_eq!(kid, Some(&TAM.thumbprint()[..]));
}

#[test]
fn tm4_a_message_is_signed_and_keeps_the_cddl() {
    let success = encoded!(SuccessContent { token: Some(&TOKEN), ..Default::default() });
    let keys = AGENT.store();
    let protection = Protection::new(Numbering::Iana, &keys);
    // No COSE at all, a MAC, a detached payload.
    open(&success, &protection, &context()).unwrap_err();
    let mac0 =
        [&b"\xd1\x84\x43\xa1\x01\x05\xa0\x58"[..], &[success.len() as u8], &success, b"\x41\x00"];
    let error = open(&mac0.concat(), &protection, &context()).unwrap_err();
    assert_eq!(rule_of(&error), "TM4", "{error}");
    let detached = b"\xd2\x84\x43\xa1\x01\x28\xa0\xf6\x41\x00";
    let error = open(detached, &protection, &context()).unwrap_err();
    assert_eq!(rule_of(&error), "TM4", "{error}");
    // Elements, types, bounds.
    for broken in [
        &b"\x80"[..],
        b"\x82\x04\xa0\x00",
        b"\x83\x04\xa0\x00",
        b"\x82\x04\xa1\x13\x47\x00\x00\x00\x00\x00\x00\x00",
        b"\x82\x04\xa1\x0a\x60",
        b"\x82\x04\xa1\x20\x00",
        b"\x82\x02\xa1\x07\x80",
        b"\x82\x02\xa1\x07\x81\xa0",
        b"\x82\x02\xa1\x08\x81\x1b\x00\x00\x00\x01\x00\x00\x00\x00",
        b"\x82\x03\xa1\x09\x81\x41\xf6",
        b"\x82\x09\xa0",
    ] {
        Message::decode(broken, Numbering::Iana, &Profile::LENIENT).unwrap_err();
    }
    assert_eq!(decoding(b"\x82\x04\xa1\x13\x47\0\0\0\0\0\0\0"), "TM4");
    // A COSE_Sign is for the first request alone: here around a Success.
    let mut sign = b"\xd8\x62\x84\x40\xa0\x58".to_vec();
    sign.push(success.len() as u8);
    sign.extend_from_slice(&success);
    sign.extend_from_slice(b"\x81\x83\x43\xa1\x01\x28\xa0\x58\x40");
    let structure = cose_ext::SigStructure::signature(&[], b"\xa1\x01\x28", &[], &success);
    let mut signature = [0; 64];
    use cose_ext::crypto::Signer;
    AGENT.signer(Algorithm::ESP256).sign(&structure.parts(), &mut signature).unwrap();
    sign.extend_from_slice(&signature);
    let error = open(&sign, &protection, &context()).unwrap_err();
    assert_eq!(rule_of(&error), "TM4", "{error}");
}

#[test]
fn tm5_a_token_is_there_if_and_only_if_attestation_is_not_asked_for() {
    let good = request();
    assert_eq!(unknown(&encoded!(good)), []);
    let both = QueryRequestContent { token: Some(&TOKEN), ..good };
    assert_eq!(unknown(&encoded!(both)), [Rule::TokenIffNoAttestation]);
    let neither =
        QueryRequestContent { data_item_requested: DataItems::EXTENSIONS, challenge: None, ..good };
    assert_eq!(unknown(&encoded!(neither)), [Rule::TokenIffNoAttestation]);
}

#[test]
fn tm6_tokens_have_no_order_no_hash_and_no_text() {
    // Whoever wants to know a peer by its token finds no use for it: it compares, and no more.
    let token = Token::new(&TOKEN).unwrap();
    assert!(token.is(&TOKEN) && !token.is(&OTHER));
    assert_eq!(format!("{token:?}"), "Token(16 bytes)");
    assert!(Token::new(&[0; 7]).is_none() && Token::new(&[0; 65]).is_none());
}

#[test]
fn tm9_freshness_mechanisms_come_with_the_attestation_bit() {
    let freshness = &[FreshnessMechanism::NONCE];
    let good = QueryRequestContent { freshness, ..request() };
    assert_eq!(unknown(&encoded!(good)), []);
    let odd = QueryRequestContent {
        data_item_requested: DataItems::NOTHING,
        token: Some(&TOKEN),
        challenge: None,
        ..good
    };
    assert_eq!(unknown(&encoded!(odd)), [Rule::FreshnessIffAttestation]);
}

#[test]
fn tm10_a_challenge_is_for_attestation_in_the_background_check_model() {
    let odd = QueryRequestContent {
        data_item_requested: DataItems::TRUSTED_COMPONENTS,
        token: Some(&TOKEN),
        ..request()
    };
    assert_eq!(unknown(&encoded!(odd)), [Rule::ChallengePlace]);
    let passport = Exchange { model: Known::Is(Model::Passport), ..Exchange::UNKNOWN };
    assert_eq!(findings(&encoded!(request()), &passport), [Rule::ChallengePlace]);
}

fn response<'a>() -> QueryResponseContent<'a> {
    QueryResponseContent { token: Some(&TOKEN), ..Default::default() }
}

fn asked(items: DataItems) -> Exchange<'static> {
    Exchange {
        request_token: Known::Is(Some(&TOKEN)),
        data_item_requested: Known::Is(items),
        ..Exchange::UNKNOWN
    }
}

#[test]
fn tm11_evidence_repeats_the_challenge() {
    let challenge = [1; 8];
    let exchange = Exchange { request_challenge: Known::Is(Some(&challenge)), ..Exchange::UNKNOWN };
    for (nonce, rules) in [([1; 8], vec![]), ([2; 8], vec![Rule::ChallengeCopied])] {
        let evidence = evidence(&nonce, &AGENT);
        let content = QueryResponseContent {
            attestation_payload: Some(&evidence),
            attestation_payload_format: Some(EVIDENCE_TYPE),
            ..response()
        };
        assert_eq!(findings(&encoded!(content), &exchange), rules);
    }
}

#[test]
fn tm12_a_payload_of_another_profile_has_its_format() {
    // {265: "tag:x"}, signed by nobody in particular.
    let token = b"\xd2\x84\x43\xa1\x01\x28\xa0\x4a\xa1\x19\x01\x09\x65tag:x\x41\x00";
    let bare = QueryResponseContent { attestation_payload: Some(token), ..response() };
    assert_eq!(unknown(&encoded!(bare)), [Rule::FormatPresent]);
    let named = QueryResponseContent { attestation_payload_format: Some("application/x"), ..bare };
    assert_eq!(unknown(&encoded!(named)), []);
    let own = Exchange { eat_profile: "tag:x", ..Exchange::UNKNOWN };
    assert_eq!(findings(&encoded!(bare), &own), []);
}

#[test]
fn tm13_a_payload_without_format_is_an_eat() {
    let opaque = QueryResponseContent { attestation_payload: Some(&[0]), ..response() };
    assert_eq!(unknown(&encoded!(opaque)), [Rule::PayloadIsEat]);
    let result = affirming(&[1; 8], &AGENT);
    let eat = QueryResponseContent { attestation_payload: Some(&result), ..response() };
    assert_eq!(unknown(&encoded!(eat)), []);
}

#[test]
fn tm15_a_response_has_the_token_of_its_request() {
    let exchange = asked(DataItems::NOTHING);
    assert_eq!(findings(&encoded!(response()), &exchange), []);
    for token in [None, Some(&OTHER[..])] {
        let content = QueryResponseContent { token, ..response() };
        assert_eq!(findings(&encoded!(content), &exchange), [Rule::TokenCopied]);
    }
    let none = Exchange { request_token: Known::Is(None), ..Exchange::UNKNOWN };
    assert_eq!(findings(&encoded!(response()), &none), [Rule::TokenCopied]);
}

#[test]
fn tm16_attestation_that_was_asked_for_is_there() {
    let exchange = asked(DataItems::ATTESTATION);
    assert_eq!(findings(&encoded!(response()), &exchange), [Rule::AttestationPresent]);
}

#[test]
fn tm17_components_that_were_asked_for_are_there() {
    let exchange = asked(DataItems::TRUSTED_COMPONENTS);
    assert_eq!(findings(&encoded!(response()), &exchange), [Rule::TcListPresent]);
    let tc_list = &[InstalledTc { component_id: COMPONENT, ..Default::default() }];
    let content = QueryResponseContent { tc_list, ..response() };
    assert_eq!(findings(&encoded!(content), &exchange), []);
}

#[test]
fn tm18_extensions_that_were_asked_for_are_there() {
    let exchange = asked(DataItems::EXTENSIONS);
    assert_eq!(findings(&encoded!(response()), &exchange), [Rule::ExtListPresent]);
    let content = QueryResponseContent { ext_list: &[1], ..response() };
    assert_eq!(findings(&encoded!(content), &exchange), []);
}

#[test]
fn tm19_the_nonce_of_a_report_is_the_token_of_the_request() {
    for (nonce, rules) in [
        (Some(&TOKEN[..]), vec![]),
        (Some(&OTHER[..]), vec![Rule::ReportNonceOfRequest]),
        (None, vec![Rule::ReportNonceOfRequest]),
    ] {
        let report = report(nonce, [0; 32]);
        let reports = [&report[..]];
        let content = QueryResponseContent { suit_reports: &reports, ..response() };
        assert_eq!(findings(&encoded!(content), &asked(DataItems::NOTHING)), rules);
    }
}

#[test]
fn tm20_a_binary_that_is_there_has_a_number() {
    let wanted =
        RequestedTc { component_id: COMPONENT, have_binary: Some(true), ..Default::default() };
    let content = QueryResponseContent { requested: &[wanted], ..response() };
    let error = content.encode(Numbering::Iana, &mut [0; 256]).unwrap_err();
    assert_eq!(error.to_string(), "requested-tc-list cannot have this value");
    // {13: [{15: [h'61'], 17: true}], 19: token} as another peer may send it.
    let mut payload = b"\x82\x02\xa2\x0d\x81\xa2\x0f\x81\x41a\x11\xf5\x13\x50".to_vec();
    payload.extend_from_slice(&TOKEN);
    assert_eq!(unknown(&payload), [Rule::HaveBinaryNumbered]);
}

#[test]
fn tm21_an_update_does_not_report_error_0() {
    assert_eq!(decoding(b"\x82\x03\xa1\x16\x00"), "TM21");
    let content = UpdateContent::failing(ErrorCode::Other(0));
    content.encode(Numbering::Iana, &mut [0; 64]).unwrap_err();
}

#[test]
fn tm22_err_msg_is_cut_between_characters_and_has_no_control_characters() {
    let text = format!("{}é", "x".repeat(127));
    let content = UpdateContent::failing(ErrorCode::PermanentError).with_message(&text, None);
    let payload = encoded!(content);
    assert_eq!(read(&payload).options().err_msg().unwrap(), "x".repeat(127));
    for text in ["", "a\nb", "\u{7f}"] {
        let content = UpdateContent::failing(ErrorCode::PermanentError).with_message(text, None);
        content.encode(Numbering::Iana, &mut [0; 256]).unwrap_err();
    }
    // 129 bytes, as another peer may send them.
    let payload = [&b"\x83\x05\xa1\x0b\x78\x81"[..], &[b'x'; 129], b"\x01"].concat();
    assert_eq!(decoding(&payload), "TM22");
}

#[test]
fn tm23_the_code_counts_in_any_language() {
    let content = UpdateContent::failing(ErrorCode::TemporaryError).with_message("?", Some("tlh"));
    let payload = encoded!(content);
    let message = read(&payload);
    assert_eq!(message.error_code(), Some(ErrorCode::TemporaryError));
    assert_eq!(message.options().err_lang(), Some("tlh"));
}

#[test]
fn tm24_an_answer_has_the_token_of_its_update() {
    let exchange = Exchange { update_token: Known::Is(Some(&TOKEN)), ..Exchange::UNKNOWN };
    let good = SuccessContent { token: Some(&TOKEN), ..Default::default() };
    assert_eq!(findings(&encoded!(good), &exchange), []);
    for token in [None, Some(&OTHER[..])] {
        let content = SuccessContent { token, ..good };
        assert_eq!(findings(&encoded!(content), &exchange), [Rule::TokenOfUpdate]);
    }
}

#[test]
fn tm25_the_nonce_of_a_report_is_the_token_of_the_update() {
    for nonce in [None, Some(&OTHER[..])] {
        let report = report(nonce, [0; 32]);
        let reports = [&report[..]];
        let content =
            SuccessContent { token: Some(&TOKEN), suit_reports: &reports, ..Default::default() };
        // The token of the message itself says that the Update had one.
        assert_eq!(unknown(&encoded!(content)), [Rule::ReportNonceOfUpdate]);
    }
}

/// A report signed by a key that its kid names.
fn signed_report(by: &Party) -> Vec<u8> {
    let mut out = [0; 512];
    let kid = by.thumbprint();
    let inner = report(Some(&TOKEN), [0; 32]);
    let draft = cose_ext::sign1::Draft::write(&mut out, Algorithm::ESP256, 0, |_| {});
    let draft = draft.unprotected(1, |writer| {
        writer.int(4).bytes(&kid);
    });
    let draft = draft.payload(|writer| {
        writer.encoded(&inner);
    });
    draft.unwrap().sign(&by.signer(Algorithm::ESP256)).unwrap().to_vec()
}

fn with_message_key() -> Exchange<'static> {
    let key = cose_ext::key::Thumbprint::from_bytes(AGENT.thumbprint());
    Exchange { message_key: Known::Is(key), ..Exchange::UNKNOWN }
}

#[test]
fn tm14_the_key_of_a_report_in_a_response_is_not_the_key_of_the_message() {
    for (by, rules) in [(&AGENT, vec![Rule::ReportKeyOfResponse]), (&ATTESTER, vec![])] {
        let report = signed_report(by);
        let reports = [&report[..]];
        let content = QueryResponseContent { suit_reports: &reports, ..response() };
        assert_eq!(findings(&encoded!(content), &with_message_key()), rules);
    }
}

#[test]
fn tm26_the_key_of_a_report_in_a_success_is_not_the_key_of_the_message() {
    for (by, rules) in [(&AGENT, vec![Rule::ReportKeyOfSuccess]), (&ATTESTER, vec![])] {
        let report = signed_report(by);
        let reports = [&report[..]];
        let content =
            SuccessContent { token: Some(&TOKEN), suit_reports: &reports, ..Default::default() };
        assert_eq!(findings(&encoded!(content), &with_message_key()), rules);
    }
}

fn error(code: ErrorCode) -> Vec<Rule> {
    unknown(&encoded!(ErrorContent::new(code)))
}

#[test]
fn tm27_unsupported_suites_come_with_a_list() {
    assert_eq!(error(ErrorCode::UnsupportedCipherSuites), [Rule::ErrorSuites]);
    let code = ErrorCode::UnsupportedCipherSuites;
    let content = ErrorContent { suites: Suite::MANDATORY, ..ErrorContent::new(code) };
    let payload = encoded!(content);
    assert_eq!(unknown(&payload), []);
    let suites: CipherSuites<'_> = read(&payload).options().supported_teep_cipher_suites().unwrap();
    assert!(suites.offers(Suite::Esp256) && suites.offers(Suite::Ed25519));
}

#[test]
fn tm28_unsupported_freshness_comes_with_a_list() {
    assert_eq!(error(ErrorCode::UnsupportedFreshnessMechanisms), [Rule::ErrorFreshness]);
}

#[test]
fn tm29_unsupported_reports_come_with_profiles() {
    assert_eq!(error(ErrorCode::UnsupportedSuitReport), [Rule::ErrorProfiles]);
}

#[test]
fn tm30_unsupported_versions_come_with_a_list() {
    assert_eq!(error(ErrorCode::UnsupportedMsgVersion), [Rule::ErrorVersions]);
}

#[test]
fn tm32_an_error_is_not_0() {
    assert_eq!(decoding(b"\x83\x05\xa0\x00"), "TM32");
}

#[test]
fn tm42_a_tam_offers_both_suites_and_all_profiles() {
    let payload = encoded!(request());
    let message = read(&payload);
    let request = message.query_request().unwrap();
    let offers = |suite: &Suite| request.supported_teep_cipher_suites.offers(*suite);
    assert!(Suite::MANDATORY.iter().all(offers));
    let profiles: Vec<_> = request.supported_suit_cose_profiles.iter().collect();
    assert_eq!(profiles, SuitProfile::MANDATORY);
}

#[test]
fn tx8_an_update_that_installs_is_built_with_a_permit() {
    // There is no other way to name manifests; the override says so in the code.
    let permit = InstallPermit::danger_override();
    let manifests = [ENVELOPE];
    let payload = encoded!(UpdateContent::installing(&permit, &manifests));
    let found: Vec<_> = read(&payload).options().manifest_list().unwrap().iter().collect();
    assert_eq!(found, manifests);
}

#[test]
fn tx10_a_version_in_a_tc_list_is_a_byte_string() {
    // {7: [{0: [h'61'], 28: [1, 0]}]}
    let payload = b"\x82\x02\xa1\x07\x81\xa2\x00\x81\x41a\x18\x1c\x82\x01\x00";
    assert_eq!(unknown(payload), [Rule::VersionBytes]);
}

#[test]
fn unknown_options_are_kept_in_both_numberings() {
    // {9000: 5, 19: token}
    let payload = [&b"\x82\x04\xa2\x13\x50"[..], &TOKEN, b"\x19\x23\x28\x05"].concat();
    let message = read(&payload);
    let unknown: Vec<_> = message.options().unknown().map(|option| option.label).collect();
    assert_eq!(unknown, [9000]);
    let mut out = [0; 64];
    let older = transcode(&message, Numbering::Draft25, &mut out).unwrap();
    assert_eq!(older, [&b"\x82\x05\xa2\x14\x50"[..], &TOKEN, b"\x19\x23\x28\x05"].concat());
    let older = Message::decode(older, Numbering::Draft25, &Profile::LENIENT).unwrap();
    let mut out = [0; 64];
    assert_eq!(transcode(&older, Numbering::Iana, &mut out).unwrap(), payload);
}

#[test]
fn what_has_no_counterpart_is_not_transcoded() {
    // Up to -25: {5: [[18, -7]]}, which means selected-version in the registry.
    let payload = b"\x82\x02\xa1\x05\x81\x82\x12\x26";
    let message = Message::decode(payload, Numbering::Draft25, &Profile::LENIENT).unwrap();
    let error = transcode(&message, Numbering::Iana, &mut [0; 64]).unwrap_err();
    let said = "selected-teep-cipher-suite has no label in the other numbering";
    assert_eq!(error.to_string(), said);
    // Label 23 is free in the registry, and err-code before.
    let message = read(b"\x82\x02\xa1\x17\x00");
    transcode(&message, Numbering::Draft25, &mut [0; 64]).unwrap_err();
    assert_eq!(OptionName::SelectedTeepCipherSuite.label(Numbering::Iana), None);
    // 11 says nothing up to -25, and manifest-processing-failed in the registry; 17 the other way
    // round.
    for (payload, from) in
        [(b"\x83\x06\xa0\x0b", Numbering::Draft25), (b"\x83\x05\xa0\x11", Numbering::Iana)]
    {
        let message = Message::decode(payload, from, &Profile::LENIENT).unwrap();
        assert!(matches!(message.error_code(), Some(ErrorCode::Other(_))));
        let error = transcode(&message, from.other(), &mut [0; 64]).unwrap_err();
        assert_eq!(error.to_string(), "err-code has no label in the other numbering");
    }
}

#[test]
fn both_numberings_are_told_apart_where_the_bytes_allow() {
    use teep_msg::Detection::{Ambiguous, Neither, Only};
    let detect = |bytes: &[u8]| detect(bytes, &Profile::LENIENT);
    assert_eq!(detect(&encoded!(request())), Ambiguous);
    let success = [&b"\x82\x05\xa1\x14\x50"[..], &TOKEN].concat();
    assert_eq!(detect(&success), Only(Numbering::Draft25));
    assert_eq!(detect(b"\x83\x05\xa0\x07"), Only(Numbering::Iana));
    assert_eq!(detect(b"\x00"), Neither);
}

#[test]
fn a_buffer_that_is_too_short_says_what_is_missing() {
    let key = TAM.signing_key(Suite::Esp256);
    let whole = {
        let mut out = [0; 512];
        TAM.sign(request().draft(Numbering::Iana, &key, &mut out).unwrap()).len()
    };
    for len in 0..whole {
        let mut out = vec![0; len];
        let error = request().draft(Numbering::Iana, &key, &mut out).unwrap_err();
        let teep_msg::ErrorKind::BufferTooShort { needed } = error.kind() else {
            panic!("{error}")
        };
        assert!(needed > len && needed <= whole);
    }
    let mut out = vec![0; whole];
    TAM.sign(request().draft(Numbering::Iana, &key, &mut out).unwrap());
}
