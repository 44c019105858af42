//! Messages of either side, written: what was said is what is read, in both numberings.

use cose_ext::Profile;
use cose_ext::crypto::Algorithm;
use fuzz::{Chosen, Nobody};
use teep_msg::{
    DataItems, Draft, Error, ErrorCode, ErrorContent, FreshnessMechanism, InstallPermit,
    InstalledTc, Message, MessageType, Numbering, QueryRequestContent, QueryResponseContent,
    RequestedTc, SigningKey, SuccessContent, SuitProfile, Suite, UpdateContent,
};

use crate::{message, refused};

const CODES: [ErrorCode; 9] = [
    ErrorCode::PermanentError,
    ErrorCode::UnsupportedExtension,
    ErrorCode::UnsupportedFreshnessMechanisms,
    ErrorCode::UnsupportedMsgVersion,
    ErrorCode::UnsupportedCipherSuites,
    ErrorCode::BadCertificate,
    ErrorCode::AttestationRequired,
    ErrorCode::TemporaryError,
    ErrorCode::Other(200),
];

pub fn check(chosen: &mut Chosen<'_>) {
    let numbering = chosen.one_of(Numbering::ALL);
    let token =
        chosen.one_of([None, Some(&[7; 8][..]), Some(&[7; 64]), Some(&[7; 65]), Some(&[7; 7])]);
    let text = chosen.one_of([None, Some("text"), Some("")]);
    let payload = chosen.one_of([None, Some(&b"evidence"[..])]);
    let reports: &[&[u8]] = chosen.one_of([&[][..], &[b"\xa1\x02\x41\x07"]]);
    let profiles = chosen.one_of([&[][..], SuitProfile::MANDATORY]);
    let suites = chosen.one_of([&[][..], Suite::ALL, Suite::MANDATORY]);
    let mechanisms =
        [FreshnessMechanism::NONCE, FreshnessMechanism::TIMESTAMP, FreshnessMechanism::new(9)];
    let freshness = &mechanisms[usize::from(chosen.byte() % 4)..];
    let unneeded = [&b"\x81\x41a"[..]];
    let versions = chosen.one_of([&[][..], &[0, 1]]);
    let component = &b"\x81\x41a"[..];
    let installed = [InstalledTc {
        component_id: component,
        image_digest: chosen.one_of([None, Some(&b"\x82\x2f\x41\x00"[..])]),
        image_size: chosen.one_of([None, Some(7)]),
        version: chosen.one_of([None, Some(&b"\x81\x01"[..])]),
    }];
    let requested = [RequestedTc {
        component_id: component,
        sequence_number: chosen.one_of([None, Some(3)]),
        have_binary: chosen.one_of([None, Some(true)]),
    }];
    let keys = [
        SigningKey { suite: Suite::Esp256, thumbprint: Some([1; 32]) },
        SigningKey { suite: Suite::Ed25519, thumbprint: None },
        SigningKey { suite: Suite::Es256, thumbprint: None },
        SigningKey { suite: Suite::EdDsa, thumbprint: None },
    ];
    let (mut out, mut room) = (vec![0; 1024], vec![0; chosen.one_of([2048, 2048, 100])]);
    let key = chosen.one_of(keys);
    match chosen.byte() % 5 {
        0 => {
            let content = QueryRequestContent {
                data_item_requested: DataItems::from_bits(u64::from(chosen.byte() % 16)),
                suites,
                profiles,
                token,
                challenge: payload,
                versions,
                freshness,
                attestation_payload: payload,
                attestation_payload_format: text,
                suit_reports: reports,
            };
            read(content.encode(numbering, &mut out), numbering, MessageType::QueryRequest, token);
            signed(content.draft(numbering, &key, &mut room));
            signed(content.draft_for_each_suite(numbering, &keys, &mut room));
        }
        1 => {
            let content = QueryResponseContent {
                token,
                selected_version: chosen.one_of([None, Some(0)]),
                attestation_payload: payload,
                attestation_payload_format: text,
                tc_list: &installed[..usize::from(chosen.byte() % 2)],
                ext_list: chosen.one_of([&[][..], &[1, 2]]),
                requested: &requested[..usize::from(chosen.byte() % 2)],
                unneeded: &unneeded[usize::from(chosen.byte() % 2)..],
                suit_reports: reports,
            };
            read(content.encode(numbering, &mut out), numbering, MessageType::QueryResponse, token);
            signed(content.draft(numbering, &key, &mut room));
        }
        2 => {
            let code = chosen.one_of(CODES);
            let permit = InstallPermit::danger_override();
            let content = match chosen.byte() % 4 {
                0 => UpdateContent::installing(&permit, &[b"\xa1\x03\x41\xa0"])
                    .and_unlinking(&[b"\x81\x41a"]),
                1 => UpdateContent::unlinking(&[b"\x81\x41a"]).and_passing_back(b"result", text),
                2 => UpdateContent::passing_back(b"result", text),
                _ => UpdateContent::failing(code),
            };
            let content = content.with_message("text", text);
            let content = token.map_or(content, |token| content.with_token(token));
            assert!(!format!("{content:?}").is_empty());
            read(content.encode(numbering, &mut out), numbering, MessageType::Update, token);
            signed(content.draft(numbering, &key, &mut room));
        }
        3 => {
            let content = SuccessContent { token, msg: text, suit_reports: reports };
            read(content.encode(numbering, &mut out), numbering, MessageType::Success, token);
            signed(content.draft(numbering, &key, &mut room));
        }
        _ => {
            let content = ErrorContent {
                token,
                err_msg: text,
                err_lang: text,
                challenge: payload,
                freshness,
                suites,
                profiles,
                versions,
                suit_reports: reports,
                ..ErrorContent::new(chosen.one_of(CODES))
            };
            let read =
                read(content.encode(numbering, &mut out), numbering, MessageType::Error, token);
            assert!(read.is_none_or(|code| code == Some(content.code)));
            signed(content.draft(numbering, &key, &mut room));
        }
    }
}

/// What was written is read and says the same; what may not be written is refused.
fn read(
    written: Result<&[u8], Error>,
    numbering: Numbering,
    message_type: MessageType,
    token: Option<&[u8]>,
) -> Option<Option<ErrorCode>> {
    match written {
        Ok(written) => {
            let read = Message::decode(written, numbering, &Profile::DETERMINISTIC);
            let read = read.expect("it was written");
            assert_eq!((read.message_type(), read.options().token()), (message_type, token));
            message::look(&read);
            Some(read.error_code())
        }
        Err(error) => {
            refused(&error);
            None
        }
    }
}

fn signed(draft: Result<Draft<'_>, Error>) {
    let draft = match draft {
        Ok(draft) => draft,
        Err(error) => return refused(&error),
    };
    assert!(!format!("{draft:?}").is_empty());
    for algorithm in draft.algorithms() {
        let parts = draft.structure(algorithm, |structure| structure.parts().concat());
        assert!(parts.is_some_and(|parts| !parts.is_empty()));
    }
    assert!(draft.structure(Algorithm::RS256, |_| ()).is_none());
    let all =
        [Algorithm::ESP256, Algorithm::ED25519, Algorithm::ES256, Algorithm::EDDSA].map(Nobody);
    let [one, two, three, four] = &all;
    let message = draft.sign(&[one, two, three, four]).expect("there is room");
    for numbering in Numbering::ALL {
        message::open(message, numbering);
    }
}
