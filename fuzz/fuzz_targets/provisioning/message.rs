//! Everything that a message says, and every rule that it may break.

use cose_ext::key::Thumbprint;
use cose_ext::{Context, Profile};
use fuzz::{Accept, with_keys};
use teep_msg::{
    AttestationPayload, DataItems, Exchange, Known, Message, MessageType, Model, Numbering,
    OptionName, PayloadKind, Protection, Purpose, Signatures, SuitReport, Suite, decrypt,
    open as open_message,
};

use crate::refused;

/// A message that is opened is a message without its envelope.
pub fn open(bytes: &[u8], numbering: Numbering) {
    let context = Context::new(&Accept::ALL);
    with_keys(|keys| {
        for signatures in [Signatures::UntilOneIsGood, Signatures::Every] {
            for suites in [Suite::ALL, Suite::MANDATORY, &[]] {
                let protection =
                    Protection { signatures, suites, ..Protection::new(numbering, keys) };
                assert!(format!("{protection:?}").contains("numbering"));
                match open_message(bytes, &protection, &context) {
                    Ok(opened) => {
                        let message = opened.message().value();
                        let inner = Message::decode(message.bytes(), numbering, &context.profile);
                        assert_eq!(inner.map(|it| it.message_type()), Ok(message.message_type()));
                        assert!(suites.contains(&opened.suite()) && opened.signed_by().is_some());
                        assert!(!opened.has_bad_signature(), "there are none here");
                        look(message);
                    }
                    Err(error) => refused(&error),
                }
            }
        }
    });
    let mut plaintext = vec![0; bytes.len()];
    for purpose in [Purpose::Eat, Purpose::SuitReport] {
        // Nobody has the key.
        let secrets = cose_ext::key::SecretStore::new(&[]);
        let error = decrypt(bytes, purpose, &secrets, &context, &mut plaintext);
        refused(&error.expect_err("no key"));
        assert!(purpose.agreed().public == Some(purpose.label()));
    }
}

pub fn look(message: &Message<'_>) {
    let options = message.options();
    assert!(
        format!("{message:?} {}", message.message_type()).contains(message.message_type().name())
    );
    assert!(!format!("{options:?} {}", message.numbering()).is_empty());
    let of_tam = [MessageType::QueryRequest, MessageType::Update].contains(&message.message_type());
    assert_eq!((message.message_type().is_of_tam(), message.offset() < 1 << 20), (of_tam, true));
    for list in [options.versions(), options.ext_list(), options.supported_freshness_mechanisms()] {
        let Some(list) = list else { continue };
        assert!(list.iter().all(|number| list.contains(number)));
        assert!(list.len() >= list.iter().count() && !format!("{list:?}").is_empty());
    }
    if let Some(request) = message.query_request() {
        suites(&request.supported_teep_cipher_suites);
        profiles(&request.supported_suit_cose_profiles);
        assert!(request.data_item_requested.contains(DataItems::NOTHING));
    }
    options.supported_teep_cipher_suites().iter().for_each(suites);
    options.supported_suit_cose_profiles().iter().for_each(profiles);
    for installed in options.tc_list().iter().flat_map(|list| list.iter()) {
        assert!(installed.component_id().is_some(), "it was checked");
        let found = [installed.image_digest().is_some(), installed.image_size().is_some()];
        let claims = installed.claims();
        assert!(found.iter().filter(|found| **found).count() <= claims.iter().count());
        assert!(installed.find(14).is_some() || installed.image_size().is_none());
    }
    for wanted in options.requested_tc_list().iter().flat_map(|list| list.iter()) {
        let _ = (wanted.sequence_number(), wanted.have_binary());
        assert!(!wanted.component_id().bytes().is_empty() && !format!("{wanted:?}").is_empty());
    }
    for unneeded in options.unneeded_manifest_list().iter().flat_map(|list| list.iter()) {
        assert!(!unneeded.bytes().is_empty());
    }
    for manifest in options.manifest_list().iter().flat_map(|list| list.iter()) {
        assert!(message.bytes().windows(manifest.len().max(1)).any(|it| it.starts_with(manifest)));
    }
    for report in options.suit_reports().iter().flat_map(|list| list.items()) {
        let Some(report) = SuitReport::of(&report, &Profile::LENIENT) else { continue };
        let facts = (report.nonce(), report.is_success(), report.manifest_sha256());
        assert!(report.is_readable() || facts == (None, None, None));
        assert!(report.find_uint(2).is_none() || report.find(2).is_some());
        assert!(!report.names_key(&Thumbprint::from_bytes([7; 32])) || report.is_readable());
        assert!(report.algorithm().is_none() || report.is_readable());
        assert!(!format!("{report:?}").is_empty());
    }
    options.attestation_payload().iter().for_each(payload);
    for unknown in options.unknown() {
        assert!(!unknown.value.bytes().is_empty() && !format!("{unknown:?}").is_empty());
    }
    let texts = [options.msg(), options.err_msg(), options.err_lang()];
    assert!(texts.iter().flatten().all(|text| text.len() <= message.bytes().len()));
    if let Some(code) = options.err_code().or(message.error_code()) {
        assert_eq!(code.as_handled().as_handled(), code.as_handled());
        assert!(!code.is_temporary() || code.to_wire(message.numbering()) > 0);
    }
    assert!(options.selected_version() == 0 || options.find(OptionName::SelectedVersion).is_some());
    assert!(options.map().iter().count() >= options.unknown().count());
    validate(message);
}

