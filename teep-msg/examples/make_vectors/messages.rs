//! Valid messages in both numberings, and messages that break a rule which only the exchange shows.

use serde_json::json;
use teep_msg::{
    DataItems, Draft, ErrorCode, ErrorContent, FreshnessMechanism, InstallPermit, InstalledTc,
    QueryRequestContent, QueryResponseContent, RequestedTc, SuccessContent, SuitProfile, Suite,
    UpdateContent,
};

use crate::{
    book::{Age, Book, Said},
    manifests::{envelope, report},
    parties::{AGENT, AGENT_ED, ATTESTER, Party, Says, TAM, TAM_ED, VERIFIER, claims},
};

pub(crate) const TOKEN: [u8; 16] = [0xa1; 16];
pub(crate) const OTHER_TOKEN: [u8; 16] = [0xb2; 16];
pub(crate) const CHALLENGE: [u8; 32] = [0xc3; 32];
pub(crate) const NOW: u64 = 1_790_000_000;
/// `[h'617070']`.
pub(crate) const APP: &[u8] = b"\x81\x43app";
pub(crate) const EVIDENCE_TYPE: &str =
    "application/eat+cwt; eat_profile=\"tag:example.com,2026:evidence\"";

pub(crate) fn suites(age: Age) -> &'static [Suite] {
    if age.is_older() { Suite::OLDER } else { Suite::MANDATORY }
}

pub(crate) fn request(age: Age) -> QueryRequestContent<'static> {
    QueryRequestContent {
        data_item_requested: DataItems::ATTESTATION.and(DataItems::TRUSTED_COMPONENTS),
        suites: suites(age),
        profiles: SuitProfile::MANDATORY,
        token: None,
        challenge: Some(&CHALLENGE),
        versions: &[0],
        freshness: &[FreshnessMechanism::NONCE],
        attestation_payload: None,
        attestation_payload_format: None,
        suit_reports: &[],
    }
}

/// The message that `draft` writes, signed by `key`.
macro_rules! signed {
    ($content:expr, $age:expr, $key:expr) => {{
        let mut out = vec![0; 4096];
        let key: &Party = $key;
        let draft = $content.draft($age.numbering, &key.key($age.is_older()), &mut out).unwrap();
        crate::messages::sign(draft, &[key])
    }};
}
pub(crate) use signed;

/// Signs with every key that the draft asks for.
pub(crate) fn sign(draft: Draft<'_>, keys: &[&Party]) -> Vec<u8> {
    let algorithms: Vec<_> = draft.algorithms().collect();
    let signers: Vec<_> =
        keys.iter().zip(&algorithms).map(|(key, algorithm)| key.signer(*algorithm)).collect();
    let signers: Vec<_> = signers.iter().map(|signer| &**signer).collect();
    draft.sign(&signers).unwrap().to_vec()
}

/// The first request: one signature for each suite.
pub(crate) fn request_by_both(age: Age) -> Vec<u8> {
    let keys = [TAM.key(age.is_older()), TAM_ED.key(age.is_older())];
    let mut out = vec![0; 4096];
    let draft = request(age).draft_for_each_suite(age.numbering, &keys, &mut out).unwrap();
    sign(draft, &[&TAM, &TAM_ED])
}

pub(crate) fn make(book: &mut Book, age: Age) {
    let name = |what: &str| format!("family-{what}-{}", age.tag);
    requests(book, age, &name);
    responses(book, age, &name);
    updates(book, age, &name);
    answers(book, age, &name);
    strict(book, age, &name);
}

fn requests(book: &mut Book, age: Age, name: &dyn Fn(&str) -> String) {
    let both = [&TAM, &TAM_ED];
    let said = Said::valid(name("query-request-both"), "COSE_Sign, one signature for each suite");
    book.signed(age, said, request_by_both(age), &both, &both);
    let said = Said::valid(name("query-request-challenge"), "COSE_Sign1: the suite is known");
    book.signed(age, said, signed!(request(age), age, &TAM_ED), &[&TAM_ED], &[&TAM_ED]);
    let token = QueryRequestContent {
        data_item_requested: DataItems::TRUSTED_COMPONENTS.and(DataItems::EXTENSIONS),
        token: Some(&TOKEN),
        challenge: None,
        freshness: &[],
        ..request(age)
    };
    let said = Said::valid(name("query-request-token"), "attestation is not asked for: a token");
    book.signed(age, said, signed!(token, age, &TAM), &[&TAM], &[&TAM]);
    let mut out = vec![0; 1024];
    let said = Said::valid(name("query-request-unsigned"), "a message without COSE around it");
    book.bare(age, said, token.encode(age.numbering, &mut out).unwrap().to_vec());
    let longest = [0xc4; 512];
    let longest = QueryRequestContent { challenge: Some(&longest), ..request(age) };
    let said = Said::valid(name("query-request-challenge-512"), "the longest challenge");
    book.signed(age, said, signed!(longest, age, &TAM), &[&TAM], &[&TAM]);
}

