//! Tokens that are exchanged with libraries of others: `interop_rats make FILE` writes tokens made here with the keys
//! that open them, `interop_rats read FILE` opens what others made in the same form. `ci.sh interop` runs both.

mod make;
mod read;

use std::{error::Error, process::ExitCode};

use serde_json::{Value, json};

/// What may go wrong, for a person to read.
type Trouble = Box<dyn Error>;

/// A token and what should come out of it.
#[derive(Clone, Debug)]
struct Case {
    name: String,
    /// `cwt`, `sign1`, `ear-cwt`, `jwt` or `ear-jwt`.
    kind: String,
    /// A JWT, or hex.
    token: String,
    /// The JWK that opens it.
    key: String,
    /// JSON, or hex.
    claims: String,
    /// Why it is wrong, if it is: nobody may open it.
    wrong: Option<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["make", path] => make::all().and_then(|cases| {
            println!("{} tokens made here", cases.len());
            let cases: Vec<Value> = cases.iter().map(Case::to_json).collect();
            Ok(std::fs::write(path, serde_json::to_string_pretty(&cases)?)?)
        }),
        ["read", path] => read::all(path),
        _ => Err("interop_rats make FILE, or interop_rats read FILE".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

impl Case {
    fn to_json(&self) -> Value {
        json!({
            "name": self.name, "kind": self.kind, "token": self.token, "key": self.key,
            "claims": self.claims, "wrong": self.wrong,
        })
    }

    fn from_json(json: &Value) -> Result<Self, Trouble> {
        let text = |key: &str| {
            let text = json[key].as_str().ok_or_else(|| format!("{json}: no `{key}`"));
            text.map(str::to_owned)
        };
        Ok(Self {
            name: text("name")?,
            kind: text("kind")?,
            token: text("token")?,
            key: text("key")?,
            claims: text("claims")?,
            wrong: json["wrong"].as_str().map(str::to_owned),
        })
    }
}
