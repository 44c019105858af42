//! Contents of messages, and messages.

use alloc::{vec, vec::Vec};

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::{
    Profile, Value,
    arbitrary::{View, bytes, few, text},
};

use super::{
    ErrorCode, ErrorContent, FreshnessMechanism, InstalledTc, Message, Numbering,
    QueryRequestContent, RequestedTc, SuccessContent, SuitProfile, Suite, Token,
};
use crate::{InstallPermit, QueryResponseContent, UpdateContent};

/// The most elements of a list.
const FEW: usize = 3;
/// The longest text, identifier or payload.
const LENGTH: usize = 64;
/// Room for a message.
const ROOM: usize = 8192;

/// Encoded identifiers of components, for what borrows them.
const COMPONENTS: [&[u8]; 4] = [b"\x81\x41\x00", b"\x81\x43app", b"\x82\x42ta\x41\x01", b"\x80"];
/// An envelope without members, and reports: a signed one and one of a MAC.
const ENVELOPE: &[u8] = b"\xd8\x6b\xa0";
const REPORTS: [&[u8]; 2] =
    [b"\xd2\x84\x40\xa0\x41\x00\x41\x00", b"\xd1\x84\x40\xa0\x41\x00\x41\x00"];
const VERSIONS: [&[u32]; 3] = [&[], &[0], &[0, 1]];
const FRESHNESS: [&[FreshnessMechanism]; 3] = [
    &[],
    &[FreshnessMechanism::NONCE],
    &[FreshnessMechanism::NONCE, FreshnessMechanism::TIMESTAMP],
];
const SUITES: [&[Suite]; 3] = [Suite::MANDATORY, Suite::OLDER, Suite::ALL];

/// A token or a challenge, or none: of 8 bytes at least.
fn nonce<'a>(u: &mut Unstructured<'a>) -> Result<Option<&'a [u8]>> {
    let nonce = bytes(u, Token::MAX)?;
    Ok(Some(nonce).filter(|nonce| nonce.len() >= Token::MIN))
}

/// Text without control characters, as far as the first one, or none.
fn line<'a>(u: &mut Unstructured<'a>, most: usize) -> Result<Option<&'a str>> {
    let text = text(u, most)?;
    let line = text.split(char::is_control).next().unwrap_or_default();
    Ok(Some(line).filter(|line| !line.is_empty()))
}

fn maybe<'a>(u: &mut Unstructured<'a>) -> Result<Option<&'a [u8]>> {
    Ok(if u.arbitrary()? { Some(bytes(u, LENGTH)?) } else { None })
}

impl<'a> Arbitrary<'a> for InstalledTc<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            component_id: u.choose(&COMPONENTS)?,
            // SHA-256, and 32 bytes that nothing has as its digest.
            image_digest: if u.arbitrary()? { Some(DIGEST) } else { None },
            image_size: u.arbitrary()?,
            version: maybe(u)?,
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (4, Some(LENGTH.saturating_add(13)))
    }
}

const DIGEST: &[u8] = &{
    let mut digest = [0x5a; 36];
    digest[0] = 0x82;
    digest[1] = 0x2f;
    digest[2] = 0x58;
    digest[3] = 0x20;
    digest
};

impl<'a> Arbitrary<'a> for RequestedTc<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let sequence_number: Option<u64> = u.arbitrary()?;
        let have_binary: Option<bool> = u.arbitrary()?;
        Ok(Self {
            component_id: u.choose(&COMPONENTS)?,
            sequence_number,
            // Of what version the binary is, has to be told.
            have_binary: have_binary.map(|have| have && sequence_number.is_some()),
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (3, Some(12))
    }
}

impl<'a> Arbitrary<'a> for QueryRequestContent<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            data_item_requested: u.arbitrary()?,
            suites: u.choose(&SUITES)?,
            profiles: SuitProfile::MANDATORY,
            token: nonce(u)?,
            challenge: nonce(u)?,
            versions: u.choose(&VERSIONS)?,
            freshness: u.choose(&FRESHNESS)?,
            attestation_payload: maybe(u)?,
            attestation_payload_format: line(u, LENGTH)?,
            suit_reports: if u.ratio(1u8, 4u8)? { &REPORTS } else { &[] },
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (8, Some(279))
    }
}

