//! HTTP as far as this story needs it: one request for each connection, over a socket.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use teep_msg::http::{ClientRequest, PROTECTIVE_HEADERS, ServerCall, ServerResponse, serve};

/// No message of this story is longer.
const MOST: usize = 1 << 20;

/// What stands before the body, and the body.
struct Received {
    first: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Received {
    fn read(stream: &TcpStream) -> io::Result<Self> {
        let mut reader = BufReader::new(stream.take(MOST as u64));
        let mut first = String::new();
        reader.read_line(&mut first)?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut received = Self { first, headers, body: Vec::new() };
        let len = received.header("content-length").and_then(|len| len.parse().ok());
        let len: usize = len.unwrap_or(0).min(MOST);
        received.body = vec![0; len];
        reader.read_exact(&mut received.body)?;
        Ok(received)
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// Status, media type and body of a response.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// Sends a request to `http://host:port/path`. A TAM in the field is reached over TLS, which is not part of this story.
pub(crate) fn post(uri: &str, request: &ClientRequest<'_>) -> io::Result<Response> {
    let rest = uri.strip_prefix("http://").unwrap_or(uri);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host)?;
    let content_type = request.content_type.map(|it| format!("Content-Type: {it}\r\n"));
    write!(
        stream,
        "{} /{path} HTTP/1.1\r\nHost: {host}\r\nAccept: {}\r\n{}Content-Length: {}\r\nConnection: close\r\n\r\n",
        request.method,
        request.accept,
        content_type.unwrap_or_default(),
        request.body.len(),
    )?;
    stream.write_all(request.body)?;
    let received = Received::read(&stream)?;
    let status = received.first.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok(Response {
        status: status.unwrap_or(0),
        content_type: received.header("content-type").map(str::to_owned),
        body: received.body,
    })
}

/// Answers requests until `answer` says that it is over.
pub(crate) fn listen(
    listener: &TcpListener,
    mut answer: impl FnMut(ServerCall<'_>) -> Option<Vec<u8>>,
) -> io::Result<()> {
    for stream in listener.incoming() {
        let stream = stream?;
        let Ok(request) = Received::read(&stream) else { continue };
        let method = request.first.split(' ').next().unwrap_or_default();
        let (content_type, accept) = (request.header("content-type"), request.header("accept"));
        let message;
        let response = match serve(method, content_type, accept, &request.body) {
            Ok(call) => match answer(call) {
                Some(said) => {
                    message = said;
                    ServerResponse::of(&message)
                }
                None => ServerResponse::failure(),
            },
            Err(response) => response,
        };
        respond(stream, &response)?;
    }
    Ok(())
}

fn respond(mut stream: TcpStream, response: &ServerResponse<'_>) -> io::Result<()> {
    write!(stream, "HTTP/1.1 {} \r\nContent-Length: {}\r\n", response.status, response.body.len())?;
    for (name, value) in PROTECTIVE_HEADERS {
        write!(stream, "{name}: {value}\r\n")?;
    }
    if let Some(content_type) = response.content_type {
        write!(stream, "Content-Type: {content_type}\r\n")?;
    }
    write!(stream, "Connection: close\r\n\r\n")?;
    stream.write_all(response.body)
}