fn suites(suites: &teep_msg::CipherSuites<'_>) {
    for suite in suites.iter() {
        assert!(suite.operations().count() > 0);
        if let Some(known) = suite.known() {
            assert!(suites.offers(known) && !known.to_string().is_empty());
        }
    }
    assert!(suites.len() > 0 && suites.offset() > 0 && !format!("{suites:?}").is_empty());
}

fn profiles(profiles: &teep_msg::SuitProfiles<'_>) {
    assert!(profiles.iter().count() <= profiles.raw().count());
    assert!(profiles.iter().all(|profile| profile.numbers().len() == 4));
}

fn payload(payload: &AttestationPayload<'_>) {
    assert!(payload.format().is_some() || payload.claims_to_be_result(teep_msg::EAT_PROFILE));
    match payload.kind(&Profile::LENIENT) {
        PayloadKind::Eat { profile, nonce } => {
            assert!(profile.is_none_or(|it| it.len() <= payload.bytes().len()));
            assert!(nonce.is_none_or(|it| it.len() <= payload.bytes().len()));
        }
        PayloadKind::Encrypted => assert!(payload.bytes().len() > 2),
        PayloadKind::Opaque => {}
    }
    assert!(!format!("{payload:?}").is_empty());
}

/// Every finding names its rule. What is known to fit what stands there breaks nothing more than what is not known.
fn validate(message: &Message<'_>) {
    let options = message.options();
    let count = |exchange: &Exchange<'_>| {
        let mut count = 0;
        message.validate(exchange, &Profile::LENIENT, &mut |finding| {
            assert!(!finding.to_string().is_empty());
            count += 1;
        });
        count
    };
    let unknown = count(&Exchange::UNKNOWN);
    for model in [Model::BackgroundCheck, Model::Passport] {
        let known = Exchange {
            request_token: Known::Is(options.token()),
            request_challenge: Known::Is(options.challenge()),
            data_item_requested: Known::Is(DataItems::from_bits(15)),
            update_token: Known::Is(options.token()),
            model: Known::Is(model),
            offered_suites: Known::Is(Suite::OLDER),
            algorithm: Known::Is(Suite::EdDsa.algorithm()),
            message_key: Known::Is(Thumbprint::from_bytes([7; 32])),
            ..Exchange::default()
        };
        assert!(count(&known) >= unknown);
        let other = Exchange {
            request_token: Known::Is(Some(b"another")),
            update_token: Known::Is(None),
            offered_suites: Known::Is(&[]),
            data_item_requested: Known::Is(DataItems::NOTHING),
            ..known
        };
        assert!(count(&other) >= unknown);
    }
}