impl<'a> Arbitrary<'a> for SuccessContent<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            token: nonce(u)?,
            msg: line(u, LENGTH)?,
            suit_reports: if u.arbitrary()? { &REPORTS } else { &[] },
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(132))
    }
}

impl<'a> Arbitrary<'a> for ErrorContent<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            code: u.arbitrary()?,
            token: nonce(u)?,
            err_msg: line(u, LENGTH)?,
            err_lang: line(u, 35)?,
            challenge: nonce(u)?,
            freshness: u.choose(&FRESHNESS)?,
            suites: if u.arbitrary()? { u.choose(&SUITES)? } else { &[] },
            profiles: if u.arbitrary()? { SuitProfile::MANDATORY } else { &[] },
            versions: u.choose(&VERSIONS)?,
            suit_reports: if u.arbitrary()? { &REPORTS } else { &[] },
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (10, Some(250))
    }
}

fn components(u: &mut Unstructured<'_>) -> Result<Vec<Vec<u8>>> {
    (0..few(u, FEW)?)
        .map(|_| Ok(Value::Array(&[Value::Bytes(bytes(u, LENGTH)?)]).to_bytes()))
        .collect()
}

fn list<'a, T: Arbitrary<'a>>(u: &mut Unstructured<'a>) -> Result<Vec<T>> {
    (0..few(u, FEW)?).map(|_| u.arbitrary()).collect()
}

fn borrowed(list: &[Vec<u8>]) -> Vec<&[u8]> {
    list.iter().map(Vec::as_slice).collect()
}

fn response(u: &mut Unstructured<'_>, out: &mut [u8]) -> Result<Vec<u8>> {
    let (installed, requested) = (list(u)?, list(u)?);
    let (unneeded, extensions) = (components(u)?, list::<u32>(u)?);
    let content = QueryResponseContent {
        token: nonce(u)?,
        selected_version: u.arbitrary()?,
        attestation_payload: maybe(u)?,
        attestation_payload_format: line(u, LENGTH)?,
        tc_list: &installed,
        ext_list: &extensions,
        requested: &requested,
        unneeded: &borrowed(&unneeded),
        suit_reports: if u.arbitrary()? { &REPORTS } else { &[] },
    };
    written(content.encode(Numbering::Iana, out))
}

/// An order to install or to unlink, an error, or a result that is passed back.
fn update(u: &mut Unstructured<'_>, out: &mut [u8]) -> Result<Vec<u8>> {
    let unneeded = components(u)?;
    let unneeded = borrowed(&unneeded);
    let manifests = vec![ENVELOPE; few(u, FEW)?.max(1)];
    let result = bytes(u, LENGTH)?;
    let format = line(u, LENGTH)?;
    let mut content = match u.int_in_range(0..=3u8)? {
        0 => UpdateContent::installing(&InstallPermit::danger_override(), &manifests)
            .and_unlinking(&unneeded),
        1 => UpdateContent::unlinking(&unneeded),
        2 => {
            let code: ErrorCode = u.arbitrary()?;
            let language = line(u, 35)?;
            let failing = UpdateContent::failing(code);
            match line(u, LENGTH)? {
                Some(text) => failing.with_message(text, language),
                None => failing,
            }
        }
        _ => UpdateContent::passing_back(result, format),
    };
    if let Some(token) = nonce(u)? {
        content = content.with_token(token);
    }
    written(content.encode(Numbering::Iana, out))
}

fn written(encoded: core::result::Result<&[u8], crate::Error>) -> Result<Vec<u8>> {
    encoded.map(Vec::from).map_err(|_| Error::IncorrectFormat)
}

impl View for Message<'static> {
    type Of<'b> = Message<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Message<'_>, crate::Error> {
        Message::decode(bytes, Numbering::Iana, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let mut out = vec![0; ROOM];
        match u.int_in_range(0..=4u8)? {
            0 => written(QueryRequestContent::arbitrary(u)?.encode(Numbering::Iana, &mut out)),
            1 => response(u, &mut out),
            2 => update(u, &mut out),
            3 => written(SuccessContent::arbitrary(u)?.encode(Numbering::Iana, &mut out)),
            _ => written(ErrorContent::arbitrary(u)?.encode(Numbering::Iana, &mut out)),
        }
    }
}
