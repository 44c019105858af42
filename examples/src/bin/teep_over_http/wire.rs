//! HTTP: an axum server on the side of the TAM, ureq on the side of the broker. What either says and makes of the other stands in
//! [`teep_msg::http`]; here it is only carried.

use std::io::Read;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Response, header},
};
use teep_msg::http::{ClientRequest, PROTECTIVE_HEADERS, ServerResponse, serve};

use super::{Outcome, server::Front};

/// No message of this story is longer.
const MOST: u64 = 1 << 20;

/// Status, media type and body of a response.
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// Sends a request. Redirects are not followed and nobody keeps cookies. A TAM in the field is reached over TLS, which is
/// not part of this story.
pub(crate) fn post(uri: &str, request: &ClientRequest<'_>) -> Outcome<Received> {
    let config = ureq::Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)));
    let agent = ureq::Agent::from(config.build());
    let mut sent = agent.post(uri).header("Accept", request.accept);
    if let Some(content_type) = request.content_type {
        sent = sent.header("Content-Type", content_type);
    }
    let response = match request.body {
        [] => sent.send_empty()?,
        body => sent.send(body)?,
    };
    let content_type = response.headers().get(header::CONTENT_TYPE.as_str());
    let content_type = content_type.and_then(|it| it.to_str().ok()).map(str::to_owned);
    let status = response.status().as_u16();
    let mut body = Vec::new();
    response.into_body().into_reader().take(MOST).read_to_end(&mut body)?;
    Ok(Received { status, content_type, body })
}

/// Answers requests from now on.
pub(crate) fn listen(listener: TcpListener, front: Arc<Front>) -> Outcome<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        // Every method comes here: the answer to a wrong one is the binding's, too.
        axum::serve(listener, Router::new().fallback(answer).with_state(front)).await
    })?;
    Ok(())
}

async fn answer(
    State(front): State<Arc<Front>>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (content_type, accept) = (text(header::CONTENT_TYPE), text(header::ACCEPT));
    let message;
    let response = match serve(method.as_str(), content_type, accept, &body) {
        Ok(call) => match front.answer(call) {
            Ok(said) => {
                message = said;
                ServerResponse::of(&message)
            }
            Err(error) => {
                println!("  TAM: {error}");
                ServerResponse::failure()
            }
        },
        Err(response) => response,
    };
    let mut built = Response::builder().status(response.status);
    for (name, value) in PROTECTIVE_HEADERS {
        built = built.header(name, value);
    }
    if let Some(content_type) = response.content_type {
        built = built.header(header::CONTENT_TYPE, content_type);
    }
    built.body(Body::from(response.body.to_vec())).unwrap_or_default()
}
