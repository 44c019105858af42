//! Optional parts of stored states.

use cose_ext::cbor::{Raw, Type, Writer};

pub(crate) fn optional<T>(
    writer: &mut Writer<'_>,
    value: Option<T>,
    write: impl FnOnce(&mut Writer<'_>, T),
) {
    match value {
        Some(value) => write(writer, value),
        None => {
            writer.null();
        }
    }
}

pub(crate) fn maybe<'a, T>(
    raw: &Raw<'a>,
    read: impl FnOnce(&Raw<'a>) -> Option<T>,
) -> Option<Option<T>> {
    match raw.data_type() {
        Type::Null => Some(None),
        _ => Some(Some(read(raw)?)),
    }
}