fn responses(book: &mut Book, age: Age, name: &dyn Fn(&str) -> String) {
    let says = Says { nonce: Some(&CHALLENGE), status: None, issued_at: NOW };
    let evidence = claims(&says, &ATTESTER);
    let installed = [InstalledTc { component_id: APP, image_size: Some(19), ..Default::default() }];
    let content = QueryResponseContent {
        attestation_payload: Some(&evidence),
        attestation_payload_format: Some(EVIDENCE_TYPE),
        tc_list: &installed,
        ..Default::default()
    };
    let said = Said::valid(name("query-response-evidence"), "Evidence repeats the challenge");
    let keys = [&AGENT, &ATTESTER];
    book.signed(age, said, signed!(content, age, &AGENT), &keys, &[&AGENT]);
    let result = claims(&Says { nonce: None, status: Some(2), issued_at: NOW }, &VERIFIER);
    let content = QueryResponseContent {
        attestation_payload: Some(&result),
        tc_list: &installed,
        ..Default::default()
    };
    let said = Said::valid(name("query-response-passport"), "an Attestation Result");
    book.signed(age, said, signed!(content, age, &AGENT), &[&AGENT, &VERIFIER], &[&AGENT]);
    let wanted = [
        RequestedTc { component_id: APP, ..Default::default() },
        RequestedTc {
            component_id: b"\x82\x41a\x41b",
            sequence_number: Some(7),
            have_binary: Some(true),
        },
    ];
    let content = QueryResponseContent {
        token: Some(&TOKEN),
        selected_version: Some(0),
        tc_list: &installed,
        ext_list: &[1, 4_294_967_295],
        requested: &wanted,
        unneeded: &[b"\x81\x43old"],
        ..Default::default()
    };
    let said = Said::valid(name("query-response-lists"), "every list that a response may have");
    let bytes = signed!(content, age, &AGENT_ED);
    book.signed(age, said, bytes, &[&AGENT_ED], &[&AGENT_ED]);
}

fn updates(book: &mut Book, age: Age, name: &dyn Fn(&str) -> String) {
    let permit = InstallPermit::danger_override();
    let envelope = envelope(3);
    let manifests = [envelope.as_slice()];
    let content = UpdateContent::installing(&permit, &manifests).with_token(&TOKEN);
    let unneeded: [&[u8]; 1] = [b"\x81\x43old"];
    let both = content.and_unlinking(&unneeded);
    let said = Said::valid(name("update-install"), "one manifest to process, one to unlink");
    book.signed(age, said, signed!(both, age, &TAM), &[&TAM], &[&TAM]);
    let content = UpdateContent::failing(ErrorCode::AttestationRequired)
        .with_message("not attested", Some("en"));
    let said = Said::valid(name("update-error"), "the TAM cannot serve the response");
    book.signed(age, said, signed!(content, age, &TAM_ED), &[&TAM_ED], &[&TAM_ED]);
    let mut out = vec![0; 4096];
    let said = Said::valid(name("update-unsigned"), "a message without COSE around it");
    book.bare(age, said, both.encode(age.numbering, &mut out).unwrap().to_vec());
}

