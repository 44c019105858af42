//! What a TAM tells logs; feature `tracing`.

use super::{TamEvent, TamOutput};
use crate::trace::{cause, event, number};

const TAM: &str = "teep_msg::tam";

/// Tells what a TAM made of a message of `len` bytes, or of an Attestation Result.
pub(super) fn took(event: &TamEvent<'_>, len: usize) {
    match event {
        TamEvent::Dropped(error) => {
            let (rule, offset) = cause(error);
            event!(warn, TAM, "dropped", len = len, rule = rule, offset = offset, error = %error);
        }
        TamEvent::Evidence { .. } => event!(debug, TAM, "evidence", len = len),
        TamEvent::Checked { .. } => event!(debug, TAM, "query-response", len = len),
        TamEvent::Passport { .. } => event!(info, TAM, "passport affirms", len = len),
        TamEvent::Attested { .. } => event!(info, TAM, "result affirms", len = len),
        TamEvent::Refused { rule, code } => {
            event!(warn, TAM, "not served", len = len, rule = rule.id(), code = number(*code));
        }
        TamEvent::AttestationDemanded { .. } => {
            event!(debug, TAM, "the Agent asks for attestation", len = len);
        }
        TamEvent::Installed { .. } => event!(info, TAM, "success", len = len),
        TamEvent::Failed { code, .. } => {
            event!(warn, TAM, "the Agent fails", len = len, code = number(*code));
        }
    }
}

/// Tells what a TAM has to do next.
pub(super) fn due(output: &TamOutput<'_>) {
    match output {
        TamOutput::Random { len } => event!(debug, TAM, "random bytes due", len = *len),
        TamOutput::Sign(_) => event!(debug, TAM, "message due"),
        TamOutput::Attest(_) => event!(debug, TAM, "query-request with a payload due"),
        TamOutput::Update(_) => event!(debug, TAM, "update due"),
        TamOutput::Idle => {}
    }
}

/// Tells how many requests were not answered in time.
pub(super) fn expired(count: usize) {
    if count > 0 {
        event!(info, TAM, "requests expired", count = count);
    }
}
