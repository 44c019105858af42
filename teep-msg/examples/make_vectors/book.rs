//! The files that are made, and what `cases.json` says of each.

use std::collections::BTreeMap;

use cose_ext::{Authenticated, Profile};
use serde_json::{Value, json};
use teep_msg::{Message, Numbering};

use crate::{
    decoded::{Object, of_cose, of_headers, of_message, sha256},
    parties::Party,
};

/// An age of the protocol: its numbering, and the text that a case follows.
#[derive(Clone, Copy)]
pub(crate) struct Age {
    pub(crate) numbering: Numbering,
    pub(crate) tag: &'static str,
    pub(crate) spec: &'static str,
}

impl Age {
    pub(crate) const NEW: Self = Self {
        numbering: Numbering::Iana,
        tag: "26",
        spec: "draft-ietf-teep-protocol-26 numbering (IANA registries)",
    };
    pub(crate) const OLD: Self =
        Self { numbering: Numbering::Draft25, tag: "25", spec: "draft-ietf-teep-protocol-21" };

    pub(crate) fn is_older(self) -> bool {
        self.numbering == Numbering::Draft25
    }
}

#[derive(Default)]
pub(crate) struct Book {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) cases: Vec<Value>,
}

/// What is said of a case besides what its bytes say.
pub(crate) struct Said<'s> {
    pub(crate) name: String,
    pub(crate) why: &'s str,
    /// The rule that an invalid case breaks; `None` for a valid one.
    pub(crate) broken: Option<&'s str>,
    pub(crate) facts: Value,
}

impl<'s> Said<'s> {
    pub(crate) fn valid(name: impl Into<String>, why: &'s str) -> Self {
        Self { name: name.into(), why, broken: None, facts: json!({}) }
    }

    pub(crate) fn broken(name: impl Into<String>, rule: &'s str, why: &'s str) -> Self {
        Self { broken: Some(rule), ..Self::valid(name, why) }
    }

    pub(crate) fn with(mut self, facts: Value) -> Self {
        self.facts = facts;
        self
    }
}

impl Book {
    /// A message without COSE around it.
    pub(crate) fn bare(&mut self, age: Age, said: Said<'_>, bytes: Vec<u8>) {
        let mut facts = Object::new();
        if said.broken.is_none() {
            facts = payload_facts(&bytes, age);
        }
        self.add(age, "teep-message", said, facts, bytes, &[]);
    }

    /// A signed message; `keys` are those that are given to the receiver, `good` the names of those that sign it.
    pub(crate) fn signed(
        &mut self,
        age: Age,
        said: Said<'_>,
        bytes: Vec<u8>,
        keys: &[&Party],
        good: &[&Party],
    ) {
        let names = |good: &[&Party]| good.iter().map(|key| key.name).collect::<Vec<_>>();
        let mut facts = Object::new();
        let mut kind = "cose-sign1-teep";
        if let Ok(cose) = Authenticated::decode_tagged(&bytes, &Profile::LENIENT) {
            facts = of_cose(&cose, &Value::Null);
            if let Authenticated::Sign(sign) = &cose {
                kind = "cose-sign-teep";
                let signatures = sign.signatures().iter();
                let signers = signatures.zip(good).map(|(one, key)| {
                    let mut signer = of_headers(one.headers(), &Value::Null);
                    signer.insert("verifies_with".into(), names(&[key]).into());
                    Value::Object(signer)
                });
                facts.insert("signers".into(), signers.collect());
                facts.remove("protected");
                facts.remove("unprotected");
            }
            facts.insert("verifies_with".into(), names(good).into());
            if let (None, Some(payload)) = (said.broken, cose.danger_unverified_payload()) {
                facts.insert("payload".into(), payload_facts(payload, age).into());
            }
        }
        self.add(age, kind, said, facts, bytes, keys);
    }

    pub(crate) fn add(
        &mut self,
        age: Age,
        kind: &str,
        said: Said<'_>,
        mut facts: Object,
        bytes: Vec<u8>,
        keys: &[&Party],
    ) {
        facts.insert("length".into(), bytes.len().into());
        facts.insert("sha256".into(), sha256(&bytes).into());
        let numbering = crate::decoded::numbering_text(age.numbering);
        facts.insert("numbering".into(), numbering.into());
        if let Some(rule) = said.broken {
            facts.insert("rule".into(), rule.into());
        }
        facts.extend(said.facts.as_object().cloned().unwrap_or_default());
        let extension = if kind == "session" { "json" } else { "cbor" };
        let file = format!("{}.{extension}", said.name);
        self.cases.push(json!({
            "name": said.name, "file": file, "kind": kind, "spec": age.spec,
            "keys": keys.iter().map(|key| key.path()).collect::<Vec<_>>(),
            "expect": if said.broken.is_some() { "invalid" } else { "valid" },
            "why": said.why, "facts": facts,
        }));
        self.files.insert(file, bytes);
    }
}

/// What the vectors of others say of a message.
fn payload_facts(payload: &[u8], age: Age) -> Object {
    let message = Message::decode(payload, age.numbering, &Profile::LENIENT).unwrap();
    let mut facts = of_message(&message, &Value::Null);
    for key in ["elements", "array_len", "rest", "cipher_suites", "sha256"] {
        facts.remove(key);
    }
    facts
}
