//! From one numbering to the other.

use cose_ext::{
    BufferTooShort,
    cbor::{Array, Map, Raw, Writer},
};

use crate::{
    Error, ErrorCode, ErrorKind, Message, MessageType, Numbering, OptionName, decode::read_uint,
};

/// Writes `message` in another numbering, with its options in ascending order; values stay as they
/// are, and unknown options are kept.
///
/// The result is another message: a signature over the first does not cover it.
///
/// # Errors
///
/// If an option has no label there (`selected-teep-cipher-suite`), or an unknown one has a label
/// that means something there; if an unknown error code has a number that means something there; if
/// the buffer is too short.
pub fn transcode<'o>(
    message: &Message<'_>,
    to: Numbering,
    out: &'o mut [u8],
) -> Result<&'o [u8], Error> {
    let mut writer = Writer::new(out);
    let from = message.numbering();
    let message_type = message.message_type();
    let elements = match message_type {
        MessageType::QueryRequest => 5,
        MessageType::Error => 3,
        _ => 2,
    };
    writer.array(elements).int(i64::from(message_type.to_wire(to)));
    write_map(&mut writer, &message.options().map(), from, to, is_outside)?;
    let array = Array::new(&whole(message)?)?;
    for raw in array.iter().skip(2) {
        match (message_type, message.error_code()) {
            (MessageType::Error, Some(code)) => writer.int(counterpart(code, to)?),
            _ => writer.encoded(raw.bytes()),
        };
    }
    let written = writer.finish().map_err(|error: BufferTooShort| Error::from(error))?;
    Ok(written)
}

fn whole<'a>(message: &Message<'a>) -> Result<Raw<'a>, Error> {
    let profile = cose_ext::Profile::LENIENT;
    Ok(Raw::decode(
        message.bytes(),
        message.offset(),
        profile.strictness,
        &cose_ext::cbor::Limits::DEFAULT.with_items(usize::MAX).with_map_entries(usize::MAX),
    )?)
}

/// Returns the number of an error code in a numbering that reads it back as that code.
fn counterpart(code: ErrorCode, to: Numbering) -> Result<u64, Error> {
    let number = code.to_wire(to);
    match ErrorCode::from_wire(number, to) {
        Some(read) if read == code => Ok(number),
        _ => Err(Error::new(ErrorKind::NoCounterpart(Some(OptionName::ErrCode)))),
    }
}

const fn is_outside(name: OptionName) -> bool {
    !name.is_of_requested_tc()
}

const fn is_of_requested_tc(name: OptionName) -> bool {
    name.is_of_requested_tc()
}

/// Writes a map with labels of the other numbering, the smallest first: one walk for each entry.
fn write_map(
    writer: &mut Writer<'_>,
    map: &Map<'_>,
    from: Numbering,
    to: Numbering,
    is_known: fn(OptionName) -> bool,
) -> Result<(), Error> {
    writer.map(map.len());
    let mut above = None;
    for _ in 0..map.len() {
        let mut next: Option<(u64, Option<OptionName>, Raw<'_>)> = None;
        for (label, value) in map {
            let Some(label) = read_uint(&label) else { continue };
            let name = OptionName::from_label(label, from).filter(|name| is_known(*name));
            let label = match name {
                Some(name) => name
                    .label(to)
                    .map(u64::from)
                    .ok_or(Error::new(ErrorKind::NoCounterpart(Some(name))))?,
                None => match OptionName::from_label(label, to).filter(|name| is_known(*name)) {
                    Some(_) if from != to => {
                        return Err(Error::new(ErrorKind::NoCounterpart(None)).at(value.offset()));
                    }
                    _ => label,
                },
            };
            let is_later = above.is_none_or(|above| label > above);
            if is_later && next.is_none_or(|(least, ..)| label < least) {
                next = Some((label, name, value));
            }
        }
        let Some((label, name, value)) = next else { break };
        writer.int(label);
        match name {
            Some(OptionName::ErrCode) => {
                let code = read_uint(&value)
                    .and_then(|code| ErrorCode::from_wire(code, from))
                    .ok_or(Error::new(ErrorKind::NoCounterpart(name)))?;
                writer.int(counterpart(code, to)?);
            }
            Some(OptionName::RequestedTcList) => {
                let list = Array::new(&value)?;
                writer.array(list.len());
                for info in list {
                    write_map(writer, &Map::new(&info)?, from, to, is_of_requested_tc)?;
                }
            }
            _ => {
                writer.encoded(value.bytes());
            }
        }
        above = Some(label);
    }
    Ok(())
}
