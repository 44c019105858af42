//! Writing a claims set in JSON (RFC 9711 7.2), from the view, without heap but for what is nested
//! in JSON.

use core::fmt::{self, Write};

use cose_ext::{
    Profile,
    cbor::{Array, Item, Map, Raw, Reader, Type},
};

use super::{
    claim::{self, Form, RESULTS},
    confirmation,
};
use crate::{
    Claims, Error, Rule,
    cmw::Cmw,
    json::{Base64Url, Json, Quoted},
};

/// A claims set that writes itself in JSON, without blanks: [`Claims::to_json`].
#[derive(Clone, Copy, Debug)]
pub struct ClaimsJson<'a>(Claims<'a>);

impl<'a> Claims<'a> {
    /// Returns the claims set as something that writes itself in JSON: registered claims under
    /// their names and with the types that they have in JSON, others under their own names, in the
    /// order of the set.
    ///
    /// # Errors
    ///
    /// [`Rule::NoJsonForm`] for what JSON has no form of: claims under integers that are not known
    /// here, tags, encrypted keys in `cnf`, numbers that are not finite, values that their claims
    /// do not have.
    pub fn to_json(&self) -> Result<ClaimsJson<'a>, Error> {
        match claims(self, &mut Nowhere) {
            Ok(()) => Ok(ClaimsJson(*self)),
            Err(Failure::NoForm(offset)) => Err(Error::broken(Rule::NoJsonForm, offset)),
            Err(Failure::Fmt) => Err(Error::broken(Rule::NoJsonForm, self.offset())),
        }
    }
}

impl fmt::Display for ClaimsJson<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What has no form was found when this was made.
        claims(&self.0, f).map_err(|_| fmt::Error)
    }
}

/// Takes text and drops it: to find what cannot be written before anything is.
struct Nowhere;

impl Write for Nowhere {
    fn write_str(&mut self, _: &str) -> fmt::Result {
        Ok(())
    }
}

enum Failure {
    /// There is no form in JSON for the item at this offset.
    NoForm(usize),
    /// Whoever takes the text refuses it.
    Fmt,
}

impl From<fmt::Error> for Failure {
    fn from(_: fmt::Error) -> Self {
        Self::Fmt
    }
}

type Written = Result<(), Failure>;

/// How deep a set may nest is bounded since it was read, and so is the recursion here.
fn claims(claims: &Claims<'_>, out: &mut dyn Write) -> Written {
    let mut separator = "{";
    for (key, value) in claims.iter() {
        out.write_str(separator)?;
        separator = ",";
        let known = key.to_i64().and_then(claim::keyed);
        match (known, key.value()) {
            (Some(known), _) => {
                write!(out, "{}:", Quoted(known.name))?;
                known.form.write(&value, out)?;
            }
            (None, cose_ext::IntOrText::Text(name)) => {
                write!(out, "{}:", Quoted(name))?;
                plain(&value, out)?;
            }
            _ => return Err(Failure::NoForm(value.offset())),
        }
    }
    out.write_str(if claims.iter().next().is_none() { "{}" } else { "}" })?;
    Ok(())
}

impl Form {
    fn write(self, raw: &Raw<'_>, out: &mut dyn Write) -> Written {
        let wrong = Failure::NoForm(raw.offset());
        match self {
            Self::Plain | Self::IntegerDate | Self::Bytes | Self::Contents => plain(raw, out),
            Self::TextBytes => {
                let bytes = raw.read(Reader::bytes).map_err(|_| wrong)?;
                let text = core::str::from_utf8(bytes);
                let text = text.map_err(|_| Failure::NoForm(raw.offset()))?;
                Ok(write!(out, "{}", Quoted(text))?)
            }
            Self::Confirmation => {
                confirmation::write(raw, |value, out| plain(value, out).ok(), out).ok_or(wrong)
            }
            Self::Named(names) => named(raw, names, out),
            Self::Keyed(names) => entries(raw, out, |key| {
                let key = key.read(Reader::int).ok()?.to_i64()?;
                names.iter().find(|(_, number)| *number == key).map(|(name, _)| *name)
            }),
            Self::Profile => match raw.read(Reader::bytes) {
                Ok(oid) => dotted(oid, out).ok_or(wrong)?,
                Err(_) => plain(raw, out),
            },
            Self::Results => elements(raw, out, |system, out| {
                pair(system, out, plain, |results, out| {
                    elements(results, out, |result, out| {
                        pair(result, out, plain, |result, out| named(result, RESULTS, out))
                    })
                })
            }),
            Self::Submods => submodules(raw, out),
            Self::Wrapper => {
                let json = Cmw::of(raw).and_then(|cmw| cmw.to_json()).map_err(|_| wrong)?;
                Ok(write!(out, "{json}")?)
            }
        }
    }
}