fn answers(book: &mut Book, age: Age, name: &dyn Fn(&str) -> String) {
    let report = report(&TOKEN, &envelope(3));
    let reports = [report.as_slice()];
    let content = SuccessContent { token: Some(&TOKEN), msg: Some("done"), suit_reports: &reports };
    let context = json!({"context": {"update_token": hex::encode(TOKEN)}});
    let said =
        Said::valid(name("success-report"), "a report whose nonce is the token").with(context);
    book.signed(age, said, signed!(content, age, &AGENT), &[&AGENT], &[&AGENT]);
    let codes = [
        ErrorCode::PermanentError,
        ErrorCode::UnsupportedExtension,
        ErrorCode::UnsupportedFreshnessMechanisms,
        ErrorCode::UnsupportedMsgVersion,
        ErrorCode::UnsupportedCipherSuites,
        ErrorCode::BadCertificate,
        ErrorCode::AttestationRequired,
        ErrorCode::UnsupportedSuitReport,
        ErrorCode::CertificateExpired,
        ErrorCode::TemporaryError,
        ErrorCode::ManifestProcessingFailed,
        ErrorCode::Other(200),
    ];
    for code in codes {
        let number = code.to_wire(age.numbering);
        let mut content = ErrorContent { err_msg: Some("a text"), ..ErrorContent::new(code) };
        match code {
            ErrorCode::UnsupportedFreshnessMechanisms => {
                content.freshness = &[FreshnessMechanism::NONCE]
            }
            ErrorCode::UnsupportedMsgVersion => content.versions = &[0],
            ErrorCode::UnsupportedCipherSuites => content.suites = suites(age),
            ErrorCode::UnsupportedSuitReport => content.profiles = SuitProfile::MANDATORY,
            ErrorCode::AttestationRequired => {
                content.challenge = Some(&CHALLENGE);
                content.freshness = &[FreshnessMechanism::NONCE];
            }
            _ => {}
        }
        let why = "an Error with what its code wants beside it";
        let said = Said::valid(name(&format!("error-{number}")), why);
        book.signed(age, said, signed!(content, age, &AGENT_ED), &[&AGENT_ED], &[&AGENT_ED]);
    }
    let mut out = vec![0; 256];
    let content = SuccessContent { token: Some(&TOKEN), ..Default::default() };
    let said = Said::valid(name("success-unsigned"), "type 4 in one numbering and 5 in the other");
    book.bare(age, said, content.encode(age.numbering, &mut out).unwrap().to_vec());
}

/// Valid COSE and CDDL, and one rule broken.
fn strict(book: &mut Book, age: Age, name: &dyn Fn(&str) -> String) {
    let mut add =
        |what: &str, rule: &str, why: &str, violation: &str, context, bytes, key: &Party| {
            let facts = json!({"strict_violation": violation, "rule": rule, "context": context});
            let said = Said::valid(name(&format!("strict-{what}")), why).with(facts);
            book.signed(age, said, bytes, &[key], &[key]);
        };
    let nothing = json!({});
    let content = QueryRequestContent { token: Some(&TOKEN), ..request(age) };
    let why = "a token although attestation is asked for";
    let bytes = signed!(content, age, &TAM);
    add("token", "M5", why, "token-with-attestation-bit", &nothing, bytes, &TAM);
    let content = QueryRequestContent {
        data_item_requested: DataItems::TRUSTED_COMPONENTS,
        token: Some(&TOKEN),
        freshness: &[],
        ..request(age)
    };
    let why = "a challenge although attestation is not asked for";
    let violation = "challenge-without-attestation-bit";
    add("challenge", "M10", why, violation, &nothing, signed!(content, age, &TAM), &TAM);
    let asked = json!({"request_token": hex::encode(TOKEN)});
    let content = QueryResponseContent { token: Some(&OTHER_TOKEN), ..Default::default() };
    let why = "the token of another request";
    let bytes = signed!(content, age, &AGENT);
    add("response-token", "M15", why, "token-mismatch", &asked, bytes, &AGENT);
    let content = QueryResponseContent::default();
    let why = "no token, and the request had one";
    let bytes = signed!(content, age, &AGENT);
    add("response-no-token", "M15", why, "token-missing-in-response", &asked, bytes, &AGENT);
    let ordered = json!({"update_token": hex::encode(TOKEN)});
    let report = report(&OTHER_TOKEN, &envelope(3));
    let reports = [report.as_slice()];
    let content = SuccessContent { token: Some(&TOKEN), msg: None, suit_reports: &reports };
    let why = "a report with another nonce";
    let bytes = signed!(content, age, &AGENT);
    add("report-nonce", "M25", why, "suit-report-nonce-mismatch", &ordered, bytes, &AGENT);
    for (code, what, rule, violation) in [
        (
            ErrorCode::UnsupportedCipherSuites,
            "error-5",
            "M27",
            "supported-teep-cipher-suites-missing",
        ),
        (
            ErrorCode::UnsupportedFreshnessMechanisms,
            "error-3",
            "M28",
            "supported-freshness-mechanisms-missing",
        ),
        (
            ErrorCode::UnsupportedSuitReport,
            "error-8",
            "M29",
            "supported-suit-cose-profiles-missing",
        ),
        (ErrorCode::UnsupportedMsgVersion, "error-4", "M30", "versions-missing"),
    ] {
        let content = ErrorContent::new(code);
        let why = "without the list that the code wants";
        add(what, rule, why, violation, &nothing, signed!(content, age, &AGENT), &AGENT);
    }
}
