//! Data items to and from the value type of ciborium. Encodings differ, values do not.

use alloc::{boxed::Box, string::String, vec::Vec};

use ::coset::cbor::{self as ciborium, value::Integer};
use ciborium::Value;

use super::{FromCosetError, IntoCosetError};
use crate::{
    IntOrText,
    cbor::{Head, Int, Item, MAX_DEPTH, Raw, Reader, Strictness, Writer, widen},
};

/// The tags of bignums (RFC 8949 3.4.3).
const BIGNUM: u64 = 2;
const NEGATIVE_BIGNUM: u64 = 3;

/// The value of a checked item. Levels are bounded: it was checked.
pub(super) fn value(raw: &Raw<'_>) -> Result<Value, IntoCosetError> {
    let mut reader = Reader::new(raw.bytes(), Strictness::LENIENT);
    read(&mut reader, raw.offset())
}

fn read(reader: &mut Reader<'_>, base: usize) -> Result<Value, IntoCosetError> {
    let offset = base.saturating_add(reader.position());
    Ok(match reader.item()? {
        Item::Int(value) => integer(value, offset)?,
        Item::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        Item::BytesStart => {
            let mut bytes = Vec::new();
            while !reader.take_break()? {
                bytes.extend_from_slice(reader.bytes()?);
            }
            Value::Bytes(bytes)
        }
        Item::Text(text) => Value::Text(text.into()),
        Item::TextStart => {
            let mut text = String::new();
            while !reader.take_break()? {
                text.push_str(reader.text()?);
            }
            Value::Text(text)
        }
        Item::Array(len) => {
            let mut elements = Vec::new();
            while follows(widen(elements.len()), len, reader)? {
                elements.push(read(reader, base)?);
            }
            Value::Array(elements)
        }
        Item::Map(len) => {
            let mut entries = Vec::new();
            while follows(widen(entries.len()), len, reader)? {
                entries.push((read(reader, base)?, read(reader, base)?));
            }
            Value::Map(entries)
        }
        Item::Tag(number) => {
            let content = read(reader, base)?;
            match bignum(number, &content) {
                Some(integer) => Value::Integer(integer),
                None => Value::Tag(number, Box::new(content)),
            }
        }
        Item::Bool(value) => Value::Bool(value),
        Item::Null => Value::Null,
        Item::Float(value) => Value::Float(value),
        Item::Undefined | Item::Simple(_) | Item::Break => {
            return Err(IntoCosetError::SimpleValue { offset });
        }
    })
}

/// The integer that a bignum stands for, if a head has room for it (RFC 8949 3.4.3): ciborium reads
/// it so, and in core deterministic encoding it is one.
fn bignum(number: u64, content: &Value) -> Option<Integer> {
    let magnitude = magnitude(content.as_bytes()?).map(i128::from)?;
    match number {
        BIGNUM => Integer::try_from(magnitude).ok(),
        // -1 - magnitude
        NEGATIVE_BIGNUM => Integer::try_from(!magnitude).ok(),
        _ => None,
    }
}

/// The number of these digits; `None` where 64 bits have no room for it.
fn magnitude(bytes: &[u8]) -> Option<u64> {
    bytes.iter().try_fold(0_u64, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(*byte)))
}

fn follows(index: u64, len: Option<u64>, reader: &mut Reader<'_>) -> Result<bool, IntoCosetError> {
    match len {
        Some(len) => Ok(index < len),
        None => Ok(!reader.take_break()?),
    }
}

fn integer(value: Int, offset: usize) -> Result<Value, IntoCosetError> {
    let value = Integer::try_from(value.to_i128());
    value.map(Value::Integer).map_err(|_| IntoCosetError::IntegerRange { offset })
}

/// The label that stands at `offset`, or whose value does.
pub(super) fn label(label: IntOrText<'_>, offset: usize) -> Result<::coset::Label, IntoCosetError> {
    match label {
        IntOrText::Int(value) => {
            let value = value.to_i64().ok_or(IntoCosetError::IntegerRange { offset })?;
            Ok(::coset::Label::Int(value))
        }
        IntOrText::Text(text) => Ok(::coset::Label::Text(text.into())),
    }
}

/// The label of a coset type.
pub(super) fn borrow(label: &::coset::Label) -> IntOrText<'_> {
    match label {
        ::coset::Label::Int(value) => IntOrText::int(*value),
        ::coset::Label::Text(text) => IntOrText::Text(text),
    }
}

/// The core deterministic encoding of `value` (RFC 8949 4.2.1).
pub(super) fn encode(value: &Value) -> Result<Vec<u8>, FromCosetError> {
    let mut out = Vec::new();
    write(value, MAX_DEPTH, &mut out)?;
    Ok(out)
}

fn write(value: &Value, depth: usize, out: &mut Vec<u8>) -> Result<(), FromCosetError> {
    let inside = || depth.checked_sub(1).ok_or(FromCosetError::TooDeep);
    match value {
        Value::Array(elements) => {
            out.extend_from_slice(Head::array(elements.len()).as_bytes());
            elements.iter().try_for_each(|element| write(element, inside()?, out))
        }
        Value::Map(entries) => {
            let mut encoded = Vec::new();
            for (key, value) in entries {
                let (mut key_bytes, mut value_bytes) = (Vec::new(), Vec::new());
                write(key, inside()?, &mut key_bytes)?;
                write(value, inside()?, &mut value_bytes)?;
                encoded.push((key_bytes, value_bytes));
            }
            encoded.sort();
            if encoded.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b)) {
                return Err(FromCosetError::RepeatedLabel);
            }
            out.extend_from_slice(Head::map(entries.len()).as_bytes());
            for (key, value) in encoded {
                out.extend_from_slice(&key);
                out.extend_from_slice(&value);
            }
            Ok(())
        }
        Value::Tag(number, content) => {
            if let Some(integer) = bignum(*number, content) {
                return write(&Value::Integer(integer), depth, out);
            }
            out.extend_from_slice(Head::tag(*number).as_bytes());
            match &**content {
                // "leave out any leading zeroes" (RFC 8949 3.4.3)
                Value::Bytes(digits) if matches!(*number, BIGNUM | NEGATIVE_BIGNUM) => {
                    let digits = digits.iter().copied().skip_while(|digit| *digit == 0).collect();
                    write(&Value::Bytes(digits), inside()?, out)
                }
                content => write(content, inside()?, out),
            }
        }
        // ciborium keeps the width of a NaN, of which core deterministic encoding has one.
        Value::Float(value) => {
            let mut buffer = [0; 9];
            let mut writer = Writer::new(&mut buffer);
            writer.float(*value);
            out.extend_from_slice(writer.finish().map_err(|_| FromCosetError::NotEncoded)?);
            Ok(())
        }
        scalar => ciborium::ser::into_writer(scalar, out).map_err(|_| FromCosetError::NotEncoded),
    }
}
