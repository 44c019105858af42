//! Writing.

use core::fmt;

use super::{Json, Quoted};

/// Writes the value again, without blanks; members in the order in which they came.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            // The shortest text that reads as this number, and never as an integer.
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Text(text) => write!(f, "{}", Quoted(text)),
            Self::Array(values) => {
                f.write_str("[")?;
                for (index, value) in values.iter().enumerate() {
                    let separator = if index > 0 { "," } else { "" };
                    write!(f, "{separator}{value}")?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    let separator = if index > 0 { "," } else { "" };
                    write!(f, "{separator}{}:{value}", Quoted(name))?;
                }
                f.write_str("}")
            }
        }
    }
}
