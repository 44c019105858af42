//! What a receiver of a scripted message did, beside what its step allows.

use serde_json::Value;

/// What a receiver did.
#[derive(Debug, PartialEq)]
pub(crate) enum Reaction {
    Accept,
    Drop,
    Answer { message: String, code: Option<u64> },
}

impl Reaction {
    /// Whether it is what a step allows.
    pub(crate) fn is(&self, allowed: &Value) -> bool {
        match self {
            Self::Accept => allowed["action"] == "accept",
            Self::Drop => allowed["action"] == "drop",
            Self::Answer { message, code } => {
                let is_code = match &allowed["err_code"] {
                    Value::Number(number) => number.as_u64() == *code,
                    Value::String(_) => code.is_some(),
                    _ => true,
                };
                allowed["action"] == "answer" && allowed["answer"] == **message && is_code
            }
        }
    }
}
