//! `docs/differences.json`: where this crate and coset part, and why.

use std::path::Path;
use std::sync::LazyLock;

use cose_ext::coset::IntoCosetError;
use coset::{CborSerializable, CoseError};

use crate::beside::Theirs;

/// Who reads what the other does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// coset alone: refused here, by the rule that is named.
    Stricter,
    /// This crate alone: coset does not read or hold it.
    Wider,
    /// Both, with another meaning.
    Meaning,
}

pub struct Listed(Vec<(Side, String)>);

pub static LISTED: LazyLock<Listed> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/differences.json");
    let lines: Vec<serde_json::Value> =
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let read = |line: &serde_json::Value| {
        let text = |key: &str| {
            let text = line[key].as_str().unwrap_or_else(|| panic!("{line}: no `{key}`"));
            assert!(!text.trim().is_empty(), "{line}: `{key}` is empty");
            text.to_owned()
        };
        let side = match text("side").as_str() {
            "stricter" => Side::Stricter,
            "wider" => Side::Wider,
            "meaning" => Side::Meaning,
            other => panic!("{other}"),
        };
        text("why");
        (text("beside") == "coset").then(|| (side, text("what")))
    };
    Listed(lines.iter().filter_map(read).collect())
});

impl Listed {
    pub fn find(&self, side: Side, what: &str) -> bool {
        self.0.iter().any(|(listed, name)| *listed == side && name == what)
    }

    pub fn on(&self, side: Side) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(listed, _)| *listed == side).map(|(_, what)| what.as_str())
    }
}

/// The name of what coset does not hold.
pub fn reason_not_held(error: &IntoCosetError) -> String {
    match error {
        IntoCosetError::Malformed(_) => "Malformed".into(),
        IntoCosetError::Unregistered { registry, .. } => format!("Unregistered {registry:?}"),
        other => {
            let debug = format!("{other:?}");
            debug.split_whitespace().next().unwrap_or_default().to_owned()
        }
    }
}

/// The name of what coset holds and does not read.
pub fn reason_not_read(error: &CoseError, held: &Theirs) -> String {
    match error {
        // Of a signature coset says only that it is none.
        CoseError::UnexpectedItem("non-signature", _) => {
            let Theirs::Sign(held) = held else { panic!("{error}") };
            let each = held.signatures.iter().map(|signature| signature.clone().to_vec().unwrap());
            let refused =
                each.filter_map(|one| coset::CoseSignature::from_slice(&one).err()).next();
            refused.map_or_else(
                || error.to_string(),
                |error| reason_not_read(&error, &Theirs::Sign(held.clone())),
            )
        }
        CoseError::UnexpectedItem(found, wanted) => format!("{found}, not {wanted}"),
        CoseError::DecodeFailed(_) => "DecodeFailed".into(),
        other => format!("{other}"),
    }
}
