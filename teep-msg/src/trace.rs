//! Events for logs: what the machines took, refused and have to send; feature `tracing`.
//!
//! An event has names, rules, codes, lengths and offsets. It never has a part of a message, of
//! Evidence, of a result, a token, a challenge, a random number, a key or a thumbprint, whatever
//! the level. Steps are `DEBUG`, outcomes `INFO`, what was refused is `WARN`. The targets are
//! `teep_msg::agent` and `teep_msg::tam`.

use tracing::{debug, info, warn};

use crate::{
    AgentEvent, AgentOutput, Error, ErrorCode, Numbering, TamEvent, TamOutput, UpdateOutcome,
};

/// Writes one event of a machine: a level, the target, what happened, and fields.
macro_rules! event {
    ($level:ident, $target:expr, $what:expr $(, $($fields:tt)*)?) => {
        $level!(target: $target, what = $what $(, $($fields)*)?)
    };
}

const AGENT: &str = "teep_msg::agent";
const TAM: &str = "teep_msg::tam";

/// The identifier of the rule that was enforced, and the offset where bytes are to blame.
fn cause(error: &Error) -> (Option<&'static str>, Option<u64>) {
    let offset = error.offset().and_then(|offset| u64::try_from(offset).ok());
    (error.rule().map(|rule| rule.id), offset)
}

/// A code as the registry of IANA has it, whatever numbering the session speaks.
fn number(code: ErrorCode) -> u64 {
    code.to_wire(Numbering::Iana)
}

/// Tells what an Agent made of a message of `len` bytes, or of a result about its TAM.
pub(crate) fn agent_took(event: &AgentEvent<'_>, len: usize) {
    match event {
        AgentEvent::Refused(error) => agent_refused(error, len),
        AgentEvent::Query { items, .. } => {
            event!(debug, AGENT, "query-request", len = len, items = items.bits());
        }
        AgentEvent::TamEvidence { .. } => event!(debug, AGENT, "evidence of the TAM", len = len),
        AgentEvent::TamAttested { items } => {
            event!(info, AGENT, "the TAM is attested", items = items.bits());
        }
        AgentEvent::Update(order) => {
            event!(info, AGENT, "update", len = len, steps = order.steps().count());
        }
        AgentEvent::TamFailed { code, .. } => {
            event!(warn, AGENT, "the TAM fails", len = len, code = number(*code));
        }
        AgentEvent::ResultPassedBack { .. } => {
            event!(debug, AGENT, "result passed back", len = len);
        }
        AgentEvent::Nothing => event!(debug, AGENT, "nothing asked for", len = len),
    }
}

/// Tells why an Agent refused a message, or a result about its TAM.
pub(crate) fn agent_refused(error: &Error, len: usize) {
    let (rule, offset) = cause(error);
    event!(warn, AGENT, "refused", len = len, rule = rule, offset = offset, error = %error);
}

/// Tells how an Update ended.
pub(crate) fn agent_finished(outcome: UpdateOutcome) {
    match outcome {
        UpdateOutcome::Done => event!(info, AGENT, "update done"),
        UpdateOutcome::Failed(code) => {
            event!(warn, AGENT, "update failed", code = number(code));
        }
    }
}

/// Tells that the transport failed.
pub(crate) fn agent_lost() {
    event!(warn, AGENT, "transport failed");
}

/// Tells what an Agent has to do next.
pub(crate) fn agent_due(output: &AgentOutput<'_>) {
    match output {
        AgentOutput::Random { len } => event!(debug, AGENT, "random bytes due", len = *len),
        AgentOutput::Respond(form) => {
            event!(debug, AGENT, "query-response due", items = form.items().bits());
        }
        AgentOutput::Report(_) => event!(debug, AGENT, "report due"),
        AgentOutput::Sign(_) => event!(debug, AGENT, "error due"),
        AgentOutput::Idle => {}
    }
}

/// Tells what a TAM made of a message of `len` bytes, or of an Attestation Result.
pub(crate) fn tam_took(event: &TamEvent<'_>, len: usize) {
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
pub(crate) fn tam_due(output: &TamOutput<'_>) {
    match output {
        TamOutput::Random { len } => event!(debug, TAM, "random bytes due", len = *len),
        TamOutput::Sign(_) => event!(debug, TAM, "message due"),
        TamOutput::Attest(_) => event!(debug, TAM, "query-request with a payload due"),
        TamOutput::Update(_) => event!(debug, TAM, "update due"),
        TamOutput::Idle => {}
    }
}

/// Tells how many requests were not answered in time.
pub(crate) fn tam_expired(count: usize) {
    if count > 0 {
        event!(info, TAM, "requests expired", count = count);
    }
}