fn submodules(raw: &Raw<'_>, out: &mut dyn Write) -> Written {
    let map = Map::new(raw).map_err(|_| Failure::NoForm(raw.offset()))?;
    let mut separator = "{";
    for (name, value) in &map {
        let wrong = || Failure::NoForm(value.offset());
        let name = name.read(Reader::text).map_err(|_| wrong())?;
        write!(out, "{separator}{}:", Quoted(name))?;
        separator = ",";
        match value.data_type() {
            Type::Map => claims(&Claims::of(&value).map_err(|_| wrong())?, out)?,
            Type::Bytes => {
                let token = value.read(Reader::bytes).map_err(|_| wrong())?;
                write!(out, "[\"CBOR\",{}]", Base64Url(token))?;
            }
            Type::Array => {
                out.write_str("[\"DIGEST\",")?;
                plain(&value, out)?;
                out.write_str("]")?;
            }
            Type::Text => {
                // An array in JSON already; anything else must not get in here.
                let text = value.read(Reader::text).map_err(|_| wrong())?;
                let json = Json::decode(text.as_bytes(), &Profile::LENIENT);
                json.ok().filter(|json| json.as_array().is_some()).ok_or_else(wrong)?;
                out.write_str(text)?;
            }
            _ => return Err(wrong()),
        }
    }
    out.write_str(if map.is_empty() { "{}" } else { "}" })?;
    Ok(())
}

/// Writes what JSON has a form of (RFC 8949 6.1): bytes in base64url.
fn plain(raw: &Raw<'_>, out: &mut dyn Write) -> Written {
    let wrong = || Failure::NoForm(raw.offset());
    match raw.data_type() {
        Type::Array => return elements(raw, out, plain),
        Type::Map => return entries(raw, out, |key| key.read(Reader::text).ok()),
        _ => {}
    }
    match raw.read(|reader| reader.item()).map_err(|_| wrong())? {
        Item::Int(number) if number.to_i64().is_some() || number.to_u64().is_some() => {
            write!(out, "{number}")?;
        }
        // The shortest text that reads as this number, and never as an integer.
        Item::Float(number) if number.is_finite() => write!(out, "{number:?}")?,
        Item::Text(text) => write!(out, "{}", Quoted(text))?,
        Item::Bytes(bytes) => write!(out, "{}", Base64Url(bytes))?,
        Item::Bool(value) => write!(out, "{value}")?,
        Item::Null => out.write_str("null")?,
        _ => return Err(wrong()),
    }
    Ok(())
}

fn elements(
    raw: &Raw<'_>,
    out: &mut dyn Write,
    write: fn(&Raw<'_>, &mut dyn Write) -> Written,
) -> Written {
    let array = Array::new(raw).map_err(|_| Failure::NoForm(raw.offset()))?;
    let mut separator = "";
    out.write_str("[")?;
    for element in &array {
        out.write_str(separator)?;
        write(&element, out)?;
        separator = ",";
    }
    Ok(out.write_str("]")?)
}

fn pair(
    raw: &Raw<'_>,
    out: &mut dyn Write,
    first: fn(&Raw<'_>, &mut dyn Write) -> Written,
    second: fn(&Raw<'_>, &mut dyn Write) -> Written,
) -> Written {
    let elements = Array::new(raw).and_then(|array| array.exactly());
    let [one, other] = elements.map_err(|_| Failure::NoForm(raw.offset()))?;
    out.write_str("[")?;
    first(&one, out)?;
    out.write_str(",")?;
    second(&other, out)?;
    Ok(out.write_str("]")?)
}

/// Writes a map whose keys `name` turns into names.
fn entries<'a>(
    raw: &Raw<'a>,
    out: &mut dyn Write,
    name: impl Fn(&Raw<'a>) -> Option<&'a str>,
) -> Written {
    let map = Map::new(raw).map_err(|_| Failure::NoForm(raw.offset()))?;
    let mut separator = "";
    out.write_str("{")?;
    for (key, value) in &map {
        let name = name(&key).ok_or(Failure::NoForm(key.offset()))?;
        write!(out, "{separator}{}:", Quoted(name))?;
        plain(&value, out)?;
        separator = ",";
    }
    Ok(out.write_str("}")?)
}

fn named(raw: &Raw<'_>, names: &[(&str, i64)], out: &mut dyn Write) -> Written {
    let number = raw.read(Reader::int).ok().and_then(cose_ext::cbor::Int::to_i64);
    let found = names.iter().find(|(_, known)| Some(*known) == number);
    let (name, _) = found.ok_or(Failure::NoForm(raw.offset()))?;
    Ok(write!(out, "{}", Quoted(name))?)
}

/// Writes an object identifier with dots; `None` if the bytes are not one.
fn dotted(oid: &[u8], out: &mut dyn Write) -> Option<Written> {
    if oid.last()? & 0x80 != 0 {
        return None;
    }
    let mut arc = 0_u64;
    let mut is_first = true;
    let mut is_new = true;
    let mut written = Ok(());
    let mut emit = |text: fmt::Arguments<'_>| {
        if written.is_ok() {
            written = out.write_fmt(text).map_err(Failure::from);
        }
    };
    emit(format_args!("\""));
    for byte in oid {
        // An arc has no leading zeros.
        if is_new && *byte == 0x80 {
            return None;
        }
        is_new = byte & 0x80 == 0;
        arc = arc.checked_mul(128)?.checked_add(u64::from(byte & 0x7f))?;
        if !is_new {
            continue;
        }
        if is_first {
            let root = arc.checked_div(40)?.min(2);
            emit(format_args!("{root}.{}", arc.checked_sub(root.checked_mul(40)?)?));
            is_first = false;
        } else {
            emit(format_args!(".{arc}"));
        }
        arc = 0;
    }
    emit(format_args!("\""));
    Some(written)
}
