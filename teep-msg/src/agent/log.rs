//! What an Agent tells logs; feature `tracing`.

use super::{AgentEvent, AgentOutput, UpdateOutcome};
use crate::{
    Error,
    trace::{cause, event, number},
};

const AGENT: &str = "teep_msg::agent";

/// Tells what an Agent made of a message of `len` bytes, or of a result about its TAM.
pub(super) fn took(event: &AgentEvent<'_>, len: usize) {
    match event {
        AgentEvent::Refused(error) => refused(error, len),
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
pub(super) fn refused(error: &Error, len: usize) {
    let (rule, offset) = cause(error);
    event!(warn, AGENT, "refused", len = len, rule = rule, offset = offset, error = %error);
}

/// Tells how an Update ended.
pub(super) fn finished(outcome: UpdateOutcome) {
    match outcome {
        UpdateOutcome::Done => event!(info, AGENT, "update done"),
        UpdateOutcome::Failed(code) => {
            event!(warn, AGENT, "update failed", code = number(code));
        }
    }
}

/// Tells that the transport failed.
pub(super) fn lost() {
    event!(warn, AGENT, "transport failed");
}

/// Tells what an Agent has to do next.
pub(super) fn due(output: &AgentOutput<'_>) {
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
